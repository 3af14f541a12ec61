// Options that most people leave alone, and the number of takes.

import { ignoring, knownOptions, lookUp, targetTitle } from "./catalogue.js";
import { h, hasFocus, select, showText, uniqueId } from "./dom.js";
import { MAX_TAKES } from "./protocol.js";

/** @typedef {import("./studio.js").Studio} Studio */

/** @typedef {import("./types.js").CatalogueOption} CatalogueOption */
/** @typedef {string | number | boolean | null} Value */

/**
 * The control of one option, by its type and values. An empty one leaves the provider's default.
 * @param {CatalogueOption} option @param {import("./types.js").Translate} t
 * @param {(value: Value) => void} choose
 */
function control({ type, values, minimum, maximum }, t, choose) {
  if (type === "bool" || values.length) {
    const known = /** @type {Value[]} */ (type === "bool" ? [true, false] : values);
    const all = [null, ...known];
    const onchange = () => choose(all[box.selectedIndex] ?? null);
    const box = select(
      { onchange },
      all.map((value) => {
        if (value !== null && typeof value !== "boolean") return String(value);
        const name = value === null ? "default" : value ? "on" : "off";
        return [name, t(`option.${name}`)];
      }),
    );
    return { box, show: (/** @type {Value} */ value) => (box.selectedIndex = all.indexOf(value)) };
  }
  const numeric = type !== "text";
  const read = () => {
    if (!numeric) return box.value || null;
    const number = box.valueAsNumber;
    return Number.isNaN(number) ? null : type === "int" ? Math.round(number) : number;
  };
  const bounds = numeric ? { min: minimum ?? "", max: maximum ?? "", step: "any" } : {};
  const box = h("input.input", {
    type: numeric ? "number" : "text",
    placeholder: t("option.default"),
    oninput: () => choose(read()),
    ...bounds,
  });
  const show = (/** @type {Value} */ value) => {
    if (!hasFocus(box)) box.value = value === null ? "" : String(value);
  };
  return { box, show };
}

/** @param {Studio} studio */
export function optionFields({ draft, t }) {
  /**
   * @param {string} label
   * @param {HTMLInputElement | HTMLSelectElement} control
   * @param {string} [text]
   */
  const field = (label, control, text) => {
    control.id = uniqueId("option");
    const hint = h("p.hint", { id: `${control.id}-hint` }, text);
    control.setAttribute("aria-describedby", hint.id);
    return { hint, el: h("div.option", h("label", { for: control.id }, label), control, hint) };
  };
  const fields = knownOptions(draft.catalogue).map((option) => {
    const { name } = option;
    const choose = (/** @type {Value} */ value) =>
      draft.set({ options: { ...draft.options, [name]: value } });
    const { box, show } = control(option, t, choose);
    return { option: name, show, ...field(t(`option.${name}`), box) };
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
  const sound = h("p.hint.sounding");
  const list = h(
    "div.options",
    takesField.el,
    fields.map(({ el }) => el),
    sound,
  );
  const el = h("fieldset.block", h("legend.label", t("options")), list);

  function update() {
    const catalogue = draft.catalogue;
    const sounding = /** @type {string[]} */ (draft.targets).filter(
      (target) => lookUp(catalogue, target)?.model.sound === "always",
    );
    const names = sounding.map((target) => targetTitle(catalogue, target)).join(", ");
    showText(sound, names ? t("sound.always", { names }) : "");
    for (const { option, show, hint, el: field } of fields) {
      const value = draft.options?.[option] ?? null;
      show(value);
      const without = ignoring(catalogue, draft.targets, option);
      field.hidden = value === null && without.length === draft.targets.length;
      const lost = value === null ? [] : without;
      const names = lost.map((target) => targetTitle(catalogue, target)).join(", ");
      showText(hint, names ? t("option.lost", { names }) : "");
    }
    if (!hasFocus(takes)) takes.valueAsNumber = draft.takes;
  }
  return { el, update };
}
