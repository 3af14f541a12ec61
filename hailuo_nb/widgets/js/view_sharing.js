// The state of a board's view in the traits of its model: written there once it has settled, and
// followed.

import { NO_FILTER } from "./protocol.js";
import { listen } from "./wire.js";

/** @typedef {import("./view_state.js").ViewSignal} ViewSignal */

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
  /** Take what the model holds of these traits. @param {string[]} names */
  const take = (names) => {
    const taken = { ...view.value };
    for (const name of names)
      Object.assign(taken, name === "arrangement" ? model.get(name) : { [name]: model.get(name) });
    taken.filter = { ...NO_FILTER, ...taken.filter };
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
  // What Python says of one holds, also while another is still to be written.
  for (const name of OWN) listen(model, [`change:${name}`], () => take([name]), until);
  listen(model, ["change:arrangement"], () => timer || take(["arrangement"]), until);
  take([...OWN, "arrangement"]);

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
