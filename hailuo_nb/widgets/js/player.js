// Plays the clips of a board in sync.

import { on } from "./dom.js";
import {
  commonEnd,
  commonTime,
  corrections,
  FPS,
  finished,
  frameAt,
  leader,
  loopOf,
  movesAt,
  positionAt,
  restingTime,
  stepped,
  timeOfFrame,
} from "./playback.js";

/** Between two looks at the clocks of the clips, milliseconds. */
const TICK = 50;
/**
 * After a seek a slow decoder needs time; another seek at once would only stall it again.
 * Milliseconds.
 */
const COOLDOWN = 1000;

/** @typedef {{video: HTMLVideoElement, fps: number, shift: number, seekedAt: number}} Member */

export class Player extends EventTarget {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    super();
    /** @type {Member[]} */
    this.members = [];
    this.playing = false;
    /** Whether the clips stand at one common time. */
    this.inStep = false;
    this.loop = true;
    /** @type {number | null} */
    this.a = null;
    /** @type {number | null} */
    this.b = null;
    this.rate = 1;
    this.round = 0;
    this.timer = 0;
    /** The common time of the clips while nothing plays. */
    this.at = 0;
    this.signal = signal;
    // The same listeners for a clip that comes again: the browser keeps each once.
    this.ended = () => this.playing && this.tick();
    this.moved = () => this.playing || this.changed();
    on(signal, "abort", () => clearInterval(this.timer));
  }

  /** @param {HTMLVideoElement} video @param {{fps?: number | null, shift?: number}} [facts] */
  add(video, { fps, shift } = {}) {
    if (this.memberOf(video)) return;
    const member = { video, fps: fps || FPS, shift: shift ?? 0, seekedAt: 0 };
    this.members.push(member);
    video.playbackRate = this.rate;
    const { signal } = this;
    on(video, "ended", this.ended, { signal });
    on(video, "timeupdate", this.moved, { signal });
    this.arrive(member);
    this.changed();
  }

  /** @param {HTMLVideoElement} video */
  memberOf(video) {
    return this.members.find((member) => member.video === video);
  }

  /** @param {HTMLVideoElement} video */
  remove(video) {
    this.members = this.members.filter((member) => member.video !== video);
    this.changed();
  }

  /** @param {HTMLVideoElement} video @param {number} shift seconds */
  setShift(video, shift) {
    const member = this.memberOf(video);
    if (!member || member.shift === shift) return;
    const time = this.time;
    member.shift = shift;
    this.inStep = true;
    void this.place(member, time);
    this.changed();
  }

  /**
   * Those that are on the page and know how long they are. A view that is out of sight does not
   * play.
   */
  get ready() {
    return this.members.filter(
      ({ video }) =>
        video.readyState >= 1 &&
        video.duration > 0 &&
        video.isConnected &&
        !video.closest("[hidden]"),
    );
  }

  positions() {
    return this.ready.map(({ video, shift }) => ({
      time: video.currentTime,
      duration: video.duration,
      shift,
      running: !video.paused && !video.ended,
    }));
  }

  get duration() {
    return commonEnd(this.positions());
  }

  get time() {
    return this.playing || !this.inStep ? commonTime(this.positions()) : this.at;
  }

  get fps() {
    return this.ready[leader(this.positions())]?.fps ?? FPS;
  }

  /** The A-B loop, where both ends are set. */
  get section() {
    return loopOf(this.a, this.b, this.fps);
  }

  /** The number of the frame that is shown. */
  get frame() {
    return frameAt(this.time, this.fps);
  }

  /** Everybody goes on from the common time; from the start if they do not stand together. */
  async play() {
    const over = finished(this.positions(), this.section?.[1]);
    const from = this.inStep && !over ? this.time : 0;
    await this.startAt(Math.max(from, this.section?.[0] ?? 0));
  }

  restart() {
    return this.startAt(this.section?.[0] ?? 0);
  }

  /** @param {number} time */
  async startAt(time) {
    this.round += 1;
    const round = this.round;
    this.playing = true;
    this.inStep = true;
    this.at = time;
    for (const { video } of this.members) {
      video.loop = false;
      video.pause();
      video.playbackRate = this.rate;
    }
    await this.placeAll(time);
    if (round !== this.round || !this.playing) return;
    this.startAll(time);
    clearInterval(this.timer);
    if (!this.signal.aborted) this.timer = window.setInterval(() => this.tick(), TICK);
    this.changed();
  }

  /** @param {number} time  those that move at it */
  startAll(time) {
    for (const { video, shift } of this.ready)
      if (video.paused && movesAt(time, video.duration, shift)) start(video);
  }

  /** Everybody stops, on one and the same frame. */
  pause() {
    const time = this.playing ? commonTime(this.positions()) : null;
    this.round += 1;
    this.playing = false;
    clearInterval(this.timer);
    this.stopAll();
    if (time !== null) void this.rest(restingTime(time, this.fps));
    this.changed();
  }

  toggle() {
    if (this.playing) this.pause();
    else void this.play();
  }

  /** Stand at a common time, each clip in the middle of its own frame. @param {number} time */
  async rest(time) {
    this.at = time;
    this.inStep = true;
    await this.placeAll(time);
    this.changed();
  }

  /** @param {number} time */
  placeAll(time) {
    return Promise.all(this.ready.map((member) => this.place(member, time)));
  }

  stopAll() {
    for (const { video } of this.members) video.pause();
  }

  /** @param {number} time */
  async seekAll(time) {
    const to = Math.max(0, Math.min(time, this.duration));
    if (!this.playing) {
      this.stopAll();
      return this.rest(stepped(to, 0, this.duration, this.fps));
    }
    this.at = to;
    await this.placeAll(to);
    if (this.playing) this.startAll(to);
    this.changed();
  }

  /** @param {number} by  frames, forward or back; whoever plays stops first */
  async step(by) {
    if (this.playing) this.pause();
    const from = this.inStep ? this.at : this.time;
    this.stopAll();
    await this.rest(stepped(from, by, this.duration, this.fps));
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
    for (const { video } of this.members) video.playbackRate = rate;
    this.changed();
  }

  /** @param {boolean} loop */
  setLoop(loop) {
    this.loop = loop;
    this.changed();
  }

  /**
   * Set one end of the A-B loop here; remove it where it is here already.
   * @param {"a" | "b"} end
   */
  markEnd(end) {
    const time = this.time;
    const old = this[end];
    this[end] = old !== null && Math.abs(old - time) < 1 / this.fps ? null : time;
    this.changed();
  }

  tick() {
    const ready = this.ready;
    const positions = this.positions();
    const section = this.section;
    if (finished(positions, section?.[1]) || !positions.some(({ running }) => running)) {
      if (positions.length === 0 || this.loop || section) void this.restart();
      else this.pause();
      return;
    }
    const time = commonTime(positions);
    this.at = time;
    const now = performance.now();
    for (const { index, to, speed } of corrections(positions)) {
      const member = ready[index];
      if (!member || now - member.seekedAt < COOLDOWN / 4 || member.video.seeking) continue;
      if (speed !== undefined) setRate(member.video, this.rate * speed);
      else if (to !== undefined && now - member.seekedAt > COOLDOWN) void this.seek(member, to);
    }
    for (const [index, { video, shift }] of ready.entries())
      if (!positions[index]?.running && movesAt(time, video.duration, shift)) start(video);
    this.changed();
  }

  /** A clip that arrives, or comes into sight again, takes its place. @param {Member} member */
  arrive(member) {
    const { video, shift } = member;
    if (this.playing) {
      video.loop = false;
      void this.place(member, this.time);
      if (movesAt(this.time, video.duration, shift)) start(video);
    } else if (this.inStep) void this.place(member, this.at);
  }

  /** After clips were moved, shown or put out of sight. */
  refresh() {
    const ready = new Set(this.ready);
    for (const member of this.members) {
      if (!ready.has(member)) member.video.pause();
      else if (member.video.paused) this.arrive(member);
    }
    this.changed();
  }

  /**
   * Seek a member to a common time; at rest to the middle of a frame.
   * @param {Member} member
   * @param {number} time
   */
  place(member, time) {
    const { video, shift, fps } = member;
    const to = positionAt(time, video.duration, shift);
    return this.seek(
      member,
      this.playing ? to : Math.min(timeOfFrame(frameAt(to, fps), fps), video.duration),
    );
  }

  /** @param {Member} member @param {number} to @returns {Promise<void>} */
  seek(member, to) {
    const { video } = member;
    if (Math.abs(video.currentTime - to) < 1e-4 && !video.seeking) return Promise.resolve();
    member.seekedAt = performance.now();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        video.removeEventListener("seeked", done);
        resolve();
      };
      const timer = setTimeout(done, 1500);
      on(video, "seeked", done);
      video.currentTime = to;
    });
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {HTMLVideoElement} video @param {number} rate */
function setRate(video, rate) {
  if (video.playbackRate !== rate) video.playbackRate = rate;
}

/**
 * Start quietly: a browser that wants a click first says so by refusing.
 * @param {HTMLVideoElement} video
 */
export function start(video) {
  video.play().catch(() => undefined);
}
