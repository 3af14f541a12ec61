// Plays clips in step: four states, one timer and no page. A video is whatever behaves as an
// HTMLVideoElement does, so that tests in bare node can be one.
//
// idle     nothing plays, or one clip that somebody started by itself
// waiting  it should play, but somebody seeks, loads or stalls, or nobody is in sight
// playing  whoever has something to show at the common time moves
// blocked  the browser wants a click before it plays
//
// The common time is that of the clip that is furthest behind: the others wait for it, and none is
// sought while it plays. A clip that joins is sought ahead of the rest and starts when they come by.

import { on } from "./dom.js";
import { Member } from "./member.js";
import { DRIFT, END, FPS, loopOf, positionAt, restingTime, Tuning } from "./playback.js";

/** Between two looks at the clips, milliseconds. A frame that is shown is a look as well. */
const TICK = 50;
/** A clip that does not come by then is left behind until it does. Milliseconds. */
const PATIENCE = 2000;
/** A clip starts when the others are this near to where it waits. Seconds. */
const TOUCH = 0.03;
/** How far ahead of the others a clip that joins is sought; it may take longer. Seconds. */
const LEAD = 0.3;
const MAX_LEAD = 2.4;

/** @typedef {"idle" | "waiting" | "playing" | "blocked"} State */
export const CLOCK = {
  now: () => performance.now(),
  /** @param {() => void} act @param {number} ms @returns {number} */
  every: (act, ms) => Number(setInterval(act, ms)),
  /** @param {number} timer */
  stop: (timer) => clearInterval(timer),
};

export class Machine extends EventTarget {
  /** @param {typeof CLOCK} [clock] */
  constructor(clock = CLOCK) {
    super();
    this.clock = clock;
    /** @type {Member[]} */
    this.members = [];
    /** @type {State} */
    this.state = "idle";
    /** The common time; of a clip that plays alone its own. Seconds. */
    this.at = 0;
    /** Whether the clips stand at one common time. */
    this.inStep = false;
    this.loop = true;
    /** The ends of the A-B loop. @type {number | null} */
    this.a = null;
    /** @type {number | null} */
    this.b = null;
    this.rate = 1;
    this.tuning = new Tuning();
    this.learned = { enough: 3 };
    this.end = 0;
    this.timer = 0;
    /** When the state began, and the last look. */
    this.since = clock.now();
    this.looked = this.since;
    /** @type {Member | null} whose next frame is a look */
    this.watched = null;
  }

  /** Whether the clips play, or will as soon as they can. */
  get active() {
    return this.state === "waiting" || this.state === "playing";
  }

  /** @param {HTMLVideoElement} video @param {{fps?: number | null, shift?: number}} [facts] */
  add(video, { fps, shift } = {}) {
    if (this.memberOf(video)) return;
    const member = new Member(video, fps, shift ?? 0, this.learned);
    const { life } = member;
    this.members.push(member);
    video.playbackRate = this.rate;
    if (this.active) video.preload = "auto";
    on(video, "seeked", () => this.sought(member), life);
    on(video, "canplay ended error", () => this.look(), life);
    on(video, "timeupdate", () => this.active || this.changed(), life);
    this.refresh();
  }

  /** @param {HTMLVideoElement} video */
  memberOf(video) {
    return this.members.find((member) => member.video === video);
  }

  /** @param {HTMLVideoElement} video */
  remove(video) {
    const member = this.memberOf(video);
    if (!member) return;
    member.life.abort();
    this.halt(member);
    this.members = this.members.filter((one) => one !== member);
    this.changed();
  }

  /** Those that can be shown. */
  get ready() {
    return this.members.filter(({ ready }) => ready);
  }

  /** When the last clip ends; kept while all are out of sight and will go on. */
  get duration() {
    const end = Math.max(0, ...this.ready.map((member) => member.end));
    if (end || !this.active) this.end = end;
    return this.end;
  }

  /** Of the clip that ends last. */
  get fps() {
    const { ready } = this;
    const last = Math.max(...ready.map(({ end }) => end)) - 1e-6;
    return ready.find(({ end }) => end >= last)?.fps ?? FPS;
  }

  /** The A-B loop, where both ends are set. */
  get section() {
    return loopOf(this.a, this.b, this.fps);
  }

  restart() {
    this.startAt(this.section?.[0] ?? 0);
  }

  /** Gather at a common time, and go. @param {number} time */
  startAt(time) {
    this.at = time;
    this.inStep = true;
    this.haltAll();
    for (const member of this.members) {
      const { video } = member;
      member.lead = 0;
      video.loop = false;
      video.preload = "auto";
      video.playbackRate = this.rate;
    }
    this.turn("waiting");
    this.placeAll();
    this.look();
    this.changed();
  }

  /** Everybody stops, on one and the same frame. */
  pause() {
    if (this.state === "playing") this.at = this.commonTime(this.going()) ?? this.at;
    const { active } = this;
    if (active) this.rest(restingTime(this.at, this.fps));
  }

  /** Stand at a common time, each clip in the middle of its own frame. @param {number} time */
  rest(time) {
    this.at = time;
    this.inStep = true;
    this.turn("idle");
    this.haltAll();
    this.placeAll();
    this.changed();
  }

  /** After clips came, were moved, shown or put out of sight. */
  refresh() {
    const ready = new Set(this.ready);
    for (const member of this.members) if (!ready.has(member)) this.halt(member);
    if (this.active) this.look();
    else if (this.inStep) this.placeAll();
    this.changed();
  }

  /** @param {State} state */
  turn(state) {
    this.state = state;
    this.since = this.clock.now();
    if (this.active && !this.timer) this.timer = this.clock.every(() => this.look(), TICK);
    if (this.active || !this.timer) return;
    this.clock.stop(this.timer);
    this.timer = 0;
  }

  /** What every event and the timer come to. */
  look() {
    if (!this.active) return;
    const { ready } = this;
    const now = this.clock.now();
    if (ready.length === 0) this.turn("waiting");
    else if (this.state === "waiting") this.wait(ready, now);
    else this.run(ready, now);
    this.looked = now;
    this.changed();
  }

  /** Start when everybody can. @param {Member[]} ready @param {number} now */
  wait(ready, now) {
    for (const member of ready) {
      this.notice(member, now);
      const off = member.time - this.at;
      // Who came in the meantime. Others that ran on while one stalled wait where they are.
      if (off < -DRIFT || off > MAX_LEAD) member.place(this.at, !this.active);
    }
    const able = ready.filter((member) => member.able(this.at));
    const late = ready.filter((member) => !able.includes(member) && !member.lost);
    if (late.length && now - this.since < PATIENCE) return;
    for (const member of late) this.lose(member);
    if (able.length === 0) return;
    this.turn("playing");
    for (const member of able) {
      member.lost = false;
      if (member.moves(this.at) && member.time - this.at < TOUCH) this.start(member);
    }
  }

  /** Keep those that play together. @param {Member[]} ready @param {number} now */
  run(ready, now) {
    for (const member of ready) this.notice(member, now);
    const going = this.going();
    const time = this.commonTime(going);
    if (time !== null) this.at = time;
    else if (ready.some((member) => member.moves(this.at))) return this.gather();
    else this.at += ((now - this.looked) / 1000) * this.rate; // a gap between two clips
    const { section } = this;
    if (this.at >= (section?.[1] ?? this.duration - END)) {
      if (this.loop || section) this.restart();
      else this.pause();
      return;
    }
    const stalled = going.filter((member) => member.stalled(now, this.rate));
    for (const member of stalled) member.stuck ||= now;
    if (stalled.length) return this.hold(going);
    this.tune(going, now);
    for (const member of ready) if (!member.going && !member.lost) this.join(member);
    this.watch(going);
  }

  /** Who is ahead is slowed down, or waits. @param {Member[]} going @param {number} now */
  tune(going, now) {
    const offs = going.map((member) => member.off(now, this.rate));
    const last = Math.min(...offs.map((off) => off ?? Number.POSITIVE_INFINITY));
    for (const [index, member] of going.entries()) {
      const off = offs[index] ?? null;
      const speed = this.tuning.speed(member.video, off, (off ?? last) - last, now);
      if (member.time - this.at > DRIFT) this.halt(member);
      else setRate(member.video, this.rate * speed);
    }
  }

  /** Whether a clip has moved, ended or was stopped by the browser.
   * @param {Member} member @param {number} now */
  notice(member, now) {
    const { video } = member;
    const moved = member.look(now) && member.going;
    if (moved) member.hung = false;
    if (member.lost && member.able(this.at)) {
      if (moved || (!member.going && !member.hung)) {
        this.halt(member); // it comes again, and joins
        member.lost = false;
      } else if (!member.going) this.start(member);
    }
    if (member.going && (video.paused || video.ended)) member.going = false;
    if (member.going && !member.lost && member.time - this.at < -LEAD) this.halt(member);
    if (member.going && !member.lost && member.stuck && now - member.stuck > PATIENCE)
      this.lose(member);
  }

  /** Nobody waits for it any more, and what may help is tried. @param {Member} member */
  lose(member) {
    member.lost = true;
    if (member.going) member.reload();
    else if (member.placed && member.video.readyState >= 2) this.start(member);
  }

  /** Those that make the common time. */
  going() {
    return this.ready.filter(({ going, lost }) => going && !lost);
  }

  /** @param {Member[]} going */
  commonTime(going) {
    return going.length ? Math.min(...going.map(({ time }) => time)) : null;
  }

  /** Everybody waits for one that stalls. @param {Member[]} going */
  hold(going) {
    for (const member of going) this.halt(member);
    this.turn("waiting");
  }

  /** All that can be seen begin anew from where it was. */
  gather() {
    this.turn("waiting");
    this.placeAll();
  }

  /** A clip that does not go along takes its place. @param {Member} member */
  join(member) {
    const { video, shift } = member;
    if (video.seeking || member.to !== null || video.ended) return;
    if (!member.moves(this.at)) {
      const held = positionAt(this.at, video.duration, shift);
      if (Math.abs(video.currentTime - held) > DRIFT) member.seek(held);
      return;
    }
    const ahead = member.time - this.at;
    if (ahead < -DRIFT || ahead > MAX_LEAD + DRIFT) {
      member.lead = Math.min(MAX_LEAD, member.lead * 2 || LEAD);
      member.seek(positionAt(this.at + member.lead * this.rate, video.duration, shift));
    } else if (ahead < TOUCH) this.start(member);
  }

  /** The next frame of one that plays is a look as well. @param {Member[]} going */
  watch(going) {
    if (this.watched?.going) return;
    const member = going[0] ?? null;
    this.watched = member;
    member?.video.requestVideoFrameCallback?.(() => {
      if (this.watched !== member) return;
      this.watched = null;
      this.look();
    });
  }

  /** @param {Member} member */
  start(member) {
    const { video } = member;
    member.going = true;
    member.lead = 0;
    member.moved = this.clock.now();
    setRate(video, this.rate);
    video.play().catch(({ name }) => {
      if (!member.going) return;
      member.going = false;
      if (name === "NotAllowedError") this.block();
    });
  }

  block() {
    this.haltAll();
    this.inStep = true;
    this.turn("blocked");
    this.changed();
  }

  /** @param {Member} member */
  halt(member) {
    this.tuning.forget(member.video);
    member.halt();
  }

  haltAll() {
    for (const member of this.members) this.halt(member);
  }

  placeAll() {
    for (const member of this.ready) member.place(this.at, !this.active);
  }

  /** @param {Member} member */
  sought(member) {
    member.sought();
    if (this.active) this.look();
    else this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {HTMLVideoElement} video @param {number} rate */
function setRate(video, rate) {
  if (video.playbackRate !== rate) video.playbackRate = rate;
}
