// Whether the host is dark, by the colours that it computes: the one thing that every host has, seen
// through shadow roots, where no selector of a style sheet reaches.

import { on } from "./dom.js";

/** A host may load its colours after it has said that they change. Milliseconds. */
const LATE = [150, 600];

/** @param {HTMLElement} root  what a widget is in @param {AbortSignal} signal */
export function followTheme(root, signal) {
  const look = () => {
    if (root.isConnected) root.dataset.scheme = isDark(root) ? "dark" : "light";
  };
  const looks = () => {
    look();
    for (const ms of LATE) setTimeout(look, ms);
  };
  const watch = new MutationObserver(looks);
  for (const el of [document.documentElement, document.body])
    watch.observe(el, { attributes: true });
  on(matchMedia("(prefers-color-scheme: dark)"), "change", looks, { signal });
  on(signal, "abort", () => watch.disconnect());
  looks();
}

/** By the first background behind the widget that hides what is behind it, else by the colour of the
 * text around it. @param {HTMLElement} root */
function isDark(root) {
  const around = above(root);
  for (let el = around; el; el = above(el)) {
    const [light, alpha] = lightness(getComputedStyle(el).backgroundColor);
    if (alpha > 0.5) return light < 0.5;
  }
  return around ? lightness(getComputedStyle(around).color)[0] > 0.5 : false;
}

/** @param {Element} el @returns {Element | null} */
function above(el) {
  const { parentNode } = el;
  if (parentNode instanceof ShadowRoot) return parentNode.host;
  return parentNode instanceof Element ? parentNode : null;
}

/** @type {CanvasRenderingContext2D | null} */
let paper = null;

/** How light a colour is, and how opaque: both from 0 to 1. @param {string} colour  any of CSS
 * @returns {[number, number]} */
function lightness(colour) {
  paper ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!paper) return [1, 1];
  paper.clearRect(0, 0, 1, 1);
  paper.fillStyle = colour;
  paper.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = paper.getImageData(0, 0, 1, 1).data;
  return [(0.299 * red + 0.587 * green + 0.114 * blue) / 255, alpha / 255];
}
