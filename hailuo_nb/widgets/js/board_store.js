// What a board shows, as signals: rows, what is chosen of them, what the kernel offers. Views read it.

import { computed, signal } from "@preact/signals";
import { defaultView, filterRows, inLanguage, sortRows } from "./board_rows.js";
import { clipNames, namedBy, sharedOf, varying } from "./clip_names.js";
import { shuffled } from "./pairing.js";
import { rowsOf } from "./row_store.js";
import { eventSignal, traitSignal } from "./signals.js";
import { tableColumns } from "./table_columns.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {ReturnType<typeof boardStore>} BoardStore */

/**
 * @param {import("./wire.js").Wire} wire
 * @param {import("./view_state.js").ViewSignal} view @param {AbortSignal} until
 */
export function boardStore(wire, view, until) {
  const { model, kernel } = wire;
  const sent = signal(/** @type {Row[]} */ ([]));
  const read = rowsOf(model, wire, () => (sent.value = read()), until);
  sent.value = read();
  const rows = computed(() => sent.value.map((row) => inLanguage(row, wire.t("common.language"))));
  const open = eventSignal(kernel, "lost", () => kernel.open, until);
  const offered = traitSignal(model, "actions", /** @type {string[]} */ ([]), until);
  const actions = computed(() => (open.value ? offered.value : []));
  const title = traitSignal(model, "title", "", until);
  const none = /** @type {import("./summary_figures.js").Summaries} */ ({});
  const summaries = traitSignal(model, "summary", none, until);
  const several = computed(() => rows.value.filter(({ state }) => state === "saved").length > 1);

  /** What names are made from, as a text: while it is the same, they are. */
  const named = computed(() => JSON.stringify(rows.value.map(namedBy)));
  /** @returns {import("./clip_names.js").Named[]} */
  const namedRows = () => JSON.parse(named.value);
  const hiddenNames = computed(() => (view.value.blind ? view.value.seed : null));
  /** What each clip is called, by id: no name twice. While names are hidden, "Clip 3". */
  const names = computed(() => {
    const seed = hiddenNames.value;
    if (seed === null) return clipNames(namedRows(), wire.t);
    return new Map(
      shuffled(namedRows(), seed).map(({ id }, at) => [id, wire.t("clip", { number: at + 1 })]),
    );
  });
  /** The parts of a name that differ among all clips. */
  const varies = computed(() => varying(namedRows()));
  /** What all clips have, as people read it; "" for what differs. */
  const shared = computed(() => sharedOf(namedRows(), wire.t));

  /** Rows that pass the filter, in their order. */
  const shown = computed(() => {
    const { filter, blind, seed, sort } = view.value;
    const passed = filterRows(rows.value, filter, blind);
    return blind ? shuffled(passed, seed) : sortRows(passed, sort, Date.now() / 1000);
  });

  /** Of the table; its menu ticks the same. */
  const columns = computed(() => {
    const { columns: ticked, blind } = view.value;
    return tableColumns(shown.value, ticked, { blind, rates: actions.value.includes("annotate") });
  });

  /** What there are clips for, of the views that need some. */
  const able = computed(() => ({
    pair: several.value,
    vote: several.value && actions.value.includes("vote"),
    summary: Boolean(summaries.value.provider?.rows.length) && !view.value.blind,
  }));

  /** Whether the board fills the screen: with clips alone. */
  const full = signal(false);
  const density = computed(() => (full.value ? "clips" : view.value.density));

  /** The view that can be shown: what was chosen, as far as there are clips for it. */
  const what = computed(() => {
    const { view: chosen, blind } = view.value;
    const can = /** @type {Record<string, boolean>} */ (able.value)[chosen] ?? Boolean(chosen);
    const wanted = can ? chosen : defaultView(rows.value);
    if (full.value && wanted !== "pair" && wanted !== "vote") return "grid";
    return wanted === "matrix" && blind ? "grid" : wanted;
  });

  /** Those that are chosen, in their order. */
  const picked = computed(() =>
    view.value.selected.flatMap((id) => rows.value.find((row) => row.id === id) ?? []),
  );
  /**
   * The two to compare: those chosen, else the first two that are there.
   * @type {import("@preact/signals").ReadonlySignal<[Row, Row] | null>}
   */
  const pair = computed(() => {
    const saved = [...picked.value, ...shown.value].filter(({ state }) => state === "saved");
    const [a, b] = new Set(saved);
    return a && b ? [a, b] : null;
  });

  return {
    rows,
    view,
    shown,
    names,
    varies,
    shared,
    columns,
    what,
    able,
    density,
    full,
    picked,
    pair,
    title,
    summaries,
    actions,
    open,
  };
}
