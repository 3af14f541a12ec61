// A clip of the board that is near the window: updated in place, so that a playing video is never
// disturbed.

import { annotationFields, annotationText } from "./annotations.js";
import { clipActions } from "./clip_actions.js";
import {
  button,
  dotted,
  h,
  on,
  prefersReducedMotion,
  refill,
  set,
  setText,
  showText,
} from "./dom.js";
import { bytes, clock, percent, priceText, roundEta, shortModel } from "./format.js";
import { scoreSummary } from "./scores.js";
import { aspect, elapsed, progressOf, SETTLED } from "./states.js";
import { soundStrip } from "./waveform.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/**
 * What a card needs from its board.
 * @typedef {object} BoardBase
 * @property {import("./types.js").Model} model
 * @property {import("./board_store.js").BoardStore} store
 * @property {import("./wire.js").Wire} wire
 * @property {import("./player.js").Player} player
 * @property {import("./sound.js").Sound} sound
 * @property {import("./clip_source.js").Clips} clips
 * @property {import("./video_loader.js").Loader} loader
 * @property {import("./menu.js").Menu} menu
 * @property {import("./announcer.js").Announcer} announcer
 * @property {Translate} t
 * @property {AbortSignal} signal
 * @property {string[]} actions
 * @property {string} tagList               id of the datalist of tags
 * @property {HTMLElement} root
 * @property {import("./signals.js").Signal<string>} language
 * @property {import("./playback_signals.js").PlaybackSignals} playback
 * @property {import("@preact/signals").Signal<import("preact").ComponentChild>} dialog
 * @property {(id: string) => number} shiftOf  seconds
 */
/**
 * @typedef {BoardBase & import("./board_changes.js").Changes & {vote: import("./vote.js").Vote}} Board
 */
/**
 * How the board wants a card to look.
 * @typedef {{blind: string, prompt: boolean, picked: string}} Look
 */

/** @param {Board} board @param {import("./card_place.js").Place} place */
export function makeCard(board, place) {
  const { t, player, clips, loader } = board;
  const { el, id, title } = place;
  /** @type {Look} */
  let look = { blind: "", prompt: false, picked: "" };
  let arrivedInView = false;
  let posterShown = "";
  let loading = new AbortController();
  /** @type {HTMLVideoElement | null} */
  let video = null;

  const badge = h("span.badge", t("common.simulated"));
  const menu = button(".square.quiet.more", "⋯", () => actions.open(), {
    "aria-haspopup": "menu",
    "aria-expanded": false,
  });
  const state = h("span.state");
  const specs = h("p.specs");
  const prompt = h("p.card-prompt");
  const error = h("p.error-text");
  const advice = h("p.advice");
  const trouble = h("div.trouble", error, advice);
  const actionRow = h("div.row", { hidden: true });
  const confirm = h("div.confirm", { role: "group", label: t("confirm"), hidden: true });
  const message = h("p.message", { hidden: true });
  const meta = h("dl.meta");
  const noteList = h("ul.note-list");
  const noteCount = h("summary");
  const notes = h("details.notes", noteCount, noteList);
  const fill = h("div.bar-fill");
  const bar = progressBar({ "aria-labelledby": id }, fill);
  const stageText = h("span.stage-text");
  const stageMore = h("span.stage-more");
  const retry = button(".small", t("clip.retry"), load, { hidden: true });
  const poster = h("img.poster", { alt: "", hidden: true });
  const pick = h("button.pick", { onclick: () => board.pick(place.row.id) });
  const media = h("div.media", poster, h("div.stage", stageText, stageMore, retry), pick);
  const actions = clipActions(board, () => place, { message, confirm, actionRow, menu });
  const editable = board.actions.includes("annotate");
  const annotations = editable ? annotationFields(t, annotate, board.tagList) : annotationText(t);
  const scores = scoreSummary(board);
  const annotationsBox = h("div.annotations-box", annotations.el);
  const head = [h("div.card-head", title, badge, menu), h("div.card-line", specs, state)];
  const body = h("div.card-body", head, actionRow, confirm, message, meta, annotationsBox);
  const strip = soundStrip(board, place.row.id, el);
  el.replaceChildren(media, body);
  /** What few cards show, and before what: the rest of a long board stays as small as it can. */
  const seldom = new Map(
    /** @type {[HTMLElement, HTMLElement][]} */ ([
      [strip.el, body],
      [bar, body],
      [prompt, actionRow],
      [trouble, actionRow],
      [scores.el, annotationsBox],
      [notes, annotationsBox],
    ]),
  );

  return {
    get video() {
      return video;
    },
    load,
    unload,
    update,
    tick,
    /** Whether somebody is at it. */
    busy: () => el.matches(":focus-within") || !confirm.hidden || !message.hidden || notes.open,
    remove() {
      unload();
      if (video) board.sound.remove(video);
      place.wanted = false;
    },
  };

  /** @param {Row} before  as it was shown last @param {Look} now */
  function update(before, now) {
    const { row } = place;
    const saved = row.state === "saved";
    if (saved && before.state !== "saved") arrivedInView = true;
    look = now;
    const { blind, picked } = look;
    const clip = place.name;
    badge.hidden = !row.simulated;
    setText(state, t(`state.${row.state}`));
    showSpecs();
    showText(prompt, look.prompt ? row.prompt : "");
    set(prompt, { title: look.prompt ? row.prompt : null });
    showText(error, blind ? "" : row.error);
    showText(advice, blind ? "" : row.advice);
    trouble.hidden = Boolean(blind) || (!row.error && !row.advice);
    pick.hidden = !saved;
    setText(pick, picked);
    const label = t("pick", { clip });
    set(pick, { "aria-pressed": Boolean(picked), label, title: label });
    set(menu, { label: t("menu", { clip }) });
    showNotes();
    if (!place.loaded) showAspect(aspect(row.resolution));
    showPoster();
    tick(Date.now() / 1000);
    actions.update(Boolean(blind));
    annotationsBox.hidden = row.state === "invalid";
    annotationsBox.inert = editable && !board.wire.open;
    annotations.update(row);
    scores.update(row);
    strip.update(row.waveform, clip);
    place.wanted = saved;
    for (const [part, before] of seldom) {
      if (part.hidden) part.remove();
      else if (part.parentNode !== before.parentNode) before.before(part);
    }
    if (!saved && !video) return;
    const shown = video ?? addVideo();
    set(shown, { label: blind || t("video", { provider: clip, model: row.model }) });
    player.setShift(shown, board.shiftOf(row.id));
  }

  /** What was not kept does not go on standing there.
   * @param {import("./annotations.js").Change} change */
  async function annotate(change) {
    if (!(await actions.request("annotate", change))) annotations.update(place.row);
  }

  function showSpecs() {
    const { row } = place;
    const { blind } = look;
    const shift = board.shiftOf(row.id);
    const text = dotted(
      !blind && shortModel(row.model),
      !blind && row.resolution,
      t("common.seconds", { seconds: row.duration }),
      row.ratio,
      row.references > 0 && t("references", { count: row.references }),
      row.take !== null && row.take > 1 && !blind && t("take", { take: row.take }),
      shift && t("shifted", { seconds: (shift > 0 ? "+" : "−") + Math.abs(shift).toFixed(2) }),
    );
    setText(specs, text);
    set(specs, { title: blind ? null : row.model });
  }

  function showNotes() {
    const list = look.blind ? [] : place.row.notes;
    notes.hidden = list.length === 0;
    setText(noteCount, t("notes", { count: list.length }));
    refill(noteList, list, () => list.map((note) => h("li", note)));
  }

  /** @param {number} ratio */
  function showAspect(ratio) {
    media.style.setProperty("--hn-aspect", String(ratio));
  }

  /** The picture while there is no clip. */
  function showPoster() {
    const { row } = place;
    if (posterShown === row.poster) return;
    posterShown = row.poster;
    if (row.poster) void clips.poster(poster, row);
    else poster.hidden = true;
  }

  /** The progress bar and the text over the picture. @param {number} now Unix seconds */
  function showProgress(now) {
    const { row } = place;
    const moving = !SETTLED.has(row.state);
    const { fraction, kind } = progressOf(row, now);
    const known = kind === "said" && fraction !== null;
    const words = t(`state.${row.state}`);
    bar.hidden = !moving;
    // The head of the card has the state; a known progress says more here.
    if (!video)
      setText(stageText, moving && known && row.state === "submitted" ? percent(fraction) : words);
    if (!moving) return;
    set(bar, {
      "aria-valuenow": known ? Math.round(fraction * 100) : null,
      "aria-valuetext": `${words} ${known ? percent(fraction) : outlook(now)}`.trim(),
      "data-unknown": fraction === null && row.state !== "planned",
      "data-usual": kind === "usual",
    });
    fill.style.inlineSize = fraction === null ? "" : `${fraction * 100}%`;
  }

  /** What changes with time alone. @param {number} now Unix seconds */
  function tick(now) {
    const { row } = place;
    const passed = elapsed(row, now);
    const all = {
      "fact.time": passed === null ? "" : clock(passed),
      "fact.cost": priceText(row, t),
      "fact.size": bytes(row.bytes),
    };
    const facts = look.blind ? [] : Object.entries(all).filter(([, value]) => value);
    refill(meta, facts, () =>
      facts.map(([label, value]) => h("div", h("dt", t(label)), h("dd", value))),
    );
    meta.hidden = facts.length === 0;
    showProgress(now);
    if (!SETTLED.has(row.state)) setText(stageMore, outlook(now));
  }

  /** "place 3 in the queue · about 20 s left", or what is usual here. @param {number} now */
  function outlook(now) {
    const { row } = place;
    const { queue_position: turn, eta, usual_seconds: usual } = row;
    if (SETTLED.has(row.state)) return "";
    let text = "";
    if (eta != null) {
      const left = eta - (performance.now() - place.etaSince) / 1000;
      text = left < 1 ? t("eta.soon") : about(left, (unit, values) => t(`eta.${unit}`, values));
    } else if (usual && /^submitt/.test(row.state)) {
      const { late } = progressOf(row, now);
      text = about(usual, (unit, values) => t(late ? `late.${unit}` : `usual.${unit}`, values));
    }
    return dotted(turn && t("queue", { place: turn }), text);
  }

  function addVideo() {
    const made = stageVideo();
    on(made, "click", playAlone);
    on(made, "dblclick", () => made.requestFullscreen?.());
    on(made, "fullscreenchange", () => (made.controls = document.fullscreenElement === made));
    video = made;
    if (place.row.waveform) strip.follow(made);
    media.append(made);
    setText(stageText, "");
    setText(stageMore, "");
    loader.settle();
    return made;
  }

  /** A click on a picture moves this clip alone, while the others rest. */
  function playAlone() {
    if (!video) return;
    if (!player.active && video.paused && place.row.waveform) board.sound.prefer(place.row.id);
    player.toggleAlone(video);
  }

  /** Called by the loader when this clip may hold a decoder. */
  function load() {
    place.loaded = true;
    loading = new AbortController();
    if (video) void bring(video, loading.signal);
  }

  /** Called by the loader when another clip needs it more. The poster stays. */
  function unload() {
    place.loaded = false;
    loading.abort();
    if (!video) return;
    player.remove(video);
    clips.hide(video);
    media.removeAttribute("data-clip");
  }

  /** @param {HTMLVideoElement} video @param {AbortSignal} signal */
  async function bring(video, signal) {
    retry.hidden = true;
    set(media, { "data-clip": "loading" });
    setText(stageText, t("clip.loading"));
    try {
      await clips.show(video, place.row, signal, (got, size) =>
        setText(stageMore, `${bytes(got)} / ${bytes(size)}`),
      );
      if (signal.aborted) return;
      if (video.videoWidth) showAspect(video.videoWidth / video.videoHeight);
      set(media, { "data-clip": "shown" });
      setText(stageText, "");
      player.add(video, { fps: place.row.fps, shift: board.shiftOf(place.row.id) });
      // The first that comes plays, and others join it: none on a clock of its own.
      if (arrivedInView && player.untouched && !prefersReducedMotion()) player.play();
      arrivedInView = false;
    } catch (reason) {
      if (signal.aborted) return;
      set(media, { "data-clip": "failed" });
      setText(stageText, t("clip.failed"));
      setText(
        stageMore,
        `${place.row.video ?? ""} ${reason instanceof Error ? reason.message : ""}`.trim(),
      );
      retry.hidden = false;
    }
  }
}

/** A silent video that stays where it is. */
export function stageVideo() {
  const video = h("video.video", { playsinline: true, preload: "metadata", muted: true });
  video.muted = true;
  return video;
}

/** @param {Record<string, any>} props  its name @param {Node} fill */
export const progressBar = (props, fill) =>
  h("div.bar", { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, ...props }, fill);

/**
 * "usually 40 s", "about 2 min left": seconds in the unit that people would say.
 * @param {number} time seconds
 * @param {(unit: string, values: Record<string, number>) => string} say
 */
function about(time, say) {
  const seconds = roundEta(time);
  return seconds < 60
    ? say("seconds", { seconds })
    : say("minutes", { minutes: Math.round(seconds / 30) / 2 });
}
