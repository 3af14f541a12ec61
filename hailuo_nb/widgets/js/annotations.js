// The fields of a card for stars, tags and a note.

import { dotted, h, hasFocus, on, refill, set, setText, showText } from "./dom.js";
import { MAX_STARS } from "./protocol.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {{rating?: number, note?: string, tags?: string[]}} Change */

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** Stars to read. @param {number} rating */
export const starText = (rating) => "★".repeat(rating);

/**
 * @param {import("./types.js").Translate} t
 * @param {(change: Change) => void} annotate
 * @param {string} tagList  the id of a datalist with the tags of the board
 */
export function annotationFields(t, annotate, tagList) {
  let rating = 0;
  let kept = "";
  /** @type {string[]} */
  let tags = [];
  const faces = Array.from({ length: MAX_STARS }, (_, index) =>
    h("span", { "aria-hidden": true, "data-star": index + 1 }, "★"),
  );
  const stars = h(
    "span.stars",
    {
      role: "slider",
      tabindex: 0,
      label: t("rating"),
      "aria-valuemin": 0,
      "aria-valuemax": MAX_STARS,
    },
    faces,
  );
  const rate = (/** @type {number} */ value) => {
    const next = Math.min(MAX_STARS, Math.max(0, value));
    if (next === rating) return;
    showRating(next);
    annotate({ rating });
  };
  on(stars, "click", ({ target }) => {
    const star = Number(target.dataset.star);
    if (star) rate(star === rating ? 0 : star);
  });
  on(stars, "keydown", (event) => {
    const { key } = event;
    const step = STEPS[key];
    if (step) rate(rating + step);
    else if (/^([0-5]|Home|End)$/.test(key))
      rate({ Home: 0, End: MAX_STARS }[/** @type {string} */ (key)] ?? Number(key));
    else return;
    event.preventDefault();
  });

  const chips = h("ul.tags", { role: "list", label: t("tags") });
  const placeholder = t("tag.add");
  const entry = h("input.tag-entry", {
    type: "text",
    list: tagList,
    placeholder,
    label: placeholder,
    maxlength: 40,
  });
  /** @param {string[]} value */
  const changeTags = (value) => {
    showTags(value);
    annotate({ tags });
  };
  const add = () => {
    const tag = entry.value.trim();
    entry.value = "";
    if (tag && !tags.includes(tag)) changeTags([...tags, tag]);
  };
  on(entry, "change", add);
  on(entry, "keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    add();
  });

  const words = t("note");
  const note = h("textarea.note", { rows: 1, placeholder: words, label: words });
  on(note, "change", () => {
    if (note.value === kept) return;
    kept = note.value;
    annotate({ note: kept });
  });

  /** @param {number} value */
  function showRating(value) {
    rating = value;
    set(stars, { "aria-valuenow": value, "aria-valuetext": t("stars", { count: value }) });
    for (const [index, star] of faces.entries()) set(star, { "data-on": index < value });
  }

  /** @param {string} tag */
  function chip(tag) {
    const onclick = () => {
      changeTags(tags.filter((one) => one !== tag));
      entry.focus();
    };
    const title = t("tag.remove", { tag });
    return h(
      "li.tag",
      { "data-tag": tag },
      h("span", tag),
      h("button.tag-x", { label: title, title, onclick }, "×"),
    );
  }

  /** @param {string[]} value */
  function showTags(value) {
    tags = value;
    refill(chips, tags, () => tags.map(chip));
  }

  /** A field that somebody writes in keeps what is written. @param {Row} row */
  function update(row) {
    showRating(row.rating);
    showTags(row.tags);
    kept = row.note;
    if (!hasFocus(note) && note.value !== kept) note.value = kept;
  }
  return { el: h("div.annotations", h("div.annotations-line", stars, chips, entry), note), update };
}

/** The same to read, where nothing can be kept. @param {import("./types.js").Translate} t */
export function annotationText(t) {
  const stars = h("b.read-stars", { role: "img" });
  const words = h("span");
  /** @param {Row} row */
  function update({ rating, tags, note }) {
    setText(stars, starText(rating));
    set(stars, { label: t("stars", { count: rating }), hidden: !rating });
    showText(words, dotted(...tags.map((tag) => `#${tag}`), note));
  }
  return { el: h("div.read", stars, words), update };
}
