// The clips as a table to sort and to scan: one line a clip, columns to show and hide. No clip is loaded for it.

import { sortValue } from "./board_rows.js";
import { h, replace, setAttribute, setText } from "./dom.js";
import { bytes, clock, percent, shortModel } from "./format.js";
import { starText } from "./judging.js";
import { SETTLED, tone } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./dom.js").Part<Row>} Line */

/** The names of columns; those in `NAMES` tell who made a clip. */
export const COLUMNS = ["prompt", "provider", "model", "camera", "format", "take", "state", "time", "cost", "bytes", "rating", "tags", "note", "task_id", "error"];
export const AT_FIRST = ["prompt", "provider", "model", "format", "take", "state", "time", "cost", "rating"];
const NAMES = new Set(["provider", "model", "format", "take", "time", "cost", "bytes", "task_id", "error"]);

/** @param {readonly string[]} chosen @param {boolean} blind @param {boolean} judged  whether there are marks at all */
export function shownColumns(chosen, blind, judged) {
  return COLUMNS.filter((name) => chosen.includes(name) && !(blind && NAMES.has(name)) && (judged || name !== "rating"));
}

/** @param {Row} row @param {string} column @param {import("./types.js").Translate} t */
function cellText(row, column, t) {
  const value = sortValue(row, column, Date.now() / 1000);
  if (value === null) return column === "cost" ? row.cost : "";
  if (column === "format") return `${row.resolution} · ${t("common.seconds", { seconds: row.duration })}`;
  if (column === "model") return shortModel(row.model);
  if (column === "time") return clock(Number(value));
  if (column === "cost") return row.cost;
  if (column === "bytes") return bytes(row.bytes);
  if (column === "rating") return starText(row.rating ?? 0);
  if (column !== "state") return String(value);
  const state = t(`board.state.${row.state}`);
  const moving = !SETTLED.has(row.state) && row.progress;
  return moving ? `${state} ${percent(row.progress)}` : state;
}

export class TableView {
  /** @param {import("./card.js").Board} board @param {{sort: (by: string) => void, show: (id: string) => void}} on */
  constructor(board, on) {
    this.board = board;
    this.on = on;
    this.head = h("tr");
    this.body = h("tbody");
    const table = h("table.hn-table", {}, h("thead", {}, this.head), this.body);
    this.el = h("div.hn-scroll", { role: "region", tabindex: 0, "aria-label": board.t("board.view.table") }, table);
    /** @type {Map<string, {el: HTMLTableRowElement, cells: HTMLTableCellElement[], poster: string, image: HTMLImageElement, open: HTMLButtonElement}>} */
    this.lines = new Map();
    this.columns = "";
  }

  /**
   * @param {Row[]} rows @param {string[]} columns @param {import("./board_rows.js").Sort} sort
   * @param {(row: Row) => string} nameOf
   */
  show(rows, columns, sort, nameOf) {
    this.showHead(columns, sort);
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, { el }] of this.lines) {
      if (wanted.has(id)) continue;
      el.remove();
      this.lines.delete(id);
    }
    rows.forEach((row, index) => {
      const line = this.lines.get(row.id) ?? this.makeLine(row, columns.length);
      if (this.body.children[index] !== line.el) this.body.insertBefore(line.el, this.body.children[index] ?? null);
      this.update(line, row, columns, nameOf(row));
    });
  }

  /** @param {string[]} columns @param {import("./board_rows.js").Sort} sort */
  showHead(columns, sort) {
    const { t } = this.board;
    const keys = columns.join(" ");
    if (keys !== this.columns) {
      this.columns = keys;
      this.lines.clear();
      replace(this.body);
      const cell = (/** @type {string} */ name) =>
        h("th", { scope: "col", data: { column: name } }, h("button.hn-sort", { on: { click: () => this.on.sort(name) } }, t(`board.column.${name}`)));
      replace(this.head, h("th", { scope: "col" }, h("span.hn-sr", {}, t("board.column.clip"))), ...columns.map(cell));
    }
    for (const th of this.head.children) {
      const own = /** @type {HTMLElement} */ (th).dataset.column === sort.by;
      setAttribute(th, "aria-sort", own ? (sort.down ? "descending" : "ascending") : null);
    }
  }

  /** @param {Row} row @param {number} count */
  makeLine(row, count) {
    const image = h("img.hn-thumb", { alt: "", loading: "lazy", hidden: true });
    const open = h("button.hn-thumb-button", { on: { click: () => this.on.show(row.id) } }, image, h("span.hn-icon", { "data-icon": "play", "aria-hidden": "true" }));
    const cells = Array.from({ length: count }, () => h("td"));
    const el = h("tr", { data: { job: row.id } }, h("td.hn-thumb-cell", {}, open), ...cells);
    const line = { el, cells, poster: "", image, open };
    this.lines.set(row.id, line);
    return line;
  }

  /** @param {ReturnType<TableView["makeLine"]>} line @param {Row} row @param {string[]} columns @param {string} name */
  update(line, row, columns, name) {
    const { t, clips } = this.board;
    setAttribute(line.el, "data-state", row.state);
    setAttribute(line.open, "aria-label", t("board.table.show", { clip: name }));
    if (line.poster !== row.poster) {
      line.poster = row.poster;
      if (row.poster) void clips.poster(line.image, row);
    }
    columns.forEach((column, index) => {
      const cell = line.cells[index];
      if (!cell) return;
      const text = column === "provider" && row.simulated ? `${cellText(row, column, t)} (${t("common.simulated")})` : cellText(row, column, t);
      setText(cell, text);
      setAttribute(cell, "data-column", column);
      setAttribute(cell, "data-tone", column === "state" ? tone(row.state) : null);
      if (column === "rating" && text) setAttribute(cell, "aria-label", t("board.stars", { count: row.rating ?? 0 }));
      if (text.length > 60) setAttribute(cell, "title", text);
    });
  }
}
