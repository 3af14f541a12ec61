// The header of a board: title, count, the prompt that all clips share, language and help.

import { totalOf } from "./board_rows.js";
import { progressBar } from "./card.js";
import { button, dotted, h, set, showText } from "./dom.js";
import { tally } from "./states.js";

/**
 * @param {import("./types.js").Translate} t
 * @param {HTMLElement[]} buttons  of what concerns the whole board
 * @param {() => void} help
 */
export function boardHead(t, buttons, help) {
  const title = h("h3.title");
  const prompt = h("p.board-prompt");
  const count = h("span.count");
  const fill = h("div.bar-fill");
  const progress = progressBar({ label: t("progress") }, fill);
  progress.classList.add("hn-bar-whole");
  const keys = button(".small.quiet", "?", help, { label: t("help"), title: t("help") });
  const line = h("div.title-line", title, count, h("span.head-end", buttons, keys));
  const el = h("header.board-head", line, prompt, progress);

  /**
   * @param {import("./types.js").Row[]} rows
   * @param {string} name  of the board
   * @param {string} shared  the prompt that all clips have
   */
  function update(rows, name, shared) {
    const { count: all, saved, trouble, settled, fraction } = tally(rows);
    showText(title, name || t("title"));
    showText(prompt, shared);
    set(prompt, { title: shared });
    const numbers = dotted(
      t("saved", { count: all, saved }),
      trouble && t("trouble", { count: trouble }),
      totalOf(rows),
    );
    showText(count, all ? numbers : "");
    progress.hidden = settled === all;
    set(progress, { "aria-valuenow": Math.round(fraction * 100) });
    fill.style.inlineSize = `${fraction * 100}%`;
  }
  return { el, update };
}
