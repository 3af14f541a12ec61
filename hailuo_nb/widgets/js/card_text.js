// The facts of a clip in words, for its card. Pure.

import { dotted } from "./dom.js";
import { bytes, clock, percent, priceText, roundEta, shortModel } from "./format.js";
import { elapsed, progressOf, SETTLED } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */

/**
 * What was asked for, as far as it is to be said: all of it, or what differs among the clips and is
 * not in the clip's name already.
 * @param {Row} row @param {Translate} t
 * @param {{blind: boolean, shift: number, name: string,
 *   varies: ReadonlySet<string> | null}} look  varies: null for all; shift in seconds
 */
export function specsText(row, t, { blind, shift, name, varies }) {
  const say = (/** @type {string} */ part) => !blind && (varies?.has(part) ?? true);
  const seconds = (varies?.has("format") ?? true) && t("common.seconds", { seconds: row.duration });
  const parts = [
    say("model") && shortModel(row.model),
    say("format") && row.resolution,
    seconds,
    (varies?.has("format") ?? true) && row.ratio,
    !varies && row.references > 0 && t("references", { count: row.references }),
  ];
  const take = say("take") && row.take && (varies || row.take > 1) && t("take", { take: row.take });
  const said = [...parts, take].filter(
    (part) => part && !((varies || part === take) && name.includes(part)),
  );
  const moved = (shift > 0 ? "+" : "−") + Math.abs(shift).toFixed(2);
  return dotted(...said, shift && t("shifted", { seconds: moved }));
}

/**
 * Time, cost and size, by label; while a clip is made, its time stands in the picture, and there as
 * well that it is simulated.
 * @param {Row} row @param {Translate} t @returns {[label: string, value: string][]}
 */
export function factsOf(row, t) {
  const passed = SETTLED.has(row.state) ? elapsed(row, 0) : null;
  const all = /** @type {[string, string][]} */ ([
    ["fact.time", passed === null ? "" : clock(passed)],
    ["fact.cost", row.simulated ? "" : priceText(row, t)],
    ["fact.size", bytes(row.bytes)],
  ]);
  return all.filter(([, value]) => value);
}

/** The same on a line: the time, and what it cost where it cost anything. @param {Row} row @param {Translate} t */
export function factsText(row, t) {
  const facts = new Map(factsOf(row, t));
  const price = facts.get("fact.cost");
  const cost = row.spent === 0 && !row.charged ? `${t("fact.cost")}: ` : "";
  return SETTLED.has(row.state) ? dotted(facts.get("fact.time"), price && cost + price) : "";
}

/**
 * How a clip that is being made goes on.
 * @param {Row} row @param {number} now  Unix seconds @param {number} waited  seconds since its `eta`
 *   was said @param {Translate} t
 */
export function progressText(row, now, waited, t) {
  const words = t(`state.${row.state}`);
  const { fraction, kind } = progressOf(row, now);
  const known = kind === "said" && fraction !== null;
  const passed = elapsed(row, now);
  const rest = outlook(row, now, waited, t);
  return {
    fraction: fraction ?? (row.state === "planned" ? 0 : null),
    usual: kind === "usual",
    known,
    /** A known progress says more than the state. */
    head: known && row.state === "submitted" ? percent(fraction) : words,
    more: dotted(passed !== null && clock(passed), rest),
    value: `${words} ${known ? percent(fraction) : rest}`.trim(),
  };
}

/** "place 3 in the queue · about 20 s left", or what is usual here.
 * @param {Row} row @param {number} now @param {number} waited @param {Translate} t */
function outlook(row, now, waited, t) {
  const { queue_position: turn, eta, usual_seconds: usual } = row;
  let text = "";
  if (eta != null) {
    const left = eta - waited;
    text = left < 1 ? t("eta.soon") : about(left, (unit, values) => t(`eta.${unit}`, values));
  } else if (usual && /^submitt/.test(row.state)) {
    const { late } = progressOf(row, now);
    text = about(usual, (unit, values) => t(late ? `late.${unit}` : `usual.${unit}`, values));
  }
  return dotted(turn && t("queue", { place: turn }), text);
}

/**
 * "usually 40 s", "about 2 min left": seconds in the unit that people would say.
 * @param {number} time  seconds @param {(unit: string, values: Record<string, number>) => string} say
 */
function about(time, say) {
  const seconds = roundEta(time);
  return seconds < 60
    ? say("seconds", { seconds })
    : say("minutes", { minutes: Math.round(seconds / 30) / 2 });
}
