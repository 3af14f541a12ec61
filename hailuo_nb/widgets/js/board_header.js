// The head of a board: title, count, and what all its clips have, which no card says again.

import { h } from "preact";
import { totalOf } from "./board_rows.js";
import { Button, ProgressBar, SimulatedBadge } from "./components.js";
import { dotted } from "./dom.js";
import { tally } from "./states.js";
import { LanguageButton } from "./widget.js";

/**
 * @param {{board: import("./card.js").Board, help: () => void,
 *   children?: import("preact").ComponentChildren}} props  children: buttons of the whole board
 */
export function BoardHead({ board, help, children }) {
  const { t, store, model, language } = board;
  const rows = store.rows.value;
  const { count, saved, trouble, settled, fraction } = tally(rows);
  const numbers = dotted(
    t("saved", { count, saved }),
    trouble && t("trouble", { count: trouble }),
    totalOf(rows),
  );
  const all = store.shared.value;
  const title = store.title.value;
  const { blind } = store.view.value;
  const facts = blind || count < 2 ? "" : dotted(all.provider, all.model, all.format);
  return h(
    "header",
    { class: "hn-board-head" },
    h(
      "div",
      { class: "hn-title-line" },
      h("h3", { class: "hn-title" }, (title !== all.prompt && title) || t("title")),
      all.simulated && h(SimulatedBadge, { t }),
      count > 0 && h("span", { class: "hn-count" }, numbers),
      facts && h("span", { class: "hn-count" }, facts),
      h(
        "span",
        { class: "hn-head-end" },
        children,
        h(LanguageButton, { model, language: language.value }),
        h(
          Button,
          { look: "small quiet", "aria-label": t("help"), title: t("help"), onClick: help },
          "?",
        ),
      ),
    ),
    all.prompt && h("p", { class: "hn-board-prompt", title: all.prompt }, all.prompt),
    settled < count &&
      h(ProgressBar, { class: "hn-bar-whole", fraction, "aria-label": t("progress") }),
  );
}
