// The clips as a table: one line a clip, columns to sort by, stars to give. It loads no clip.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Refocus, Scroll } from "./components.js";
import { dotted, flag } from "./dom.js";
import { columnName, MEASURED } from "./scores.js";
import { ReadStars, Stars } from "./stars.js";
import { tone } from "./states.js";
import { cellText, isFigure, sameTexts } from "./table_columns.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */

/** A text so long is cut, and told whole where the mouse rests. */
const LONG = 90;

/** @param {{board: Board}} props */
export function TableView({ board }) {
  const { store, t, loader } = board;
  const shown = store.what.value === "table";
  const rows = shown ? store.shown.value : [];
  useLayoutEffect(() => {
    if (shown) loader.build();
  });
  const [first] = rows;
  if (!first) return null;
  const { shown: columns, same } = store.columns.value;
  // What all clips of the board share stands in its head.
  const above = /** @type {Record<string, unknown>} */ (store.shared.value);
  const told = sameTexts(
    first,
    same.filter((column) => !above[column]),
    t,
  );
  const names = store.names.value;
  return h(Refocus, { board, class: "hn-table-view" }, [
    told.length > 0 &&
      h("p", { class: "hn-soft hn-same" }, t("table.same", { facts: told.join(" · ") })),
    h(
      Scroll,
      { label: t("view.table") },
      h(
        "table",
        { class: "hn-table hn-clips" },
        h("thead", {}, h(Heads, { board, columns })),
        h(
          "tbody",
          {},
          rows.map((row) =>
            h(Line, { key: row.id, board, row, columns, name: names.get(row.id) ?? "" }),
          ),
        ),
      ),
    ),
  ]);
}

/** @param {{board: Board, columns: string[]}} props */
function Heads({ board: { store, t, change }, columns }) {
  const { by, down } = store.view.value.sort;
  const way = down ? "descending" : "ascending";
  const sort = (/** @type {string} */ name) =>
    change({ sort: { by: name, down: by === name && !down } });
  return h("tr", {}, [
    h("th", { key: "", scope: "col", class: "hn-frozen" }, t("column.clip")),
    columns.map((name) =>
      h(
        "th",
        {
          key: name,
          scope: "col",
          "data-column": name,
          "data-figure": flag(isFigure(name)),
          title: MEASURED.includes(name) ? t(`about.${name}`) : undefined,
          "aria-sort": name === by ? way : undefined,
        },
        h(
          "button",
          { type: "button", class: "hn-sort", onClick: () => sort(name) },
          columnName(name, t),
        ),
      ),
    ),
  ]);
}

/**
 * The line of a clip: far from the window its name and prompt alone.
 * @typedef {{board: Board, row: Row, columns: string[], name: string}} LineProps
 * @param {LineProps} props
 */
function Line(props) {
  const { board, row, columns, name } = props;
  const near = useSignal(false);
  const el = useRef(/** @type {HTMLTableRowElement | null} */ (null));
  useLayoutEffect(() => {
    const place = /** @type {HTMLTableRowElement} */ (el.current);
    const item = {
      el: place,
      get built() {
        return near.value;
      },
      build() {
        near.value = true;
      },
      release() {
        if (!place.matches(":focus-within")) near.value = false;
      },
      ...{ wanted: false, loaded: false, load() {}, unload() {} },
    };
    board.loader.items.add(item);
    return () => void board.loader.items.delete(item);
  }, []);
  return h(
    "tr",
    {
      ref: el,
      "data-job": row.id,
      "data-state": row.state,
      "data-far": flag(!near.value),
    },
    near.value
      ? [
          h(Clip, { key: "clip", ...props }),
          columns.map((column) => h(Cell, { key: column, board, row, column, name })),
        ]
      : h("td", { key: "far", colSpan: columns.length + 1 }, dotted(name, row.prompt)),
  );
}

/** Its picture and name, which stay in sight. @param {LineProps} props */
function Clip({ board, row, name }) {
  const { t, clips, change } = board;
  const image = useRef(/** @type {HTMLImageElement | null} */ (null));
  useEffect(() => {
    if (row.poster && image.current) void clips.poster(image.current, row);
  }, [row.poster]);
  function show() {
    change({ view: "grid", group: "" });
    const card = `.hn-card[data-job="${CSS.escape(row.id)}"]`;
    setTimeout(() => board.root.querySelector(card)?.scrollIntoView({ block: "center" }));
  }
  return h(
    "th",
    { scope: "row", class: "hn-frozen" },
    h(
      "button",
      {
        type: "button",
        class: "hn-thumb-button",
        "aria-label": t("table.show", { clip: name }),
        onClick: show,
      },
      h("img", { ref: image, class: "hn-thumb", alt: "", loading: "lazy", hidden: true }),
    ),
    name,
  );
}

/** @param {{board: Board, row: Row, column: string, name: string}} props */
function Cell({ board, row, column, name }) {
  const { t, store } = board;
  const text = cellText(row, column, t, !store.shared.value.simulated);
  const props = {
    "data-column": column,
    "data-figure": flag(isFigure(column)),
    "data-tone": column === "state" ? tone(row.state) : undefined,
    title: text.length > LONG ? text : undefined,
  };
  if (column === "rating") return h("td", props, h(Rating, { board, row, name }));
  return h("td", props, text.length > LONG ? h("div", { class: "hn-cut" }, text) : text);
}

/** Stars to give, or to read. @param {{board: Board, row: Row, name: string}} props */
function Rating({ board: { store, t, wire, announcer }, row, name }) {
  /** What was given, until the kernel has it. */
  const given = useSignal(/** @type {number | null} */ (null));
  /** Why it was not kept. */
  const refused = useSignal("");
  const { rating } = row;
  useEffect(() => {
    given.value = null;
  }, [rating]);
  if (!store.actions.value.includes("annotate")) return rating ? h(ReadStars, { rating, t }) : null;
  /** @param {number} stars */
  async function rate(stars) {
    given.value = stars;
    refused.value = "";
    try {
      await wire.request({ kind: "action", action: "annotate", job: row.id, rating: stars });
    } catch (reason) {
      given.value = null;
      refused.value = reasonText(reason);
      announcer.say(refused.value);
    }
  }
  return [
    h(Stars, { rating: given.value ?? rating, rate, label: `${t("rating")}: ${name}`, t }),
    refused.value && h("p", { class: "hn-message" }, refused.value),
  ];
}
