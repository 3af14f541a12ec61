// The number of takes, and behind one line the options that most people leave alone.

import { h } from "preact";
import { knownOptions, lookUp, targetTitle } from "./catalogue.js";
import { Select, useUniqueId } from "./components.js";
import { dotted } from "./dom.js";
import { NumberInput } from "./number_input.js";
import { MAX_TAKES } from "./protocol.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").CatalogueOption} CatalogueOption */
/** @typedef {import("./types.js").Translate} Translate */
/** @typedef {string | number | boolean | null} Value */

/** @param {{studio: Studio}} props */
export function Options({ studio }) {
  const { draft, t } = studio;
  const { catalogue, targets, options } = draft;
  const id = useUniqueId("option");
  const models = targets.map((target) => lookUp(catalogue, target)?.model);
  const offered = new Set(models.flatMap((model) => model?.options.map(({ name }) => name) ?? []));
  const shown = knownOptions(catalogue).filter(
    ({ name }) => offered.has(name) || options[name] != null,
  );
  const sounding = targets.filter((_, at) => models[at]?.sound === "always");
  const names = sounding.map((target) => targetTitle(catalogue, target)).join(", ");
  return h(
    "div",
    { class: "hn-block hn-settings" },
    h("label", { class: "hn-label", for: `${id}-takes` }, t("takes")),
    h(NumberInput, {
      id: `${id}-takes`,
      class: "hn-takes",
      value: draft.takes,
      min: 1,
      max: MAX_TAKES,
      required: true,
      title: t("takes.hint"),
      choose: (takes) => takes && draft.set({ takes }),
    }),
    h(
      "details",
      { class: "hn-more" },
      h("summary", null, h("b", null, t("options")), " ", optionsSummary(shown, options, t)),
      h(
        "div",
        { class: "hn-options" },
        shown.map((option) =>
          h(Field, {
            key: option.name,
            option,
            value: options[option.name] ?? null,
            t,
            choose: (value) => draft.set({ options: { ...draft.options, [option.name]: value } }),
          }),
        ),
        names && h("p", { class: "hn-hint" }, t("sound.always", { names })),
      ),
    ),
  );
}

/** "defaults", "Prompt optimiser off · Ratio 16:9". @param {readonly CatalogueOption[]} known
 * @param {Readonly<Record<string, Value | undefined>>} set @param {Translate} t */
export function optionsSummary(known, set, t) {
  const changed = known.filter(({ name }) => set[name] != null);
  const words = changed.map(
    ({ name }) => `${t(`option.${name}`)}: ${valueText(set[name] ?? null, t)}`,
  );
  return dotted(...words) || t("options.defaults");
}

/** @param {Value} value @param {Translate} t */
const valueText = (value, t) =>
  typeof value === "boolean" ? t(value ? "option.on" : "option.off") : String(value);

/**
 * One option with a control of its type; an empty one leaves it to the provider.
 * @param {{option: CatalogueOption, value: Value, t: Translate,
 *   choose: (value: Value) => void}} props
 */
function Field({ option: { name, type, values, minimum, maximum }, value, t, choose }) {
  const id = useUniqueId("option");
  const known = type === "bool" ? [true, false] : values;
  const placeholder = t("option.default");
  const control = () => {
    if (known.length)
      return h(Select, {
        id,
        choices: [
          ["", placeholder],
          ...known.map((one) => /** @type {const} */ ([String(one), valueText(one, t)])),
        ],
        value: value === null ? "" : String(value),
        choose: (text) => choose(known.find((one) => String(one) === text) ?? null),
      });
    if (type === "text")
      return h("input", {
        id,
        class: "hn-input",
        placeholder,
        value: value ?? "",
        onInput: (/** @type {any} */ { currentTarget }) => choose(currentTarget.value || null),
      });
    const bounds = { min: minimum, max: maximum, whole: type === "int" };
    return h(NumberInput, {
      id,
      placeholder,
      value: /** @type {number | null} */ (value),
      ...bounds,
      choose,
    });
  };
  return h("div", { class: "hn-option" }, h("label", { for: id }, t(`option.${name}`)), control());
}
