// Two clips on one stage: side by side, wiped, their difference, or in turn. Knows rows, clips and the player.

import { h, replace, setAttribute, setText, showText } from "./dom.js";
import { shortModel } from "./format.js";
import { aspect } from "./states.js";
import { wordDiff } from "./word_diff.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {{el: HTMLElement, video: HTMLVideoElement, label: HTMLElement, row: Row, life: AbortController}} Side */

export const MODES = ["side", "wipe", "difference", "flicker"];
/** Milliseconds that each of two clips is seen: slower than three flashes a second. */
const FLICKER = 600;

/** Both prompts, the words that differ marked. @param {Row} a @param {Row} b */
export function promptWords(a, b) {
  return wordDiff(a.prompt, b.prompt).map((parts, index) =>
    h("p.hn-words", {}, h("b", {}, "AB"[index] ?? ""), " ", ...parts.map(({ text, changed }) => (changed ? h("mark", {}, text) : text))),
  );
}

export class PairView {
  /**
   * @param {import("./card.js").Board} board
   * @param {{mode: (mode: string) => void, swap: () => void, shift: (id: string, seconds: number) => void, full: () => void, close: () => void}} on
   */
  constructor(board, on) {
    this.board = board;
    const { t } = board;
    /** @type {Map<string, Side>} */
    this.sides = new Map();
    /** @type {[Row, Row] | null} */
    this.pair = null;
    this.wipe = 50;
    this.timer = 0;
    this.line = h("div.hn-wipe-line", { role: "slider", tabindex: 0, "aria-label": t("board.wipe.position"), "aria-valuemin": 0, "aria-valuemax": 100 });
    this.stage = h("div.hn-pair-stage", {}, this.line);
    this.modes = MODES.map((mode) => h("button.hn-button.hn-small", { data: { mode }, on: { click: () => on.mode(mode) } }, t(`board.mode.${mode}`)));
    const other = h("button.hn-button.hn-small.hn-other", { on: { click: () => this.turn() } }, t("board.flicker.turn"));
    this.shifts = ["A", "B"].map((side, index) => {
      const input = h("input", { type: "number", class: "hn-input hn-shift", step: 0.04, value: 0, "aria-label": t("board.shift", { side }) });
      input.addEventListener("change", () => {
        const row = this.pair?.[index];
        if (row) on.shift(row.id, Number(input.value) || 0);
      });
      return { input, el: h("label.hn-shift-label", { title: t("board.shift", { side }) }, h("span", { "aria-hidden": "true" }, `${side} +`), input, h("span", { "aria-hidden": "true" }, "s")) };
    });
    const small = (/** @type {string} */ key, /** @type {() => void} */ click) => h("button.hn-button.hn-small", { on: { click } }, t(key));
    const modes = h("div.hn-segments", { role: "group", "aria-label": t("board.view.pair") }, ...this.modes);
    this.swapButton = small("board.swap", on.swap);
    const tools = h("div.hn-row.hn-pair-tools", {}, modes, other, this.swapButton, ...this.shifts.map(({ el }) => el), small("board.full", on.full));
    this.close = small("board.pair.close", on.close);
    tools.append(this.close);
    this.words = h("div.hn-pair-words", { hidden: true });
    this.error = h("p.hn-told", { hidden: true });
    this.el = h("div.hn-pair", { hidden: true }, tools, this.stage, this.error, this.words);
    this.listen();
    board.signal.addEventListener("abort", () => this.hide());
  }

  listen() {
    const drag = (/** @type {PointerEvent} */ event) => {
      const box = this.stage.getBoundingClientRect();
      this.setWipe(((event.clientX - box.left) / box.width) * 100);
    };
    this.stage.addEventListener("pointerdown", (event) => {
      if (this.el.dataset.mode !== "wipe") return this.board.player.toggle();
      this.stage.setPointerCapture(event.pointerId);
      drag(event);
    });
    this.stage.addEventListener("pointermove", (event) => {
      if (this.stage.hasPointerCapture(event.pointerId)) drag(event);
    });
    this.line.addEventListener("keydown", (event) => {
      const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 });
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      this.setWipe(this.wipe + step);
    });
  }

  /** @param {number} percent  of the width that shows the first */
  setWipe(percent) {
    this.wipe = Math.min(100, Math.max(0, percent));
    this.stage.style.setProperty("--hn-wipe", `${this.wipe}%`);
    setAttribute(this.line, "aria-valuenow", Math.round(this.wipe));
    setAttribute(this.line, "aria-valuetext", `${Math.round(this.wipe)} %`);
  }

  /** Show the other one of two that flicker. */
  turn() {
    this.stage.toggleAttribute("data-turned");
  }

  /**
   * @param {[Row, Row]} pair @param {string} mode
   * @param {{names: [string, string], blind: boolean, closable: boolean}} look
   */
  show(pair, mode, { names, blind, closable }) {
    const { board } = this;
    this.pair = pair;
    this.el.hidden = false;
    this.close.hidden = !closable;
    this.swapButton.hidden = blind;
    setAttribute(this.el, "data-mode", mode);
    for (const button of this.modes) setAttribute(button, "aria-pressed", String(button.dataset.mode === mode));
    const ids = new Set(pair.map(({ id }) => id));
    for (const [id, side] of this.sides) if (!ids.has(id)) this.drop(id, side);
    pair.forEach((row, index) => {
      const side = this.sides.get(row.id) ?? this.make(row);
      setAttribute(side.el, "data-side", index ? "b" : "a");
      setText(side.label, blind || !row.model ? (names[index] ?? "") : `${names[index]} · ${shortModel(row.model)}`);
      setAttribute(side.video, "aria-label", side.label.textContent);
      board.player.setShift(side.video, board.shiftOf(row.id));
      const shift = this.shifts[index];
      if (shift && shift.input !== document.activeElement) shift.input.value = String(board.shiftOf(row.id));
    });
    this.putInOrder(pair);
    this.stage.style.setProperty("--hn-aspect", String(aspect(pair[0].resolution)));
    this.line.hidden = mode !== "wipe";
    this.setWipe(this.wipe);
    this.showWords(pair);
    clearInterval(this.timer);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (mode === "flicker" && !still) this.timer = window.setInterval(() => this.turn(), FLICKER);
  }

  /** The first stands first on the page too, for who hears it. @param {[Row, Row]} pair */
  putInOrder(pair) {
    const [first, second] = pair.map(({ id }) => this.sides.get(id)?.el);
    if (!first || !second || first.nextElementSibling === second) return;
    const stage = /** @type {HTMLElement & {moveBefore?: HTMLElement["insertBefore"]}} */ (this.stage);
    (stage.moveBefore ?? stage.insertBefore).call(stage, second, this.line); // a moved video goes on playing
  }

  /** @param {Row} row @returns {Side} */
  make(row) {
    const { board } = this;
    const video = h("video.hn-video", { playsinline: true, preload: "auto" });
    video.muted = true;
    const label = h("span.hn-pair-label");
    const el = h("div.hn-pair-side", {}, video, label);
    const life = new AbortController();
    const side = { el, video, label, row, life };
    this.sides.set(row.id, side);
    this.stage.insertBefore(el, this.line);
    showText(this.error, "");
    board.clips.show(video, row, life.signal).then(
      () => {
        if (!life.signal.aborted) board.player.add(video, { fps: row.fps, shift: board.shiftOf(row.id) });
      },
      (reason) => showText(this.error, `${board.t("board.clip.failed")}: ${reason.message}`),
    );
    return side;
  }

  /** @param {string} id @param {Side} side */
  drop(id, side) {
    side.life.abort();
    this.board.player.remove(side.video);
    side.video.removeAttribute("src");
    side.video.load();
    side.el.remove();
    this.sides.delete(id);
  }

  /** The prompts, where they differ, with the words that do. @param {[Row, Row]} pair */
  showWords([a, b]) {
    const key = `${a.id} ${b.id}`;
    if (this.words.dataset.pair === key) return;
    this.words.dataset.pair = key;
    this.words.hidden = a.prompt === b.prompt;
    if (this.words.hidden) return;
    replace(this.words, h("p.hn-soft", {}, this.board.t("board.words")), ...promptWords(a, b));
  }

  hide() {
    clearInterval(this.timer);
    this.el.hidden = true;
    this.pair = null;
    for (const [id, side] of this.sides) this.drop(id, side);
  }
}
