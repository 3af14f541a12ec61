// What the editor highlights in the prompt: commands, unknown commands, alternatives. Pure.

import { brackets } from "./camera.js";

/** @typedef {ReturnType<typeof import("./camera.js").grammar>} Grammar */
/** @typedef {import("./camera.js").Finding} Finding */
/** @typedef {{text: string, start: number, kinds: string[]}} Piece */

/**
 * Remarks on the brackets, but for those that alternatives make: each of them is another bracket
 * when it is sent.
 * @param {string} prompt @param {Grammar} grammar @returns {Finding[]}
 */
export function remarks(prompt, grammar) {
  const mixed = brackets(prompt).filter(({ inner }) => /[{}|]/.test(inner));
  return grammar
    .lint(prompt)
    .filter((one) => !mixed.some(({ start, end }) => start <= one.start && one.end <= end));
}

/**
 * The prompt cut where something begins or ends; joined again the texts are the prompt.
 * @param {string} prompt
 * @param {Grammar} grammar
 * @param {readonly {start: number, end: number}[]} choices
 * @returns {Piece[]}
 */
export function pieces(prompt, grammar, choices) {
  const marks = [
    ...grammar.parse(prompt).map(({ start, end }) => ({ start, end, kind: "command" })),
    ...choices.map(({ start, end }) => ({ start, end, kind: "choice" })),
    ...remarks(prompt, grammar)
      .filter(({ rule }) => rule === "unknown_command")
      .map(({ start, end }) => ({ start, end, kind: "unknown" })),
  ];
  const cuts = new Set([0, prompt.length, ...marks.flatMap(({ start, end }) => [start, end])]);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => {
    const start = /** @type {number} */ (places[index]);
    const kinds = marks
      .filter((mark) => mark.start <= start && end <= mark.end)
      .map(({ kind }) => kind);
    return { text: prompt.slice(start, end), start, kinds: [...new Set(kinds)] };
  });
}
