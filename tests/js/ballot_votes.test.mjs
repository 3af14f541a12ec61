// A ballot: which one stands left is chance, and the file says which clip was preferred.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fileText,
  outcomeOf,
  sharedPrompt,
  sidesOf,
} from "../../hailuo_nb/widgets/js/ballot_votes.js";

const ballot = {
  format: "hailuo_nb.votes",
  version: 1,
  title: "Foxes",
  fingerprint: "abc",
  clips: [
    { id: "a", prompt: "A fox" },
    { id: "b", prompt: "A fox" },
    { id: "c", prompt: "A cat" },
  ],
  pairs: [
    [0, 1],
    [1, 2],
  ],
};

test("sides are chance, pairs and their order are the ballot's", () => {
  assert.deepEqual(
    sidesOf(ballot, () => 0),
    ballot.pairs,
  );
  assert.deepEqual(
    sidesOf(ballot, () => 0.9),
    [
      [1, 0],
      [2, 1],
    ],
  );
});

test("the prompt is said where both have the same", () => {
  assert.equal(sharedPrompt(ballot, [0, 1]), "A fox");
  assert.equal(sharedPrompt(ballot, [1, 2]), "");
});

test("the file has what was answered, by the clips' ids as they stood", () => {
  const sides = sidesOf(ballot, () => 0.9);
  const text = fileText(ballot, sides, [{ outcome: "first", at: 12.5 }], "Ann");
  assert.deepEqual(JSON.parse(text), {
    format: "hailuo_nb.votes",
    version: 1,
    board: { title: "Foxes", fingerprint: "abc", clips: ["a", "b", "c"] },
    rater: "Ann",
    votes: [{ first: "b", second: "a", outcome: "first", at: 12.5 }],
  });
});

test("keys answer", () => {
  assert.equal(outcomeOf("1"), "first");
  assert.equal(outcomeOf("ArrowRight"), "second");
  assert.equal(outcomeOf("0"), "tie");
  assert.equal(outcomeOf("3"), undefined);
});
