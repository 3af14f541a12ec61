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

/** @typedef {Record<string, readonly (string | null)[]>} Messages  key -> its text in each of LANGUAGES */

/**
 * One of the fifteen camera moves.
 * @typedef {{key: string, chinese: string, english: string, group: string, opposite: string |
 *   null}} Move
 */

// Written by .ci/js_types.py from the rows and what the studio sends:

/**
 * What is said in a row, in another language than English.
 * @typedef {object} Worded
 * @property {string} error
 * @property {string} advice
 * @property {string[]} notes
 * @property {string} cancelling
 * @property {string} regenerating
 */

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
 * @property {string} ratio  "" if none was requested
 * @property {number} references  how many
 * @property {string} given  a key of the frames and references sent with the prompt; "" for none
 * @property {Record<string, string>} own  the person's own columns, as text
 * @property {string} option_key  of the sound and options that were set; "" for none
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
 *   names; of scorers own:name for a figure, said:name for the rest
 * @property {Record<string, Worded>} worded  by language; what is missing there is as in English
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
 * clips with stars or the tag "keep"; `kept`: made ones with four stars or more, or that tag.
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
 * @property {number} kept
 * @property {Figure} stars
 * @property {Figure} strength
 * @property {number} wins
 * @property {number} losses
 * @property {number} ties
 * @property {Figure} adherence
 * @property {Pool[]} pools
 */

/**
 * One problem as the page gets it, and its one cure.
 *
 * targets   those that have it; [] where the draft has it without any
 * severity  "error": these targets are not sent; "warning": sent all the same; "note": to know
 *           only, and in the support grid only
 * texts     one for each wording: most often one
 * changes   the cure: page traits and options to set. A frame: None takes it away, "fitted"
 *           makes it smaller; references: None takes them away, "fitted" keeps those that are
 *           taken; `model` goes in the place of that of `targets`, None leaves these out. None
 *           where one click cannot help
 * @typedef {object} Problem
 * @property {string[]} targets
 * @property {string} field
 * @property {"error" | "warning" | "note"} severity
 * @property {string} code
 * @property {ProblemText[]} texts
 * @property {Record<string, any> | null} changes
 */

/**
 * `values` are for the words of the problem's code, the titles of all it is about among them;
 * `message` is English, for a page without words for it.
 * @typedef {object} ProblemText
 * @property {Record<string, string | number>} values
 * @property {string} message
 */

/**
 * The whole grid, so that the page answers a click on another cell at once.
 *
 * targets      that it is about
 * resolutions  its lines, small to large: what any target can be asked for, and the chosen one
 * durations    its columns, in seconds: the same, but for those that only a range has
 * range        every second that a target makes which makes any length between two
 * cells        one for each line, and each second of columns and range
 * @typedef {object} Support
 * @property {string[]} targets
 * @property {string[]} resolutions
 * @property {number[]} durations
 * @property {number[]} range
 * @property {CellSupport[]} cells
 */

/**
 * One resolution and duration.
 *
 * makes     those of the chosen targets that make it
 * problems  of the targets at this cell, as they would stand in the studio's list if it were
 *           chosen, but for messages where the code has values; and as notes what is to know of
 *           it (code "length")
 * @typedef {object} CellSupport
 * @property {string} resolution
 * @property {number} duration
 * @property {string[]} makes
 * @property {Problem[]} problems
 */

/**
 * What the page shows of a plan.
 *
 * variants  how many prompts the braces make
 * prompts   the first of them where there are several
 * existing  takes of these clips that there are already
 * spent     what the ledger has paid for so far
 * rest      where some of the targets cannot be sent, and some can
 * @typedef {object} Plan
 * @property {number} clips
 * @property {number} variants
 * @property {string[]} prompts
 * @property {Cost[]} costs
 * @property {Sum} total
 * @property {number} existing
 * @property {Spent | null} spent
 * @property {Limit | null} limit
 * @property {Rest | null} rest
 */

/**
 * What remains of a draft where the targets that cannot be sent are left out.
 *
 * targets   those that remain: a draft with these may be sent, but for `limit`
 * clips     of them, at the cost `total`
 * left_out  clips of the others
 * @typedef {object} Rest
 * @property {string[]} targets
 * @property {number} clips
 * @property {number} left_out
 * @property {Sum} total
 * @property {Limit | null} limit
 */

/**
 * What the clips of one target cost: `each` and `sum` as text, "" where unknown or free.
 * @typedef {object} Cost
 * @property {string} target
 * @property {boolean} simulated
 * @property {number} count
 * @property {string} each
 * @property {string} sum
 * @property {string} date
 * @property {string} source
 */

/**
 * `money`: "¥4.00 + $0.28", or ""; `unknown`: how many clips have no known price.
 * @typedef {object} Sum
 * @property {string} money
 * @property {number} unknown
 */

/**
 * What was paid for before.
 * @typedef {object} Spent
 * @property {string} money
 * @property {number} unknown
 * @property {number} clips
 */

/**
 * The studio's limits, what is used of them, and which of them would be broken.
 * @typedef {object} Limit
 * @property {number | null} max_cost
 * @property {number | null} max_clips
 * @property {number} used
 * @property {string} used_cost
 * @property {"" | "clips" | "cost" | "unknown"} over
 * @property {string} message
 */

/**
 * A provider, "simulated:ppinfra" or "ppinfra"; `key_variables` are what a stand-in needs to
 * become the real one.
 * @typedef {object} CatalogueEntry
 * @property {string} name
 * @property {string} title
 * @property {boolean} simulated
 * @property {string[]} key_variables
 * @property {CatalogueModel[]} models
 */

/**
 * A model; `prompt_limit` is in code points. Its formats are in the studio's `support`.
 * @typedef {object} CatalogueModel
 * @property {string} name
 * @property {boolean} default
 * @property {"no" | "optional" | "required"} first_frame
 * @property {number} prompt_limit
 * @property {"no" | "optional" | "always"} sound
 * @property {ReferenceCounts | null} references
 * @property {CatalogueOption[]} options
 */

/**
 * An option of a model; no `values` mean any. `label` is by language, for where messages.json
 * has none.
 * @typedef {object} CatalogueOption
 * @property {string} name
 * @property {Record<string, string>} label
 * @property {"bool" | "int" | "float" | "text"} type
 * @property {(boolean | number | string)[]} values
 * @property {number | null} minimum
 * @property {number | null} maximum
 */

/**
 * How many references a model takes.
 * @typedef {object} ReferenceCounts
 * @property {number} picture
 * @property {number} clip
 * @property {number} sound
 * @property {number} total
 */

/**
 * `prompt` is what this is about; `prose` is it with its brackets as sentences, `brackets` with
 * its sentences as brackets; "" where there are none. `sent_as_prose`: all chosen models get
 * `prose`.
 * @typedef {object} CameraNotes
 * @property {string} prompt
 * @property {Finding[]} findings
 * @property {string} prose
 * @property {string} brackets
 * @property {boolean} sent_as_prose
 */

/**
 * A finding as the page gets it, at a place of the prompt: `start` and `end` count as
 * JavaScript does, `cures` are the texts that may stand there instead, `values` are for the words
 * of `code`.
 * @typedef {object} Finding
 * @property {string} code
 * @property {number} start
 * @property {number} end
 * @property {string[]} cures
 * @property {Record<string, string | number>} values
 */

// End of what is written by .ci/js_types.py.

/** @typedef {"first" | "last"} Slot */

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
