// The camera's timeline: the steps of the prompt with their moves and findings. Every change is a
// change of the text. Steps are reordered by dragging, or by Shift and the arrow keys.

import { bracketed } from "./camera.js";
import { consume, h, on, replace, set, showText } from "./dom.js";
import { remarks } from "./highlights.js";
import { moveIcon } from "./icons.js";
import { carry, difference, join, remove, reorder, track } from "./timeline.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */
/** @typedef {import("./types.js").Finding} Finding */
/** @typedef {import("./timeline.js").Step} Step */
/**
 * @typedef {{step?: number, item?: number | undefined, key?: string}} Payload  a step, a move of
 *   it, or a tile
 */
/** @typedef {{step: number, item?: number | undefined}} Place */

/**
 * What is being dragged now; dataTransfer keeps its secrets until the drop.
 * @type {Payload | null}
 */
let dragged = null;

/** Let an element be dragged. @param {HTMLElement} el @param {Payload} payload */
export function draggable(el, payload) {
  el.draggable = true;
  on(el, "dragstart", (event) => {
    event.stopPropagation();
    dragged = payload;
    event.dataTransfer?.setData("application/x-hn-move", "1");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "copyMove";
  });
  on(el, "dragend", () => (dragged = null));
}

/** @param {Studio} studio @param {Editor} editor */
export function cameraSteps({ draft, t, grammar, language, announcer, ui }, editor) {
  const list = h("ol.steps", { label: t("steps") });
  const findings = h("ul.findings", { label: t("findings") });
  const hint = h("p.hint");
  const el = h("div.reading", list, hint, findings);
  let shown = "";
  /** The brackets that were made sentences last: undo may bring them back. */
  let rewritten = "";
  /** Where the focus goes once the text has changed. @type {Place | null} */
  let focus = null;

  const steps = () => track(bracketed(draft), grammar);
  /** @param {import("./types.js").Move} move */
  const name = (move) => grammar.command(move, language);

  /** @param {(prompt: string, steps: Step[]) => string} change @param {Place | null} [then] */
  function apply(change, then = null) {
    const text = editor.textarea.value;
    const before = bracketed(draft);
    // What the kernel reads of sentences is of the past while somebody types.
    if (editor.isComposing() || (before !== draft.prompt && draft.camera.prompt !== text)) return;
    const edit = difference(text, change(before, track(before, grammar)));
    if (!edit) return;
    focus = then;
    editor.edit(() => edit);
  }

  /** @param {Place} place @param {number} by */
  function shift({ step, item }, by) {
    const before = steps();
    const count = before.length;
    const to = step + by;
    const inside = to >= 0 && to < count;
    if (item !== undefined) {
      const { items = [] } = before[step] ?? {};
      const landing =
        by < 0 ? Math.max(to, 0) : items.length === 1 && inside ? step : Math.min(to, count);
      apply((text, all) => carry(text, all, step, item, to), { step: landing, item: 99 });
      const move = items[item]?.move;
      if (move) announcer.say(t("step.carried", { move: name(move), number: landing + 1 }));
    } else if (inside) {
      apply((text, all) => reorder(text, all, step, to), { step: to });
      announcer.say(t("step.moved", { number: to + 1, count }));
    }
  }

  /** @param {Place} place */
  const drop = (place) => apply((text, all) => remove(text, all, place.step, place.item), place);

  /**
   * What can be dragged, and moved or deleted by keys.
   * @param {Place} place
   * @param {Record<string, any>} props
   */
  const handle = (place, props) => ({
    ...props,
    "aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight Delete",
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey) return;
      const by = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
      if (key === "Delete" || key === "Backspace") drop(place);
      else if (shiftKey && by) shift(place, by);
      else return;
      consume(event);
    },
  });

  /** @param {Step} item @param {number} step @param {number} count @param {Finding[]} said */
  function stepItem({ start, end, items }, step, count, said) {
    const onclick = () => {
      editor.textarea.focus();
      if (bracketed(draft) === draft.prompt) editor.textarea.setSelectionRange(start, end);
    };
    const label = t("step.grip", { number: step + 1, count });
    const props = handle({ step }, { title: t("step.hint"), label, onclick });
    const li = h(
      "li.step",
      { "data-step": step },
      h("button.step-grip", props, String(step + 1)),
      h(
        "ul.step-moves",
        items.map((item, at) => moveItem(item, { step, item: at })),
      ),
      said.length > 0 && h("ul.step-says", said.map(findingItem)),
    );
    draggable(li, { step });
    return li;
  }

  /** @param {Step["items"][number]} item @param {Place} place */
  function moveItem({ text, move }, place) {
    const values = { move: move ? name(move) : text, number: place.step + 1 };
    const props = handle(place, {
      "data-item": place.item,
      "data-move": move?.key ?? "",
      title: t("move.hint"),
      label: t("move.chip", values),
    });
    const chip = h("button.move", props, move && moveIcon(move.key), values.move);
    const label = t("move.remove", values);
    const cross = h("button.move-remove", { label, onclick: () => drop(place) }, "×");
    const li = h("li.move-item", { "data-known": String(Boolean(move)) }, chip, cross);
    draggable(li, place);
    return li;
  }

  /** @param {Finding} finding */
  const findingItem = (finding) =>
    h(
      "li.finding",
      { "data-code": finding.code },
      h("span", t(`lint.${finding.code}`, finding.values)),
      editor.cureButtons(finding),
    );

  /** Where something would land: on a step, or behind the last. @param {DragEvent} event */
  function place(event) {
    const over = event.target instanceof Element ? event.target.closest(".hn-step") : null;
    return over ? Number(over.getAttribute("data-step")) : steps().length;
  }
  /** @param {number | null} at  what is marked */
  const mark = (at) => {
    for (const [index, el] of [...list.children, list].entries())
      set(el, { "data-over": index === at });
  };
  on(list, "dragover", (event) => {
    if (!dragged) return;
    consume(event);
    mark(place(event));
  });
  on(list, "dragleave", () => mark(null));
  on(list, "drop", (event) => {
    mark(null);
    if (!dragged) return;
    consume(event);
    const { step, item, key } = dragged;
    const to = place(event);
    const move = key && grammar.find(key);
    apply((text, all) => {
      const last = Math.min(to, all.length - 1);
      if (move) return join(text, all, last, move, grammar.command(move, ui.commands));
      if (step === undefined) return text;
      return item === undefined ? reorder(text, all, step, last) : carry(text, all, step, item, to);
    });
  });

  function update() {
    tell();
    const text = bracketed(draft);
    const said = remarks(draft.prompt, draft.camera);
    const told = draft.camera.told ? t("steps.told") : "";
    const key = JSON.stringify([text, said, told]);
    if (key === shown) return;
    shown = key;
    const found = track(text, grammar);
    const plain = text === draft.prompt;
    /** @type {(step: Step) => (one: Finding) => boolean} */
    const within = (step) => (one) => plain && step.start <= one.start && one.end <= step.end;
    replace(
      list,
      found.map((step, index) => stepItem(step, index, found.length, said.filter(within(step)))),
    );
    list.hidden = found.length === 0;
    showText(hint, found.length ? told : t("steps.empty"));
    const rest = said.filter((one) => !found.some((step) => within(step)(one)));
    replace(findings, rest.map(findingItem));
    findings.hidden = rest.length === 0;
    refocus();
  }

  /** Write brackets as sentences, where that is chosen: once, so that undo is one. Write sentences
   * as brackets, when those are chosen. */
  function tell() {
    const { prose, brackets, prompt = "" } = draft.camera;
    if (prompt !== editor.textarea.value) return;
    const told = ui.commands === "prose";
    const wanted = told ? prompt !== rewritten && prose : ui.switched && brackets;
    ui.switched = false;
    if (!wanted) return;
    rewritten = told ? prompt : "";
    draft.assumed = { prompt: wanted, brackets: told ? prompt : "" };
    const { activeElement } = /** @type {Document | ShadowRoot} */ (el.getRootNode());
    editor.rewrite(wanted);
    if (activeElement instanceof HTMLElement) activeElement.focus();
  }

  function refocus() {
    if (!focus) return;
    const { step, item } = focus;
    focus = null;
    const li = list.children[Math.min(step, list.children.length - 1)];
    const moves = [...(li?.querySelectorAll(".hn-move") ?? [])];
    const target = item === undefined ? null : moves[Math.min(item, moves.length - 1)];
    /** @type {HTMLElement | null | undefined} */ (
      target ?? li?.querySelector(".hn-step-grip")
    )?.focus();
  }
  return { el, update };
}
