// The head of a board: its title, how many clips are there, the prompt that all share, language and help.

import { h, setAttribute, showText } from "./dom.js";
import { tally } from "./states.js";

/** @typedef {import("./types.js").Row} Row */

/** Each in its own words: who looks for it reads no other. @type {Record<string, [string, string]>} */
const OTHER = { en: ["zh", "中文"], zh: ["en", "English"] };

/** @param {import("./types.js").Translate} t @param {import("./board_view.js").Source} source @param {() => void} help */
export function boardHead(t, source, help) {
  const title = h("h3.hn-title");
  const prompt = h("p.hn-board-prompt");
  const count = h("span.hn-count");
  const fill = h("div.hn-bar-fill");
  const progress = h("div.hn-bar.hn-bar-whole", { role: "progressbar", "aria-label": t("board.progress"), "aria-valuemin": 0, "aria-valuemax": 100 }, fill);
  const [wanted, words] = OTHER[source.language] ?? ["en", "English"];
  const language = h("button.hn-button.hn-small.hn-quiet.hn-language", { lang: wanted, on: { click: () => source.switchTo(wanted) } }, words);
  const keys = h("button.hn-button.hn-small.hn-quiet", { "aria-label": t("board.help"), title: t("board.help"), on: { click: help } }, "?");
  const line = h("div.hn-title-line", {}, title, count, h("span.hn-head-end", {}, language, keys));
  const el = h("header.hn-board-head", {}, line, prompt, progress);

  /** @param {Row[]} rows @param {string} shared  the prompt that all clips have */
  function update(rows, shared) {
    const { count: all, saved, trouble, settled, fraction } = tally(rows);
    showText(title, source.title() || t("board.title"));
    showText(prompt, shared);
    setAttribute(prompt, "title", shared);
    const parts = [t("board.saved", { count: all, saved }), trouble ? t("board.trouble", { count: trouble }) : ""];
    showText(count, all ? parts.filter(Boolean).join(" · ") : "");
    progress.hidden = all === 0 || settled === all;
    setAttribute(progress, "aria-valuenow", Math.round(fraction * 100));
    fill.style.inlineSize = `${fraction * 100}%`;
  }
  return { el, update };
}
