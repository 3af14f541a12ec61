// The list of moves that opens at a bracket in the prompt. The focus stays in the textarea, which is
// a combobox while the list is open. No key is taken while characters are composed.

import { h as node, render } from "preact";
import { candidates, complete, itemAt } from "./completion.js";
import { consume, h, on, replace, set, uniqueId } from "./dom.js";
import { MoveIcon } from "./icons.js";

/**
 * @typedef {object} Place
 * @property {HTMLTextAreaElement} textarea
 * @property {HTMLElement} layer  holds the same text at the same places
 * @property {(plan: (text: string) => import("./camera.js").Edit | null) => void} edit
 */

/** @param {import("./studio.js").Studio} studio @param {Place} place */
export function completionList(studio, { textarea, layer, edit }) {
  const { t, grammar, moves, ui, announcer } = studio;
  const id = uniqueId("completion");
  const el = h("ul.completion", { id, role: "listbox", hidden: true });
  /** @type {import("./completion.js").Item | null} */
  let item = null;
  /** @type {import("./types.js").Move[]} */
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

  /** @param {import("./completion.js").Item | null} found */
  function show(found) {
    const was = item !== null;
    offered = found ? candidates(moves, found) : [];
    // A word that is written out, and closed, needs no help.
    const written =
      found?.close === "" && grammar.find(textarea.value.slice(found.start, found.end));
    item = offered.length && !written ? found : null;
    active = 0;
    paint();
    if (item && !was) announcer.say(t("completion.open", { count: offered.length }));
  }

  function close() {
    if (item) show(null);
  }

  function paint() {
    const open = item !== null;
    el.hidden = !open;
    set(el, { label: t("completion") });
    replace(el, open ? offered.map(option) : []);
    set(textarea, {
      role: open ? "combobox" : null,
      "aria-expanded": open || null,
      "aria-autocomplete": open ? "list" : null,
      "aria-controls": open ? id : null,
      "aria-activedescendant": open ? `${id}-${active}` : null,
    });
    // JupyterLab's shortcuts stop at this mark: Escape and Tab are the list's.
    textarea.toggleAttribute("data-lm-suppress-shortcuts", open);
    if (!open) return;
    el.children[active]?.scrollIntoView({ block: "nearest" });
    place();
  }

  /** @param {import("./types.js").Move} move @param {number} index */
  function option(move, index) {
    const names = [
      h("span", { lang: "en" }, move.english),
      h("span", { lang: "zh" }, move.chinese),
    ];
    if (studio.language === "zh") names.reverse();
    const icon = h("span.host");
    render(node(MoveIcon, { move: move.key }), icon);
    return h(
      "li.completion-item",
      {
        id: `${id}-${index}`,
        role: "option",
        "aria-selected": index === active,
        "data-move": move.key,
        onmousedown: (/** @type {Event} */ event) => event.preventDefault(), // the focus stays
        onclick: () => accept(move),
      },
      icon,
      names,
    );
  }

  /** Below the word, as the layer holds it. */
  function place() {
    const at = item && rangeAt(layer, item.start);
    if (!at) return;
    const field = layer.getBoundingClientRect();
    const left = Math.min(at.left - field.left - 8, layer.clientWidth - el.offsetWidth);
    el.style.left = `${Math.max(0, left)}px`;
    el.style.top = `${at.bottom - field.top + 4}px`;
  }

  /** @param {import("./types.js").Move | undefined} move */
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

  on(textarea, "blur", close);
  const isOpen = () => item !== null;
  return { el, typed, moved, close, key, place, isOpen };
}

/** Where the character of a text stands on the page. @param {Node} root @param {number} index */
function rangeAt(root, index) {
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
