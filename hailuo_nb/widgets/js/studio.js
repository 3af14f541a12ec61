// What the parts of the studio share: their types, and the choices that stay in the page.

import { fields } from "./signals.js";

/**
 * @typedef {object} Studio
 * @property {import("./draft.js").DraftStore & Traits} draft
 * @property {import("./wire.js").Wire} wire
 * @property {import("./types.js").Translate} t
 * @property {"en" | "zh"} language                  of the words
 * @property {boolean} open                          whether there is a kernel to talk to
 * @property {readonly import("./types.js").Move[]} moves
 * @property {ReturnType<typeof import("./camera.js").grammar>} grammar
 * @property {import("./announcer.js").Announcer} announcer
 * @property {Ui} ui
 * @property {AbortSignal} signal
 */

/**
 * Every trait of the studio under its own name.
 * @typedef {import("./types.js").Draft & {problems: import("./types.js").Problem[],
 *   support: import("./types.js").Support, plan: import("./types.js").Plan, camera: Partial<import("./types.js").CameraNotes>,
 *   status: import("./types.js").Status, order: number, open_clips: number, running: number,
 *   ask_above: number,
 *   catalogue: import("./types.js").CatalogueEntry[],
 * first_frame: import("./types.js").FrameInfo, last_frame: import("./types.js").FrameInfo,
 * references: import("./types.js").ReferenceInfo[], baseline: number,
 * version: Partial<import("./version_text.js").VersionNote & {prompt: string}>}} Traits
 */

/**
 * Choices that stay in the page. `together`: a click on a move joins the bracket at the caret;
 * `commands`: what it writes; `names`: the moves stand with their names; `preview`: a clip of them
 * is drawn below the camera's steps.
 * @typedef {{together: boolean, commands: import("./camera.js").Language, names: boolean,
 *   preview: boolean}} Ui
 */

/** @type {WeakMap<object, Ui>} */
const kept = new WeakMap();

/** What all views of a studio on this page share. @param {import("./types.js").Model} model
 * @param {"en" | "zh"} commands @returns {Ui} */
export function uiOf(model, commands) {
  const found =
    kept.get(model) ?? fields({ together: true, commands, names: false, preview: true });
  kept.set(model, found);
  return found;
}
