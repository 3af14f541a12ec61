// What the parts of the studio share. Types only.

/**
 * @typedef {object} Studio
 * @property {import("./draft.js").DraftStore} draft
 * @property {import("./wire.js").Wire} wire
 * @property {import("./types.js").Translate} t
 * @property {"en" | "zh"} language                  of the words
 * @property {readonly import("./types.js").Move[]} moves
 * @property {ReturnType<typeof import("./camera.js").grammar>} grammar
 * @property {import("./announce.js").Announcer} announcer
 * @property {Ui} ui
 * @property {AbortSignal} signal
 */

/**
 * Choices that stay in the page.
 * @typedef {{together: boolean, commands: "en" | "zh", moves: boolean}} Ui
 */

export {};
