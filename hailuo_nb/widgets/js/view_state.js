// The state of a board's view: it belongs to the board and not to a page. All its views on a page
// share it; `view_sharing.js` shares it with the model.

import { signal } from "@preact/signals";
import { NO_FILTER } from "./protocol.js";

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
 * @property {string} density     of the cards: "clips", "compact" or "full"
 * @property {boolean} filtering  whether the filters are shown
 * @property {import("./table_columns.js").Ticked} columns  of the table
 * @property {string[]} selected  ids of at most two clips
 * @property {string} mode        of the pair
 * @property {string} voteMode    of the pair that is voted on
 * @property {string | null} voteOn  "prompt", "provider", "" for anything; null until somebody
 *   chooses
 * @property {number} voteSize    clips at once: 2 or 4
 * @property {boolean} blind      names hidden, cards shuffled
 * @property {number} seed        of the order while blind
 * @property {Record<string, number>} shifts  seconds by clip
 */

/** How much a card says. */
export const DENSITIES = ["clips", "compact", "full"];

/** @typedef {import("@preact/signals").Signal<View>} ViewSignal */
/** @typedef {Partial<import("./player.js").Kept> & {sound?: string}} Playback */

/** @type {WeakMap<object, {view: ViewSignal, playback: Playback}>} */
const kept = new WeakMap();

/** What all views of a board on this page share. @param {import("./types.js").Model} model */
export function viewOf(model) {
  const view = signal(
    /** @type {View} */ ({
      view: "",
      by: "provider",
      group: "",
      down: "prompt",
      across: "provider",
      sort: { by: "", down: false },
      filter: { ...NO_FILTER },
      density: "compact",
      filtering: false,
      columns: {},
      selected: [],
      mode: "wipe",
      voteMode: "side",
      voteOn: null,
      voteSize: 2,
      blind: false,
      seed: 1,
      shifts: {},
    }),
  );
  const found = kept.get(model) ?? {
    view,
    playback: /** @type {Playback} */ ({ at: model.get("time") ?? 0 }),
  };
  kept.set(model, found);
  return found;
}
