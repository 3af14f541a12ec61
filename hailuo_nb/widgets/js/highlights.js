// What the editor highlights in the prompt: commands, what is odd about them, alternatives. Pure.

import { difference } from "./timeline.js";

/** @typedef {ReturnType<typeof import("./camera.js").grammar>} Grammar */
/** @typedef {import("./types.js").Finding} Finding */
/** @typedef {{text: string, start: number, kinds: string[]}} Piece */

/**
 * The kernel's findings on a prompt: where it has been changed since they were made, those that
 * stand before and behind the change.
 * @param {string} prompt @param {Partial<import("./types.js").CameraNotes>} notes @returns {Finding[]}
 */
export function remarks(prompt, { prompt: read = prompt, findings = [] }) {
  const change = difference(read, prompt);
  if (!change) return findings;
  const shift = prompt.length - read.length;
  return findings.flatMap((one) => {
    if (one.end < change.start) return [one];
    if (one.start <= change.end) return [];
    return [{ ...one, start: one.start + shift, end: one.end + shift }];
  });
}

/**
 * The prompt cut where something begins or ends; joined again the texts are the prompt.
 * @param {string} prompt
 * @param {Grammar} grammar
 * @param {readonly {start: number, end: number}[]} choices
 * @param {readonly Finding[]} findings
 * @returns {Piece[]}
 */
export function pieces(prompt, grammar, choices, findings) {
  const marks = [
    ...grammar.parse(prompt).map(({ start, end }) => ({ start, end, kind: "command" })),
    ...choices.map(({ start, end }) => ({ start, end, kind: "choice" })),
    ...findings
      .filter(({ values }) => values.word)
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
