// One clip that a player plays: where it stands, whether it can play, and one seek at a time.

import { FPS, frameAt, movesAt, positionAt, timeOfFrame } from "./playback.js";

/** A clip that stands still for so long has stalled; frames may come slower. Milliseconds. */
const STALL = 300;
/** The same where the browser itself says that it has nothing to show. */
const STARVED = 100;

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
  life = new AbortController();

  /** @param {HTMLVideoElement} video @param {number | null | undefined} fps @param {number} shift */
  constructor(video, fps, shift) {
    this.video = video;
    this.fps = fps || FPS;
    this.shift = shift;
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
    const { video, to } = this;
    return !video.seeking && to === null && video.readyState >= (this.moves(at) ? 3 : 1);
  }

  /** @param {number} now @param {number} rate */
  stalled(now, rate) {
    const limit = this.video.readyState < 3 ? STARVED : STALL + 1500 / (this.fps * rate);
    return now - this.moved > limit;
  }

  /** Note whether it has moved. @param {number} now */
  look(now) {
    const { currentTime } = this.video;
    if (currentTime === this.seen) return false;
    this.seen = currentTime;
    this.moved = now;
    this.stuck = 0;
    return true;
  }

  halt() {
    this.going = false;
    if (!this.video.paused) this.video.pause();
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
    else if (Math.abs(video.currentTime - to) > 1e-4) video.currentTime = to;
  }

  /** The seek has ended. */
  sought() {
    if (this.to !== null) this.seek(this.to);
  }
}
