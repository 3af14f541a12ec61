// The arithmetic of playing several clips in sync. Pure. The common time is that of a clip without
// a shift; a clip with shift s shows its time + s at the common time.

/** A clip that lags by less than a frame is sped up a little; beyond this it is sought. Seconds. */
export const DRIFT = 0.1;
/** Less than this is let be: clocks are read a little apart. Seconds. */
const CLOSE = 0.006;
/** Within this of its end a clip counts as ended. Seconds. */
const END = 0.02;
/** Frames a second of Hailuo's clips, where a row does not say. */
export const FPS = 24;

/**
 * Seconds; duration 0 while unknown. `running` is whether it moves; left out it does.
 * @typedef {{time: number, duration: number, shift?: number, running?: boolean}} Position
 */

/** @param {Position} clip */
const shiftOf = ({ shift }) => shift ?? 0;

/**
 * The clip that leads: the one that ends last, because the others hold their last frame while it
 * goes on; of those that move, where any does. -1 for none.
 * @param {readonly Position[]} clips
 */
export function leader(clips) {
  const moving = clips.some(({ running, duration }) => running !== false && duration > 0);
  let [best, end] = [-1, -Infinity];
  clips.forEach((clip, index) => {
    if (clip.duration <= 0 || (moving && clip.running === false)) return;
    const own = clip.duration - shiftOf(clip);
    if (own > end + 1e-6) [best, end] = [index, own];
  });
  return best;
}

/** The common time. @param {readonly Position[]} clips */
export function commonTime(clips) {
  const lead = clips[leader(clips)];
  return lead ? lead.time - shiftOf(lead) : 0;
}

/** The common time at which the last clip ends. @param {readonly Position[]} clips */
export function commonEnd(clips) {
  return clips.reduce(
    (most, clip) => (clip.duration > 0 ? Math.max(most, clip.duration - shiftOf(clip)) : most),
    0,
  );
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

/**
 * What brings everybody back in step with the leader: a seek, or a factor on the speed for less
 * than a frame or two.
 * @param {readonly Position[]} clips @param {number} [threshold] seconds
 * @returns {{index: number, to?: number, speed?: number}[]}
 */
export function corrections(clips, threshold = DRIFT) {
  const first = leader(clips);
  if (first < 0) return [];
  const time = commonTime(clips);
  const found = [];
  for (const [index, clip] of clips.entries()) {
    if (index === first || clip.duration <= 0) continue;
    const shift = shiftOf(clip);
    const to = positionAt(time, clip.duration, shift);
    // A clip that holds its last frame may stand anywhere in the last stretch before its end.
    const held = time + shift >= clip.duration && clip.time >= clip.duration - threshold;
    const off = clip.time - to;
    if (!held && Math.abs(off) > threshold) found.push({ index, to });
    else
      found.push({
        index,
        speed: held || Math.abs(off) < CLOSE ? 1 : 1 - Math.max(-0.15, Math.min(0.15, off * 3)),
      });
  }
  return found;
}

/**
 * Whether the round is over.
 * @param {readonly Position[]} clips
 * @param {number | null} [until]  the end of an A-B loop
 */
export function finished(clips, until = null) {
  const end = commonEnd(clips);
  return end > 0 && commonTime(clips) >= (until ?? end - END);
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
