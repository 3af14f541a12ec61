// Scores of a clip: columns of the table, and one line in a card. Pure.

/** @typedef {import("./types.js").Row} Row */

/** Columns of the table; the first four stand in a card too, and in the order of the cards. */
export const MEASURED = [
  "adherence",
  "motion",
  "sharpness",
  "first_frame_ssim",
  "kinds",
  "extra_moves",
  "fit",
  "flicker",
  "sharpness_drop",
  "freeze",
  "black_frames",
  "cuts",
  "loop_seam",
  "measured_size",
  "measure_notes",
];
const SHORT = MEASURED.slice(0, 4);
/** Of a figure, where they are not two: those of one column end below each other.
 * @type {Record<string, number>} */
const DECIMALS = { extra_moves: 0, black_frames: 0, cuts: 0, sharpness: 1 };

/** The columns of scorers of somebody's own: "own:name" is a figure, "said:name" what is said of one.
 * @param {readonly Row[]} rows */
export const ownColumns = (rows) =>
  [...new Set(rows.flatMap(({ scores }) => Object.keys(scores)))].filter(isOwn);

/** @param {string} column */
const isOwn = (column) => column.includes(":");
/** @param {string} column */
export const isOwnFigure = (column) => column.startsWith("own:");
/** @param {string} column */
export const isScore = (column) => MEASURED.includes(column) || isOwn(column);

/** The name of any column, for people.
 * @param {string} column @param {import("./types.js").Translate} t */
export const columnName = (column, t) =>
  isOwn(column) ? column.replace(/.*:/, "") : t(`column.${column}`);

/** The scores that a card tells: what cards are ordered by too.
 * @param {readonly Row[]} rows */
export const shortScores = (rows) =>
  [...SHORT, ...ownColumns(rows).filter(isOwnFigure)].filter((column) =>
    rows.some((row) => scoreOf(row, column) !== null),
  );

/**
 * What a column is sorted by; null where it was not measured.
 * @param {Row} row
 * @param {string} column
 */
export function scoreOf({ scores }, column) {
  if (column === "kinds")
    return scores.kinds_judged ? Number(scores.kinds_right) / Number(scores.kinds_judged) : null;
  return scores[column] ?? null;
}

/** A score for people: a share never without the number of moves that it is a share of.
 * @param {Row} row @param {string} column */
export function scoreText(row, column) {
  const { scores } = row;
  const value = scoreOf(row, column);
  if (value === null) return "";
  if (column === "adherence")
    return `${Number(value).toFixed(2)} (${scores.moves_judged} / ${scores.moves_requested})`;
  if (column === "kinds") return `${scores.kinds_right} / ${scores.kinds_judged}`;
  if (column === "measured_size")
    return `${value} · ${Number(scores.measured_fps).toFixed(1)} fps · ${Number(scores.measured_duration).toFixed(2)} s`;
  if (isOwn(column)) return typeof value === "number" ? `${Number(value.toPrecision(3))}` : value;
  return typeof value === "number" ? value.toFixed(DECIMALS[column] ?? 2) : value;
}
