// The same prompt larger, longer or elsewhere: what can be made, at what price; one is chosen and confirmed.

import { dialog } from "./dialog.js";
import { h, replace, setText } from "./dom.js";
import { shortModel } from "./format.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {{target: string, model: string, resolution: string, duration: number, title: string, simulated: boolean,
 *   problem: string, cost: string}} Option */

/**
 * @param {import("./card.js").Board} board @param {Row} row @param {Option[]} options
 * @returns {Promise<Option | null>}
 */
export function promotion(board, row, options) {
  const { t } = board;
  return new Promise((resolve) => {
    /** @type {Option | null} */
    let chosen = null;
    const go = h("button.hn-button.hn-primary", { "aria-disabled": "true" }, t("board.promote.choose"));
    const choose = (/** @type {Option} */ option) => {
      chosen = option;
      go.removeAttribute("aria-disabled");
      setText(go, t("board.promote.go", { cost: option.cost }));
    };
    const list = h("div.hn-promotions");
    const fill = (/** @type {boolean} */ all) => {
      const shown = options.filter((option) => all || !option.problem);
      replace(list, ...byTarget(shown).map((group) => target(group, choose, t)));
      if (shown.length === 0) setText(list, t("board.promote.none"));
    };
    const hidden = options.filter(({ problem }) => problem).length;
    const all = h("input", { type: "checkbox", on: { change: () => fill(all.checked) } });
    const more = hidden ? h("label.hn-check", {}, all, t("board.promote.all", { count: hidden })) : null;
    fill(false);
    const box = dialog(
      board,
      t("board.act.promote"),
      h("p.hn-card-prompt", {}, row.prompt),
      list,
      more,
      h("div.hn-row", {}, go),
    );
    go.addEventListener("click", () => {
      if (chosen) box.close("go");
    });
    box.addEventListener("close", () => resolve(box.returnValue === "go" ? chosen : null));
  });
}

/** @param {Option[]} options */
function byTarget(options) {
  /** @type {Map<string, Option[]>} */
  const groups = new Map();
  for (const option of options) groups.set(option.target, [...(groups.get(option.target) ?? []), option]);
  return [...groups.values()];
}

/** @param {Option[]} group @param {(option: Option) => void} choose @param {import("./types.js").Translate} t */
function target(group, choose, t) {
  const [first] = group;
  const badge = first?.simulated ? h("span.hn-badge", {}, t("common.simulated")) : null;
  const cells = group.map((option) => {
    const input = h("input", { type: "radio", name: "hn-promotion", disabled: Boolean(option.problem), on: { change: () => choose(option) } });
    const size = `${option.resolution} · ${t("common.seconds", { seconds: option.duration })}`;
    return h("label.hn-choice", { "data-off": Boolean(option.problem) }, input, h("span", {}, size), h("span.hn-soft", {}, option.problem || option.cost));
  });
  return h("fieldset", {}, h("legend", {}, `${first?.title} · ${shortModel(first?.model ?? "")} `, badge), h("div.hn-choices", {}, ...cells));
}
