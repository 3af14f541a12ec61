// What differs within the prompts of a board, and the facts of a card in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { factsText, progressText, specsText } from "../../hailuo_nb/widgets/js/card_text.js";
import { excerpt, promptParts } from "../../hailuo_nb/widgets/js/prompt_parts.js";
import { words } from "./words.mjs";

const changed = (parts) => parts.filter((part) => part.changed).map(({ text }) => text);

test("the words of a prompt that others like it have not", () => {
  const prompts = ["A red fox at dawn", "A blue fox at dawn", "A red fox at dusk", "一只猫"];
  const parts = promptParts(prompts);
  assert.deepEqual(changed(parts.get(prompts[0])), ["red", "dawn"]);
  assert.deepEqual(changed(parts.get(prompts[1])), ["blue", "dawn"]);
  assert.deepEqual(changed(parts.get(prompts[2])), ["red", "dusk"]);
  assert.deepEqual(changed(parts.get(prompts[3])), []); // differs in all of it
  for (const prompt of prompts)
    assert.equal(
      parts
        .get(prompt)
        .map(({ text }) => text)
        .join(""),
      prompt,
    );
  assert.deepEqual(changed(promptParts(["alone"]).get("alone")), []);
  assert.deepEqual([...promptParts([]).keys()], []);
});

test("an excerpt keeps what has changed with a little around it", () => {
  const long = "A very long beginning that all of them have, then a fox at";
  const parts = promptParts([`${long} dawn`, `${long} dusk`]).get(`${long} dusk`);
  const text = excerpt(parts)
    .map((part) => part.text)
    .join("");
  assert.ok(text.startsWith("…") && text.endsWith("a fox at dusk"), text);
  assert.ok(text.length < 30, text);
  assert.deepEqual(excerpt([{ text: long, changed: false }]), [{ text: long, changed: false }]);
});

const t = words("board");
const row = {
  ...{ id: "a", prompt: "A fox", provider: "x", model: "MiniMax-Hailuo-02", resolution: "768P" },
  ...{ duration: 6, ratio: "", references: 0, take: 2, state: "saved", bytes: 4000 },
  ...{ submitted_at: 100, finished_at: 132, cost: "0.49 USD", charged: "", spent: 0.49 },
  simulated: false,
};

test("a card says what differs and stands not in its name; all of it where there is room", () => {
  const look = { blind: false, shift: 0, name: "Fal · take 2" };
  const varies = new Set(["model", "take"]);
  assert.equal(specsText(row, t, { ...look, varies }), "Hailuo 02");
  assert.equal(specsText(row, t, { ...look, name: "Fal", varies }), "Hailuo 02 · take 2");
  assert.equal(specsText(row, t, { ...look, varies: null }), "Hailuo 02 · 768P · 6 s");
  assert.equal(specsText(row, t, { ...look, blind: true, varies }), "");
  assert.equal(specsText(row, t, { ...look, shift: 0.5, varies: new Set() }), "shifted +0.50 s");
});

test("time and cost on a line; a refused clip costs nothing, a free one says so in its picture", () => {
  assert.equal(factsText(row, t), "0:32 · 0.49 USD");
  assert.equal(factsText({ ...row, state: "rejected", spent: 0 }, t), "0:32 · Cost: nothing");
  assert.equal(factsText({ ...row, simulated: true }, t), "0:32");
  assert.equal(factsText({ ...row, state: "submitted", finished_at: null }, t), "");
});

test("a running clip: what its provider says, else what is usual, and how long it has run", () => {
  const going = { ...row, state: "submitted", finished_at: null, progress: null, parked: false };
  const said = progressText({ ...going, progress: 0.4 }, 142, 0, t);
  assert.deepEqual([said.head, said.more, said.known], ["40 %", "0:42", true]);
  const usual = progressText({ ...going, usual_seconds: 60 }, 130, 0, t);
  assert.deepEqual([usual.head, usual.more], ["Generating", "0:30 · usually 1 min"]);
  assert.ok(usual.usual && !usual.known && usual.fraction === 0.5);
  const queued = progressText({ ...going, queue_position: 3, eta: 20 }, 101, 8, t);
  assert.equal(queued.more, "0:01 · place 3 in the queue · about 10 s left");
});
