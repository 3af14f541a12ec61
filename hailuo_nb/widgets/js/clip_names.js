// What the clips of a board are called: as short as it can be, and no name twice. What differs among
// them, and what is the same. Pure.

import { groupBy, keyOf } from "./board_rows.js";
import { dotted } from "./dom.js";
import { shortModel } from "./format.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/** @typedef {"prompt" | "provider" | "model" | "format" | "take"} Part */

/** What a name is made of, in its order. @type {readonly Part[]} */
export const PARTS = ["provider", "model", "prompt", "format", "take"];
/** A name begins with the first of these that differs. @type {readonly Part[]} */
const FIRST = ["provider", "prompt", "model", "format", "take"];

const WORD = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|[\p{L}\p{N}]+(?:['’.:-][\p{L}\p{N}]+)*/gu;
const HAN = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u;
/** Words that tell nothing where they stand first. */
const SMALL = new Set(["a", "an", "the", "of", "in", "on", "at", "to", "by", "and", "with", "is"]);
/** Words, or Chinese characters, of one place that a name has at first. */
const FEW = { words: 3, characters: 6 };

/** The fields of a row that its name is made from: names change with these alone. @param {Row} row */
export const namedBy = ({ id, prompt, provider, provider_title, ...row }) => ({
  ...{ id, prompt, provider, provider_title, simulated: row.simulated, model: row.model },
  ...{ resolution: row.resolution, duration: row.duration, ratio: row.ratio, take: row.take },
});
/** @typedef {ReturnType<typeof namedBy>} Named */

/** @param {Named} row @param {Part} part @param {Translate} [t]  for what is read */
const partOf = (row, part, t) =>
  part === "provider"
    ? `${row.provider_title || row.provider}${row.simulated ? "\n" : ""}`
    : keyOf(/** @type {Row} */ (row), part, t);

/** Which parts differ among these. @param {readonly Named[]} rows @returns {Set<Part>} */
export const varying = (rows) =>
  new Set(PARTS.filter((part) => new Set(rows.map((row) => partOf(row, part))).size > 1));

/**
 * What all have, as people read it; "" where they differ.
 * @param {readonly Named[]} rows @param {Translate} t
 * @returns {Record<Exclude<Part, "take">, string> & {simulated: boolean}}
 */
export function sharedOf(rows, t) {
  const differ = varying(rows);
  const [first] = rows;
  const text = (/** @type {Part} */ part, /** @type {string} */ value) =>
    differ.has(part) ? "" : value;
  return {
    prompt: text("prompt", first?.prompt ?? ""),
    provider: text("provider", first?.provider_title || first?.provider || ""),
    model: text("model", shortModel(first?.model ?? "")),
    format: text("format", first?.resolution ? partOf(first, "format", t) : ""),
    simulated: rows.length > 0 && rows.every(({ simulated }) => simulated),
  };
}

/**
 * A name for each clip: the first part that differs; the clips that are called the same then get the
 * part that tells most of them apart, and so on. A number where nothing does.
 * @param {readonly Named[]} rows @param {Translate} t @returns {Map<string, string>}  id -> name
 */
export function clipNames(rows, t) {
  const words = promptWords(rows.map(({ prompt }) => prompt));
  const titles = groupBy(rows, (row) => row.provider_title || row.provider);
  const mixed = (/** @type {string} */ title) =>
    new Set(titles.get(title)?.map(({ simulated }) => simulated)).size > 1;
  /** @type {Record<Part, (row: Named) => string>} */
  const say = {
    provider: ({ provider_title, provider, simulated }) => {
      const title = provider_title || provider;
      return simulated && mixed(title) ? `${title} (${t("common.simulated")})` : title;
    },
    model: ({ model }) => shortModel(model),
    prompt: ({ prompt }) => words.get(prompt) ?? "",
    format: (row) => partOf(row, "format", t),
    take: ({ take }) => (take === null ? "" : t("take", { take })),
  };
  /** @type {Map<string, string>} */
  const names = new Map();
  const taken = new Set();
  const differ = varying(rows);
  split(rows, new Set([FIRST.find((part) => differ.has(part)) ?? "provider"]));
  return names;

  /** @param {readonly Named[]} same @param {Set<Part>} has */
  function split(same, has) {
    const nameOf = (/** @type {Named} */ row) =>
      dotted(...PARTS.map((part) => has.has(part) && say[part](row)));
    for (const group of groupBy(same, nameOf).values()) {
      const next = group.length > 1 ? telling(group, has) : undefined;
      if (next) split(group, new Set([...has, next]));
      else
        for (const row of group) names.set(row.id, unique(nameOf(row) || t("clip", { number: 1 })));
    }
  }

  /** @param {string} name */
  function unique(name) {
    let one = name;
    for (let number = 2; taken.has(one); number += 1) one = `${name} (${number})`;
    taken.add(one);
    return one;
  }

  /** The part that tells most of them apart. @param {Named[]} group @param {Set<Part>} has */
  function telling(group, has) {
    const counts = PARTS.filter((part) => !has.has(part)).map((part) => ({
      part,
      count: new Set(group.map(say[part])).size,
    }));
    const [best] = counts.sort((a, b) => b.count - a.count);
    return best && best.count > 1 ? best.part : undefined;
  }
}

/**
 * The words of each prompt that no other has, else those that not all have: of as few places as no
 * other prompt has together.
 * @param {readonly string[]} given @returns {Map<string, string>}
 */
export function promptWords(given) {
  const prompts = [...new Set(given)];
  const found = wordPlaces(prompts);
  const count = (/** @type {string} */ word) => found.get(word)?.size;
  const texts = prompts.map((prompt) => {
    const rare = placesOf(prompt, (word) => count(word) === 1);
    if (rare.length) return cut(rare, 1);
    const places = placesOf(prompt, (word) => count(word) !== prompts.length);
    let text = cut(places, 1);
    for (let more = 2; more <= places.length && elsewhere(text, found); more += 1)
      text = cut(places, more);
    return elsewhere(text, found) ? cut(places, places.length, true) : text;
  });
  return new Map(
    prompts.map((prompt, index) => {
      const text = texts[index] ?? "";
      const alike = texts.filter((one) => one === text).length > 1;
      return [prompt, alike ? `${text} ${index + 1}`.trim() : text];
    }),
  );
}

/** In which prompts each word is. @param {string[]} prompts */
function wordPlaces(prompts) {
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const prompt of prompts)
    for (const word of prompt.toLowerCase().match(WORD) ?? [])
      found.set(word, (found.get(word) ?? new Set()).add(prompt));
  return found;
}

/** Whether another prompt has all these words too. @param {string} text @param {Map<string, Set<string>>} found */
function elsewhere(text, found) {
  const words = text.toLowerCase().match(WORD) ?? [];
  const [least, ...rest] = words
    .map((word) => found.get(word) ?? new Set())
    .sort((a, b) => a.size - b.size);
  return [...(least ?? [])].filter((prompt) => rest.every((set) => set.has(prompt))).length > 1;
}

/** Its words that are wanted, by place: what stands between two parts them. @param {string} prompt @param {(word: string) => boolean} wanted */
function placesOf(prompt, wanted) {
  /** @type {string[][]} */
  const places = [];
  /** @type {string[]} */
  let place = [];
  let end = 0;
  for (const { 0: word, index } of prompt.matchAll(WORD)) {
    const kept = wanted(word.toLowerCase());
    if (!kept || prompt.slice(end, index).trim()) place = [];
    if (kept && place.push(word) === 1) places.push(place);
    end = index + word.length;
  }
  return places;
}

/** @param {string[][]} places @param {number} count  of places @param {boolean} [whole]  all words */
function cut(places, count, whole = false) {
  const small = (/** @type {string} */ word) => SMALL.has(word.toLowerCase());
  const texts = places.slice(0, count).map((words) => {
    const start = Math.max(
      0,
      words.findIndex((word) => !small(word)),
    );
    const most = HAN.test(words[start] ?? "") ? FEW.characters : FEW.words;
    const few = words.slice(start, whole ? undefined : start + most);
    while (few.length > 1 && small(few.at(-1) ?? "")) few.pop();
    return few.reduce((text, word) =>
      HAN.test(text) && HAN.test(word) ? text + word : `${text} ${word}`,
    );
  });
  return texts.join(" … ");
}
