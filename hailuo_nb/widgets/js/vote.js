// Votes between two clips whose names are hidden until then, and the ranking from the votes.

import { button, choice, column, h, replace, setText, showText } from "./dom.js";
import { shortModel } from "./format.js";
import { keyOfPair, nextPair } from "./pairing.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/**
 * @typedef {{item: string, strength: number, low: number, high: number, wins: number, losses:
 *   number, ties: number, cost?: string}} Rank  cost  of one saved clip, "" where nobody knows
 */
/** @typedef {{votes: import("./pairing.js").Met[], ranking: Record<string, Rank[]>}} Standing */
/** @typedef {ReturnType<typeof votes>} Vote */

const RANKED = ["provider", "model", "prompt"];
const OUTCOMES = [
  ["first", "vote.left", "1"],
  ["tie", "vote.tie", "0"],
  ["second", "vote.right", "2"],
];

/** @param {import("./card.js").Board} board @param {() => void} changed */
export function votes({ t, wire, announcer }, changed) {
  let sending = false;
  let by = "provider";
  /** @type {Standing | null} */
  let standing = null;
  /** @type {Row[]} */
  let rows = [];

  const question = h("p.vote-question");
  const buttons = OUTCOMES.map(([outcome = "", key = "", stroke]) => {
    const one = button("", t(key), () => cast(outcome), { "data-outcome": outcome });
    one.append(h("kbd", stroke));
    return one;
  });
  const next = button(".primary", t("vote.next"), () => {
    choose();
    changed();
    buttons[0]?.focus();
  });
  const count = h("span.soft");
  const message = h("p.message", { hidden: true });
  const tabs = choice(
    t("ranking.by"),
    "by",
    RANKED.map((name) => [name, t(`column.${name}`)]),
    (name) => {
      by = name;
      update();
    },
  );
  const chart = h("div.scroll");
  const title = h("div.row", h("h4", t("ranking")), tabs.el);
  const box = h("section.ranking-box", { label: t("ranking") }, title, chart);
  const row = h("div.row.vote-buttons", buttons, next, count);

  const vote = {
    el: h("div.vote", { hidden: true }, question, row, message, box),
    /** @type {[Row, Row] | null} */
    pair: null,
    revealed: false,
    cast,
    nameOf,
    /** @param {Row[]} able  those that can meet */
    show(able) {
      rows = able;
      if (!standing) void request({ action: "ranking" }, choose);
      else if (!vote.pair?.every(({ id }) => rows.some((one) => one.id === id))) choose();
      update();
    },
  };
  return vote;

  /**
   * @param {Record<string, any>} content
   * @param {() => void} then  what its answer, the new standing, means
   */
  async function request(content, then) {
    if (sending) return;
    sending = true;
    try {
      standing = await wire.request({ kind: "action", ...content });
      then();
      sending = false;
      changed();
    } catch (reason) {
      sending = false;
      const text = reasonText(reason);
      if (text !== "closed") showText(message, text);
    }
  }

  function choose() {
    const last = vote.pair ? keyOfPair(vote.pair) : "";
    vote.pair = nextPair(rows, standing?.votes ?? [], Math.random, last);
    vote.revealed = false;
  }

  /** @param {string} outcome */
  async function cast(outcome) {
    if (!vote.pair || vote.revealed) return;
    const [first, second] = vote.pair.map(({ id }) => id);
    await request({ action: "vote", first, second, outcome, blind: true }, () => {
      vote.revealed = true;
      showText(message, "");
      announcer.say(t("vote.kept", { left: nameOf(0), right: nameOf(1) }));
    });
    if (vote.revealed) next.focus();
  }

  /** @param {Row} row */
  function providerOf({ provider, provider_title, simulated }) {
    return `${provider_title || provider}${simulated ? ` (${t("common.simulated")})` : ""}`;
  }

  /** What a side is called: by its place until the vote. @param {0 | 1} side */
  function nameOf(side) {
    const row = vote.pair?.[side];
    return vote.revealed && row ? providerOf(row) : t(side ? "right" : "left");
  }

  function update() {
    const { pair, revealed } = vote;
    setText(
      count,
      t("vote.count", { count: (standing?.votes ?? []).reduce((all, met) => all + met.count, 0) }),
    );
    setText(question, t(!pair ? "vote.none" : revealed ? "vote.revealed" : "vote.question"));
    for (const one of buttons) one.hidden = revealed || !pair;
    next.hidden = !revealed;
    tabs.show(by);
    replace(chart, ranking(standing?.ranking[by] ?? [], labelOf, t));
  }

  /** @param {string} item */
  function labelOf(item) {
    const row = by === "provider" && rows.find(({ provider }) => provider === item);
    return row ? providerOf(row) : by === "model" ? shortModel(item) : item;
  }
}

/**
 * Strengths with their intervals: a table whose middle column is drawn.
 * @param {Rank[]} ranks
 * @param {(item: string) => string} label
 * @param {import("./types.js").Translate} t
 */
function ranking(ranks, label, t) {
  if (ranks.length === 0) return h("p.soft", t("ranking.empty"));
  const low = Math.min(0, ...ranks.map((rank) => rank.low));
  const wide = Math.max(0.1, Math.max(0, ...ranks.map((rank) => rank.high)) - low);
  const share = (/** @type {number} */ value) => `${(value / wide) * 100}%`;
  const mark = (/** @type {string} */ name, /** @type {number} */ value, size = "") => {
    const el = h(`span.${name}`);
    el.style.cssText = `inset-inline-start:${share(value - low)};${size}`;
    return el;
  };
  const number = (/** @type {number} */ value) =>
    (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
  const priced = ranks.some(({ cost }) => cost);
  const lines = ranks.map(({ item, strength, low: least, high, wins, losses, ties, cost }) => {
    const span = mark("span", least, `inline-size:${share(high - least)}`);
    return h(
      "tr",
      h("th", { scope: "row", title: item }, label(item)),
      h(
        "td",
        h("div.drawn", { "aria-hidden": true }, mark("zero", 0), span, mark("dot", strength)),
      ),
      h("td", `${number(strength)} (${number(least)} … ${number(high)})`),
      h("td", `${wins} / ${losses} / ${ties}`),
      priced && h("td", cost),
    );
  });
  const head = [
    column(t("ranking.item")),
    h("td"),
    column(t("ranking.strength")),
    column(t("ranking.counts")),
    priced && column(t("ranking.cost")),
  ];
  return h("table.table.ranking", h("thead", h("tr", head)), h("tbody", lines));
}
