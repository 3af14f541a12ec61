// The format grid as the page shows it, and the way of the arrow keys through groups.
import assert from "node:assert/strict";
import { test } from "node:test";
import { step } from "../../hailuo_nb/widgets/js/roving.js";
import { cellAt, gridLines, otherSeconds } from "../../hailuo_nb/widgets/js/support_grid.js";

const [A, B] = ["a/1", "b/2"];
const cell = (resolution, duration, makes, problems = []) => ({
  resolution,
  duration,
  makes,
  problems,
});
const support = {
  targets: [A, B],
  resolutions: ["768P", "2K"],
  durations: [6],
  range: [4, 5, 6],
  cells: [
    cell("768P", 6, [A, B], [{ code: "assumed" }]),
    cell("768P", 4, [B]),
    cell("768P", 5, [B]),
    cell("2K", 6, []),
    cell("2K", 4, [B]),
    cell("2K", 5, [B]),
  ],
};

test("a cell of the kernel's grid, or none", () => {
  assert.deepEqual(cellAt(support, "768P", 6)?.makes, [A, B]);
  assert.equal(cellAt(support, "768P", 9), undefined);
  assert.equal(cellAt({}, "768P", 6), undefined);
});

test("the last column has the seconds that no other has", () => {
  assert.equal(otherSeconds(support, 5, null), 5, "those that are chosen");
  assert.equal(otherSeconds(support, 6, 5), 5, "those of before");
  assert.equal(otherSeconds(support, 6, 9), 4, "which nobody makes any more");
  assert.equal(otherSeconds(support, 6, null), 4);
  assert.equal(otherSeconds({ durations: [6, 10], range: [] }, 6, 5), null, "no such column");
  assert.equal(otherSeconds({}, 6, null), null);
});

test("a line says how many of the chosen make each of its cells", () => {
  const chosen = { targets: [A, B], resolution: "768P", duration: 6 };
  const [low, high] = gridLines(support, chosen, 5);
  assert.deepEqual(
    low.cells.map(({ can, count, tone, checked, assumed }) => [can, count, tone, checked, assumed]),
    [
      [2, 2, "all", true, true],
      [1, 2, "some", false, false],
    ],
  );
  assert.deepEqual(
    high.cells.map(({ duration, fixed, tone }) => [duration, fixed, tone]),
    [
      [6, true, "none"],
      [5, false, "some"],
    ],
  );
  const other = gridLines(support, { ...chosen, duration: 5 }, 5);
  assert.deepEqual(
    other[0].cells.map(({ checked }) => checked),
    [false, true],
  );
});

test("who was left out is not counted, and who came is when the kernel has seen it", () => {
  const chosen = { targets: [B, "c/3"], resolution: "768P", duration: 6 };
  const [{ cells }] = gridLines(support, chosen, null);
  assert.deepEqual(
    cells.map(({ can, count }) => [can, count]),
    [[1, 1]],
  );
  assert.equal(gridLines(support, { ...chosen, targets: [] }, null)[0].cells[0].tone, "idle");
  assert.deepEqual(gridLines({}, chosen, null), []);
});

test("the arrow keys go through the items of lines, round at the ends", () => {
  const lines = [["a", "b", "c"], ["d"], ["e", "f"]];
  const way = (from, ...keys) => keys.reduce((at, key) => step(lines, at, key) ?? at, from);
  assert.equal(way("a", "ArrowRight", "ArrowRight", "ArrowRight"), "d");
  assert.equal(way("a", "ArrowLeft"), "f");
  assert.equal(way("f", "ArrowRight"), "a");
  assert.equal(way("c", "ArrowDown"), "d", "a shorter line");
  assert.equal(way("b", "ArrowUp"), "f");
  assert.equal(way("b", "End", "Home"), "a");
  assert.equal(step(lines, "b", "ArrowLeft", true), "c", "from right to left");
  assert.equal(step(lines, "a", "Enter"), null);
  assert.equal(step(lines, "nobody", "End"), null);
  assert.equal(step([["x", "y"]], "x", "ArrowDown"), "y", "one line: down is on");
});
