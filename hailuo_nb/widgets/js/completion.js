// Completion of camera moves: what is typed in a bracket that the caret stands in, the moves that it
// may become, and what is written then. Pure.

import { fits, fold } from "./camera.js";

/** @typedef {import("./types.js").Move} Move */
/** @typedef {ReturnType<typeof import("./camera.js").grammar>} Grammar */
/**
 * A word in a bracket: text[start:end], of which `typed` stands before the caret. `moves` stand
 * beside it; `close` is the sign that the bracket lacks, "" where it has one.
 * @typedef {{start: number, end: number, typed: string, moves: Move[], close: string}} Item
 */

const OPEN = "[［【";
const CLOSE = "]］】";
const HAN = /\p{Script=Han}/u;

/**
 * The word of a bracket in which the caret stands; null elsewhere.
 * @param {string} text @param {number} caret @param {Grammar} grammar @returns {Item | null}
 */
export function itemAt(text, caret, grammar) {
  const inside = /[[［【][^[\]［］【】\n]*$/.exec(text.slice(0, caret));
  if (!inside) return null;
  const behind = /^([^[\]［］【】\n]*)([\]］】])?/.exec(text.slice(caret));
  const rest = behind?.[2] ? (behind[1] ?? "") : ""; // of an open bracket nobody knows the end
  const [before = "", ...others] = inside[0]
    .slice(1)
    .split(/[,，、]/)
    .reverse();
  const [left = "", ...after] = rest.split(/[,，、]/);
  const moves = [...others, ...after].map(grammar.find).filter((move) => move !== undefined);
  const typed = before.trimStart();
  const close = behind?.[2] ? "" : CLOSE.charAt(OPEN.indexOf(inside[0].charAt(0)));
  return {
    start: caret - typed.length,
    end: caret + left.trimEnd().length,
    typed,
    moves,
    close,
  };
}

/**
 * The moves that a word may become, the likeliest first: whose name begins with it, in which a word
 * does, which hold it. Moves that do not go with those beside it are left out.
 * @param {readonly Move[]} moves @param {Item} item
 */
export function candidates(moves, { typed, moves: beside }) {
  const wanted = fold(typed);
  const rank = (/** @type {Move} */ { english, chinese }) => {
    const name = fold(english);
    if (name.startsWith(wanted) || chinese.startsWith(wanted)) return 0;
    if (name.split(" ").some((word) => word.startsWith(wanted))) return 1;
    return name.includes(wanted) || chinese.includes(wanted) ? 2 : 3;
  };
  const offered = moves.filter(
    (move) => !beside.length || (!beside.includes(move) && fits(beside, move)),
  );
  return [0, 1, 2].flatMap((wanted) => offered.filter((move) => rank(move) === wanted));
}

/**
 * The change that writes a move in the place of a word: in Chinese where that was typed or stands
 * beside it.
 * @param {string} text @param {Item} item @param {Move} move
 * @param {import("./camera.js").Language} language  of what a click writes
 * @returns {import("./camera.js").Edit}
 */
export function complete(text, { start, end, typed, moves, close }, move, language) {
  const bracket = text.slice(Math.max(...[...OPEN].map((one) => text.lastIndexOf(one, start - 1))));
  const beside = moves.some(({ chinese }) => bracket.includes(chinese));
  const chinese = HAN.test(typed) || beside || (language === "zh" && !moves.length);
  const written = (chinese ? move.chinese : move.english) + close;
  const caret = start + written.length + (close ? 0 : closing(text.slice(end)));
  return { start, end, text: written, caret };
}

/** How far behind the word its bracket ends, if nothing else stands there. @param {string} rest */
const closing = (rest) => (/^\s*[\]］】]/.exec(rest) ?? [""])[0].length;
