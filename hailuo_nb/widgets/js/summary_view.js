// The summary: what is known of each provider, prompt, model or move. The kernel counts; see
// pages/summary_rows.py.

import { choice, column, dotted, h, refill } from "./dom.js";
import { percent, shortModel } from "./format.js";

/** @typedef {import("./types.js").SummaryRow} SummaryRow */
/** @typedef {import("./types.js").Figure} Figure */
/** @typedef {import("./types.js").Translate} Translate */
/** @typedef {Record<string, {rows: SummaryRow[], more: number}>} Summaries  by axis */
/**
 * A column: its figures of a row, how a value is written, where its scale begins and ends (null: as
 * the figures do), and what is said beside.
 * @typedef {{figures: (row: SummaryRow) => Figure[], say: (value: number, at: number, row:
 *   SummaryRow) => string, scale: [number | null, number | null], more: (row: SummaryRow) => string
 *   }} Column
 */

/** @typedef {{least: number, wide: number}} Range  of a bar */

export const SUMMARY_AXES = ["provider", "prompt", "model", "camera"];

/** @param {Translate} t @returns {Record<string, Column>} */
function columnsOf(t) {
  const money = (
    /** @type {number} */ value,
    /** @type {number} */ at,
    /** @type {SummaryRow} */ row,
  ) => `${value.toFixed(2)} ${row.costs[at]?.currency ?? ""}`;
  const nothing = () => "";
  const seconds = (/** @type {number} */ value) =>
    t("common.seconds", { seconds: Math.round(value) });
  return {
    made: {
      figures: ({ share }) => [share],
      say: percent,
      scale: [0, 1],
      more: ({ made, failed, unknown }) =>
        dotted(
          t("summary.made", { count: made }),
          failed && t("summary.failed", { count: failed }),
          unknown && t("summary.unknown", { count: unknown }),
        ),
    },
    seconds: {
      figures: (row) => [row.seconds],
      say: seconds,
      scale: [0, null],
      more: ({ slow }) => (slow === null ? "" : t("summary.slow", { time: seconds(slow) })),
    },
    cost: {
      figures: ({ costs }) =>
        costs.map(({ clip, n }) => ({ value: clip, low: null, high: null, n, best: false })),
      say: money,
      scale: [0, null],
      more: ({ unpriced, simulated }) =>
        simulated ? t("cost.free") : unpriced ? t("summary.unpriced", { count: unpriced }) : "",
    },
    kept: {
      figures: ({ costs }) => costs.map(({ kept }) => kept),
      say: money,
      scale: [0, null],
      more: ({ judged, made }) =>
        judged && judged < made ? t("summary.judged", { judged, made }) : "",
    },
    stars: {
      figures: ({ stars }) => [stars],
      say: (value) => value.toFixed(1),
      scale: [1, 5],
      more: nothing,
    },
    strength: {
      figures: ({ strength }) => [strength],
      say: (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2),
      scale: [null, null],
      more: ({ wins, losses, ties }) =>
        wins + losses + ties ? t("summary.votes", { wins, losses, ties }) : "",
    },
    adherence: { figures: (row) => [row.adherence], say: percent, scale: [0, 1], more: nothing },
  };
}

/** The range of all figures, for their bars. @param {Column} column @param {SummaryRow[]} rows */
function rangeOf({ figures, scale }, rows) {
  const ends = rows
    .flatMap(figures)
    .flatMap(({ value, low, high }) => [value, low, high].filter((end) => end !== null));
  const least = scale[0] ?? Math.min(0, ...ends);
  return { least, wide: Math.max(0.01, (scale[1] ?? Math.max(0, ...ends)) - least) };
}

/**
 * A figure as a dot on its interval.
 * @param {Figure} figure @param {Range} range
 */
function drawn({ value, low, high }, { least, wide }) {
  const mark = (
    /** @type {string} */ name,
    /** @type {number} */ from,
    /** @type {number} */ to,
  ) => {
    const el = h(`span.${name}`);
    const share = (/** @type {number} */ one) => Math.min(100, Math.max(0, (one / wide) * 100));
    el.style.insetInlineStart = `${share(from - least)}%`;
    if (to > from) el.style.inlineSize = `${share(to - from)}%`;
    return el;
  };
  return h(
    "div.drawn",
    { "aria-hidden": true },
    low !== null && high !== null && mark("span", low, high),
    value !== null && mark("dot", value, value),
  );
}

/**
 * A table of these columns, of those in which any row has a figure.
 * @param {SummaryRow[]} rows @param {string} by @param {string[]} wanted @param {Translate} t
 */
export function summaryTable(rows, by, wanted, t) {
  const all = columnsOf(t);
  const one = new Set(rows.map(({ pools }) => poolsText(pools, t))).size === 1;
  const currencies = new Set(rows.flatMap(({ costs }) => costs.map(({ currency }) => currency)));
  const drawable = (/** @type {string} */ name) => name !== "kept" || currencies.size === 1;
  const shown = wanted
    .map((name) => ({ name, column: /** @type {Column} */ (all[name]) }))
    .filter(({ column: { figures, more } }) =>
      rows.some((row) => more(row) || figures(row).some(({ value }) => value !== null)),
    )
    .map((entry) => ({
      ...entry,
      range: drawable(entry.name) ? rangeOf(entry.column, rows) : null,
    }));
  const cell = (
    /** @type {SummaryRow} */ row,
    /** @type {typeof shown[number]} */ { name, column: { figures, say, more }, range },
  ) =>
    h(
      "td",
      { "data-figure": name },
      figures(row).map((figure, at) => figureOf(figure, (value) => say(value, at, row), range)),
      h("div.beside", more(row)),
    );
  const figureOf = (
    /** @type {Figure} */ figure,
    /** @type {(value: number) => string} */ say,
    /** @type {Range | null} */ range,
  ) => {
    const { value, low, high, n, best } = figure;
    if (value === null) return null;
    return h(
      "div.figure",
      h("b", say(value)),
      best && h("span.best", t("summary.best")),
      h("small", `n ${n}`),
      low !== null &&
        high !== null && [
          range && drawn(figure, range),
          h("small.within", `${say(low)} … ${say(high)}`),
        ],
    );
  };
  const line = (/** @type {SummaryRow} */ row) =>
    h(
      "tr",
      { "data-item": row.item },
      h(
        "th",
        { scope: "row", title: row.item },
        h("div.item", labelOf(row, by, t)),
        row.simulated && h("span.badge", t("common.simulated")),
        !one && h("div.beside", { "data-mixed": row.pools.length > 1 }, poolsText(row.pools, t)),
      ),
      shown.map((entry) => cell(row, entry)),
    );
  const heads = shown.map(({ name }) => column(t(`summary.head.${name}`)));
  return h(
    "table.table.figures",
    h("thead", h("tr", column(t(`column.${by}`)), heads)),
    h("tbody", rows.map(line)),
  );
}

/** @param {SummaryRow} row @param {string} by @param {Translate} t */
function labelOf({ label }, by, t) {
  if (by === "camera" && !label) return t("summary.no_move");
  return by === "model" ? shortModel(label) : label;
}

/** @param {import("./types.js").Pool[]} pools @param {Translate} t */
function poolsText(pools, t) {
  const texts = pools.map(({ resolution, duration, frame, sound, simulated }) =>
    dotted(
      resolution,
      t("common.seconds", { seconds: duration }),
      frame && t("summary.frame"),
      sound && t("sound"),
      simulated && pools.length > 1 && t("common.simulated"),
    ),
  );
  const text = [...new Set(texts)].join("; ");
  return pools.length > 1 ? t("summary.mixed", { pools: text }) : text;
}

/** @param {Translate} t @param {(by: string) => void} choose */
export function summaryView(t, choose) {
  const tabs = choice(
    t("summary.by"),
    "by",
    SUMMARY_AXES.map((by) => [by, t(`column.${by}`)]),
    choose,
  );
  const pool = h("span.soft");
  const table = h("div.scroll", { role: "region", tabindex: 0, label: t("view.summary") });
  const el = h(
    "div.summary-view",
    h("div.row", tabs.el, pool),
    table,
    h("p.soft", t("summary.hint")),
  );

  /** @param {Summaries} summaries @param {string} by */
  function show(summaries, by) {
    const { rows = [], more = 0 } = summaries[by] ?? {};
    tabs.show(by);
    refill(pool, [rows], () => {
      const texts = [...new Set(rows.map(({ pools }) => poolsText(pools, t)))];
      return [texts.length === 1 && texts[0]];
    });
    refill(table, [rows, by], () => [
      summaryTable(rows, by, Object.keys(columnsOf(t)), t),
      more > 0 && h("p.soft", t("summary.more", { count: more, by })),
    ]);
  }
  return { el, show };
}
