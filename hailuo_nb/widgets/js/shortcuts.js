// The keys of a board, and the window that lists them. They work while the focus is in the board and in no text field.

import { dialog } from "./dialog.js";
import { h } from "./dom.js";

/** @typedef {{keys: string[], say: string, run: () => void, button?: boolean}} Shortcut  button: works on a button too */

const TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable]";
/** What uses the keys itself. */
const BUSY = "[role=slider], [role=menu], input[type=range], input[type=radio]";

/** @param {KeyboardEvent} event @param {readonly Shortcut[]} shortcuts */
export function findShortcut(event, shortcuts) {
  const { key, target, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
  if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return undefined;
  const el = target instanceof Element ? target : null;
  if (el?.closest(TYPED) || el?.closest("dialog")) return undefined;
  if (/^(Arrow|\d)/.test(key) && el?.closest(BUSY)) return undefined;
  if (key === " " && el?.closest("button, summary, a, input, [role=menuitem]")) return undefined;
  return shortcuts.find(({ keys }) => keys.includes(key.length === 1 ? key.toLowerCase() : key));
}

/** @type {Record<string, string>} */
const NAMES = { " ": "␣", ArrowLeft: "←", ArrowRight: "→" };

/** @param {import("./card.js").Board} board @param {readonly Shortcut[]} shortcuts */
export function showHelp(board, shortcuts) {
  const { t } = board;
  const lines = shortcuts.map(({ keys, say }) =>
    h("tr", {}, h("td", {}, ...keys.map((key) => h("kbd", {}, NAMES[key] ?? key.toUpperCase()))), h("td", {}, t(say))),
  );
  dialog(board, t("board.help"), h("table.hn-keys", {}, h("tbody", {}, ...lines)), h("p.hn-soft", {}, t("board.help.hint")));
}
