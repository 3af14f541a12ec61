// The state of a board's view: kept while rows come and go, the language changes and the board is
// shown again. It never crosses the wire.

import { NO_FILTER } from "./board_rows.js";
import { DEFAULT_COLUMNS } from "./table_view.js";

/**
 * @typedef {object} View
 * @property {string} view        "" until somebody chooses, then "grid", "matrix", "table",
 *   "summary", "pair" or "vote"
 * @property {string} by          the axis of the summary
 * @property {string} group       an axis, or "" for none
 * @property {string} down        the axis of the matrix's rows
 * @property {string} across      the axis of its columns
 * @property {import("./board_rows.js").Sort} sort
 * @property {import("./board_rows.js").Filter} filter
 * @property {boolean} filtering  whether the filters are shown
 * @property {string[]} columns   of the table
 * @property {string[]} selected  ids of at most two clips
 * @property {string} mode        of the pair
 * @property {string} voteMode    of the pair that is voted on
 * @property {string} voteOn      "provider", "prompt", or "" for anything
 * @property {number} voteSize    clips at once: 2 or 4
 * @property {boolean} blind      names hidden, cards shuffled
 * @property {number} seed        of the order while blind
 * @property {Record<string, number>} shifts  seconds by clip
 * @property {Partial<import("./player.js").Kept>} playback
 */

/** @type {WeakMap<object, View>} */
const kept = new WeakMap();

/** @param {object} model @returns {View} */
export function viewOf(model) {
  const view = kept.get(model) ?? {
    view: "",
    by: "provider",
    group: "",
    down: "prompt",
    across: "provider",
    sort: { by: "", down: false },
    filter: { ...NO_FILTER },
    filtering: false,
    columns: [...DEFAULT_COLUMNS],
    selected: [],
    mode: "wipe",
    voteMode: "side",
    voteOn: "",
    voteSize: 2,
    blind: false,
    seed: 1,
    shifts: {},
    playback: {},
  };
  kept.set(model, view);
  return view;
}
