// What a person thinks of one clip: stars, tags, a note. Knows a row and how to say a change; not where it is kept.

import { h, replace, setAttribute } from "./dom.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {{rating?: number, note?: string, tags?: string[]}} Change */

const MOST = 5;
const STAR = "★";
/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/**
 * @param {import("./types.js").Translate} t
 * @param {(change: Change) => void} judge
 * @param {string} tagList  the id of a datalist with the tags of the board
 */
export function judgement(t, judge, tagList) {
  let rating = 0;
  /** @type {string[]} */
  let tags = [];
  const faces = Array.from({ length: MOST }, (_, index) => h("span", { "aria-hidden": "true", data: { star: index + 1 } }, STAR));
  const stars = h("span.hn-stars", { role: "slider", tabindex: 0, "aria-label": t("board.rating"), "aria-valuemin": 0, "aria-valuemax": MOST }, ...faces);
  const rate = (/** @type {number} */ value) => {
    const next = Math.min(MOST, Math.max(0, value));
    if (next === rating) return;
    showRating(next);
    judge({ rating: next });
  };
  stars.addEventListener("click", (event) => {
    const star = Number(/** @type {HTMLElement} */ (event.target).dataset.star);
    if (star) rate(star === rating ? 0 : star);
  });
  stars.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const digit = /^[0-5]$/.test(event.key) ? Number(event.key) : null;
    const value = step ? rating + step : event.key === "Home" ? 0 : event.key === "End" ? MOST : digit;
    if (value === null) return;
    event.preventDefault();
    rate(value);
  });

  const chips = h("ul.hn-tags", { role: "list", "aria-label": t("board.tags") });
  const entry = h("input.hn-tag-entry", { type: "text", list: tagList, placeholder: t("board.tag.add"), "aria-label": t("board.tag.add"), maxlength: 40 });
  const add = () => {
    const tag = entry.value.trim();
    entry.value = "";
    if (!tag || tags.includes(tag)) return;
    showTags([...tags, tag]);
    judge({ tags });
  };
  entry.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    add();
  });
  entry.addEventListener("change", add);

  const note = h("textarea.hn-note", { rows: 1, placeholder: t("board.note"), "aria-label": t("board.note") });
  let kept = "";
  note.addEventListener("change", () => {
    if (note.value === kept) return;
    kept = note.value;
    judge({ note: kept });
  });

  /** @param {number} value */
  function showRating(value) {
    rating = value;
    setAttribute(stars, "aria-valuenow", value);
    setAttribute(stars, "aria-valuetext", t("board.stars", { count: value }));
    faces.forEach((star, index) => setAttribute(star, "data-on", index < value));
  }

  /** @param {string} tag */
  function chip(tag) {
    const remove = () => {
      showTags(tags.filter((one) => one !== tag));
      judge({ tags });
      entry.focus();
    };
    const label = t("board.tag.remove", { tag });
    const button = h("button.hn-tag-x", { "aria-label": label, title: label, on: { click: remove } }, "×");
    return h("li.hn-tag", { data: { tag } }, h("span", {}, tag), button);
  }

  /** @param {string[]} value */
  function showTags(value) {
    tags = value;
    const shown = [...chips.children].map((one) => /** @type {HTMLElement} */ (one).dataset.tag);
    if (shown.join("\n") !== tags.join("\n")) replace(chips, ...tags.map(chip));
  }

  /** A field that somebody writes in keeps what is written. @param {Row} row */
  function update(row) {
    showRating(row.rating ?? 0);
    showTags(row.tags ?? []);
    if (note !== document.activeElement && note.value !== (row.note ?? "")) note.value = row.note ?? "";
    kept = row.note ?? "";
  }
  const el = h("div.hn-marks", {}, h("div.hn-marks-line", {}, stars, chips, entry), note);
  return { el, update };
}

/** Stars to read. @param {number} rating */
export function starText(rating) {
  return STAR.repeat(rating);
}

/** @param {HTMLElement} list  a datalist @param {string[]} tags */
export function showTagList(list, tags) {
  if ([...list.children].map((option) => option.getAttribute("value")).join("\n") === tags.join("\n")) return;
  replace(list, ...tags.map((tag) => h("option", { value: tag })));
}
