// The dialog that promotes a clip: the same prompt larger, longer or elsewhere, with its price.

import { dialog } from "./dialog.js";
import { button, h, replace, set, setText } from "./dom.js";
import { listPrice, shortModel } from "./format.js";

/** @typedef {import("./types.js").Row} Row */
/**
 * @typedef {{target: string, model: string, resolution: string, duration: number, title: string,
 *   simulated: boolean, problem: string, worded: Record<string, {error?: string}>, cost: string}} Option */

/**
 * @param {import("./card.js").Board} board @param {Row} row @param {Option[]} options
 * @returns {Promise<Option | null>}
 */
export function promotion(board, row, options) {
  const { t } = board;
  /** @type {Option | null} */
  let chosen = null;
  const go = button(".primary", t("promote.choose"), () => chosen && box.close("go"), {
    "aria-disabled": true,
  });
  const choose = (/** @type {Option} */ option) => {
    chosen = option;
    set(go, { "aria-disabled": null });
    setText(go, t("promote.go", { cost: listPrice(option, t) }));
  };
  const list = h("div.promotions");
  const fill = () => {
    const shown = options.filter((option) => all.checked || !option.problem);
    const targets = [...new Set(shown.map(({ target }) => target))];
    replace(
      list,
      targets.map((name) =>
        target(
          shown.filter((option) => option.target === name),
          choose,
          t,
        ),
      ),
    );
    if (shown.length === 0) setText(list, t("promote.none"));
  };
  const count = options.filter(({ problem }) => problem).length;
  const all = h("input", { type: "checkbox", onchange: fill });
  const more = count ? h("label.check", all, t("promote.all", { count })) : null;
  fill();
  const prompt = h("p.card-prompt", row.prompt);
  const box = dialog(board, t("action.promote"), prompt, list, more, h("div.row", go));
  return new Promise((resolve) => {
    box.onclose = () => resolve(box.returnValue === "go" ? chosen : null);
  });
}

/**
 * @param {Option[]} group
 * @param {(option: Option) => void} choose
 * @param {import("./types.js").Translate} t
 */
function target(group, choose, t) {
  const { title, model, simulated } = /** @type {Option} */ (group[0]);
  const cells = group.map((option) => {
    const { resolution, duration, problem, worded } = option;
    const disabled = Boolean(problem);
    const input = h("input", {
      type: "radio",
      name: "hn-promotion",
      disabled,
      onchange: () => choose(option),
    });
    const size = h("span", `${resolution} · ${t("common.seconds", { seconds: duration })}`);
    return h(
      "label.choice",
      { "data-off": disabled },
      input,
      size,
      h("span.soft", worded[t("common.language")]?.error ?? (problem || listPrice(option, t))),
    );
  });
  const badge = simulated && h("span.badge", t("common.simulated"));
  return h(
    "fieldset",
    h("legend", `${title} · ${shortModel(model)} `, badge),
    h("div.choices", cells),
  );
}
