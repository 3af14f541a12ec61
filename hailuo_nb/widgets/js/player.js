// The player of a board, as its controls and keys use it: what plays, where it stands, what is kept.

import { on } from "./dom.js";
import { END, frameAt, stepped } from "./playback.js";
import { CLOCK, Machine } from "./playback_machine.js";

/**
 * What outlives a player: the next one goes on from it.
 * @typedef {{at: number, active: boolean, rate: number, loop: boolean, a: number | null,
 *   b: number | null}} Kept
 */

export class Player extends Machine {
  /** @param {AbortSignal} signal @param {Partial<Kept>} [kept] @param {typeof CLOCK} [clock] */
  constructor(signal, kept = {}, clock = CLOCK) {
    super(clock);
    this.kept = kept;
    const { at = 0, active = false, rate = 1, loop = true, a = null, b = null } = kept;
    Object.assign(this, { at, inStep: at > 0, rate, loop, a, b });
    /** The clip that plays by itself, or did last. @type {import("./member.js").Member | null} */
    this.alone = null;
    on(signal, "abort", () => {
      this.kept = {};
      this.turn("idle");
      this.haltAll();
    });
    if (active) this.turn("waiting");
  }

  /** Whether there is one clip alone, and nobody has played or sought yet. */
  get untouched() {
    return this.state === "idle" && !this.inStep && this.members.length === 1;
  }

  /** The number of the frame that is shown. */
  get frame() {
    return frameAt(this.at, this.fps);
  }

  /** Everybody goes on from the common time; from the start if they do not stand together. */
  play() {
    const { section, duration } = this;
    const over = duration > 0 && this.at >= (section?.[1] ?? duration - END);
    this.startAt(Math.max(this.inStep && !over ? this.at : 0, section?.[0] ?? 0));
  }

  toggle() {
    if (this.active) this.pause();
    else this.play();
  }

  /** One clip moves by itself, while the others rest. @param {HTMLVideoElement} video */
  toggleAlone(video) {
    const member = this.memberOf(video);
    if (this.active) this.pause();
    else if (member && !video.paused) this.halt(member);
    else if (member) {
      this.turn("idle");
      this.inStep = false;
      this.alone = member;
      video.loop = true;
      this.start(member);
    }
    this.changed();
  }

  /** @param {HTMLVideoElement} video @param {number} shift seconds */
  setShift(video, shift) {
    const member = this.memberOf(video);
    if (!member || member.shift === shift) return;
    member.shift = shift;
    this.inStep = true;
    this.halt(member); // it joins again
    this.refresh();
  }

  /** @param {number} time */
  seekAll(time) {
    const to = Math.max(0, Math.min(time, this.duration));
    if (this.active) this.startAt(to);
    else this.rest(stepped(to, 0, this.duration, this.fps));
  }

  /** @param {number} by  frames, forward or back; whoever plays stops first */
  step(by) {
    if (this.active) this.pause();
    this.rest(stepped(this.at, by, this.duration, this.fps));
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
    for (const { video } of this.members) {
      video.playbackRate = rate;
      this.tuning.forget(video);
    }
    this.changed();
  }

  /** @param {boolean} loop */
  setLoop(loop) {
    this.loop = loop;
    this.changed();
  }

  /**
   * Set one end of the A-B loop here; remove it where it is set.
   * @param {"a" | "b"} end
   */
  markEnd(end) {
    this[end] = this[end] === null ? this.at : null;
    this.changed();
  }

  changed() {
    const { alone, inStep } = this;
    if (alone && !inStep && this.members.includes(alone)) this.at = alone.time;
    const { at, active, rate, loop, a, b } = this;
    Object.assign(this.kept, { at, active, rate, loop, a, b });
    super.changed();
  }
}
