// The page's camera grammar against the vectors it shares with Python, and what a click on a tile
// does.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { bracketed, grammar } from "../../hailuo_nb/widgets/js/camera.js";

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
const vectors = await read("../vectors/camera.json");
const moves = await read("../../hailuo_nb/prompts/moves.json");
const camera = grammar(moves);

/** Python counts code points, JavaScript counts UTF-16 units. */
const points = (text, index) => [...text.slice(0, index)].length;

for (const { prompt, steps } of vectors) {
  test(`vector ${JSON.stringify(prompt)}`, () => {
    const at = (index) => points(prompt, index);
    const found = camera.parse(prompt).map((step) => ({
      keys: step.moves.map(({ key }) => key),
      start: at(step.start),
      end: at(step.end),
    }));
    assert.deepEqual(found, steps);
  });
}

/** `|` marks the caret, `{` and `}` a selection. */
function clicked(marked, key, choice = {}) {
  const from = marked.search(/[|{]/);
  const to = marked.includes("}") ? marked.indexOf("}") - 1 : from;
  const text = marked.replace(/[|{}]/g, "");
  const edit = camera.click(text, from, to, key, { language: "en", together: true, ...choice });
  if (!edit) return null;
  const after = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  return `${after.slice(0, edit.caret)}|${after.slice(edit.caret)}`;
}

const clicks = [
  ["A cat| runs", "push_in", {}, "A cat [Push in]| runs"],
  ["|A cat", "push_in", {}, "[Push in]|A cat"],
  ["A cat |runs", "push_in", {}, "A cat [Push in]|runs"],
  ["猫跑|", "push_in", { language: "zh" }, "猫跑[推进]|"],
  ["A {red }cat", "zoom_in", {}, "A [Zoom in]|cat"],
  // Behind or inside a bracket the move joins it, in the bracket's own language and brackets.
  ["A [Push in]| runs", "pan_left", {}, "A [Push in,Pan left]| runs"],
  ["A [Pu|sh in] runs", "pan_left", {}, "A [Push in,Pan left]| runs"],
  ["【推进】|", "pan_left", {}, "【推进,左摇】|"],
  ["A [Push in,Pan left]|", "tilt_up", {}, "A [Push in,Pan left,Tilt up]|"],
  // The fourth, the opposite and anything with a static shot start a step of their own.
  ["A [Push in,Pan left,Tilt up]|", "shake", {}, "A [Push in,Pan left,Tilt up] [Shake]|"],
  ["A [Push in]|", "pull_out", {}, "A [Push in] [Pull out]|"],
  ["A [Push in]|", "static", {}, "A [Push in] [Static shot]|"],
  ["A [Static shot]|", "shake", {}, "A [Static shot] [Shake]|"],
  ["A [Push in]|", "push_in", {}, null],
  // "Then" always starts a new step, never inside another bracket.
  ["A [Push in]| runs", "pan_left", { together: false }, "A [Push in] [Pan left]| runs"],
  ["A [Pu|sh in] runs", "pan_left", { together: false }, "A [Push in] [Pan left]| runs"],
  ["A [Sony| A7] runs", "pan_left", {}, "A [Sony A7] [Pan left]| runs"],
];
for (const [before, key, choice, after] of clicks) {
  test(`click ${key} at ${before}`, () => assert.equal(clicked(before, key, choice), after));
}

test("sentences about the camera are the kernel's brackets", () => {
  const prompt = "The camera pushes in.";
  assert.equal(bracketed({ prompt, camera: { prompt, brackets: "[Push in]" } }), "[Push in]");
  assert.equal(bracketed({ prompt, camera: { prompt, brackets: "" } }), prompt);
  assert.equal(bracketed({ prompt, camera: {} }), prompt);
});
