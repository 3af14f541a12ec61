// Which columns the table shows, what is the same in all of its lines, and the text of a cell. Pure.

import { sortValue } from "./board_rows.js";
import { bytes, clock, percent, priceText, shortModel, starText } from "./format.js";
import {
  columnName,
  isOwnFigure,
  isScore,
  MEASURED,
  ownColumns,
  scoreOf,
  scoreText,
} from "./scores.js";
import { SETTLED } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/** What somebody ticked, true, or took away. @typedef {Record<string, boolean>} Ticked */

/** In their order. */
const COLUMNS = [
  ...["prompt", "provider", "model", "camera", "format", "take", "state", "time", "cost", "bytes"],
  ...["rating", "tags", "note", "task_id", "error"],
  ...MEASURED,
];
/** Shown by themselves, where they differ. */
const DEFAULT = new Set([
  ...["prompt", "provider", "model", "format", "take", "state", "time", "cost", "rating"],
  ...["adherence", "motion", "sharpness"],
]);
/** They tell who made a clip. */
const NAMES = new Set([
  ...["provider", "model", "format", "take", "time", "cost", "bytes", "task_id", "error"],
  ...["measured_size", "measure_notes"],
]);
/** Figures end below each other. */
const FIGURES = new Set(["take", "time", "cost", "bytes", ...MEASURED]);
for (const text of ["measured_size", "measure_notes"]) FIGURES.delete(text);
/** Texts that are understood without the name of their column. */
const PLAIN = new Set(["prompt", "provider", "model", "camera", "format", "state", "cost"]);

/** @param {string} column */
export const isFigure = (column) => FIGURES.has(column) || isOwnFigure(column);

/**
 * `offered`: what can be ticked. `shown`: what the table shows. `same`: what it would show, if it
 * were not the same in all lines.
 * @typedef {{offered: string[], shown: string[], same: string[]}} TableColumns
 */

/**
 * @param {readonly Row[]} rows  that are shown @param {Ticked} ticked
 * @param {{blind: boolean, rates: boolean}} look  names hidden; whether marks can be given
 * @returns {TableColumns}
 */
export function tableColumns(rows, ticked, { blind, rates }) {
  const some = (/** @type {string} */ column) =>
    column === "rating"
      ? rates || rows.some(({ rating }) => rating > 0)
      : !isScore(column) || rows.some((row) => scoreOf(row, column) !== null);
  const byDefault = (/** @type {string} */ column) => DEFAULT.has(column) || isOwnFigure(column);
  const offered = [...COLUMNS, ...ownColumns(rows)].filter(
    (column) => some(column) && !(blind && NAMES.has(column)),
  );
  const same = offered.filter(
    (column) =>
      ticked[column] === undefined &&
      byDefault(column) &&
      !(column === "rating" && rates) &&
      isSame(rows, column),
  );
  const shown = offered.filter(
    (column) => ticked[column] ?? (byDefault(column) && !same.includes(column)),
  );
  return { offered, shown, same };
}

/** @param {readonly Row[]} rows @param {string} column */
function isSame(rows, column) {
  const [first, ...others] = rows.map((row) => JSON.stringify(comparable(row, column)));
  return others.length > 0 && others.every((value) => value === first);
}

/** What two lines must share to be the same in a column. @param {Row} row @param {string} column */
function comparable(row, column) {
  if (column === "cost") return [row.cost, row.charged, row.spent, row.simulated];
  if (column === "provider") return [row.provider, row.simulated];
  if (column === "time" && !row.finished_at) return row.id;
  return sortValue(row, column, 0);
}

/**
 * @param {Row} row @param {string} column @param {Translate} t
 * @param {boolean} [marked]  whether simulated clips are marked: not where all are
 */
export function cellText(row, column, t, marked = true) {
  if (column === "cost") return priceText(row, t);
  if (isScore(column)) return scoreText(row, column);
  const value = sortValue(row, column, Date.now() / 1000);
  if (value === null) return "";
  if (column === "format")
    return `${row.resolution} · ${t("common.seconds", { seconds: row.duration })}`;
  if (column === "model") return shortModel(row.model);
  if (column === "time") return clock(Number(value));
  if (column === "bytes") return bytes(row.bytes);
  if (column === "rating") return starText(row.rating);
  if (column === "provider" && row.simulated && marked)
    return `${value} (${t("common.simulated")})`;
  if (column !== "state") return String(value);
  const state = t(`state.${row.state}`);
  return !SETTLED.has(row.state) && row.progress ? `${state} ${percent(row.progress)}` : state;
}

/**
 * What is the same in all lines, for a person; what there is none of is not said.
 * @param {Row} row  any of them @param {readonly string[]} same @param {Translate} t
 */
export const sameTexts = (row, same, t) =>
  same
    .map((column) => [column, cellText(row, column, t)])
    .filter(([, text]) => text)
    .map(([column = "", text = ""]) => {
      if (column === "take") return t("take", { take: text });
      return PLAIN.has(column) ? text : `${columnName(column, t)} ${text}`;
    });
