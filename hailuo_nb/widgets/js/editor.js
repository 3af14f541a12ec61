// The prompt editor: a textarea that keeps its caret, undo and composition, over a layer that
// highlights its text. The layer holds the same text and breaks its lines at the same places.
// Nothing writes into the textarea while characters are composed; whoever writes calls `write`.

import { h as node } from "preact";
import { smallestLimit } from "./catalogue.js";
import { completionList } from "./completion_list.js";
import { elementOf } from "./components.js";
import {
  button,
  consume,
  h,
  hasFocus,
  on,
  refill,
  replace,
  set,
  setText,
  showText,
  uniqueId,
} from "./dom.js";
import { cureText } from "./findings.js";
import { codePoints } from "./format.js";
import { pieces, remarks } from "./highlights.js";
import { VersionLine } from "./history_list.js";
import { editCommand } from "./keyboard.js";
import { MAX_SHOWN_VARIANTS } from "./protocol.js";
import { difference } from "./timeline.js";
import { UndoStack } from "./undo.js";
import { expand } from "./variants.js";

/** @typedef {import("./camera.js").Edit} Edit */
/** @typedef {import("./studio.js").Studio} Studio */

/** The code of a key that an input method took; Safari's last one is no part of a composition. */
const IN_COMPOSITION = 229;

/** @param {Studio} studio @param {Node[]} tools  buttons beside the title */
export function promptEditor(studio, tools) {
  const { draft, t, grammar, signal } = studio;
  const id = uniqueId("prompt");
  const counter = h("span.counter", { id: `${id}-count` });
  const over = h("p.field-error", { id: `${id}-over`, role: "alert", hidden: true });
  const textarea = h("textarea.prompt", {
    id,
    rows: 4,
    spellcheck: "false",
    autocomplete: "off",
  });
  const layer = h("div.prompt.layer", { "aria-hidden": true });
  const bubble = h("div.bubble", { hidden: true });
  const completion = completionList(studio, { textarea, layer, edit });
  const field = h("div.editor", layer, textarea, bubble, completion.el);
  const sweepCount = h("summary");
  const sweepList = h("ol");
  const sweep = h("details.sweep", { hidden: true }, sweepCount, sweepList);
  const label = h("label.label", { for: id });
  const head = h("div.block-head", label, tools, counter);
  const version = elementOf(node(VersionLine, { studio }), signal);
  const el = h("div.block", head, field, over, version, sweep);

  let composing = false;
  /** What waits for the end of a composition. @type {(() => void)[]} */
  const afterwards = [];

  const history = new UndoStack(draft.prompt);
  textarea.value = draft.prompt;

  /** What stands there becomes a step of the history. @param {string} [kind] */
  function record(kind = "") {
    const { value, selectionStart, selectionEnd } = textarea;
    history.record({ text: value, start: selectionStart, end: selectionEnd }, kind, Date.now());
  }

  /** @param {string} text @param {number} start @param {number} end  of the selection */
  function put(text, start, end) {
    completion.close();
    textarea.setRangeText(text, 0, textarea.value.length);
    textarea.setSelectionRange(start, end);
  }

  /**
   * Every text that is not typed comes into the textarea here, so that undo takes it back.
   * @param {string} text @param {number} start @param {number} [end]  of the selection
   */
  function write(text, start, end = start) {
    record();
    put(text, start, end);
    record();
  }

  /** @param {number} by  -1 undoes, 1 does it again */
  function step(by) {
    record();
    const found = history.step(by);
    if (!found || composing) return;
    put(found.text, found.start, found.end);
    read();
  }

  const read = () => draft.set({ prompt: textarea.value });
  on(textarea, "input", ({ inputType = "" }) => {
    if (composing) return show();
    record(inputType);
    read();
    typed();
  });
  // By a menu of the browser; its own history knows nothing of what was written here.
  on(textarea, "beforeinput", (event) => {
    if (!composing) record();
    const by = { historyUndo: -1, historyRedo: 1 }[/** @type {string} */ (event.inputType)];
    if (!by) return;
    consume(event);
    step(by);
  });
  // JupyterLab takes back what Shift+Enter and Ctrl+Z do in a text of its notebook; done by us it
  // leaves them alone.
  on(textarea, "keydown", (event) => {
    if (event.isComposing || event.keyCode === IN_COMPOSITION || completion.key(event)) return;
    const command = editCommand(event);
    if (!command) return;
    consume(event);
    if (command === "newline")
      edit((_, start, end) => ({ start, end, text: "\n", caret: start + 1 }));
    else step(command === "undo" ? -1 : 1);
  });
  on(textarea, "compositionstart", () => {
    composing = true;
    bubble.hidden = true;
    completion.close();
  });
  on(textarea, "compositionend", () => {
    composing = false;
    record();
    read();
    typed();
    // The browser puts the composed text in first; what waited comes behind it.
    setTimeout(() => {
      if (!signal.aborted) for (const act of afterwards.splice(0)) act();
    });
  });

  /** The list of moves follows what is typed. */
  function typed() {
    show();
    completion.typed();
    if (completion.isOpen()) bubble.hidden = true;
  }
  on(textarea, "keyup click", completion.moved);

  /** What belongs to the text as it stands, composed characters and all. */
  function show() {
    const text = textarea.value;
    const { prompts, choices } = expand(text);
    const length = Math.max(0, ...(prompts.length > 1 ? prompts : [text]).map(codePoints));
    const { limit, title } = smallestLimit(draft.catalogue, draft.targets);
    const excess = length > limit;
    setText(label, t("prompt"));
    setText(counter, t("prompt.count", { length, limit }));
    set(counter, { title: title && t("prompt.limit", { title, limit }), "data-over": excess });
    set(textarea, {
      placeholder: t("prompt.placeholder"),
      "aria-invalid": excess || null,
      "aria-describedby": excess ? `${id}-count ${id}-over` : `${id}-count`,
    });
    showText(over, excess ? t("prompt.over", { count: length - limit, title, limit }) : "");
    const found = remarks(text, draft.camera);
    refill(layer, [text, found], () => [
      ...pieces(text, grammar, choices, found).map(paint),
      "\u200b",
    ]);
    sweep.hidden = prompts.length < 2;
    setText(sweepCount, t("sweep", { count: prompts.length }));
    refill(sweepList, text, () => prompts.slice(0, MAX_SHOWN_VARIANTS).map((one) => h("li", one)));
    fit();
  }

  /** @param {import("./highlights.js").Piece} piece */
  const paint = ({ text, start, kinds }) =>
    kinds.length
      ? h(
          "span",
          { class: kinds.map((kind) => `hn-is-${kind}`).join(" "), "data-start": start },
          text,
        )
      : text;

  /** The layer as wide as the text's own column, scrolled as far. */
  function fit() {
    layer.style.inlineSize = `${textarea.clientWidth + 2}px`;
    layer.style.blockSize = `${textarea.offsetHeight}px`;
    layer.scrollTop = textarea.scrollTop;
  }
  on(textarea, "scroll", () => {
    layer.scrollTop = textarea.scrollTop;
    bubble.hidden = true;
    completion.place();
  });
  const resized = new ResizeObserver(fit);
  resized.observe(textarea);
  on(signal, "abort", () => resized.disconnect());

  /** Offer the cure of the slip at an index, beside it. @param {number} index */
  function offer(index) {
    const slip = remarks(textarea.value, draft.camera).find(
      ({ start, end, cures, values }) =>
        values.word && cures.length && start <= index && index <= end,
    );
    const mark = slip && layer.querySelector(`.hn-is-unknown[data-start="${slip.start}"]`);
    bubble.hidden = !mark || composing || completion.isOpen();
    if (!slip || !(mark instanceof HTMLElement)) return;
    // By keyboard the same cure stands in the remarks below.
    const props = {
      tabindex: -1,
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
    };
    replace(bubble, cureButtons(slip, props));
    bubble.style.insetInlineStart = `${Math.min(mark.offsetLeft, field.clientWidth - bubble.offsetWidth - 4)}px`;
    bubble.style.insetBlockStart = `${mark.offsetTop + mark.offsetHeight - layer.scrollTop + 1}px`;
  }
  /** The cures of a finding. @param {import("./types.js").Finding} finding
   * @param {Record<string, any>} [props] */
  const cureButtons = ({ start, end, cures }, props = {}) =>
    cures.map((text) => {
      const fix = () => {
        bubble.hidden = true;
        edit(() => ({ start, end, text, caret: start + text.length }));
      };
      return button(".small", cureText(t, text), fix, props);
    });

  const offerAtCaret = () => offer(textarea.selectionStart);
  on(textarea, "click keyup focus", offerAtCaret);
  on(field, "pointermove", ({ clientX, clientY }) => {
    for (const mark of layer.querySelectorAll(".hn-is-unknown")) {
      const hit = [...mark.getClientRects()].some(
        ({ left, right, top, bottom }) =>
          left <= clientX && clientX <= right && top <= clientY && clientY <= bottom,
      );
      if (hit) offer(Number(mark.getAttribute("data-start")));
    }
  });
  on(field, "pointerleave", () => {
    if (hasFocus(textarea)) offerAtCaret();
    else bubble.hidden = true;
  });

  /**
   * Change the text as if it were typed, so that undo takes it back; while characters are composed
   * it waits. `plan` sees the text and the selection as they are then. Returns at once.
   * @param {(text: string, from: number, to: number) => Edit | null} plan
   */
  function edit(plan) {
    if (composing) {
      afterwards.push(() => edit(plan));
      return;
    }
    const change = plan(textarea.value, textarea.selectionStart, textarea.selectionEnd);
    if (!change) return;
    textarea.focus({ preventScroll: true });
    const { value } = textarea;
    write(value.slice(0, change.start) + change.text + value.slice(change.end), change.caret);
    read();
  }

  /** Write the same in other words; the caret stays where it is in the rest of the text.
   * @param {string} wanted */
  const rewrite = (wanted) =>
    edit((text, from) => {
      const change = difference(text, wanted);
      const moved = wanted.length - text.length;
      if (change && from <= change.start) change.caret = from;
      else if (change && from >= change.end) change.caret = from + moved;
      return change;
    });

  /** Another prompt altogether; undo brings the old one back. @param {string} text */
  const take = (text) => edit((old) => ({ start: 0, end: old.length, text, caret: text.length }));

  function update() {
    const wanted = draft.prompt;
    if (!composing && textarea.value !== wanted) {
      const { selectionStart, value } = textarea;
      const before = selectionStart < value.length ? selectionStart : wanted.length;
      write(wanted, Math.min(before, wanted.length));
    }
    show();
  }
  return { el, textarea, edit, take, rewrite, update, isComposing: () => composing };
}
