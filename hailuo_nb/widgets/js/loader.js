// Which cards hold a decoder: those near the window, those in sight first, and never more than a browser can take.
// Knows elements that can load and unload; not what they show.

/** Clips are fetched when they come this near to the window. */
const NEAR = "600px";
/** Videos that hold a decoder at once. */
export const MOST = 24;

/** @typedef {{el: Element, loaded: boolean, wanted: boolean, load: () => void, unload: () => void}} Loadable */

export class Loader {
  /** @param {AbortSignal} signal @param {number} [most] */
  constructor(signal, most = MOST) {
    this.most = most;
    /** @type {Map<Element, Loadable>} */
    this.items = new Map();
    /** @type {Set<Element>} */
    this.near = new Set();
    /** @type {Set<Element>} */
    this.seen = new Set();
    // rootMargin does not reach through JupyterLab's scrolling panel, scrollMargin does where the browser has it.
    const margin = /** @type {IntersectionObserverInit} */ ({ rootMargin: NEAR, scrollMargin: NEAR });
    this.observers = [this.observe(this.near, margin), this.observe(this.seen, {})];
    signal.addEventListener("abort", () => this.observers.forEach((observer) => observer.disconnect()));
  }

  /** @param {Set<Element>} set @param {IntersectionObserverInit} options */
  observe(set, options) {
    return new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) set.add(target);
        else set.delete(target);
      }
      this.settle();
    }, options);
  }

  /** @param {Loadable} item */
  watch(item) {
    if (this.items.has(item.el)) return;
    this.items.set(item.el, item);
    for (const observer of this.observers) observer.observe(item.el);
  }

  /** @param {Loadable} item */
  forget(item) {
    this.items.delete(item.el);
    this.near.delete(item.el);
    this.seen.delete(item.el);
    for (const observer of this.observers) observer.unobserve(item.el);
    this.settle();
  }

  /** Give decoders to those that need them most. */
  settle() {
    const rank = (/** @type {Loadable} */ { el }) => (this.seen.has(el) ? 2 : this.near.has(el) ? 1 : 0);
    const wanting = [...this.items.values()].filter((item) => item.wanted && !item.loaded && rank(item) > 0);
    wanting.sort((a, b) => rank(b) - rank(a));
    const holding = [...this.items.values()].filter((item) => item.loaded).sort((a, b) => rank(a) - rank(b));
    let free = this.most - holding.length;
    for (const item of wanting) {
      if (free <= 0) {
        const victim = holding[0];
        if (!victim || rank(victim) >= rank(item)) return;
        holding.shift();
        victim.unload();
        free += 1;
      }
      item.load();
      free -= 1;
    }
  }
}
