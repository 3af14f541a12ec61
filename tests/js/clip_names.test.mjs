// Clips are called apart, by as little as that takes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  clipNames,
  promptWords,
  sharedOf,
  varying,
} from "../../hailuo_nb/widgets/js/clip_names.js";

const file = new URL("../vectors/clip_names.json", import.meta.url);
const vectors = JSON.parse(await readFile(file, "utf8"));
const t = (key, { take, number, seconds } = {}) =>
  ({
    ...{ take: `take ${take}`, clip: `Clip ${number}`, "common.simulated": "Simulated" },
    "common.seconds": `${seconds} s`,
  })[key];
const zh = (key, values) => (key === "common.seconds" ? `${values.seconds} 秒` : t(key, values));
const clip = (fields, index = 0) => ({ ...vectors.clip, id: String(index), ...fields });

test("a name is no longer than it must be, and none is there twice", () => {
  for (const { clips, names } of vectors.names) {
    const found = clipNames(clips.map(clip), t);
    assert.deepEqual(
      clips.map((_, index) => found.get(String(index))),
      names,
    );
    assert.equal(new Set(names).size, clips.length);
  }
});

test("the words of a prompt are those that the others have not, of as few places as it takes", () => {
  for (const { prompts, words } of vectors.words)
    assert.deepEqual([...promptWords(prompts).values()], words);
});

test("what differs, and what all have", () => {
  const rows = [
    clip({}),
    clip({ provider: "modelverse", provider_title: "Modelverse", simulated: true }),
  ];
  assert.deepEqual([...varying(rows)], ["provider"]);
  assert.deepEqual(sharedOf(rows, t), {
    ...{ prompt: "A cat at dusk", provider: "", model: "Hailuo 02" },
    ...{ format: "768P · 6 s", simulated: false },
  });
  assert.equal(sharedOf(rows, zh).format, "768P · 6 秒");
  const lengths = [clip({}), clip({ duration: 10 }, 1)];
  assert.deepEqual([...clipNames(lengths, zh).values()], ["768P · 6 秒", "768P · 10 秒"]);
  assert.equal(sharedOf([clip({ simulated: true })], t).simulated, true);
  assert.equal(sharedOf([], t).simulated, false);
});
