// Chooses how the board shows its clips: view, density, grouping, order, filters.

import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { axesOf, axisName, filtersSet, groupRows, ownOf, tagsOf } from "./board_rows.js";
import { Button, Choice, Select, worded } from "./components.js";
import { hasFocus } from "./dom.js";
import { MenuButton } from "./menu.js";
import { NO_FILTER, VIEWS } from "./protocol.js";
import { columnName, shortScores } from "./scores.js";
import { DENSITIES } from "./view_state.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */

const SORTS = ["", "rating down", "time", "cost", "provider", "model", "prompt", "state"];

/** @param {{board: Board}} props */
export function Toolbar({ board }) {
  const { t, store, change, model } = board;
  const rows = store.rows.value;
  const view = store.view.value;
  const what = store.what.value;
  if (rows.length < 2) return null;
  const cards = what === "grid" || what === "matrix";
  const able = /** @type {Record<string, boolean>} */ (store.able.value);
  const axis = (/** @type {string} */ by) => (by ? axisName(by, t) : t("group.off"));
  const axes = axesOf(rows);
  const sorts = [...SORTS, ...shortScores(rows).map((name) => `${name} down`)];
  const sortWords = (/** @type {string} */ by) =>
    by
      ? columnName(by.split(" ")[0] ?? "", t)
      : t(model.get("newest_first") ? "sort.newest" : "sort.none");
  const many = filtersSet(view.filter);
  return h(
    "div",
    { class: "hn-toolbar" },
    h(
      "div",
      { class: "hn-row" },
      h(Choice, {
        label: t("views"),
        name: "view",
        choices: worded(
          VIEWS.filter((one) => able[one] ?? true),
          (one) => t(`view.${one}`),
        ),
        value: what,
        choose: (one) => change({ view: one }),
      }),
      cards &&
        h(Choice, {
          label: t("density"),
          name: "density",
          choices: worded(DENSITIES, (one) => t(`density.${one}`)),
          value: view.density,
          choose: (one) => change({ density: one }),
        }),
      what === "grid" &&
        h(PickOne, {
          ...{ label: t("group"), value: view.group, choices: worded(["", ...axes], axis) },
          choose: (group) => change({ group }),
        }),
      what === "matrix" &&
        [view.down, view.across].map((value, at) =>
          h(PickOne, {
            ...{ label: t(at ? "across" : "rows"), value, choices: worded(axes, axis) },
            choose: (one) => change(at ? { across: one } : { down: one }),
          }),
        ),
      cards &&
        !view.blind &&
        h(PickOne, {
          label: t("sort"),
          value: sorts.find((by) => by.split(" ")[0] === view.sort.by) ?? "",
          choices: worded(sorts, sortWords),
          choose: (chosen) => {
            const [by = "", way] = chosen.split(" ");
            change({ sort: { by, down: way === "down" } });
          },
        }),
      what === "table" && h(Columns, { board }),
      h(
        Button,
        {
          look: "small",
          "aria-expanded": view.filtering,
          onClick: () => change({ filtering: !view.filtering }),
        },
        many ? t("filter.set", { count: many }) : t("filter"),
      ),
      what !== "vote" &&
        what !== "pair" &&
        h(
          Button,
          {
            look: "small",
            "aria-pressed": view.blind,
            title: t("blind.hint"),
            onClick: () => change({ blind: !view.blind }),
          },
          t("blind"),
        ),
    ),
    view.filtering && h(Filters, { board }),
  );
}

/**
 * @param {{label: string, value: string, choices: [string, string][],
 *   choose: (value: string) => void}} props
 */
const PickOne = ({ label, ...props }) =>
  h("label", { class: "hn-pick-one" }, h("span", {}, label), h(Select, { title: label, ...props }));

/** @param {{board: Board}} props */
function Columns({ board: { t, store, menu, change } }) {
  const items = () => {
    const { offered, shown } = store.columns.value;
    return offered.map((name) => {
      const checked = shown.includes(name);
      const columns = { ...store.view.value.columns, [name]: !checked };
      return {
        label: columnName(name, t),
        checked,
        stay: true,
        run: () => change({ columns }),
      };
    });
  };
  return h(
    MenuButton,
    { look: "small", open: (button) => menu.open(button, t("columns"), items) },
    t("columns"),
  );
}

/** @param {{board: Board}} props */
function Filters({ board: { t, store, change } }) {
  const { filter, blind } = store.view.value;
  const rows = store.rows.value;
  const rated =
    store.actions.value.includes("annotate") || rows.some((row) => row.rating || row.tags.length);
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  // Whoever types is not disturbed, an input method least of all.
  useLayoutEffect(() => {
    if (box.current && !hasFocus(box.current)) box.current.value = filter.text;
  }, [filter.text]);
  const narrow = (/** @type {Partial<typeof filter>} */ patch) =>
    change({ filter: { ...filter, ...patch } });
  const typed = (/** @type {any} */ { isComposing }) =>
    isComposing || narrow({ text: box.current?.value ?? "" });
  /** @type {(name: "provider" | "state" | "rating" | "tag", choices: [string, string][]) => any} */
  const facet = (name, choices) =>
    choice(t(`filter.${name}`), String(filter[name] || ""), choices, (value) => ({
      [name]: name === "rating" ? Number(value) : value,
    }));
  /**
   * @type {(label: string, value: string, choices: [string, string][],
   *   patch: (value: string) => Partial<typeof filter>) => any}
   */
  const choice = (label, value, choices, patch) =>
    h(Select, {
      "aria-label": label,
      value,
      choices: [["", label], ...choices],
      choose: (/** @type {string} */ one) => narrow(patch(one)),
    });
  const providers = () =>
    groupRows(rows, "provider").map(
      ({ key, label }) => /** @type {[string, string]} */ ([key, named(rows, key, label, t)]),
    );
  const stars = (/** @type {number} */ count) => `${"★".repeat(count)}${count < 5 ? " +" : ""}`;
  return h(
    "div",
    { class: "hn-row hn-filters", role: "search", "aria-label": t("filter") },
    h("input", {
      ref: box,
      class: "hn-input",
      type: "search",
      placeholder: t("filter.text"),
      "aria-label": t("filter.text"),
      onInput: typed,
      onCompositionEnd: typed,
    }),
    !blind && facet("provider", providers()),
    facet(
      "state",
      groupRows(rows, "state").map(({ key }) => [key, t(`state.${key}`)]),
    ),
    rated &&
      facet(
        "rating",
        [1, 2, 3, 4, 5].map((count) => [String(count), stars(count)]),
      ),
    rated &&
      facet(
        "tag",
        worded(tagsOf(rows), (tag) => tag),
      ),
    !blind &&
      ownOf(rows).map(([name, values]) =>
        choice(
          name,
          filter.own[name] ?? "",
          worded(values, (value) => value),
          (value) => ({ own: { ...filter.own, [name]: value } }),
        ),
      ),
    filtersSet(filter) > 0 &&
      h(
        Button,
        { look: "small quiet", onClick: () => change({ filter: { ...NO_FILTER } }) },
        t("filter.clear"),
      ),
    h(
      "span",
      { class: "hn-soft" },
      t("filter.count", { shown: store.shown.value.length, count: rows.length }),
    ),
  );
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
