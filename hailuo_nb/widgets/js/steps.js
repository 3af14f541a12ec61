// The camera's timeline: the steps of the prompt in order, each with its moves and what is wrong with it. Every change
// is a change of the text. Reordered by dragging, or by Shift and the arrow keys.

import { h, replace, setAttribute, showText } from "./dom.js";
import { moveIcon } from "./icons.js";
import { remarks } from "./tokens.js";
import { carry, difference, join, remove, reorder, track } from "./timeline.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */
/** @typedef {import("./camera.js").Finding} Finding */
/** @typedef {{step?: number, item?: number, key?: string}} Payload  what is dragged: a step, a move of it, or a tile */

/** What is being dragged now; dataTransfer keeps its secrets until the drop. @type {Payload | null} */
let dragged = null;

/** Let an element be dragged. @param {HTMLElement} el @param {Payload} payload */
export function draggable(el, payload) {
  el.draggable = true;
  el.addEventListener("dragstart", (event) => {
    event.stopPropagation();
    dragged = payload;
    event.dataTransfer?.setData("application/x-hn-move", "1");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "copyMove";
  });
  el.addEventListener("dragend", () => {
    dragged = null;
  });
}

/** @param {Studio} studio @param {Editor} editor */
export function cameraSteps({ draft, t, grammar, language, announcer, ui }, editor) {
  const list = h("ol.hn-steps", { "aria-label": t("studio.steps") });
  const findings = h("ul.hn-findings", { "aria-label": t("studio.findings") });
  const hint = h("p.hn-hint", {});
  const el = h("div.hn-reading", {}, list, hint, findings);
  let shown = "\0";
  /** Where the focus goes once the text has changed. @type {{step: number, item: number | undefined} | null} */
  let focus = null;

  const prompt = () => /** @type {string} */ (draft.get("prompt") ?? "");
  const steps = () => track(prompt(), grammar);
  /** @param {import("./types.js").Move} move */
  const name = (move) => grammar.command(move, language === "zh" ? "zh" : "en");

  /**
   * @param {(prompt: string, steps: import("./timeline.js").Step[]) => string} change
   * @param {{step: number, item: number | undefined} | null} [then]
   */
  function apply(change, then = null) {
    if (editor.isComposing()) return;
    const before = editor.textarea.value;
    const after = change(before, track(before, grammar));
    const edit = difference(before, after);
    if (!edit) return;
    focus = then;
    editor.edit(() => edit);
  }

  /** @param {number} step @param {number} by */
  function shift(step, by) {
    const to = step + by;
    const count = steps().length;
    if (to < 0 || to >= count) return;
    apply((text, all) => reorder(text, all, step, to), { step: to, item: undefined });
    announcer.say(t("studio.step.moved", { number: to + 1, count }));
  }

  /** @param {number} step @param {number} item @param {number} by */
  function shiftMove(step, item, by) {
    const before = steps();
    const alone = before[step]?.items.length === 1;
    const to = step + by;
    const inside = to >= 0 && to < before.length;
    const landing = by > 0 ? (alone && inside ? step : Math.min(to, before.length)) : Math.max(to, 0);
    apply((text, all) => carry(text, all, step, item, to), { step: landing, item: 99 });
    const move = before[step]?.items[item]?.move;
    if (move) announcer.say(t("studio.step.carried", { move: name(move), number: landing + 1 }));
  }

  /** @param {import("./timeline.js").Step} step @param {number} index @param {number} count @param {Finding[]} said */
  function stepItem({ start, end, items }, index, count, said) {
    const grip = h(
      "button.hn-step-grip",
      {
        title: t("studio.step.hint"),
        "aria-label": t("studio.step.grip", { number: index + 1, count }),
        "aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight Delete",
        on: {
          click: () => {
            editor.textarea.focus();
            editor.textarea.setSelectionRange(start, end);
          },
          keydown: (/** @type {KeyboardEvent} */ event) =>
            keys(event, {
              remove: () => apply((text, all) => remove(text, all, index), { step: index, item: undefined }),
              shift: (by) => shift(index, by),
            }),
        },
      },
      String(index + 1),
    );
    const li = h(
      "li.hn-step",
      { data: { step: index } },
      grip,
      h("ul.hn-step-moves", {}, ...items.map((item, at) => moveItem(item, index, at))),
      said.length > 0 && h("ul.hn-step-says", {}, ...said.map(findingItem)),
    );
    draggable(li, { step: index });
    return li;
  }

  /** @param {{text: string, move: import("./types.js").Move | undefined}} item @param {number} step @param {number} at */
  function moveItem({ text, move }, step, at) {
    const label = move ? name(move) : text;
    const drop = () => apply((all, found) => remove(all, found, step, at), { step, item: at });
    const chip = h(
      "button.hn-move",
      {
        data: { item: at, move: move?.key ?? "" },
        title: t("studio.move.hint"),
        "aria-label": t("studio.move.chip", { move: label, number: step + 1 }),
        "aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight Delete",
        on: {
          keydown: (/** @type {KeyboardEvent} */ event) =>
            keys(event, { remove: drop, shift: (by) => shiftMove(step, at, by) }),
        },
      },
      move ? moveIcon(move.key) : null,
      label,
    );
    const cross = h(
      "button.hn-move-remove",
      { "aria-label": t("studio.move.remove", { move: label, number: step + 1 }), on: { click: drop } },
      "×",
    );
    const li = h("li.hn-move-item", { data: { known: Boolean(move) } }, chip, cross);
    draggable(li, { step, item: at });
    return li;
  }

  /** @param {Finding} finding */
  function findingItem({ rule, start, end, replacement, values }) {
    const mend = () =>
      editor.edit(() => ({ start, end, text: replacement ?? "", caret: start + (replacement ?? "").length }));
    const label = replacement ? t("studio.lint.use", { replacement }) : t("studio.lint.remove");
    return h(
      "li.hn-finding",
      { "data-rule": rule },
      h("span", {}, t(`studio.lint.${rule}`, values)),
      replacement !== null && h("button.hn-button.hn-small", { on: { click: mend } }, label),
    );
  }

  /** Where something would land: on a step, or behind the last. @param {DragEvent} event */
  function place(event) {
    const over = event.target instanceof Element ? event.target.closest(".hn-step") : null;
    return over ? Number(over.getAttribute("data-step")) : steps().length;
  }
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    const at = place(event);
    for (const [index, step] of [...list.children].entries()) setAttribute(step, "data-over", index === at);
    setAttribute(list, "data-over", at === list.children.length);
  });
  const settle = () => {
    for (const step of [list, ...list.children]) setAttribute(step, "data-over", false);
  };
  list.addEventListener("dragleave", settle);
  list.addEventListener("drop", (event) => {
    settle();
    if (!dragged) return;
    event.preventDefault();
    event.stopPropagation();
    const { step, item, key } = dragged;
    const to = place(event);
    const move = key ? grammar.find(key) : undefined;
    if (move) {
      const word = grammar.command(move, ui.commands);
      apply((text, all) => join(text, all, Math.min(to, all.length - 1), move, word));
    } else if (step !== undefined && item !== undefined) {
      apply((text, all) => carry(text, all, step, item, to));
    } else if (step !== undefined) {
      apply((text, all) => reorder(text, all, step, Math.min(to, all.length - 1)));
    }
  });

  function update() {
    const text = prompt();
    if (text === shown) return;
    shown = text;
    const found = track(text, grammar);
    const said = remarks(text, grammar);
    const of = (/** @type {{start: number, end: number}} */ { start, end }) =>
      said.filter((one) => start <= one.start && one.end <= end);
    replace(list, ...found.map((step, index) => stepItem(step, index, found.length, of(step))));
    list.hidden = found.length === 0;
    showText(hint, found.length ? "" : t("studio.steps.empty"));
    const rest = said.filter((one) => !found.some(({ start, end }) => start <= one.start && one.end <= end));
    replace(findings, ...rest.map(findingItem));
    findings.hidden = rest.length === 0;
    refocus();
  }

  function refocus() {
    if (!focus) return;
    const { step, item } = focus;
    focus = null;
    const li = list.children[Math.min(step, list.children.length - 1)];
    if (!li) return;
    const moves = li.querySelectorAll(".hn-move");
    const target = item === undefined ? null : moves[Math.min(item, moves.length - 1)];
    /** @type {HTMLElement | null} */ (target ?? li.querySelector(".hn-step-grip"))?.focus();
  }
  return { el, update, count: () => steps().length };
}

/** @param {KeyboardEvent} event @param {{remove: () => void, shift: (by: number) => void}} acts */
function keys(event, { remove, shift }) {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return;
  const by = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
  if (key === "Delete" || key === "Backspace") remove();
  else if (shiftKey && by) shift(by);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
