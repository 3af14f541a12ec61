// Chooses providers and models.

import { dotted, h, set } from "./dom.js";
import { shortModel } from "./format.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").CatalogueEntry} CatalogueEntry */

/** @param {Studio} studio */
export function targetChooser({ draft, t }) {
  /** @type {Map<string, HTMLInputElement>} */
  const boxes = new Map();
  const targets = () => /** @type {string[]} */ (draft.targets);

  /** In the order of the page; what has no box here stays chosen. */
  function choose() {
    const checked = [...boxes].filter(([, box]) => box.checked).map(([target]) => target);
    draft.set({ targets: [...checked, ...targets().filter((one) => !boxes.has(one))] });
  }

  /** @param {CatalogueEntry} entry */
  function providerRow(entry) {
    const { title, simulated, key_variables } = entry;
    const variables = key_variables.join(" + ");
    const name = h(
      "div.provider-name",
      h("span.provider-title", title),
      simulated && h("span.badge", t("common.simulated")),
      variables && h("span.hint", t("key.simulated", { variables })),
    );
    const models = h(
      "div.models",
      entry.models.map((model) => modelBox(entry, model)),
    );
    return h("div.provider", { role: "group", label: title }, name, models);
  }

  /** @param {CatalogueEntry} entry @param {import("./types.js").CatalogueModel} model */
  function modelBox(entry, model) {
    const target = `${entry.name}/${model.name}`;
    const name = shortModel(model.name);
    const needs = model.first_frame === "required" && t("model.needs_first");
    const label = [`${entry.title} ${name}`, needs, entry.simulated && t("common.simulated")]
      .filter(Boolean)
      .join(", ");
    const box = h("input", { type: "checkbox", "data-target": target, label, onchange: choose });
    boxes.set(target, box);
    return h("label.model", { title: dotted(model.name, needs) }, box, h("span", name));
  }

  const entries = /** @type {CatalogueEntry[]} */ (draft.catalogue);
  const list = h("div.providers", entries.map(providerRow));
  const el = h("fieldset.block", h("legend.label", t("targets")), list);

  function update() {
    const problems = /** @type {import("./types.js").Problem[]} */ (draft.problems);
    const errors = problems.filter(
      ({ severity, code }) => severity === "error" && code !== "prompt_missing",
    );
    for (const [target, box] of boxes) {
      box.checked = targets().includes(target);
      const wrong = box.checked && errors.some((problem) => problem.targets.includes(target));
      set(/** @type {HTMLElement} */ (box.parentElement), { "data-wrong": wrong });
    }
  }
  return { el, update };
}
