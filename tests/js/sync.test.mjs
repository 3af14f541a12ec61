// The arithmetic of playing clips in step.
import assert from "node:assert/strict";
import { test } from "node:test";
import { corrections, finished, leader, positionAt, restingTime } from "../../hailuo_nb/widgets/js/sync.js";

const clip = (time, duration = 6) => ({ time, duration });

test("the longest clip leads, the first of equals, and none that is not loaded", () => {
  assert.equal(leader([clip(1, 6), clip(1, 10), clip(1, 10)]), 1);
  assert.equal(leader([clip(0, 0), clip(1, 6)]), 1);
  assert.equal(leader([clip(0, 0)]), -1);
});

test("a drift up to 100 ms is left alone, more is mended", () => {
  assert.deepEqual(corrections([clip(2), clip(2.09), clip(1.92)]), []);
  assert.deepEqual(corrections([clip(2), clip(2.2), clip(1.5)]), [
    { index: 1, to: 2 },
    { index: 2, to: 2 },
  ]);
});

test("a short clip holds its last frame while a long one goes on", () => {
  assert.deepEqual(corrections([clip(8, 10), clip(6, 6)]), []);
  const [{ index, to }] = corrections([clip(8, 10), clip(3, 6)]);
  assert.equal(index, 1);
  assert.ok(to > 5.9 && to < 6);
});

test("clips that are not loaded are not moved", () => {
  assert.deepEqual(corrections([clip(3, 6), clip(0, 0)]), []);
  assert.deepEqual(corrections([]), []);
});

test("a position stays inside the clip", () => {
  assert.equal(positionAt(-1, 6), 0);
  assert.equal(positionAt(3, 6), 3);
  assert.ok(positionAt(9, 6) < 6 && positionAt(9, 6) > 6 - 1 / 24);
  assert.equal(positionAt(1, 0), 0);
});

test("a round is over when its leader is", () => {
  assert.equal(finished([clip(6, 6), clip(6, 10)]), false);
  assert.equal(finished([clip(6, 6), clip(9.99, 10)]), true);
  assert.equal(finished([]), false);
});

test("everybody rests in the middle of one frame", () => {
  assert.equal(restingTime(0), 0.5 / 24);
  assert.equal(restingTime(1), 24.5 / 24);
  assert.equal(restingTime(24.9 / 24), 24.5 / 24);
  assert.equal(restingTime(1 - 1e-9), 24.5 / 24); // what was frame 24 stays frame 24
});
