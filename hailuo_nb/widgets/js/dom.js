// Small helpers over the DOM: make, change and fill elements in place.

/** @typedef {string | Node | null | undefined | false} Child */
/** @typedef {Child | Child[]} Children */

/**
 * An HTML element. Its classes stand behind the tag without the "hn-" that all of ours begin with:
 * `h("p.hint", text)` makes <p class="hn-hint">. The properties may be left out; see `set` for
 * them.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K | `${K}.${string}`} tag
 * @param {...(Children | Record<string, any>)} rest
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, ...rest) {
  const [name = "", ...classes] = tag.split(".");
  const el = document.createElement(name);
  if (name === "button") el.setAttribute("type", "button");
  return /** @type {HTMLElementTagNameMap[K]} */ (furnish(el, classes, rest));
}

/** The same for a drawing. @param {string} tag @param {...(Children | Record<string, any>)} rest */
export function svg(tag, ...rest) {
  const [name = "", ...classes] = tag.split(".");
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), classes, rest);
}

/**
 * @template {Element} E
 * @param {E} el
 * @param {string[]} classes
 * @param {any[]} rest
 * @returns {E}
 */
function furnish(el, classes, rest) {
  for (const name of classes) el.classList.add(`hn-${name}`);
  if (rest[0]?.constructor === Object) set(el, rest.shift());
  el.append(...there(rest));
  return el;
}

/** @param {Children[]} children */
const there = (children) =>
  /** @type {(string | Node)[]} */ (children.flat().filter((child) => child || child === ""));

/**
 * A button with looks of the style sheet: `button(".small.quiet", t("…"), () => …)`.
 * @param {string} looks @param {Child} face @param {((event: any) => void) | null} onclick
 * @param {Record<string, any>} [props]
 */
export function button(looks, face, onclick, props = {}) {
  return h(`button.button${looks}`, { ...props, onclick }, face);
}

/** A picture beside words, or in a button that has a name. @param {string} name */
export const icon = (name) => h("span.icon", { "data-icon": name, "aria-hidden": true });

/**
 * Attributes, written only where they differ. `true` is an empty one ("true" for aria-*), `false`
 * ("false" for aria-*), `null` and `undefined` take it away. `label` is the aria-label; a function
 * under `onclick` and the like is a listener.
 * @param {Element} el @param {Record<string, any>} props
 */
export function set(el, props) {
  for (const [name, value] of Object.entries(props)) {
    const key = name === "label" ? "aria-label" : name;
    const text =
      typeof value === "boolean" && !key.startsWith("aria-") ? (value ? "" : null) : value;
    if (typeof text === "function") on(el, key.slice(2), text);
    else if (text == null) el.removeAttribute(key);
    else if (el.getAttribute(key) !== String(text)) el.setAttribute(key, text);
  }
}

/**
 * Listen to one event or several ("dragenter dragover").
 * @param {EventTarget} target @param {string} types @param {(event: any) => void} listener
 * @param {AddEventListenerOptions} [settings]
 */
export function on(target, types, listener, settings) {
  for (const type of types.split(" ")) target.addEventListener(type, listener, settings);
}

/** Nobody else hears of it: neither the browser nor JupyterLab. @param {Event} event */
export function consume(event) {
  event.preventDefault();
  event.stopPropagation();
}

/**
 * Write a text only where it differs: a live region must not speak twice.
 * @param {Node} el
 * @param {string} text
 */
export function setText(el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/** Text, and out of sight when there is none. @param {HTMLElement} el @param {string} text */
export function showText(el, text) {
  setText(el, text);
  el.hidden = text === "";
}

/** @param {Element} el @param {...Children} children */
export function replace(el, ...children) {
  el.replaceChildren(...there(children));
}

/**
 * What there is of these, on one line.
 * @param {(string | number | false | null | undefined)[]} parts
 */
export const dotted = (...parts) => parts.filter(Boolean).join(" · ");

/** The head of a column. @param {Child} child */
export const column = (child) => h("th", { scope: "col" }, child);

/** @type {WeakMap<Element, string>} */
const filled = new WeakMap();

/**
 * Fill an element again only where what it shows has changed, so that its content keeps the focus.
 * @param {Element} el @param {unknown} shown  plain data @param {() => Children[]} make
 */
export function refill(el, shown, make) {
  const key = JSON.stringify(shown);
  if (filled.get(el) === key) return;
  filled.set(el, key);
  replace(el, ...make());
}

/** What has the focus in the page, or in the shadow root that an element is in. @param {Element} el */
export const focusedBeside = (el) =>
  /** @type {Document | ShadowRoot} */ (el.getRootNode()).activeElement;

/** Whether this element has the focus. @param {Element} el */
export const hasFocus = (el) => focusedBeside(el) === el;

let counter = 0;

/**
 * An id for aria-labelledby and the like; a counter, as crypto.randomUUID needs https.
 * @param {string} name
 */
export function uniqueId(name) {
  counter += 1;
  return `hn-${name}-${counter}-${Math.floor(Math.random() * 1e9).toString(36)}`;
}

/**
 * What a page has once: each widget brings these modules anew, so that no variable of theirs does.
 * @template T
 * @param {string} name @param {() => T} make @returns {T}
 */
export function pageWide(name, make) {
  const page = /** @type {Record<symbol, any>} */ (globalThis);
  const key = Symbol.for(`hailuo_nb.${name}`);
  page[key] ??= make();
  return page[key];
}

/** @returns {boolean} */
export function prefersReducedMotion() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}
