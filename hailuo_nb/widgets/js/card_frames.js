// What stands around the cards: sections with their titles, or a matrix with its heads. The cards are
// put into its lists from outside.

import { h } from "preact";
import { axisName } from "./board_rows.js";
import { Scroll, useUniqueId } from "./components.js";

/** @typedef {import("./types.js").Translate} Translate */
/** @typedef {import("./card_grid.js").Look} Look */
/**
 * A section has one cell; `across` is "" then, and `down` the axis of the titles.
 * @typedef {{down: string, across: string, titled: boolean, columns: {key: string, label: string}[],
 *   lines: {key: string, label: string, cells: import("./types.js").Row[][]}[]}} Layout
 */
/** @typedef {{layout: import("./signals.js").Signal<Layout>, look: Look, t: Translate}} FrameProps */

/** @param {FrameProps} props */
export const Frame = (props) => h(props.layout.peek().across ? Matrix : Sections, props);

/** @param {FrameProps} props */
function Sections({ layout, look, t }) {
  const { lines, titled, down } = layout.value;
  return lines.map(({ key, label, cells }) =>
    h(Section, { key, titled, count: cells.flat().length, axis: down, label, look, t }),
  );
}

/** @param {{titled: boolean, count: number, axis: string, label: string, look: Look, t: Translate}} props */
function Section({ titled, count, axis, label, look, t }) {
  const id = useUniqueId("group");
  return h(
    "div",
    { class: "hn-group" },
    titled &&
      h(
        "h4",
        { class: "hn-group-title", id: id, title: label },
        h(Label, { axis, label, look, t }),
        ` (${count})`,
      ),
    h("ul", { class: "hn-grid", role: "list", "aria-label": t("list"), "data-cell": "" }),
  );
}

/** @param {FrameProps} props */
function Matrix({ layout, look, t }) {
  const { down, across, columns, lines } = layout.value;
  const say = (/** @type {string} */ axis, /** @type {string} */ label) =>
    h(Label, { axis, label, look, t });
  return h(
    Scroll,
    { label: t("view.matrix") },
    h(
      "table",
      { class: "hn-matrix", role: "table", style: { "--hn-across": String(columns.length) } },
      h(
        "thead",
        { role: "rowgroup" },
        h(
          "tr",
          { role: "row" },
          h(
            "th",
            { class: "hn-corner", role: "columnheader", scope: "col" },
            `${axisName(down, t)} × ${axisName(across, t)}`,
          ),
          columns.map(({ key, label }) =>
            h("th", { key, role: "columnheader", scope: "col" }, say(across, label)),
          ),
        ),
      ),
      h(
        "tbody",
        { role: "rowgroup" },
        lines.map(({ key, label, cells }) =>
          h(
            "tr",
            { key, role: "row" },
            h(
              "th",
              { role: "rowheader", scope: "row" },
              h("div", { title: label }, say(down, label)),
            ),
            cells.map((_, index) =>
              h(
                "td",
                { key: columns[index]?.key, role: "cell" },
                h("ul", { class: "hn-cell", role: "list", "data-cell": "" }),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}

/** Of a prompt, the words in which it differs stand out.
 * @param {{axis: string, label: string, look: Look, t: Translate}} props */
function Label({ axis, label, look, t }) {
  if (axis !== "prompt") return label || t("group.none");
  return look
    .partsOf(label)
    .map(({ text, changed }, index) => h(changed ? "mark" : "span", { key: index }, text));
}
