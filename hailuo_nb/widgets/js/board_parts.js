// The views of clips that are no components yet, and what keeps them up to date: one goes when its
// view becomes a component.

import { effect, untracked } from "@preact/signals";
import { groupRows, matrixOf } from "./board_rows.js";
import { cardGrid } from "./card_grid.js";
import { cardPlace } from "./card_place.js";
import { focusedBeside, on } from "./dom.js";
import { SETTLED } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */

/** What may be grouped by while names are hidden. */
const BLIND_AXES = new Set(["prompt", "camera"]);

/** @param {Board} whole */
export function boardParts(whole) {
  const life = new AbortController();
  const { signal } = life;
  /** @type {Board} */
  const board = Object.create(whole, { signal: { value: signal } });
  const { t, player, sound, store } = board;
  const { view: state, rows: every, shown, what: which } = store;
  /** @type {Map<string, import("./card_place.js").Place>} */
  const cards = new Map();
  /** What each card shows, to leave it alone while that is the same. @type {Map<string, string>} */
  const keys = new Map();

  const nameOf = (/** @type {string} */ id) => store.names.value.get(id) ?? "";
  const places = cardGrid(t, (id) => /** @type {HTMLElement} */ (cards.get(id)?.el));

  /** @param {Row[]} all @param {string} what  view is shown */
  function updateCards(all, what) {
    const ids = new Set(all.map(({ id }) => id));
    for (const [id, card] of cards) {
      if (ids.has(id)) continue;
      card.remove();
      cards.delete(id);
      keys.delete(id);
    }
    const view = state.value;
    if (view.selected.some((id) => !ids.has(id)))
      state.value = { ...view, selected: view.selected.filter((id) => ids.has(id)) };
    const message =
      view.group === "prompt" || (what === "matrix" && [view.down, view.across].includes("prompt"));
    const prompt = !message && store.varies.value.has("prompt");
    for (const row of all) {
      const { id } = row;
      const blind = view.blind ? nameOf(id) : "";
      const look = { blind, prompt, picked: "AB"[view.selected.indexOf(id)] ?? "" };
      const key = JSON.stringify([row, look, view.shifts[id], nameOf(id)]);
      if (keys.get(id) === key) continue;
      keys.set(id, key);
      const card = cards.get(id) ?? cardPlace(board, row);
      cards.set(id, card);
      card.update(row, look);
    }
  }

  function update() {
    const { root } = board;
    const focused = focusedBeside(root);
    show();
    // What had the focus may be out of sight now; the keys of the board must go on working.
    if (focused && focused !== root && root.contains(focused) && !focused.checkVisibility())
      root.focus({ preventScroll: true });
  }

  function show() {
    const [all, rows, what, view] = [every.value, shown.value, which.value, state.value];
    updateCards(all, what);
    places.el.hidden = what !== "grid" && what !== "matrix";
    if (what === "grid") {
      const { group } = view;
      const grouped = !store.full.value && group !== "" && (!view.blind || BLIND_AXES.has(group));
      places.showGroups(grouped ? groupRows(rows, group) : [{ key: "", label: "", rows }], grouped);
    } else if (what === "matrix") {
      const corner = `${t(`column.${view.down}`)} × ${t(`column.${view.across}`)}`;
      places.showMatrix(matrixOf(rows, view.down, view.across), corner);
    }
    if (what !== "pair" && what !== "vote")
      sound.show(rows.filter(({ waveform }) => waveform).map(({ id }) => id));
    board.loader.build();
    player.refresh();
    board.loader.settle();
  }

  /** Show the board, and again whenever something of it changes. @returns {() => void} its end */
  function start() {
    const resize = new ResizeObserver(() => {
      places.arrange();
      board.loader.settle();
    });
    resize.observe(board.root);
    const clock = setInterval(() => {
      if (board.wire.kernel.lost) return;
      for (const card of cards.values())
        if (!SETTLED.has(card.row.state)) card.tick(Date.now() / 1000);
    }, 1000);
    const stop = effect(() => {
      const { names, title, full: filling } = store;
      for (const one of [every, shown, which, state, title, store.summaries, names, filling])
        one.value;
      untracked(update);
    });
    // What can be done with a card is another then.
    const lost = () => {
      keys.clear();
      update();
    };
    on(board.wire.kernel, "lost", lost, { signal });
    return () => {
      stop();
      resize.disconnect();
      clearInterval(clock);
      life.abort();
      for (const card of cards.values()) card.remove();
      cards.clear();
    };
  }
  return { lang: board.language.value, places, start };
}
