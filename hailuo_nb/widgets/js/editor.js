// The prompt: a textarea that keeps its caret, its undo and its composition. Knows the draft; not the camera.

import { h, setAttribute, setText, showText, uniqueId } from "./dom.js";
import { codePoints } from "./format.js";

/** @typedef {import("./camera.js").Edit} Edit */
/** @typedef {import("./studio.js").Studio} Studio */

/** Code points that every provider takes. */
export const LIMIT = 2000;

/** @param {Studio} studio */
export function promptEditor({ draft, t, signal }) {
  const id = uniqueId("prompt");
  const counter = h("span", { class: "hn-counter", id: `${id}-count` });
  const over = h("p", { class: "hn-field-error", id: `${id}-over`, role: "alert", hidden: true });
  const textarea = h("textarea", {
    class: "hn-prompt",
    id,
    rows: 5,
    spellcheck: false,
    autocomplete: "off",
    placeholder: t("studio.prompt.placeholder"),
    "aria-describedby": `${id}-count`,
  });
  const el = h(
    "div",
    { class: "hn-block" },
    h(
      "div",
      { class: "hn-block-head" },
      h("label", { class: "hn-label", for: id }, t("studio.prompt")),
      counter,
    ),
    textarea,
    over,
  );

  let composing = false;
  /** @type {(() => void)[]} */
  let afterwards = [];

  function read() {
    draft.set({ prompt: textarea.value });
  }
  textarea.addEventListener("input", () => {
    if (!composing) read();
    else count();
  });
  // JupyterLab takes back what Shift+Enter and Ctrl+Z do in a text of its notebook; done by us it leaves them alone.
  textarea.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const command = hostTakes(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    if (command === "newline") edit((_, start, end) => ({ start, end, text: "\n", caret: start + 1 }));
    else document.execCommand(command);
  });
  textarea.addEventListener("compositionstart", () => {
    composing = true;
  });
  textarea.addEventListener("compositionend", () => {
    composing = false;
    read();
    // The browser puts the composed text in first; what waited comes behind it.
    setTimeout(() => {
      if (!signal.aborted) for (const act of afterwards.splice(0)) act();
    });
  });

  function count() {
    const length = codePoints(textarea.value);
    setText(counter, t("studio.prompt.count", { length, limit: LIMIT }));
    setAttribute(counter, "data-over", length > LIMIT);
    setAttribute(textarea, "aria-invalid", length > LIMIT ? "true" : null);
    setAttribute(textarea, "aria-describedby", length > LIMIT ? `${id}-count ${id}-over` : `${id}-count`);
    showText(over, length > LIMIT ? t("studio.prompt.over", { count: length - LIMIT }) : "");
  }

  /**
   * Change the text as if it were typed, so that undo takes it back; while characters are composed it waits.
   * `plan` sees the text and the selection as they are then. Returns at once.
   * @param {(text: string, from: number, to: number) => Edit | null} plan
   */
  function edit(plan) {
    if (composing) {
      afterwards.push(() => edit(plan));
      return;
    }
    const change = plan(textarea.value, textarea.selectionStart, textarea.selectionEnd);
    if (!change) return;
    const { start, end, text, caret } = change;
    textarea.focus({ preventScroll: true });
    textarea.setSelectionRange(start, end);
    const typed =
      start === end && text === "" ? true : document.execCommand(text ? "insertText" : "delete", false, text);
    if (!typed) {
      textarea.setRangeText(text, start, end, "end");
      read();
    }
    textarea.setSelectionRange(caret, caret);
  }

  function update() {
    const wanted = draft.get("prompt") ?? "";
    if (!composing && textarea.value !== wanted) {
      const { selectionStart } = textarea;
      const atEnd = selectionStart >= textarea.value.length;
      textarea.value = wanted;
      const caret = atEnd ? wanted.length : Math.min(selectionStart, wanted.length);
      textarea.setSelectionRange(caret, caret);
    }
    count();
  }
  return { el, textarea, edit, update, isComposing: () => composing };
}

/**
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean}} event
 * @returns {"newline" | "undo" | "redo" | null}
 */
export function hostTakes({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const command = ctrlKey || metaKey;
  if (key === "Enter") return shiftKey && !command ? "newline" : null;
  if (!command || altKey) return null;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && !metaKey ? "redo" : null;
}
