// A window over the board that is closed with Escape, with its button, or by what is chosen in it.

import { h, uniqueId } from "./dom.js";

/**
 * Shown at once; gone from the page once closed.
 * @param {{root: () => HTMLElement, t: import("./types.js").Translate}} board @param {string} title
 * @param {...(Node | null)} children
 */
export function dialog({ root, t }, title, ...children) {
  const id = uniqueId("dialog");
  const close = h("button.hn-button.hn-square", { "aria-label": t("board.close"), on: { click: () => box.close() } }, "×");
  const box = h("dialog.hn-dialog", { "aria-labelledby": id }, h("div.hn-dialog-head", {}, h("h4", { id }, title), close), ...children);
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => event.target === box && box.close());
  root().append(box);
  box.showModal();
  return box;
}
