// Plays the clips of a board in step. Knows <video> elements; not where they come from nor what they show.

import { corrections, finished, leader, positionAt, restingTime } from "./sync.js";

/** Between two looks at the clocks of the clips, milliseconds. */
const TICK = 200;
/** After a seek a slow decoder needs time; another seek at once would only stall it again. Milliseconds. */
const COOL_DOWN = 1000;

/** @typedef {{video: HTMLVideoElement, out: boolean, ownSeeks: number, ownPause: boolean, seekedAt: number}} Member */

export class Player extends EventTarget {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    super();
    /** @type {Member[]} */
    this.members = [];
    this.playing = false;
    /** Whether the clips stand at one common time. */
    this.inStep = false;
    this.rate = 1;
    this.round = 0;
    this.timer = 0;
    this.signal = signal;
    signal.addEventListener("abort", () => clearInterval(this.timer));
  }

  /** @param {HTMLVideoElement} video */
  add(video) {
    if (this.members.some((member) => member.video === video)) return;
    const member = { video, out: false, ownSeeks: 0, ownPause: false, seekedAt: 0 };
    this.members.push(member);
    video.playbackRate = this.rate;
    const signal = this.signal;
    const ready = () => {
      video.playbackRate = this.rate;
      if (this.playing) this.join(member);
      this.changed();
    };
    video.addEventListener("loadedmetadata", ready, { signal });
    video.addEventListener("play", () => this.onPlay(member), { signal });
    video.addEventListener("pause", () => this.onPause(member), { signal });
    video.addEventListener("seeking", () => this.onSeeking(member), { signal });
    video.addEventListener("ended", () => this.playing && this.tick(), { signal });
    if (video.readyState >= 1) ready();
  }

  /** @param {HTMLVideoElement} video */
  remove(video) {
    this.members = this.members.filter((member) => member.video !== video);
    this.changed();
  }

  get ready() {
    return this.members.filter(({ video, out }) => !out && video.readyState >= 1 && video.duration > 0);
  }

  positions() {
    return this.ready.map(({ video }) => ({ time: video.currentTime, duration: video.duration }));
  }

  get duration() {
    return this.ready.reduce((most, { video }) => Math.max(most, video.duration), 0);
  }

  get time() {
    const positions = this.positions();
    return positions[leader(positions)]?.time ?? 0;
  }

  /** Everybody goes on from the common time; from the start if they do not stand together. */
  async play() {
    for (const member of this.members) member.out = false;
    const positions = this.positions();
    const from = this.inStep && !finished(positions) ? this.time : 0;
    await this.startAt(from);
  }

  restart() {
    return this.startAt(0);
  }

  /** @param {number} time */
  async startAt(time) {
    this.round += 1;
    const round = this.round;
    this.playing = true;
    this.inStep = true;
    for (const { video } of this.members) video.loop = false;
    for (const member of this.ready) this.hold(member);
    await Promise.all(this.ready.map((member) => this.seek(member, positionAt(time, member.video.duration))));
    if (round !== this.round || !this.playing) return;
    for (const { video } of this.ready) if (video.duration > time) start(video);
    clearInterval(this.timer);
    if (!this.signal.aborted) this.timer = window.setInterval(() => this.tick(), TICK);
    this.changed();
  }

  /** Everybody stops, on one and the same frame. */
  pause() {
    const group = this.playing;
    const time = restingTime(this.time);
    this.round += 1;
    this.playing = false;
    clearInterval(this.timer);
    for (const member of this.members) {
      this.hold(member);
      member.video.loop = true;
    }
    if (group)
      for (const member of this.ready) void this.seek(member, positionAt(time, member.video.duration));
    this.changed();
  }

  /** @param {number} time */
  async seekAll(time) {
    this.inStep = true;
    await Promise.all(this.ready.map((member) => this.seek(member, positionAt(time, member.video.duration))));
    if (this.playing) {
      for (const { video } of this.ready) if (video.paused && video.duration > time) start(video);
    }
    this.changed();
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
    for (const { video } of this.members) video.playbackRate = rate;
  }

  tick() {
    const ready = this.ready;
    const positions = this.positions();
    if (finished(positions)) {
      void this.restart();
      return;
    }
    const now = performance.now();
    for (const { index, to } of corrections(positions)) {
      const member = ready[index];
      if (member && now - member.seekedAt > COOL_DOWN && !member.video.seeking) void this.seek(member, to);
    }
    this.changed();
  }

  /** A clip that arrives, or is played again by hand, takes its place in the round. @param {Member} member */
  join(member) {
    member.out = false;
    member.video.loop = false;
    void this.seek(member, positionAt(this.time, member.video.duration));
    start(member.video);
  }

  /** @param {Member} member */
  hold(member) {
    if (member.video.paused) return;
    member.ownPause = true;
    member.video.pause();
  }

  /** @param {Member} member @param {number} to @returns {Promise<void>} */
  seek(member, to) {
    const { video } = member;
    member.seekedAt = performance.now();
    if (Math.abs(video.currentTime - to) < 1e-3) return Promise.resolve();
    member.ownSeeks += 1;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        video.removeEventListener("seeked", done);
        resolve();
      };
      const timer = setTimeout(done, 1500);
      video.addEventListener("seeked", done);
      video.currentTime = to;
    });
  }

  /** @param {Member} member */
  onPlay(member) {
    if (this.playing && member.out) this.join(member);
    if (!this.playing) this.inStep = false;
    this.changed();
  }

  /** Paused by hand: this clip leaves the round, the others go on. @param {Member} member */
  onPause(member) {
    const own = member.ownPause;
    member.ownPause = false;
    if (this.playing && !own && !member.video.ended) member.out = true;
    this.changed();
  }

  /** A seek by hand in one clip moves everybody while they play together. @param {Member} member */
  onSeeking(member) {
    if (member.ownSeeks > 0) {
      member.ownSeeks -= 1;
      return;
    }
    // A loop back to the start also counts as a seek; then nobody plays together.
    if (!this.playing) this.inStep = false;
    else if (!member.out) void this.seekAll(member.video.currentTime);
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Start quietly: a browser that wants a click first says so by refusing. @param {HTMLVideoElement} video */
export function start(video) {
  video.play().catch(() => undefined);
}
