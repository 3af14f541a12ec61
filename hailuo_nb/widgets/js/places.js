// Where the cards stand: in sections of a grid, or in the cells of a matrix. A card is moved, never made again, so that
// a clip that plays goes on playing.

import { h, setText, uniqueId } from "./dom.js";
import { columns } from "./layout.js";

/** @typedef {import("./board_rows.js").Group} Group */
/** @typedef {{el: HTMLElement, list: HTMLElement, title: HTMLElement}} Section */
/** @typedef {ReturnType<typeof import("./board_rows.js").matrixOf>} Matrix */

export class Places {
  /** @param {import("./types.js").Translate} t @param {(id: string) => HTMLElement} elementOf  the card of a row */
  constructor(t, elementOf) {
    this.t = t;
    this.elementOf = elementOf;
    this.el = h("div.hn-places");
    /** @type {Map<string, Section>} */
    this.sections = new Map();
    /** @type {HTMLElement | null} */
    this.matrix = null;
    this.matrixKeys = "";
    /** @type {HTMLElement[]} */
    this.cells = [];
    this.most = 0;
  }

  /** @param {Group[]} groups @param {boolean} titled  whether each has a heading */
  showGroups(groups, titled) {
    const wanted = new Set(groups.flatMap(({ rows }) => rows.map(({ id }) => this.elementOf(id))));
    const shown = groups.map((group) => {
      const section = this.sections.get(group.key) ?? this.makeSection();
      this.sections.set(group.key, section);
      setText(section.title, titled ? `${group.label || this.t("board.group.none")} (${group.rows.length})` : "");
      section.title.hidden = !titled;
      return section;
    });
    const here = new Set(/** @type {HTMLElement[]} */ ([...this.el.children]));
    fill(this.el, shown.map(({ el }) => el), here);
    groups.forEach(({ rows }, index) => {
      const list = shown[index]?.list;
      if (list) fill(list, rows.map(({ id }) => this.elementOf(id)), wanted);
    });
    this.most = Math.max(0, ...groups.map(({ rows }) => rows.length));
    this.dropMatrix();
    this.dropSections(new Set(groups.map(({ key }) => key)));
    this.arrange();
  }

  /** @param {Matrix} matrix @param {string} corner  names the axes */
  showMatrix(matrix, corner) {
    const keys = JSON.stringify([corner, matrix.columns, matrix.rows.map(({ key, label }) => [key, label])]);
    const stale = this.matrix;
    if (keys !== this.matrixKeys || !stale) {
      this.matrixKeys = keys;
      this.matrix = this.makeMatrix(matrix, corner);
      this.el.append(this.matrix);
    }
    const all = matrix.rows.flatMap(({ cells }) => cells);
    const wanted = new Set(all.flatMap((rows) => rows.map(({ id }) => this.elementOf(id))));
    all.forEach((rows, index) => {
      const cell = this.cells[index];
      if (cell) fill(cell, rows.map(({ id }) => this.elementOf(id)), wanted);
    });
    if (stale && stale !== this.matrix) stale.remove();
    this.dropSections(new Set());
  }

  /** As many cards side by side as fill the width evenly. */
  arrange() {
    const text = String(columns(this.most, this.el.clientWidth || 900));
    if (this.el.style.getPropertyValue("--hn-columns") !== text) this.el.style.setProperty("--hn-columns", text);
  }

  /** @returns {Section} */
  makeSection() {
    const id = uniqueId("group");
    const title = h("h4.hn-group-title", { id });
    const list = h("ul.hn-grid", { role: "list", "aria-label": this.t("board.list") });
    return { el: h("div.hn-group", {}, title, list), list, title };
  }

  /** @param {Matrix} matrix @param {string} corner */
  makeMatrix(matrix, corner) {
    const none = this.t("board.group.none");
    const head = h("tr", {}, h("th", { scope: "col", class: "hn-corner" }, corner), ...matrix.columns.map(({ label }) => h("th", { scope: "col" }, label || none)));
    this.cells = [];
    const body = matrix.rows.map(({ label, cells }) => {
      const own = cells.map(() => h("ul.hn-cell", { role: "list" }));
      this.cells.push(...own);
      return h("tr", {}, h("th", { scope: "row" }, h("div", { title: label }, label || none)), ...own.map((list) => h("td", {}, list)));
    });
    const table = h("table.hn-matrix", {}, h("thead", {}, head), h("tbody", {}, ...body));
    table.style.setProperty("--hn-across", String(matrix.columns.length));
    return h("div.hn-scroll", { role: "region", tabindex: 0, "aria-label": this.t("board.view.matrix") }, table);
  }

  dropMatrix() {
    this.matrix?.remove();
    this.matrix = null;
    this.cells = [];
  }

  /** @param {Set<string>} kept */
  dropSections(kept) {
    for (const [key, { el }] of this.sections) {
      if (kept.has(key)) continue;
      el.remove();
      this.sections.delete(key);
    }
  }
}

/**
 * Let `parent` hold these elements in this order. What stands here and is wanted elsewhere is left for there to fetch.
 * @param {HTMLElement} parent @param {HTMLElement[]} elements @param {Set<HTMLElement>} wanted
 */
function fill(parent, elements, wanted) {
  // `moveBefore` keeps a video playing; browsers without it start again at the player's next look.
  const mover = /** @type {HTMLElement & {moveBefore?: (node: Node, child: Node | null) => void}} */ (parent);
  let cursor = parent.firstElementChild;
  for (const el of elements) {
    if (el === cursor) cursor = cursor.nextElementSibling;
    else if (mover.moveBefore && el.isConnected && parent.isConnected) mover.moveBefore(el, cursor);
    else parent.insertBefore(el, cursor);
  }
  while (cursor) {
    const next = cursor.nextElementSibling;
    if (!wanted.has(/** @type {HTMLElement} */ (cursor))) cursor.remove();
    cursor = next;
  }
}
