// Chooses providers and models: a line a provider, its models side by side.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useRef } from "preact/hooks";
import { lookUp } from "./catalogue.js";
import { SimulatedBadge } from "./components.js";
import { dotted } from "./dom.js";
import { shortModel } from "./format.js";
import { currentProblems } from "./problems.js";
import { step } from "./roving.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").CatalogueEntry} CatalogueEntry */
/** @typedef {{target: string, entry: CatalogueEntry, model: import("./types.js").CatalogueModel}} Choosable */

/** @param {CatalogueEntry} entry @returns {Choosable[]} */
const choices = (entry) =>
  entry.models.map((model) => ({ target: `${entry.name}/${model.name}`, entry, model }));

/** @param {{studio: Studio}} props */
export function Targets({ studio }) {
  const { draft, t } = studio;
  const entries = draft.catalogue;
  const chosen = draft.targets;
  const more = useSignal(false);
  const near = useNear(entries, chosen, more.value);
  const paid = entries.filter(({ simulated }) => !simulated);
  const free = entries.filter((entry) => entry.simulated && near(entry));
  const rest = entries.filter((entry) => !near(entry));
  const lines = [...paid, ...free, ...(more.value ? rest : [])].map(choices);
  const stop = useSignal("");
  const tabStop = lines.flat().some(({ target }) => target === stop.value)
    ? stop.value
    : (lines.flat()[0]?.target ?? "");
  const wrong = new Set(
    currentProblems(draft)
      .filter(({ severity, code }) => severity === "error" && code !== "prompt_missing")
      .flatMap(({ targets }) => targets),
  );
  const badge = () => h(SimulatedBadge, { t, key: "badge" });

  /** In the order of the catalogue; what is not in it stays chosen. @param {string} target */
  function toggle(target) {
    const wanted = chosen.includes(target)
      ? chosen.filter((one) => one !== target)
      : [...chosen, target];
    const known = entries.flatMap(choices).map((one) => one.target);
    draft.set({
      targets: [
        ...known.filter((one) => wanted.includes(one)),
        ...wanted.filter((one) => !lookUp(entries, one)),
      ],
    });
  }

  /** @param {KeyboardEvent & {currentTarget: HTMLElement}} event */
  function onKeyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const names = lines.map((line) => line.map(({ target }) => target));
    const from = /** @type {HTMLElement} */ (event.target).dataset.target ?? "";
    const mirrored = getComputedStyle(event.currentTarget).direction === "rtl";
    const to = step(names, from, event.key, mirrored);
    if (to === null) return;
    event.preventDefault();
    const box = event.currentTarget.querySelector(`[data-target="${CSS.escape(to)}"]`);
    /** @type {HTMLElement | null} */ (box)?.focus();
  }

  /** @param {Choosable} choice */
  function chip({ target, entry, model }) {
    const needs = model.first_frame === "required" && t("model.needs_first");
    const name = shortModel(model.name);
    const label = dotted(`${entry.title} ${name}`, needs, entry.simulated && t("common.simulated"));
    return h(
      "label",
      {
        class: "hn-model",
        key: target,
        title: dotted(model.name, needs),
        "data-wrong": (chosen.includes(target) && wrong.has(target)) || undefined,
      },
      h("input", {
        type: "checkbox",
        "data-target": target,
        "aria-label": label,
        checked: chosen.includes(target),
        tabIndex: target === tabStop ? 0 : -1,
        onFocus: () => (stop.value = target),
        onChange: () => toggle(target),
      }),
      h("bdi", null, name.replace(/^Hailuo /, "")),
    );
  }

  /** @param {CatalogueEntry} entry */
  function line(entry) {
    const { name, title, key_variables } = entry;
    const variables = key_variables.join(" + ");
    const hint = variables ? t("key.simulated", { variables }) : "";
    return h(
      "div",
      {
        class: "hn-provider",
        key: name,
        role: "group",
        "aria-label": title,
        "aria-description": hint || undefined,
      },
      h("span", { class: "hn-provider-title", title: dotted(title, hint) }, title),
      h("div", { class: "hn-models" }, choices(entry).map(chip)),
    );
  }

  return h(
    "fieldset",
    { class: "hn-block hn-targets", onKeyDown },
    h("legend", { class: "hn-label" }, t("targets"), !paid.length && badge()),
    h(
      "div",
      { class: "hn-providers" },
      paid.map(line),
      paid.length > 0 && free.length > 0 && badge(),
      free.map(line),
    ),
    rest.length > 0 &&
      h(
        "details",
        {
          class: "hn-more",
          onToggle: (/** @type {any} */ { currentTarget }) => (more.value = currentTarget.open),
        },
        h("summary", null, t("targets.more", { count: rest.length }), paid.length > 0 && badge()),
        h("div", { class: "hn-providers" }, rest.map(line)),
      ),
  );
}

/**
 * Which providers stand in sight: those with a key, which cost money, and those of which a model is
 * or was chosen. None goes from one list to the other while the reader has both before them.
 * @param {readonly CatalogueEntry[]} entries @param {readonly string[]} chosen
 * @param {boolean} open  the other list is in sight
 * @returns {(entry: CatalogueEntry) => boolean}
 */
function useNear(entries, chosen, open) {
  const near = useRef(/** @type {Set<string>} */ (new Set()));
  if (!open)
    for (const entry of entries)
      if (!entry.simulated || choices(entry).some(({ target }) => chosen.includes(target)))
        near.current.add(entry.name);
  return ({ name }) => near.current.has(name);
}
