// The cards of a board, in sections of a grid or in the cells of a matrix. A card is moved, never made
// again, so that a playing clip goes on playing.

import { computed, effect, signal, untracked } from "@preact/signals";
import { h, render } from "preact";
import { groupRows, matrixOf } from "./board_rows.js";
import { Frame } from "./card_frames.js";
import { columns, fitting, gridOf, lineOf } from "./card_layout.js";
import { cardPlace } from "./card_place.js";
import { element, focusedBeside, on } from "./dom.js";
import { excerpt, promptParts } from "./prompt_parts.js";
import { SETTLED } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card_place.js").Place} Place */
/** @typedef {import("./card_frames.js").Layout} Layout */
/** @typedef {ReturnType<typeof lookOf>} Look */

/** What may be grouped by while names are hidden. */
const BLIND_AXES = new Set(["prompt", "camera"]);

/** Pixels of the heads of a matrix's lines. */
const HEAD = 124;

/** How all cards are to look. @param {import("./card.js").Board} board */
function lookOf({ store }) {
  const { view, what } = store;
  const prompts = computed(() =>
    JSON.stringify([...new Set(store.rows.value.map(({ prompt }) => prompt))]),
  );
  const parts = computed(() => promptParts(JSON.parse(prompts.value)));
  const partsOf = (/** @type {string} */ prompt) =>
    parts.value.get(prompt) ?? [{ text: prompt, changed: false }];
  return {
    density: store.density,
    blind: computed(() => view.value.blind),
    /** Whether a card says its prompt: they differ, and no head says it. */
    prompts: computed(() => {
      const { group, down, across } = view.value;
      const said = what.value === "matrix" ? [down, across] : [group];
      return store.varies.value.has("prompt") && !said.includes("prompt");
    }),
    partsOf,
    excerpt: (/** @type {string} */ prompt) => excerpt(partsOf(prompt)),
    /** Unix seconds, while something moves. */
    now: signal(Date.now() / 1000),
  };
}

/** @param {import("./card.js").Board} board */
export function cardGrid(board) {
  const { store, t, loader, player, sound } = board;
  const el = element("div", "hn-card-grid");
  const look = lookOf(board);
  /** @type {Map<string, Place>} */
  const places = new Map();
  /** @type {{key: string, el: HTMLElement, layout: import("@preact/signals").Signal<Layout>} | null} */
  let frame = null;

  /** Each row has a place, and each place a row. @param {Row[]} rows */
  function follow(rows) {
    const ids = new Set(rows.map(({ id }) => id));
    for (const [id, place] of places) {
      if (ids.has(id)) continue;
      place.remove();
      places.delete(id);
    }
    for (const row of rows) {
      const place = places.get(row.id);
      if (!place) places.set(row.id, cardPlace(board, row, look));
      else if (differ(place.row.peek(), row)) place.update(row);
    }
  }

  /** @returns {Layout} */
  function layout() {
    const { group, down, across, blind } = store.view.value;
    const rows = store.shown.value;
    if (store.what.value === "matrix" && !store.full.value) {
      const { columns, rows: lines } = matrixOf(rows, down, across, board.t);
      return { down, across, columns, lines, titled: true };
    }
    const titled = !store.full.value && group !== "" && (!blind || BLIND_AXES.has(group));
    const groups = titled ? groupRows(rows, group, board.t) : [{ key: "", label: "", rows }];
    const lines = groups.map(({ key, label, rows: own }) => ({ key, label, cells: [own] }));
    return { down: titled ? group : "", across: "", columns: [], lines, titled };
  }

  /** The frame of a layout, with the cards of the one before. @param {Layout} wanted */
  function lay(wanted) {
    const { down, across, columns, lines } = wanted;
    const key = JSON.stringify([down, across, columns, lines.map(({ key }) => key)]);
    const stale = frame;
    if (stale?.key === key) stale.layout.value = wanted;
    else {
      const place = element("div", "hn-host");
      frame = { key, el: place, layout: signal(wanted) };
      el.append(place);
      render(h(Frame, { layout: frame.layout, look, t }), place);
    }
    deal(wanted);
    // A card that leaves the page stops playing: what goes has given its cards away.
    if (stale && stale !== frame) {
      render(null, stale.el);
      stale.el.remove();
    }
  }

  /** Each list with the cards of its rows. @param {Layout} wanted */
  function deal({ lines, across }) {
    const lists = /** @type {HTMLElement[]} */ ([
      ...(frame?.el.querySelectorAll("ul[data-cell]") ?? []),
    ]);
    const cells = lines.flatMap((line) => line.cells);
    const elements = cells.map((rows) => rows.flatMap(({ id }) => places.get(id)?.el ?? []));
    const all = new Set(elements.flat());
    for (const [index, list] of lists.entries()) fill(list, elements[index] ?? [], all);
    if (across) alignLines(lines, lists);
    else alignSections(lines, lists);
  }

  /** Whether clips stand in the order of their requests. */
  const ordered = () =>
    store.view.value.sort.by === "" && !store.view.value.blind && !store.full.value;

  /** Takes stand side by side in a cell as far as it is wide. @param {Layout["lines"]} lines
   * @param {HTMLElement[]} lists */
  function alignLines(lines, lists) {
    const across = Math.max(1, lines[0]?.cells.length ?? 1);
    const most = fitting((el.clientWidth || 900) / across - HEAD / across, look.density.value);
    const tallest = lines.map(({ cells }) => lineOf(cells, ordered()));
    const beside = columns(Math.max(1, ...tallest.map(({ height }) => height)), most);
    el.style.setProperty("--hn-beside", String(beside));
    for (const [line, { cells }] of lines.entries()) {
      const { height = 1, slots = [] } = tallest[line] ?? {};
      const place = lists[line * across]?.closest("tr");
      place?.style.setProperty("--hn-height", String(Math.ceil(height / beside)));
      for (const [at, cell] of cells.entries())
        for (const [index, { id }] of cell.entries()) {
          const slot = slots[at]?.[index] ?? 0;
          stand(id, (slot % beside) + 1, Math.floor(slot / beside) + 1);
        }
    }
  }

  /** As many cards side by side as fill the width evenly. @param {Layout["lines"]} lines @param {HTMLElement[]} lists */
  function alignSections(lines, lists) {
    const most = fitting(el.clientWidth || 900, look.density.value);
    const longest = Math.max(0, ...lines.map(({ cells }) => cells.flat().length));
    for (const [index, { cells }] of lines.entries()) {
      const rows = cells.flat();
      const { columns: count, slots } = gridOf(rows, most, ordered(), longest);
      lists[index]?.style.setProperty("--hn-columns", String(count));
      for (const [at, { id }] of rows.entries()) {
        const slot = slots[at] ?? null;
        stand(id, slot === null ? "" : slot + 1, "");
      }
    }
  }

  /** @param {string} id @param {number | ""} column @param {number | ""} row */
  function stand(id, column, row) {
    const card = places.get(id)?.el;
    if (!card) return;
    card.style.gridColumnStart = String(column);
    card.style.gridRowStart = String(row);
  }

  /** Those that are not built are as tall as one that is. */
  function measure() {
    const built = [...places.values()].find((place) => place.built);
    const height = el.hidden ? 0 : (built?.el.offsetHeight ?? 0);
    if (height) el.style.setProperty("--hn-card-size", `${height}px`);
  }

  function show() {
    const { root } = board;
    const what = store.what.value;
    const rows = store.rows.value;
    const shown = store.shown.value;
    const focused = focusedBeside(root);
    follow(rows);
    el.hidden = what !== "grid" && what !== "matrix";
    if (!el.hidden) lay(layout());
    // What had the focus may be out of sight now; the keys of the board must go on working.
    if (focused && el.contains(focused) && !focused.checkVisibility())
      root.focus({ preventScroll: true });
    untracked(() => {
      letGo(rows);
      if (what !== "pair" && what !== "vote")
        sound.show(shown.filter(({ waveform }) => waveform).map(({ id }) => id));
      loader.build();
      measure();
      player.refresh();
      loader.settle();
    });
  }

  /** Clips that are gone are not chosen any more. @param {Row[]} rows */
  function letGo(rows) {
    const { selected } = store.view.value;
    const kept = selected.filter((id) => rows.some((row) => row.id === id));
    if (kept.length < selected.length) store.view.value = { ...store.view.value, selected: kept };
  }

  /** Show them until the view is gone. @param {AbortSignal} until */
  function start(until) {
    const stop = effect(show);
    const resize = new ResizeObserver(() => {
      if (frame && !el.hidden) deal(frame.layout.peek());
      loader.settle();
    });
    resize.observe(el);
    const stopClock = runClock(board, look);
    on(until, "abort", () => {
      stop();
      stopClock();
      resize.disconnect();
      for (const place of places.values()) place.remove();
      places.clear();
      if (frame) render(null, frame.el);
    });
  }
  return { el, start };
}

/** A second for all: while something moves, and a kernel says how. @param {import("./card.js").Board} board
 * @param {Look} look */
function runClock({ store }, look) {
  const moving = computed(
    () => store.open.value && store.rows.value.some(({ state }) => !SETTLED.has(state)),
  );
  let timer = 0;
  const stop = effect(() => {
    clearInterval(timer);
    if (!moving.value) return;
    const tick = () => (look.now.value = Date.now() / 1000);
    tick();
    timer = Number(setInterval(tick, 1000));
  });
  return () => {
    clearInterval(timer);
    stop();
  };
}

/** @param {Row} before @param {Row} now */
const differ = (before, now) => before !== now && JSON.stringify(before) !== JSON.stringify(now);

/**
 * Let `parent` hold these elements in this order. What stands here and is wanted elsewhere is left
 * for there to fetch.
 * @param {HTMLElement} parent @param {HTMLElement[]} elements @param {Set<Element>} wanted
 */
function fill(parent, elements, wanted) {
  // `moveBefore` keeps a video playing; browsers without it start again at the player's next look.
  const mover =
    /** @type {HTMLElement & {moveBefore?: (node: Node, child: Node | null) => void}} */ (parent);
  let cursor = parent.firstElementChild;
  for (const el of elements) {
    if (el === cursor) cursor = cursor.nextElementSibling;
    else if (mover.moveBefore && el.isConnected && parent.isConnected) mover.moveBefore(el, cursor);
    else parent.insertBefore(el, cursor);
  }
  while (cursor) {
    const next = cursor.nextElementSibling;
    if (!wanted.has(cursor)) cursor.remove();
    cursor = next;
  }
}
