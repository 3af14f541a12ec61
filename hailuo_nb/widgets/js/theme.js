// Whether the host is dark, by the colours that it computes: the one thing that every host has, seen
// through shadow roots, where no selector of a style sheet reaches.

import { on } from "./dom.js";

/** @param {HTMLElement} root  what a widget is in @param {AbortSignal} signal */
export function followTheme(root, signal) {
  const look = () => {
    root.dataset.scheme = isDark(root) ? "dark" : "light";
  };
  const looks = () => {
    look();
    setTimeout(look, 500); // a host may load its colours after it has said that they change
  };
  const watch = new MutationObserver(looks);
  const { documentElement, body } = document;
  for (const el of [documentElement, body]) watch.observe(el, { attributes: true });
  on(matchMedia("(prefers-color-scheme: dark)"), "change", looks, { signal });
  on(signal, "abort", () => watch.disconnect());
  looks();
}

/** By the first background behind the widget that hides what is behind it, else by the colour of the
 * text around it. @param {HTMLElement} root */
function isDark(root) {
  for (let el = above(root); el; el = above(el)) {
    const [light, alpha] = lightness(getComputedStyle(el).backgroundColor);
    if (alpha > 127) return light < 382;
  }
  return lightness(getComputedStyle(root).color)[0] > 382;
}

/** @param {Element} el @returns {Element | null | undefined} */
const above = (el) => el.parentElement ?? /** @type {ShadowRoot} */ (el.getRootNode()).host;

/** How light a colour is, to 765, and how opaque, to 255. @param {string} colour  any of CSS
 * @returns {[number, number]} */
function lightness(colour) {
  const paper = /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d")
  );
  paper.fillStyle = colour;
  paper.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = paper.getImageData(0, 0, 1, 1).data;
  return [red + green + blue, alpha];
}
