// One clip of the board: made once, updated in place, so that a playing video is never disturbed by its neighbours.

import { Acts } from "./acts.js";
import { h, prefersReducedMotion, replace, setAttribute, setText, showText, uniqueId } from "./dom.js";
import { bytes, clock, percent, roundEta, shortModel } from "./format.js";
import { judgement } from "./judging.js";
import { start } from "./player.js";
import { SETTLED, aspect, elapsed, howFar, tone } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/**
 * What a card needs from its board.
 * @typedef {object} Board
 * @property {import("./types.js").Model} model
 * @property {import("./wire.js").Wire} wire
 * @property {import("./player.js").Player} player
 * @property {import("./clip_source.js").Clips} clips
 * @property {import("./loader.js").Loader} loader
 * @property {import("./menu.js").Menu} menu
 * @property {import("./announce.js").Announcer} announcer
 * @property {Translate} t
 * @property {AbortSignal} signal
 * @property {string[]} acts
 * @property {string} tagList               id of the datalist of tags
 * @property {() => HTMLElement} root
 * @property {(id: string) => void} pick    choose a clip for comparison, or let it go
 * @property {(id: string) => number} shiftOf  seconds
 */
/** How the board wants a card to look. @typedef {{blind: string, prompt: boolean, picked: string}} Look */

export class Card {
  /** @param {Board} board @param {Row} row */
  constructor(board, row) {
    this.board = board;
    this.row = row;
    /** @type {Look} */
    this.look = { blind: "", prompt: false, picked: "" };
    this.etaSince = performance.now();
    this.arrivedInView = false;
    this.metaText = "";
    this.posterShown = "";
    /** @type {HTMLVideoElement | null} */
    this.video = null;
    /** For the loader: whether there is a clip to show, and whether it holds a decoder. */
    this.wanted = false;
    this.loaded = false;
    this.loading = new AbortController();
    const { t } = board;
    const judge = (/** @type {import("./judging.js").Change} */ change) => void this.acts.ask("judge", change);
    this.marks = board.acts.includes("judge") ? judgement(t, judge, board.tagList) : null;
    this.parts = skeleton(t, this.marks?.el ?? null, {
      reload: () => this.load(),
      pick: () => board.pick(this.row.id),
      menu: () => this.acts.openMenu(),
    });
    this.acts = new Acts(board, () => this.row, this.parts);
    this.el = this.parts.el;
    board.loader.items.add(this);
  }

  /** @param {Row} row @param {Look} [look] */
  update(row, look = this.look) {
    const before = this.row;
    if (row.eta !== before.eta) this.etaSince = performance.now();
    if (row.state === "saved" && before.state !== "saved") this.arrivedInView = true;
    this.row = row;
    this.look = look;
    const { t } = this.board;
    setAttribute(this.el, "data-job", row.id);
    setAttribute(this.el, "data-state", row.state);
    setAttribute(this.el, "data-tone", tone(row.state));
    setAttribute(this.el, "data-picked", look.picked || null);
    setText(this.parts.title, this.name);
    this.parts.badge.hidden = !row.simulated;
    setText(this.parts.state, t(`board.state.${row.state}`));
    this.showSpecs();
    showText(this.parts.prompt, look.prompt ? row.prompt : "");
    setAttribute(this.parts.prompt, "title", look.prompt ? row.prompt : null);
    showText(this.parts.error, look.blind ? "" : row.error || "");
    showText(this.parts.advice, look.blind ? "" : row.advice || "");
    this.parts.trouble.hidden = Boolean(look.blind) || (!row.error && !row.advice);
    this.showPick();
    this.showNotes();
    this.showStage();
    this.tick(Date.now() / 1000);
    this.acts.update(Boolean(look.blind));
    if (row.state === "invalid") this.parts.marks.hidden = true;
    this.marks?.update(row);
    if (row.state === "saved" && !this.video) this.addVideo();
    this.wanted = row.state === "saved";
    if (this.video) {
      setAttribute(this.video, "aria-label", look.blind || t("board.video", { provider: this.name, model: row.model }));
      this.board.player.setShift(this.video, this.board.shiftOf(row.id));
    }
  }

  /** Its provider; where names are hidden, "Clip 3". */
  get name() {
    return this.look.blind || this.row.provider_title || this.row.provider;
  }

  showSpecs() {
    const { row, look } = this;
    const { t } = this.board;
    const shift = this.board.shiftOf(row.id);
    const seconds = t("common.seconds", { seconds: row.duration });
    const specs = [
      look.blind ? "" : shortModel(row.model),
      look.blind ? "" : row.resolution,
      seconds,
      row.take > 1 && !look.blind ? t("board.take", { take: row.take }) : "",
      shift ? t("board.shifted", { seconds: (shift > 0 ? "+" : "−") + Math.abs(shift).toFixed(2) }) : "",
    ];
    setText(this.parts.specs, specs.filter(Boolean).join(" · "));
    setAttribute(this.parts.specs, "title", look.blind ? null : row.model);
  }

  showPick() {
    const { pick, menu } = this.parts;
    const { t } = this.board;
    const { picked } = this.look;
    pick.hidden = this.row.state !== "saved";
    setText(pick, picked || "");
    setAttribute(pick, "aria-pressed", String(Boolean(picked)));
    setAttribute(pick, "aria-label", t("board.pick", { clip: this.name }));
    setAttribute(pick, "title", t("board.pick", { clip: this.name }));
    setAttribute(menu, "aria-label", t("board.menu", { clip: this.name }));
  }

  showNotes() {
    const notes = this.look.blind ? [] : (this.row.notes ?? []);
    this.parts.notesBox.hidden = notes.length === 0;
    setText(this.parts.notesSummary, this.board.t("board.notes", { count: notes.length }));
    const shown = [...this.parts.notes.children].map((li) => li.textContent);
    if (shown.join("\n") !== notes.join("\n")) replace(this.parts.notes, ...notes.map((note) => h("li", {}, note)));
  }

  /** The place of the picture while there is none. */
  showStage() {
    const { row } = this;
    if (!this.loaded) this.parts.media.style.setProperty("--hn-aspect", String(aspect(row.resolution)));
    if (this.posterShown !== row.poster) {
      this.posterShown = row.poster;
      if (row.poster) void this.board.clips.poster(this.parts.poster, row);
      else this.parts.poster.hidden = true;
    }
    this.showProgress(Date.now() / 1000);
  }

  /** The bar, and what stands over the picture. @param {number} now Unix seconds */
  showProgress(now) {
    const { row, parts } = this;
    const { t } = this.board;
    const moving = !SETTLED.has(row.state);
    const { fraction, kind } = howFar(row, now);
    const known = kind === "said" && fraction !== null;
    parts.progress.hidden = !moving;
    // The state stands in the head of the card; where the progress is known it is worth more here.
    const text = moving && known && row.state === "submitted" ? percent(fraction) : t(`board.state.${row.state}`);
    if (!this.video) setText(parts.stageText, text);
    if (!moving) return;
    setAttribute(parts.progress, "aria-valuenow", known ? Math.round(Number(fraction) * 100) : null);
    setAttribute(parts.progress, "aria-valuetext", `${t(`board.state.${row.state}`)} ${known ? percent(fraction) : this.outlook(now)}`.trim());
    setAttribute(parts.progress, "data-unknown", fraction === null && row.state !== "planned");
    setAttribute(parts.progress, "data-usual", kind === "usual");
    parts.bar.style.inlineSize = fraction === null ? "" : `${fraction * 100}%`;
  }

  /** What changes with time alone. @param {number} now Unix seconds */
  tick(now) {
    const { row } = this;
    const { t } = this.board;
    const passed = elapsed(row, now);
    const facts = this.look.blind
      ? []
      : [
          passed === null ? null : [t("board.fact.time"), clock(passed)],
          row.cost ? [t("board.fact.cost"), row.cost] : null,
          row.bytes ? [t("board.fact.size"), bytes(row.bytes)] : null,
        ].filter((fact) => fact !== null);
    const text = facts.map((fact) => fact.join(" ")).join("|");
    if (text !== this.metaText) {
      this.metaText = text;
      replace(this.parts.meta, ...facts.map(([label, value]) => h("div", {}, h("dt", {}, label ?? ""), h("dd", {}, value ?? ""))));
    }
    this.parts.meta.hidden = facts.length === 0;
    if (SETTLED.has(row.state)) return;
    setText(this.parts.stageMore, this.outlook(now));
    this.showProgress(now);
  }

  /** "place 3 in the queue · about 20 s left", or what is usual here. @param {number} now */
  outlook(now) {
    const { row } = this;
    const { t } = this.board;
    if (SETTLED.has(row.state)) return "";
    /** @type {string[]} */
    const parts = [];
    if (row.queue_position) parts.push(t("board.queue", { place: row.queue_position }));
    if (row.eta !== null && row.eta !== undefined) {
      const left = row.eta - (performance.now() - this.etaSince) / 1000;
      parts.push(left < 1 ? t("board.eta.soon") : about(left, (unit, values) => t(`board.eta.${unit}`, values)));
    } else if (row.usual_seconds && (row.state === "submitted" || row.state === "submitting")) {
      const { late } = howFar(row, now);
      parts.push(about(row.usual_seconds, (unit, values) => t(late ? `board.late.${unit}` : `board.usual.${unit}`, values)));
    }
    return parts.join(" · ");
  }

  addVideo() {
    const { parts, board } = this;
    const video = h("video.hn-video", { playsinline: true, preload: "auto", on: { click: () => this.playAlone(), dblclick: () => void video.requestFullscreen?.() } });
    video.muted = true;
    video.loop = true;
    video.setAttribute("muted", "");
    video.addEventListener("fullscreenchange", () => {
      video.controls = document.fullscreenElement === video;
    });
    this.video = video;
    parts.media.append(video);
    setText(parts.stageText, "");
    setText(parts.stageMore, "");
    this.wanted = true;
    board.loader.settle();
  }

  /** A click on a picture moves this clip alone, while the others rest. */
  playAlone() {
    const { video, board } = this;
    if (!video) return;
    if (board.player.playing) board.player.pause();
    else if (video.paused) {
      board.player.inStep = false;
      start(video);
    } else video.pause();
  }

  /** Called by the loader when this clip may hold a decoder. */
  load() {
    this.loaded = true;
    this.loading = new AbortController();
    void this.bring(this.loading.signal);
  }

  /** Called by the loader when another clip needs it more. The poster stays. */
  unload() {
    this.loaded = false;
    this.loading.abort();
    if (!this.video) return;
    this.board.player.remove(this.video);
    this.video.removeAttribute("src");
    this.video.load();
    this.parts.media.removeAttribute("data-clip");
  }

  /** @param {AbortSignal} signal */
  async bring(signal) {
    const { board, video, parts } = this;
    const { t } = board;
    if (!video) return;
    parts.retry.hidden = true;
    setAttribute(parts.media, "data-clip", "loading");
    setText(parts.stageText, t("board.clip.loading"));
    try {
      const onBytes = (/** @type {number} */ got, /** @type {number} */ size) => setText(parts.stageMore, `${bytes(got)} / ${bytes(size)}`);
      await board.clips.show(video, this.row, signal, onBytes);
      if (signal.aborted) return;
      if (video.videoWidth) parts.media.style.setProperty("--hn-aspect", String(video.videoWidth / video.videoHeight));
      setAttribute(parts.media, "data-clip", "shown");
      setText(parts.stageText, "");
      board.player.add(video, { fps: this.row.fps, shift: board.shiftOf(this.row.id) });
      if (this.arrivedInView && !board.player.playing && !board.player.inStep && !prefersReducedMotion()) start(video);
      this.arrivedInView = false;
    } catch (reason) {
      if (signal.aborted) return;
      setAttribute(parts.media, "data-clip", "failed");
      setText(parts.stageText, t("board.clip.failed"));
      setText(parts.stageMore, `${this.row.video ?? ""} ${reason instanceof Error ? reason.message : ""}`.trim());
      parts.retry.hidden = false;
    }
  }

  remove() {
    this.unload();
    this.wanted = false;
    this.board.loader.items.delete(this);
    this.el.remove();
  }
}

/**
 * "usually 40 s", "about 2 min left": seconds in the unit that people would say.
 * @param {number} time seconds @param {(unit: string, values: Record<string, number>) => string} say
 */
function about(time, say) {
  const seconds = roundEta(time);
  return seconds < 60 ? say("seconds", { seconds }) : say("minutes", { minutes: Math.round(seconds / 30) / 2 });
}

/** The elements of a card, empty.
 * @param {Translate} t @param {HTMLElement | null} marksEl
 * @param {{reload: () => void, pick: () => void, menu: () => void}} on */
function skeleton(t, marksEl, on) {
  const name = uniqueId("clip");
  const title = h("h4.hn-card-title", { id: name });
  const badge = h("span.hn-badge", {}, t("common.simulated"));
  const state = h("span.hn-state");
  const specs = h("p.hn-specs");
  const prompt = h("p.hn-card-prompt");
  const meta = h("dl.hn-meta");
  const error = h("p.hn-error-text");
  const advice = h("p.hn-advice");
  const trouble = h("div.hn-trouble", {}, error, advice);
  const handy = h("div.hn-row", { hidden: true });
  const confirm = h("div.hn-confirm", { role: "group", "aria-label": t("board.confirm"), hidden: true });
  const told = h("p.hn-told", { hidden: true });
  const notes = h("ul.hn-note-list");
  const notesSummary = h("summary");
  const notesBox = h("details.hn-notes", {}, notesSummary, notes);
  const bar = h("div.hn-bar-fill");
  const progress = h("div.hn-bar", { role: "progressbar", "aria-labelledby": name, "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  const stageText = h("span.hn-stage-text");
  const stageMore = h("span.hn-stage-more");
  const retry = h("button.hn-button.hn-small", { type: "button", hidden: true, on: { click: on.reload } }, t("board.clip.retry"));
  const poster = h("img.hn-poster", { alt: "", hidden: true });
  const pick = h("button.hn-pick", { on: { click: on.pick } });
  const media = h("div.hn-media", {}, poster, h("div.hn-stage", {}, stageText, stageMore, retry), pick);
  const menu = h("button.hn-button.hn-square.hn-quiet.hn-more", { "aria-haspopup": "menu", "aria-expanded": "false", on: { click: on.menu } }, "⋯");
  const line = h("div.hn-card-line", {}, specs, state);
  const marksBox = h("div.hn-marks-box", { hidden: !marksEl }, marksEl);
  const head = h("div.hn-card-head", {}, title, badge, menu);
  const body = h("div.hn-card-body", {}, head, line, prompt, trouble, handy, confirm, told, meta, marksBox, notesBox);
  const el = h("li.hn-card", { "aria-labelledby": name }, media, progress, body);
  return { el, title, badge, state, specs, prompt, meta, error, advice, trouble, handy, confirm, told, notes, notesSummary, notesBox, bar, progress, stageText, stageMore, retry, poster, pick, media, menu, marks: marksBox };
}
