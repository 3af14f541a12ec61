// Which clips a vote shows next: like for like, what teaches most first, nobody left out.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { apart, axisOf, keyOfGroup, nextGroup } from "../../hailuo_nb/widgets/js/pairing.js";

const row = (id, more = {}) => ({
  id,
  state: "saved",
  prompt: "A fox",
  provider: "p",
  model: "m",
  resolution: "768P",
  duration: 6,
  ratio: "",
  given: "",
  option_key: "",
  ...more,
});
const vectors = JSON.parse(await readFile(new URL("../vectors/pairing.json", import.meta.url)));
const clip = (name) => {
  const { options = "", ...asked } = vectors.clips[name];
  return row(name, { provider: "ppinfra", ...asked, option_key: JSON.stringify(options) });
};

/** A source of numbers that is the same at every run. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const even = () => 0;
const about = (on, strength = even) => ({ on, strength });
const vote = (first, second, count = 1) => ({ first, second, count });
const next = (rows, on, votes = [], random = numbers(7), last = "") =>
  nextGroup(rows, about(on), 2, votes, random, last);
const key = (group) => (group ? keyOfGroup(group) : null);

test("clips differ in one thing alone as the kernel says for a verdict", () => {
  const clips = Object.keys(vectors.clips).map(clip);
  for (const [axis, expected] of Object.entries(vectors.alike)) {
    const found = clips.flatMap((a, at) =>
      clips
        .slice(at + 1)
        .flatMap((b) => (a[axis] !== b[axis] && apart(a, b) === 1 ? [[a.id, b.id]] : [])),
    );
    const sorted = (pairs) => pairs.map((pair) => [...pair].sort().join(", ")).sort();
    assert.deepEqual(sorted(found), sorted(expected), axis);
  }
});

test("a board is about what a like-for-like pair differs in, prompts first", () => {
  for (const { clips, axis, loose = false } of vectors.boards) {
    const rows = clips.map(clip);
    assert.equal(axisOf(rows), axis, clips.join());
    if (axis) assert.equal(apart(...next(rows, axis)) > 1, loose, clips.join());
  }
  assert.equal(axisOf([clip("fox"), { ...clip("dog"), state: "failed" }]), "");
  assert.equal(axisOf([clip("fox"), { ...clip("dog"), state: "submitted" }]), "prompt");
});

test("pairs of a verdict come first, then those that only rank, before any comes twice", () => {
  const rows = ["fox", "another model at q", "fox at q"].map(clip);
  assert.equal(key(next(rows, "provider")), "fox fox at q");
  const votes = [vote("fox", "fox at q")];
  assert.equal(key(next(rows, "provider", votes)), "another model at q fox");
});

test("anything: the pair with the fewest votes, the same prompt and another provider first", () => {
  const rows = [
    row("a"),
    row("b", { provider: "x" }),
    row("c", { provider: "y", prompt: "A dog" }),
    row("d", { state: "failed" }),
  ];
  assert.equal(key(next(rows, "")), "a b");
  const votes = [vote("b", "a")];
  assert.notEqual(key(next(rows, "", votes)), "a b");
  assert.equal(key(next(rows, "", [...votes, vote("a", "c", 2), vote("c", "b", 2)])), "a b");
  assert.equal(next([row("a")], ""), null);
  assert.equal(next([row("a"), row("b", { state: "submitted" })], ""), null);
});

test("every pair is voted on once before any is voted on twice, and sides change", () => {
  const rows = ["a", "b", "c", "d"].map((id) => row(id, { provider: id }));
  const random = numbers(3);
  for (const on of ["", "provider"]) {
    const votes = [];
    const lefts = new Set();
    let last = "";
    for (let round = 0; round < 6; round += 1) {
      const [left, right] = next(rows, on, votes, random, last);
      last = keyOfGroup([left, right]);
      lefts.add(left.id);
      votes.push(vote(left.id, right.id));
    }
    assert.equal(new Set(votes.map(({ first, second }) => [first, second].sort().join())).size, 6);
    assert.ok(lefts.size > 1);
  }
});

test("first takes meet first takes before any meets a later one", () => {
  const rows = ["A fox", "A dog"].flatMap((prompt) =>
    [1, 2, 3].map((take) => row(`${prompt} ${take}`, { prompt, take })),
  );
  for (const seed of [1, 2, 3, 4, 5]) {
    const votes = [];
    const random = numbers(seed);
    for (let round = 0; round < 3; round += 1) {
      const [left, right] = next(rows, "prompt", votes, random);
      assert.equal(left.take, right.take);
      votes.push(vote(left.id, right.id));
    }
  }
});

test("providers are compared on one prompt, resolution and duration", () => {
  const rows = [];
  for (const provider of ["p", "q"])
    for (const prompt of ["A fox", "A dog"])
      for (const duration of [6, 10])
        for (const take of [1, 2])
          rows.push(
            row(`${provider} ${prompt} ${duration} ${take}`, { provider, prompt, duration }),
          );
  const random = numbers(5);
  for (let round = 0; round < 50; round += 1) {
    const [a, b] = next(rows, "provider", [], random);
    assert.notEqual(a.provider, b.provider);
    assert.deepEqual([a.prompt, a.duration], [b.prompt, b.duration]);
  }
  assert.equal(next([row("a"), row("b", { provider: "q", duration: 10 })], "provider"), null);
  assert.equal(next([row("a"), row("b")], "provider"), null);
  const framed = row("b", { provider: "q", given: "a frame" });
  assert.equal(next([row("a"), framed], "provider"), null, "one was made from a picture");
});

test("prompts are compared at one provider and model", () => {
  const rows = [
    row("a"),
    row("b", { prompt: "A dog", provider: "q" }),
    row("c", { prompt: "A dog", model: "n" }),
    row("d", { prompt: "A cat" }),
  ];
  for (let seed = 0; seed < 20; seed += 1)
    assert.equal(key(next(rows, "prompt", [], numbers(seed))), "a d");
});

test("a vote counts for the providers, whichever clips stood for them", () => {
  const rows = [row("a1"), row("a2"), row("b1", { provider: "q" }), row("c1", { provider: "r" })];
  const votes = [vote("a1", "b1"), vote("b1", "c1")];
  for (let seed = 0; seed < 20; seed += 1)
    assert.match(key(next(rows, "provider", votes, numbers(seed))), /^a\d c1$/);
});

test("where one surely wins, a vote teaches little", () => {
  const rows = ["a", "b", "c"].map((id) => row(id, { provider: id }));
  const strength = (item) => ({ a: 3, b: 0, c: 0.1 })[item];
  for (let seed = 0; seed < 20; seed += 1)
    assert.equal(key(nextGroup(rows, about("provider", strength), 2, [], numbers(seed))), "b c");
});

test("four at once are four of one kind, with as many providers as there are", () => {
  const rows = ["p", "p", "q", "q", "r", "s"].map((provider, at) =>
    row(`${provider}${at}`, { provider }),
  );
  rows.push(row("odd", { provider: "t", prompt: "A dog" }));
  for (let seed = 0; seed < 20; seed += 1) {
    const group = nextGroup(rows, about("provider"), 4, [], numbers(seed));
    assert.equal(group.length, 4);
    assert.deepEqual([...new Set(group.map(({ provider }) => provider))].sort(), [
      "p",
      "q",
      "r",
      "s",
    ]);
  }
  assert.equal(nextGroup(rows.slice(4), about("provider"), 4, [], numbers(1)), null);
  assert.equal(nextGroup(rows.slice(3, 6), about("provider"), 4, [], numbers(1)).length, 3);
});
