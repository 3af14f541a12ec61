// The camera in one line, and opened: the steps of the prompt with their moves, and a clip of them.
// Every change is a change of the text. Steps are reordered by dragging, or by Shift and the arrow
// keys.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { bracketed } from "./camera.js";
import { consume, flag } from "./dom.js";
import { draggable, draggedNow } from "./dragging.js";
import { Fold } from "./fold.js";
import { MoveIcon } from "./icons.js";
import { MovesPreview } from "./moves_preview.js";
import { step as stepTo } from "./roving.js";
import { carry, difference, join, remove, reorder, stepsText, track } from "./timeline.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */
/** @typedef {import("./timeline.js").Step} Step */
/** @typedef {{step: number, item?: number | undefined}} Place */

/** @param {{studio: Studio, editor: Editor}} props */
export function Camera({ studio, editor }) {
  const { draft, t, grammar, language } = studio;
  const open = useSignal(false);
  const steps = track(bracketed(draft), grammar);
  const text = stepsText(steps, (move) => grammar.command(move, language));
  const hint = steps.length
    ? draft.camera.sent_as_prose
      ? t("steps.prose")
      : ""
    : t("steps.empty");
  return h(
    Fold,
    {
      label: t("timeline"),
      what: text || t("steps.none"),
      onToggle: (/** @type {any} */ { currentTarget }) => (open.value = currentTarget.open),
    },
    h(
      "div",
      { class: "hn-timeline" },
      h(Steps, { studio, editor, steps }),
      hint && h("p", { class: "hn-hint" }, hint),
      h(MovesPreview, { studio, open: open.value }),
    ),
  );
}

/** Names of the places in the list that the arrow keys go to. @param {Place} place */
const nameOf = ({ step, item }) => (item === undefined ? `${step}` : `${step}.${item}`);

/** @param {{studio: Studio, editor: Editor, steps: Step[]}} props */
function Steps({ studio, editor, steps }) {
  const { draft, t, grammar, language, announcer, ui } = studio;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  /** Where the focus goes once the text has changed. @type {{current: Place | null}} */
  const focus = useRef(null);
  const stop = useSignal("0");
  /** On which step, or behind the last, something would land. */
  const over = useSignal(/** @type {number | null} */ (null));

  /** Each step, its moves, and the crosses beside them. */
  const lines = steps.map(({ items }, step) => [
    nameOf({ step }),
    ...items.flatMap((_, item) => [nameOf({ step, item }), `${nameOf({ step, item })}x`]),
  ]);
  const tabStop = lines.flat().includes(stop.value) ? stop.value : "0";
  const element = (/** @type {string} */ name) =>
    /** @type {HTMLElement | null | undefined} */ (
      list.current?.querySelector(`[data-stop="${name}"]`)
    );
  const text = bracketed(draft);
  useLayoutEffect(() => {
    if (!focus.current) return;
    const { step, item } = focus.current;
    focus.current = null;
    const at = Math.min(step, steps.length - 1);
    const last = (steps[at]?.items.length ?? 0) - 1;
    const name = { step: at, item: item === undefined ? item : Math.min(item, last) };
    element(nameOf(name))?.focus();
  }, [text]);

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
    focus.current = then;
    editor.edit(() => edit);
  }

  /** @param {Place} place @param {number} by */
  function shift({ step, item }, by) {
    const count = steps.length;
    const to = step + by;
    const inside = to >= 0 && to < count;
    if (item !== undefined) {
      const { items = [] } = steps[step] ?? {};
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

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    const from = /** @type {HTMLElement} */ (event.target).dataset.stop;
    if (ctrlKey || metaKey || altKey || from === undefined) return;
    const [step = 0, item] = from.split(/[.x]/).filter(Boolean).map(Number);
    const by = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
    const to = shiftKey ? null : stepTo(lines, from, key);
    if (key === "Delete" || key === "Backspace") drop({ step, item });
    else if (shiftKey && by) shift({ step, item }, by);
    else if (to !== null) element(to)?.focus();
    else return;
    consume(event);
  }

  /** What the arrow keys reach. @param {string} name */
  const stopProps = (name) => ({
    type: "button",
    "data-stop": name,
    tabIndex: name === tabStop ? 0 : -1,
    onFocus: () => (stop.value = name),
  });
  /** What can be moved or deleted by keys too. @param {Place} place */
  const handle = (place) => ({
    ...stopProps(nameOf(place)),
    "aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight Delete",
  });

  /** @param {Step} step @param {number} index */
  function stepItem({ start, end, items }, index) {
    const onClick = () => {
      editor.textarea.focus();
      if (bracketed(draft) === draft.prompt) editor.textarea.setSelectionRange(start, end);
    };
    const label = t("step.grip", { number: index + 1, count: steps.length });
    return h(
      "li",
      {
        class: "hn-step",
        key: index,
        "data-step": index,
        "data-over": flag(over.value === index),
        ...draggable({ step: index }),
      },
      h(
        "button",
        {
          ...handle({ step: index }),
          class: "hn-step-grip",
          title: t("step.hint"),
          "aria-label": label,
          onClick,
        },
        index + 1,
      ),
      h(
        "ul",
        { class: "hn-step-moves" },
        items.map((item, at) => moveItem(item, { step: index, item: at })),
      ),
    );
  }

  /** @param {Step["items"][number]} item @param {Place} place */
  function moveItem({ text, move }, place) {
    const values = { move: move ? name(move) : text, number: place.step + 1 };
    return h(
      "li",
      {
        class: "hn-move-item",
        key: place.item,
        "data-known": String(Boolean(move)),
        ...draggable(place),
      },
      h(
        "button",
        {
          ...handle(place),
          class: "hn-move",
          "data-move": move?.key ?? "",
          title: t("move.hint"),
          "aria-label": t("move.chip", values),
        },
        move && h(MoveIcon, { move: move.key }),
        values.move,
      ),
      h(
        "button",
        {
          ...stopProps(`${nameOf(place)}x`),
          class: "hn-move-remove",
          "aria-label": t("move.remove", values),
          onClick: () => drop(place),
        },
        "×",
      ),
    );
  }

  /** @param {DragEvent} event */
  function place(event) {
    const over = event.target instanceof Element ? event.target.closest(".hn-step") : null;
    return over ? Number(over.getAttribute("data-step")) : steps.length;
  }
  /** @param {DragEvent} event */
  function onDragOver(event) {
    if (!draggedNow()) return;
    consume(event);
    over.value = place(event);
  }
  /** @param {DragEvent} event */
  function onDrop(event) {
    over.value = null;
    const payload = draggedNow();
    if (!payload) return;
    consume(event);
    const { step, item, key } = payload;
    const to = place(event);
    const move = key && grammar.find(key);
    apply((text, all) => {
      const last = Math.min(to, all.length - 1);
      if (move) return join(text, all, last, move, grammar.command(move, ui.commands));
      if (step === undefined) return text;
      return item === undefined ? reorder(text, all, step, last) : carry(text, all, step, item, to);
    });
  }

  return h(
    "ol",
    {
      class: "hn-steps",
      ref: list,
      "aria-label": t("steps"),
      hidden: !steps.length,
      "data-over": flag(over.value === steps.length),
      onKeyDown,
      onDragOver,
      onDragLeave: () => (over.value = null),
      onDrop,
    },
    steps.map(stepItem),
  );
}
