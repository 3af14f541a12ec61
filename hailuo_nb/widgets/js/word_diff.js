// The words in which two prompts differ. Pure. Chinese and Japanese are compared by character.

const TOKEN = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|[\p{L}\p{N}'’]+|\s+|[\s\S]/gu;

/** @typedef {{text: string, changed: boolean}} Part */

/**
 * Both texts in parts; joined again, the parts are the text.
 * @param {string} first @param {string} second @returns {[Part[], Part[]]}
 */
export function wordDiff(first, second) {
  const a = first.match(TOKEN) ?? [];
  const b = second.match(TOKEN) ?? [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end))
    end += 1;
  const [keepA, keepB] = common(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const inside = (/** @type {boolean[]} */ keep) => (/** @type {number} */ index) =>
    keep[index - start] ?? true;
  return [parts(a, inside(keepA)), parts(b, inside(keepB))];
}

/**
 * Longest common subsequence: which tokens of each side belong to it.
 * @param {string[]} a
 * @param {string[]} b
 * @returns {[boolean[], boolean[]]} */
function common(a, b) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  const at = (/** @type {number} */ index) => lengths[index] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      lengths[here] =
        a[i] === b[j] ? at(here + width + 1) + 1 : Math.max(at(here + width), at(here + 1));
    }
  }
  const keepA = a.map(() => false);
  const keepB = b.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      keepA[i] = keepB[j] = true;
      i += 1;
      j += 1;
    } else if (at((i + 1) * width + j) >= at(i * width + j + 1)) i += 1;
    else j += 1;
  }
  return [keepA, keepB];
}

/** @param {string[]} tokens @param {(index: number) => boolean} kept @returns {Part[]} */
function parts(tokens, kept) {
  /** @type {Part[]} */
  const found = [];
  tokens.forEach((text, index) => {
    // A space between two changed words belongs to the change.
    const blank = !text.trim() && index > 0 && index < tokens.length - 1;
    const changed = blank ? !kept(index - 1) && !kept(index + 1) : !kept(index);
    const last = found.at(-1);
    if (last && last.changed === changed) last.text += text;
    else found.push({ text, changed });
  });
  return found;
}
