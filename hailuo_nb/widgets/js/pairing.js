// Which clips are compared next in a vote, and the order of hidden clips. Pure: the random numbers
// are passed in.

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

/** What clips have in common that are compared on an axis. @type {Record<string, (keyof Row)[]>} */
const ALIKE = {
  provider: ["prompt", "resolution", "duration", "ratio", "given"],
  prompt: ["provider", "model", "resolution", "duration", "ratio", "given"],
};
/** Fewer than so many are no choice of the best and the worst. */
const LEAST = 3;

/** @param {string} a @param {string} b */
const pairKey = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);

/** The key of clips that were seen together, for `last`. @param {readonly {id: string}[]} group */
export const keyOfGroup = (group) =>
  group
    .map(({ id }) => id)
    .sort()
    .join(" ");

/**
 * The clips that teach most about an axis, all alike but in that: two of which one vote tells most
 * (few votes yet, and nobody knows who wins), and up to two more beside them that met those least.
 * Of equals those of one take, then the clips that were seen least; which one stands where is
 * chance. Null where there are too few.
 * @param {readonly Row[]} rows @param {Question} question @param {number} size  2 or 4
 * @param {readonly Met[]} votes @param {() => number} random  0..1
 * @param {string} [last]  the key of the clips just seen, which wait
 * @returns {Row[] | null}
 */
export function nextGroup(rows, { on, strength }, size, votes, random, last = "") {
  const saved = rows.filter(({ state }) => state === "saved");
  const itemOf = (/** @type {Row} */ row) =>
    String(on ? row[/** @type {keyof Row} */ (on)] : row.id);
  const items = new Map(saved.map((row) => [row.id, itemOf(row)]));
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
    const [one, other] = [itemOf(a), itemOf(b)];
    const chance = 1 / (1 + Math.exp(strength(other) - strength(one)));
    const apart = a.provider !== b.provider || a.model !== b.model;
    return [
      ((met.get(`items ${pairKey(one, other)}`) ?? 0) + 1) / (4 * chance * (1 - chance)),
      Number(keyOfGroup([a, b]) === last),
      met.get(`clips ${pairKey(a.id, b.id)}`) ?? 0,
      on ? Number(a.take !== b.take) : Number(a.prompt !== b.prompt) + Number(!apart),
      (met.get(a.id) ?? 0) + (met.get(b.id) ?? 0),
      random(),
    ];
  };
  /** @type {{group: Row[], order: number[]} | null} */
  let best = null;
  for (const alike of groupsOf(saved, ALIKE[on] ?? [])) {
    if (size > 2 && alike.length < LEAST) continue;
    for (const [index, a] of alike.entries()) {
      for (const b of alike.slice(index + 1)) {
        if (itemOf(a) === itemOf(b)) continue;
        const found = order(a, b);
        if (!best || less(found, best.order))
          best = { group: size > 2 ? joined([a, b], alike) : [a, b], order: found };
      }
    }
  }
  return best && shuffledBy(best.group, random);

  /** @param {Row[]} two @param {Row[]} alike */
  function joined(two, alike) {
    let group = two;
    const orderOf = (/** @type {Row} */ row) => [
      Number(group.some((one) => itemOf(one) === itemOf(row))),
      ...group
        .map((one) => order(row, one))
        .reduce((sums, more) => sums.map((sum, place) => sum + (more[place] ?? 0))),
    ];
    while (group.length < size) {
      const left = alike
        .filter((row) => !group.includes(row))
        .map((row) => ({ row, order: orderOf(row) }));
      const next = left.reduce(
        (first, other) => (!first || less(other.order, first.order) ? other : first),
        /** @type {typeof left[number] | null} */ (null),
      );
      if (!next) break;
      group = [...group, next.row];
    }
    return group;
  }
}

/** Those that share these fields. @param {Row[]} rows @param {(keyof Row)[]} fields */
function groupsOf(rows, fields) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify(fields.map((field) => row[field]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups.values();
}

/** @template T @param {T[]} list @param {() => number} random @returns {T[]} */
const shuffledBy = (list, random) =>
  list
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);

/** @param {number[]} a @param {number[]} b */
function less(a, b) {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/**
 * The same order for the same seed, whatever rows come and go.
 * @template {{id: string}} T @param {readonly T[]} rows @param {number} seed @returns {T[]}
 */
export function shuffled(rows, seed) {
  return rows
    .map((row) => ({ row, at: hash(`${seed} ${row.id}`) }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

/** FNV-1a with a final mix. @param {string} text */
function hash(text) {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
