// The arithmetic of playing clips in step.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  commonEnd,
  commonTime,
  corrections,
  finished,
  frameAt,
  leader,
  loopOf,
  movesAt,
  positionAt,
  restingTime,
  stepped,
  timeOfFrame,
} from "../../hailuo_nb/widgets/js/playback.js";

const clip = (time, duration = 6) => ({ time, duration });

test("the longest clip leads, the first of equals, and none that is not loaded", () => {
  assert.equal(leader([clip(1, 6), clip(1, 10), clip(1, 10)]), 1);
  assert.equal(leader([clip(0, 0), clip(1, 6)]), 1);
  assert.equal(leader([clip(0, 0)]), -1);
});

const seeks = (clips) => corrections(clips).filter(({ to }) => to !== undefined);
const speeds = (clips) => corrections(clips).map(({ speed }) => speed);

test("less than a frame is mended by speed, more by a seek, and almost nothing by nothing", () => {
  assert.deepEqual(speeds([clip(2), clip(2.004), clip(1.996)]), [1, 1]);
  const [fast, slow] = speeds([clip(2), clip(2.03), clip(1.97)]);
  assert.ok(fast < 1 && fast > 0.8, `${fast} slows a clip that is ahead`);
  assert.ok(slow > 1 && slow < 1.2, `${slow} hurries a clip that is behind`);
  assert.deepEqual(seeks([clip(2), clip(2.09), clip(1.92)]), []);
  assert.deepEqual(seeks([clip(2), clip(2.2), clip(1.5)]), [
    { index: 1, to: 2 },
    { index: 2, to: 2 },
  ]);
});

test("a short clip holds its last frame while a long one goes on", () => {
  assert.deepEqual(seeks([clip(8, 10), clip(6, 6)]), []);
  const [{ index, to }] = seeks([clip(8, 10), clip(3, 6)]);
  assert.equal(index, 1);
  assert.ok(to > 5.9 && to < 6);
});

test("clips that are not loaded are not moved", () => {
  assert.deepEqual(corrections([clip(3, 6), clip(0, 0)]), []);
  assert.deepEqual(corrections([]), []);
});

test("a shift moves a clip against the others: it is in step where its time is the common time and its shift", () => {
  const early = { ...clip(2.5), shift: 0.5 };
  const late = { ...clip(1.75), shift: -0.25 };
  assert.deepEqual(seeks([clip(2), early, late]), []);
  assert.equal(leader([clip(2), early, late]), 2, "the one that ends last leads");
  assert.equal(commonTime([clip(2), early, late]), 2);
  assert.equal(commonEnd([clip(2), early, late]), 6.25);
  assert.equal(positionAt(0.1, 6, -0.25), 0, "before its start a clip holds its first frame");
  assert.equal(movesAt(0.1, 6, -0.25), false);
  assert.equal(movesAt(0.3, 6, -0.25), true);
  assert.equal(movesAt(5.8, 6, 0.25), false);
});

test("those that wait for their start do not lead", () => {
  assert.equal(
    leader([
      { ...clip(1), running: true },
      { ...clip(0), shift: -3, running: false },
    ]),
    0,
  );
  assert.equal(
    leader([
      { ...clip(1), running: false },
      { ...clip(0), shift: -3, running: false },
    ]),
    1,
  );
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

test("a loop between two ends is over at the second, whichever was set first, and is never empty", () => {
  assert.deepEqual(loopOf(1, 2), [1, 2]);
  assert.deepEqual(loopOf(2, 1), [1, 2]);
  assert.deepEqual(loopOf(1, 1), [1, 1 + 1 / 24]);
  assert.equal(loopOf(1, null), null);
  assert.equal(finished([clip(1.9)], 2), false);
  assert.equal(finished([clip(2)], 2), true);
});

test("frames: a seek goes to the middle of one, and steps stay inside the clip", () => {
  assert.equal(timeOfFrame(24), 24.5 / 24);
  assert.equal(frameAt(timeOfFrame(17)), 17);
  assert.equal(frameAt(timeOfFrame(17, 30), 30), 17);
  let time = 0;
  for (let frame = 1; frame <= 20; frame += 1) {
    time = stepped(time, 1, 3);
    assert.equal(frameAt(time), frame);
  }
  assert.equal(frameAt(stepped(time, -1, 3)), 19);
  assert.equal(frameAt(stepped(2.99, 1, 3)), 71, "3 s at 24 frames a second end with frame 71");
  assert.equal(frameAt(stepped(0, -1, 3)), 0);
});
