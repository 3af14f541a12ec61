// What is said of a plan before it is sent: what stands against it, what it costs, what is left of
// it. Pure.

/** @typedef {import("./types.js").Translate} Translate */
/** @typedef {import("./types.js").Limit} Limit */
/** @typedef {import("./types.js").Plan} Plan */

/** "4 × ¥2.00 = ¥8.00". @param {Translate} t
 * @param {{simulated: boolean, count: number, each: string, sum: string}} line */
export function costText(t, { simulated, count, each, sum }) {
  if (simulated) return t("cost.free");
  if (!each) return t("cost.unknown", { count });
  return count > 1 ? `${count} × ${each} = ${sum}` : each;
}

/** @param {Limit} limit @param {number} count  clips that are asked for now */
export const limitValues = ({ max_cost, max_clips, used, used_cost }, count = 0) => ({
  max_cost: max_cost ?? "",
  max_clips: max_clips ?? "",
  used,
  used_cost: used_cost || "0",
  count,
});

/** The limits of the studio, in words; "" without any.
 * @param {Translate} t @param {Limit | null | undefined} limit */
export function limitText(t, limit) {
  if (!limit) return "";
  const values = limitValues(limit);
  const clips = limit.max_clips == null ? "" : t("limit.of_clips", values);
  const cost = limit.max_cost == null ? "" : t("limit.of_cost", values);
  return [clips, cost].filter(Boolean).join(" ");
}

/**
 * A draft as it may be sent: its targets, its clips and what they cost; `left_out` clips are not.
 * @typedef {{targets: readonly string[], clips: number, left_out: number,
 *   total: import("./types.js").Sum | null, limit: Limit | null}} Offer
 */

/**
 * All of a draft, and what remains where the targets with errors are left out: null where nothing
 * does, or where that is not known yet.
 * @param {Partial<Plan>} plan  of the kernel
 * @param {{targets: readonly string[], clips: number, pending: boolean}} draft  as it is: its plan
 *   may be of the past
 * @returns {{whole: Offer, rest: Offer | null}}
 */
export function offersOf(plan, { targets, clips, pending }) {
  const current = !pending && plan.clips === clips;
  const whole = {
    targets,
    clips,
    left_out: 0,
    total: (current && plan.total) || null,
    limit: (!pending && plan.limit) || null,
  };
  const rest = (current && plan.rest) || null;
  const known = rest?.targets.every((one) => targets.includes(one)) ?? false;
  return { whole, rest: known ? rest : null };
}

/**
 * What to do first, "" if an offer may be sent.
 * @param {Translate} t
 * @param {Offer} offer
 * @param {{errors: number, prompt: boolean}} found  errors that stop it; whether a prompt is there
 */
export function stops(t, { targets, clips, limit }, { errors, prompt }) {
  if (targets.length === 0) return t("blocked.targets");
  if (errors) return t("blocked.problems", { count: errors });
  if (!prompt) return t("blocked.prompt");
  return limit?.over ? t(`limit.${limit.over}`, limitValues(limit, clips)) : "";
}
