// Chooses how the board shows its clips: view, grouping, order, filters.

import { AXES, filtersSet, tagsOf, valuesOf } from "./board_rows.js";
import { button, choice, h, hasFocus, on, options, refill, select, set, setText } from "./dom.js";
import { NO_FILTER, VIEWS } from "./protocol.js";
import { hasScores, MEASURED, SHORT } from "./scores.js";
import { COLUMNS } from "./table_view.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./view_state.js").View} View */

const SORTS = ["", "rating down", "time", "cost", "provider", "model", "prompt", "state"];
const MEASURED_SORTS = SHORT.map((name) => `${name} down`);
const FACETS = /** @type {const} */ (["provider", "state", "rating", "tag"]);

/**
 * @param {import("./card.js").Board} board @param {(patch: Partial<View>) => void} change
 */
export function toolbar({ t, menu, actions }, change) {
  /** @type {View | null} */
  let now = null;
  let scored = false;
  const filterOf = () => now?.filter ?? NO_FILTER;
  const views = choice(
    t("views"),
    "view",
    VIEWS.map((view) => [view, t(`view.${view}`)]),
    (view) => change({ view }),
  );
  /** @param {string} text @param {HTMLSelectElement} box */
  const labelled = (text, box) => ({ box, el: h("label.pick-one", h("span", text), box) });
  /** @param {string} text @param {"group" | "down" | "across"} name @param {string[]} axes */
  const axis = (text, name, axes) => {
    const words = (/** @type {string} */ by) => t(by ? `column.${by}` : "group.off");
    const box = select(
      { onchange: () => change({ [name]: box.value }) },
      axes.map((by) => [by, words(by)]),
    );
    return labelled(text, box);
  };
  const group = axis(t("group"), "group", ["", ...AXES]);
  const down = axis(t("rows"), "down", AXES);
  const across = axis(t("across"), "across", AXES);
  const sortWords = (/** @type {string} */ by) =>
    by ? t(`column.${by.split(" ")[0]}`) : t("sort.none");
  const sort = labelled(t("sort"), select({ onchange: order }, []));
  const columns = button(
    ".small",
    t("columns"),
    () => menu.open(columns, t("columns"), columnItems),
    {
      "aria-haspopup": "menu",
      "aria-expanded": false,
    },
  );
  const hint = { title: t("blind.hint") };
  const blind = button(".small", t("blind"), () => change({ blind: !now?.blind }), hint);
  const filters = button(".small", "", () => change({ filtering: !now?.filtering }));

  const placeholder = t("filter.text");
  const text = h("input.input", { type: "search", placeholder, label: placeholder });
  on(
    text,
    "input compositionend",
    ({ isComposing }) => isComposing || narrow({ text: text.value }),
  );
  const facets = FACETS.map((name) => {
    const onchange = () => narrow({ [name]: name === "rating" ? Number(box.value) : box.value });
    const box = select({ label: t(`filter.${name}`), onchange }, []);
    return { name, box };
  });
  const clear = button(".small.quiet", t("filter.clear"), () =>
    change({ filter: { ...NO_FILTER } }),
  );
  const count = h("span.soft");
  const boxes = facets.map(({ box }) => box);
  const search = { role: "search", label: t("filter") };
  const filterRow = h("div.row.filters", search, text, boxes, clear, count);
  const choices = h(
    "div.row",
    views.el,
    group.el,
    down.el,
    across.el,
    sort.el,
    columns,
    filters,
    blind,
  );
  const el = h("div.toolbar", choices, filterRow);

  function order() {
    const [by = "", way] = sort.box.value.split(" ");
    change({ sort: { by, down: way === "down" } });
  }

  function columnItems() {
    const shown = now?.columns ?? [];
    return COLUMNS.filter((name) => scored || !MEASURED.includes(name)).map((name) => {
      const checked = shown.includes(name);
      const next = checked ? shown.filter((one) => one !== name) : [...shown, name];
      return {
        label: t(`column.${name}`),
        checked,
        stay: true,
        run: () => change({ columns: next }),
      };
    });
  }

  /** @param {Partial<import("./board_rows.js").Filter>} patch */
  function narrow(patch) {
    change({ filter: { ...filterOf(), ...patch } });
  }

  /**
   * What can be filtered by: what the rows hold.
   * @type {Record<typeof FACETS[number], (all: Row[]) => [string, string][]>}
   */
  const values = {
    provider: (all) =>
      valuesOf(all, "provider").map(({ key, label }) => [key, named(all, key, label, t)]),
    state: (all) => valuesOf(all, "state").map(({ key }) => [key, t(`state.${key}`)]),
    rating: () =>
      [1, 2, 3, 4, 5].map((stars) => [
        String(stars),
        `${"★".repeat(stars)}${stars < 5 ? " +" : ""}`,
      ]),
    tag: (all) => tagsOf(all).map((tag) => [tag, tag]),
  };

  /**
   * @param {View} view @param {Row[]} all @param {number} shown  how many pass
   * @param {boolean} summed  whether there is a summary
   */
  function update(view, all, shown, summed) {
    now = view;
    el.hidden = all.length < 2;
    const several = all.filter((row) => row.state === "saved").length > 1;
    const rated = actions.includes("annotate") || all.some((row) => row.rating || row.tags.length);
    const what = view.view;
    views.show(what);
    for (const [name, one] of views.buttons)
      one.hidden =
        (name === "pair" && !several) ||
        (name === "summary" && !summed) ||
        (name === "vote" && !(several && actions.includes("vote")));
    group.el.hidden = what !== "grid";
    down.el.hidden = across.el.hidden = what !== "matrix";
    columns.hidden = what !== "table";
    sort.el.hidden = view.blind || !["grid", "matrix"].includes(what);
    group.box.value = view.group;
    down.box.value = view.down;
    across.box.value = view.across;
    scored = hasScores(all);
    const sorts = scored ? [...SORTS, ...MEASURED_SORTS] : SORTS;
    refill(sort.box, scored, () => options(sorts.map((by) => [by, sortWords(by)])));
    sort.box.value = sorts.find((by) => by.split(" ")[0] === view.sort.by) ?? "";
    const many = filtersSet(view.filter);
    setText(filters, many ? t("filter.set", { count: many }) : t("filter"));
    set(filters, { "aria-expanded": view.filtering });
    set(blind, { "aria-pressed": view.blind });
    blind.hidden = what === "vote" || what === "pair";
    filterRow.hidden = !view.filtering;
    if (!hasFocus(text)) text.value = view.filter.text;
    for (const { name, box } of facets) {
      box.hidden = name === "provider" ? view.blind : name !== "state" && !rated;
      if (!view.filtering) continue;
      const list = /** @type {[string, string][]} */ ([
        ["", t(`filter.${name}`)],
        ...values[name](all),
      ]);
      refill(box, list, () => options(list));
      box.value = String(view.filter[name] || "");
    }
    setText(count, t("filter.count", { shown, count: all.length }));
    clear.hidden = many === 0;
  }
  return { el, update, text };
}

/**
 * A provider and its stand-in have one title.
 * @param {Row[]} rows
 * @param {string} key
 * @param {string} label
 * @param {import("./types.js").Translate} t
 */
function named(rows, key, label, t) {
  return rows.some((row) => row.provider === key && row.simulated)
    ? `${label} (${t("common.simulated")})`
    : label;
}
