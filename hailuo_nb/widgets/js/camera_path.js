// Where the camera is at every moment of a clip, and what it sees of a few boxes: the twin of the
// simulator's camera_path.py (held to it by tests/vectors/path.json) and a plain perspective. Pure.
// World: X right, Y down, Z forward, metres; angles in radians; the picture is 320 by 180.

/**
 * @typedef {{x: number, y: number, z: number, yaw: number, pitch: number, roll: number, zoom:
 *   number, figure: number}} Pose
 */
/** @typedef {[x: number, y: number, z: number]} Point */

const degrees = Math.PI / 180;
const RAMP = 0.22;
const WALK = 0.8;
const STROLL = 0.22;
const ZOOM = Math.log(1.105);
/** @type {Record<string, [field: keyof Pose, rate: number]>} */
const RATES = {
  truck_left: ["x", -0.55],
  truck_right: ["x", 0.55],
  pedestal_up: ["y", -0.16],
  pedestal_down: ["y", 0.16],
  push_in: ["z", 0.5],
  pull_out: ["z", -0.5],
  pan_left: ["yaw", -6 * degrees],
  pan_right: ["yaw", 6 * degrees],
  tilt_up: ["pitch", 3.6 * degrees],
  tilt_down: ["pitch", -3.6 * degrees],
  zoom_in: ["zoom", ZOOM],
  zoom_out: ["zoom", -ZOOM],
};
/** @type {[field: "yaw" | "pitch" | "roll", slow: number, fast: number, size: number][]} */
const SHAKE = [
  ["yaw", 1.7, 3.1, 0.5 * degrees],
  ["pitch", 2.3, 4.3, 0.5 * degrees],
  ["roll", 1.3, 5.3, 0.25 * degrees],
];

/** The share of the way done at share `u` of the time. @param {number} u @returns {number} */
export function ease(u) {
  if (u <= 0 || u >= 1) return u >= 1 ? 1 : 0;
  if (u > 0.5) return 1 - ease(1 - u);
  const cruise = 1 / (1 - RAMP);
  if (u >= RAMP) return cruise * (u - RAMP / 2);
  return cruise * (u / 2 - (RAMP / (2 * Math.PI)) * Math.sin((Math.PI * u) / RAMP));
}

/**
 * @param {readonly (readonly string[])[]} steps  keys of moves
 * @param {number} t
 * @param {number} seconds
 * @returns {Pose}
 */
export function poseAt(steps, t, seconds) {
  const pose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0, roll: 0, zoom: 0, figure: 0 };
  const share = steps.length ? seconds / steps.length : seconds;
  if (!steps.some((keys) => keys.includes("tracking")))
    pose.figure = STROLL * Math.min(Math.max(t, 0), seconds);
  steps.forEach((keys, index) => {
    const inside = t - index * share;
    for (const key of keys) add(pose, key, inside, share * ease(inside / share), share);
  });
  return { ...pose, zoom: Math.exp(pose.zoom) };
}

/**
 * @param {Pose} pose
 * @param {string} key
 * @param {number} inside
 * @param {number} gone
 * @param {number} share
 */
function add(pose, key, inside, gone, share) {
  const rate = RATES[key];
  if (rate) pose[rate[0]] += rate[1] * gone;
  else if (key === "tracking") {
    pose.x += WALK * gone;
    pose.figure += WALK * gone;
  } else if (key === "shake" && inside > 0 && inside < share) {
    const fade = Math.min(1, inside / (0.15 * share), (share - inside) / (0.15 * share));
    const wave = (/** @type {number} */ hertz, phase = 0) =>
      Math.sin(2 * Math.PI * hertz * inside + phase);
    for (const [field, slow, fast, size] of SHAKE)
      pose[field] += fade * size * (wave(slow) + 0.6 * wave(fast, 1));
    pose.x += fade * 0.012 * wave(1.9);
    pose.y += fade * 0.012 * wave(2.9);
  }
}

/** @param {number} count  of steps @param {number} t @param {number} seconds */
export const activeStep = (count, t, seconds) =>
  Math.max(0, Math.min(count - 1, Math.floor((t / seconds) * count)));

const FOCAL = 235;
const NEAR = 0.25;
const GROUND = 1.25;
const FAR = 900;

/**
 * From the world to the camera's own axes.
 * @param {Pose} pose
 * @returns {(point: Point) => Point}
 */
function eye({ x, y, z, yaw, pitch }) {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return ([px, py, pz]) => {
    const [dx, dy, dz] = [px - x, py - y, pz - z];
    const forward = dx * sy + dz * cy;
    return [dx * cy - dz * sy, dy * cp + forward * sp, forward * cp - dy * sp];
  };
}

/** Where a point stands in the picture; null behind the camera. @param {Pose} pose */
export function projector(pose) {
  const turn = eye(pose);
  const [cr, sr] = [Math.cos(pose.roll), Math.sin(pose.roll)];
  /** @param {Point} point @returns {[number, number] | null} */
  return (point) => {
    const [x, y, z] = turn(point);
    if (z < NEAR) return null;
    const [u, v] = [(FOCAL * pose.zoom * x) / z, (FOCAL * pose.zoom * y) / z];
    return [160 + u * cr + v * sr, 90 - u * sr + v * cr];
  };
}

/** Boxes on the ground, the far ones first: left, near side, width, height, depth. */
export const BOXES = /** @type {const} */ ([
  [-9, 24, 4, 5.5, 3],
  [5, 21, 3, 4, 3],
  [-3.4, 16, 2, 3, 2],
  [2.6, 12.5, 1.6, 2.2, 1.6],
  [-4.4, 9.5, 1.4, 1.7, 1.4],
  [1.9, 6.6, 0.9, 0.9, 0.9],
  [-2.3, 4.7, 0.7, 1.1, 0.7],
]);
const FIGURE = /** @type {const} */ ([-0.3, 7.6, 0.6, 1.7, 0.4]);

/** @param {([number, number] | null)[]} points */
function outline(points) {
  if (points.some((point) => point === null)) return "";
  return `M${points.map((point) => point?.map((value) => value.toFixed(1)).join(" ")).join("L")}Z`;
}

/**
 * Front, visible side and top of a box as SVG paths.
 * @param {ReturnType<typeof projector>} see
 * @param {Pose} pose
 * @param {readonly number[]} box @param {number} [shift] */
function faces(see, pose, box, shift = 0) {
  const [left = 0, near = 0, width = 0, height = 0, depth = 0] = box;
  const [x0, x1, top, far] = [left + shift, left + shift + width, GROUND - height, near + depth];
  const side = pose.x > x1 ? x1 : x0;
  /** @param {Point[]} corners */
  const draw = (corners) => outline(corners.map(see));
  return [
    pose.x > x1 || pose.x < x0
      ? draw([
          [side, top, near],
          [side, top, far],
          [side, GROUND, far],
          [side, GROUND, near],
        ]) // prettier-ignore
      : "",
    pose.y < top
      ? draw([
          [x0, top, near],
          [x1, top, near],
          [x1, top, far],
          [x0, top, far],
        ])
      : "", // prettier-ignore
    draw([
      [x0, top, near],
      [x1, top, near],
      [x1, GROUND, near],
      [x0, GROUND, near],
    ]), // prettier-ignore
  ];
}

/**
 * Lines on the ground, cut where they come too near.
 * @param {ReturnType<typeof projector>} see
 * @param {Pose} pose
 */
function lines(see, pose) {
  const near = pose.z + 1;
  /** @param {Point} a @param {Point} b */
  const line = (a, b) => outline([see(a), see(b)]).replace("Z", "");
  const out = [];
  for (let x = -16; x <= 16; x += 2) out.push(line([x, GROUND, near], [x, GROUND, 40]));
  for (let z = Math.ceil(near / 2) * 2; z <= 40; z += 2)
    out.push(line([-16, GROUND, z], [16, GROUND, z]));
  return out.join("");
}

/**
 * Hills so far away that only turning and zooming moves them.
 * @param {ReturnType<typeof projector>} see
 * @param {Pose} pose
 * @param {boolean} tall */
function horizon(see, pose, tall) {
  const ring = [];
  for (let step = -12; step <= 12; step += 1) {
    const angle = Math.round(pose.yaw / 0.1) * 0.1 + step * 0.1;
    const up = tall
      ? FAR * (0.07 + 0.04 * Math.sin(5 * angle) + 0.025 * Math.sin(13 * angle + 1))
      : 0;
    ring.push(see([pose.x + FAR * Math.sin(angle), GROUND - up, pose.z + FAR * Math.cos(angle)]));
  }
  return outline([...ring, [900, 700], [-600, 700]]);
}

/** What the camera sees, as SVG paths; "" for what is not in sight. @param {Pose} pose */
export function drawing(pose) {
  const see = projector(pose);
  return {
    hills: horizon(see, pose, true),
    ground: horizon(see, pose, false),
    lines: lines(see, pose),
    boxes: BOXES.map((box) => faces(see, pose, box)),
    figure: faces(see, pose, FIGURE, pose.figure),
  };
}
