// A modal dialog over the board, closed by Escape, its button or a choice in it.

import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button, useUniqueId } from "./components.js";

/**
 * Shown at once. The board shows the one in `board.dialog`.
 * @param {{title: string, t: import("./types.js").Translate, close: (answer: string) => void,
 *   children?: import("preact").ComponentChildren}} props  `close`: it is closed
 */
export function Dialog({ title, t, close, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useUniqueId("dialog");
  useLayoutEffect(() => box.current?.showModal(), []);
  const shut = () => box.current?.close();
  return h(
    "dialog",
    {
      ref: box,
      class: "hn-dialog",
      "aria-labelledby": id,
      onClose: () => close(box.current?.returnValue ?? ""),
      onClick: (/** @type {any} */ { target }) => target === box.current && shut(),
    },
    h(
      "div",
      { class: "hn-dialog-head" },
      h("h4", { id: id }, title),
      h(Button, { look: "square", "aria-label": t("close"), onClick: shut }, "×"),
    ),
    children,
  );
}
