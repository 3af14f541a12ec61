// Before sending: what is wrong and how to mend it, how many clips and what they cost, and the one button.

import { h, replace, setAttribute, setText, showText, uniqueId } from "./dom.js";
import { shortModel } from "./format.js";
import { targetTitle } from "./matrix.js";
import { expand } from "./variants.js";
import { sumText, worded } from "./words.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Plan} Plan */

/** After so long without an answer we say that the kernel may be busy; the request stands. Milliseconds. */
const PATIENCE = 4000;
/** The second half of a double click must not order everything again. Milliseconds. */
const BREATH = 1000;

/** @param {Studio} studio */
export function summary(studio) {
  const { draft, t, wire, announcer } = studio;
  const why = uniqueId("why");
  const problems = h("ul.hn-problems", { "aria-label": t("studio.problems") });
  const costs = h("ul.hn-costs", {});
  const costTitle = h("summary");
  const costBox = h("details.hn-cost", {}, costTitle, costs);
  const existing = h("p.hn-hint", {});
  const spent = h("p.hn-hint.hn-spent", {});
  const limits = h("p.hn-hint.hn-limit", {});
  const reasonText = h("p.hn-reason", { id: why });
  const words = h("span");
  const button = h(
    "button.hn-button.hn-primary.hn-generate",
    {
      "aria-describedby": why,
      "aria-keyshortcuts": "Control+Enter Meta+Enter",
      on: { click: () => void generate() },
    },
    words,
  );
  const status = h("p.hn-status", { role: "status" });
  const el = h(
    "div.hn-summary",
    {},
    problems,
    h("div.hn-send", {}, h("div.hn-send-what", {}, costBox, spent, limits, existing, reasonText, status), button),
  );

  let sending = false;
  let slow = false;
  let failure = "";
  let shown = "";

  const clips = () =>
    draft.get("targets").length * draft.get("takes") * expand(draft.get("prompt") ?? "").prompts.length;
  const plan = () => /** @type {Plan} */ (draft.get("plan") ?? {});
  const said = () => /** @type {Problem[]} */ (draft.get("problems") ?? []);
  // Nobody has to be told in red that an empty page is empty; the button says what is missing.
  const found = () => said().filter(({ code }) => code !== "prompt_missing");

  /** Why nothing can be sent now, "" if it can. */
  function blocked() {
    if (!wire.open) return t("studio.blocked.kernel");
    if (sending) return slow ? t("studio.blocked.slow") : t("studio.blocked.sending");
    if (draft.get("targets").length === 0) return t("studio.blocked.targets");
    const wrong = found().filter(({ severity }) => severity === "error");
    if (wrong.length) return t("studio.blocked.problems", { count: grouped(wrong).length });
    if (said().length > found().length) return t("studio.blocked.prompt");
    const limit = plan().limit;
    return limit?.over && !draft.pending ? t(`studio.limit.${limit.over}`, limitValues(limit)) : "";
  }

  /** @param {import("./types.js").Limit} limit */
  function limitValues({ max_cost, max_clips, asked, asked_cost }) {
    const cost = asked_cost || "0";
    return { max_cost: max_cost ?? "", max_clips: max_clips ?? "", asked, asked_cost: cost, count: clips() };
  }

  async function generate() {
    const reason = blocked();
    if (reason) {
      announcer.say(reason);
      return;
    }
    sending = true;
    failure = "";
    update();
    const timer = setTimeout(() => {
      slow = true;
      update();
    }, PATIENCE);
    draft.flush();
    try {
      await wire.ask({ kind: "generate", draft: draft.value() });
      await new Promise((resolve) => setTimeout(resolve, BREATH));
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    clearTimeout(timer);
    sending = slow = false;
    update();
  }

  function update() {
    showProblems();
    const count = clips();
    const { total, costs: lines = [], existing: taken = 0, clips: planned, spent: paid, limit } = plan();
    const fresh = planned === count && !draft.pending;
    const price = fresh && total ? sumText(t, total) : "…";
    setText(words, count ? t("studio.generate.count", { count, price }) : t("studio.generate"));
    const reason = blocked();
    setAttribute(button, "aria-disabled", reason ? "true" : null);
    showText(reasonText, reason);
    showCosts(lines, price);
    showText(spent, paid ? t("studio.spent", { count: paid.clips, sum: sumText(t, paid) }) : "");
    const bounds = limit ? limitValues(limit) : {};
    const parts = [
      limit?.max_clips != null && t("studio.limit.of_clips", bounds),
      limit?.max_cost != null && t("studio.limit.of_cost", bounds),
    ];
    showText(limits, parts.filter(Boolean).join(" "));
    showText(existing, taken > 0 ? t("studio.existing", { count: taken }) : "");
    const state = /** @type {import("./types.js").Status} */ (draft.get("status") ?? { kind: "idle", text: "" });
    setAttribute(status, "data-kind", failure ? "error" : state.kind);
    showText(status, failure || worded(t, `studio.status.${state.code}`, state.values, state.text ?? ""));
  }

  /** @param {import("./types.js").Cost[]} lines @param {string} price */
  function showCosts(lines, price) {
    costBox.hidden = lines.length === 0;
    setText(costTitle, t("studio.cost", { total: price }));
    const catalogue = draft.get("catalogue") ?? [];
    replace(
      costs,
      ...lines.map(({ target, simulated, count, each, sum, date, source }) =>
        h(
          "li",
          {},
          h("span", {}, targetTitle(catalogue, target, shortModel)),
          h("span.hn-money", {}, costText(t, { simulated, count, each, sum })),
          !simulated && h("span.hn-hint", {}, [date, source].filter(Boolean).join(" · ")),
        ),
      ),
    );
  }

  function showProblems() {
    const list = found();
    const key = JSON.stringify(list);
    if (key === shown) return;
    shown = key;
    problems.hidden = list.length === 0;
    replace(problems, ...grouped(list).map(problemItem));
  }

  /** @param {Problem[]} group  the same fault at several targets, with one cure */
  function problemItem(group) {
    const { severity, changes } = /** @type {Problem} */ (group[0]);
    const targets = group.map(({ target }) => target);
    const texts = [...new Set(group.map((one) => problemText(one)))];
    const leaveOut = () =>
      draft.set({ targets: draft.get("targets").filter((/** @type {string} */ one) => !targets.includes(one)) });
    return h(
      "li.hn-problem",
      { "data-severity": severity },
      h(
        "div.hn-problem-text",
        {},
        h("span.hn-sr", {}, t(`studio.severity.${severity}`)),
        ...texts.map((text) => h("p", {}, text)),
      ),
      h(
        "div.hn-problem-acts",
        {},
        changes &&
          h("button.hn-button.hn-small", { on: { click: () => void mend(changes, targets) } }, fixLabel(changes, t)),
        severity === "error" &&
          draft.get("targets").length > targets.length &&
          h(
            "button.hn-button.hn-small.hn-quiet",
            { on: { click: leaveOut } },
            t("studio.fix.leave_out", { count: targets.length }),
          ),
      ),
    );
  }

  /** @param {Problem} problem */
  function problemText(problem) {
    const values = { ...problem.values };
    if (problem.code.startsWith("switch_")) values.switch = t(`studio.option.${problem.field}`);
    return worded(t, `studio.problem.${problem.code}`, values, problem.message);
  }

  /** @param {Record<string, any>} changes @param {string[]} targets */
  async function mend(changes, targets) {
    const { target, prompt, resolution, duration, first_frame, last_frame, ...options } = changes;
    const given = { prompt, resolution, duration };
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    if (Object.keys(options).length) Object.assign(set, { options: { ...draft.get("options"), ...options } });
    if (target)
      Object.assign(set, {
        targets: [
          ...new Set(draft.get("targets").map((/** @type {string} */ one) => (one === targets[0] ? target : one))),
        ],
      });
    draft.set(set);
    if (first_frame === null) await wire.ask({ kind: "frame_clear", slot: "first" }).catch(() => undefined);
    if (last_frame === null) await wire.ask({ kind: "frame_clear", slot: "last" }).catch(() => undefined);
  }

  return { el, update, generate };
}

/** "4 × ¥2.00 = ¥8.00". @param {import("./types.js").Translate} t
 * @param {{simulated: boolean, count: number, each: string, sum: string}} line */
export function costText(t, { simulated, count, each, sum }) {
  if (simulated) return t("studio.cost.free");
  if (!each) return t("studio.cost.unknown", { count });
  return count > 1 ? `${count} × ${each} = ${sum}` : each;
}

/** Problems that one click mends stand together. @param {Problem[]} problems @returns {Problem[][]} */
export function grouped(problems) {
  /** @type {Map<string, Problem[]>} */
  const groups = new Map();
  for (const problem of problems) {
    const key = JSON.stringify([problem.severity, problem.code, problem.changes]);
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].sort(
    ([a], [b]) => Number(a?.severity === "warning") - Number(b?.severity === "warning"),
  );
}

/** "Use 768P, remove the last frame". @param {Record<string, any>} changes @param {import("./types.js").Translate} t */
export function fixLabel(changes, t) {
  return Object.entries(changes)
    .map(([name, value]) => {
      if (name === "target") return t("studio.fix.model", { model: shortModel(String(value).split("/")[1] ?? "") });
      if (name === "resolution" || name === "duration") return t(`studio.fix.${name}`, { value });
      if (name === "prompt") return t("studio.fix.prompt");
      if (name.endsWith("_frame")) return t(`studio.fix.${name}`);
      return t("studio.fix.option", { option: t(`studio.option.${name}`) });
    })
    .join(t("studio.fix.and"));
}
