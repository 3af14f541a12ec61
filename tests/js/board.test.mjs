// The board's pure parts: layout, states, formatting, words, and pieces of a clip.
import assert from "node:assert/strict";
import { test } from "node:test";
import { columns, fitting, gridOf, lineOf } from "../../hailuo_nb/widgets/js/card_layout.js";
import { directLink, encodePath } from "../../hailuo_nb/widgets/js/clip_source.js";
import {
  bytes,
  clock,
  codePoints,
  fineClock,
  percent,
  priceText,
  roundEta,
  shortModel,
} from "../../hailuo_nb/widgets/js/format.js";
import { LANGUAGES, pickLanguage } from "../../hailuo_nb/widgets/js/i18n.js";
import { aspect, elapsed, tally, tone } from "../../hailuo_nb/widgets/js/states.js";
import { messages, words } from "./words.mjs";

test("cards fill the width evenly", () => {
  const across = (count, width) => columns(count, fitting(width));
  assert.equal(across(4, 1600), 4);
  assert.equal(across(4, 870), 2); // never 3 + 1
  assert.equal(across(4, 330), 1);
  assert.equal(across(9, 1570), 5);
  assert.equal(across(1, 2560), 1);
  assert.equal(across(0, 0), 1);
  assert.ok(fitting(1240, "clips") > fitting(1240, "full"));
});

const sweep = (requests, takes) =>
  requests.flatMap((prompt) => takes.map((take) => ({ prompt, take })));

test("takes of one request stand in one line, take below take", () => {
  const four = sweep(["a", "b", "c"], [1, 2, 3, 4]);
  assert.equal(gridOf(four, 5, true).columns, 4);
  assert.deepEqual(gridOf(four, 5, true).slots.slice(3, 6), [3, 0, 1]);
  assert.equal(gridOf(four, 9, true).columns, 8); // two requests side by side
  assert.deepEqual(gridOf(four, 3, true).slots.slice(0, 5), [0, 1, 0, 1, 0]);
  const missing = four.filter(({ prompt, take }) => prompt !== "b" || take !== 2);
  assert.deepEqual(gridOf(missing, 5, true).slots.slice(4, 7), [0, 2, 3]);
});

test("cards in another order, and takes that are torn apart, just follow each other", () => {
  const rows = sweep(["a", "b"], [1, 2]);
  const torn = [...rows, { prompt: "a", take: 3 }];
  for (const [some, ordered] of [
    [rows, false],
    [torn, true],
    [sweep(["a", "b"], [1]), true],
  ])
    assert.ok(gridOf(some, 4, ordered).slots.every((slot) => slot === null));
});

test("the same take stands at the same height in all cells of a line", () => {
  const [one, two, four] = [1, 2, 4].map((take) => ({ take }));
  assert.deepEqual(
    lineOf(
      [
        [one, four],
        [one, two, four],
      ],
      true,
    ).slots,
    [
      [0, 2],
      [0, 1, 2],
    ],
  );
  assert.equal(lineOf([[], [one, two, four]], true).height, 3);
  assert.deepEqual(lineOf([[four, one]], false).slots, [[0, 1]]);
  assert.deepEqual(lineOf([[one, one], [two]], true).slots, [[0, 1], [0]]); // of two models
});

test("the head counts what is there, what is over and what needs a person", () => {
  const rows = [
    ["saved", null],
    ["failed", null],
    ["submitted", 0.5],
    ["planned", null],
  ].map(([state, progress]) => ({ state, progress }));
  assert.deepEqual(tally(rows), { count: 4, saved: 1, trouble: 1, settled: 2, fraction: 2.5 / 4 });
  assert.equal(tally([]).fraction, 0);
});

test("time runs from the sending to the end, and stops where nothing goes on", () => {
  const row = (state, submitted_at, finished_at = null) => ({ state, submitted_at, finished_at });
  assert.equal(elapsed(row("planned", null), 100), null);
  assert.equal(elapsed(row("submitted", 60), 100), 40);
  assert.equal(elapsed(row("saved", 60, 90), 100), 30);
  assert.equal(elapsed(row("submitted", 160), 100), 0); // the kernel's clock runs ahead
  assert.equal(elapsed(row("failed", 60), 100), null);
});

test("every state has a tone, and only a file is good", () => {
  assert.equal(tone("saved"), "good");
  for (const state of ["rejected", "failed", "expired", "invalid"])
    assert.equal(tone(state), "bad");
  assert.equal(tone("unknown"), "warn");
  assert.equal(tone("ready"), "active");
  assert.equal(tone("planned"), "idle");
  assert.ok(Math.abs(aspect("768P") - aspect("1080P")) < 0.01);
});

test("numbers as people read them", () => {
  assert.deepEqual([7, 61, 3723, -4].map(clock), ["0:07", "1:01", "1:02:03", "0:00"]);
  assert.deepEqual([2.44, 59.97].map(fineClock), ["0:02.4", "1:00.0"]);
  assert.deepEqual([null, 12, 999_400, 999_600, 5_430_000].map(bytes), [
    "",
    "12 B",
    "999 kB",
    "1.0 MB",
    "5.4 MB",
  ]);
  assert.deepEqual([null, 0, 0.625, 1.2].map(percent), ["", "0 %", "63 %", "100 %"]);
  assert.deepEqual([0.2, 8, 23, 100, 200].map(roundEta), [1, 8, 25, 90, 210]);
  assert.equal(shortModel("MiniMax-Hailuo-2.3-Fast"), "Hailuo 2.3-Fast");
  assert.equal(codePoints("猫🐱a"), 3);
});

test("paths are links, whatever stands in them", () => {
  assert.equal(
    encodePath("hailuo_runs/videos/猫 1#?.mp4"),
    "hailuo_runs/videos/%E7%8C%AB%201%23%3F.mp4",
  );
});

test("a clip's link: the host resolves it, a static page needs no host, a host that cannot gives none", async () => {
  const host = (resolveUrl) => ({ widget_manager: { resolveUrl } });
  assert.equal(
    await directLink(
      host(async (path) => `/files/${path}`),
      "a b.mp4",
    ),
    "/files/a%20b.mp4",
  );
  assert.equal(await directLink({}, "videos/a.mp4"), "videos/a.mp4");
  assert.equal(
    await directLink(
      host(async () => {
        throw new Error("no");
      }),
      "a.mp4",
    ),
    null,
  );
  assert.equal(
    await directLink(
      host(async () => "x"),
      "data:video/mp4;base64,AA",
    ),
    "data:video/mp4;base64,AA",
  );
  assert.equal(await directLink({}, null), null);
});

test("the language: what was chosen, else the page's, else English", () => {
  assert.deepEqual(Object.keys(LANGUAGES), Object.keys(messages));
  assert.equal(pickLanguage("", "zh-CN"), "zh");
  assert.equal(pickLanguage("en", "zh-CN"), "en");
  assert.equal(pickLanguage("", "fr"), "en");
  assert.equal(pickLanguage("xx", ""), "en");
});

test("words: plural, filling in, and a key that is missing is seen", () => {
  const t = words("board");
  assert.equal(t("saved", { count: 1, saved: 0 }), "0 of 1 clip ready");
  assert.equal(t("saved", { count: 4, saved: 3 }), "3 of 4 clips ready");
  assert.equal(words("board", "zh")("saved", { count: 1, saved: 0 }), "已完成 0 / 1");
  assert.equal(t("common.simulated"), "Simulated");
  assert.equal(t("no.such.key"), "no.such.key");
});

test("a clip that no provider took costs nothing, whatever the list says", () => {
  const t = (key) => key;
  const row = { cost: "0.49 USD", charged: "", spent: 0.49, simulated: false };
  assert.equal(priceText(row, t), "0.49 USD");
  assert.equal(priceText({ ...row, spent: 0 }, t), "cost.nothing");
  assert.equal(priceText({ ...row, spent: 0, simulated: true, cost: "free" }, t), "cost.free");
  assert.equal(priceText({ ...row, spent: null, cost: "unknown" }, t), "cost.unknown");
  assert.equal(priceText({ ...row, spent: 0, charged: "0.00 USD" }, t), "charged");
});
