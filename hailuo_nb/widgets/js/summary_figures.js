// The columns of the summary: which figures of a row, how they are written, where their bars end.
// Pure; the kernel counts, see pages/summary_rows.py.

import { dotted } from "./dom.js";
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
/** @type {readonly string[]} */
export const SUMMARY_COLUMNS = [
  ...["made", "seconds", "cost", "kept", "stars", "strength", "adherence"],
];

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

/** The range of all figures, for their bars. @param {Column} column @param {readonly SummaryRow[]} rows */
function rangeOf({ figures, scale }, rows) {
  const ends = rows
    .flatMap(figures)
    .flatMap(({ value, low, high }) => [value, low, high].filter((end) => end !== null));
  const least = scale[0] ?? Math.min(0, ...ends);
  return { least, wide: Math.max(0.01, (scale[1] ?? Math.max(0, ...ends)) - least) };
}

/**
 * Those of the wanted columns in which any row has something, each with the range of its bars: none
 * where figures of several currencies are no one scale.
 * @param {readonly SummaryRow[]} rows @param {readonly string[]} wanted @param {Translate} t
 */
export function summaryColumns(rows, wanted, t) {
  const all = columnsOf(t);
  const currencies = new Set(rows.flatMap(({ costs }) => costs.map(({ currency }) => currency)));
  return wanted
    .map((name) => ({ name, .../** @type {Column} */ (all[name]) }))
    .filter(({ figures, more }) =>
      rows.some((row) => more(row) || figures(row).some(({ value }) => value !== null)),
    )
    .map((column) => ({
      ...column,
      range: column.name === "kept" && currencies.size > 1 ? null : rangeOf(column, rows),
    }));
}

/** @param {SummaryRow} row @param {string} by @param {Translate} t */
export function labelOf({ label }, by, t) {
  if (by === "camera" && !label) return t("summary.no_move");
  return by === "model" ? shortModel(label) : label;
}

/** @param {import("./types.js").Pool[]} pools @param {Translate} t */
export function poolsText(pools, t) {
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

/**
 * What the clips of all rows share, "" where rows differ in it.
 * @param {readonly SummaryRow[]} rows @param {Translate} t
 */
export function sharedPools(rows, t) {
  const [one = "", ...others] = new Set(rows.map(({ pools }) => poolsText(pools, t)));
  return others.length ? "" : one;
}
