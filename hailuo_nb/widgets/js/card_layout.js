// Where cards stand: how many side by side, and takes of one request in one line. Pure.

/** @typedef {import("./types.js").Row} Row */

/** Pixels of the narrowest card, by density. @type {Record<string, number>} */
const NARROWEST = { clips: 200, compact: 236, full: 256 };
const GAP = 12;

/** Cards that fit side by side. @param {number} width  of the board @param {string} [density] */
export const fitting = (width, density = "full") =>
  Math.max(1, Math.floor((width + GAP) / ((NARROWEST[density] ?? 256) + GAP)));

/**
 * The number of columns that fills a width evenly: four clips stand 4, 2 x 2 or one above the
 * other, never 3 + 1.
 * @param {number} count  of cards @param {number} most  that fit
 */
export const columns = (count, most) =>
  count <= most ? Math.max(1, count) : Math.ceil(count / Math.ceil(count / most));

/** @param {readonly Row[]} rows */
const takesOf = (rows) =>
  [...new Set(rows.map(({ take }) => take ?? 1))].sort((first, second) => first - second);

/** What a row is but for its take. @param {Row} row */
const requestOf = ({ prompt, provider, model, resolution, duration, ratio }) =>
  [prompt, provider, model, resolution, duration, ratio].join("\n");

/**
 * Rows of one request that follow each other; null where those of one are torn apart.
 * @param {readonly Row[]} rows
 */
function runsOf(rows) {
  /** @type {Map<string, Row[]>} */
  const runs = new Map();
  let before = "";
  for (const row of rows) {
    const key = requestOf(row);
    const run = runs.get(key);
    if (run && key !== before) return null;
    if (run) run.push(row);
    else runs.set(key, [row]);
    before = key;
  }
  return [...runs.values()];
}

/** No take twice. @param {readonly Row[]} rows */
const distinct = (rows) => takesOf(rows).length === rows.length;

/**
 * A grid in which takes of one request stand in one line, take below take.
 * @param {readonly Row[]} rows  in their order @param {number} most  that fit side by side
 * @param {boolean} aligned  whether the order is that of the requests
 * @param {number} [longest]  cards of the longest section: all have its columns
 * @returns {{columns: number, slots: (number | null)[]}}  the column of each from 0; null: the next
 */
export function gridOf(rows, most, aligned, longest = rows.length) {
  const takes = takesOf(rows);
  const count = takes.length;
  const runs = aligned && count > 1 ? runsOf(rows) : null;
  const across = count <= most ? count : divisor(count, most);
  if (!runs?.every(distinct) || across < 2)
    return { columns: columns(longest, most), slots: rows.map(() => null) };
  const beside = count <= most ? columns(runs.length, Math.floor(most / count)) : 1;
  const slots = runs.flatMap((run, index) =>
    run.map(({ take }) => (index % beside) * across + (takes.indexOf(take ?? 1) % across)),
  );
  return { columns: beside * across, slots };
}

/** The largest part of a number that fits and fills half of the width; 1 for none.
 * @param {number} count @param {number} most */
function divisor(count, most) {
  for (let part = most; part > 1 && part >= most / 2; part -= 1)
    if (count % part === 0) return part;
  return 1;
}

/**
 * The cells of one line of a matrix: the same take at the same height in each.
 * @param {readonly (readonly Row[])[]} cells @param {boolean} aligned  whether takes are in their order
 * @returns {{height: number, slots: number[][]}}  the place of each from 0
 */
export function lineOf(cells, aligned) {
  const takes = takesOf(cells.flat());
  const byTake = aligned && cells.every(distinct);
  const slots = cells.map((cell) =>
    cell.map(({ take }, index) => (byTake ? takes.indexOf(take ?? 1) : index)),
  );
  return { height: Math.max(1, ...slots.flat().map((slot) => slot + 1)), slots };
}
