// The studio's pure parts: who can make what, and how problems are put together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { knownOptions, lookUp, targetTitle } from "../../hailuo_nb/widgets/js/catalogue.js";
import { sumText, translateCode } from "../../hailuo_nb/widgets/js/i18n.js";
import { editCommand, isCaptured } from "../../hailuo_nb/widgets/js/keyboard.js";
import { costText } from "../../hailuo_nb/widgets/js/plan_text.js";
import {
  cureLabel,
  currentProblems,
  exchange,
  problemTexts,
} from "../../hailuo_nb/widgets/js/problems.js";
import { words } from "./words.mjs";

const model = (name, given = {}) => ({
  name,
  default: false,
  first_frame: "optional",
  options: [{ name: "prompt_optimizer", type: "bool", values: [] }],
  ...given,
});
const catalogue = [
  {
    name: "simulated:a",
    title: "A",
    simulated: true,
    key_variables: [],
    models: [model("M-02"), model("M-Fast", { first_frame: "required" })],
  },
  {
    name: "b",
    title: "B",
    simulated: false,
    key_variables: [],
    models: [model("M-02", { options: [] })],
  },
];

test("a target is a provider and a model", () => {
  assert.equal(lookUp(catalogue, "simulated:a/M-Fast")?.model.first_frame, "required");
  assert.equal(lookUp(catalogue, "a/M-02"), null);
  assert.equal(targetTitle(catalogue, "b/M-02"), "B M-02");
  assert.equal(targetTitle(catalogue, "gone/x"), "gone/x");
});

test("the kernel's codes in the reader's words, its own sentence where there are none", () => {
  const [en, zh] = [words("studio"), words("studio", "zh")];
  const values = { title: "C", sent_as: "720", resolution: "768P" };
  assert.equal(translateCode(en, "problem.sold_as", values, "x"), "C: 768P is sold as 720.");
  assert.match(translateCode(zh, "problem.sold_as", values, "x"), /768P.*720/);
  assert.equal(translateCode(en, "problem.never_heard", {}, "Plain."), "Plain.");
  assert.equal(translateCode(en, "problem.undefined", undefined, "Plain."), "Plain.");
  const line = { simulated: false, count: 4, each: "¥2.00", sum: "¥8.00" };
  assert.equal(costText(en, line), "4 × ¥2.00 = ¥8.00");
  assert.equal(costText(en, { ...line, each: "", sum: "" }), "4 × unknown");
  assert.equal(costText(zh, { ...line, simulated: true }), "免费（模拟）");
  assert.equal(sumText(en, { money: "¥4.00", unknown: 2 }), "¥4.00 + 2 unknown");
  assert.equal(sumText(en, { money: "", unknown: 0 }), "free (simulated)");
});

test("every option that anybody sells has one control", () => {
  const seed = { name: "seed", type: "int", values: [], minimum: 0, maximum: 9 };
  const [first] = catalogue;
  const more = [...catalogue, { ...first, name: "c", models: [model("M-3", { options: [seed] })] }];
  assert.deepEqual(
    knownOptions(more).map(({ name }) => name),
    ["prompt_optimizer", "seed"],
  );
  assert.deepEqual(knownOptions([]), []);
});

const problem = (targets, severity, code, changes = null, texts = []) => ({
  targets,
  field: "duration",
  severity,
  code,
  texts,
  changes,
});

test("the problems of the format are of the cell chosen now", () => {
  const [fits, wrong, note] = [
    problem(["a/1"], "warning", "assumed"),
    problem(["a/1", "b/2"], "error", "pair_not_sold", { duration: 6 }),
    problem(["b/2"], "note", "length"),
  ];
  const optimizer = problem(["b/2"], "warning", "option_none", { prompt_optimizer: null });
  const support = {
    cells: [
      { resolution: "768P", duration: 6, makes: ["a/1", "b/2"], problems: [fits, note] },
      { resolution: "1080P", duration: 10, makes: [], problems: [wrong] },
    ],
  };
  const state = {
    problems: [fits, optimizer],
    support,
    targets: ["a/1", "b/2"],
    resolution: "1080P",
    duration: 10,
  };
  assert.deepEqual(currentProblems(state), [wrong, optimizer], "the old cell's are gone");
  assert.deepEqual(currentProblems({ ...state, targets: ["a/1"] }), [wrong], "nor who left");
  const back = { ...state, problems: [wrong, optimizer], resolution: "768P", duration: 6 };
  assert.deepEqual(currentProblems(back), [fits, optimizer], "a note is no problem");
  assert.deepEqual(currentProblems({ ...state, duration: 7 }), state.problems, "no such cell");
  assert.deepEqual(currentProblems({ ...state, support: {} }), state.problems);
});

test("a cure puts another model in the place of those that it is about, or leaves them out", () => {
  const targets = ["a/1", "b/2", "a/2"];
  assert.deepEqual(exchange(targets, ["b/2"], null), ["a/1", "a/2"]);
  assert.deepEqual(exchange(targets, ["a/1", "b/2"], "2"), ["a/2", "b/2"]);
});

test("a problem and its cure are said in both languages", () => {
  const [en, zh] = [words("studio"), words("studio", "zh")];
  const label = (changes, t = en, targets = ["a/1", "b/2"]) => cureLabel({ targets, changes }, t);
  assert.equal(label({ resolution: "768P" }), "Use 768P");
  assert.equal(label({ duration: 6, last_frame: null }), "Use 6 s, Remove the last frame");
  assert.equal(label({ model: "MiniMax-Hailuo-2.3" }), "Use Hailuo 2.3");
  assert.equal(label({ model: null }), "Leave these 2 out");
  assert.equal(label({ model: null }, en, ["a/1"]), "Leave it out");
  assert.equal(label({ first_frame: "fitted" }), "Use a smaller JPEG of the first frame");
  assert.equal(label({ watermark: null }, zh), "恢复水印默认值");
  assert.equal(label(null), "");
  const values = { title: "A, B", sent_as: "720", resolution: "768P" };
  const sold = problem(["a/1"], "warning", "sold_as", null, [
    { values, message: "x" },
    { values: { ...values, sent_as: "700" }, message: "y" },
  ]);
  assert.deepEqual(problemTexts(sold, en), [
    "A, B: 768P is sold as 720.",
    "A, B: 768P is sold as 700.",
  ]);
  const unknown = problem(["a/1"], "error", "never", null, [{ values: {}, message: "Plain." }]);
  assert.deepEqual(problemTexts(unknown, zh), ["Plain."]);
});

const key = (text) => {
  const parts = text.split("+");
  return {
    key: parts.at(-1),
    ctrlKey: parts.includes("Ctrl"),
    metaKey: parts.includes("Meta"),
    shiftKey: parts.includes("Shift"),
    altKey: parts.includes("Alt"),
  };
};

test("keys that JupyterLab must not hear, and those it must", () => {
  for (const ours of [
    "d",
    "Shift+D",
    "Enter",
    "Ctrl+Enter",
    "Shift+Enter",
    "Alt+Enter",
    "ArrowDown",
    " ",
    "Delete",
  ])
    assert.ok(isCaptured(key(ours)), ours);
  for (const host of ["Ctrl+s", "Meta+s", "Ctrl+Shift+C", "Escape", "Tab", "F1", "Alt+ArrowUp"])
    assert.ok(!isCaptured(key(host)), host);
});

test("what JupyterLab would take back in the prompt", () => {
  const found = ["Shift+Enter", "Ctrl+z", "Meta+z", "Ctrl+Shift+Z", "Ctrl+y"].map((text) =>
    editCommand(key(text)),
  );
  assert.deepEqual(found, ["newline", "undo", "undo", "redo", "redo"]);
  for (const text of [
    "Enter",
    "Ctrl+Enter",
    "Ctrl+Shift+Enter",
    "z",
    "Ctrl+s",
    "Meta+y",
    "Ctrl+Alt+z",
  ])
    assert.equal(editCommand(key(text)), null, text);
});
