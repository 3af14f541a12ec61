// The state of a board's view: it belongs to the board and not to a page. Traits of the model hold
// it, written once it has settled.

import { signal } from "@preact/signals";
import { NO_FILTER } from "./protocol.js";
import { listen } from "./wire.js";

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

/** Traits of their own; the others are together in `arrangement`. */
const OWN = ["view", "selected", "filter"];
/** Milliseconds after which what somebody looks at has settled. */
const PAUSE = 300;
/** Milliseconds between two writes of the time while clips play. */
const TICK = 250;
/** Seconds by which two boards may differ before one of them seeks. */
const APART = 0.3;

const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) =>
  JSON.stringify(a) === JSON.stringify(b);

/**
 * Keep the state in the model, and follow it there: another view of the board, Python, a link.
 * @param {import("./wire.js").Wire} wire @param {ViewSignal} view
 * @param {import("./player.js").Player} player
 * @param {AbortSignal} until
 */
export function shareView(wire, view, player, until) {
  const { model } = wire;
  if (model.get("view") === undefined) return { save() {} }; // a page on disk
  /** Take what the model holds. */
  const take = () => {
    const own = Object.fromEntries(OWN.map((name) => [name, model.get(name)]));
    const filter = { ...NO_FILTER, ...own.filter };
    const taken = { ...view.value, ...model.get("arrangement"), ...own, filter };
    if (!same(taken, view.value)) view.value = taken;
  };
  let timer = 0;
  const write = () => {
    clearTimeout(timer);
    timer = 0;
    const { view: what, selected, filter, ...arrangement } = view.value;
    for (const [name, value] of Object.entries({ view: what, selected, filter, arrangement }))
      if (!same(model.get(name), value)) model.set(name, value);
    if (wire.open) model.save_changes();
  };
  listen(
    model,
    [...OWN, "arrangement"].map((name) => `change:${name}`),
    () => !timer && take(),
    until,
  );
  take();

  let written = 0;
  const tell = () => {
    if (player.untouched || (player.active && Date.now() - written < TICK)) return;
    const time = Math.round(player.at * 1000) / 1000;
    if (time === model.get("time")) return;
    written = Date.now();
    model.set("time", time);
    if (wire.open) model.save_changes();
  };
  const follow = () => {
    const time = model.get("time");
    if (Math.abs(time - player.at) < (player.active ? APART : 0.002)) return;
    if (player.active) player.startAt(time);
    else player.rest(time);
  };
  player.addEventListener("change", tell, { signal: until });
  listen(model, ["change:time"], follow, until);
  until.addEventListener("abort", () => timer && write());
  return {
    /** Somebody looks at something else. */
    save() {
      clearTimeout(timer);
      timer = setTimeout(write, PAUSE);
    },
  };
}
