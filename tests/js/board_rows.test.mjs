// Which rows stand where, who meets whom in a vote, which words differ, which keys count.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  axesOf,
  axisName,
  defaultView,
  filterRows,
  filtersSet,
  groupRows,
  inLanguage,
  matrixOf,
  ownOf,
  sortRows,
  tagsOf,
  totalOf,
} from "../../hailuo_nb/widgets/js/board_rows.js";
import { priceText } from "../../hailuo_nb/widgets/js/format.js";
import { shuffled } from "../../hailuo_nb/widgets/js/pairing.js";
import { NO_FILTER } from "../../hailuo_nb/widgets/js/protocol.js";
import { columnName, shortScores } from "../../hailuo_nb/widgets/js/scores.js";
import { cardActions, menuActions, progressOf } from "../../hailuo_nb/widgets/js/states.js";
import { cellText, sameTexts, tableColumns } from "../../hailuo_nb/widgets/js/table_columns.js";
import { wordDiff } from "../../hailuo_nb/widgets/js/word_diff.js";

const row = (id, changes = {}) => ({
  id,
  prompt: "A cat",
  provider: "ppinfra",
  provider_title: "PPInfra",
  model: "MiniMax-Hailuo-02",
  resolution: "768P",
  duration: 6,
  state: "saved",
  cost: "",
  note: "",
  tags: [],
  rating: 0,
  error: "",
  task_id: "",
  camera: "",
  submitted_at: null,
  finished_at: null,
  progress: null,
  usual_seconds: null,
  ...changes,
});
const ids = (rows) => rows.map(({ id }) => id).join("");
const filter = (changes) => ({ ...NO_FILTER, ...changes });

test("a filter by words looks at everything that a card shows, and every word must be there", () => {
  const rows = [
    row("a", { note: "Too dark" }),
    row("b", { provider_title: "Chanjing" }),
    row("c", { prompt: "雪地里的狐狸" }),
  ];
  assert.equal(ids(filterRows(rows, filter({ text: "DARK cat" }))), "a");
  assert.equal(ids(filterRows(rows, filter({ text: "chanj" }))), "b");
  assert.equal(ids(filterRows(rows, filter({ text: "狐狸" }))), "c");
  assert.equal(
    ids(filterRows(rows, filter({ text: "chanj" }), true)),
    "",
    "hidden names are not found",
  );
  assert.equal(ids(filterRows(rows, NO_FILTER)), "abc");
});

test("what is said of a clip is in the reader's language, where there are words of it", () => {
  const sent = row("a", {
    error: "no",
    advice: "Ask again.",
    worded: { zh: { advice: "再试。" } },
  });
  assert.equal(inLanguage(sent, "zh").advice, "再试。");
  assert.equal(inLanguage(sent, "zh").error, "no");
  assert.equal(inLanguage(sent, "en").advice, "Ask again.");
  assert.deepEqual(inLanguage(row("b"), "zh"), row("b"));
});

test("the filter is the kernel's", async () => {
  const file = new URL("../vectors/filter.json", import.meta.url);
  for (const { what, row: changes, filter: set, blind, passes } of JSON.parse(
    await readFile(file, "utf8"),
  ))
    assert.equal(filterRows([row("a", changes)], filter(set), blind).length === 1, passes, what);
});

test("own columns can be chosen from where rows differ in them", () => {
  const rows = [{ idea: "cat", batch: "1", by: "Ann" }, { idea: "dog", by: "Ann" }, {}].map((own) =>
    row("a", { own }),
  );
  assert.deepEqual(ownOf(rows), [["idea", ["cat", "dog"]]]);
  assert.equal(filtersSet(filter({ text: "fox", own: { idea: "cat", batch: "" } })), 2);
});

test("own columns in which rows differ are axes, whatever they are called", () => {
  const rows = ["cat", "dog", "cat"].map((provider, at) =>
    row("abc"[at], { own: { provider, batch: "1" }, prompt: at ? "A dog" : "A cat" }),
  );
  rows.push(row("d"));
  assert.deepEqual(axesOf(rows).slice(5), ["@provider"]);
  assert.equal(axisName("@provider", String), "provider");
  assert.equal(axisName("provider", String), "column.provider");
  const matrix = matrixOf(rows, "@provider", "prompt");
  assert.deepEqual(
    matrix.rows.map(({ label, cells }) => [label, cells.map(ids)]),
    [
      ["cat", ["a", "c"]],
      ["dog", ["", "b"]],
      ["", ["d", ""]],
    ],
  );
  assert.deepEqual(
    groupRows(rows, "@provider").map(({ label }) => label),
    ["cat", "dog", ""],
  );
});

test("filters by provider, state, rating and tag hold together", () => {
  const rows = [
    row("a", { rating: 4, tags: ["keep"] }),
    row("b", { rating: 4, provider: "chanjing" }),
    row("c", { rating: 2, tags: ["keep"] }),
    row("d", { state: "failed", rating: 5 }),
  ];
  assert.equal(ids(filterRows(rows, filter({ rating: 4 }))), "abd");
  assert.equal(ids(filterRows(rows, filter({ rating: 4, tag: "keep" }))), "a");
  assert.equal(ids(filterRows(rows, filter({ provider: "ppinfra", state: "saved" }))), "ac");
  assert.equal(
    ids(filterRows(rows, filter({ provider: "chanjing" }), true)),
    "abcd",
    "a hidden provider cannot be chosen",
  );
  assert.equal(filtersSet(filter({ rating: 4, tag: "keep" })), 2);
  assert.deepEqual(tagsOf(rows), ["keep"]);
});

test("sorting: numbers as numbers, equals in their order, what is missing last both ways", () => {
  const rows = [
    row("a", { spent: null }),
    row("b", { spent: 10 }),
    row("c", { spent: 2 }),
    row("d", { spent: 0 }),
  ];
  assert.equal(ids(sortRows(rows, { by: "cost", down: false })), "dcba");
  assert.equal(ids(sortRows(rows, { by: "cost", down: true })), "bcda");
  const rated = [
    row("a"),
    row("b", { rating: 5 }),
    row("c", { rating: 3 }),
    row("d", { rating: 5 }),
  ];
  assert.equal(ids(sortRows(rated, { by: "rating", down: true })), "bdca");
  assert.equal(ids(sortRows(rated, { by: "", down: true })), "abcd");
  const waited = [
    row("a", { submitted_at: 10, finished_at: 30 }),
    row("b", { submitted_at: 10 }),
    row("c", { submitted_at: 95, state: "submitted" }),
  ];
  assert.equal(ids(sortRows(waited, { by: "time", down: false }, 100)), "cab");
});

test("groups and matrix keep the order of the rows; a clip with nothing to group by has a group", () => {
  const rows = [
    row("a", { camera: "Push in" }),
    row("b", { provider: "chanjing", provider_title: "Chanjing" }),
    row("c", { camera: "Push in", prompt: "A dog" }),
    row("d", { take: 2 }),
  ];
  assert.deepEqual(
    groupRows(rows, "camera").map((group) => [group.key, ids(group.rows)]),
    [
      ["Push in", "ac"],
      ["", "bd"],
    ],
  );
  assert.deepEqual(
    groupRows(rows, "provider").map(({ label }) => label),
    ["PPInfra", "Chanjing"],
  );
  const matrix = matrixOf(rows, "prompt", "provider");
  assert.deepEqual(
    matrix.columns.map(({ key }) => key),
    ["ppinfra", "chanjing"],
  );
  assert.deepEqual(
    matrix.rows.map(({ label, cells }) => [label, cells.map(ids)]),
    [
      ["A cat", ["ad", "b"]],
      ["A dog", ["c", ""]],
    ],
  );
});

test("a sweep is a matrix at first, anything else a grid", () => {
  const dog = { prompt: "A dog" };
  const other = { provider: "chanjing" };
  assert.equal(defaultView([row("a"), row("b", dog), row("c", other)]), "matrix");
  assert.equal(defaultView([row("a"), row("b", dog)]), "grid");
  assert.equal(defaultView([row("a"), row("b", other)]), "grid");
  assert.equal(defaultView([]), "grid");
});

const saved = (id, more) => row(id, { submitted_at: 0, finished_at: 9, scores: {}, ...more });
const plain = { blind: false, rates: false };
const say = (key, values) => (values ? `${key} ${Object.values(values).join(" ")}` : key);

test("a table shows what differs, and says once what is the same", () => {
  const rows = [saved("a", { provider: "ppinfra" }), saved("b", { provider: "chanjing", take: 2 })];
  const { shown, same } = tableColumns(rows, {}, plain);
  assert.deepEqual(shown, ["provider", "take"]);
  assert.deepEqual(same, ["prompt", "model", "format", "state", "time", "cost"]);
  assert.deepEqual(sameTexts(rows[0], ["format", "state", "time", "tags"], say), [
    "768P · common.seconds 6",
    "state.saved",
    "column.time 0:09",
  ]);
  assert.deepEqual(tableColumns(rows.slice(1), {}, plain).same, [], "one clip is no comparison");
  assert.ok(
    tableColumns([saved("a"), saved("b", { finished_at: null })], {}, plain).shown.includes("time"),
  );
});

test("a simulated provider is marked among others, and not where all are", () => {
  const one = saved("a", { simulated: true });
  assert.equal(cellText(one, "provider", say), "PPInfra (common.simulated)");
  assert.equal(cellText(one, "provider", say, false), "PPInfra");
});

test("what is ticked is shown, though it is the same; what is taken away is not said either", () => {
  const rows = [saved("a"), saved("b")];
  const ticked = { state: true, take: false, bytes: true, format: false };
  const { shown, same } = tableColumns(rows, ticked, plain);
  assert.deepEqual(shown, ["state", "bytes"]);
  assert.ok(!same.includes("format") && same.includes("prompt"));
});

test("marks can be given where none are; measures are offered where there are any", () => {
  const rows = [saved("a"), saved("b")];
  assert.ok(!tableColumns(rows, {}, plain).offered.includes("rating"));
  assert.ok(tableColumns(rows, {}, { ...plain, rates: true }).shown.includes("rating"));
  assert.ok(!tableColumns(rows, {}, plain).offered.includes("motion"));
  const measured = [saved("a", { scores: { motion: 0.1234 } }), saved("b")];
  assert.ok(tableColumns(measured, {}, plain).shown.includes("motion"));
});

test("scorers of one's own are columns by their names, figures first in sight", () => {
  const scores = { motion: 0.5, "own:bright": 152.2293, "own:r": 0.5, "said:r_n": 3 };
  const rows = [
    saved("a", { scores }),
    saved("b", { scores: { ...scores, "own:bright": 9, "own:r": 1 } }),
  ];
  const { offered, shown, same } = tableColumns(rows, {}, plain);
  assert.deepEqual(
    offered.filter((name) => name.includes(":")),
    ["own:bright", "own:r", "said:r_n"],
  );
  assert.deepEqual(shown, ["own:bright", "own:r"]);
  assert.ok(same.includes("motion"));
  assert.equal(cellText(rows[0], "own:bright", say), "152");
  assert.equal(cellText(rows[0], "said:r_n", say), "3");
  assert.equal(columnName("own:bright", say), "bright");
  assert.deepEqual(shortScores(rows), ["motion", "own:bright", "own:r"]);
  assert.equal(ids(sortRows(rows, { by: "own:bright", down: false })), "ba");
});

test("hidden names have no columns", () => {
  const rows = [saved("a", { provider: "x", cost: "1" }), saved("b", { prompt: "A dog" })];
  const { offered, shown } = tableColumns(rows, { provider: true }, { blind: true, rates: true });
  assert.deepEqual(shown, ["prompt", "rating"]);
  assert.ok(!offered.includes("cost") && !offered.includes("take"));
});

/** A source of numbers that is the same at every run. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test("hidden clips stand in one order for a seed, whatever comes and goes", () => {
  const rows = [..."abcdefgh"].map((id) => row(id));
  const order = ids(shuffled(rows, 5));
  assert.notEqual(order, "abcdefgh");
  assert.equal(ids(shuffled(rows.toReversed(), 5)), order);
  assert.equal(ids(shuffled(rows.slice(1), 5)), order.replace("a", ""));
  assert.notEqual(ids(shuffled(rows, 6)), order);
});

const marked = (parts) => parts.map(({ text, changed }) => (changed ? `<${text}>` : text)).join("");

test("the words that differ are marked, Chinese by character", () => {
  const [a, b] = wordDiff("A red fox trots at dawn", "A red fox sleeps soundly at dusk");
  assert.equal(marked(a), "A red fox <trots> at <dawn>");
  assert.equal(marked(b), "A red fox <sleeps soundly> at <dusk>");
  assert.deepEqual(wordDiff("一只猫在屋顶", "一只狗在屋顶").map(marked), [
    "一只<猫>在屋顶",
    "一只<狗>在屋顶",
  ]);
  assert.deepEqual(wordDiff("same", "same").map(marked), ["same", "same"]);
  assert.deepEqual(wordDiff("", "new").map(marked), ["", "<new>"]);
});

test("joined again, the parts are the prompts, whatever stands in them", () => {
  const random = numbers(11);
  const words = ["fox", " ", "[Push in]", "猫", "🐱", "—", "don't", "\n", "A"];
  const text = () =>
    Array.from({ length: 30 }, () => words[Math.floor(random() * words.length)]).join("");
  for (let round = 0; round < 200; round += 1) {
    const pair = [text(), text()];
    assert.deepEqual(
      wordDiff(...pair).map((parts) => parts.map((part) => part.text).join("")),
      pair,
    );
  }
});

test("an estimate from earlier clips creeps, says that it is one, and never arrives", () => {
  const running = row("a", { state: "submitted", submitted_at: 100, usual_seconds: 40 });
  assert.deepEqual(progressOf(running, 120), { fraction: 0.5, kind: "usual", late: false });
  assert.deepEqual(progressOf(running, 500), { fraction: 0.95, kind: "usual", late: true });
  assert.equal(
    progressOf({ ...running, progress: 0.25 }, 120).fraction,
    0.25,
    "what the provider says counts more",
  );
  assert.deepEqual(progressOf({ ...running, usual_seconds: null }, 120), {
    fraction: null,
    kind: "none",
    late: false,
  });
  assert.equal(
    progressOf(row("a", { state: "planned", progress: 0, usual_seconds: 40 }), 120).fraction,
    0,
  );
});

test("a card offers what makes sense in its state, and only what the board has", () => {
  const actions = [
    "retake",
    "retry",
    "look_again",
    "send_again",
    "cancel",
    "delete",
    "python",
    "promote",
  ];
  assert.deepEqual(cardActions(row("a", { state: "unknown" }), actions), [
    "look_again",
    "send_again",
  ]);
  assert.deepEqual(cardActions(row("a", { state: "unknown" }), []), []);
  assert.deepEqual(menuActions(row("a", { state: "invalid" }), actions), []);
  assert.deepEqual(menuActions(row("a", { state: "submitted" }), actions), [
    "retake",
    "promote",
    "python",
  ]);
  assert.ok(menuActions(row("a", { state: "submitted" }), ["stop_watching"]).length);
  const parked = row("a", { state: "submitted", parked: true });
  assert.deepEqual(cardActions(parked, actions), ["look_again"]);
  assert.deepEqual(menuActions(parked, ["stop_watching", "look_again"]), ["look_again"]);
  assert.ok(!menuActions(row("a"), actions).includes("retry"));
  for (const [state, shown] of Object.entries({ saved: 1, ready: 0, failed: 0 }))
    assert.equal(menuActions(row("a", { state }), ["last_frame"]).length, shown);
  for (const state of ["failed", "expired"]) {
    const taken = row("a", { state });
    assert.deepEqual(
      cardActions(taken, actions),
      ["look_again", "send_again"],
      "a provider took it: never sent at one click",
    );
    assert.ok(!menuActions(taken, actions).includes("retry"));
  }
  assert.deepEqual(cardActions(row("a", { state: "rejected" }), actions), ["retry"]);
  assert.deepEqual(cardActions(row("a", { state: "planned" }), actions), ["cancel"]);
});

test("a clip at a provider that takes tasks back can be cancelled, beside being left alone", () => {
  const actions = ["retry", "look_again", "send_again", "cancel", "cancel_task", "stop_watching"];
  const sold = row("a", { state: "submitted", cancelling: "" });
  assert.deepEqual(cardActions(sold, actions), ["cancel_task"]);
  assert.deepEqual(menuActions(sold, actions), ["cancel_task", "stop_watching"]);
  for (const cancelling of [null, undefined]) {
    const unsold = row("a", { state: "submitted", cancelling });
    assert.deepEqual(cardActions(unsold, actions), []);
    assert.deepEqual(menuActions(unsold, actions), ["stop_watching"]);
  }
  const parked = row("a", { state: "submitted", cancelling: "", parked: true });
  assert.deepEqual(cardActions(parked, actions), ["look_again"]);
  assert.deepEqual(menuActions(parked, actions), ["look_again", "cancel_task"]);
});

test("a finished clip can be made again larger where its provider sells that", () => {
  const actions = ["retake", "regenerate"];
  const sold = row("a", { state: "saved", regenerating: "2K · $0.25" });
  assert.deepEqual(cardActions(sold, actions), ["regenerate"]);
  assert.deepEqual(menuActions(sold, actions), ["retake", "regenerate"]);
  assert.deepEqual(cardActions(sold, ["retake"]), []);
  assert.deepEqual(cardActions({ ...sold, regenerating: null }, actions), []);
  assert.deepEqual(menuActions({ ...sold, state: "failed" }, actions), ["retake"]);
});

test("a clip that its provider took back is never sent anew at one click", () => {
  const actions = ["retry", "look_again", "send_again"];
  const unsent = row("a", { state: "cancelled" });
  assert.deepEqual(cardActions(unsent, actions), ["retry"]);
  assert.deepEqual(menuActions(unsent, actions), ["retry"]);
  const taken = row("a", { state: "cancelled", task_id: "task-1" });
  assert.deepEqual(cardActions(taken, actions), ["look_again", "send_again"]);
  assert.deepEqual(menuActions(taken, actions), ["look_again", "send_again"]);
});

test("what clips cost together is told by currency; what is free or unknown adds nothing", () => {
  const rows = [
    row("a", { spent: 0.52, currency: "USD" }),
    row("b", { spent: 0.52, currency: "USD" }),
    row("c", { spent: 2, currency: "CNY" }),
    row("d", { spent: 0, currency: "" }),
    row("e", { spent: null, currency: "USD" }),
  ];
  assert.equal(totalOf(rows), "1.04 USD + 2.00 CNY");
  assert.equal(totalOf(rows.slice(3)), "");
});

test("what was charged stands beside the list price", () => {
  const t = (key, values) => `${key} ${values.cost} ${values.charged}`;
  assert.equal(priceText({ cost: "0.49 USD", charged: "" }, t), "0.49 USD");
  assert.equal(
    priceText({ cost: "0.49 USD", charged: "0.52 USD" }, t),
    "charged 0.49 USD 0.52 USD",
  );
});
