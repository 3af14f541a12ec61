// Small helpers over the DOM: make, update in place, keep a list in step. Knows nothing of clips, prompts or the kernel.

/** @typedef {string | Node | null | undefined | false} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element, its classes behind the tag: `h("button.hn-button.hn-small")`. `on` holds listeners, `data` the data-* attributes; `true` sets an empty attribute and
 * `false`, `null` and `undefined` leave it out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K | `${K}.${string}`} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const [name = "", ...classes] = tag.split(".");
  const el = /** @type {HTMLElementTagNameMap[K]} */ (document.createElement(name));
  if (name === "button") el.setAttribute("type", "button");
  if (classes.length) el.className = classes.join(" ");
  assign(el, props);
  el.append(...children.filter(isChild));
  return el;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, props = {}, ...children) {
  const el = document.createElementNS(SVG, tag);
  assign(el, props);
  el.append(...children.filter(isChild));
  return el;
}

/** @param {Child} child @returns {child is string | Node} */
function isChild(child) {
  return child !== null && child !== undefined && child !== false;
}

/** @param {Element} el @param {Record<string, any>} props */
function assign(el, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) el.addEventListener(type, listener);
    } else if (name === "data") {
      for (const [key, text] of Object.entries(value)) el.setAttribute(`data-${key}`, String(text));
    } else {
      setAttribute(el, name, value);
    }
  }
}

/** @param {Element} el @param {string} name @param {unknown} value */
export function setAttribute(el, name, value) {
  if (value === false || value === null || value === undefined) {
    if (el.hasAttribute(name)) el.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (el.getAttribute(name) !== text) el.setAttribute(name, text);
}

/** Write a text only where it differs: a live region must not speak twice. @param {Node} el @param {string} text */
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/** Text, and out of sight when there is none. @param {HTMLElement} el @param {string} text */
export function showText(el, text) {
  setText(el, text);
  el.hidden = text === "";
}

/** @param {HTMLElement} el @param {...Child} children */
export function replace(el, ...children) {
  el.replaceChildren(...children.filter(isChild));
}

/**
 * A part of the page that stands for one item and is updated in place.
 * @template T
 * @typedef {{el: Element, update: (item: T) => void, remove?: () => void}} Part
 */

/**
 * Keep the children of `parent` in step with `items`. A part that stays in its order is not moved:
 * a video that is taken out of the page and put back stops playing.
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Part<T>} create
 * @param {Map<string, Part<T>>} parts
 */
export function reconcile(parent, items, keyOf, create, parts) {
  const wanted = new Set(items.map(keyOf));
  for (const [key, part] of parts) {
    if (wanted.has(key)) continue;
    part.remove?.();
    part.el.remove();
    parts.delete(key);
  }
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let part = parts.get(key);
    if (!part) {
      part = create(item);
      parts.set(key, part);
    }
    if (part.el === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(part.el, cursor);
    part.update(item);
  }
}

let counter = 0;

/** An id for aria-labelledby and the like; a counter, as crypto.randomUUID needs https. @param {string} name */
export function uniqueId(name) {
  counter += 1;
  return `hn-${name}-${counter}-${Math.floor(Math.random() * 1e9).toString(36)}`;
}

/** @returns {boolean} */
export function prefersReducedMotion() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}
