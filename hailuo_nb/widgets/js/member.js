// One clip that a player plays: where it stands, whether it can play, and one seek at a time.

import { FPS, frameAt, movesAt, positionAt, Reading, timeOfFrame } from "./playback.js";

/** A clip that stands still for so long has stalled; frames may come slower. Milliseconds. */
const STALL = 300;
/** The same where the browser itself says that it has nothing to show. */
const STARVED = 100;
/** After so much in a row with less than a browser should need, it needs no more. Seconds. */
const PROOF = 0.25;
/** How often a clip that hangs is loaded again. */
const LOADS = 1;
/**
 * What was learned of this browser. `enough`: the readyState that a clip plays with. WebKitGTK
 * (measured) may stay at 2 for good while nothing is missing.
 * @typedef {{enough: number}} Learned
 */

export class Member {
  /** It was started, and has not stopped. */
  going = false;
  /** Nobody waits for it. */
  lost = false;
  /** Where it is sought after the seek that it is in. @type {number | null} */
  to = null;
  /** How far ahead it was sought to join the others, seconds; 0 while it does not. */
  lead = 0;
  /** Where it stood at the last look. */
  seen = 0;
  /** When it last moved or was started. */
  moved = 0;
  /** When it was first found to stall; 0 once it has moved. */
  stuck = 0;
  /** How far it has moved with less than a browser should need. Seconds. */
  scant = 0;
  loads = 0;
  /** It was loaded again, and has not moved since. */
  hung = false;
  reading = new Reading();
  life = new AbortController();

  /** @param {HTMLVideoElement} video @param {number | null | undefined} fps @param {number} shift
   * @param {Learned} learned */
  constructor(video, fps, shift, learned) {
    this.video = video;
    this.fps = fps || FPS;
    this.shift = shift;
    this.learned = learned;
  }

  /** Whether it can be shown. A view that is out of sight does not play. */
  get ready() {
    const { video } = this;
    return (
      video.readyState >= 1 &&
      video.duration > 0 &&
      !video.error &&
      video.isConnected &&
      !video.closest("[hidden]")
    );
  }

  /** The common time where it stands. */
  get time() {
    return this.video.currentTime - this.shift;
  }

  /** The common time where it ends. */
  get end() {
    return this.video.duration - this.shift;
  }

  /** Whether it has anything to show at a common time but one frame. @param {number} at */
  moves(at) {
    return movesAt(at, this.video.duration, this.shift) && !this.video.ended;
  }

  /** @param {number} at */
  able(at) {
    return this.placed && this.video.readyState >= (this.moves(at) ? this.learned.enough : 1);
  }

  /** Whether no seek is left. */
  get placed() {
    return !this.video.seeking && this.to === null;
  }

  /** @param {number} now @param {number} rate */
  stalled(now, rate) {
    const limit = this.video.readyState < 3 ? STARVED : STALL + 1500 / (this.fps * rate);
    return now - this.moved > limit;
  }

  /** Note whether it has moved. @param {number} now */
  look(now) {
    const { currentTime, readyState } = this.video;
    const step = currentTime - this.seen;
    if (step === 0) return false;
    this.scant = this.going && readyState === 2 && Math.abs(step) < PROOF ? this.scant + step : 0;
    if (this.scant > PROOF) this.learned.enough = 2;
    this.seen = currentTime;
    this.moved = now;
    this.stuck = 0;
    return true;
  }

  halt() {
    this.going = false;
    this.reading.forget();
    if (!this.video.paused) this.video.pause();
  }

  /** How far it is before the machine's clock; null while it plays at a speed of its own, or that
   * is not sure. @param {number} now @param {number} rate */
  off(now, rate) {
    if (this.video.playbackRate === rate) return this.reading.off(this.time, now, rate, this.fps);
    this.reading.forget();
    return null;
  }

  /** Its decoder has something to show and shows nothing: it may never have begun (WebKitGTK,
   * where a video is moved in the page). */
  reload() {
    if (this.video.readyState < 3 || this.loads >= LOADS) return;
    this.loads += 1;
    this.hung = true;
    this.halt();
    this.seen = 0;
    this.video.load();
  }

  /** Seek to a common time; `still`: to the middle of a frame. @param {number} at @param {boolean} still */
  place(at, still) {
    const { video, shift, fps } = this;
    const to = positionAt(at, video.duration, shift);
    this.seek(still ? Math.min(timeOfFrame(frameAt(to, fps), fps), video.duration) : to);
  }

  /** A seek is let end first: another would only begin it anew. @param {number} to */
  seek(to) {
    const { video } = this;
    this.to = null;
    if (video.seeking) this.to = to;
    else if (Math.abs(video.currentTime - to) > 1e-4) {
      video.currentTime = to;
      this.seen = video.currentTime; // a seek is no move
    }
  }

  /** The seek has ended. */
  sought() {
    if (this.to !== null) this.seek(this.to);
  }
}
