// The draft between page and kernel: set here at once, sent 250 ms after the last change.

import { batch, computed, signal } from "@preact/signals";
import { on } from "./dom.js";
import { traitSignal } from "./signals.js";
import { listen } from "./wire.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").Draft} Draft */

/** The traits that the page writes. */
export const FIELDS = /** @type {const} */ ([
  "prompt",
  "targets",
  "resolution",
  "duration",
  "options",
  "takes",
]);
const READ = [
  "problems",
  "support",
  "plan",
  "camera",
  "status",
  "first_frame",
  "last_frame",
  "references",
  "catalogue",
  "order",
  "open_clips",
  "version",
  "baseline",
  "running",
  "ask_above",
  "edits",
  "checked",
];

/** Milliseconds between the last change and its way to the kernel. */
const PAUSE = 250;

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class DraftStore extends EventTarget {
  /** What the page itself knows about the camera, until the kernel says it.
   * @type {Partial<import("./types.js").CameraNotes>} */
  assumed = {};

  /** @param {Model} model @param {AbortSignal} until */
  constructor(model, until) {
    super();
    this.model = model;
    this.timer = 0;
    this.waits = signal(false);
    this.queued = false;
    // Every trait under its own name: `draft.prompt`. A component that reads it follows it.
    for (const name of [...FIELDS, ...READ]) {
      const trait = traitSignal(model, name, /** @type {any} */ (undefined), until);
      Object.defineProperty(this, name, { get: () => trait.value, configurable: true });
    }
    const read = traitSignal(model, "camera", this.assumed, until);
    const prompt = traitSignal(model, "prompt", "", until);
    const known = signal(this.assumed);
    const camera = computed(() =>
      read.value.prompt !== prompt.value && known.value.prompt === prompt.value
        ? known.value
        : read.value,
    );
    Object.defineProperty(this, "camera", { get: () => camera.value });
    Object.defineProperty(this, "assumed", {
      get: () => known.value,
      set: (/** @type {Partial<import("./types.js").CameraNotes>} */ notes) =>
        (known.value = notes),
    });
    /** What is not sent yet, by its name. @type {Map<string, any>} */
    this.unsent = new Map();
    const changed = () => {
      // An echo of what was sent before must not undo what was typed since.
      for (const [name, value] of this.unsent) this.put(name, value);
      this.changed();
    };
    listen(
      model,
      [...FIELDS, ...READ].map((name) => `change:${name}`),
      changed,
      until,
    );
    on(until, "abort", () => this.flush());
  }

  /** @param {string} name @param {any} value */
  put(name, value) {
    if (!same(this.model.get(name), value)) this.model.set(name, value);
  }

  /** Whether the kernel does not know the draft yet: what it says of its cost is then of the past. */
  get pending() {
    const { edits, checked } = /** @type {any} */ (this);
    return this.waits.value || edits !== checked;
  }

  /** @param {Partial<Draft & {ask_above: number}>} changes */
  set(changes) {
    batch(() => {
      for (const [name, value] of Object.entries(changes)) {
        this.unsent.set(name, value);
        this.put(name, value);
      }
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.flush(), PAUSE);
      this.waits.value = true;
    });
    this.changed();
  }

  flush() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.waits.value = false;
    this.unsent.clear();
    this.model.set("edits", this.model.get("edits") + 1);
    this.model.save_changes();
  }

  /** The order without an answer, 0 for none. @param {number} id */
  setOrder(id) {
    this.model.set("order", id);
    this.model.save_changes();
  }

  /** The version that others are held against, 0 for none. @param {number} number */
  pin(number) {
    this.model.set("baseline", number);
    this.model.save_changes();
  }

  /** @returns {Draft} */
  value() {
    return /** @type {Draft} */ (
      Object.fromEntries(FIELDS.map((name) => [name, this.model.get(name)]))
    );
  }

  /** One event for everything that changed in the same breath. */
  changed() {
    if (this.queued) return;
    this.queued = true;
    queueMicrotask(() => {
      this.queued = false;
      this.dispatchEvent(new Event("change"));
    });
  }
}
