// Which clips are compared next in a vote, and the order of hidden clips. Pure: the random numbers
// are passed in.

import { groupBy } from "./board_rows.js";
import { SETTLED } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/**
 * @typedef {{first: string, second: string, count: number}} Met  votes between two clips so far,
 *   whoever stood first
 */
/**
 * What is voted on: "provider", "prompt", or "" for anything; and what the votes so far say of one
 * of them, 0 for nothing yet (see `SummaryRow.strength`).
 * @typedef {{on: string, strength: (item: string) => number}} Question
 */

/** What is voted on, "" for anything. */
export const VOTED = ["prompt", "provider", ""];
/**
 * All that is asked for of a clip. A verdict pairs clips that differ in one of these alone: the
 * rule is results/matching.py's, tests/vectors/pairing.json holds both.
 */
export const PARTS = /** @type {const} */ ([
  ...["provider", "prompt", "model", "resolution", "duration", "ratio", "given", "option_key"],
]);
/** In what else clips may differ that are ranked. @type {Record<string, string[]>} */
const LOOSE = { provider: ["model", "option_key"], prompt: ["option_key"] };
/** Fewer than so many are no choice of the best and the worst. */
const LEAST = 3;

/** @param {string} a @param {string} b */
const pairKey = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** @param {Row} row @param {string} on */
const itemOf = (row, on) => String(row[/** @type {keyof Row} */ (on || "id")]);

/**
 * Clips by what they share that are asked about.
 * @param {readonly Row[]} rows @param {string} on @param {boolean} [strict]  as a verdict pairs them
 */
function alike(rows, on, strict) {
  const free = strict ? [] : LOOSE[on];
  const parts = PARTS.filter((part) => on && part !== on && !free?.includes(part));
  return [...groupBy(rows, (row) => JSON.stringify(parts.map((part) => row[part]))).values()];
}

/** In how many parts two clips differ. @param {Row} a @param {Row} b */
export const apart = (a, b) => PARTS.filter((part) => a[part] !== b[part]).length;

/**
 * The axis that a board is about: the first in which clips differ that agree in all else, or in as
 * much as is asked about.
 * @param {readonly Row[]} rows
 */
export function axisOf(rows) {
  const there = rows.filter(({ state }) => state === "saved" || !SETTLED.has(state));
  const found = (/** @type {boolean} */ strict) =>
    VOTED.find(
      (on) =>
        on &&
        alike(there, on, strict).some((group) => groupBy(group, (row) => itemOf(row, on)).size > 1),
    );
  return found(true) ?? found(false) ?? "";
}

/** The key of clips that were seen together, for `last`. @param {readonly {id: string}[]} group */
export const keyOfGroup = (group) =>
  group
    .map(({ id }) => id)
    .sort()
    .join(" ");

/**
 * The clips that teach most about an axis, all alike but in that: two that did not meet yet, those
 * first that a verdict pairs, of which one vote tells most (few votes yet, and nobody knows who
 * wins), and up to two more beside them that met those least.
 * Of equals those of one take, then the clips that were seen least; which one stands where is
 * chance. Null where there are too few.
 * @param {readonly Row[]} rows @param {Question} question @param {number} size  2 or 4
 * @param {readonly Met[]} votes @param {() => number} random  0..1
 * @param {string} [last]  the key of the clips just seen, which wait
 * @returns {Row[] | null}
 */
export function nextGroup(rows, { on, strength }, size, votes, random, last = "") {
  const saved = rows.filter(({ state }) => state === "saved");
  const items = new Map(saved.map((row) => [row.id, itemOf(row, on)]));
  /** @type {Map<string, number>} */
  const met = new Map();
  const count = (/** @type {string} */ key, /** @type {number} */ more) =>
    met.set(key, (met.get(key) ?? 0) + more);
  for (const { first, second, count: times } of votes) {
    const [one, other] = [items.get(first), items.get(second)];
    for (const id of [first, second]) count(id, times);
    count(`clips ${pairKey(first, second)}`, times);
    if (one !== undefined && other !== undefined) count(`items ${pairKey(one, other)}`, times);
  }
  /** Lower is better. @param {Row} a @param {Row} b */
  const order = (a, b) => {
    const [one, other] = [itemOf(a, on), itemOf(b, on)];
    const chance = 1 / (1 + Math.exp(strength(other) - strength(one)));
    const seen = met.get(`clips ${pairKey(a.id, b.id)}`) ?? 0;
    return [
      Math.min(seen, 1),
      Number(apart(a, b) !== 1),
      ((met.get(`items ${pairKey(one, other)}`) ?? 0) + 1) / (4 * chance * (1 - chance)),
      Number(keyOfGroup([a, b]) === last),
      seen,
      Number(a.take !== b.take),
      (met.get(a.id) ?? 0) + (met.get(b.id) ?? 0),
      random(),
    ];
  };
  /** @type {{group: Row[], all: Row[], order: number[]} | null} */
  let best = null;
  for (const all of alike(saved, on)) {
    if (size > 2 && all.length < LEAST) continue;
    for (const [index, a] of all.entries()) {
      for (const b of all.slice(index + 1)) {
        if (itemOf(a, on) === itemOf(b, on)) continue;
        const found = order(a, b);
        if (!best || compare(found, best.order) < 0) best = { group: [a, b], all, order: found };
      }
    }
  }
  if (!best) return null;
  const { group, all } = best;
  while (group.length < Math.min(size, all.length)) {
    const left = sortedBy(
      all.filter((row) => !group.includes(row)),
      (row) => [
        Number(group.some((one) => itemOf(one, on) === itemOf(row, on))),
        ...group
          .map((one) => order(row, one))
          .reduce((sums, more) => sums.map((sum, place) => sum + (more[place] ?? 0))),
      ],
    );
    group.push(...left.slice(0, 1));
  }
  return sortedBy(group, () => [random()]);
}

/** @param {number[]} a @param {number[]} b */
function compare(a, b) {
  const at = a.findIndex((value, index) => value !== b[index]);
  return (a[at] ?? 0) - (b[at] ?? 0);
}

/** @template T @param {readonly T[]} list @param {(one: T) => number[]} keyOf @returns {T[]} */
const sortedBy = (list, keyOf) =>
  list
    .map((one) => ({ one, key: keyOf(one) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ one }) => one);

/**
 * The same order for the same seed, whatever rows come and go.
 * @template {{id: string}} T @param {readonly T[]} rows @param {number} seed
 */
export const shuffled = (rows, seed) => sortedBy(rows, ({ id }) => [hash(`${seed} ${id}`)]);

/** FNV-1a with a final mix. @param {string} text */
function hash(text) {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
