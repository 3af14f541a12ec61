// The camera's path: the simulator's own vectors, and what a perspective has to do with each move.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { grammar } from "../../hailuo_nb/widgets/js/camera.js";
import {
  activeStep,
  BOXES,
  drawing,
  poseAt,
  projector,
} from "../../hailuo_nb/widgets/js/camera_path.js";

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
const vectors = await read("../vectors/path.json");
const camera = grammar(await read("../../hailuo_nb/prompts/moves.json"));
const keysOf = (prompt) => camera.parse(prompt).map(({ moves }) => moves.map(({ key }) => key));

test("the pose is the simulator's at every moment", () => {
  assert.ok(vectors.length > 50);
  for (const { prompt, seconds, t, pose, step } of vectors) {
    const steps = keysOf(prompt);
    const found = poseAt(steps, t, seconds);
    for (const [name, value] of Object.entries(pose))
      assert.ok(
        Math.abs(found[name] - value) < 1e-8,
        `${prompt} at ${t}: ${name} ${found[name]} ${value}`,
      );
    if (step !== null) assert.equal(activeStep(steps.length, t, seconds), step);
  }
});

/** How far a near and a far point go across the picture during a move. */
function travel(key) {
  const [near, far] = [
    [0.8, 0.6, 5],
    [3.2, 2.4, 20], // the same place in the picture at first
  ];
  const [before, after] = [0, 6].map((t) =>
    projector(poseAt([[key], ["static"]].slice(0, 1), t, 6)),
  );
  return [near, far].map((point) => after(point).map((value, axis) => value - before(point)[axis]));
}

for (const key of [
  "truck_left",
  "truck_right",
  "pedestal_up",
  "pedestal_down",
  "push_in",
  "pull_out",
]) {
  test(`${key}: near things move further than far ones`, () => {
    const [near, far] = travel(key).map(([x, y]) => Math.hypot(x, y));
    assert.ok(near > far * 1.5, `${near} ${far}`);
  });
}
for (const key of ["pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out"]) {
  test(`${key}: near and far things move alike`, () => {
    const [near, far] = travel(key);
    assert.ok(Math.hypot(...near) > 20);
    assert.ok(
      Math.abs(near[0] - far[0]) < 0.01 && Math.abs(near[1] - far[1]) < 0.01,
      `${near} ${far}`,
    );
  });
}

test("everything goes the way the words say", () => {
  const across = (key) => travel(key)[0];
  assert.ok(
    across("truck_right")[0] < 0 && across("pan_right")[0] < 0 && across("truck_left")[0] > 0,
  );
  assert.ok(across("tilt_up")[1] > 0 && across("pedestal_up")[1] > 0 && across("tilt_down")[1] < 0);
  assert.ok(across("push_in")[0] > 0 && across("zoom_in")[0] > 0 && across("zoom_out")[0] < 0);
});

test("a drawing has every box in sight, and none behind the camera", () => {
  const still = drawing(poseAt([], 0, 6));
  assert.equal(still.boxes.length, BOXES.length);
  for (const [, , front] of [...still.boxes, still.figure]) assert.match(front, /^M[-\d. L]+Z$/);
  assert.match(still.lines, /^M/);
  assert.equal(drawing({ ...poseAt([], 0, 6), z: 10 }).boxes.at(-1)[2], "");
});
