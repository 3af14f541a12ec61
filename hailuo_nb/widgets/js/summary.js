// Before sending: problems and their fixes, the number of clips, their cost, and the button.

import { targetTitle } from "./catalogue.js";
import { button, dotted, h, refill, replace, set, setText, showText, uniqueId } from "./dom.js";
import { sumText, translateCode } from "./i18n.js";
import { cure, cureLabel, currentProblems, problemTexts } from "./problems.js";
import { expand } from "./variants.js";
import { newId, reasonText } from "./wire.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Plan} Plan */

/** Milliseconds without an answer after which the page says that the kernel may be busy. */
const SLOW = 4000;
/** An order waits so long behind a busy cell; then it is taken back. Milliseconds. */
const PATIENCE = 3_600_000;
/** The second half of a double click must not order everything again. Milliseconds. */
const COOLDOWN = 1000;

/** @param {Studio} studio */
export function summary(studio) {
  const { draft, t, wire, announcer } = studio;
  const why = uniqueId("why");
  const problems = h("ul.problems", { label: t("problems") });
  const costs = h("ul.costs");
  const costTitle = h("summary");
  const costBox = h("details.cost", costTitle, costs);
  const existing = h("p.hint");
  const spent = h("p.hint.spent");
  const limits = h("p.hint.limit");
  const reason = h("p.reason", { id: why });
  const words = h("span");
  const go = button(".primary.generate", words, () => generate(), {
    "aria-describedby": why,
    "aria-keyshortcuts": "Control+Enter Meta+Enter",
  });
  const status = h("p.status", { role: "status" });
  const withdraw = button(".small", t("withdraw"), () => wire.withdraw(order), { hidden: true });
  const resume = button(".small.resume", "", goOn, { hidden: true });
  const confirm = h("div.confirm", { role: "group", label: t("again"), hidden: true });
  const what = h(
    "div.send-what",
    costBox,
    spent,
    limits,
    existing,
    reason,
    withdraw,
    confirm,
    resume,
    status,
  );
  const el = h("div.summary", problems, h("div.send", what, go));

  let sending = false;
  let slow = false;
  let failure = "";
  /** What is said in place of the status until the next press. */
  let notice = "";
  let order = 0;
  let timer = 0;

  const targets = () => /** @type {string[]} */ (draft.targets);
  const clips = () => targets().length * draft.takes * expand(draft.prompt).prompts.length;
  const plan = () => /** @type {Plan} */ (draft.plan);
  const said = () => currentProblems(draft);
  // Nobody has to be message in red that an empty page is empty; the button says what is missing.
  const found = () => said().filter(({ code }) => code !== "prompt_missing");

  /** Why nothing can be sent now, "" if it can. */
  function blocked() {
    if (!wire.open) return t("blocked.kernel");
    if (!confirm.hidden) return t("blocked.again");
    if (sending) return slow ? t("blocked.slow") : t("blocked.sending");
    if (targets().length === 0) return t("blocked.targets");
    const wrong = found().filter(({ severity }) => severity === "error");
    if (wrong.length) return t("blocked.problems", { count: wrong.length });
    if (said().length > found().length) return t("blocked.prompt");
    const limit = plan().limit;
    return limit?.over && !draft.pending ? t(`limit.${limit.over}`, limitValues(limit)) : "";
  }

  /** @param {import("./types.js").Limit} limit */
  const limitValues = ({ max_cost, max_clips, used, used_cost }) => ({
    max_cost: max_cost ?? "",
    max_clips: max_clips ?? "",
    used,
    used_cost: used_cost || "0",
    count: clips(),
  });

  /** Say so where the answer does not come soon. */
  function watch() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      slow = true;
      update();
    }, SLOW);
  }

  async function generate() {
    const against = blocked();
    if (against) return announcer.say(against);
    sending = true;
    failure = notice = "";
    update();
    watch();
    draft.flush();
    // One that has no answer is the same order still, also after the page was loaded again.
    order = draft.order || newId();
    draft.setOrder(order);
    try {
      const answer = await wire.request(
        { kind: "generate", draft: draft.value() },
        { id: order, within: PATIENCE, ask },
      );
      if (answer.kind === "withdrawn") notice = t("common.withdrawn");
      else await new Promise((resolve) => setTimeout(resolve, COOLDOWN));
    } catch (error) {
      failure = reasonText(error);
    }
    clearTimeout(timer);
    if (failure !== "closed" && wire.open) draft.setOrder(0);
    sending = slow = false;
    update();
  }

  /** Clips of an earlier kernel come back. */
  async function goOn() {
    failure = notice = "";
    set(resume, { "aria-disabled": true });
    await wire.request({ kind: "resume" }).catch((error) => (failure = reasonText(error)));
    set(resume, { "aria-disabled": null });
    update();
  }

  /**
   * Whether the same is wanted once more.
   * @param {{count: number, seconds: number}} again @returns {Promise<boolean>}
   */
  function ask({ count, seconds }) {
    const ago =
      seconds < 90
        ? t("common.seconds", { seconds })
        : t("common.minutes", { minutes: Math.round(seconds / 60) });
    clearTimeout(timer);
    return new Promise((resolve) => {
      const answer = (/** @type {boolean} */ yes) => () => {
        confirm.hidden = true;
        watch();
        update();
        go.focus();
        resolve(yes);
      };
      const no = button(".small", t("again.no"), answer(false));
      const yes = button(".small.primary", t("again.yes"), answer(true));
      replace(confirm, h("p", t("again", { count, ago })), h("div.row", no, yes));
      confirm.onkeydown = (event) => {
        if (event.key === "Escape") answer(false)();
      };
      confirm.hidden = false;
      slow = false;
      update();
      no.focus();
    });
  }

  function update() {
    refill(problems, found(), () => found().map(problemItem));
    problems.hidden = found().length === 0;
    const count = clips();
    const {
      total,
      costs: lines = [],
      existing: taken,
      clips: planned,
      spent: paid,
      limit,
    } = plan();
    const price = planned === count && !draft.pending && total ? sumText(t, total) : "…";
    setText(words, count ? t("generate.count", { count, price }) : t("generate"));
    const against = blocked();
    set(go, { "aria-disabled": against ? true : null });
    showText(reason, against);
    const open = wire.open ? draft.open_clips : 0;
    resume.hidden = !open;
    setText(resume, t("resume", { count: open }));
    withdraw.hidden = !slow;
    showCosts(lines, price);
    showText(spent, paid ? t("spent", { count: paid.clips, sum: sumText(t, paid) }) : "");
    const bounds = limit ? limitValues(limit) : {};
    const parts = [
      limit?.max_clips != null && t("limit.of_clips", bounds),
      limit?.max_cost != null && t("limit.of_cost", bounds),
    ];
    showText(limits, parts.filter(Boolean).join(" "));
    showText(existing, taken ? t("existing", { count: taken }) : "");
    const state = /** @type {import("./types.js").Status} */ (
      draft.status ?? { kind: "idle", text: "" }
    );
    set(status, { "data-kind": failure ? "error" : notice ? "idle" : state.kind });
    showText(
      status,
      failure || notice || translateCode(t, `status.${state.code}`, state.values, state.text ?? ""),
    );
  }

  /** @param {import("./types.js").Cost[]} lines @param {string} price */
  function showCosts(lines, price) {
    costBox.hidden = lines.length === 0;
    setText(costTitle, t("cost", { total: price }));
    const catalogue = draft.catalogue;
    const item = (/** @type {import("./types.js").Cost} */ line) => {
      const source = dotted(line.date, line.source);
      return h(
        "li",
        h("span", targetTitle(catalogue, line.target)),
        h("span.money", costText(t, line)),
        !line.simulated && h("span.hint", source),
      );
    };
    replace(costs, lines.map(item));
  }

  /** @param {Problem} problem */
  function problemItem(problem) {
    const label = cureLabel(problem, t);
    const texts = problemTexts(problem, t);
    const { severity } = problem;
    return h(
      "li.problem",
      { "data-severity": severity },
      h(
        "div.problem-text",
        h("span.sr", t(`severity.${severity}`)),
        texts.map((text) => h("p", text)),
      ),
      label &&
        h(
          "div.problem-actions",
          button(".small", label, () => cure(studio, problem)),
        ),
    );
  }

  return { el, update, generate };
}

/** "4 × ¥2.00 = ¥8.00". @param {import("./types.js").Translate} t
 * @param {{simulated: boolean, count: number, each: string, sum: string}} line */
export function costText(t, { simulated, count, each, sum }) {
  if (simulated) return t("cost.free");
  if (!each) return t("cost.unknown", { count });
  return count > 1 ? `${count} × ${each} = ${sum}` : each;
}
