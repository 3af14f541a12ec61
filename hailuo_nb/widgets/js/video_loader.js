// Decides which cards hold a decoder: the nearest to the window, and never more than a browser can
// take. No IntersectionObserver: its margins do not reach through JupyterLab's panels, which
// contain their paint (measured).

import { on } from "./dom.js";

/** Clips are fetched when they come this near to the window. Pixels. */
const NEAR = 600;
/** Videos that hold a decoder at once. */
export const MAX_DECODERS = 24;
/**
 * Milliseconds without scrolling after which clips are exchanged: until then posters go by (twice
 * as smooth, measured).
 */
const REST = 120;

/**
 * @typedef {{el: Element, loaded: boolean, wanted: boolean, load: () => void, unload: () => void}}
 *   Loadable
 */

export class Loader {
  /** @param {AbortSignal} signal @param {number} [most] */
  constructor(signal, most = MAX_DECODERS) {
    this.most = most;
    /** @type {Set<Loadable>} */
    this.items = new Set();
    this.frame = 0;
    const options = { capture: true, passive: true, signal };
    let rest = 0;
    const moved = () => {
      clearTimeout(rest);
      rest = setTimeout(() => this.settle(), REST);
    };
    for (const type of ["scroll", "resize"]) on(window, type, moved, options);
    on(signal, "abort", () => {
      clearTimeout(rest);
      cancelAnimationFrame(this.frame);
    });
  }

  /** Look again before the next picture. */
  settle() {
    if (!this.frame)
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.share();
      });
  }

  /** Give decoders to those that need them most. */
  share() {
    const all = [...this.items]
      .map((item) => ({ item, far: distance(item.el) }))
      .sort((a, b) => a.far - b.far);
    const wanting = all.filter(({ item, far }) => item.wanted && !item.loaded && far < NEAR);
    const holding = all.filter(({ item }) => item.loaded);
    let free = this.most - holding.length;
    for (const { item, far } of wanting) {
      if (free <= 0) {
        const victim = holding.pop();
        if (!victim || victim.far <= far) return;
        victim.item.unload();
        free += 1;
      }
      item.load();
      free -= 1;
    }
  }
}

/**
 * Pixels between an element and the window: 0 in sight, endless where it is not shown.
 * @param {Element} el
 */
function distance(el) {
  const { top, bottom, left, right, width } = el.getBoundingClientRect();
  if (width === 0) return Infinity;
  return Math.max(0, top - innerHeight, -bottom, left - innerWidth, -right);
}
