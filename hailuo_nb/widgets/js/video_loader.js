// Decides for a whole page, whatever boards are on it, what is built and which clips hold a
// decoder: the nearest to the window, and never more than a browser can take. No
// IntersectionObserver: its margins do not reach through JupyterLab's panels, which contain their
// paint (measured).

import { on, pageWide } from "./dom.js";

/** A card or line is built when it comes this near to the window. Pixels. */
const BUILD = 300;
/** And is a name again when it is as far as that: more than `BUILD`, or it would come and go. */
const RELEASE = 500;
/** Clips are loaded when they come this near; those in sight entirely. Pixels. */
const NEAR = 600;
/** Videos that hold a decoder at once. */
export const MAX_DECODERS = 24;
/**
 * Milliseconds without scrolling after which clips are exchanged: until then posters go by (twice
 * as smooth, measured).
 */
const REST = 120;

/**
 * What is whole only near the window. `build` and `release` (which may decline) turn `built`;
 * `load` and `unload` turn `loaded`, whether it holds a decoder; `wanted`: it has a clip to show.
 * @typedef {object} Loadable
 * @property {Element} el
 * @property {boolean} [built]
 * @property {() => void} [build]
 * @property {() => void} [release]
 * @property {boolean} wanted
 * @property {boolean} loaded
 * @property {HTMLVideoElement | null} [video]
 * @property {() => void} load
 * @property {() => void} unload
 */

export class Loader {
  /** @param {number} [most] @param {(el: Element) => number} [measure]  pixels to the window */
  constructor(most = MAX_DECODERS, measure = distance) {
    this.most = most;
    this.measure = measure;
    /** @type {Set<Loadable>} */
    this.items = new Set();
    this.frame = 0;
    this.rest = 0;
  }

  /** Somebody scrolls: what comes near is built at once, its clip is loaded at rest. */
  moved() {
    clearTimeout(this.rest);
    this.rest = Number(setTimeout(() => this.share(), REST));
    this.settle(() => this.build());
  }

  /** Look again before the next picture. @param {() => void} [look] */
  settle(look = () => this.share()) {
    if (!this.frame)
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        look();
      });
  }

  /**
   * All that is there, the nearest first. What is near is built, and in any case as many cards as
   * may hold a decoder: all of a small board.
   * @param {number} [near]  pixels
   */
  build(near = BUILD) {
    const all = [...this.items]
      .map((item) => ({ item, far: this.measure(item.el) }))
      .sort((a, b) => a.far - b.far);
    for (const [index, { item, far }] of all.entries()) {
      const some = index < this.most && far < Infinity && item.video !== undefined;
      const wanted = far < near || some;
      if (item.built === false && wanted) item.build?.();
      // What is out of sight keeps the clip that it has.
      else if (item.built && !wanted && (far === Infinity ? !item.loaded : far > RELEASE))
        item.release?.();
    }
    return all;
  }

  /** Give decoders to those that need them most. */
  share() {
    const all = this.build();
    const wanting = all.filter(({ item, far }) => item.wanted && !item.loaded && far < NEAR);
    const holding = all.filter(({ item }) => item.loaded);
    let free = this.most - holding.length;
    for (const { item, far } of wanting) {
      if (free <= 0) {
        const victim = holding.pop();
        if (!victim || victim.far <= far) break;
        victim.item.unload();
        free += 1;
      }
      item.load();
      free -= 1;
    }
    for (const { item, far } of all)
      if (item.loaded && far === 0 && item.video) item.video.preload = "auto";
  }
}

/** The one of this page. */
export const pageLoader = () =>
  pageWide("loader", () => {
    const loader = new Loader();
    on(window, "scroll resize", () => loader.moved(), { capture: true, passive: true });
    on(window, "beforeprint", () => loader.build(Infinity));
    return loader;
  });

/**
 * Pixels between an element and the window: 0 in sight, endless where it is not shown.
 * @param {Element} el
 */
function distance(el) {
  const { top, bottom, left, right, width } = el.getBoundingClientRect();
  if (width === 0) return Infinity;
  return Math.max(0, top - innerHeight, -bottom, left - innerWidth, -right);
}
