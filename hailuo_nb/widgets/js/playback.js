// The arithmetic of playing several clips in sync. Pure. The common time is that of a clip without
// a shift; a clip with shift s shows its time + s at the common time.

/** A clip that is further ahead than this waits for the others. Seconds. */
export const DRIFT = 0.1;
/** What a start or another speed does to a clip is over by then. Milliseconds. */
const SETTLE = 150;
/** Then it is looked at for so long, and a frame more, until it is known where it stands. ms. */
const SURE = 200;
/** Less than this is let be: clocks are read a little apart. Seconds. */
const CLOSE = 0.006;
/** Within this of its end a clip counts as ended. Seconds. */
export const END = 0.02;
/** Frames a second of Hailuo's clips, where a row does not say. */
export const FPS = 24;
/** For how long a clip is slowed down to lose what it is ahead. Milliseconds. */
const TRIAL = 400;
/** A clip is slowed down by no more than this share: more is seen. */
const MOST = 0.15;
/** Only a correction of more than this tells whether it does what it should. Seconds. */
const TELLING = 0.015;
/** So many corrections more that did not help than did end them. */
const FAILURES = 4;

/**
 * Fine corrections by the speed, for as long as they do what they should: in some browsers (WebKitGTK,
 * measured) each change of the speed costs a clip 5 to 80 ms, and so makes the drift that it mends.
 */
export class Tuning {
  failures = 0;
  /** @type {WeakMap<object, {off: number, loss: number, until: number, speed: number}>} */
  trials = new WeakMap();

  get useful() {
    return this.failures < FAILURES;
  }

  /**
   * The factor on the speed of a clip.
   * @param {object} clip @param {number | null} off  its reading, seconds @param {number} ahead  of
   *   the last clip, seconds @param {number} now milliseconds
   */
  speed(clip, off, ahead, now) {
    const trial = this.trials.get(clip);
    if (trial && now < trial.until) return trial.speed;
    if (off === null) return 1;
    this.trials.delete(clip);
    if (trial && trial.loss > TELLING) {
      const wrong = Math.abs(trial.off - off - trial.loss);
      this.failures = Math.max(0, this.failures + (wrong < trial.loss * 0.6 ? -1 : 1));
    }
    if (!this.useful || ahead < CLOSE) return 1;
    const speed = 1 - Math.min(MOST, (ahead * 1000) / TRIAL);
    this.trials.set(clip, { off, loss: ((1 - speed) * TRIAL) / 1000, until: now + TRIAL, speed });
    return speed;
  }

  /** @param {object} clip  that stops or is sought */
  forget(clip) {
    this.trials.delete(clip);
  }
}

/**
 * Where one clip stands beside a clock of its speed, in its own time over that speed. In some
 * browsers currentTime steps from frame to frame (Firefox, measured: 42 ms), and is right just after
 * a step alone: the greatest of some looks counts.
 */
export class Reading {
  /** @type {{now: number, off: number}[]} */
  looks = [];
  since = 0;
  rate = 0;

  /**
   * How far the clip is before the clock, seconds; null until that is sure.
   * @param {number} time  of the clip @param {number} now milliseconds @param {number} rate
   * @param {number} fps
   */
  off(time, now, rate, fps) {
    if (rate !== this.rate) {
      this.rate = rate;
      this.since = now;
      this.looks = [];
    }
    const span = SURE + 1000 / (fps * rate);
    if (now - this.since >= SETTLE) this.looks.push({ now, off: time / rate - now / 1000 });
    this.looks = this.looks.filter((look) => now - look.now <= span);
    if (now - this.since < SETTLE + span) return null;
    return Math.max(...this.looks.map(({ off }) => off));
  }

  forget() {
    this.rate = 0;
  }
}

/** The position of a clip at a common time: before its start and after its end it holds a frame.
 * @param {number} time @param {number} duration @param {number} [shift] */
export function positionAt(time, duration, shift = 0) {
  return Math.min(Math.max(0, time + shift), Math.max(0, duration - END));
}

/**
 * Whether a clip moves at a common time.
 * @param {number} time
 * @param {number} duration
 * @param {number} [shift]
 */
export function movesAt(time, duration, shift = 0) {
  return time + shift >= 0 && time + shift < duration - END;
}

/** The number of the frame that is shown at a time. @param {number} time @param {number} [fps] */
export function frameAt(time, fps = FPS) {
  return Math.max(0, Math.floor(time * fps + 1e-6));
}

/** The time to seek to for a frame: its middle, as its edge may show its neighbour.
 * @param {number} frame @param {number} [fps] */
export function timeOfFrame(frame, fps = FPS) {
  return (frame + 0.5) / fps;
}

/** The frame to show when everybody stops. @param {number} time @param {number} [fps] */
export function restingTime(time, fps = FPS) {
  return timeOfFrame(frameAt(time, fps), fps);
}

/**
 * `by` frames on, inside the clip.
 * @param {number} time
 * @param {number} by
 * @param {number} end
 * @param {number} [fps]
 */
export function stepped(time, by, end, fps = FPS) {
  const last = Math.max(0, Math.ceil(end * fps - 0.01) - 1);
  return timeOfFrame(Math.min(last, Math.max(0, frameAt(time, fps) + by)), fps);
}

/** Two ends of a loop in order, at least a frame apart; null where one is missing.
 * @param {number | null} a
 * @param {number | null} b
 * @param {number} [fps]
 * @returns {[number, number] | null}
 */
export function loopOf(a, b, fps = FPS) {
  if (a === null || b === null) return null;
  return a < b ? [a, Math.max(b, a + 1 / fps)] : [b, Math.max(a, b + 1 / fps)];
}
