// What the kernel offers: providers, models, their options; names for people. Pure.

import { shortModel } from "./format.js";

/** @typedef {import("./types.js").CatalogueEntry} CatalogueEntry */
/** @typedef {import("./types.js").CatalogueModel} CatalogueModel */

/**
 * @param {readonly CatalogueEntry[]} catalogue @param {string} target "provider/model"
 * @returns {{entry: CatalogueEntry, model: CatalogueModel} | null}
 */
export function lookUp(catalogue, target) {
  const slash = target.indexOf("/");
  const entry = catalogue.find(({ name }) => name === target.slice(0, slash));
  const model = entry?.models.find(({ name }) => name === target.slice(slash + 1));
  return entry && model ? { entry, model } : null;
}

/** Every option that anybody sells, once. @param {readonly CatalogueEntry[]} catalogue */
export function knownOptions(catalogue) {
  const all = catalogue.flatMap(({ models }) => models.flatMap(({ options }) => options));
  return [...new Map(all.map((option) => [option.name, option])).values()];
}

/** "PPInfra Hailuo 02". @param {readonly CatalogueEntry[]} catalogue @param {string} target */
export function targetTitle(catalogue, target) {
  const found = lookUp(catalogue, target);
  return found ? `${found.entry.title} ${shortModel(found.model.name)}` : target;
}

/**
 * The smallest limit among the chosen models, and whose it is.
 * @param {readonly import("./types.js").CatalogueEntry[]} catalogue
 * @param {readonly string[]} targets
 */
export function smallestLimit(catalogue, targets) {
  let [limit, title] = [2000, ""];
  for (const entry of catalogue) {
    for (const { name, prompt_limit } of entry.models) {
      if (!targets.includes(`${entry.name}/${name}`) || !prompt_limit) continue;
      if (!title || prompt_limit < limit) [limit, title] = [prompt_limit, entry.title];
    }
  }
  return { limit, title };
}
