// One clip of the board: made once, updated in place, so that a playing video is never disturbed by its neighbours.

import { showClip } from "./clip_source.js";
import { h, prefersReducedMotion, replace, setAttribute, setText, showText, uniqueId } from "./dom.js";
import { bytes, clock, percent, roundEta, shortModel } from "./format.js";
import { start } from "./player.js";
import { SETTLED, aspect, elapsed, tone } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/**
 * What a card needs from its board.
 * @typedef {object} Board
 * @property {import("./types.js").Model} model
 * @property {import("./wire.js").Wire} wire
 * @property {import("./player.js").Player} player
 * @property {Translate} t
 * @property {AbortSignal} signal
 * @property {(el: Element, callback: () => void) => void} whenNear  call back once the element is near the window
 * @property {(row: Row) => string} posterOf
 */

export class Card {
  /** @param {Board} board @param {Row} row */
  constructor(board, row) {
    this.board = board;
    this.row = row;
    this.etaSince = performance.now();
    this.arrivedInView = false;
    this.metaText = "";
    this.loading = false;
    /** @type {HTMLVideoElement | null} */
    this.video = null;
    this.life = new AbortController();
    board.signal.addEventListener("abort", () => this.life.abort(), { signal: this.life.signal });
    this.parts = skeleton(board.t, () => void this.load());
    this.el = this.parts.el;
  }

  /** @param {Row} row */
  update(row) {
    const before = this.row;
    if (row.eta !== before.eta) this.etaSince = performance.now();
    if (row.state === "saved" && before.state !== "saved") this.arrivedInView = true;
    this.row = row;
    const { t } = this.board;
    setAttribute(this.el, "data-job", row.id);
    setAttribute(this.el, "data-state", row.state);
    setAttribute(this.el, "data-tone", tone(row.state));
    setText(this.parts.title, row.provider_title || row.provider);
    this.parts.badge.hidden = !row.simulated;
    setText(this.parts.state, t(`board.state.${row.state}`));
    const take = row.take > 1 ? t("board.take", { take: row.take }) : "";
    const size = [row.resolution, t("common.seconds", { seconds: row.duration }), take]
      .filter(Boolean)
      .join(" · ");
    setText(this.parts.specs, [shortModel(row.model), size].filter(Boolean).join(" · "));
    setAttribute(this.parts.specs, "title", row.model);
    this.showTrouble();
    this.showNotes();
    this.showStage();
    this.tick(Date.now() / 1000);
    if (row.state === "saved" && !this.video) this.addVideo();
  }

  /** Whether the prompt stands in the card: only where the clips of a board differ in it. @param {boolean} shown */
  showPrompt(shown) {
    showText(this.parts.prompt, shown ? this.row.prompt : "");
    setAttribute(this.parts.prompt, "title", shown ? this.row.prompt : null);
  }

  showTrouble() {
    showText(this.parts.error, this.row.error || "");
    showText(this.parts.advice, this.row.advice || "");
    this.parts.trouble.hidden = !this.row.error && !this.row.advice;
  }

  showNotes() {
    const notes = this.row.notes ?? [];
    this.parts.notesBox.hidden = notes.length === 0;
    setText(this.parts.notesSummary, this.board.t("board.notes", { count: notes.length }));
    if (
      this.parts.notes.childElementCount !== notes.length ||
      [...this.parts.notes.children].some((li, i) => li.textContent !== notes[i])
    ) {
      replace(this.parts.notes, ...notes.map((note) => h("li", {}, note)));
    }
  }

  /** The place of the picture while there is none, and the bar under it. */
  showStage() {
    const { row } = this;
    const { t } = this.board;
    const poster = this.board.posterOf(row);
    this.parts.media.style.setProperty("--hn-aspect", String(aspect(row.resolution)));
    setAttribute(this.parts.poster, "src", poster || null);
    this.parts.poster.hidden = !poster || Boolean(this.video);
    const moving = !SETTLED.has(row.state);
    this.parts.progress.hidden = !moving;
    const known = row.progress !== null && row.progress !== undefined;
    // The state stands in the head of the card; where the progress is known it is worth more here.
    if (!this.video)
      setText(this.parts.stageText, moving && known ? percent(row.progress) : t(`board.state.${row.state}`));
    setAttribute(this.parts.progress, "aria-valuenow", known ? Math.round(Number(row.progress) * 100) : null);
    setAttribute(
      this.parts.progress,
      "aria-valuetext",
      t(`board.state.${row.state}`) + (known ? ` ${percent(row.progress)}` : ""),
    );
    setAttribute(this.parts.progress, "data-unknown", moving && !known && row.state !== "planned");
    this.parts.bar.style.inlineSize = known ? `${Number(row.progress) * 100}%` : "";
  }

  /** What changes with time alone. @param {number} now Unix seconds */
  tick(now) {
    const { row } = this;
    const { t } = this.board;
    const passed = elapsed(row, now);
    const facts = [
      passed === null ? null : [t("board.fact.time"), clock(passed)],
      row.cost ? [t("board.fact.cost"), row.cost] : null,
      row.bytes ? [t("board.fact.size"), bytes(row.bytes)] : null,
    ].filter((fact) => fact !== null);
    const text = facts.map((fact) => fact.join(" ")).join("|");
    if (text !== this.metaText) {
      this.metaText = text;
      replace(
        this.parts.meta,
        ...facts.map(([label, value]) => h("div", {}, h("dt", {}, label ?? ""), h("dd", {}, value ?? ""))),
      );
      this.parts.meta.hidden = facts.length === 0;
    }
    if (!this.video) setText(this.parts.stageMore, this.outlook());
  }

  /** "place 3 in the queue · about 20 s left". */
  outlook() {
    const { row } = this;
    const { t } = this.board;
    if (SETTLED.has(row.state)) return "";
    /** @type {string[]} */
    const parts = [];
    if (row.queue_position) parts.push(t("board.queue", { place: row.queue_position }));
    if (row.eta !== null && row.eta !== undefined) {
      const left = row.eta - (performance.now() - this.etaSince) / 1000;
      const seconds = roundEta(left);
      parts.push(
        left < 1
          ? t("board.eta.soon")
          : seconds < 60
            ? t("board.eta.seconds", { seconds })
            : t("board.eta.minutes", { minutes: Math.round(seconds / 30) / 2 }),
      );
    }
    return parts.join(" · ");
  }

  addVideo() {
    const { row, board } = this;
    const label = board.t("board.video", { provider: row.provider_title || row.provider, model: row.model });
    const video = h("video", {
      class: "hn-video",
      controls: true,
      playsinline: true,
      preload: "metadata",
      "aria-label": label,
      poster: board.posterOf(row) || null,
    });
    video.muted = true;
    video.loop = true;
    video.setAttribute("muted", "");
    this.video = video;
    this.parts.media.append(video);
    setText(this.parts.stageText, board.t("board.clip.loading"));
    setText(this.parts.stageMore, "");
    board.whenNear(this.el, () => this.load());
  }

  async load() {
    const { board, video } = this;
    if (!video || this.loading) return;
    this.loading = true;
    this.parts.retry.hidden = true;
    setAttribute(this.parts.media, "data-clip", "loading");
    try {
      const onBytes = (/** @type {number} */ got, /** @type {number} */ size) => {
        setText(this.parts.stageMore, `${bytes(got)} / ${bytes(size)}`);
      };
      await showClip(video, this.row, {
        model: board.model,
        wire: board.wire,
        signal: this.life.signal,
        onBytes,
      });
      if (this.life.signal.aborted) return;
      if (video.videoWidth)
        this.parts.media.style.setProperty("--hn-aspect", String(video.videoWidth / video.videoHeight));
      setAttribute(this.parts.media, "data-clip", "shown");
      board.player.add(video);
      if (this.arrivedInView && !board.player.playing && !prefersReducedMotion()) start(video);
    } catch (reason) {
      if (this.life.signal.aborted) return;
      setAttribute(this.parts.media, "data-clip", "failed");
      setText(this.parts.stageText, board.t("board.clip.failed"));
      setText(
        this.parts.stageMore,
        `${this.row.video ?? ""} ${reason instanceof Error ? reason.message : ""}`.trim(),
      );
      this.parts.retry.hidden = false;
    } finally {
      this.loading = false;
    }
  }

  remove() {
    this.life.abort();
    if (this.video) {
      this.board.player.remove(this.video);
      this.video.removeAttribute("src");
      this.video.load();
    }
  }
}

/** The elements of a card, empty. @param {Translate} t @param {() => void} reload */
function skeleton(t, reload) {
  const name = uniqueId("clip");
  const title = h("h4", { class: "hn-card-title", id: name });
  const badge = h("span", { class: "hn-badge" }, t("common.simulated"));
  const state = h("span", { class: "hn-state" });
  const specs = h("p", { class: "hn-specs" });
  const prompt = h("p", { class: "hn-card-prompt" });
  const meta = h("dl", { class: "hn-meta" });
  const error = h("p", { class: "hn-error-text" });
  const advice = h("p", { class: "hn-advice" });
  const trouble = h("div", { class: "hn-trouble" }, error, advice);
  const notes = h("ul", { class: "hn-note-list" });
  const notesSummary = h("summary");
  const notesBox = h("details", { class: "hn-notes" }, notesSummary, notes);
  const bar = h("div", { class: "hn-bar-fill" });
  const progress = h(
    "div",
    {
      class: "hn-bar",
      role: "progressbar",
      "aria-labelledby": name,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    bar,
  );
  const stageText = h("span", { class: "hn-stage-text" });
  const stageMore = h("span", { class: "hn-stage-more" });
  const retry = h(
    "button",
    { class: "hn-button hn-small", type: "button", hidden: true, on: { click: reload } },
    t("board.clip.retry"),
  );
  const poster = h("img", { class: "hn-poster", alt: "", hidden: true });
  const media = h(
    "div",
    { class: "hn-media" },
    poster,
    h("div", { class: "hn-stage" }, stageText, stageMore, retry),
  );
  const el = h(
    "li",
    { class: "hn-card", "aria-labelledby": name },
    media,
    progress,
    h(
      "div",
      { class: "hn-card-body" },
      h("div", { class: "hn-card-head" }, title, badge),
      h("div", { class: "hn-card-line" }, specs, state),
      prompt,
      trouble,
      meta,
      notesBox,
    ),
  );
  return {
    el,
    title,
    badge,
    state,
    specs,
    prompt,
    meta,
    error,
    advice,
    trouble,
    notes,
    notesSummary,
    notesBox,
    bar,
    progress,
    stageText,
    stageMore,
    retry,
    poster,
    media,
  };
}
