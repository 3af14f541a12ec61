// Filters, sorts and groups rows, and arranges them as a matrix. Pure.

import { dotted } from "./dom.js";
import { isScore, scoreOf } from "./scores.js";
import { elapsed } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/**
 * @typedef {{text: string, provider: string, state: string, rating: number, tag: string, own:
 *   Record<string, string>}} Filter  "" and 0: any; own: by the column of the person's table
 */
/** @typedef {{by: string, down: boolean}} Sort  by "": the order of the rows */
/** @typedef {{key: string, label: string, rows: Row[]}} Group */

/**
 * The person's column that an axis is of: behind an @, as it may have the name of a field.
 * @param {string} axis
 */
const ownName = (axis) => axis.split(/^@/)[1];

/**
 * In the order in which they first appear.
 * @template T, K @param {Iterable<T>} list @param {(one: T) => K} keyOf @returns {Map<K, T[]>}
 */
export function groupBy(list, keyOf) {
  /** @type {Map<K, T[]>} */
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** @param {Row} row @param {string} axis @param {Translate} [t]  for what is read */
export function keyOf(row, axis, t) {
  const { resolution, duration: seconds, ratio } = row;
  const own = ownName(axis);
  if (axis === "format")
    return dotted(resolution, t ? t("common.seconds", { seconds }) : seconds, ratio);
  return `${(own ? row.own?.[own] : row[/** @type {keyof Row} */ (axis)]) ?? ""}`;
}

/** @param {Row} row @param {string} axis @param {Translate} [t] */
export function labelOf(row, axis, t) {
  return axis === "provider" ? row.provider_title || row.provider : keyOf(row, axis, t);
}

/**
 * Rows that pass. Every word of the text must be somewhere in what the card shows.
 * @param {readonly Row[]} rows
 * @param {Filter} filter
 * @param {boolean} [blind]  names do not count, they are hidden
 */
export function filterRows(rows, filter, blind = false) {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const named = blind
      ? []
      : [
          ...[row.provider_title, row.provider, row.model, row.error, row.id, row.task_id],
          ...Object.values(row.own ?? {}),
        ];
    const hay = [row.prompt, row.note, ...(row.tags ?? []), row.resolution, ...named]
      .join("\n")
      .toLowerCase();
    return (
      words.every((word) => hay.includes(word)) &&
      (blind ||
        ((!filter.provider || row.provider === filter.provider) &&
          Object.entries(filter.own).every(
            ([name, value]) => !value || row.own[name] === value,
          ))) &&
      (!filter.state || row.state === filter.state) &&
      (row.rating ?? 0) >= filter.rating &&
      (!filter.tag || (row.tags ?? []).includes(filter.tag))
    );
  });
}

/** How many of the filters are set. @param {Filter} filter */
export function filtersSet(filter) {
  const all = [...Object.values({ ...filter, own: "" }), ...Object.values(filter.own)];
  return all.filter(Boolean).length;
}

/**
 * What a row is sorted by; null and "" stand last whichever way it goes.
 * @param {Row} row
 * @param {string} by
 * @param {number} now  Unix seconds
 * @returns {string | number | null}
 */
export function sortValue(row, by, now) {
  if (isScore(by)) return scoreOf(row, by);
  if (by === "time") return elapsed(row, now);
  if (by === "cost") return row.spent;
  if (by === "tags") return (row.tags ?? []).join(", ");
  if (by === "rating") return row.rating || null;
  if (by === "provider" || by === "format") return labelOf(row, by);
  const value = row[/** @type {keyof Row} */ (by)];
  return typeof value === "number" ? value : String(value ?? "");
}

/** @param {readonly Row[]} rows @param {Sort} sort @param {number} [now] */
export function sortRows(rows, { by, down }, now = 0) {
  if (!by) return [...rows];
  const words = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const keyed = rows.map((row) => ({ row, value: sortValue(row, by, now) }));
  const missing = (/** @type {string | number | null} */ value) => value === null || value === "";
  keyed.sort((a, b) => {
    if (missing(a.value) || missing(b.value))
      return Number(missing(a.value)) - Number(missing(b.value));
    const order =
      typeof a.value === "number" && typeof b.value === "number"
        ? a.value - b.value
        : words.compare(String(a.value), String(b.value));
    return down ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

/** @param {readonly Row[]} rows @param {string} axis @param {Translate} [t] @returns {Group[]} */
export function groupRows(rows, axis, t) {
  return [...groupBy(rows, (row) => keyOf(row, axis))].map(([key, own]) => ({
    key,
    label: labelOf(/** @type {Row} */ (own[0]), axis, t),
    rows: own,
  }));
}

/**
 * @param {readonly Row[]} rows @param {string} down  axis of the rows @param {string} across
 * @param {Translate} [t]
 * @returns {{columns: {key: string, label: string}[], rows: {key: string, label: string, cells:
 *   Row[][]}[]}}
 */
export function matrixOf(rows, down, across, t) {
  const columns = groupRows(rows, across, t).map(({ key, label }) => ({ key, label }));
  const lines = groupRows(rows, down, t).map(({ key, label, rows: line }) => ({
    key,
    label,
    cells: columns.map((column) => line.filter((row) => keyOf(row, across) === column.key)),
  }));
  return { columns, rows: lines };
}

/** What the rows cost together: "1.04 USD + 2.00 CNY"; "" for nothing. @param {readonly Row[]} rows */
export function totalOf(rows) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { spent, currency } of rows)
    if (spent) sums.set(currency, (sums.get(currency) ?? 0) + spent);
  return [...sums].map(([currency, sum]) => `${sum.toFixed(2)} ${currency}`).join(" + ");
}

/**
 * The columns of the person's table in which these differ, with their values.
 * @param {readonly Row[]} rows @returns {[string, string[]][]}
 */
export function ownOf(rows) {
  return [...new Set(rows.flatMap(({ own }) => Object.keys(own ?? {})))]
    .map(
      (name) =>
        /** @type {[string, string[]]} */ ([
          name,
          [...new Set(rows.flatMap(({ own }) => own?.[name] ?? []))],
        ]),
    )
    .filter(([, values]) => values.length > 1);
}

/**
 * What these are grouped by, and what can stand in rows and columns.
 * @param {readonly Row[]} rows
 */
export const axesOf = (rows) => [
  "prompt",
  "provider",
  "model",
  "camera",
  "format",
  ...ownOf(rows).map(([name]) => `@${name}`),
];

/** @param {string} axis @param {import("./types.js").Translate} t */
export const axisName = (axis, t) => ownName(axis) ?? t(`column.${axis}`);

/** @param {readonly Row[]} rows */
export function tagsOf(rows) {
  return [...new Set(rows.flatMap((row) => row.tags ?? []))].sort();
}

/**
 * Several prompts at several providers are a sweep, and a sweep is a matrix.
 * @param {readonly Row[]} rows
 */
export function defaultView(rows) {
  const sweep = ["prompt", "provider"].every((axis) => groupRows(rows, axis).length > 1);
  return sweep ? "matrix" : "grid";
}

/**
 * A row with what is said in it (trouble, advice, remarks, money) in the reader's language.
 * @param {Row} row @param {string} language
 */
export const inLanguage = (row, language) => ({ ...row, ...row.worded?.[language] });
