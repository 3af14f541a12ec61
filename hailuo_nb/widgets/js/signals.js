// What a view is made from, as signals: traits of the model, and events of what is no model.

import { signal } from "@preact/signals";
import { listen } from "./wire.js";

/**
 * @template T
 * @typedef {import("@preact/signals").ReadonlySignal<T>} Signal
 */

/**
 * A trait of the model that follows it until the view is gone.
 * @template T
 * @param {import("./types.js").Model} model @param {string} name @param {T} missing  where the
 *   model has no such trait @param {AbortSignal} until @returns {Signal<T>}
 */
export function traitSignal(model, name, missing, until) {
  const trait = signal(/** @type {T} */ (model.get(name) ?? missing));
  const read = () => {
    trait.value = model.get(name) ?? missing;
  };
  listen(model, [`change:${name}`], read, until);
  return trait;
}

/**
 * A value that is read again at each event of a target.
 * @template T
 * @param {EventTarget} target @param {string} event @param {() => T} read
 * @param {AbortSignal} until @returns {Signal<T>}
 */
export function eventSignal(target, event, read, until) {
  const value = signal(read());
  target.addEventListener(event, () => (value.value = read()), { signal: until });
  return value;
}

/**
 * Values by name, each a signal behind its name: a component that reads `made.name` follows it.
 * @template {object} T
 * @param {T} values @returns {T}
 */
export function fields(values) {
  const made = /** @type {any} */ ({});
  for (const [name, value] of Object.entries(values)) {
    const one = signal(value);
    const accessors = {
      get: () => one.value,
      set: (/** @type {any} */ next) => (one.value = next),
    };
    Object.defineProperty(made, name, { ...accessors, enumerable: true });
  }
  return made;
}
