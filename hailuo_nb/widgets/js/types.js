// The shapes that cross the wire, as JSDoc types; the widgets' docstrings in Python explain them.

/**
 * The part of anywidget's model that we use. `send` and `widget_manager` are missing in a static
 * page.
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(content: any, callbacks?: any, buffers?: ArrayBuffer[]) => void} [send]
 * @property {(event: string, callback: (...values: any[]) => void) => void} on
 * @property {(event: string, callback: (...values: any[]) => void) => void} off
 * @property {{resolveUrl?: (path: string) => Promise<string>, kernel?: any}} [widget_manager]
 */

/** @typedef {{model: Model, el: HTMLElement, signal: AbortSignal}} RenderContext */

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Translate */

/** @typedef {Record<string, Record<string, string>>} Messages  language -> key -> text */

/**
 * One of the fifteen camera moves.
 * @typedef {{key: string, chinese: string, english: string, group: string, opposite: string |
 *   null}} Move
 */

// Written by .ci/js_types.py from hailuo_nb/pages/rows.py:

/**
 * One clip of the board.
 * @typedef {object} Row
 * @property {string} id
 * @property {string} prompt
 * @property {string} provider
 * @property {string} provider_title
 * @property {boolean} simulated
 * @property {string} model
 * @property {string} resolution
 * @property {number} duration  seconds
 * @property {string} ratio  "" where nobody named one
 * @property {number} references  how many
 * @property {number | null} take  null for a clip that cannot be made
 * @property {string} state
 * @property {number | null} progress  0..1
 * @property {number | null} eta  seconds
 * @property {number | null} queue_position
 * @property {string} error
 * @property {string} advice
 * @property {string} cost  by the list
 * @property {string} charged  as the provider says; "" where it does not
 * @property {number | null} spent  what it cost, as charged else by the list
 * @property {string} currency  of spent
 * @property {string | null} video  relative path from the notebook's folder
 * @property {number | null} bytes
 * @property {string} poster  relative path or data URL; "held" where the kernel has it; ""
 * @property {number | null} submitted_at  Unix seconds
 * @property {number | null} finished_at  Unix seconds
 * @property {string[]} notes
 * @property {number} rating  1 to 5 stars, 0 for none
 * @property {string} note
 * @property {string[]} tags
 * @property {number | null} usual_seconds  what such clips took here
 * @property {string} task_id
 * @property {boolean} parked  sent and not over, but not driven any more
 * @property {string | null} cancelling  what cancelling its task costs by the provider's page; null
 *   where not sold
 * @property {string | null} regenerating  the resolution and price of making it again larger; null
 *   where not sold
 * @property {string} camera  the moves of the prompt, in order
 * @property {number | null} fps  of the file
 * @property {number | null} frames  of the file
 * @property {string} waveform  its loudness, 200 digits of base 36; "" without sound
 * @property {Record<string, number | string>} scores  what was measured, by measure/report.py's
 *   names; {} until then
 * @property {number} at  the number of the write that last changed the row
 */

/**
 * A number with its 95 % interval, where there is one, from n clips or votes. `best`: better
 * than that of every other row, their intervals part.
 * @typedef {object} Figure
 * @property {number | null} value
 * @property {number | null} low
 * @property {number | null} high
 * @property {number} n
 * @property {boolean} best
 */

/**
 * All that was spent in one currency, failed clips too: `clip` for each of n that were made,
 * `kept` for each that was kept.
 * @typedef {object} SummaryCost
 * @property {string} currency
 * @property {number | null} clip
 * @property {number} n
 * @property {Figure} kept
 */

/**
 * What clips have to share to be compared: format, first frame, sound, and who made them.
 * @typedef {object} Pool
 * @property {string} resolution
 * @property {number} duration
 * @property {boolean} frame
 * @property {boolean} sound
 * @property {boolean} simulated
 */

/**
 * One provider, prompt, model or move of the summary.
 *
 * `pools` are those of its clips. `unpriced`: clips of which nobody knows the price. `judged`:
 * clips with stars or the tag "keep".
 *
 * @typedef {object} SummaryRow
 * @property {string} item
 * @property {string} label
 * @property {boolean} simulated
 * @property {number} clips
 * @property {number} made
 * @property {number} failed
 * @property {number} unknown
 * @property {Figure} share
 * @property {Figure} seconds
 * @property {number | null} slow
 * @property {SummaryCost[]} costs
 * @property {number} unpriced
 * @property {number} judged
 * @property {Figure} stars
 * @property {Figure} strength
 * @property {number} wins
 * @property {number} losses
 * @property {number} ties
 * @property {Figure} adherence
 * @property {Pool[]} pools
 */

// End of what is written by .ci/js_types.py.

/**
 * @typedef {{resolution: string, duration: number, assumed: boolean, sent_as: string,
 *   ranged: boolean, length: number | null, frames: number | null}} Cell
 */

/** @typedef {"no" | "optional" | "required"} FrameRule */

/** @typedef {"first" | "last"} Slot */

/**
 * @typedef {object} CatalogueOption
 * @property {string} name
 * @property {"bool" | "int" | "float" | "text"} type
 * @property {(string | number | boolean)[]} values  that are taken; none for any
 * @property {number | null} minimum
 * @property {number | null} maximum
 */

/**
 * @typedef {object} CatalogueModel
 * @property {string} name
 * @property {boolean} default
 * @property {FrameRule} first_frame
 * @property {FrameRule} last_frame
 * @property {number} prompt_limit     code points
 * @property {"no" | "optional" | "always"} sound
 * @property {{picture: number, clip: number, sound: number, total: number} | null} references
 *   how many are taken
 * @property {Cell[]} cells
 * @property {CatalogueOption[]} options  what this provider passes on
 */

/**
 * @typedef {object} CatalogueEntry
 * @property {string} name             "simulated:ppinfra" or "ppinfra"
 * @property {string} title
 * @property {boolean} simulated
 * @property {string[]} key_variables  what to set for the real provider; none where nothing is to
 *   be said
 * @property {CatalogueModel[]} models
 */

/**
 * What is odd about camera commands at a place of the prompt, and what may stand there instead.
 * @typedef {{rule: string, start: number, end: number, cures: string[],
 *   values: Record<string, string | number>}} Finding
 */

/**
 * What the kernel reads about the camera in `prompt`. `prose`: it with its brackets as sentences;
 * `brackets`: with its sentences as brackets; "" where there are none. `told`: all chosen models get
 * `prose`.
 * @typedef {{prompt?: string, findings?: Finding[], prose?: string, brackets?: string,
 *   told?: boolean}} CameraNotes
 */

/**
 * @typedef {object} Problem
 * @property {string} target
 * @property {string} field
 * @property {string} message
 * @property {"error" | "warning"} severity
 * @property {string} code
 * @property {Record<string, string | number>} [values]  for the words of the code
 * @property {Record<string, any> | null} changes  traits to set; a frame: `null` takes it away,
 *   "fitted" makes it smaller
 */

/**
 * @typedef {{target: string, simulated: boolean, count: number, each: string, sum: string, date:
 *   string, source: string}} Cost
 */

/** @typedef {{money: string, unknown: number}} Sum */

/**
 * @typedef {{max_cost: number | null, max_clips: number | null, used: number, used_cost: string,
 *   over: "" | "clips" | "cost" | "unknown", message: string}} Limit
 */

/**
 * @typedef {{clips: number, variants: number, prompts: string[], costs: Cost[], total: Sum,
 *   existing: number,
 *   spent: (Sum & {clips: number}) | null, limit: Limit | null}} Plan
 */

/**
 * @typedef {{kind: "idle" | "busy" | "error" | "done", text: string, code?: string,
 *   values?: Record<string, string | number>}} Status
 */

/**
 * A frame as the page knows it: `{}` when there is none.
 * @typedef {{name?: string, width?: number | null, height?: number | null, bytes?: number | null,
 * thumbnail?: string, url?: string | null, error?: string, code?: string, values?: Record<string,
 * string | number>,
 *   crop?: {width: number, height: number, thumbnail: string}}} FrameInfo
 */

/**
 * A reference, or a file that was refused as one (without `kind`).
 * @typedef {{name: string, kind?: "picture" | "clip" | "sound", called?: string,
 *   width?: number | null, height?: number | null, seconds?: number | null, bytes?: number | null,
 *   thumbnail?: string, url?: string | null, error?: string, code?: string,
 *   values?: Record<string, string | number>}} ReferenceInfo
 */

/** @typedef {Record<string, boolean | number | string | null>} Options */

/**
 * @typedef {object} Draft
 * @property {string} prompt
 * @property {string[]} targets
 * @property {string} resolution
 * @property {number} duration
 * @property {Options} options
 * @property {number} takes
 */

export {};
