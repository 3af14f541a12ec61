// What the state of a row means for the view. Pure data and arithmetic; the life itself is engine/states.py.

/** @typedef {import("./types.js").Row} Row */

/** Something still happens by itself. */
export const ACTIVE = new Set(["submitting", "submitted", "ready", "downloading"]);
/** Nothing more happens by itself. */
export const SETTLED = new Set(["saved", "rejected", "failed", "unknown", "expired", "cancelled", "invalid"]);
/** A person should look. */
export const TROUBLE = new Set(["rejected", "failed", "unknown", "expired", "invalid"]);

/** @param {string} state @returns {"idle" | "active" | "good" | "bad" | "warn"} */
export function tone(state) {
  if (state === "saved") return "good";
  if (state === "unknown" || state === "cancelled") return "warn";
  if (TROUBLE.has(state)) return "bad";
  return ACTIVE.has(state) ? "active" : "idle";
}

/** Numbers for the head of the board. @param {readonly Row[]} rows */
export function tally(rows) {
  let [saved, trouble, settled, sum] = [0, 0, 0, 0];
  for (const { state, progress } of rows) {
    if (state === "saved") saved += 1;
    if (TROUBLE.has(state)) trouble += 1;
    if (SETTLED.has(state)) settled += 1;
    sum += SETTLED.has(state) ? 1 : (progress ?? 0);
  }
  return { count: rows.length, saved, trouble, settled, fraction: rows.length ? sum / rows.length : 0 };
}

/** Seconds since a clip was sent, up to its end; null before. @param {Row} row @param {number} now Unix seconds */
export function elapsed(row, now) {
  if (row.submitted_at === null || row.submitted_at === undefined) return null;
  if (row.finished_at) return Math.max(0, row.finished_at - row.submitted_at);
  return SETTLED.has(row.state) ? null : Math.max(0, now - row.submitted_at);
}

/** Width over height of the picture before the file itself tells. @param {string} resolution */
export function aspect(resolution) {
  return resolution === "768P" ? 1366 / 768 : 16 / 9;
}
