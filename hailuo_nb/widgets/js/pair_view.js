// Two clips compared: how they are shown, where each begins, the words in which they differ.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button, Refocus } from "./components.js";
import { hasFocus } from "./dom.js";
import { Modes, Stage } from "./pair_stage.js";
import { wordDiff } from "./word_diff.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */

/**
 * Both prompts, the words that differ marked.
 * @param {{a: Row, b: Row, names?: string[]}} props
 */
export const PromptWords = ({ a, b, names = ["A", "B"] }) =>
  wordDiff(a.prompt, b.prompt).map((parts, at) =>
    h(
      "p",
      { key: at, class: "hn-words" },
      h("b", {}, names[at]),
      " ",
      parts.map(({ text, changed }) => (changed ? h("mark", {}, text) : text)),
    ),
  );

/** @param {{board: Board}} props */
export function PairView({ board }) {
  const { store } = board;
  const rows = store.what.value === "pair" ? store.pair.value : null;
  return rows && h(Pair, { board, rows });
}

/** @param {{board: Board, rows: [Row, Row]}} props */
function Pair({ board, rows }) {
  const { t, store, swap, close, change } = board;
  const { mode, blind, selected } = store.view.value;
  const turned = useSignal(false);
  const [a, b] = rows;
  const names = rows.map(({ id }, at) => `${"AB".charAt(at)} · ${store.names.value.get(id)}`);
  useLayoutEffect(() => {
    if (String(selected) !== String([a.id, b.id])) change({ selected: [a.id, b.id] });
  });
  return h(
    Refocus,
    { board, class: "hn-pair", "data-mode": mode },
    h(
      "div",
      { class: "hn-row hn-pair-tools" },
      h(Modes, { board, name: "mode" }),
      mode === "flicker" && h(Turn, { t, turned }),
      !blind && h(Button, { look: "small", onClick: swap }, t("swap")),
      rows.map((row, at) => h(Shift, { key: at, board, row, side: "AB".charAt(at) })),
      h(Button, { look: "small", onClick: close }, t("pair.close")),
    ),
    h(Stage, { board, rows, names, mode, turned }),
    a.prompt !== b.prompt &&
      h(
        "div",
        { class: "hn-pair-words" },
        h("p", { class: "hn-soft" }, t("words")),
        h(PromptWords, { a, b }),
      ),
  );
}

/** @param {{t: Board["t"], turned: import("@preact/signals").Signal<boolean>}} props */
export const Turn = ({ t, turned }) =>
  h(Button, { look: "small", onClick: () => (turned.value = !turned.value) }, t("flicker.turn"));

/** Seconds by which a clip begins later. @param {{board: Board, row: Row, side: string}} props */
function Shift({ board: { t, store, change, shiftOf }, row: { id }, side }) {
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const shift = shiftOf(id);
  // What somebody types stays until it is left.
  useLayoutEffect(() => {
    if (box.current && !hasFocus(box.current)) box.current.value = String(shift);
  });
  const title = t("shift", { side });
  const unit = (/** @type {string} */ text) => h("span", { "aria-hidden": true }, text);
  return h(
    "label",
    { class: "hn-shift-label", title },
    unit(`${side} +`),
    h("input", {
      ref: box,
      class: "hn-input hn-shift",
      type: "number",
      step: 0.04,
      "aria-label": title,
      onChange: (/** @type {any} */ { currentTarget }) =>
        change({ shifts: { ...store.view.value.shifts, [id]: Number(currentTarget.value) || 0 } }),
    }),
    unit("s"),
  );
}
