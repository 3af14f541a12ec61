// The clips as a table: one row a clip, columns to sort, show and hide. It loads no clip.

import { starText } from "./annotations.js";
import { sortValue } from "./board_rows.js";
import { column, dotted, h, icon, on, refill, replace, set, setText } from "./dom.js";
import { bytes, clock, percent, priceText, shortModel } from "./format.js";
import { MEASURED, scoreText } from "./scores.js";
import { SETTLED, tone } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */

/** The names of columns; those in `NAMES` tell who made a clip. */
export const COLUMNS = [
  ...[
    "prompt",
    "provider",
    "model",
    "camera",
    "format",
    "take",
    "state",
    "time",
    "cost",
    "bytes",
    "rating",
    "tags",
    "note",
    "task_id",
    "error",
  ],
  ...MEASURED,
];
export const DEFAULT_COLUMNS = [
  "prompt",
  "provider",
  "model",
  "format",
  "take",
  "state",
  "time",
  "cost",
  "rating",
  "adherence",
  "motion",
  "sharpness",
];
const NAMES = [
  "provider",
  "model",
  "format",
  "take",
  "time",
  "cost",
  "bytes",
  "task_id",
  "error",
  "measured_size",
  "measure_notes",
];

/**
 * @param {readonly string[]} chosen
 * @param {boolean} blind
 * @param {boolean} rated  whether there are marks at all
 * @param {boolean} [scored]  whether anything was measured */
export const shownColumns = (chosen, blind, rated, scored = false) =>
  COLUMNS.filter(
    (name) =>
      chosen.includes(name) &&
      !(blind && NAMES.includes(name)) &&
      (rated || name !== "rating") &&
      (scored || !MEASURED.includes(name)),
  );

/** @param {Row} row @param {string} column @param {Translate} t */
function cellText(row, column, t) {
  const value = sortValue(row, column, Date.now() / 1000);
  if (column === "cost") return priceText(row, t);
  if (MEASURED.includes(column)) return scoreText(row, column);
  if (value === null) return "";
  if (column === "format")
    return `${row.resolution} · ${t("common.seconds", { seconds: row.duration })}`;
  if (column === "model") return shortModel(row.model);
  if (column === "time") return clock(Number(value));
  if (column === "bytes") return bytes(row.bytes);
  if (column === "rating") return starText(row.rating);
  if (column === "provider" && row.simulated) return `${value} (${t("common.simulated")})`;
  if (column !== "state") return String(value);
  const state = t(`state.${row.state}`);
  return !SETTLED.has(row.state) && row.progress ? `${state} ${percent(row.progress)}` : state;
}

/**
 * @param {import("./card.js").Board} board
 * @param {{sort: (by: string) => void, show: (id: string) => void}} callbacks
 */
export function tableView({ t, clips, loader, signal }, callbacks) {
  const head = h("tr");
  const body = h("tbody");
  const table = h("table.table", h("thead", head), body);
  const el = h("div.scroll", { role: "region", tabindex: 0, label: t("view.table") }, table);
  /** @type {Map<string, ReturnType<typeof makeLine>>} */
  const lines = new Map();

  /**
   * @param {Row[]} rows @param {string[]} columns @param {import("./board_rows.js").Sort} sort
   * @param {(id: string) => string} nameOf
   */
  function show(rows, columns, sort, nameOf) {
    showHead(columns, sort);
    const wanted = new Set(rows.map(({ id }) => id));
    for (const id of lines.keys()) if (!wanted.has(id)) drop(id);
    const parts = rows.map((row) => {
      const line = lines.get(row.id) ?? makeLine(row.id);
      lines.set(row.id, line);
      line.update(row, columns, nameOf(row.id));
      return line.el;
    });
    // Lines that stand in their order stay, and with them the focus.
    if (
      parts.some((part, index) => body.children[index] !== part) ||
      body.children.length > parts.length
    )
      replace(body, parts);
  }

  /** @param {string[]} columns @param {import("./board_rows.js").Sort} sort */
  function showHead(columns, sort) {
    refill(head, columns, () => {
      for (const id of lines.keys()) drop(id);
      const cell = (/** @type {string} */ name) =>
        h(
          "th",
          {
            scope: "col",
            "data-column": name,
            title: MEASURED.includes(name) ? t(`about.${name}`) : null,
          },
          h("button.sort", { onclick: () => callbacks.sort(name) }, t(`column.${name}`)),
        );
      return [column(h("span.sr", t("column.clip"))), ...columns.map(cell)];
    });
    const way = sort.down ? "descending" : "ascending";
    for (const th of head.children)
      set(th, { "aria-sort": th.getAttribute("data-column") === sort.by ? way : null });
  }

  /** @param {string} id */
  function drop(id) {
    loader.items.delete(/** @type {ReturnType<typeof makeLine>} */ (lines.get(id)));
    lines.delete(id);
  }

  /** The line of a clip: far from the window its name and prompt alone. @param {string} id */
  function makeLine(id) {
    /** @type {[Row, string[], string] | null} */
    let shown = null;
    /** @type {ReturnType<typeof makeCells> | null} */
    let cells = null;
    const line = {
      el: h("tr", { "data-job": id, "data-far": true }),
      get built() {
        return cells !== null;
      },
      build() {
        cells = makeCells(id, shown?.[1].length ?? 0);
        set(line.el, { "data-far": null });
        replace(line.el, cells.all);
        if (shown) updateCells(cells, ...shown);
      },
      release() {
        if (line.el.matches(":focus-within")) return;
        set(line.el, { "data-far": true });
        showFar();
        cells = null;
      },
      ...{ wanted: false, loaded: false, load() {}, unload() {} },
      /** @param {Row} row @param {string[]} columns @param {string} clip */
      update(row, columns, clip) {
        shown = [row, columns, clip];
        set(line.el, { "data-state": row.state });
        if (cells) updateCells(cells, row, columns, clip);
        else showFar();
      },
    };
    loader.items.add(line);
    return line;

    function showFar() {
      const [row, columns, clip] = shown ?? [];
      const text = dotted(clip, row?.prompt);
      if (line.el.textContent !== text || line.built)
        replace(line.el, h("td", { colspan: (columns?.length ?? 0) + 1 }, text));
    }
  }

  /** @param {string} id @param {number} count */
  function makeCells(id, count) {
    const image = h("img.thumb", { alt: "", loading: "lazy", hidden: true });
    const onclick = () => callbacks.show(id);
    const open = h("button.thumb-button", { onclick }, image, icon("play"));
    const cells = Array.from({ length: count }, () => h("td"));
    return { all: [h("td.thumb-cell", open), ...cells], cells, image, open, poster: "" };
  }

  /**
   * @param {ReturnType<typeof makeCells>} line
   * @param {Row} row
   * @param {string[]} columns
   * @param {string} clip
   */
  function updateCells(line, row, columns, clip) {
    set(line.open, { label: t("table.show", { clip }) });
    if (line.poster !== row.poster) {
      line.poster = row.poster;
      if (row.poster) void clips.poster(line.image, row);
    }
    line.cells.forEach((cell, index) => {
      const column = columns[index] ?? "";
      const text = cellText(row, column, t);
      setText(cell, text);
      set(cell, {
        "data-column": column,
        "data-tone": column === "state" ? tone(row.state) : null,
        label: column === "rating" && text ? t("stars", { count: row.rating }) : null,
        title: text.length > 60 ? text : null,
      });
    });
  }

  on(signal, "abort", () => {
    for (const id of lines.keys()) drop(id);
  });
  return { el, show };
}
