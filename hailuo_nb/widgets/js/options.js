// Options that most people leave alone, and the number of takes.

import { ignoring, targetTitle } from "./compatibility.js";
import { h, hasFocus, select, showText, uniqueId } from "./dom.js";
import { MAX_TAKES } from "./protocol.js";

/** @typedef {import("./studio.js").Studio} Studio */

const OPTIONS = ["prompt_optimizer", "fast_pretreatment", "watermark"];
const SETTINGS = /** @type {const} */ ([
  ["default", null],
  ["on", true],
  ["off", false],
]);

/** @param {Studio} studio */
export function optionFields({ draft, t, grammar }) {
  /** @param {string} label @param {HTMLInputElement | HTMLSelectElement} control @param {string} [text] */
  const field = (label, control, text) => {
    control.id = uniqueId("option");
    const hint = h("p.hint", { id: `${control.id}-hint` }, text);
    control.setAttribute("aria-describedby", hint.id);
    return { hint, el: h("div.option", h("label", { for: control.id }, label), control, hint) };
  };
  const fields = OPTIONS.map((option) => {
    const onchange = () =>
      draft.set({
        options: { ...draft.options, [option]: SETTINGS[box.selectedIndex]?.[1] ?? null },
      });
    const box = select(
      { onchange },
      SETTINGS.map(([name]) => [name, t(`option.${name}`)]),
    );
    return { option, box, ...field(t(`option.${option}`), box) };
  });
  const takes = h("input.input.takes", {
    type: "number",
    min: 1,
    max: MAX_TAKES,
    step: 1,
    oninput: () => {
      const count = Math.round(Number(takes.value));
      if (count >= 1 && count <= MAX_TAKES) draft.set({ takes: count });
    },
    onblur: () => (takes.valueAsNumber = draft.takes),
  });
  const takesField = field(t("takes"), takes, t("takes.hint"));
  const list = h(
    "div.options",
    takesField.el,
    fields.map(({ el }) => el),
  );
  const el = h("fieldset.block", h("legend.label", t("options")), list);

  function update() {
    const catalogue = draft.catalogue;
    for (const { option, box, hint } of fields) {
      const value = draft.options?.[option] ?? null;
      box.selectedIndex = SETTINGS.findIndex(([, one]) => one === value);
      const lost = value === null ? [] : ignoring(catalogue, draft.targets, option);
      const names = lost.map((target) => targetTitle(catalogue, target)).join(", ");
      const rewrites =
        option === "prompt_optimizer" && value !== false && grammar.parse(draft.prompt).length;
      showText(hint, names ? t("option.lost", { names }) : rewrites ? t("option.rewrites") : "");
    }
    if (!hasFocus(takes)) takes.valueAsNumber = draft.takes;
  }
  return { el, update };
}
