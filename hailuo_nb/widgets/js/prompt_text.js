// The textarea of the prompt: it keeps its caret, its undo and its composition. Whoever writes into
// it calls `edit`, `take` or `rewrite`; nothing is written while characters are composed.

import { replacing } from "./camera.js";
import { consume, element, on, set } from "./dom.js";
import { editCommand } from "./keyboard.js";
import { difference } from "./timeline.js";
import { UndoStack } from "./undo.js";

/** @typedef {import("./camera.js").Edit} Edit */
/**
 * What else happens to the text.
 * @typedef {object} Hooks
 * @property {() => void} show  it looks different, composed characters and all
 * @property {() => void} typed  somebody typed, or a composition ended
 * @property {() => void} replaced  it is about to be another one, or characters are composed
 * @property {(event: KeyboardEvent) => boolean} key  whether somebody else takes a key
 */

/** The code of a key that an input method took; Safari's last one is no part of a composition. */
const IN_COMPOSITION = 229;

export class PromptText {
  area = element("textarea", "hn-prompt");
  composing = false;
  /** What waits for the end of a composition. @type {(() => void)[]} */
  afterwards = [];

  /** @param {import("./studio.js").Studio} studio @param {string} id @param {Hooks} hooks */
  constructor({ draft, signal }, id, hooks) {
    this.hooks = hooks;
    this.draft = draft;
    this.signal = signal;
    this.history = new UndoStack(draft.prompt);
    this.area.value = draft.prompt;
    set(this.area, { id, rows: 4, spellcheck: "false", autocomplete: "off" });
    this.listen();
  }

  listen() {
    const { area } = this;
    on(area, "input", ({ inputType = "" }) => {
      if (this.composing) return this.hooks.show();
      this.record(inputType);
      this.read();
      this.hooks.typed();
    });
    // By a menu of the browser; its own history knows nothing of what was written here.
    on(area, "beforeinput", (event) => {
      if (!this.composing) this.record();
      const by = { historyUndo: -1, historyRedo: 1 }[/** @type {string} */ (event.inputType)];
      if (!by) return;
      consume(event);
      this.step(by);
    });
    on(area, "keydown", (event) => this.onKey(event));
    on(area, "compositionstart", () => {
      this.composing = true;
      this.hooks.replaced();
    });
    on(area, "compositionend", () => {
      this.composing = false;
      this.record();
      this.read();
      this.hooks.typed();
      // The browser puts the composed text in first; what waited comes behind it.
      setTimeout(() => {
        if (!this.signal.aborted) for (const act of this.afterwards.splice(0)) act();
      });
    });
  }

  /**
   * JupyterLab takes back what Shift+Enter and Ctrl+Z do in a text of its notebook; done by us it
   * leaves them alone.
   * @param {KeyboardEvent} event
   */
  onKey(event) {
    const { isComposing, keyCode } = event;
    if (isComposing || keyCode === IN_COMPOSITION || this.hooks.key(event)) return;
    const command = editCommand(event);
    if (!command) return;
    consume(event);
    if (command === "newline") this.edit((_, start, end) => replacing(start, end, "\n"));
    else this.step(command === "undo" ? -1 : 1);
  }

  read() {
    this.draft.set({ prompt: this.area.value });
  }

  /** What stands there becomes a step of the history. @param {string} [kind] */
  record(kind = "") {
    const { value, selectionStart, selectionEnd } = this.area;
    this.history.record(
      { text: value, start: selectionStart, end: selectionEnd },
      kind,
      Date.now(),
    );
  }

  /** @param {import("./undo.js").Moment} moment  a text and its selection */
  put({ text, start, end }) {
    this.hooks.replaced();
    this.area.setRangeText(text, 0, this.area.value.length);
    this.area.setSelectionRange(start, end);
  }

  /**
   * Every text that is not typed comes into the textarea here, so that undo takes it back.
   * @param {string} text @param {number} caret
   */
  write(text, caret) {
    this.record();
    this.put({ text, start: caret, end: caret });
    this.record();
  }

  /** @param {number} by  -1 undoes, 1 does it again */
  step(by) {
    this.record();
    const found = this.history.step(by);
    if (!found || this.composing) return;
    this.put(found);
    this.read();
  }

  /**
   * Change the text as if it were typed, so that undo takes it back; while characters are composed
   * it waits. `plan` sees the text and the selection as they are then. Returns at once.
   * @param {(text: string, from: number, to: number) => Edit | null} plan
   */
  edit = (plan) => {
    if (this.composing) {
      this.afterwards.push(() => this.edit(plan));
      return;
    }
    const { value, selectionStart, selectionEnd } = this.area;
    const change = plan(value, selectionStart, selectionEnd);
    if (!change) return;
    this.area.focus({ preventScroll: true });
    this.write(value.slice(0, change.start) + change.text + value.slice(change.end), change.caret);
    this.read();
  };

  /** Write the same in other words; the caret stays where it is in the rest of the text.
   * @param {string} wanted */
  rewrite = (wanted) =>
    this.edit((text, from) => {
      const change = difference(text, wanted);
      const moved = wanted.length - text.length;
      if (change && from <= change.start) change.caret = from;
      else if (change && from >= change.end) change.caret = from + moved;
      return change;
    });

  /** Another prompt altogether; undo brings the old one back. @param {string} text */
  take = (text) => this.edit((old) => replacing(0, old.length, text));

  /** The draft may have another text by now. */
  follow() {
    const wanted = this.draft.prompt;
    const { selectionStart, value } = this.area;
    if (this.composing || value === wanted) return;
    const before = selectionStart < value.length ? selectionStart : wanted.length;
    this.write(wanted, Math.min(before, wanted.length));
  }
}
