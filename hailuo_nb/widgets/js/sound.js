// Which clip of a board is heard: one at a time, and none until somebody asks, since a browser lets
// no page begin with sound.

import { on } from "./dom.js";

/** Of the drawing of a waveform, whose width is the number of digits. */
export const HALF = 36;

/** A line up and down for every digit of base 36, and at least a dot. @param {string} digits */
export const wavePath = (digits) =>
  [...digits]
    .map((digit, index) => {
      const half = Math.max(1, parseInt(digit, HALF) || 0);
      return `M${index} ${HALF - half}v${2 * half}`;
    })
    .join("");

/**
 * The id of the clip that is heard; "" for none.
 * @param {boolean} wanted  whether anything should be heard
 * @param {string} chosen
 * @param {readonly string[]} sounding  the clips on the page that have sound, in their order
 */
export const heardOf = (wanted, chosen, sounding) =>
  (wanted && (sounding.includes(chosen) ? chosen : sounding[0])) || "";

/**
 * A video and what shows its sound.
 * @typedef {{id: string, mark: (heard: boolean) => void, place: (share: number) => void}} Voice
 */

export class Sound {
  /**
   * @param {import("./player.js").Player} player @param {AbortSignal} signal
   * @param {{sound?: string}} [kept]  what outlives it: the clip that is heard
   */
  constructor(player, signal, kept = {}) {
    this.player = player;
    this.kept = kept;
    this.wanted = Boolean(kept.sound);
    this.chosen = kept.sound ?? "";
    /** @type {readonly string[]} */
    this.sounding = [];
    /** @type {Map<HTMLVideoElement, Voice>} */
    this.voices = new Map();
    this.signal = signal;
    on(player, "change", () => {
      for (const [video, { place }] of this.voices)
        if (video.duration > 0) place(video.currentTime / video.duration);
    });
  }

  get heard() {
    return heardOf(this.wanted, this.chosen, this.sounding);
  }

  /** @param {HTMLVideoElement} video  muted @param {Voice} voice */
  add(video, voice) {
    this.voices.set(video, voice);
    // In full screen a browser has a speaker of its own.
    const moved = () =>
      this.voices.has(video) && video.muted === (this.heard === voice.id) && this.pick(voice.id);
    on(video, "volumechange", moved, { signal: this.signal });
    this.turn(video, voice);
  }

  /** @param {HTMLVideoElement} video */
  remove(video) {
    video.muted = true;
    this.voices.delete(video);
  }

  /** Which clips are on the page. @param {readonly string[]} sounding */
  show(sounding) {
    const before = this.heard;
    this.sounding = sounding;
    if (this.heard !== before) this.apply();
  }

  /** All or nothing: the clip that was heard last, else the first. */
  toggle() {
    this.wanted = !this.wanted;
    this.chosen = this.heard || this.chosen;
    this.apply();
  }

  /** This clip alone; nothing where it is heard already. @param {string} id */
  pick(id) {
    this.wanted = this.heard !== id;
    this.chosen = id;
    this.apply();
  }

  /** The one to be heard, if any is. @param {string} id */
  prefer(id) {
    this.chosen = id;
    this.apply();
  }

  apply() {
    this.kept.sound = this.heard;
    for (const [video, voice] of this.voices) this.turn(video, voice);
    this.player.changed();
  }

  /** @param {HTMLVideoElement} video @param {Voice} voice */
  turn(video, { id, mark }) {
    video.muted = id !== this.heard;
    mark(!video.muted);
  }
}
