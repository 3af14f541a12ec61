// Which providers and models are asked.

import { h, setAttribute } from "./dom.js";
import { shortModel } from "./format.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").CatalogueEntry} CatalogueEntry */

/** @param {Studio} studio */
export function targetChooser({ draft, t }) {
  /** @type {Map<string, HTMLInputElement>} */
  const boxes = new Map();

  /** @param {string} target @param {boolean} wanted */
  function choose(target, wanted) {
    const chosen = new Set(/** @type {string[]} */ (draft.get("targets")));
    if (wanted) chosen.add(target);
    else chosen.delete(target);
    const known = [...boxes.keys()];
    draft.set({
      targets: [...known.filter((one) => chosen.has(one)), ...[...chosen].filter((one) => !boxes.has(one))],
    });
  }

  /** @param {CatalogueEntry} entry */
  function providerRow(entry) {
    return h(
      "div.hn-provider",
      { role: "group", "aria-label": entry.title },
      h(
        "div.hn-provider-name",
        {},
        h("span.hn-provider-title", {}, entry.title),
        entry.simulated && h("span.hn-badge", {}, t("common.simulated")),
        entry.key_variables.length > 0 &&
          h("span.hn-hint", {}, t("studio.key.simulated", { variables: entry.key_variables.join(" + ") })),
      ),
      h("div.hn-models", {}, ...entry.models.map((model) => modelBox(entry, model))),
    );
  }

  /** @param {CatalogueEntry} entry @param {import("./types.js").CatalogueModel} model */
  function modelBox(entry, model) {
    const target = `${entry.name}/${model.name}`;
    const name = shortModel(model.name);
    const needs = model.first_frame === "required" ? t("studio.model.needs_first") : "";
    const simulated = entry.simulated ? `, ${t("common.simulated")}` : "";
    const box = h("input", {
      type: "checkbox",
      "data-target": target,
      "aria-label": `${entry.title} ${name}${needs ? `, ${needs}` : ""}${simulated}`,
    });
    box.addEventListener("change", () => choose(target, box.checked));
    boxes.set(target, box);
    return h("label.hn-model", { title: [model.name, needs].filter(Boolean).join(" · ") }, box, h("span", {}, name));
  }

  const entries = /** @type {CatalogueEntry[]} */ (draft.get("catalogue") ?? []);
  const el = h(
    "fieldset.hn-block",
    {},
    h("legend.hn-label", {}, t("studio.targets")),
    h("div.hn-providers", {}, ...entries.map(providerRow)),
  );

  function update() {
    const chosen = new Set(draft.get("targets"));
    const problems = /** @type {import("./types.js").Problem[]} */ (draft.get("problems") ?? []);
    const errors = problems.filter(({ severity, code }) => severity === "error" && code !== "prompt_missing");
    const wrong = new Set(errors.map(({ target }) => target));
    for (const [target, box] of boxes) {
      box.checked = chosen.has(target);
      setAttribute(/** @type {HTMLElement} */ (box.parentElement), "data-wrong", box.checked && wrong.has(target));
    }
  }
  return { el, update };
}
