// Icons of the camera moves: a small scene of two depths, and an arrow. The stylesheet moves the
// scene on hover as the camera would show it: nearer things move further, except where the camera
// only turns or zooms.

import { h } from "preact";

const LENS = "M34 11a9 9 0 1 0 .01 0M40.5 26.5L49 35M29.5 20h9";

/** By the move, or by its first word; to the left and up. @type {Record<string, string>} */
const ARROWS = {
  truck: "M50 20H22M29 13l-7 7 7 7M20 33H52",
  pan: "M52 29C46 15 30 12 20 24M20.5 13V24.5H31",
  pedestal: "M36 34V9M29 16l7-7 7 7M25 36H47",
  tilt: "M29 35C43 30 46 18 33 9M43.5 7.5L32 8.5 34.5 19",
  push: "M13 7L27 16.5M27 9V16.5H18.5M59 37L45 27.5M45 35V27.5H53.5",
  pull: "M27 16.5L13 7M13 14.5V7H21.5M45 27.5L59 37M59 29.5V37H50.5",
  zoom_in: `${LENS}M34 15.5v9`,
  zoom: LENS,
  shake: "M17 22l6-8 7 16 7-17 7 17 6-13 5 6",
  tracking: "M22 15V8h8M50 15V8h-8M22 29v7h8M50 29v7h-8M36 18.5a3.5 3.5 0 1 0 .01 0",
  static: "M28 8h16v10H28zM36 18v5M36 23L27 37M36 23l9 14M36 23V37",
};

/** The other way is the mirror. @type {Record<string, string>} */
const FLIPS = { right: "translate(72 0) scale(-1 1)", down: "translate(0 44) scale(1 -1)" };

const HILLS = "M-40 38L-18 20 -2 34 16 17 32 33 44 22 60 36 78 18 112 38V60H-40z";

/** @param {{move: string}} props  the key of a move */
export function MoveIcon({ move }) {
  const [name = "", way = ""] = move.split("_");
  const d = ARROWS[move] ?? ARROWS[name] ?? "M36 22h.01";
  const path = (/** @type {string} */ d) => h("path", { d });
  return h(
    "svg",
    {
      class: "hn-scene",
      viewBox: "0 0 72 44",
      preserveAspectRatio: "xMidYMid slice",
      "aria-hidden": true,
      focusable: "false",
    },
    h("g", { class: "hn-far" }, h("circle", { cx: 56, cy: 11, r: 4.5 }), path(HILLS)),
    h("g", { class: "hn-near" }, path("M-60 38H132V70H-60z"), path("M27 38V25L36 18l9 7V38z")),
    h(
      "g",
      { transform: FLIPS[way] },
      h("path", { class: "hn-arrow-halo", d }),
      h("path", { class: "hn-arrow", d }),
    ),
  );
}
