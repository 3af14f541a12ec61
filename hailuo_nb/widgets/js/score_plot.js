// Scores of a clip in its card: one line, and behind it a plot that the kernel draws.

import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { columnName, MEASURED, scoreOf, scoreText, shortScores } from "./scores.js";
import { reasonText } from "./wire.js";

/** @param {{board: import("./card.js").Board, row: import("./types.js").Row}} props */
export function Scores({ board: { t, wire, language }, row }) {
  const lang = language.value;
  const box = useRef(/** @type {HTMLDetailsElement | null} */ (null));
  const plot = useRef(/** @type {HTMLElement | null} */ (null));
  const shown = shortScores([row]);
  /** What was asked for and measured over time. */
  async function draw() {
    if (!box.current?.open) return;
    const drawn = wire.request({ kind: "plot", job: row.id, language: lang });
    plot.current?.replaceChildren(await drawn.then(({ svg }) => drawing(svg), reasonText));
  }
  // One that is open is drawn again in another language.
  useEffect(() => void draw(), [lang]);
  if (shown.length === 0) return null;
  const line = shown.map((column) => `${columnName(column, t)} ${scoreText(row, column)}`);
  // A scorer of one's own has nothing to draw.
  if (MEASURED.every((column) => scoreOf(row, column) === null))
    return h("p", { class: "hn-scores" }, line.join(" · "));
  return h(
    "details",
    { ref: box, class: "hn-scores", onToggle: () => void draw() },
    h("summary", {}, line.join(" · ")),
    h("div", { ref: plot, class: "hn-plot" }),
  );
}

/** @param {string} svg  of our own kernel, which has escaped what others wrote */
const drawing = (svg) => new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
