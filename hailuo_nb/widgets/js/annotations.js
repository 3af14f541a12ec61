// The fields of a card for stars, tags and a note.

import { useSignal } from "@preact/signals";
import { Fragment, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { dotted, flag, hasFocus } from "./dom.js";
import { ReadStars, Stars } from "./stars.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/** @typedef {{rating?: number, note?: string, tags?: string[]}} Change */

/**
 * Fields where something can be kept, else what was kept.
 * @param {{board: import("./card.js").Board, row: Row,
 *   actions: import("./clip_actions.js").ClipActions}} props
 */
export function Annotations({ board, row, actions }) {
  const { store, tagList, t } = board;
  const editable = useRef(false);
  // A kernel that is gone leaves them there, but takes nothing.
  editable.current ||= store.actions.value.includes("annotate");
  /** What was changed and the row does not say yet. */
  const pending = useSignal({ row, change: /** @type {Change} */ ({}) });
  const now = pending.value.row === row ? { ...row, ...pending.value.change } : row;
  /** What was not kept does not go on standing there. @param {Change} change */
  async function annotate(change) {
    pending.value = { row, change: { ...pending.value.change, ...change } };
    if (!(await actions.request("annotate", change))) pending.value = { row, change: {} };
  }
  if (!editable.current) return h(Read, { row, t });
  return h(
    "div",
    { class: "hn-annotations-box", inert: !store.open.value },
    h(Stars, {
      ...{ rating: now.rating, label: t("rating"), t },
      rate: (rating) => void annotate({ rating }),
    }),
    h(
      "div",
      { class: "hn-marks", "data-used": flag(now.note || now.tags.length) },
      h(Tags, { tags: now.tags, list: tagList, t, change: (tags) => void annotate({ tags }) }),
      h(Note, { note: now.note, t, change: (note) => void annotate({ note }) }),
    ),
  );
}

/** @param {{tags: string[], list: string, t: Translate, change: (tags: string[]) => void}} props */
function Tags({ tags, list, t, change }) {
  const entry = useRef(/** @type {HTMLInputElement | null} */ (null));
  const words = t("tag.add");
  const add = () => {
    const tag = entry.current?.value.trim();
    if (entry.current) entry.current.value = "";
    if (tag && !tags.includes(tag)) change([...tags, tag]);
  };
  const remove = (/** @type {string} */ tag) => {
    change(tags.filter((one) => one !== tag));
    entry.current?.focus();
  };
  return h(
    Fragment,
    null,
    tags.length > 0 &&
      h(
        "ul",
        { class: "hn-tags", role: "list", "aria-label": t("tags") },
        tags.map((tag) => {
          const title = t("tag.remove", { tag });
          const props = { type: "button", class: "hn-tag-x", "aria-label": title, title };
          return h(
            "li",
            { key: tag, class: "hn-tag", "data-tag": tag },
            h("span", {}, tag),
            h("button", { ...props, onClick: () => remove(tag) }, "×"),
          );
        }),
      ),
    h("input", {
      ...{ ref: entry, class: "hn-tag-entry", type: "text", list, maxLength: 40 },
      ...{ placeholder: words, "aria-label": words, onChange: add },
      onKeyDown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        add();
      },
    }),
  );
}

/** A field that somebody writes in keeps what is written.
 * @param {{note: string, t: Translate, change: (note: string) => void}} props */
function Note({ note, t, change }) {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const kept = useRef("");
  useLayoutEffect(() => {
    kept.current = note;
    const { current } = field;
    if (current && !hasFocus(current) && current.value !== note) current.value = note;
  }, [note]);
  const words = t("note");
  return h("textarea", {
    ...{ ref: field, class: "hn-note", rows: 1, placeholder: words, "aria-label": words },
    onChange: (/** @type {any} */ { currentTarget: { value } }) =>
      value !== kept.current && change(value),
  });
}

/** @param {{row: Row, t: Translate}} props */
const Read = ({ row: { rating, tags, note }, t }) =>
  rating || tags.length || note
    ? h(
        "div",
        { class: "hn-read" },
        rating > 0 && h(ReadStars, { rating, t }),
        h("span", {}, dotted(...tags.map((tag) => `#${tag}`), note)),
      )
    : null;
