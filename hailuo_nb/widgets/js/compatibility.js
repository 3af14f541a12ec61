// Which target can make what, read from the catalogue. Pure.

import { lookUp } from "./catalogue.js";

/** @typedef {import("./types.js").CatalogueEntry} CatalogueEntry */
/** @typedef {import("./types.js").CatalogueModel} CatalogueModel */
/** What is given beside the prompt. @typedef {{first: boolean, last: boolean, references: boolean}} Frames */
/**
 * @typedef {"" | "unknown" | "cell" | "needs_first" | "no_first" | "needs_last" | "no_last"
 *   | "no_references"} Reason
 */

/** "2K" is more than "1080P". @param {string} resolution */
const lines = (resolution) => parseInt(resolution, 10) * (/k/i.test(resolution) ? 720 : 1);

/**
 * Every resolution and duration that anybody sells, small to large. `range`: every second that
 * some model makes which makes any length.
 * @param {readonly CatalogueEntry[]} catalogue
 */
export function axes(catalogue) {
  const cells = catalogue.flatMap(({ models }) => models.flatMap(({ cells }) => cells));
  const resolutions = [...new Set(cells.map(({ resolution }) => resolution))].sort(
    (a, b) => lines(a) - lines(b),
  );
  const seconds = (/** @type {boolean} */ wanted) =>
    [
      ...new Set(
        cells.filter(({ ranged }) => Boolean(ranged) === wanted).map(({ duration }) => duration),
      ),
    ].sort((a, b) => a - b);
  return { resolutions, durations: seconds(false), range: seconds(true) };
}

const isCell =
  (/** @type {string} */ resolution, /** @type {number} */ duration) =>
  (/** @type {{resolution: string, duration: number}} */ cell) =>
    cell.resolution === resolution && cell.duration === duration;

/**
 * Why a model cannot make this, "" if it can.
 * @param {CatalogueModel | undefined} model
 * @param {string} resolution
 * @param {number} duration
 * @param {Frames} frames
 * @returns {Reason}
 */
export function reasonAgainst(model, resolution, duration, frames) {
  if (!model) return "unknown";
  if (!model.cells.some(isCell(resolution, duration))) return "cell";
  for (const slot of /** @type {const} */ (["first", "last"])) {
    const rule = model[`${slot}_frame`];
    if (rule === "required" && !frames[slot]) return `needs_${slot}`;
    if (rule === "no" && frames[slot]) return `no_${slot}`;
  }
  return frames.references && !model.references ? "no_references" : "";
}

/**
 * @param {readonly CatalogueEntry[]} catalogue @param {readonly string[]} targets
 * @param {string} resolution @param {number} duration @param {Frames} frames
 */
export function support(catalogue, targets, resolution, duration, frames) {
  const can = [];
  const cannot = [];
  const notes = [];
  for (const target of targets) {
    const model = lookUp(catalogue, target)?.model;
    const reason = reasonAgainst(model, resolution, duration, frames);
    const cell = model?.cells.find(isCell(resolution, duration));
    if (reason) cannot.push({ target, reason });
    else can.push(target);
    if (!reason && (cell?.assumed || cell?.sent_as || cell?.length))
      notes.push({ target, ...cell });
  }
  return { can, cannot, notes };
}

/**
 * @typedef {{kind: "duration", duration: number} | {kind: "resolution", resolution: string}
 *   | {kind: "add", slot: "first" | "last"} | {kind: "clear", slot: "first" | "last" | "references"}
 *   | {kind: "model", target: string} | {kind: "drop"}} Fix
 */

/**
 * What one click can do about a model that cannot make this, the smallest change first; "drop"
 * leaves it out.
 * @param {readonly CatalogueEntry[]} catalogue @param {string} target @param {Reason} reason
 * @param {string} resolution @param {number} duration @param {Frames} frames @returns {Fix[]}
 */
export function fixes(catalogue, target, reason, resolution, duration, frames) {
  const found = lookUp(catalogue, target);
  const cells = found?.model.cells ?? [];
  const [kind, slot] = /** @type {[string, any]} */ (reason.split("_"));
  /** @type {Fix[]} */
  const list = [];
  if (kind === "cell") {
    const near = cells
      .filter((cell) => cell.resolution === resolution)
      .map((cell) => cell.duration);
    const alike = cells.find((cell) => cell.duration === duration);
    near.sort((a, b) => Math.abs(a - duration) - Math.abs(b - duration));
    if (near[0] !== undefined) list.push({ kind: "duration", duration: near[0] });
    if (alike) list.push({ kind: "resolution", resolution: alike.resolution });
  } else if (kind === "needs") {
    list.push({ kind: "add", slot });
  } else if (kind === "no") {
    const other = found?.entry.models.find(
      (one) => !reasonAgainst(one, resolution, duration, frames),
    );
    if (other) list.push({ kind: "model", target: `${found?.entry.name}/${other.name}` });
    list.push({ kind: "clear", slot });
  }
  return [...list, { kind: "drop" }];
}
