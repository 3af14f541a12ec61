// Votes between clips whose names are hidden until then: two at a time, or the best and the worst
// of four. The ranking is shown when somebody asks.

import { h as node, render } from "preact";
import { button, choice, h, prefersReducedMotion, refill, set, setText, showText } from "./dom.js";
import { keyOfGroup, nextGroup } from "./pairing.js";
import { SummaryTable } from "./summary_view.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {ReturnType<typeof votes>} Vote */

/** What is voted on; "" is anything. */
const AXES = ["provider", "prompt", ""];
/** Of two clips: the key, the outcome and its words. */
const OUTCOMES = [
  ["1", "first", "vote.left"],
  ["0", "tie", "vote.tie"],
  ["2", "second", "vote.right"],
];

/**
 * @param {import("./card.js").Board} board
 * @param {import("./view_state.js").ViewSignal} view
 * @param {() => import("./summary_figures.js").Summaries} summaries
 * @param {() => void} changed
 */
export function votes(board, view, summaries, changed) {
  const { t, wire, announcer, player } = board;
  let sending = false;
  let ranked = false;
  /** The id of the best of four, while the worst is asked for. */
  let best = "";
  /** @type {import("./pairing.js").Met[] | null} */
  let met = null;
  /** @type {Row[]} */
  let rows = [];

  const axes = choice(
    t("vote.on"),
    "on",
    AXES.map((on) => [on, t(`vote.on.${on || "any"}`)]),
    (on) => again({ voteOn: on }),
  );
  const sizes = choice(
    t("vote.sizes"),
    "size",
    ["2", "4"].map((size) => [size, t(`vote.size.${size}`)]),
    (size) => again({ voteSize: Number(size) }),
  );
  const question = h("p.vote-question");
  const prompt = h("p.vote-prompt", { hidden: true });
  const answers = h("div.row.vote-buttons");
  const next = button(".primary", t("vote.next"), () => {
    choose();
    changed();
    answers.querySelector("button")?.focus();
  });
  const count = h("span.soft");
  const ask = button(".small.quiet", "", () => {
    ranked = !ranked;
    update();
  });
  const message = h("p.message", { hidden: true });
  const ranking = h("section.scroll.ranking-box", { label: t("ranking"), hidden: true });
  const head = h("div.row.vote-head", axes.el, sizes.el, count, ask);
  const row = h("div.row.vote-buttons", answers, next);

  const vote = {
    head,
    el: h("div.vote", { hidden: true }, question, prompt, row, message, ranking),
    /** @type {Row[] | null} */
    group: null,
    revealed: false,
    press,
    nameOf,
    /** @param {Row[]} able  those that can meet */
    show(able) {
      rows = able;
      if (!met) void request({ action: "votes" }, choose);
      else if (!vote.group?.every(({ id }) => rows.some((one) => one.id === id))) choose();
      update();
    },
  };
  return vote;

  /** Another question. @param {Partial<import("./view_state.js").View>} patch */
  function again(patch) {
    view.value = { ...view.value, ...patch };
    if (met) choose();
    changed();
  }

  /**
   * @param {Record<string, any>} content
   * @param {() => void} then  what its answer, the votes so far, means
   */
  async function request(content, then) {
    if (sending) return;
    sending = true;
    try {
      ({ votes: met } = await wire.request({ kind: "action", ...content }));
      then();
      sending = false;
      changed();
    } catch (reason) {
      sending = false;
      const text = reasonText(reason);
      if (text !== "closed") showText(message, text);
    }
  }

  /** The next clips, from their start. */
  function choose() {
    const { voteOn: on, voteSize } = view.value;
    const known = new Map(
      summaries()[on]?.rows.map(({ item, strength }) => [item, strength.value ?? 0]),
    );
    const asked = { on, strength: (/** @type {string} */ item) => known.get(item) ?? 0 };
    const last = keyOfGroup(vote.group ?? []);
    vote.group = nextGroup(rows, asked, voteSize, met ?? [], Math.random, last);
    vote.revealed = false;
    best = "";
    player.pause();
    player.seekAll(0);
    if (vote.group && !prefersReducedMotion()) player.play();
  }

  /** What the key of an answer says. @param {string} key  a digit */
  function press(key) {
    if (!vote.group || vote.revealed) return;
    const shown = vote.group.map(({ id }) => id);
    const outcome = OUTCOMES.find(([digit]) => digit === key)?.[1];
    const id = shown[Number(key) - 1];
    if (shown.length === 2) {
      const [first, second] = shown;
      if (outcome) void cast({ first, second, outcome });
    } else if (id && !best) {
      best = id;
      update();
      answers.querySelector("button")?.focus();
    } else if (id && id !== best) void cast({ shown, best, worst: id });
  }

  /** @param {Record<string, any>} answer */
  async function cast(answer) {
    await request({ action: "vote", ...answer, blind: true }, () => {
      vote.revealed = true;
      showText(message, "");
      const names = vote.group?.map((_, index) => nameOf(index)) ?? [];
      const [left = "", right = ""] = names;
      announcer.say(
        names.length === 2
          ? t("vote.kept", { left, right })
          : t("vote.kept_all", { names: names.join(", ") }),
      );
    });
    if (vote.revealed) next.focus();
  }

  /** What a clip is called: by its place until the vote. @param {number} index */
  function nameOf(index) {
    const { group, revealed } = vote;
    const row = group?.[index];
    const letter = "ABCD".charAt(index);
    if (!revealed || !row) return group?.length === 2 ? t(index ? "right" : "left") : letter;
    const simulated = row.simulated ? ` (${t("common.simulated")})` : "";
    const name = `${row.provider_title || row.provider}${simulated}`;
    return group?.length === 2 ? name : `${letter} · ${name}`;
  }

  function update() {
    const { group, revealed } = vote;
    const four = group !== null && group.length > 2;
    axes.show(view.value.voteOn);
    sizes.show(String(view.value.voteSize));
    setText(
      count,
      t("vote.count", { count: (met ?? []).reduce((all, one) => all + one.count, 0) }),
    );
    const asked = four ? (best ? "vote.worst" : "vote.best") : "vote.question";
    setText(
      question,
      t(!group ? `vote.none.${view.value.voteOn || "any"}` : revealed ? "vote.revealed" : asked),
    );
    const prompts = new Set(group?.map((row) => row.prompt));
    showText(prompt, prompts.size === 1 ? (group?.[0]?.prompt ?? "") : "");
    answers.hidden = revealed || !group;
    refill(answers, [group?.map(({ id }) => id), best], () => (four ? letters(group) : outcomes()));
    next.hidden = !revealed;
    setText(ask, t(ranked ? "ranking.hide" : "ranking.show"));
    set(ask, { "aria-expanded": ranked });
    showRanking();
  }

  function outcomes() {
    return OUTCOMES.map(([key = "", , words = ""]) => answer(key, t(words)));
  }

  /** @param {Row[]} group */
  function letters(group) {
    const keys = group.map((_, index) => index).filter((index) => group[index]?.id !== best);
    return keys.map((index) => answer(String(index + 1), "ABCD".charAt(index)));
  }

  /** @param {string} key @param {string} words */
  function answer(key, words) {
    const one = button("", words, () => press(key));
    one.append(h("kbd", key));
    return one;
  }

  /** By what is voted on, the best by the lower end of its interval first. */
  function showRanking() {
    const by = view.value.voteOn || "provider";
    const found = (summaries()[by]?.rows ?? []).filter(({ strength }) => strength.n);
    found.sort((a, b) => (b.strength.low ?? 0) - (a.strength.low ?? 0));
    ranking.hidden = !ranked;
    render(
      found.length
        ? node(SummaryTable, { rows: found, by, wanted: ["strength", "cost"], t })
        : node("p", { class: "hn-soft" }, t("ranking.empty")),
      ranking,
    );
  }
}
