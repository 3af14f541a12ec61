// The video of a card, outside of the virtual DOM: loaded while a decoder is free for it, and never
// made again while the card lives.

import { effect, signal, untracked } from "@preact/signals";
import { element, on, prefersReducedMotion } from "./dom.js";
import { bytes } from "./format.js";
import { aspect } from "./states.js";

/** @typedef {ReturnType<typeof cardVideo>} CardVideo */
/**
 * @template T
 * @typedef {import("./signals.js").Signal<T>} Signal
 */
/**
 * What a video needs of its place.
 * @typedef {{row: Signal<import("./types.js").Row>, name: Signal<string>, shift: Signal<number>,
 *   wanted: boolean, loaded: boolean}} VideoPlace
 */

/** A silent video that stays where it is. */
export function stageVideo() {
  const video = element("video", "hn-video");
  video.playsInline = true;
  video.preload = "metadata";
  video.muted = video.defaultMuted = true;
  return video;
}

/** @param {import("./card.js").Board} board @param {VideoPlace} place */
export function cardVideo(board, place) {
  const { t, player, clips, loader } = board;
  /** @type {import("@preact/signals").Signal<HTMLVideoElement | null>} */
  const el = signal(null);
  /** "", "loading", "shown" or "failed"; and what is said of it. */
  const status = signal({ clip: "", more: "" });
  const ratio = signal(aspect(place.row.peek().resolution));
  let loading = new AbortController();
  let before = place.row.peek().state;
  let arrivedInView = false;

  const stop = effect(() => {
    const row = place.row.value;
    const saved = row.state === "saved";
    if (saved && before !== "saved") arrivedInView = true;
    before = row.state;
    place.wanted = saved;
    if (!saved && !el.peek()) return;
    const video = el.peek() ?? untracked(make);
    const words = { provider: place.name.value, model: row.model };
    const label = board.store.view.value.blind ? place.name.value : t("video", words);
    if (video.getAttribute("aria-label") !== label) video.setAttribute("aria-label", label);
    player.setShift(video, place.shift.value);
  });
  return {
    el,
    status,
    ratio,
    load,
    unload,
    end() {
      stop();
      unload();
      place.wanted = false;
    },
  };

  function make() {
    const video = stageVideo();
    on(video, "click", playAlone);
    on(video, "dblclick", () => video.requestFullscreen?.());
    on(video, "fullscreenchange", () => (video.controls = document.fullscreenElement === video));
    el.value = video;
    loader.settle();
    return video;
  }

  /** A click on a picture moves this clip alone, while the others rest. */
  function playAlone() {
    const video = el.peek();
    const { waveform, id } = place.row.peek();
    if (!video) return;
    if (!player.active && video.paused && waveform) board.sound.prefer(id);
    player.toggleAlone(video);
  }

  /** Called by the loader when this clip may hold a decoder. */
  function load() {
    place.loaded = true;
    loading = new AbortController();
    if (el.peek()) void bring(/** @type {HTMLVideoElement} */ (el.peek()), loading.signal);
  }

  /** Called by the loader when another clip needs it more. The poster stays. */
  function unload() {
    place.loaded = false;
    loading.abort();
    const video = el.peek();
    if (!video) return;
    player.remove(video);
    clips.hide(video);
    status.value = { clip: "", more: "" };
  }

  /** @param {HTMLVideoElement} video @param {AbortSignal} until */
  async function bring(video, until) {
    const row = place.row.peek();
    status.value = { clip: "loading", more: "" };
    try {
      await clips.show(video, row, until, (got, size) => {
        status.value = { clip: "loading", more: `${bytes(got)} / ${bytes(size)}` };
      });
      if (until.aborted) return;
      if (video.videoWidth) ratio.value = video.videoWidth / video.videoHeight;
      status.value = { clip: "shown", more: "" };
      player.add(video, { fps: row.fps, shift: place.shift.peek() });
      // The first that comes plays, and others join it: none on a clock of its own.
      if (arrivedInView && player.untouched && !prefersReducedMotion()) player.play();
      arrivedInView = false;
    } catch (reason) {
      if (until.aborted) return;
      const why = reason instanceof Error ? reason.message : "";
      status.value = { clip: "failed", more: `${row.video ?? ""} ${why}`.trim() };
    }
  }
}
