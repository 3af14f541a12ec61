// Resolution by duration: each cell says how many of the chosen models make it. Why others do not
// is for the list of problems.

import { h } from "preact";
import { useRef } from "preact/hooks";
import { useUniqueId } from "./components.js";
import { NumberInput } from "./number_input.js";
import { problemTexts } from "./problems.js";
import { cellAt, gridLines, otherSeconds } from "./support_grid.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof gridLines>[number]["cells"][number]} Cell */

/** @param {{studio: Studio}} props */
export function FormatGrid({ studio }) {
  const { draft, t } = studio;
  const { support, resolution, duration } = draft;
  const id = useUniqueId("format");
  const before = useRef(/** @type {number | null} */ (null));
  const other = otherSeconds(support, duration, before.current);
  before.current = other;
  const notes = (cellAt(support, resolution, duration)?.problems ?? [])
    .filter(({ severity }) => severity === "note")
    .flatMap((note) => problemTexts(note, t));

  /** @param {Cell} cell */
  function box(cell) {
    const { fixed, checked, assumed, tone, can, count } = cell;
    const values = { resolution: cell.resolution, duration: cell.duration, can, count };
    const texts = cell.problems.flatMap((problem) => problemTexts(problem, t));
    return h(
      "td",
      { key: fixed ? cell.duration : "other" },
      h(
        "label",
        { class: "hn-cell", "data-tone": tone, title: texts.join("\n") },
        h("input", {
          type: "radio",
          class: "hn-sr",
          name: `hn-format-${id}`,
          "data-format": `${cell.resolution} ${fixed ? cell.duration : "other"}`,
          "aria-label": t("format.cell", values),
          "aria-describedby": checked ? `${id}-notes` : undefined,
          checked,
          onChange: () => draft.set({ resolution: cell.resolution, duration: cell.duration }),
        }),
        h("span", { class: "hn-cell-count" }, t("format.count", values), assumed && "*"),
      ),
    );
  }

  const [low = 0, high = 0] = [support.range?.[0], support.range?.at(-1)];
  const typed = () =>
    h(
      "th",
      { class: "hn-other", scope: "col", key: "other" },
      h(NumberInput, {
        value: other,
        min: low,
        max: high,
        required: true,
        "aria-label": t("format.seconds", { low, high }),
        choose: (seconds) => seconds && draft.set({ duration: seconds }),
      }),
      t("format.unit"),
    );
  return h(
    "fieldset",
    { class: "hn-block" },
    h("legend", { class: "hn-label" }, t("format")),
    h(
      "table",
      { class: "hn-format" },
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          h("td", null),
          support.durations?.map((seconds) =>
            h("th", { key: seconds, scope: "col" }, t("common.seconds", { seconds })),
          ),
          other !== null && typed(),
        ),
      ),
      h(
        "tbody",
        null,
        gridLines(support, draft, other).map((line) =>
          h(
            "tr",
            { key: line.resolution },
            h("th", { scope: "row" }, line.resolution),
            line.cells.map(box),
          ),
        ),
      ),
    ),
    h("p", { class: "hn-hint", id: `${id}-notes`, hidden: !notes.length }, notes.join(" ")),
  );
}
