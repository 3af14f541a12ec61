// The board as a whole: which view is shown, which cards stand in it, and what is said of changes.
// Knows every part of the board; not how rows come.

import { filterRows, groupRows, matrixOf, naturalView, sortRows, tagsOf } from "./board_rows.js";
import { boardHead } from "./board_head.js";
import { boardKeys } from "./board_keys.js";
import { Card } from "./card.js";
import { h, replace, showText } from "./dom.js";
import { showTagList } from "./judging.js";
import { PairView, promptWords } from "./pair_view.js";
import { shuffled } from "./pairing.js";
import { Places } from "./places.js";
import { SETTLED } from "./states.js";
import { TableView, shownColumns } from "./table_view.js";
import { toolbar } from "./toolbar.js";
import { transportBar } from "./transport_bar.js";
import { Vote } from "./vote.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./view_state.js").View} View */
/** @typedef {import("./card.js").Board} Board */
/**
 * @typedef {object} Source
 * @property {string} language
 * @property {() => Row[]} rows
 * @property {() => string} title
 * @property {(language: string) => void} switchTo
 */

/** What may be grouped by while names are hidden. */
const NAMELESS = new Set(["prompt", "camera"]);

/** @param {Board} board @param {View} view @param {Source} source */
export function boardView(board, view, source) {
  const { t, signal, player, announcer } = board;
  /** @type {Map<string, Card>} */
  const cards = new Map();
  /** @type {Map<string, string>} */
  const keys = new Map();
  /** @type {Map<string, string>} */
  const states = new Map();
  let before = "grid";

  const places = new Places(t, (id) => /** @type {Card} */ (cards.get(id)).el);
  const table = new TableView(board, {
    sort: (by) => change({ sort: { by, down: view.sort.by === by && !view.sort.down } }),
    show: (id) => {
      change({ view: "grid", group: "" });
      cards.get(id)?.el.scrollIntoView({ block: "center" });
    },
  });
  const pair = new PairView(board, {
    mode: (mode) => change(view.view === "vote" ? { voteMode: mode } : { mode }),
    swap: () => change({ selected: [...view.selected].reverse() }),
    shift: (id, seconds) => change({ shifts: { ...view.shifts, [id]: seconds } }),
    full: () => full(),
    close: () => change({ view: before }),
  });
  const vote = new Vote(board, () => {
    if (vote.revealed && view.blind) view.blind = false;
    update();
  });
  const tools = toolbar(board, (patch) => change(patch));
  const bar = transportBar(player, t, () => full());
  const shortcuts = boardKeys(board, view, { change: (patch) => change(patch), full: () => full(), vote, close: () => change({ view: before }), filter: () => {
    change({ filtering: true });
    tools.text.focus();
  } });
  const head = boardHead(t, source, shortcuts.help);
  const chosen = h("div.hn-chosen", { hidden: true });
  const empty = h("p.hn-empty");
  const tagList = h("datalist", { id: board.tagList });
  const root = board.root();
  root.append(head.el, tools.el, bar.el, chosen, places.el, table.el, pair.el, vote.el, empty, tagList, board.menu.el, announcer.el);
  root.addEventListener("keydown", shortcuts.onKey);

  /** What somebody chose. @param {Partial<View>} patch */
  function change(patch) {
    if (patch.view && patch.view !== view.view && view.view !== "pair" && patch.view === "pair") before = view.view || "grid";
    if (patch.blind && !view.blind) view.seed = Math.floor(Math.random() * 1e9);
    const narrowed = patch.filter !== undefined;
    Object.assign(view, patch);
    update();
    if (narrowed) announcer.say(t("board.filter.count", { shown: shownRows().length, count: source.rows().length }));
  }

  /** @param {string} id */
  function pick(id) {
    const others = view.selected.filter((one) => one !== id);
    change({ selected: others.length < view.selected.length ? others : [...others.slice(-1), id] });
  }

  function shownRows() {
    const passed = filterRows(source.rows(), view.filter, view.blind);
    return view.blind ? shuffled(passed, view.seed) : sortRows(passed, view.sort, Date.now() / 1000);
  }

  /** The two to compare: those chosen, else the first two that are there. @param {Row[]} rows @returns {[Row, Row] | null} */
  function pairOf(rows) {
    const all = source.rows();
    const picked = view.selected.map((id) => all.find((row) => row.id === id && row.state === "saved")).filter((row) => row !== undefined);
    const rest = rows.filter((row) => row.state === "saved" && !picked.includes(row));
    const [a, b] = [...picked, ...rest];
    return a && b ? [a, b] : null;
  }

  /** @param {Row[]} all @param {Row[]} rows  in their order */
  function updateCards(all, rows) {
    const ids = new Set(all.map(({ id }) => id));
    for (const [id, card] of cards) {
      if (ids.has(id)) continue;
      card.remove();
      cards.delete(id);
      keys.delete(id);
    }
    view.selected = view.selected.filter((id) => ids.has(id));
    const prompts = new Set(all.map(({ prompt }) => prompt)).size > 1;
    const order = new Map(rows.map(({ id }, index) => [id, index + 1]));
    for (const row of all) {
      const at = view.selected.indexOf(row.id);
      const blind = view.blind ? t("board.clip", { number: order.get(row.id) ?? "–" }) : "";
      const look = { blind, prompt: prompts && view.group !== "prompt" && !(shown() === "matrix" && [view.down, view.across].includes("prompt")), picked: at < 0 ? "" : "AB"[at] ?? "" };
      const key = JSON.stringify([row, look, view.shifts[row.id]]);
      if (keys.get(row.id) === key) continue;
      keys.set(row.id, key);
      const card = cards.get(row.id) ?? new Card(board, row);
      cards.set(row.id, card);
      card.update(row, look);
    }
  }

  /** The view that can be shown: what was chosen, as far as there are clips for it. */
  function shown() {
    const rows = source.rows();
    const several = rows.filter(({ state }) => state === "saved").length > 1;
    const able = !["pair", "vote"].includes(view.view) || (several && (view.view === "pair" || board.acts.includes("vote")));
    const wanted = view.view && able ? view.view : naturalView(rows);
    return wanted === "matrix" && view.blind ? "grid" : wanted;
  }

  function update() {
    const focused = document.activeElement;
    show();
    // What had the focus may be out of sight now; the keys of the board must go on working.
    if (focused && focused !== root && root.contains(focused) && !focused.checkVisibility())
      root.focus({ preventScroll: true });
  }

  function show() {
    const all = source.rows();
    const rows = shownRows();
    const what = shown();
    updateCards(all, rows);
    root.dataset.view = what;
    root.toggleAttribute("data-blind", view.blind);
    const cardsShown = what === "grid" || what === "matrix";
    places.el.hidden = !cardsShown;
    table.el.hidden = what !== "table";
    if (what === "grid") {
      const grouped = view.group !== "" && (!view.blind || NAMELESS.has(view.group));
      places.showGroups(grouped ? groupRows(rows, view.group) : [{ key: "", label: "", rows }], grouped);
    } else if (what === "matrix") {
      const corner = `${t(`board.column.${view.down}`)} × ${t(`board.column.${view.across}`)}`;
      places.showMatrix(matrixOf(rows, view.down, view.across), corner);
    } else if (what === "table") {
      const judged = board.acts.includes("judge") || all.some(({ rating }) => rating);
      table.show(rows, shownColumns(view.columns, view.blind, judged), view.sort, (row) => cards.get(row.id)?.name ?? "");
    }
    showPair(what, rows);
    showChosen(what, all);
    const shared = new Set(all.map(({ prompt }) => prompt)).size === 1 ? (all[0]?.prompt ?? "") : "";
    head.update(all, shared);
    tools.update({ ...view, view: what }, all, rows.length);
    showText(empty, all.length === 0 ? t("board.empty") : rows.length === 0 ? t("board.filter.none") : "");
    showTagList(tagList, tagsOf(all));
    announceChanges(all);
    player.refresh();
    board.loader.settle();
  }

  /** @param {string} what @param {Row[]} rows */
  function showPair(what, rows) {
    if (what === "vote") vote.show(rows);
    else vote.el.hidden = true;
    const two = what === "vote" ? vote.pair : what === "pair" ? pairOf(rows) : null;
    if (!two) {
      if (!pair.el.hidden) pair.hide();
      return;
    }
    const voting = what === "vote";
    if (!voting) view.selected = two.map(({ id }) => id);
    const names = /** @type {[string, string]} */ (voting ? [vote.nameOf(0), vote.nameOf(1)] : two.map((row, index) => `${"AB"[index]} · ${cards.get(row.id)?.name ?? ""}`));
    pair.show(two, voting ? view.voteMode : view.mode, { names, blind: voting ? !vote.revealed : view.blind, closable: !voting });
  }

  /** What is chosen for comparison, and how its prompts differ. @param {string} what @param {Row[]} all */
  function showChosen(what, all) {
    chosen.hidden = view.selected.length === 0 || what === "pair" || what === "vote";
    if (chosen.hidden) return;
    const rows = view.selected.map((id) => all.find((row) => row.id === id)).filter((row) => row !== undefined);
    const names = rows.map((row, index) => h("span", {}, h("b", {}, "AB"[index] ?? ""), ` ${cards.get(row.id)?.name ?? ""}`));
    const go = h("button.hn-button.hn-small.hn-primary", { on: { click: () => change({ view: "pair" }) } }, t("board.compare"));
    const drop = h("button.hn-button.hn-small.hn-quiet", { on: { click: () => change({ selected: [] }) } }, t("board.unpick"));
    const [a, b] = rows;
    const words = a && b && a.prompt !== b.prompt ? promptWords(a, b) : [];
    const key = JSON.stringify([view.selected, words.length, names.map((name) => name.textContent)]);
    if (chosen.dataset.key === key) return;
    chosen.dataset.key = key;
    replace(chosen, h("div.hn-row", {}, ...names, b ? go : h("span.hn-soft", {}, t("board.pick.another")), drop), ...words);
  }

  function full() {
    const target = pair.el.hidden ? root : pair.el;
    if (document.fullscreenElement) void document.exitFullscreen();
    else void target.requestFullscreen?.().catch(() => undefined);
  }

  /** @param {Row[]} rows */
  function announceChanges(rows) {
    for (const row of rows) {
      const last = states.get(row.id);
      if (last !== undefined && last !== row.state) {
        const state = t(`board.state.${row.state}`);
        const provider = cards.get(row.id)?.name ?? "";
        announcer.say(t("board.announce", { provider, state, error: view.blind ? "" : row.error }).trim());
      }
      states.set(row.id, row.state);
    }
  }

  player.addEventListener("change", () => bar.update());
  const resize = new ResizeObserver(() => {
    places.arrange();
    board.loader.settle();
  });
  resize.observe(root);
  const clock = setInterval(() => {
    const now = Date.now() / 1000;
    for (const card of cards.values()) if (!SETTLED.has(card.row.state)) card.tick(now);
  }, 1000);
  signal.addEventListener("abort", () => {
    resize.disconnect();
    clearInterval(clock);
    for (const card of cards.values()) card.remove();
    cards.clear();
  });
  return { update, pick };
}
