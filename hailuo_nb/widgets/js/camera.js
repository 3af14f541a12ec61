// The grammar of camera commands: the twin of hailuo_nb/prompts/camera.py, held to it by
// tests/vectors/camera.json. Pure. Positions are JavaScript string indices (UTF-16); Python's are
// code points.

/** @typedef {import("./types.js").Move} Move */
/** @typedef {"en" | "zh"} Language */
/** @typedef {{moves: Move[], start: number, end: number, unknown: string[]}} Step */
/**
 * @typedef {object} Finding
 * @property {string} rule
 * @property {number} start
 * @property {number} end
 * @property {string | null} replacement
 * @property {Record<string, string | number>} values  for the message of the rule
 */
/**
 * Replace text[start:end] by `text`; the caret then stands at `caret`.
 * @typedef {{start: number, end: number, text: string, caret: number}} Edit
 */

export const MAX_TOGETHER = 3;
const BRACKET = /[[［【]([^[\]［］【】]*)[\]］】]/g;
const SEPARATOR = /[,，、]/;
const SLIP = 0.72;
/** @type {Record<string, string>} */
const NEAR = {
  "push out": "pull_out",
  "pull in": "push_in",
  "dolly in": "push_in",
  "dolly out": "pull_out",
};

/** @param {string} text */
const fold = (text) => text.replaceAll("_", " ").toLowerCase().trim().split(/\s+/).join(" ");

/** @param {readonly Move[]} moves */
export function grammar(moves) {
  /** @type {Map<string, Move>} */
  const byName = new Map();
  for (const move of moves)
    for (const name of [move.key, fold(move.english), move.chinese]) byName.set(name, move);

  /** @param {string} name @returns {Move | undefined} */
  const find = (name) => byName.get(fold(name)) ?? byName.get(name.trim());

  /** @param {Move} move @param {Language} language */
  const command = (move, language) => (language === "zh" ? move.chinese : move.english);

  /** A bracket of moves that keeps the words which are none of the fifteen.
   * @param {readonly Move[]} together
   * @param {readonly string[]} words
   * @param {Language} language
   */
  const bracket = (together, words, language) =>
    `[${[...together.map((move) => command(move, language)), ...words].join(",")}]`;

  /**
   * The move that somebody who wrote `name` most likely meant.
   * @param {string} name
   * @returns {Move | undefined}
   */
  function nearest(name) {
    const folded = fold(name);
    const known = NEAR[folded];
    if (known) return byName.get(known);
    let best = "";
    let score = SLIP;
    for (const candidate of byName.keys()) {
      const value = likeness(candidate, folded);
      if (value > score || (value === score && candidate > best))
        [best, score] = [candidate, value];
    }
    return byName.get(best);
  }

  /** @param {string} prompt @returns {Step[]} */
  function parse(prompt) {
    const steps = [];
    for (const { start, end, items } of brackets(prompt)) {
      const known = items.map(find).filter((move) => move !== undefined);
      if (known.length === 0) continue;
      steps.push({
        moves: known,
        start,
        end,
        unknown: items.filter((item) => item && !find(item)),
      });
    }
    return steps;
  }

  /**
   * Put a step at `at`, never inside another bracket.
   * @param {string} prompt
   * @param {readonly string[]} keys
   * @param {number} at
   * @param {Language} language
   * @returns {Edit}
   */
  function insert(prompt, keys, at, language) {
    const together = keys.map((key) => find(key)).filter((move) => move !== undefined);
    const other = brackets(prompt).find(({ start, end }) => start < at && at < end);
    const place = other ? other.end : at;
    const gap = place === 0 || /\s/.test(prompt[place - 1] ?? "") || language === "zh" ? "" : " ";
    const text = gap + bracket(together, [], language);
    return { start: place, end: place, text, caret: place + text.length };
  }

  /**
   * What a click on a tile does. "together" adds to the step in which or right behind which the
   * caret stands, while that makes sense (at most three, no contradiction); else a new step
   * follows. null: the move is already there.
   * @param {string} prompt @param {number} from @param {number} to @param {string} key
   * @param {{language: Language, together: boolean}} choice @returns {Edit | null}
   */
  function click(prompt, from, to, key, { language, together }) {
    const move = byName.get(key);
    if (!move) return null;
    const step =
      from === to ? parse(prompt).find(({ start, end }) => start < from && from <= end) : undefined;
    if (step && together) {
      if (step.moves.includes(move)) return null;
      if (fits(step.moves, move)) {
        const chinese = step.moves.some(({ chinese }) =>
          prompt.slice(step.start, step.end).includes(chinese),
        );
        const text = `,${command(move, chinese ? "zh" : language)}`;
        return { start: step.end - 1, end: step.end - 1, text, caret: step.end + text.length };
      }
    }
    const at = step ? step.end : from;
    const edit = insert(prompt, [key], at, language);
    return edit.start === from && from !== to ? { ...edit, end: to } : edit;
  }

  /** @param {string} prompt @returns {Finding[]} */
  function lint(prompt) {
    return brackets(prompt).flatMap((found) => lintBracket(prompt, found));
  }

  /** @param {string} prompt @param {Bracket} found @returns {Finding[]} */
  function lintBracket(prompt, { start, end, inner, items }) {
    const words = items.filter(Boolean);
    if (words.length === 0)
      return [{ rule: "empty_bracket", start, end, replacement: "", values: {} }];
    const known = words.map(find).filter((move) => move !== undefined);
    const unknown = words.filter((word) => !find(word));
    if (known.length === 0 && !unknown.some(nearest)) {
      return [
        {
          rule: "plain_bracket",
          start,
          end,
          replacement: null,
          values: { bracket: prompt.slice(start, end) },
        },
      ];
    }
    const findings = lintWords(prompt, start, words);
    if (known.length === 0) return findings;
    /** @type {Language} */
    const language = known.some((move) => inner.includes(move.chinese)) ? "zh" : "en";
    const distinct = [...new Set(known)];
    /**
     * @param {string} rule
     * @param {Move[] | null} moves
     * @param {Record<string, string | number>} values
     */
    const say = (rule, moves, values) => {
      findings.push({
        rule,
        start,
        end,
        replacement: moves && bracket(moves, unknown, language),
        values,
      });
    };
    if (distinct.length < known.length) say("duplicate", distinct, {});
    if (distinct.length > MAX_TOGETHER) {
      say("too_many", distinct.slice(0, MAX_TOGETHER), {
        count: distinct.length,
        most: MAX_TOGETHER,
      });
    }
    for (const move of distinct) {
      const other = distinct.find((candidate) => candidate.key === move.opposite);
      if (other && move.key < other.key) {
        say("opposites", null, {
          first: command(move, language),
          second: command(other, language),
        });
      }
    }
    if (distinct.length > 1 && distinct.some(({ key }) => key === "static")) {
      say(
        "static_with_move",
        distinct.filter(({ key }) => key !== "static"),
        {},
      );
    }
    return findings;
  }

  /** @param {string} prompt @param {number} start @param {string[]} words @returns {Finding[]} */
  function lintWords(prompt, start, words) {
    /** @type {Finding[]} */
    const findings = [];
    let cursor = start + 1;
    for (const word of words) {
      const at = prompt.indexOf(word, cursor);
      cursor = at + word.length;
      if (find(word)) continue;
      const near = nearest(word);
      const replacement = near ? command(near, /[一-鿿]/.test(word) ? "zh" : "en") : null;
      findings.push({
        rule: "unknown_command",
        start: at,
        end: cursor,
        replacement,
        values: { word },
      });
    }
    return findings;
  }

  return { find, nearest, parse, click, lint, command };
}

/**
 * The prompt with its commands in one language; a bracket that mixes commands with words keeps the
 * words.
 * @param {string} prompt @param {Language} language
 * @param {ReturnType<typeof grammar>} grammar */
export function render(prompt, language, { find, command }) {
  return prompt.replace(BRACKET, (whole, inner) => {
    const items = split(inner);
    if (!items.some(find)) return whole;
    const written = items.map((item) => {
      const move = find(item);
      return move ? command(move, language) : item;
    });
    return `[${written.filter(Boolean).join(",")}]`;
  });
}

/**
 * Whether a move may join the others of a step.
 * @param {readonly Move[]} moves
 * @param {Move} move
 */
export function fits(moves, move) {
  if (moves.length >= MAX_TOGETHER) return false;
  if (move.key === "static" || moves.some(({ key }) => key === "static")) return false;
  return !moves.some(({ key }) => key === move.opposite);
}

/** @typedef {{start: number, end: number, inner: string, items: string[]}} Bracket */

/** @param {string} prompt @returns {Bracket[]} */
export function brackets(prompt) {
  return [...prompt.matchAll(BRACKET)].map((match) => {
    const start = match.index ?? 0;
    const inner = match[1] ?? "";
    return { start, end: start + match[0].length, inner, items: split(inner) };
  });
}

/** @param {string} inner */
const split = (inner) => inner.split(SEPARATOR).map((item) => item.trim());

/**
 * Likeness 0..1 as Python's difflib measures it (Ratcliff and Obershelp).
 * @param {string} a
 * @param {string} b
 */
export function likeness(a, b) {
  const [left, right] = [[...a], [...b]];
  const total = left.length + right.length;
  return total === 0 ? 1 : (2 * common(left, 0, left.length, right, 0, right.length)) / total;
}

/**
 * Characters in common: the longest run (earliest in `a`, then in `b`), then left and right of it.
 * @param {string[]} a
 * @param {number} a0
 * @param {number} a1
 * @param {string[]} b
 * @param {number} b0
 * @param {number} b1
 * @returns {number}
 */
function common(a, a0, a1, b, b0, b1) {
  let [bestA, bestB, size] = [a0, b0, 0];
  for (let i = a0; i < a1; i += 1) {
    for (let j = b0; j < b1; j += 1) {
      let run = 0;
      while (i + run < a1 && j + run < b1 && a[i + run] === b[j + run]) run += 1;
      if (run > size) [bestA, bestB, size] = [i, j, run];
    }
  }
  if (size === 0) return 0;
  return (
    size + common(a, a0, bestA, b, b0, bestB) + common(a, bestA + size, a1, b, bestB + size, b1)
  );
}
