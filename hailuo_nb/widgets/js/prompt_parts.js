// What differs among the prompts of a board, within each prompt. Pure.

import { wordDiff } from "./word_diff.js";

/** @typedef {import("./word_diff.js").Part} Part */

/** Characters beside a change that an excerpt keeps. */
const AROUND = 16;
/** Prompts are alike that share as much of their words; the others differ in all anyway. */
const ALIKE = 0.5;
/** A prompt is held against so many that are alike. */
const MOST = 12;

/**
 * Each prompt in parts: what any other one that is like it has not, is changed.
 * @param {readonly string[]} given @returns {Map<string, Part[]>}
 */
export function promptParts(given) {
  const prompts = [...new Set(given)].map((text) => ({ text, words: new Set(words(text)) }));
  return new Map(
    prompts.map((prompt) => {
      const others = prompts
        .map((other) => ({ text: other.text, share: shared(prompt.words, other.words) }))
        .filter(({ text, share }) => text !== prompt.text && share >= ALIKE)
        .sort((one, other) => other.share - one.share)
        .slice(0, MOST);
      return [prompt.text, runs(prompt.text, changes(prompt.text, others))];
    }),
  );
}

/** @param {string} text */
const words = (text) =>
  text.toLowerCase().match(/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|[\p{L}\p{N}]+/gu);

/** The share of the words of both that both have. @param {Set<string>} one @param {Set<string>} other */
const shared = (one, other) =>
  (2 * [...one].filter((word) => other.has(word)).length) / (one.size + other.size || 1);

/** Which characters of a prompt any of the others has not. @param {string} prompt @param {{text: string}[]} others */
function changes(prompt, others) {
  /** @type {boolean[]} */
  const changed = [];
  for (const { text } of others) {
    let at = 0;
    for (const part of wordDiff(prompt, text)[0]) {
      const end = at + part.text.length;
      for (; at < end; at += 1) if (part.changed) changed[at] = true;
    }
  }
  return changed;
}

/** @param {string} text @param {boolean[]} changed */
function runs(text, changed) {
  /** @type {Part[]} */
  const parts = [];
  for (let at = 0; at < text.length; at += 1) {
    const last = parts.at(-1);
    const now = changed[at] ?? false;
    if (last?.changed === now) last.text += text.charAt(at);
    else parts.push({ text: text.charAt(at), changed: now });
  }
  return parts;
}

/**
 * The changes of a prompt with a little around them, "…" for the rest; the beginning where nothing
 * has changed.
 * @param {readonly Part[]} parts @returns {Part[]}
 */
export const excerpt = (parts) =>
  parts.length < 2
    ? [...parts]
    : parts.map((part, index) =>
        part.changed
          ? part
          : { text: shorten(part.text, index > 0, index < parts.length - 1), changed: false },
      );

/** @param {string} text @param {boolean} start  keep it @param {boolean} end  keep it */
function shorten(text, start, end) {
  if (text.length <= (Number(start) + Number(end)) * AROUND + 4) return text;
  const head = start ? text.slice(0, AROUND).replace(/\s+\S*$/u, " ") : "";
  const tail = end ? text.slice(-AROUND).replace(/^\S*\s+/u, " ") : "";
  return `${head}…${tail}`;
}
