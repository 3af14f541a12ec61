// Alternatives: `{dawn|dusk}` in a prompt makes two. The twin of hailuo_nb/prompts/variants.py,
// held to it by tests/vectors/variants.json. Pure. Positions are JavaScript string indices
// (UTF-16).

export const MAX_PROMPTS = 256;
const MAX_DEPTH = 8;

/** @typedef {{start: number, end: number, rows: (string | Group)[][]}} Group */
/** @typedef {{code: "unclosed" | "unopened" | "too_deep" | "too_many", at: number}} Slip */

/**
 * Every prompt that this one stands for, the places of its choices, and what is wrong with its
 * braces.
 * @param {string} prompt
 * @returns {{prompts: string[], choices: {start: number, end: number}[], error: Slip | null}}
 */
export function expand(prompt) {
  /** @type {Group[]} */
  const open = [{ start: -1, end: prompt.length, rows: [[]] }];
  /** @type {{start: number, end: number}[]} */
  const choices = [];
  const top = () => /** @type {Group} */ (open.at(-1));
  const add = (/** @type {string | Group} */ piece) => top().rows.at(-1)?.push(piece);
  const wrong = (/** @type {Slip["code"]} */ code, /** @type {number} */ at) => ({
    prompts: [],
    choices,
    error: { code, at },
  });
  for (let at = 0; at < prompt.length; at += 1) {
    const char = prompt.charAt(at);
    if (char === "\\" && at + 1 < prompt.length && "{}|\\".includes(prompt.charAt(at + 1))) {
      at += 1;
      add(prompt.charAt(at));
    } else if (char === "{") {
      if (open.length > MAX_DEPTH) return wrong("too_deep", at);
      open.push({ start: at, end: at, rows: [[]] });
    } else if (char === "}") {
      if (open.length === 1) return wrong("unopened", at);
      const group = /** @type {Group} */ (open.pop());
      group.end = at + 1;
      add(group);
      if (group.rows.length > 1) choices.push({ start: group.start, end: group.end });
    } else if (char === "|" && open.length > 1) {
      top().rows.push([]);
    } else {
      add(char);
    }
  }
  if (open.length > 1) return wrong("unclosed", top().start);
  const whole = top();
  if (count(whole) > MAX_PROMPTS) {
    const first = whole.rows[0]?.find((piece) => typeof piece !== "string");
    return wrong("too_many", /** @type {Group} */ (first).start);
  }
  return { prompts: [...new Set(texts(whole))], choices, error: null };
}

/** @param {Group} group @returns {number} */
function count({ rows }) {
  const product = (/** @type {number} */ so_far, /** @type {string | Group} */ piece) =>
    typeof piece === "string" ? so_far : so_far * count(piece);
  return rows.reduce((sum, row) => sum + row.reduce(product, 1), 0);
}

/**
 * The texts of a group; one alternative alone is no choice, its braces are text.
 * @param {Group} group
 * @returns {string[]}
 */
function texts({ start, rows }) {
  const made = rows.flatMap((row) =>
    row.reduce(
      (heads, piece) => {
        const tails = typeof piece === "string" ? [piece] : texts(piece);
        return heads.flatMap((head) => tails.map((tail) => head + tail));
      },
      [""],
    ),
  );
  return rows.length === 1 && start >= 0 ? made.map((text) => `{${text}}`) : made;
}
