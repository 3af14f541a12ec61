// The camera's steps as a list that can be rearranged: every change is a change of the text, and
// text outside the brackets stays. Pure.

import { fits } from "./camera.js";

/** @typedef {import("./types.js").Move} Move */
/** @typedef {import("./camera.js").Edit} Edit */
/** @typedef {ReturnType<typeof import("./camera.js").grammar>} Grammar */
/** @typedef {{start: number, end: number, items: {text: string, move: Move | undefined}[]}} Step */
/**
 * What stands in the place of each step's bracket: none, one or several brackets of words.
 * @typedef {string[][][]} Places
 */

/** @param {string} prompt @param {Grammar} grammar @returns {Step[]} */
export function track(prompt, grammar) {
  return grammar
    .brackets(prompt)
    .map(({ start, end, items }) => ({
      start,
      end,
      items: items.filter(Boolean).map((text) => ({ text, move: grammar.find(text) })),
    }))
    .filter(({ items }) => items.some(({ move }) => move));
}

/** @param {Step[]} steps @returns {Places} */
const places = (steps) => steps.map(({ items }) => [items.map(({ text }) => text)]);

/**
 * The prompt with other brackets in the places of its steps. A place that is empty goes, with one
 * space.
 * @param {string} prompt @param {Step[]} steps @param {Places} wanted
 */
function write(prompt, steps, wanted) {
  let text = prompt;
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const { start, end } = /** @type {Step} */ (steps[index]);
    const [open] = /[[［【]/.exec(prompt.slice(start)) ?? "[";
    const close = prompt.charAt(end - 1);
    const written = (wanted[index] ?? [])
      .filter((items) => items.length)
      .map((items) => open + items.join(",") + close);
    const chinese = /[一-鿿]/.test(prompt.slice(start, end));
    const gone = written.length === 0;
    const before =
      gone && text.charAt(start - 1) === " " && /^($|[\s,.;!?])/.test(text.slice(end)) ? 1 : 0;
    const after = gone && start === 0 && text.charAt(end) === " " ? 1 : 0;
    text =
      text.slice(0, start - before) + written.join(chinese ? "" : " ") + text.slice(end + after);
  }
  return text;
}

/**
 * Take one move, or a whole step, away.
 * @param {string} prompt
 * @param {Step[]} steps
 * @param {number} step
 * @param {number} [item]
 */
export function remove(prompt, steps, step, item) {
  const wanted = places(steps);
  wanted[step] =
    item === undefined ? [] : [(wanted[step]?.[0] ?? []).filter((_, index) => index !== item)];
  return write(prompt, steps, wanted);
}

/**
 * Steps change places: what is in the brackets goes from one to the other.
 * @param {string} prompt
 * @param {Step[]} steps
 * @param {number} from @param {number} to  its place in the end */
export function reorder(prompt, steps, from, to) {
  const wanted = places(steps);
  wanted.splice(to, 0, ...wanted.splice(from, 1));
  return write(prompt, steps, wanted);
}

/**
 * A move goes into another step; where it does not fit (four, opposites, a static shot), or where
 * `to` is no step, it makes a step of its own there: before the first, or behind the last.
 * @param {string} prompt
 * @param {Step[]} steps
 * @param {number} from
 * @param {number} item
 * @param {number} to
 */
export function carry(prompt, steps, from, item, to) {
  const wanted = places(steps);
  const word = wanted[from]?.[0]?.[item];
  if (word === undefined || from === to) return prompt;
  if ((to < 0 || to >= steps.length) && wanted[from]?.[0]?.length === 1)
    return reorder(prompt, steps, from, to < 0 ? 0 : steps.length - 1);
  wanted[from] = [(wanted[from]?.[0] ?? []).filter((_, index) => index !== item)];
  const move = steps[from]?.items[item]?.move;
  if (to < 0) wanted[0] = [[word], ...(wanted[0] ?? [])];
  else if (to >= steps.length) wanted[steps.length - 1]?.push([word]);
  else if (!move || takes(steps[to], move)) wanted[to]?.[0]?.push(word);
  else if (!steps[to]?.items.some((one) => one.move === move))
    wanted[to] = from < to ? [...(wanted[to] ?? []), [word]] : [[word], ...(wanted[to] ?? [])];
  return write(prompt, steps, wanted);
}

/**
 * A new move joins a step, or makes one behind it.
 * @param {string} prompt
 * @param {Step[]} steps
 * @param {number} to
 * @param {Move} move @param {string} word */
export function join(prompt, steps, to, move, word) {
  const wanted = places(steps);
  if (steps[to]?.items.some((one) => one.move === move)) return prompt;
  if (takes(steps[to], move)) wanted[to]?.[0]?.push(word);
  else wanted[to]?.push([word]);
  return write(prompt, steps, wanted);
}

/** @param {Step | undefined} step @param {Move} move */
function takes(step, move) {
  const moves = (step?.items ?? []).map((one) => one.move).filter((one) => one !== undefined);
  return !moves.includes(move) && fits(moves, move);
}

/**
 * The one replacement that makes `after` of `before`.
 * @param {string} before
 * @param {string} after
 * @returns {Edit | null}
 */
export function difference(before, after) {
  if (before === after) return null;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let end = before.length;
  let last = after.length;
  while (end > start && last > start && before[end - 1] === after[last - 1])
    [end, last] = [end - 1, last - 1];
  return { start, end, text: after.slice(start, last), caret: last };
}

/**
 * "1 Truck right, Pan left → 2 Push in"; "" for none.
 * @param {readonly Step[]} steps @param {(move: Move) => string} name
 */
export const stepsText = (steps, name) =>
  steps
    .map(({ items }, index) => {
      const words = items.map(({ text, move }) => (move ? name(move) : text)).join(", ");
      return steps.length > 1 ? `${index + 1} ${words}` : words;
    })
    .join(" → ");
