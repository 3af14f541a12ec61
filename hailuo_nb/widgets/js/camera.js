// The grammar of camera commands: the twin of hailuo_nb/prompts/camera.py, held to it by
// tests/vectors/camera.json. Pure. Positions are JavaScript string indices (UTF-16); Python's are
// code points.

/** @typedef {import("./types.js").Move} Move */
/** @typedef {"en" | "zh" | "prose"} Language  of what a click writes; prose begins as brackets */
/** @typedef {{moves: Move[], start: number, end: number}} Step */
/**
 * Replace text[start:end] by `text`; the caret then stands at `caret`.
 * @typedef {{start: number, end: number, text: string, caret: number}} Edit
 */

/**
 * Text in the place of other text, with the caret behind it.
 * @param {number} start @param {number} end @param {string} text @returns {Edit}
 */
export const replacing = (start, end, text) => ({ start, end, text, caret: start + text.length });

export const MAX_TOGETHER = 3;
const BRACKET = /\\?[[［【]([^[\]［］【】]*)[\]］】]/g;
const COMMA = /[,，、]/;
// Signs that join moves as a comma does, where they stand between moves and nothing else.
const JOINER = /[;；+＋&＆|｜]|(?<![\p{L}\p{N}_])and(?![\p{L}\p{N}_])|[和与與并並]/iu;
const TRADITIONAL = "進遠搖變動隨昇";

/** A spelling without what does not count: case, width, traditional and invisible characters, the
 * backslash of a Markdown page, space. @param {string} text */
export const fold = (text) =>
  text
    .normalize("NFKC")
    .replace(/[\p{Cf}\\]/gu, "")
    .replace(/[進遠搖變動隨昇]/g, (char) => "进远摇变动随升".charAt(TRADITIONAL.indexOf(char)))
    .replaceAll("_", " ")
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .join(" ");

/** @param {readonly Move[]} moves */
export function grammar(moves) {
  /** @type {Map<string, Move>} */
  const byName = new Map();
  for (const move of moves)
    for (const name of [move.key, fold(move.english), move.chinese]) byName.set(name, move);

  /** @param {string} name @returns {Move | undefined} */
  const find = (name) => byName.get(fold(name));

  /** The brackets of a prompt with what stands in them: moves, other words and "".
   * @param {string} prompt @returns {Bracket[]} */
  const brackets = (prompt) =>
    [...prompt.matchAll(BRACKET)].map((match) => {
      const inner = match[1] ?? "";
      const items = inner.split(COMMA).flatMap((item) => {
        const parts = item.split(JOINER).map((part) => part.trim());
        return parts.length > 1 && !find(item) && parts.every(find) ? parts : [item.trim()];
      });
      // A backslash before ordinary text is part of the text.
      const skip = match[0].startsWith("\\") && !items.some(find) ? 1 : 0;
      const end = match.index + match[0].length;
      return { start: match.index + skip, end, items };
    });

  /** @param {Move} move @param {Language} language */
  const command = (move, language) => (language === "zh" ? move.chinese : move.english);

  /** @param {string} prompt @returns {Step[]} */
  const parse = (prompt) =>
    brackets(prompt).flatMap(({ start, end, items }) => {
      const moves = items.map(find).filter((move) => move !== undefined);
      return moves.length ? [{ moves, start, end }] : [];
    });

  /**
   * Put a step at `at`, never inside another bracket.
   * @param {string} prompt
   * @param {Move} move
   * @param {number} at
   * @param {Language} language
   * @returns {Edit}
   */
  function insert(prompt, move, at, language) {
    const other = brackets(prompt).find(({ start, end }) => start < at && at < end);
    const place = other ? other.end : at;
    const gap = place === 0 || /\s/.test(prompt[place - 1] ?? "") || language === "zh" ? "" : " ";
    const text = `${gap}[${command(move, language)}]`;
    return replacing(place, place, text);
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
    const edit = insert(prompt, move, at, language);
    return edit.start === from && from !== to ? { ...edit, end: to } : edit;
  }

  return { find, brackets, parse, click, command };
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

/** @typedef {{start: number, end: number, items: string[]}} Bracket */

/**
 * The prompt with sentences about the camera as brackets, as the kernel reads them.
 * @param {{prompt: string, camera: Partial<import("./types.js").CameraNotes>}} draft
 */
export const bracketed = ({ prompt, camera }) => camera.brackets || prompt;
