// Small helpers for elements that stand outside of the virtual DOM, and for a page as a whole.

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
 * Text, and out of sight when there is none; written only where it differs, as a live region must not
 * speak twice.
 * @param {HTMLElement} el @param {string} text
 */
export function showText(el, text) {
  if (el.textContent !== text) el.textContent = text;
  el.hidden = text === "";
}

/**
 * What there is of these, on one line.
 * @param {(string | number | false | null | undefined)[]} parts
 */
export const dotted = (...parts) => parts.filter(Boolean).join(" · ");

/** What has the focus in the page, or in the shadow root that an element is in. @param {Element} el */
export const focusedBeside = (el) =>
  /** @type {Document | ShadowRoot} */ (el.getRootNode()).activeElement;

/** The value of an attribute that is there or is not. @param {unknown} there */
export const flag = (there) => (there ? "" : undefined);

/**
 * An element that a part outside of the virtual DOM makes itself.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} className @returns {HTMLElementTagNameMap[Tag]}
 */
export const element = (tag, className) =>
  Object.assign(document.createElement(tag), { className });

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
