// Which two clips are compared next in a vote, and the order of hidden clips. Pure: the random
// numbers are passed in.

/** @typedef {import("./types.js").Row} Row */
/**
 * @typedef {{first: string, second: string, count: number}} Met  votes between two clips so far,
 *   whoever stood first
 */

/** @param {string} a @param {string} b */
const pairKey = (a, b) => (a < b ? `${a} ${b}` : `${b} ${a}`);

/**
 * The pair with the fewest votes; of those, the same prompt and another provider or model say most,
 * then clips that were seen least. Which one stands left is chance. Null where there are not two
 * clips.
 * @param {readonly Row[]} rows @param {readonly Met[]} votes @param {() => number} random  0..1
 * @param {string} [last]  the key of the pair just seen, which waits
 * @returns {[Row, Row] | null}
 */
export function nextPair(rows, votes, random, last = "") {
  const saved = rows.filter(({ state }) => state === "saved");
  const met = new Map(votes.map(({ first, second, count }) => [pairKey(first, second), count]));
  /** @type {Map<string, number>} */
  const seen = new Map();
  for (const { first, second, count } of votes)
    for (const id of [first, second]) seen.set(id, (seen.get(id) ?? 0) + count);
  /** @type {{pair: [Row, Row], order: number[]} | null} */
  let best = null;
  for (const [index, first] of saved.entries()) {
    for (const second of saved.slice(index + 1)) {
      const key = pairKey(first.id, second.id);
      const apart = first.provider !== second.provider || first.model !== second.model;
      const order = [
        met.get(key) ?? 0,
        Number(key === last),
        Number(first.prompt !== second.prompt) + Number(!apart),
        (seen.get(first.id) ?? 0) + (seen.get(second.id) ?? 0),
        random(),
      ];
      if (!best || less(order, best.order)) best = { pair: [first, second], order };
    }
  }
  if (!best) return null;
  const [left, right] = best.pair;
  return random() < 0.5 ? [left, right] : [right, left];
}

/** @param {number[]} a @param {number[]} b */
function less(a, b) {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** The key of a pair for `nextPair`. @param {readonly {id: string}[]} pair */
export function keyOfPair([a, b]) {
  return pairKey(a?.id ?? "", b?.id ?? "");
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
