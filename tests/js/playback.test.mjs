// The arithmetic of playing clips in step.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  frameAt,
  loopOf,
  movesAt,
  positionAt,
  Reading,
  restingTime,
  stepped,
  Tuning,
  timeOfFrame,
} from "../../hailuo_nb/widgets/js/playback.js";

test("before its start and after its end a clip holds a frame", () => {
  assert.equal(positionAt(0.1, 6, -0.25), 0);
  assert.equal(movesAt(0.1, 6, -0.25), false);
  assert.equal(movesAt(0.3, 6, -0.25), true);
  assert.equal(movesAt(5.8, 6, 0.25), false);
});

test("a clip that is ahead is slowed down for a while, and let be where it is close", () => {
  const tuning = new Tuning();
  const clip = {};
  assert.equal(tuning.speed(clip, 0, 0.004, 0), 1);
  const slow = tuning.speed(clip, 0, 0.03, 0);
  assert.ok(slow < 1 && slow > 0.9, `${slow}`);
  assert.equal(
    tuning.speed(clip, null, 0.02, 200),
    slow,
    "one change of the speed, not one a look",
  );
  assert.equal(tuning.speed(clip, null, 0, 400), 1);
  assert.equal(tuning.speed(clip, -0.03, 0.002, 900), 1);
  assert.ok(tuning.speed(clip, -0.03, 1, 1000) >= 0.85);
});

test("corrections that do another thing come to an end; one among others does not end them", () => {
  const tuning = new Tuning();
  const correct = (after) => {
    const clip = {};
    tuning.speed(clip, 0, 0.03, 0);
    tuning.speed(clip, after, 0, 400);
  };
  for (const after of [0.02, -0.03, -0.09, -0.025, 0, -0.035]) correct(after);
  assert.equal(tuning.useful, true);
  for (let count = 0; count < 4; count += 1) correct(-0.09);
  assert.equal(tuning.useful, false);
  assert.equal(tuning.speed({}, 0, 0.05, 0), 1);
});

test("a clock that steps is read where it has just stepped", () => {
  const fps = 24;
  for (const rate of [0.1, 1, 2]) {
    const read = (behind) => {
      const reading = new Reading();
      let off = null;
      for (let now = 0; now < 4000; now += 47) {
        const time = Math.max(0, (now / 1000 - behind) * rate);
        off = reading.off(Math.floor(time * fps) / fps, now, rate, fps);
      }
      return off;
    };
    assert.ok(Math.abs(read(0) - read(0.05) - 0.05) < 0.05 / rate / 4, `${read(0) - read(0.05)}`);
  }
  const reading = new Reading();
  assert.equal(reading.off(1, 1000, 1, fps), null, "not at the first look");
});

test("a position stays inside the clip", () => {
  assert.equal(positionAt(-1, 6), 0);
  assert.equal(positionAt(3, 6), 3);
  assert.ok(positionAt(9, 6) < 6 && positionAt(9, 6) > 6 - 1 / 24);
  assert.equal(positionAt(1, 0), 0);
});

test("everybody rests in the middle of one frame", () => {
  assert.equal(restingTime(0), 0.5 / 24);
  assert.equal(restingTime(1), 24.5 / 24);
  assert.equal(restingTime(24.9 / 24), 24.5 / 24);
  assert.equal(restingTime(1 - 1e-9), 24.5 / 24); // what was frame 24 stays frame 24
});

test("a loop is between two ends, whichever was set first, and never empty", () => {
  assert.deepEqual(loopOf(1, 2), [1, 2]);
  assert.deepEqual(loopOf(2, 1), [1, 2]);
  assert.deepEqual(loopOf(1, 1), [1, 1 + 1 / 24]);
  assert.equal(loopOf(1, null), null);
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
