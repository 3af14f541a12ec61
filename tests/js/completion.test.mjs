// Completion of moves in a bracket: where it opens, what it offers, what it writes.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { grammar } from "../../hailuo_nb/widgets/js/camera.js";
import { candidates, complete, itemAt } from "../../hailuo_nb/widgets/js/completion.js";

const file = new URL("../../hailuo_nb/prompts/moves.json", import.meta.url);
const moves = JSON.parse(await readFile(file, "utf8"));
const camera = grammar(moves);
/** The caret is the "^" of a text. */
const at = (marked) => {
  const caret = marked.indexOf("^");
  const text = marked.replace("^", "");
  return { text, item: itemAt(text, caret, camera) };
};
const offered = (marked) => {
  const { item } = at(marked);
  return item && candidates(moves, item).map(({ english }) => english);
};
const written = (marked, language = "en", which = 0) => {
  const { text, item } = at(marked);
  const {
    start,
    end,
    text: words,
    caret,
  } = complete(text, item, candidates(moves, item)[which], language);
  const after = text.slice(0, start) + words + text.slice(end);
  return `${after.slice(0, caret)}^${after.slice(caret)}`;
};

test("it opens in a bracket and nowhere else", () => {
  assert.equal(at("A cat^").item, null);
  assert.equal(at("A cat [Push in]^ runs").item, null);
  assert.equal(at("A cat [\nand ^").item, null, "a bracket ends with its line");
  assert.equal(at("A cat [^").item.typed, "");
  assert.equal(at("A cat [Shake,  pu^").item.typed, "pu");
  assert.equal(at("【推^").item.close, "】");
  assert.equal(at("[pu^]").item.close, "");
});

test("an empty bracket offers every move", () => {
  assert.deepEqual(
    offered("A cat [^"),
    moves.map(({ english }) => english),
  );
});

test("names that begin with what is typed come first, then words of a name, then parts", () => {
  assert.deepEqual(offered("[pu^"), ["Push in", "Pull out"]);
  assert.deepEqual(offered("[IN^"), ["Push in", "Zoom in", "Tracking shot"]);
  assert.deepEqual(offered("[up^"), ["Pedestal up", "Tilt up"]);
  assert.deepEqual(offered("[推^"), ["Push in", "Zoom in"]);
  assert.deepEqual(offered("[變^"), ["Zoom in", "Zoom out"], "traditional characters");
  assert.deepEqual(offered("[a cat^"), []);
});

test("moves that do not go with those beside it are not offered", () => {
  assert.ok(!offered("[Push in,^").includes("Push in"));
  assert.ok(!offered("[Push in,^").includes("Pull out"));
  assert.ok(!offered("[Push in,^").includes("Static shot"));
  assert.deepEqual(offered("[Push in,Pan left,Shake,^"), []);
  assert.ok(!offered("[^,Push in]").includes("Pull out"), "behind it as well");
});

test("what is written closes the bracket, once", () => {
  assert.equal(written("A cat [pu^"), "A cat [Push in]^");
  assert.equal(written("A cat [pu^ runs"), "A cat [Push in]^ runs", "the rest is no part of it");
  assert.equal(written("[pu^]"), "[Push in]^");
  assert.equal(written("[Shake, pu^ll]"), "[Shake, Push in]^");
  assert.equal(written("[pu^,Shake]"), "[Push in^,Shake]");
  assert.equal(written("［pu^"), "［Push in］^");
});

test("Chinese where it was typed, is beside it, or is what a click writes", () => {
  assert.equal(written("一只猫【推^"), "一只猫【推进】^");
  assert.equal(written("[^", "zh", 4), "[推进]^");
  assert.equal(written("[晃动,pu^"), "[晃动,推进]^");
  assert.equal(written("[Shake,pu^", "zh"), "[Shake,Push in]^");
  assert.equal(written("[^", "prose", 4), "[Push in]^");
});

test("the grammar reads every move that is written", () => {
  for (const move of moves)
    for (const language of ["en", "zh"]) {
      const { text, caret } = complete("A [", itemAt("A [", 3, camera), move, language);
      const [step] = camera.parse(`A [${text}`);
      assert.deepEqual([step.moves, step.end], [[move], caret]);
    }
});
