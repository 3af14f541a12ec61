// Pictures of the camera moves: one small scene of two depths, and an arrow. The stylesheet moves the scene on hover as
// the camera would show it: nearer things move further, except where the camera only turns or zooms.

import { svg } from "./dom.js";

const STRAIGHT_LEFT = "M50 20H22M29 13l-7 7 7 7M20 33H52";
const CURVED_LEFT = "M52 29C46 15 30 12 20 24M20.500 13V24.500H31";
const STRAIGHT_UP = "M36 34V9M29 16l7-7 7 7M25 36H47";
const CURVED_UP = "M29 35C43 30 46 18 33 9M43.500 7.500L32 8.500 34.500 19";
const INWARD = "M13 7L27 16.500M27 9V16.500H18.500M59 37L45 27.500M45 35V27.500H53.500";
const OUTWARD = "M27 16.500L13 7M13 14.500V7H21.500M45 27.500L59 37M59 29.500V37H50.500";
const LENS = "M34 11a9 9 0 1 0 .01 0M40.500 26.500L49 35M29.500 20h9";

const FLIP_X = "translate(72 0) scale(-1 1)";
const FLIP_Y = "translate(0 44) scale(1 -1)";

/** @type {Record<string, [path: string, transform?: string]>} */
const ARROWS = {
  truck_left: [STRAIGHT_LEFT],
  truck_right: [STRAIGHT_LEFT, FLIP_X],
  pan_left: [CURVED_LEFT],
  pan_right: [CURVED_LEFT, FLIP_X],
  push_in: [INWARD],
  pull_out: [OUTWARD],
  pedestal_up: [STRAIGHT_UP],
  pedestal_down: [STRAIGHT_UP, FLIP_Y],
  tilt_up: [CURVED_UP],
  tilt_down: [CURVED_UP, FLIP_Y],
  zoom_in: [`${LENS}M34 15.500v9`],
  zoom_out: [LENS],
  shake: ["M17 22l6-8 7 16 7-17 7 17 6-13 5 6"],
  tracking: ["M22 15V8h8M50 15V8h-8M22 29v7h8M50 29v7h-8M36 18.500a3.500 3.500 0 1 0 .01 0"],
  static: ["M28 8h16v10H28zM36 18v5M36 23L27 37M36 23l9 14M36 23V37"],
};

/** @param {string} key  of a move */
export function moveIcon(key) {
  const [path, transform] = ARROWS[key] ?? ["M36 22h.01"];
  return svg(
    "svg",
    { viewBox: "0 0 72 44", class: "hn-scene", "aria-hidden": "true", focusable: "false" },
    svg(
      "g",
      { class: "hn-far" },
      svg("circle", { cx: 56, cy: 11, r: 4.5 }),
      svg("path", { d: "M-40 38L-18 20 -2 34 16 17 32 33 44 22 60 36 78 18 112 38V60H-40z" }),
    ),
    svg(
      "g",
      { class: "hn-near" },
      svg("path", { d: "M-60 38H132V70H-60z" }),
      svg("path", { d: "M27 38V25L36 18l9 7V38z" }),
    ),
    svg(
      "g",
      transform ? { transform } : {},
      svg("path", { d: path, class: "hn-arrow-halo" }),
      svg("path", { d: path, class: "hn-arrow" }),
    ),
  );
}
