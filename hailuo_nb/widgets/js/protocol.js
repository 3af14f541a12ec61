// The wire's kinds of messages and constants: the twin of hailuo_nb/widgets/wire.py, held to it by
// tests/unit/test_widgets_wire.py. Plain data: every value is JSON.

/** Bytes in one message. The Jupyter server drops the socket at 10 MiB. */
export const CHUNK_SIZE = 4194304;
/** Clips of each target and prompt that a studio asks for at once. */
export const MAX_TAKES = 20;
/** What is in a row's `poster` where the kernel has the picture and sends it on request. */
export const HELD = "held";
/** What a problem's `changes` say in place of a smaller frame. */
export const FITTED = "fitted";
/** Prompts of a sweep that the page lists; there may be more. */
export const MAX_SHOWN_VARIANTS = 50;
/** The best rating of a clip. */
export const MAX_STARS = 5;

/** The views of a board. @type {readonly string[]} */
export const VIEWS = ["grid", "matrix", "table", "summary", "pair", "vote"];
/** What a board's filter has, where it filters nothing. */
export const NO_FILTER = { text: "", provider: "", state: "", rating: 0, tag: "", own: {} };

/** The files that a board makes of itself. @type {readonly string[]} */
export const EXPORTS = ["page", "png", "video", "csv"];

/** @typedef {"rows" | "clip" | "poster" | "plot" | "action" | "export" | "keepalive"} BoardRequest */
/**
 * @typedef {"generate" | "resume" | "frame" | "frame_url" | "frame_clear" | "frame_crop" | "frame_fit"
 *   | "frame_swap" | "reference" | "reference_url" | "reference_remove" | "reference_fit" | "share"
 *   | "history" | "recall" | "history_poster" | "show_clips" | "templates" | "template_save" | "template_delete" | "preview"
 *   } StudioRequest
 */
/** After a request that costs money, under its id. @typedef {"go" | "withdraw"} OrderStep */
/**
 * @typedef {"ok" | "error" | "confirm" | "withdrawn" | "chunk" | "history" | "templates" | "changed"
 *   } Answer
 */

/** What `Wire.request` sends; tsc refuses a kind that is not named above.
 * @typedef {{kind: BoardRequest | StudioRequest} & Record<string, any>} Request */
