// What chooses how the board shows its clips: view, grouping, order, filters. Knows choices; not cards.

import { AXES, NO_FILTER, filtersSet, tagsOf, valuesOf } from "./board_rows.js";
import { h, replace, setAttribute, setText } from "./dom.js";
import { COLUMNS } from "./table_view.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./view_state.js").View} View */

/**
 * @param {import("./card.js").Board} board @param {(patch: Partial<View>) => void} change
 */
export function toolbar(board, change) {
  const { t } = board;
  /** @type {View | null} */
  let now = null;
  const views = ["grid", "matrix", "table", "pair", "vote"].map((view) =>
    h("button.hn-button.hn-small", { data: { view }, on: { click: () => change({ view }) } }, t(`board.view.${view}`)),
  );
  const axis = (/** @type {string} */ key, /** @type {"group" | "down" | "across"} */ name, /** @type {string[]} */ axes) => {
    const select = h("select.hn-select", { on: { change: () => change({ [name]: select.value }) } }, ...axes.map((by) => h("option", { value: by }, t(by ? `board.column.${by}` : "board.group.off"))));
    return { select, el: h("label.hn-pick-one", {}, h("span", {}, t(key)), select) };
  };
  const group = axis("board.group", "group", ["", ...AXES]);
  const down = axis("board.rows", "down", AXES);
  const across = axis("board.across", "across", AXES);
  const sort = h("select.hn-select", { on: { change: () => {
    const [by, way] = sort.value.split(" ");
    change({ sort: { by: by ?? "", down: way === "down" } });
  } } }, ...["", "rating down", "time", "cost", "provider", "model", "prompt", "state"].map((by) => h("option", { value: by }, by ? t(`board.column.${by.split(" ")[0]}`) : t("board.sort.none"))));
  const sortLabel = h("label.hn-pick-one", {}, h("span", {}, t("board.sort")), sort);
  const columns = h("button.hn-button.hn-small", { "aria-haspopup": "menu", "aria-expanded": "false", on: { click: () => board.menu.open(columns, t("board.columns"), () => COLUMNS.map((name) => {
    const shown = now?.columns.includes(name) ?? false;
    const next = shown ? (now?.columns ?? []).filter((one) => one !== name) : [...(now?.columns ?? []), name];
    return { label: t(`board.column.${name}`), checked: shown, stay: true, run: () => change({ columns: next }) };
  })) } }, t("board.columns"));
  const blind = h("button.hn-button.hn-small", { title: t("board.blind.hint"), on: { click: () => change({ blind: !now?.blind }) } }, t("board.blind"));
  const filters = h("button.hn-button.hn-small", { on: { click: () => change({ filtering: !now?.filtering }) } });

  const text = h("input", { type: "search", class: "hn-input", placeholder: t("board.filter.text"), "aria-label": t("board.filter.text") });
  text.addEventListener("input", (event) => {
    if (!(/** @type {InputEvent} */ (event).isComposing)) set({ text: text.value });
  });
  text.addEventListener("compositionend", () => set({ text: text.value }));
  const set = (/** @type {Partial<import("./board_rows.js").Filter>} */ patch) => change({ filter: { ...(now?.filter ?? NO_FILTER), ...patch } });
  const facet = (/** @type {"provider" | "state" | "tag" | "rating"} */ name) => {
    const select = h("select.hn-select", { "aria-label": t(`board.filter.${name}`), on: { change: () => set({ [name]: name === "rating" ? Number(select.value) : select.value }) } });
    return select;
  };
  const [provider, state, rating, tag] = [facet("provider"), facet("state"), facet("rating"), facet("tag")];
  const clear = h("button.hn-button.hn-small.hn-quiet", { on: { click: () => change({ filter: { ...NO_FILTER } }) } }, t("board.filter.clear"));
  const count = h("span.hn-soft");
  const filterRow = h("div.hn-row.hn-filters", { role: "search", "aria-label": t("board.filter") }, text, provider, state, rating, tag, clear, count);
  const el = h("div.hn-toolbar", {}, h("div.hn-row", {},
    h("div.hn-segments", { role: "group", "aria-label": t("board.views") }, ...views),
    group.el, down.el, across.el, sortLabel, columns, filters, blind), filterRow);

  /** @param {View} view @param {Row[]} all */
  function facets(view, all) {
    options(provider, t("board.filter.provider"), valuesOf(all, "provider").map(({ key, label }) => ({ value: key, label: named(all, key, label, t) })), view.filter.provider);
    options(state, t("board.filter.state"), valuesOf(all, "state").map(({ key }) => ({ value: key, label: t(`board.state.${key}`) })), view.filter.state);
    options(rating, t("board.filter.rating"), [1, 2, 3, 4, 5].map((value) => ({ value: String(value), label: `${"★".repeat(value)}${value < 5 ? " +" : ""}` })), String(view.filter.rating || ""));
    options(tag, t("board.filter.tag"), tagsOf(all).map((value) => ({ value, label: value })), view.filter.tag);
  }

  /** @param {View} view @param {Row[]} all @param {number} shown  how many pass */
  function update(view, all, shown) {
    now = view;
    el.hidden = all.length < 2;
    const saved = all.filter((row) => row.state === "saved").length;
    for (const button of views) {
      const name = button.dataset.view ?? "";
      setAttribute(button, "aria-pressed", String(name === view.view));
      button.hidden = (name === "pair" && saved < 2) || (name === "vote" && (saved < 2 || !board.acts.includes("vote")));
    }
    group.el.hidden = view.view !== "grid";
    down.el.hidden = across.el.hidden = view.view !== "matrix";
    columns.hidden = view.view !== "table";
    sortLabel.hidden = view.blind || !["grid", "matrix"].includes(view.view);
    group.select.value = view.group;
    down.select.value = view.down;
    across.select.value = view.across;
    sort.value = [...sort.options].find(({ value }) => value.split(" ")[0] === view.sort.by)?.value ?? "";
    const many = filtersSet(view.filter);
    setText(filters, many ? t("board.filter.set", { count: many }) : t("board.filter"));
    setAttribute(filters, "aria-expanded", String(view.filtering));
    filterRow.hidden = !view.filtering;
    setAttribute(blind, "aria-pressed", String(view.blind));
    blind.hidden = view.view === "vote" || view.view === "pair";
    if (text !== document.activeElement) text.value = view.filter.text;
    provider.hidden = view.blind;
    if (view.filtering) facets(view, all);
    rating.hidden = tag.hidden = !board.acts.includes("judge") && !all.some((row) => row.rating || row.tags?.length);
    setText(count, t("board.filter.count", { shown, count: all.length }));
    clear.hidden = many === 0;
  }
  return { el, update, text };
}

/** A provider and its stand-in have one title. @param {Row[]} rows @param {string} key @param {string} label @param {import("./types.js").Translate} t */
function named(rows, key, label, t) {
  return rows.some((row) => row.provider === key && row.simulated) ? `${label} (${t("common.simulated")})` : label;
}

/** @param {HTMLSelectElement} select @param {string} any @param {{value: string, label: string}[]} list @param {string} value */
function options(select, any, list, value) {
  const wanted = [{ value: "", label: any }, ...list];
  const key = wanted.map((option) => `${option.value}\t${option.label}`).join("\n");
  if (select.dataset.key !== key) {
    select.dataset.key = key;
    replace(select, ...wanted.map((option) => h("option", { value: option.value }, option.label)));
  }
  select.value = value;
}
