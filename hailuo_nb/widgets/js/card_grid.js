// Lays the cards out in sections of a grid or in the cells of a matrix. A card is moved, never made
// again, so that a playing clip goes on playing.

import { column, h, showText, uniqueId } from "./dom.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./board_rows.js").Group} Group */
/** @typedef {ReturnType<typeof import("./board_rows.js").matrixOf>} Matrix */

/**
 * @param {import("./types.js").Translate} t
 * @param {(id: string) => HTMLElement} elementOf  the card of a row
 */
export function cardGrid(t, elementOf) {
  const el = h("div.card-grid");
  /** @type {Map<string, {el: HTMLElement, list: HTMLElement, title: HTMLElement}>} */
  const sections = new Map();
  /** @type {{el: HTMLElement, cells: HTMLElement[], key: string} | null} */
  let matrix = null;
  let most = 0;
  const none = t("group.none");

  /**
   * Each list with the cards of its rows.
   * @param {HTMLElement[]} lists
   * @param {Row[][]} rows  of each
   */
  function deal(lists, rows) {
    const cards = rows.map((own) => own.map(({ id }) => elementOf(id)));
    const wanted = new Set(cards.flat());
    for (const [index, list] of lists.entries()) fill(list, cards[index] ?? [], wanted);
  }

  /** @param {Group[]} groups @param {boolean} titled  whether each has a heading */
  function showGroups(groups, titled) {
    const shown = groups.map(({ key, label, rows }) => {
      const section = sections.get(key) ?? makeSection();
      sections.set(key, section);
      showText(section.title, titled ? `${label || none} (${rows.length})` : "");
      return section;
    });
    // What goes must first give away its cards: a card that leaves the page stops playing.
    fill(
      el,
      shown.map((section) => section.el),
      new Set(el.children),
    );
    deal(
      shown.map(({ list }) => list),
      groups.map(({ rows }) => rows),
    );
    most = Math.max(0, ...groups.map(({ rows }) => rows.length));
    matrix?.el.remove();
    matrix = null;
    dropSections(groups.map(({ key }) => key));
    arrange();
  }

  /** @param {Matrix} wanted @param {string} corner  names the axes */
  function showMatrix(wanted, corner) {
    const key = JSON.stringify([
      corner,
      wanted.columns,
      wanted.rows.map(({ key, label }) => [key, label]),
    ]);
    const stale = matrix;
    if (matrix?.key !== key) {
      matrix = { ...makeMatrix(wanted, corner), key };
      el.append(matrix.el);
    }
    deal(
      matrix.cells,
      wanted.rows.flatMap(({ cells }) => cells),
    );
    if (stale !== matrix) stale?.el.remove();
    dropSections([]);
  }

  /** As many cards side by side as fill the width evenly. */
  function arrange() {
    el.style.setProperty("--hn-columns", String(columns(most, el.clientWidth || 900)));
  }

  function makeSection() {
    const title = h("h4.group-title", { id: uniqueId("group") });
    const list = h("ul.grid", { role: "list", label: t("list") });
    return { el: h("div.group", title, list), list, title };
  }

  /** @param {Matrix} wanted @param {string} corner */
  function makeMatrix(wanted, corner) {
    const heads = wanted.columns.map(({ label }) => column(label || none));
    /** @type {HTMLElement[]} */
    const cells = [];
    const lines = wanted.rows.map(({ label, cells: { length } }) => {
      const own = Array.from({ length }, () => h("ul.cell", { role: "list" }));
      cells.push(...own);
      const head = h("th", { scope: "row" }, h("div", { title: label }, label || none));
      return h(
        "tr",
        head,
        own.map((list) => h("td", list)),
      );
    });
    const head = h("tr", h("th.corner", { scope: "col" }, corner), heads);
    const table = h("table.matrix", h("thead", head), h("tbody", lines));
    table.style.setProperty("--hn-across", String(heads.length));
    return {
      el: h("div.scroll", { role: "region", tabindex: 0, label: t("view.matrix") }, table),
      cells,
    };
  }

  /** @param {string[]} kept */
  function dropSections(kept) {
    for (const [key, section] of sections) {
      if (kept.includes(key)) continue;
      section.el.remove();
      sections.delete(key);
    }
  }
  return { el, showGroups, showMatrix, arrange };
}

/**
 * Let `parent` hold these elements in this order. What stands here and is wanted elsewhere is left
 * for there to fetch.
 * @param {HTMLElement} parent @param {HTMLElement[]} elements @param {Set<Element>} wanted
 */
function fill(parent, elements, wanted) {
  // `moveBefore` keeps a video playing; browsers without it start again at the player's next look.
  const mover =
    /** @type {HTMLElement & {moveBefore?: (node: Node, child: Node | null) => void}} */ (parent);
  let cursor = parent.firstElementChild;
  for (const el of elements) {
    if (el === cursor) cursor = cursor.nextElementSibling;
    else if (mover.moveBefore && el.isConnected && parent.isConnected) mover.moveBefore(el, cursor);
    else parent.insertBefore(el, cursor);
  }
  while (cursor) {
    const next = cursor.nextElementSibling;
    if (!wanted.has(cursor)) cursor.remove();
    cursor = next;
  }
}

/**
 * The number of columns that fills `width` evenly: four clips stand 4, 2 x 2 or one above the
 * other, never 3 + 1.
 * @param {number} count  cards
 * @param {number} width  pixels of the board
 * @param {{narrowest?: number, gap?: number}} [limits]
 */
export function columns(count, width, { narrowest = 256, gap = 12 } = {}) {
  const most = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  if (count <= most) return Math.max(1, count);
  const rows = Math.ceil(count / most);
  return Math.ceil(count / rows);
}
