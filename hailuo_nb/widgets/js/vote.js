// Votes between two clips whose names are hidden until one is preferred, and the ranking that they give.

import { h, replace, setAttribute, setText, showText } from "./dom.js";
import { shortModel } from "./format.js";
import { keyOfPair, nextPair } from "./pairing.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {{item: string, strength: number, low: number, high: number, wins: number, losses: number, ties: number}} Rank */
/** @typedef {{votes: import("./pairing.js").Met[], ranking: Record<string, Rank[]>}} Standing */

const RANKED = ["provider", "model", "prompt"];
const OUTCOMES = /** @type {const} */ ([["first", "board.vote.left", "1"], ["tie", "board.vote.tie", "0"], ["second", "board.vote.right", "2"]]);

export class Vote {
  /** @param {import("./card.js").Board} board @param {() => void} changed */
  constructor(board, changed) {
    this.board = board;
    this.changed = changed;
    const { t } = board;
    /** @type {[Row, Row] | null} */
    this.pair = null;
    this.revealed = false;
    this.sending = false;
    /** @type {Standing | null} */
    this.standing = null;
    this.by = "provider";
    /** @type {Row[]} */
    this.rows = [];
    this.question = h("p.hn-vote-question", {}, t("board.vote.question"));
    this.buttons = OUTCOMES.map(([outcome, key, stroke]) =>
      h("button.hn-button", { data: { outcome }, on: { click: () => void this.vote(outcome) } }, t(key), h("kbd", {}, stroke)),
    );
    this.next = h("button.hn-button.hn-primary", { on: { click: () => this.advance() } }, t("board.vote.next"));
    this.count = h("span.hn-soft");
    this.told = h("p.hn-told", { hidden: true });
    this.tabs = RANKED.map((by) => h("button.hn-button.hn-small", { data: { by }, on: { click: () => this.rankBy(by) } }, t(`board.column.${by}`)));
    this.chart = h("div.hn-scroll");
    const ranking = h("section.hn-ranking-box", { "aria-label": t("board.ranking") }, h("div.hn-row", {}, h("h4", {}, t("board.ranking")), h("div.hn-segments", { role: "group", "aria-label": t("board.ranking.by") }, ...this.tabs)), this.chart);
    this.el = h("div.hn-vote", { hidden: true }, this.question, h("div.hn-row.hn-vote-buttons", {}, ...this.buttons, this.next, this.count), this.told, ranking);
  }

  /** @param {Row[]} rows  those that can meet */
  show(rows) {
    this.rows = rows;
    this.el.hidden = false;
    if (!this.standing) void this.load();
    else if (!this.pair || !this.pair.every(({ id }) => rows.some((row) => row.id === id))) this.choose();
    this.update();
  }

  async load() {
    if (this.sending) return;
    this.sending = true;
    try {
      this.standing = await this.board.wire.ask({ kind: "act", act: "ranking" });
      this.choose();
    } catch (reason) {
      this.fail(reason);
    }
    this.sending = false;
    this.changed();
  }

  choose() {
    const last = this.pair ? keyOfPair(this.pair) : "";
    this.pair = nextPair(this.rows, this.standing?.votes ?? [], Math.random, last);
    this.revealed = false;
  }

  advance() {
    this.choose();
    this.changed();
    this.buttons[0]?.focus();
  }

  /** @param {"first" | "second" | "tie"} outcome */
  async vote(outcome) {
    const { pair, board } = this;
    if (!pair || this.revealed || this.sending) return;
    this.sending = true;
    try {
      const [first, second] = pair.map(({ id }) => id);
      this.standing = await board.wire.ask({ kind: "act", act: "vote", first, second, outcome, blind: true });
      this.revealed = true;
      showText(this.told, "");
      board.announcer.say(board.t("board.vote.kept", { left: this.nameOf(0), right: this.nameOf(1) }));
    } catch (reason) {
      this.fail(reason);
    }
    this.sending = false;
    this.changed();
    if (this.revealed) this.next.focus();
  }

  /** @param {unknown} reason */
  fail(reason) {
    if (reason instanceof Error && reason.message !== "closed") showText(this.told, reason.message);
  }

  /** What a side is called: by its place until the vote. @param {0 | 1} side */
  nameOf(side) {
    const { t } = this.board;
    const row = this.pair?.[side];
    if (!this.revealed || !row) return t(side ? "board.right" : "board.left");
    const badge = row.simulated ? ` (${t("common.simulated")})` : "";
    return `${row.provider_title || row.provider}${badge}`;
  }

  /** @param {string} by */
  rankBy(by) {
    this.by = by;
    this.update();
  }

  update() {
    const { t } = this.board;
    const count = (this.standing?.votes ?? []).reduce((all, { count: one }) => all + one, 0);
    setText(this.count, t("board.vote.count", { count }));
    setText(this.question, t(!this.pair ? "board.vote.none" : this.revealed ? "board.vote.revealed" : "board.vote.question"));
    for (const button of this.buttons) button.hidden = this.revealed || !this.pair;
    this.next.hidden = !this.revealed;
    for (const tab of this.tabs) setAttribute(tab, "aria-pressed", String(tab.dataset.by === this.by));
    replace(this.chart, ranking(this.standing?.ranking[this.by] ?? [], (item) => this.labelOf(item), t));
  }

  /** @param {string} item */
  labelOf(item) {
    if (this.by === "model") return shortModel(item);
    if (this.by !== "provider") return item;
    const row = this.rows.find(({ provider }) => provider === item);
    return row?.provider_title ? `${row.provider_title}${row.simulated ? ` (${this.board.t("common.simulated")})` : ""}` : item;
  }
}

/**
 * Strengths with their intervals: a table whose middle column is drawn.
 * @param {Rank[]} ranks @param {(item: string) => string} label @param {import("./types.js").Translate} t
 */
function ranking(ranks, label, t) {
  if (ranks.length === 0) return h("p.hn-soft", {}, t("board.ranking.empty"));
  const low = Math.min(0, ...ranks.map((rank) => rank.low));
  const wide = Math.max(0.1, Math.max(0, ...ranks.map((rank) => rank.high)) - low);
  const at = (/** @type {number} */ value) => `${((value - low) / wide) * 100}%`;
  const number = (/** @type {number} */ value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
  const lines = ranks.map((rank) => {
    const span = h("span.hn-span");
    span.style.cssText = `inset-inline-start:${at(rank.low)};inline-size:${((rank.high - rank.low) / wide) * 100}%`;
    const dot = h("span.hn-dot");
    dot.style.insetInlineStart = at(rank.strength);
    const zero = h("span.hn-zero");
    zero.style.insetInlineStart = at(0);
    const drawn = h("td", {}, h("div.hn-drawn", { "aria-hidden": "true" }, zero, span, dot));
    const interval = `${number(rank.strength)} (${number(rank.low)} … ${number(rank.high)})`;
    return h("tr", {}, h("th", { scope: "row", title: rank.item }, label(rank.item)), drawn, h("td", {}, interval), h("td", {}, `${rank.wins} / ${rank.losses} / ${rank.ties}`));
  });
  const head = h("tr", {}, h("th", { scope: "col" }, t("board.ranking.item")), h("td"), h("th", { scope: "col" }, t("board.ranking.strength")), h("th", { scope: "col" }, t("board.ranking.counts")));
  return h("table.hn-table.hn-ranking", {}, h("thead", {}, head), h("tbody", {}, ...lines));
}
