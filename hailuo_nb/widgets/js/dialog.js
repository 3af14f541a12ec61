// A modal dialog over the board, closed by Escape, its button or a choice in it.

import { button, h, on, uniqueId } from "./dom.js";

/**
 * Shown at once; gone from the page once closed.
 * @param {{root: HTMLElement, t: import("./types.js").Translate}} board @param {string} title
 * @param {...(Node | null)} children
 */
export function dialog({ root, t }, title, ...children) {
  const id = uniqueId("dialog");
  const close = button(".square", "×", () => box.close(), { label: t("close") });
  const box = h(
    "dialog.dialog",
    { "aria-labelledby": id },
    h("div.dialog-head", h("h4", { id }, title), close),
    ...children,
  );
  on(box, "close", () => box.remove());
  on(box, "click", (event) => event.target === box && box.close());
  root.append(box);
  box.showModal();
  return box;
}
