// The dialog that promotes a clip: the same prompt larger, longer or elsewhere, with its price.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { groupBy } from "./board_rows.js";
import { Button, SimulatedBadge } from "./components.js";
import { Dialog } from "./dialog.js";
import { flag } from "./dom.js";
import { listPrice, shortModel } from "./format.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/**
 * @typedef {{target: string, model: string, resolution: string, duration: number, title: string,
 *   simulated: boolean, problem: string, worded: Record<string, {error?: string}>, cost: string}} Option */

/**
 * @param {import("./card.js").Board} board @param {Row} row @param {Option[]} options
 * @returns {Promise<Option | null>}
 */
export const promotion = ({ dialog, t }, row, options) =>
  new Promise((resolve) => {
    const close = (/** @type {Option | null} */ chosen) => {
      dialog.value = null;
      resolve(chosen);
    };
    dialog.value = h(Promotion, { row, options, t, close });
  });

/**
 * @param {{row: Row, options: Option[], t: Translate, close: (chosen: Option | null) => void}} props
 */
function Promotion({ row, options, t, close }) {
  const chosen = useSignal(/** @type {Option | null} */ (null));
  const all = useSignal(false);
  const now = chosen.value;
  const shown = options.filter(({ problem }) => all.value || !problem);
  const count = options.filter(({ problem }) => problem).length;
  const choose = (/** @type {Option} */ option) => (chosen.value = option);
  const go = (/** @type {any} */ { currentTarget }) =>
    now && currentTarget.closest("dialog").close("go");
  return h(
    Dialog,
    {
      title: t("action.promote"),
      t,
      close: (answer) => close(answer === "go" ? chosen.peek() : null),
    },
    h("p", { class: "hn-card-prompt" }, row.prompt),
    h(
      "div",
      { class: "hn-promotions" },
      shown.length === 0 && t("promote.none"),
      [...groupBy(shown, ({ target }) => target)].map(([target, group]) =>
        h(Target, { key: target, group, choose, t }),
      ),
    ),
    count > 0 &&
      h(
        "label",
        { class: "hn-check" },
        h("input", {
          ...{ type: "checkbox", checked: all.value },
          onChange: () => (all.value = !all.value),
        }),
        t("promote.all", { count }),
      ),
    h(
      "div",
      { class: "hn-row" },
      h(
        Button,
        { look: "primary", "aria-disabled": now ? undefined : true, onClick: go },
        now ? t("promote.go", { cost: listPrice(now, t) }) : t("promote.choose"),
      ),
    ),
  );
}

/** @param {{group: Option[], choose: (option: Option) => void, t: Translate}} props */
function Target({ group, choose, t }) {
  const { title, model, simulated } = /** @type {Option} */ (group[0]);
  return h(
    "fieldset",
    {},
    h("legend", {}, `${title} · ${shortModel(model)} `, simulated && h(SimulatedBadge, { t })),
    h(
      "div",
      { class: "hn-choices" },
      group.map((option) => {
        const { resolution, duration, problem, worded } = option;
        const disabled = Boolean(problem);
        return h(
          "label",
          {
            key: `${resolution} ${duration}`,
            class: "hn-choice",
            "data-off": flag(disabled),
          },
          h("input", {
            ...{ type: "radio", name: "hn-promotion", disabled },
            onChange: () => choose(option),
          }),
          h("span", {}, `${resolution} · ${t("common.seconds", { seconds: duration })}`),
          h(
            "span",
            { class: "hn-soft" },
            worded[t("common.language")]?.error ?? (problem || listPrice(option, t)),
          ),
        );
      }),
    ),
  );
}
