// The arithmetic of playing several clips in step. Pure: numbers in, numbers out; player.js applies it.

/** Two clips started together drift about a millisecond; beyond this something stalled. Seconds. */
export const DRIFT = 0.1;

/** Within this of its end a clip counts as ended. Seconds. */
const END = 0.02;

/** @typedef {{time: number, duration: number}} Position  seconds; duration 0 while unknown */

/**
 * The clip that leads: the longest, because the others hold their last frame while it goes on. -1 for none.
 * @param {readonly Position[]} clips
 */
export function leader(clips) {
  let best = -1;
  clips.forEach(({ duration }, index) => {
    if (duration > 0 && (best < 0 || duration > (clips[best]?.duration ?? 0) + 1e-6)) best = index;
  });
  return best;
}

/** Where a clip stands at a common time: a short one holds its last frame. @param {number} time @param {number} duration */
export function positionAt(time, duration) {
  return Math.min(Math.max(0, time), Math.max(0, duration - END));
}

/**
 * The seeks that bring everybody back in step with the leader.
 * @param {readonly Position[]} clips @param {number} [threshold] seconds
 * @returns {{index: number, to: number}[]}
 */
export function corrections(clips, threshold = DRIFT) {
  const first = leader(clips);
  const lead = clips[first];
  if (!lead) return [];
  const seeks = [];
  for (const [index, { time, duration }] of clips.entries()) {
    if (index === first || duration <= 0) continue;
    const to = positionAt(lead.time, duration);
    // A clip that holds its last frame may stand anywhere in the last stretch before its end.
    const held = lead.time >= duration && time >= duration - threshold;
    if (!held && Math.abs(time - to) > threshold) seeks.push({ index, to });
  }
  return seeks;
}

/** Whether the round is over. @param {readonly Position[]} clips */
export function finished(clips) {
  const lead = clips[leader(clips)];
  return lead !== undefined && lead.time >= lead.duration - END;
}

/**
 * The frame to show when everybody stops: the middle of a frame, as a seek to its edge may show its neighbour.
 * @param {number} time @param {number} [fps]
 */
export function restingTime(time, fps = 24) {
  return (Math.floor(time * fps + 1e-6) + 0.5) / fps;
}
