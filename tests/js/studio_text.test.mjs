// What stands in the prompt: alternatives against the vectors shared with Python, marks, the
// timeline's changes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { grammar } from "../../hailuo_nb/widgets/js/camera.js";
import { smallestLimit } from "../../hailuo_nb/widgets/js/catalogue.js";
import { pieces, remarks } from "../../hailuo_nb/widgets/js/highlights.js";
import {
  carry,
  difference,
  join,
  remove,
  reorder,
  track,
} from "../../hailuo_nb/widgets/js/timeline.js";
import { UndoStack } from "../../hailuo_nb/widgets/js/undo.js";
import { expand, MAX_PROMPTS } from "../../hailuo_nb/widgets/js/variants.js";

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
const vectors = await read("../vectors/variants.json");
const moves = await read("../../hailuo_nb/prompts/moves.json");
const camera = grammar(moves);
const move = (key) => moves.find((one) => one.key === key);

test("alternatives are Python's", () => {
  assert.ok(vectors.expand.length > 20 && vectors.errors.length > 5);
  assert.equal(MAX_PROMPTS, vectors.most_prompts);
  for (const { prompt, prompts } of vectors.expand)
    assert.deepEqual(expand(prompt).prompts, prompts, prompt);
  for (const { prompt, code, at } of vectors.errors) {
    const { prompts, error } = expand(prompt);
    assert.deepEqual(
      [prompts, error.code, [...prompt.slice(0, error.at)].length],
      [[], code, at],
      prompt,
    );
  }
});

test("the places of the choices are message, not those of single braces", () => {
  assert.deepEqual(expand("a {b|c} {d} {e|f}").choices, [
    { start: 2, end: 7 },
    { start: 12, end: 17 },
  ]);
});

const slip = (start, end) => ({
  start,
  end,
  code: "unknown_command",
  cures: [],
  values: { word: "x" },
});

test("the layer's text is the prompt, whatever stands in it", () => {
  for (const prompt of [
    "",
    "A [Push in] {a|b}\n",
    "[Pann left,Shake]x",
    "{[Push in]|[Zoom in]}",
    "【推进】\n\n 猫",
  ]) {
    const { choices } = expand(prompt);
    const found = pieces(prompt, camera, choices, []);
    assert.equal(found.map(({ text }) => text).join(""), prompt);
  }
  const kinds = pieces(
    "A [Pann left,Shake] {x|y}",
    camera,
    expand("A [Pann left,Shake] {x|y}").choices,
    [slip(3, 12)],
  );
  assert.deepEqual(
    kinds.map(({ text, kinds }) => [text, kinds.join()]),
    [
      ["A ", ""],
      ["[", "command"],
      ["Pann left", "command,unknown"],
      [",Shake]", "command"],
      [" ", ""],
      ["{x|y}", "choice"],
    ],
  );
});

test("what the kernel found stays at its words while the text around them changes", () => {
  const prompt = "A [Pann left] b [Zom in]";
  const notes = { prompt, findings: [slip(3, 12), slip(17, 23)] };
  const words = (text) => remarks(text, notes).map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(words(prompt), ["Pann left", "Zom in"]);
  assert.deepEqual(words(`The ${prompt}`), ["Pann left", "Zom in"]);
  assert.deepEqual(words(prompt.replace(" b ", " 🐱 big ")), ["Pann left", "Zom in"]);
  assert.deepEqual(words(`${prompt} c`), ["Pann left", "Zom in"]);
  assert.deepEqual(words(prompt.replace("Pann", "Pan")), ["Zom in"]);
  assert.deepEqual(words(prompt.replace("Zom in", "Zom inn")), ["Pann left"]);
  assert.deepEqual(words("Another"), []);
  assert.deepEqual(remarks("Any", {}), []);
});

const TEXT = "A fox [Truck right,Pan left], then up [Push in] and [Shake].";
const steps = track(TEXT, camera);
const changes = [
  ["remove a move", remove(TEXT, steps, 0, 0), "A fox [Pan left], then up [Push in] and [Shake]."],
  [
    "remove the last move of a step",
    remove(TEXT, steps, 1, 0),
    "A fox [Truck right,Pan left], then up and [Shake].",
  ],
  ["remove a step", remove(TEXT, steps, 2), "A fox [Truck right,Pan left], then up [Push in] and."],
  [
    "a step to the front",
    reorder(TEXT, steps, 2, 0),
    "A fox [Shake], then up [Truck right,Pan left] and [Push in].",
  ],
  [
    "a step back",
    reorder(TEXT, steps, 0, 1),
    "A fox [Push in], then up [Truck right,Pan left] and [Shake].",
  ],
  [
    "a move into the next step",
    carry(TEXT, steps, 0, 1, 1),
    "A fox [Truck right], then up [Push in,Pan left] and [Shake].",
  ],
  [
    "a move behind the last step",
    carry(TEXT, steps, 0, 1, 3),
    "A fox [Truck right], then up [Push in] and [Shake] [Pan left].",
  ],
  [
    "a move before the first step",
    carry(TEXT, steps, 0, 1, -1),
    "A fox [Pan left] [Truck right], then up [Push in] and [Shake].",
  ],
  [
    "a lone move behind the last",
    carry(TEXT, steps, 1, 0, 3),
    "A fox [Truck right,Pan left], then up [Shake] and [Push in].",
  ],
  [
    "a new move joins",
    join(TEXT, steps, 1, move("tilt_up"), "Tilt up"),
    "A fox [Truck right,Pan left], then up [Push in,Tilt up] and [Shake].",
  ],
  [
    "its opposite stands behind",
    join(TEXT, steps, 1, move("pull_out"), "Pull out"),
    "A fox [Truck right,Pan left], then up [Push in] [Pull out] and [Shake].",
  ],
  ["the same move does nothing", join(TEXT, steps, 1, move("push_in"), "Push in"), TEXT],
];
for (const [what, after, wanted] of changes) test(what, () => assert.equal(after, wanted));

test("brackets keep their own kind, and Chinese ones stand close", () => {
  const text = "猫【推进，左摇】跑[Sony A7]了[晃动]";
  const all = track(text, camera);
  assert.equal(all.length, 2);
  assert.equal(reorder(text, all, 0, 1), "猫【晃动】跑[Sony A7]了[推进,左摇]");
  assert.equal(carry(text, all, 0, 1, 2), "猫【推进】跑[Sony A7]了[晃动][左摇]");
});

test("a move that does not fit makes a step of its own, and nothing is lost", () => {
  const text = "[Push in] [Pan left,Tilt up,Shake]";
  assert.equal(carry(text, track(text, camera), 0, 0, 1), "[Pan left,Tilt up,Shake] [Push in]");
  const words = "[Push in,Sony] [Pan left]";
  assert.equal(carry(words, track(words, camera), 0, 1, 1), "[Push in] [Pan left,Sony]");
});

test("the smallest change that makes one text of another", () => {
  assert.equal(difference("a", "a"), null);
  for (const [before, after] of [
    [TEXT, TEXT.replace("fox", "red fox")],
    ["aaa", "aa"],
    ["", "x"],
    ["猫", "猫猫"],
  ]) {
    const { start, end, text } = difference(before, after);
    assert.equal(before.slice(0, start) + text + before.slice(end), after);
  }
});

test("the limit of the smallestLimit provider that is chosen", () => {
  const entry = (name, limit) => ({
    name,
    title: name.toUpperCase(),
    models: [{ name: "m", prompt_limit: limit }],
  });
  const catalogue = [entry("a", 2000), entry("b", 800)];
  assert.deepEqual(smallestLimit(catalogue, ["a/m"]), { limit: 2000, title: "A" });
  assert.deepEqual(smallestLimit(catalogue, ["a/m", "b/m"]), { limit: 800, title: "B" });
  assert.deepEqual(smallestLimit(catalogue, []), { limit: 2000, title: "" });
});

test("undo goes back over what was typed and what was written, step by step", () => {
  const history = new UndoStack("A cat");
  const record = (text, kind, time) =>
    history.record({ text, start: text.length, end: text.length }, kind, time);
  record("A cat r", "insertText", 100);
  record("A cat ru", "insertText", 200);
  record("A cat run", "insertText", 2000);
  record("A dog", "", 2100);
  record("A dog", "", 2200); // no step: nothing changed
  record("A dogs", "insertText", 2300);
  const texts = (by, count) => Array.from({ length: count }, () => history.step(by)?.text ?? null);
  assert.deepEqual(texts(-1, 5), ["A dog", "A cat run", "A cat ru", "A cat", null]);
  assert.deepEqual(texts(1, 2), ["A cat ru", "A cat run"]);
  record("A cat runs", "insertText", 2400);
  assert.equal(history.step(1), null, "what was undone is gone once something else is written");
  assert.equal(history.step(-1).text, "A cat run");
});
