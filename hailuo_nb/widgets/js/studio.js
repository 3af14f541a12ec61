// The type of what the parts of the studio share.

/**
 * @typedef {object} Studio
 * @property {import("./draft.js").DraftStore & Traits} draft
 * @property {import("./wire.js").Wire} wire
 * @property {import("./types.js").Translate} t
 * @property {"en" | "zh"} language                  of the words
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
 *   status: import("./types.js").Status, order: number, open_clips: number, catalogue: import("./types.js").CatalogueEntry[],
 * first_frame: import("./types.js").FrameInfo, last_frame: import("./types.js").FrameInfo,
 * references: import("./types.js").ReferenceInfo[], baseline: number,
 * version: Partial<import("./version_text.js").VersionNote & {prompt: string}>}} Traits
 */

/**
 * Choices that stay in the page, and the history of the prompt.
 * @typedef {{together: boolean, commands: import("./camera.js").Language, moves: boolean,
 *   switched?: boolean, undo?: import("./undo.js").UndoStack}} Ui
 */

export {};
