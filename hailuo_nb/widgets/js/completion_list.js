// The list of moves that opens at a bracket in the prompt. The focus stays in the textarea, which
// says what is active. No key is taken while characters are composed.

import { h, render } from "preact";
import { candidates, complete, itemAt } from "./completion.js";
import { consume, element, on, set, uniqueId } from "./dom.js";
import { MoveIcon } from "./icons.js";

/** @typedef {import("./types.js").Move} Move */
/**
 * @typedef {object} Place
 * @property {HTMLTextAreaElement} textarea
 * @property {HTMLElement} layer  holds the same text at the same places
 * @property {(plan: (text: string) => import("./camera.js").Edit | null) => void} edit
 */

/**
 * @typedef {object} Shown
 * @property {string} id
 * @property {readonly Move[]} offered
 * @property {number} active
 * @property {(move: Move) => void} accept
 */

/** @param {import("./studio.js").Studio} studio @param {Place} place */
export function completionList(studio, { textarea, layer, edit }) {
  const { t, grammar, moves, ui, announcer, signal } = studio;
  const id = uniqueId("completion");
  const el = element("div", "hn-completion");
  /** The word that is completed; null while the list is closed.
   * @type {import("./completion.js").Item | null} */
  let item = null;
  /** @type {Move[]} */
  let offered = [];
  let active = 0;
  /** Where the word stands whose list was put away. */
  let dismissed = -1;

  const here = () =>
    textarea.selectionStart === textarea.selectionEnd
      ? itemAt(textarea.value, textarea.selectionStart, grammar)
      : null;

  /** Something was typed: open, narrow or close the list. */
  function typed() {
    const found = here();
    if (found?.start !== dismissed) dismissed = -1;
    show(dismissed < 0 ? found : null);
  }

  /** The caret was moved: a list stays where its word is. */
  function moved() {
    if (item && here()?.start !== item.start) close();
  }

  function close() {
    if (item) show(null);
  }

  /** @param {import("./completion.js").Item | null} found */
  function show(found) {
    const before = item;
    offered = found ? candidates(moves, found) : [];
    // A word that is written out, and closed, needs no help.
    const written =
      found?.close === "" && grammar.find(textarea.value.slice(found.start, found.end));
    item = offered.length && !written ? found : null;
    active = 0;
    paint();
    if (item && !before) announcer.say(t("completion.open", { count: offered.length }));
  }

  function paint() {
    el.hidden = !item;
    render(item && h(Options, { studio, id, offered, active, accept }), el);
    set(textarea, {
      "aria-controls": item && id,
      "aria-activedescendant": item && `${id}-${active}`,
      // JupyterLab's shortcuts stop at this mark: Escape and Tab are the list's.
      "data-lm-suppress-shortcuts": item !== null,
    });
    move();
  }

  /** To below the word, as the layer holds it. */
  function move() {
    const at = item && placeOf(layer, item.start);
    if (!at) return;
    const field = layer.getBoundingClientRect();
    const left = Math.min(at.left - field.left - 8, layer.clientWidth - el.offsetWidth);
    el.style.left = `${Math.max(0, left)}px`;
    el.style.top = `${at.bottom - field.top + 4}px`;
  }

  /** @param {Move | undefined} move */
  function accept(move) {
    const word = item;
    close();
    if (word && move) edit((text) => complete(text, word, move, ui.commands));
  }

  /** Whether the key was one of the list's. @param {KeyboardEvent} event */
  function key(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (!item || shiftKey || ctrlKey || metaKey || altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) {
      active = (active + step + offered.length) % offered.length;
      paint();
    } else if (key === "Tab" || key === "Enter") {
      accept(offered[active]);
    } else if (key === "Escape") {
      dismissed = item.start;
      close();
    } else return false;
    consume(event);
    return true;
  }

  set(textarea, { "aria-autocomplete": "list", "aria-haspopup": "listbox" });
  on(textarea, "blur", close);
  on(textarea, "keyup click", moved);
  on(textarea, "scroll", move);
  on(signal, "abort", () => render(null, el));
  show(null);
  return { el, typed, close, key, isOpen: () => item !== null };
}

/** @param {{studio: import("./studio.js").Studio} & Shown} props */
const Options = ({ studio, id, offered, active, accept }) =>
  h(
    "ul",
    { id, role: "listbox", "aria-label": studio.t("completion") },
    offered.map((move, at) => {
      const names = [
        h("span", { lang: "en", key: "en" }, move.english),
        h("span", { lang: "zh", key: "zh" }, move.chinese),
      ];
      if (studio.language === "zh") names.reverse();
      return h(
        "li",
        {
          key: move.key,
          id: `${id}-${at}`,
          class: "hn-completion-item",
          role: "option",
          "aria-selected": at === active,
          "data-move": move.key,
          onMouseDown: (/** @type {Event} */ event) => event.preventDefault(), // the focus stays
          onClick: () => accept(move),
        },
        h(MoveIcon, { move: move.key }),
        names,
      );
    }),
  );

/** Where the character of a text stands on the page. @param {Node} root @param {number} index */
function placeOf(root, index) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let before = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = /** @type {Text} */ (node);
    if (index < before + length) {
      const range = document.createRange();
      range.setStart(node, index - before);
      range.setEnd(node, index - before + 1);
      return range.getBoundingClientRect();
    }
    before += length;
  }
  return null;
}
