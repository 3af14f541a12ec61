// What the state of a row means for the view. Pure; engine/states.py has the states.

/** @typedef {import("./types.js").Row} Row */

/** Something still happens by itself. */
export const ACTIVE = new Set(["submitting", "submitted", "ready", "downloading"]);
/** Nothing more happens by itself. */
export const SETTLED = new Set([
  "saved",
  "rejected",
  "failed",
  "unknown",
  "expired",
  "cancelled",
  "invalid",
]);
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
  return {
    count: rows.length,
    saved,
    trouble,
    settled,
    fraction: rows.length ? sum / rows.length : 0,
  };
}

/**
 * Seconds since a clip was sent, up to its end; null before.
 * @param {Row} row
 * @param {number} now Unix seconds
 */
export function elapsed(row, now) {
  if (row.submitted_at === null || row.submitted_at === undefined) return null;
  if (row.finished_at) return Math.max(0, row.finished_at - row.submitted_at);
  return SETTLED.has(row.state) ? null : Math.max(0, now - row.submitted_at);
}

/** An estimate never claims that the clip is there. */
const MAX_ESTIMATE = 0.95;

/**
 * The progress of a clip: as the provider says, else from how long such clips usually take here.
 * @param {Row} row @param {number} now Unix seconds
 * @returns {{fraction: number | null, kind: "said" | "usual" | "none", late: boolean}}
 */
export function progressOf(row, now) {
  const passed = row.parked ? null : elapsed(row, now);
  const late = Boolean(row.usual_seconds && passed !== null && passed > row.usual_seconds);
  const said = row.progress ?? null;
  if (said !== null && (row.state !== "submitted" || said > 0))
    return { fraction: said, kind: "said", late };
  if (row.state !== "submitted" || !row.usual_seconds || passed === null)
    return { fraction: said, kind: said === null ? "none" : "said", late };
  return { fraction: Math.min(MAX_ESTIMATE, passed / row.usual_seconds), kind: "usual", late };
}

/**
 * The actions that stand on the card itself, and not only in its menu.
 * @type {Record<string, string[]>}
 */
const CARD_ACTIONS = {
  planned: ["cancel"],
  submitted: ["cancel_task"],
  unknown: ["look_again", "send_again"],
  failed: ["look_again", "send_again"],
  rejected: ["retry"],
  saved: ["regenerate"],
  expired: ["look_again", "send_again"],
  cancelled: ["retry", "look_again", "send_again"],
};

/**
 * What is sold where the clip was made. And of a cancelled clip, what depends on whether
 * a provider had it: such a one is never sent anew by itself.
 * @param {Row} row @param {string} action
 */
function applies({ state, task_id, cancelling, regenerating }, action) {
  if (action === "cancel_task") return cancelling != null;
  if (action === "regenerate") return regenerating != null;
  return state !== "cancelled" || (action === "retry") === !task_id;
}

/** @param {Row} row */
const ownActions = (row) =>
  (CARD_ACTIONS[row.state] ?? []).filter((action) => applies(row, action));

/** @param {Row} row @param {string} action */
const isOwn = (row, action) => ownActions(row).includes(action);

/** Whether a provider could be asked for it. @param {Row} row */
const isRequest = ({ state }) => state !== "invalid";

/**
 * Menus hold what makes sense for a clip in its state.
 * @type {Record<string, (row: Row, action: string) => boolean>}
 */
const MENU_ACTIONS = {
  retake: (row) => isRequest(row) && row.state !== "planned",
  promote: isRequest,
  regenerate: isOwn,
  last_frame: ({ state }) => state === "saved",
  settings: isRequest,
  python: isRequest,
  retry: isOwn,
  look_again: (row, action) => isOwn(row, action) || row.parked,
  send_again: isOwn,
  cancel: isOwn,
  cancel_task: isOwn,
  stop_watching: ({ state, parked }) => state === "submitted" && !parked,
  delete: (row) => isRequest(row) && SETTLED.has(row.state),
};

/** @param {Row} row @param {readonly string[]} actions  what the board has */
export function cardActions(row, actions) {
  const own = row.parked ? ["look_again"] : ownActions(row);
  return own.filter((action) => actions.includes(action));
}

/** In the order of the menu. @param {Row} row @param {readonly string[]} actions */
export function menuActions(row, actions) {
  return Object.keys(MENU_ACTIONS).filter(
    (action) => actions.includes(action) && MENU_ACTIONS[action]?.(row, action),
  );
}

/** Width over height of the picture before the file itself tells. @param {string} resolution */
export function aspect(resolution) {
  return resolution === "768P" ? 1366 / 768 : 16 / 9;
}
