// The questions of a ballot, what was answered, and the file of it. Pure: random numbers and the
// time are passed in.

/**
 * What pages/ballot_page.py writes; a pair is two indices of clips.
 * @typedef {{format: string, version: number, title: string, fingerprint: string,
 *   clips: {id: string, prompt: string}[], pairs: [number, number][]}} Ballot
 */
/** @typedef {"first" | "tie" | "second"} Outcome  first: the left one */
/** @typedef {{outcome: Outcome, at: number}} Answer  at: Unix seconds */

/** The keys of an answer, the first of which is shown. @type {[Outcome, string[]][]} */
export const KEYS = [
  ["first", ["1", "ArrowLeft"]],
  ["tie", ["0", "ArrowDown"]],
  ["second", ["2", "ArrowRight"]],
];

/** @param {string} key @returns {Outcome | undefined} */
export const outcomeOf = (key) => KEYS.find(([, keys]) => keys.includes(key))?.[0];

/**
 * Each pair as it is shown: which one stands left is chance.
 * @param {Ballot} ballot @param {() => number} random  0..1 @returns {[number, number][]}
 */
export const sidesOf = ({ pairs }, random) =>
  pairs.map(([one, other]) => (random() < 0.5 ? [one, other] : [other, one]));

/**
 * The prompt of both, "" where they differ in it: it would tell which is which.
 * @param {Ballot} ballot @param {[number, number]} pair
 */
export function sharedPrompt({ clips }, [one, other]) {
  const prompt = clips[one]?.prompt ?? "";
  return prompt === clips[other]?.prompt ? prompt : "";
}

/**
 * The text of votes.json, which results/votes_file.py reads.
 * @param {Ballot} ballot @param {[number, number][]} sides @param {readonly Answer[]} answers
 * @param {string} rater
 */
export function fileText({ format, version, title, fingerprint, clips }, sides, answers, rater) {
  const idOf = (/** @type {number | undefined} */ index) => clips[index ?? -1]?.id;
  const votes = answers.map(({ outcome, at }, index) => ({
    first: idOf(sides[index]?.[0]),
    second: idOf(sides[index]?.[1]),
    outcome,
    at,
  }));
  const board = { title, fingerprint, clips: clips.map(({ id }) => id) };
  return `${JSON.stringify({ format, version, board, rater, votes }, null, 1)}\n`;
}
