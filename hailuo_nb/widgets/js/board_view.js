// The board as a whole: which view is shown, which cards are in it, what is announced.

import { boardHead } from "./board_header.js";
import { boardKeys } from "./board_keys.js";
import { defaultView, filterRows, groupRows, matrixOf, sortRows, tagsOf } from "./board_rows.js";
import { cardGrid } from "./card_grid.js";
import { cardPlace } from "./card_place.js";
import { button, h, on, options, refill, showText } from "./dom.js";
import { pairView, promptWords } from "./pair_view.js";
import { shuffled } from "./pairing.js";
import { hasScores } from "./scores.js";
import { SETTLED } from "./states.js";
import { summaryView } from "./summary_view.js";
import { shownColumns, tableView } from "./table_view.js";
import { toolbar } from "./toolbar.js";
import { transportBar } from "./transport_bar.js";
import { shareView } from "./view_state.js";
import { votes } from "./vote.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./view_state.js").View} View */
/** @typedef {import("./card.js").Board} Board */
/**
 * @typedef {{language: HTMLElement, rows: () => Row[], title: () => string}} Source  language: the
 *   button for it
 */

/** What may be grouped by while names are hidden. */
const BLIND_AXES = new Set(["prompt", "camera"]);

/** @param {Board} board @param {View} view @param {Source} source */
export function boardView(board, view, source) {
  const { t, signal, player, sound, announcer, root } = board;
  /** @type {Map<string, import("./card_place.js").Place>} */
  const cards = new Map();
  /** What each card shows, to leave it alone while that is the same. @type {Map<string, string>} */
  const keys = new Map();
  /** @type {Map<string, string>} */
  const states = new Map();
  let before = "grid";

  /** @returns {import("./summary_view.js").Summaries} */
  const summaries = () => board.model.get("summary") ?? {};
  const nameOf = (/** @type {string} */ id) => cards.get(id)?.name ?? "";
  const swap = () => change({ selected: [...view.selected].reverse() });
  const close = () => change({ view: before });
  const places = cardGrid(t, (id) => /** @type {HTMLElement} */ (cards.get(id)?.el));
  const table = tableView(board, {
    sort: (by) => change({ sort: { by, down: view.sort.by === by && !view.sort.down } }),
    show: (id) => {
      change({ view: "grid", group: "" });
      cards.get(id)?.el.scrollIntoView({ block: "center" });
    },
  });
  const summary = summaryView(t, (by) => change({ by }));
  const pair = pairView(board, {
    mode: (mode) => change(view.view === "vote" ? { voteMode: mode } : { mode }),
    swap,
    shift: (id, seconds) => change({ shifts: { ...view.shifts, [id]: seconds } }),
    full,
    close,
  });
  const vote = votes(board, view, summaries, () => {
    if (vote.revealed) view.blind = false;
    update();
  });
  const tools = toolbar(board, change);
  const bar = transportBar(player, t, sound, { full, mute, say: (text) => announcer.say(text) });
  const filter = () => {
    change({ filtering: true });
    tools.text.focus();
  };
  const shortcuts = boardKeys(board, view, { change, full, mute, vote, swap, close, filter });
  const head = boardHead(t, source, shortcuts.help);
  const chosen = h("div.chosen", { hidden: true });
  const empty = h("p.empty");
  const tagList = h("datalist", { id: board.tagList });
  root.append(
    head.el,
    tools.el,
    bar.el,
    chosen,
    places.el,
    table.el,
    summary.el,
    vote.head,
    pair.el,
    vote.el,
    empty,
    tagList,
    board.menu.el,
    announcer.el,
  );
  on(root, "keydown", shortcuts.onKey);
  const shared = shareView(board.wire, view, player, () => update(), signal);

  /** What somebody chose. @param {Partial<View>} patch */
  function change(patch) {
    if (patch.view === "pair" && view.view !== "pair") before = view.view || "grid";
    if (patch.blind && !view.blind) view.seed = Math.floor(Math.random() * 1e9);
    Object.assign(view, patch);
    shared.save();
    update();
    if (patch.filter)
      announcer.say(t("filter.count", { shown: shownRows().length, count: source.rows().length }));
  }

  /** @param {string} id */
  function pick(id) {
    const others = view.selected.filter((one) => one !== id);
    change({ selected: others.length < view.selected.length ? others : [...others.slice(-1), id] });
  }

  function shownRows() {
    const passed = filterRows(source.rows(), view.filter, view.blind);
    return view.blind
      ? shuffled(passed, view.seed)
      : sortRows(passed, view.sort, Date.now() / 1000);
  }

  /** @param {Row[]} rows */
  const picked = (rows) => view.selected.flatMap((id) => rows.find((row) => row.id === id) ?? []);

  /**
   * The two to compare: those chosen, else the first two that are there.
   * @param {Row[]} rows
   * @returns {[Row, Row] | null}
   */
  function pairOf(rows) {
    const saved = [...picked(source.rows()), ...rows].filter(({ state }) => state === "saved");
    const [a, b] = new Set(saved);
    return a && b ? [a, b] : null;
  }

  /** @param {Row[]} all @param {Row[]} rows  in their order @param {string} what  view is shown */
  function updateCards(all, rows, what) {
    const ids = new Set(all.map(({ id }) => id));
    for (const [id, card] of cards) {
      if (ids.has(id)) continue;
      card.remove();
      cards.delete(id);
      keys.delete(id);
    }
    view.selected = view.selected.filter((id) => ids.has(id));
    const message =
      view.group === "prompt" || (what === "matrix" && [view.down, view.across].includes("prompt"));
    const prompt = !message && new Set(all.map(({ prompt }) => prompt)).size > 1;
    const order = new Map(rows.map(({ id }, index) => [id, index + 1]));
    for (const row of all) {
      const { id } = row;
      const blind = view.blind ? t("clip", { number: order.get(id) ?? "–" }) : "";
      const look = { blind, prompt, picked: "AB"[view.selected.indexOf(id)] ?? "" };
      const key = JSON.stringify([row, look, view.shifts[id]]);
      if (keys.get(id) === key) continue;
      keys.set(id, key);
      const card = cards.get(id) ?? cardPlace(board, row);
      cards.set(id, card);
      card.update(row, look);
    }
  }

  const summed = () => Boolean(summaries().provider?.rows.length);

  /** The view that can be shown: what was chosen, as far as there are clips for it. */
  function shown() {
    const rows = source.rows();
    const several = rows.filter(({ state }) => state === "saved").length > 1;
    const able =
      {
        pair: several,
        vote: several && board.actions.includes("vote"),
        summary: summed() && !view.blind,
      }[view.view] ?? Boolean(view.view);
    const wanted = able ? view.view : defaultView(rows);
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
    updateCards(all, rows, what);
    root.dataset.view = what;
    root.toggleAttribute("data-blind", view.blind);
    places.el.hidden = what !== "grid" && what !== "matrix";
    table.el.hidden = what !== "table";
    summary.el.hidden = what !== "summary";
    if (what === "grid") {
      const grouped = view.group !== "" && (!view.blind || BLIND_AXES.has(view.group));
      places.showGroups(
        grouped ? groupRows(rows, view.group) : [{ key: "", label: "", rows }],
        grouped,
      );
    } else if (what === "matrix") {
      const corner = `${t(`column.${view.down}`)} × ${t(`column.${view.across}`)}`;
      places.showMatrix(matrixOf(rows, view.down, view.across), corner);
    } else if (what === "table") {
      const rated = board.actions.includes("annotate") || all.some(({ rating }) => rating);
      table.show(
        rows,
        shownColumns(view.columns, view.blind, rated, hasScores(all)),
        view.sort,
        nameOf,
      );
    }
    if (what === "summary") summary.show(summaries(), view.by);
    const two = showPair(what, rows);
    const sounding = (two ?? rows).filter(({ waveform }) => waveform).map(({ id }) => id);
    sound.show(sounding);
    bar.showSound(sounding.length > 0);
    showChosen(what, all);
    const shared =
      new Set(all.map(({ prompt }) => prompt)).size === 1 ? (all[0]?.prompt ?? "") : "";
    head.update(all, shared);
    tools.update({ ...view, view: what }, all, rows.length, summed() && !view.blind);
    showText(empty, rows.length ? "" : t(all.length ? "filter.none" : "empty"));
    const tags = tagsOf(all);
    refill(tagList, tags, () => options(tags));
    announceChanges(all);
    board.loader.build();
    player.refresh();
    board.loader.settle();
  }

  /** @param {string} what @param {Row[]} rows */
  function showPair(what, rows) {
    const voting = what === "vote";
    vote.el.hidden = vote.head.hidden = !voting;
    if (voting) vote.show(rows);
    const two = voting ? vote.group : what === "pair" ? pairOf(rows) : null;
    if (!two) {
      pair.hide();
      return null;
    }
    if (!voting) view.selected = two.map(({ id }) => id);
    pair.show(two, voting ? view.voteMode : view.mode, {
      names: two.map(({ id }, index) =>
        voting ? vote.nameOf(index) : `${"AB".charAt(index)} · ${nameOf(id)}`,
      ),
      blind: voting ? !vote.revealed : view.blind,
      closable: !voting,
    });
    return two;
  }

  /**
   * What is chosen for comparison, and how its prompts differ.
   * @param {string} what
   * @param {Row[]} all
   */
  function showChosen(what, all) {
    const [a, b] = picked(all);
    chosen.hidden = !a || what === "pair" || what === "vote";
    if (chosen.hidden || !a) return;
    const names = (b ? [a, b] : [a]).map(({ id }) => nameOf(id));
    refill(chosen, [view.selected, names], () =>
      [
        h(
          "div.row",
          names.map((name, index) => h("span", h("b", "AB".charAt(index)), ` ${name}`)),
          b
            ? button(".small.primary", t("compare"), () => change({ view: "pair" }))
            : h("span.soft", t("pick.another")),
          button(".small.quiet", t("unpick"), () => change({ selected: [] })),
        ),
        b && a.prompt !== b.prompt ? promptWords(a, b) : [],
      ].flat(),
    );
  }

  function full() {
    const target = pair.el.hidden ? root : pair.el;
    if (document.fullscreenElement) void document.exitFullscreen();
    else void target.requestFullscreen?.().catch(() => undefined);
  }

  function mute() {
    sound.toggle();
    const clip = nameOf(sound.heard);
    announcer.say(clip ? t("heard", { clip }) : t("muted"));
  }

  /** @param {Row[]} rows */
  function announceChanges(rows) {
    for (const { id, state, error } of rows) {
      if ((states.get(id) ?? state) !== state) {
        const values = {
          provider: nameOf(id),
          state: t(`state.${state}`),
          error: view.blind ? "" : error,
        };
        announcer.say(t("announce", values).trim());
      }
      states.set(id, state);
    }
  }

  const resize = new ResizeObserver(() => {
    places.arrange();
    board.loader.settle();
  });
  resize.observe(root);
  const clock = setInterval(() => {
    if (board.wire.kernel.lost) return;
    for (const card of cards.values())
      if (!SETTLED.has(card.row.state)) card.tick(Date.now() / 1000);
  }, 1000);
  on(signal, "abort", () => {
    resize.disconnect();
    clearInterval(clock);
    for (const card of cards.values()) card.remove();
    cards.clear();
  });
  /** Show every card anew, as what can be done with it is another. */
  function renew() {
    keys.clear();
    update();
  }
  return { update, renew, pick };
}
