// The keys of a board and the dialog that lists them. They work while the focus is in the board and
// in no text field.

import { h } from "preact";
import { Dialog } from "./dialog.js";

/** @typedef {[key: string, say: string, run: () => unknown]} Shortcut */

const TYPED =
  "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable], dialog";
/** What uses the keys itself. */
const BUSY = "[role=slider], [role=menu], input[type=range], input[type=radio]";
const PRESSED = "button, summary, a, input, [role=menuitem]";

/** @param {KeyboardEvent} event @param {readonly Shortcut[]} shortcuts */
export function findShortcut(event, shortcuts) {
  const { key, target, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
  const within = (/** @type {string} */ what) => target instanceof Element && target.closest(what);
  if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented || within(TYPED))
    return undefined;
  if (/^(Arrow|\d)/.test(key) && within(BUSY)) return undefined;
  if (key === " " && within(PRESSED)) return undefined;
  return shortcuts.find(([one]) => one === (key.length === 1 ? key.toLowerCase() : key));
}

/** @type {Record<string, string>} */
const NAMES = { " ": "␣", ArrowLeft: "←", ArrowRight: "→" };

/**
 * @param {{t: import("./types.js").Translate, shortcuts: readonly Shortcut[], close: () => void}}
 *   props
 */
export const Help = ({ t, shortcuts, close }) =>
  h(
    Dialog,
    { title: t("help"), t, close },
    h(
      "table",
      { class: "hn-keys" },
      h(
        "tbody",
        {},
        shortcuts.map(([key, say]) =>
          h(
            "tr",
            { key },
            h("td", {}, h("kbd", {}, NAMES[key] ?? key.toUpperCase())),
            h("td", {}, t(say)),
          ),
        ),
      ),
    ),
    h("p", { class: "hn-soft" }, t("help.hint")),
  );
