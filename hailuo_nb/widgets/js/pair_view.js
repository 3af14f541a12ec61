// Two clips on one stage: side by side, wiped, their difference, or in turn; or up to four of them.

import { stageVideo } from "./card.js";
import {
  button,
  choice,
  h,
  hasFocus,
  on,
  prefersReducedMotion,
  refill,
  set,
  setText,
  showText,
} from "./dom.js";
import { shortModel } from "./format.js";
import { aspect } from "./states.js";
import { soundStrip } from "./waveform.js";
import { reasonText } from "./wire.js";
import { wordDiff } from "./word_diff.js";

/** @typedef {import("./types.js").Row} Row */
/**
 * @typedef {import("./video_loader.js").Loadable & {el: HTMLElement, video: HTMLVideoElement,
 *   label: HTMLElement, strip: ReturnType<typeof soundStrip>}} Side
 */
/**
 * What a person does to a pair.
 * @typedef {{mode: (mode: string) => void, swap: () => void, shift: (id: string, seconds: number)
 *   => void,
 *   full: () => void, close: () => void}} Callbacks
 */

const MODES = ["side", "wipe", "difference", "flicker"];
/** Milliseconds that each of two clips is seen: slower than three flashes a second. */
const FLICKER = 600;
/** Percent of the width. @type {Record<string, number>} */
const STEPS = {
  ArrowLeft: -2,
  ArrowDown: -2,
  ArrowRight: 2,
  ArrowUp: 2,
  PageDown: -10,
  PageUp: 10,
  Home: -100,
  End: 100,
};

/** Both prompts, the words that differ marked. @param {Row} a @param {Row} b */
export const promptWords = (a, b) =>
  wordDiff(a.prompt, b.prompt).map((parts, index) => {
    const words = parts.map(({ text, changed }) => (changed ? h("mark", text) : text));
    return h("p.words", h("b", "AB".charAt(index)), " ", words);
  });

/** @param {import("./card.js").Board} board @param {Callbacks} callbacks */
export function pairView(board, callbacks) {
  const { t, player, clips } = board;
  /** @type {Map<string, Side>} */
  const sides = new Map();
  /** @type {Row[] | null} */
  let pair = null;
  let wipe = 50;
  let timer = 0;

  const label = t("wipe.position");
  const line = h("div.wipe-line", {
    role: "slider",
    tabindex: 0,
    label,
    "aria-valuemin": 0,
    "aria-valuemax": 100,
  });
  const stage = h("div.pair-stage", line);
  const modes = choice(
    t("view.pair"),
    "mode",
    MODES.map((mode) => [mode, t(`mode.${mode}`)]),
    callbacks.mode,
  );
  const turn = () => stage.toggleAttribute("data-turned");
  const shifts = ["A", "B"].map((side, index) => {
    const title = t("shift", { side });
    const onchange = () => pair && callbacks.shift(pair[index]?.id ?? "", Number(input.value) || 0);
    const input = h("input.input.shift", {
      type: "number",
      step: 0.04,
      value: 0,
      label: title,
      onchange,
    });
    const unit = (/** @type {string} */ text) => h("span", { "aria-hidden": true }, text);
    return { input, el: h("label.shift-label", { title }, unit(`${side} +`), input, unit("s")) };
  });
  const swap = button(".small", t("swap"), callbacks.swap);
  const close = button(".small", t("pair.close"), callbacks.close);
  const tools = h(
    "div.row.pair-tools",
    modes.el,
    button(".small.other", t("flicker.turn"), turn),
    swap,
    shifts.map(({ el }) => el),
    button(".small", t("full"), callbacks.full),
    close,
  );
  const words = h("div.pair-words");
  const error = h("p.message", { hidden: true });
  const strips = h("div.pair-sound");
  const el = h("div.pair", { hidden: true }, tools, stage, strips, error, words);

  const drag = (/** @type {PointerEvent} */ event) => {
    const box = stage.getBoundingClientRect();
    setWipe(((event.clientX - box.left) / box.width) * 100);
  };
  on(stage, "pointerdown", (event) => {
    if (el.dataset.mode !== "wipe") return player.toggle();
    stage.setPointerCapture(event.pointerId);
    drag(event);
  });
  on(stage, "pointermove", (event) => stage.hasPointerCapture(event.pointerId) && drag(event));
  on(line, "keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    setWipe(wipe + step);
  });
  on(board.signal, "abort", hide);

  /** @param {number} percent  of the width that shows the first */
  function setWipe(percent) {
    wipe = Math.min(100, Math.max(0, percent));
    stage.style.setProperty("--hn-wipe", `${wipe}%`);
    set(line, { "aria-valuenow": Math.round(wipe), "aria-valuetext": `${Math.round(wipe)} %` });
  }

  /**
   * @param {Row[]} rows  two, or up to four, which stand side by side
   * @param {string} mode  of two
   * @param {{names: string[], blind: boolean, closable: boolean}} look
   */
  function show(rows, mode, { names, blind, closable }) {
    pair = rows;
    const [a, b] = /** @type {[Row, Row]} */ (rows);
    const several = rows.length > 2;
    const way = several ? "four" : mode;
    const ids = rows.map(({ id }) => id);
    el.hidden = false;
    close.hidden = !closable;
    swap.hidden = blind || several;
    modes.el.hidden = several;
    for (const shift of shifts) shift.el.hidden = several;
    set(el, { "data-mode": way });
    modes.show(mode);
    for (const id of sides.keys()) if (!ids.includes(id)) drop(id);
    putInOrder(rows.map((row, index) => showSide(row, index, names[index] ?? "", blind)));
    refill(strips, ids, () => ids.map((id) => sides.get(id)?.strip.el));
    stage.style.setProperty("--hn-aspect", String(aspect(a.resolution)));
    line.hidden = way !== "wipe";
    setWipe(wipe);
    // The prompts, where they differ, with the words that do.
    words.hidden = several || a.prompt === b.prompt;
    refill(words, ids, () => [h("p.soft", t("words")), ...promptWords(a, b)]);
    clearInterval(timer);
    if (way === "flicker" && !prefersReducedMotion()) timer = window.setInterval(turn, FLICKER);
  }

  /** @param {Row} row @param {number} index @param {string} name @param {boolean} blind */
  function showSide(row, index, name, blind) {
    const side = sides.get(row.id) ?? make(row);
    const shift = board.shiftOf(row.id);
    set(side.el, { "data-side": "abcd".charAt(index) });
    setText(side.label, blind || !row.model ? name : `${name} · ${shortModel(row.model)}`);
    set(side.video, { label: side.label.textContent });
    side.strip.update(row.waveform, name);
    player.setShift(side.video, shift);
    const input = shifts[index]?.input;
    if (input && !hasFocus(input)) input.value = String(shift);
    return side.el;
  }

  /** They stand on the page in this order too, for who hears it. @param {HTMLElement[]} wanted */
  function putInOrder(wanted) {
    const mover = /** @type {HTMLElement & {moveBefore?: HTMLElement["insertBefore"]}} */ (stage);
    let after = /** @type {HTMLElement} */ (line);
    for (const one of wanted.toReversed()) {
      if (one.nextElementSibling !== after)
        (mover.moveBefore ?? mover.insertBefore).call(stage, one, after); // a moved video plays on
      after = one;
    }
  }

  /** @param {Row} row */
  function make(row) {
    const video = stageVideo();
    const label = h("span.pair-label");
    let life = new AbortController();
    const el = h("div.pair-side", video, label);
    /** @type {Side} */
    const side = {
      ...{ el, video, label, strip: soundStrip(board, row.id, el) },
      ...{ wanted: true, loaded: false },
      async load() {
        side.loaded = true;
        life = new AbortController();
        const { signal } = life;
        try {
          await clips.show(video, row, signal);
          if (!signal.aborted) player.add(video, { fps: row.fps, shift: board.shiftOf(row.id) });
        } catch (reason) {
          if (!signal.aborted) showText(error, `${t("clip.failed")}: ${reasonText(reason)}`);
        }
      },
      unload() {
        side.loaded = false;
        life.abort();
        player.remove(video);
        clips.hide(video);
      },
    };
    side.strip.follow(video);
    sides.set(row.id, side);
    board.loader.items.add(side);
    stage.insertBefore(side.el, line);
    showText(error, "");
    return side;
  }

  /** @param {string} id */
  function drop(id) {
    const side = /** @type {Side} */ (sides.get(id));
    sides.delete(id);
    board.loader.items.delete(side);
    side.unload();
    board.sound.remove(side.video);
    side.el.remove();
  }

  function hide() {
    clearInterval(timer);
    el.hidden = true;
    pair = null;
    for (const id of sides.keys()) drop(id);
  }
  return { el, show, hide };
}
