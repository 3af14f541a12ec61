// The arithmetic of playing several clips in sync. Pure. The common time is that of a clip without
// a shift; a clip with shift s shows its time + s at the common time.

/** A clip that is further ahead than this waits for the others. Seconds. */
export const DRIFT = 0.1;
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
/** Only a correction of more than this tells whether it helped. Seconds. */
const TELLING = 0.012;
/** So many corrections more that did not help than did end them. */
const FAILURES = 4;

/**
 * Fine corrections by the speed, for as long as they help: in some browsers (WebKitGTK, measured)
 * each change of the speed costs a clip 50 to 80 ms, and so makes the drift that it should mend.
 */
export class Tuning {
  failures = 0;
  /** @type {WeakMap<object, {ahead: number, until: number, speed: number}>} */
  trials = new WeakMap();

  get useful() {
    return this.failures < FAILURES;
  }

  /**
   * The factor on the speed of a clip that is so far ahead.
   * @param {object} clip @param {number} ahead seconds @param {number} now milliseconds
   */
  speed(clip, ahead, now) {
    const trial = this.trials.get(clip);
    if (trial && now < trial.until) return trial.speed;
    if (trial) {
      this.trials.delete(clip);
      if (trial.ahead > TELLING)
        this.failures = Math.max(0, this.failures + (ahead < trial.ahead * 0.6 ? -1 : 1));
      return 1; // one look at the common speed, to see what came of it
    }
    if (!this.useful || ahead < CLOSE) return 1;
    const speed = 1 - Math.min(MOST, (ahead * 1000) / TRIAL);
    this.trials.set(clip, { ahead, until: now + TRIAL, speed });
    return speed;
  }

  /** @param {object} clip  that stops or is sought */
  forget(clip) {
    this.trials.delete(clip);
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
