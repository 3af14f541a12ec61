// The summary: what is known of each provider, prompt, model or move.

import { h } from "preact";
import { Choice, Refocus, Scroll, SimulatedBadge, worded } from "./components.js";
import { flag } from "./dom.js";
import { NextStep } from "./next_step.js";
import {
  labelOf,
  poolsText,
  SUMMARY_AXES,
  SUMMARY_COLUMNS,
  sharedPools,
  summaryColumns,
} from "./summary_figures.js";

/** @typedef {import("./types.js").SummaryRow} SummaryRow */
/** @typedef {import("./types.js").Figure} Figure */
/** @typedef {import("./types.js").Translate} Translate */
/** @typedef {ReturnType<typeof summaryColumns>[number]} SummaryColumn */

/** @param {{board: import("./card.js").Board}} props */
export function SummaryView({ board }) {
  const { store, t, change } = board;
  if (store.what.value !== "summary") return null;
  const { by } = store.view.value;
  const { rows = [], more = 0 } = store.summaries.value[by] ?? {};
  return h(
    Refocus,
    { board, class: "hn-summary-view" },
    h(
      "div",
      { class: "hn-row" },
      h(Choice, {
        label: t("summary.by"),
        name: "by",
        choices: worded(SUMMARY_AXES, (axis) => t(`column.${axis}`)),
        value: by,
        choose: (axis) => change({ by: axis }),
      }),
      h("span", { class: "hn-soft" }, sharedPools(rows, t)),
    ),
    h(
      Scroll,
      { label: t("view.summary") },
      h(SummaryTable, { rows, by, wanted: SUMMARY_COLUMNS, t }),
    ),
    h(NextStep, { key: by, board, by }),
    more > 0 && h("p", { class: "hn-soft" }, t("summary.more", { count: more, by })),
    h("p", { class: "hn-soft" }, t("summary.hint")),
  );
}

/**
 * A table of these columns, of those in which any row has a figure.
 * @param {{rows: SummaryRow[], by: string, wanted: readonly string[], t: Translate}} props
 */
export function SummaryTable({ rows, by, wanted, t }) {
  const columns = summaryColumns(rows, wanted, t);
  const shared = sharedPools(rows, t) !== "";
  const head = (/** @type {string} */ text, /** @type {string} */ name) =>
    h("th", { key: name, scope: "col", class: name ? undefined : "hn-frozen" }, text);
  const line = (/** @type {SummaryRow} */ row) =>
    h(
      "tr",
      { key: row.item, "data-item": row.item },
      h(
        "th",
        { scope: "row", class: "hn-frozen", title: row.item },
        h("div", { class: "hn-item" }, labelOf(row, by, t)),
        row.simulated && h(SimulatedBadge, { t }),
        !shared &&
          h(
            "div",
            { class: "hn-beside", "data-mixed": flag(row.pools.length > 1) },
            poolsText(row.pools, t),
          ),
      ),
      columns.map((column) =>
        h(
          "td",
          { key: column.name, "data-figure": column.name },
          column
            .figures(row)
            .map((figure, at) => h(FigureOf, { key: at, figure, at, row, column, t })),
          h("div", { class: "hn-beside" }, column.more(row)),
        ),
      ),
    );
  return h(
    "table",
    { class: "hn-table hn-figures" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head(t(`column.${by}`), ""),
        columns.map(({ name }) => head(t(`summary.head.${name}`), name)),
      ),
    ),
    h("tbody", {}, rows.map(line)),
  );
}

/**
 * A value, from how many it comes, and its interval.
 * @param {{figure: Figure, at: number, row: SummaryRow, column: SummaryColumn, t: Translate}} props
 */
function FigureOf({ figure: { value, low, high, n, best }, at, row, column: { say, range }, t }) {
  if (value === null) return null;
  const told = (/** @type {number} */ one) => say(one, at, row);
  return h(
    "div",
    { class: "hn-figure" },
    h("b", {}, told(value)),
    best && h("span", { class: "hn-best" }, t("summary.best")),
    h("small", {}, `n ${n}`),
    low !== null &&
      high !== null && [
        range && h(Interval, { key: "drawn", value, low, high, range }),
        h("small", { key: "told", class: "hn-within" }, `${told(low)} … ${told(high)}`),
      ],
  );
}

/**
 * A dot on its interval.
 * @param {{value: number, low: number, high: number,
 *   range: import("./summary_figures.js").Range}} props
 */
function Interval({ value, low, high, range: { least, wide } }) {
  const share = (/** @type {number} */ one) => `${Math.min(100, Math.max(0, (one / wide) * 100))}%`;
  const place = (/** @type {number} */ one) => ({ insetInlineStart: share(one - least) });
  return h(
    "div",
    { class: "hn-drawn", "aria-hidden": true },
    h("span", { class: "hn-span", style: { ...place(low), inlineSize: share(high - low) } }),
    h("span", { class: "hn-dot", style: place(value) }),
  );
}
