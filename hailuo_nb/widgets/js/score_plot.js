// Scores of a clip in its card: one line, and behind it a plot that the kernel draws.

import { h } from "preact";
import { useRef } from "preact/hooks";
import { columnName, MEASURED, scoreOf, scoreText, shortScores } from "./scores.js";
import { reasonText } from "./wire.js";

/** @param {{board: import("./card.js").Board, row: import("./types.js").Row}} props */
export function Scores({ board: { t, wire, root }, row }) {
  const plot = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = shortScores([row]);
  if (shown.length === 0) return null;
  /** What was asked for and measured over time. @param {any} event */
  async function draw({ currentTarget }) {
    if (!currentTarget.open) return;
    const drawn = wire.request({ kind: "plot", job: row.id, language: root.lang });
    plot.current?.replaceChildren(await drawn.then(({ svg }) => drawing(svg), reasonText));
  }
  const line = shown.map((column) => `${columnName(column, t)} ${scoreText(row, column)}`);
  // A scorer of one's own has nothing to draw.
  if (MEASURED.every((column) => scoreOf(row, column) === null))
    return h("p", { class: "hn-scores" }, line.join(" · "));
  return h(
    "details",
    { class: "hn-scores", onToggle: draw },
    h("summary", {}, line.join(" · ")),
    h("div", { ref: plot, class: "hn-plot" }),
  );
}

/** @param {string} svg  of our own kernel, which has escaped what others wrote */
const drawing = (svg) => new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
