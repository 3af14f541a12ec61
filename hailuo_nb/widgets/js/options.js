// Options that most people leave alone, and the number of takes.

import { h, showText, uniqueId } from "./dom.js";
import { shortModel } from "./format.js";
import { ignoring, targetTitle } from "./matrix.js";

/** @typedef {import("./studio.js").Studio} Studio */

const OPTIONS = ["prompt_optimizer", "fast_pretreatment", "watermark"];
export const MOST_TAKES = 20;

/** @param {Studio} studio */
export function optionFields({ draft, t, grammar }) {
  const fields = OPTIONS.map((option) => {
    const id = uniqueId(option);
    const hint = h("p.hn-hint", { id: `${id}-hint` });
    const select = h(
      "select.hn-select",
      { id, "aria-describedby": `${id}-hint` },
      ...["default", "on", "off"].map((value) => h("option", { value }, t(`studio.option.${value}`))),
    );
    select.addEventListener("change", () => {
      const value = select.value === "default" ? null : select.value === "on";
      draft.set({ options: { ...draft.get("options"), [option]: value } });
    });
    return {
      option,
      select,
      hint,
      el: h("div.hn-option", {}, h("label", { for: id }, t(`studio.option.${option}`)), select, hint),
    };
  });

  const id = uniqueId("takes");
  const takes = h("input", {
    type: "number",
    class: "hn-input hn-takes",
    id,
    min: 1,
    max: MOST_TAKES,
    step: 1,
    "aria-describedby": `${id}-hint`,
  });
  takes.addEventListener("input", () => {
    const count = Math.round(Number(takes.value));
    if (count >= 1 && count <= MOST_TAKES) draft.set({ takes: count });
  });
  takes.addEventListener("blur", () => {
    takes.value = String(draft.get("takes"));
  });
  const takesField = h(
    "div.hn-option",
    {},
    h("label", { for: id }, t("studio.takes")),
    takes,
    h("p.hn-hint", { id: `${id}-hint` }, t("studio.takes.hint")),
  );

  const el = h(
    "fieldset.hn-block",
    {},
    h("legend.hn-label", {}, t("studio.options")),
    h("div.hn-options", {}, takesField, ...fields.map((field) => field.el)),
  );

  function update() {
    const catalogue = draft.get("catalogue") ?? [];
    const targets = /** @type {string[]} */ (draft.get("targets"));
    for (const { option, select, hint } of fields) {
      const value = draft.get("options")?.[option] ?? null;
      select.value = value === null ? "default" : value ? "on" : "off";
      const lost = value === null ? [] : ignoring(catalogue, targets, option);
      const names = lost.map((target) => targetTitle(catalogue, target, shortModel)).join(", ");
      const rewrites =
        option === "prompt_optimizer" && value !== false && grammar.parse(draft.get("prompt") ?? "").length > 0;
      showText(hint, names ? t("studio.option.lost", { names }) : rewrites ? t("studio.option.rewrites") : "");
    }
    const active = /** @type {Document | ShadowRoot} */ (takes.getRootNode()).activeElement;
    if (active !== takes) takes.value = String(draft.get("takes"));
  }
  return { el, update };
}
