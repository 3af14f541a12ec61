// Stars to give: a slider of five; and stars to read.

import { h } from "preact";
import { flag } from "./dom.js";
import { starText } from "./format.js";
import { MAX_STARS } from "./protocol.js";

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/**
 * @param {{rating: number, rate: (rating: number) => void, label: string,
 *   t: import("./types.js").Translate}} props
 */
export function Stars({ rating, rate, label, t }) {
  /** @param {number} value */
  function change(value) {
    const next = Math.min(MAX_STARS, Math.max(0, value));
    if (next !== rating) rate(next);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const { key } = event;
    const step = STEPS[key];
    if (step) change(rating + step);
    else if (/^([0-5]|Home|End)$/.test(key))
      change({ Home: 0, End: MAX_STARS }[key] ?? Number(key));
    else return;
    event.preventDefault();
  }

  const star = (/** @type {number} */ value) =>
    h(
      "span",
      {
        key: value,
        "aria-hidden": true,
        "data-star": value,
        "data-on": flag(value <= rating),
        onClick: () => change(value === rating ? 0 : value),
      },
      "★",
    );
  return h(
    "span",
    {
      class: "hn-stars",
      role: "slider",
      tabIndex: 0,
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": MAX_STARS,
      "aria-valuenow": rating,
      "aria-valuetext": t("stars", { count: rating }),
      onKeyDown,
    },
    Array.from({ length: MAX_STARS }, (_, index) => star(index + 1)),
  );
}

/** @param {{rating: number, text?: string, t: import("./types.js").Translate}} props */
export const ReadStars = ({ rating, text = starText(rating), t }) =>
  h(
    "span",
    { class: "hn-read-stars", role: "img", "aria-label": t("stars", { count: rating }) },
    text,
  );
