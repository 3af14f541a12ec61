// The one list of problems: what of it holds now, its words, and what a click on a cure sets. The
// kernel finds them (`problem_list.py`).

import { shortModel } from "./format.js";
import { translateCode } from "./i18n.js";
import { fixFrame, fixReferences } from "./media_cures.js";
import { FITTED } from "./protocol.js";
import { cellAt } from "./support_grid.js";

/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Support} Support */
/** @typedef {import("./types.js").Translate} Translate */
/**
 * What the list is made from.
 * @typedef {{problems: Problem[], support: Partial<Support>, targets:
 *   readonly string[], resolution: string, duration: number}} State
 */

/**
 * The problems of the draft as it is, errors first. Those of its format are of the cell that is
 * chosen now, also before the kernel has seen it.
 * @param {State} state @returns {Problem[]}
 */
export function currentProblems({ problems, support, targets, resolution, duration }) {
  const cell = cellAt(support, resolution, duration);
  if (!cell) return problems;
  const ofFormat = new Set(
    (support.cells ?? []).flatMap((one) => one.problems.map(({ code }) => code)),
  );
  const here = cell.problems.filter(({ severity }) => severity !== "note");
  const all = [...here, ...problems.filter(({ code }) => !ofFormat.has(code))];
  const holds = (/** @type {Problem} */ one) =>
    !one.targets.length || one.targets.some((target) => targets.includes(target));
  const isError = (/** @type {Problem} */ { severity }) => severity === "error";
  const held = all.filter(holds);
  return [...held.filter(isError), ...held.filter((one) => !isError(one))];
}

/** A sentence for each wording. @param {Problem} problem @param {Translate} t */
export function problemTexts({ code, field, texts }, t) {
  const option = code.startsWith("option_") ? { option: t(`option.${field}`) } : {};
  return texts.map(({ values, message }) =>
    translateCode(t, `problem.${code}`, { ...values, ...option }, message),
  );
}

/**
 * "Use 768P, remove the last frame"; "" where no click helps.
 * @param {Problem} problem
 * @param {Translate} t
 */
export function cureLabel({ targets, changes }, t) {
  return Object.entries(changes ?? {})
    .map(([name, value]) => {
      if (name === "model" && !value) return t("fix.leave_out", { count: targets.length });
      if (name === "model") return t("fix.model", { model: shortModel(String(value)) });
      if (value === FITTED) return t(`fix.${name}_fitted`);
      if (/^(resolution|duration|prompt|references|\w+_frame)$/.test(name))
        return t(`fix.${name}`, { value });
      return t(value === false ? "fix.option_off" : "fix.option", { option: t(`option.${name}`) });
    })
    .join(t("fix.and"));
}

/**
 * The targets with another model in the place of those of `wrong`, or without these.
 * @param {readonly string[]} targets @param {readonly string[]} wrong @param {string | null} model
 */
export function exchange(targets, wrong, model) {
  const kept = targets.filter((target) => model || !wrong.includes(target));
  const other = (/** @type {string} */ target) =>
    wrong.includes(target) ? `${target.split("/")[0]}/${model}` : target;
  return [...new Set(kept.map(other))];
}

/**
 * Does what the button of a cure says.
 * @param {import("./studio.js").Studio} studio @param {Problem} problem
 */
export async function cure({ draft, wire }, { targets: wrong, changes }) {
  const { model, prompt, resolution, duration, first_frame, last_frame, references, ...options } =
    changes ?? {};
  const given = {
    prompt,
    resolution,
    duration,
    options: Object.keys(options).length ? { ...draft.options, ...options } : undefined,
    targets: model === undefined ? undefined : exchange(draft.targets, wrong, model),
  };
  draft.set(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  draft.flush(); // the kernel fits files to the targets that it knows
  await fixFrame(wire, "first", first_frame);
  await fixFrame(wire, "last", last_frame);
  await fixReferences(wire, references);
}
