// Clips are called apart, by as little as that takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clipNames,
  promptWords,
  sharedOf,
  varying,
} from "../../hailuo_nb/widgets/js/clip_names.js";

const t = (key, { take, number } = {}) =>
  ({ take: `take ${take}`, clip: `Clip ${number}`, "common.simulated": "simulated" })[key];
const clip = (fields) => ({
  ...{ id: `job-${Math.random()}`, prompt: "A cat at dusk", provider: "ppinfra" },
  ...{ provider_title: "PPIO", simulated: false, model: "MiniMax-Hailuo-02" },
  ...{ resolution: "768P", duration: 6, ratio: "", take: 1, ...fields },
});
const called = (...rows) => [...clipNames(rows.map(clip), t).values()];
const modelverse = { provider: "modelverse", provider_title: "Modelverse" };

test("a name is no longer than it must be", () => {
  assert.deepEqual(called({}), ["PPIO"]);
  assert.deepEqual(called({}, modelverse), ["PPIO", "Modelverse"]);
  assert.deepEqual(called({}, { prompt: "A cat at dawn" }), ["dusk", "dawn"]);
  assert.deepEqual(called({}, { take: 2 }), ["take 1", "take 2"]);
  assert.deepEqual(called({}, { duration: 10 }), ["768P · 6 s", "768P · 10 s"]);
  assert.deepEqual(called({}, { model: "MiniMax-Hailuo-2.3" }), ["Hailuo 02", "Hailuo 2.3"]);
});

test("a part is added where clips would be called the same, and there alone", () => {
  const dawn = { prompt: "A cat at dawn" };
  assert.deepEqual(
    called(modelverse, { ...modelverse, ...dawn }, { ...modelverse, ...dawn, take: 2 }, {}),
    ["Modelverse · dusk", "Modelverse · dawn · take 1", "Modelverse · dawn · take 2", "PPIO"],
  );
});

test("a stand-in is told from the provider itself", () => {
  assert.deepEqual(called({}, { simulated: true, provider: "simulated:ppinfra" }), [
    "PPIO",
    "PPIO (simulated)",
  ]);
});

test("what nothing tells apart has a number, and no name is there twice", () => {
  assert.deepEqual(called({}, {}, modelverse), ["PPIO", "PPIO (2)", "Modelverse"]);
  const many = Array.from({ length: 60 }, (_, at) => ({
    ...(at % 2 ? modelverse : {}),
    prompt: ["A cat at dusk", "A dog at dusk", "A dog", "dog A", ""][at % 5],
    take: at % 3 || null,
    duration: at % 4 ? 6 : 10,
  }));
  assert.equal(new Set(called(...many)).size, 60);
});

test("the words of a prompt are those that the others have not, of as few places as it takes", () => {
  const words = (...prompts) => [...promptWords(prompts).values()];
  assert.deepEqual(words("A cat runs, [Push in]", "A dog runs, [Push in]"), ["cat", "dog"]);
  assert.deepEqual(words("a red cat at dusk", "a red dog at dusk", "a red cat at dawn"), [
    "cat … dusk",
    "dog",
    "dawn",
  ]);
  assert.deepEqual(words("A dog", "A dog at night"), ["", "night"]);
  assert.deepEqual(words("一只猫在雨中奔跑", "一只猫在雪地里奔跑"), ["雨中", "雪地里"]);
  assert.deepEqual(
    words("The old man and the sea at night", "Several boats leave a quiet harbour"),
    ["old man", "Several boats leave"],
  );
  assert.deepEqual(words("a b", "b a"), ["1", "2"]);
});

test("what differs, and what all have", () => {
  const rows = [clip({}), clip({ ...modelverse, simulated: true })];
  assert.deepEqual([...varying(rows)], ["provider"]);
  assert.deepEqual(sharedOf(rows), {
    ...{ prompt: "A cat at dusk", provider: "", model: "Hailuo 02" },
    ...{ format: "768P · 6 s", simulated: false },
  });
  assert.equal(sharedOf([clip({ simulated: true })]).simulated, true);
  assert.equal(sharedOf([]).simulated, false);
});
