// Videos without a browser, on a clock that a test turns: what the player needs of an
// HTMLVideoElement, and what a browser may do to it (slow seeks, refusals, stalls, early ends).

import { setMaxListeners } from "node:events";

export class World {
  now = 0;
  videos = new Set();
  timers = new Map();
  clock = {
    now: () => this.now,
    every: (act, ms) => {
      this.timers.set(this.timers.size + 1, { act, ms, next: this.now + ms });
      return this.timers.size;
    },
    stop: (timer) => this.timers.delete(timer),
  };

  /** @param {ConstructorParameters<typeof FakeVideo>[1]} [how] */
  video(how) {
    const made = new FakeVideo(this, how);
    this.videos.add(made);
    return made;
  }

  /** Let time pass, 5 ms at a time. `look` is called after each. */
  async pass(ms, look = () => {}) {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 5;
      for (const video of this.videos) video.pass(5);
      for (const timer of [...this.timers.values()])
        if (this.now >= timer.next) {
          timer.next += timer.ms;
          timer.act();
        }
      await null; // what was promised
      await null;
      look();
    }
  }
}

class FakeVideo extends EventTarget {
  /**
   * `seeks`: how long each seek takes, ms. `endsAt`: where it ends, whatever it says. `speed`: of
   * its decoder. `rateCost`: seconds that a change of the speed costs. `startsAfter`: ms from
   * play() until it moves. `grain`: seconds in which its clock steps (Firefox: a frame). `dead`:
   * it moves once it was loaded again. `coy`: it never says that it has more than one frame.
   */
  constructor(world, how = {}) {
    super();
    setMaxListeners(0, this); // an old player of a board may hear it too
    this.world = world;
    const { duration = 6, seeks = 0, startsAfter = 0 } = how;
    Object.assign(this, { speed: 1, rateCost: 0, refuses: false, endsAt: duration, grain: 0 }, how);
    Object.assign(this, { duration, seeks, startsAfter });
    this.sought = 0;
    this.plays = 0;
    this.rates = 0;
    this.loads = 0;
    if (this.coy) this.readyState = 2;
  }
  readyState = 4;
  paused = true;
  ended = false;
  seeking = false;
  error = null;
  isConnected = true;
  hidden = false;
  preload = "metadata";
  loop = false;
  time = 0;
  rate = 1;
  until = 0;

  closest() {
    return this.hidden ? this : null;
  }
  get currentTime() {
    const { time, grain } = this;
    return grain && !this.paused ? Math.floor(time / grain) * grain : time;
  }
  set currentTime(to) {
    this.time = Math.min(to, this.endsAt);
    this.ended = false;
    this.seeking = true;
    this.sought += 1;
    this.until = this.world.now + this.seeks;
  }
  get playbackRate() {
    return this.rate;
  }
  set playbackRate(rate) {
    if (rate !== this.rate) {
      this.rates += 1;
      if (!this.paused) this.time -= this.rateCost;
    }
    this.rate = rate;
  }
  async play() {
    this.plays += 1;
    if (this.refuses) throw Object.assign(new Error("a click first"), { name: "NotAllowedError" });
    if (this.ended) this.currentTime = 0;
    this.paused = false;
    this.until = Math.max(this.until, this.world.now + this.startsAfter);
  }
  pause() {
    this.paused = true;
  }
  load() {
    this.loads += 1;
    this.paused = true;
    this.time = 0;
    this.dead = false;
    this.dispatchEvent(new Event("canplay"));
  }
  fail() {
    this.error = { message: "broken" };
    this.dispatchEvent(new Event("error"));
  }
  pass(ms) {
    if (this.world.now < this.until) return;
    if (this.seeking) {
      this.seeking = false;
      this.dispatchEvent(new Event("seeked"));
    } else if (!this.paused && (this.coy || this.readyState >= 3) && !this.error && !this.dead) {
      this.time = Math.min(this.endsAt, this.time + (ms / 1000) * this.rate * this.speed);
      if (this.time < this.endsAt) return;
      this.ended = true;
      this.paused = true;
      this.dispatchEvent(new Event("ended"));
    }
  }
}
