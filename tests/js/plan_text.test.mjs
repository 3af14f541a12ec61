// What may be sent of a draft, and what stands against it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { grammar } from "../../hailuo_nb/widgets/js/camera.js";
import { around, cureText, quoteOf } from "../../hailuo_nb/widgets/js/findings.js";
import { limitText, offersOf, stops } from "../../hailuo_nb/widgets/js/plan_text.js";
import { stepsText, track } from "../../hailuo_nb/widgets/js/timeline.js";
import { words } from "./words.mjs";

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
const t = words("studio");

const free = { money: "¥4.00", unknown: 0 };
const limit = { max_cost: null, max_clips: 5, used: 2, used_cost: "", over: "", message: "" };
const rest = { targets: ["a/1"], clips: 2, left_out: 2, total: free, limit: null };
const plan = { clips: 4, total: { money: "¥8.00", unknown: 0 }, limit, rest };
const draft = { targets: ["a/1", "b/2"], clips: 4, pending: false };

test("the rest of a draft is offered while its plan is of now", () => {
  assert.deepEqual(offersOf(plan, draft).rest, rest);
  assert.equal(offersOf(plan, { ...draft, pending: true }).rest, null, "not sent yet");
  assert.equal(offersOf(plan, { ...draft, clips: 6 }).rest, null, "of other takes");
  assert.equal(offersOf(plan, { ...draft, targets: ["b/2", "c/3"] }).rest, null, "of others");
  assert.equal(offersOf({ ...plan, rest: null }, draft).rest, null);
  assert.equal(offersOf({}, draft).rest, null);
});

test("a price of the past is not shown", () => {
  assert.equal(offersOf(plan, draft).whole.total?.money, "¥8.00");
  assert.equal(offersOf(plan, { ...draft, pending: true }).whole.total, null);
  assert.equal(offersOf(plan, { ...draft, clips: 8 }).whole.total, null);
  assert.deepEqual(offersOf(plan, draft).whole.targets, draft.targets);
});

test("what stands against an offer is said, the first thing first", () => {
  const fine = { errors: 0, prompt: true };
  const { whole } = offersOf(plan, draft);
  assert.equal(stops(t, whole, fine), "");
  assert.equal(stops(t, { ...whole, targets: [] }, fine), "Choose at least one provider.");
  assert.match(stops(t, whole, { errors: 2, prompt: false }), /^2 problems/);
  assert.equal(stops(t, whole, { errors: 0, prompt: false }), "Write a prompt first.");
  const over = { ...whole, limit: { ...limit, over: "clips" } };
  assert.equal(
    stops(t, over, fine),
    "4 more would pass this studio's limit of 5 clips; 2 are asked for already.",
  );
  assert.match(stops(t, { ...rest, limit: { ...limit, over: "clips" } }, fine), /^2 more/);
});

test("limits are said as far as there are any", () => {
  assert.equal(limitText(t, null), "");
  assert.equal(limitText(t, limit), "Limit of this studio: 5 clips, 2 asked for.");
  const both = { ...limit, max_cost: 3 };
  assert.match(limitText(t, both), /5 clips, 2 asked for\. .* 3 in each currency, 0 asked for/);
});

test("the camera in one line", async () => {
  const moves = await read("../../hailuo_nb/prompts/moves.json");
  const { brackets, find } = grammar(moves);
  const text = (prompt) => stepsText(track(prompt, { brackets, find }), ({ english }) => english);
  assert.equal(text("A fox"), "");
  assert.equal(text("A fox [push in]"), "Push in");
  assert.equal(text("[左移，推进] b [Wobble,Shake]"), "1 Truck left, Push in → 2 Wobble, Shake");
});

test("a finding quotes its place, and its cure what it writes", () => {
  assert.equal(quoteOf("A [Pann left] b", { start: 2, end: 13 }), "[Pann left]");
  assert.equal(quoteOf("x".repeat(99), { start: 0, end: 99 }), `${"x".repeat(31)}…`);
  assert.equal(quoteOf("a  b", { start: 1, end: 3 }), "…");
  assert.deepEqual(around("“Pann left” is none.", "Pann left"), ["“", "” is none."]);
  assert.deepEqual(around("These undo each other.", "[a,b]"), ["", " These undo each other."]);
  assert.equal(cureText(t, "Pan left"), "Use Pan left");
  assert.equal(cureText(t, ""), "Remove");
  assert.equal(
    cureText(t, `${"A long prompt with ".repeat(3)}[Push in] and [Shake]`),
    "Use [Push in] [Shake]",
  );
});
