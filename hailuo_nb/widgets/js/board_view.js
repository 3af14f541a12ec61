// The board as a whole: which view is shown, which cards are in it, what is announced.

import { effect, untracked } from "@preact/signals";
import { boardHead } from "./board_header.js";
import { boardKeys } from "./board_keys.js";
import { groupRows, matrixOf, tagsOf } from "./board_rows.js";
import { cardGrid } from "./card_grid.js";
import { cardPlace } from "./card_place.js";
import { button, h, on, options, refill, showText } from "./dom.js";
import { exportMenu } from "./export_menu.js";
import { pairView, promptWords } from "./pair_view.js";
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

/** What may be grouped by while names are hidden. */
const BLIND_AXES = new Set(["prompt", "camera"]);

/** @param {Board} board @param {HTMLElement} language  the button for it */
export function boardView(board, language) {
  const { t, signal, player, sound, announcer, root, store } = board;
  const { view: state, rows: every, shown, what: which } = store;
  /** @type {Map<string, import("./card_place.js").Place>} */
  const cards = new Map();
  /** What each card shows, to leave it alone while that is the same. @type {Map<string, string>} */
  const keys = new Map();
  /** @type {Map<string, string>} */
  const states = new Map();
  let before = "grid";

  const summaries = () => store.summaries.value;
  const nameOf = (/** @type {string} */ id) => cards.get(id)?.name ?? "";
  const swap = () => change({ selected: [...state.value.selected].reverse() });
  const close = () => change({ view: before });
  const places = cardGrid(t, (id) => /** @type {HTMLElement} */ (cards.get(id)?.el));
  const table = tableView(board, {
    sort: (by) => {
      const { sort } = state.value;
      change({ sort: { by, down: sort.by === by && !sort.down } });
    },
    show: (id) => {
      change({ view: "grid", group: "" });
      cards.get(id)?.el.scrollIntoView({ block: "center" });
    },
  });
  const summary = summaryView(t, (by) => change({ by }));
  const pair = pairView(board, {
    mode: (mode) => change(state.value.view === "vote" ? { voteMode: mode } : { mode }),
    swap,
    shift: (id, seconds) => change({ shifts: { ...state.value.shifts, [id]: seconds } }),
    full,
    close,
  });
  const vote = votes(board, state, summaries, () => {
    if (vote.revealed) state.value = { ...state.value, blind: false };
    update();
  });
  const tools = toolbar(board, change);
  const bar = transportBar(player, t, sound, { full, mute, say: (text) => announcer.say(text) });
  const filter = () => {
    change({ filtering: true });
    tools.text.focus();
  };
  const shortcuts = boardKeys(board, state, { change, full, mute, vote, swap, close, filter });
  const exports = exportMenu(board, nameOf);
  const head = boardHead(t, [exports.el, language], shortcuts.help);
  const chosen = h("div.chosen", { hidden: true });
  const empty = h("p.empty");
  const tagList = h("datalist", { id: board.tagList });
  root.append(
    head.el,
    exports.note,
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
  const shared = shareView(board.wire, state, player, signal);

  /** What somebody chose. @param {Partial<View>} patch */
  function change(patch) {
    const { view, blind } = state.value;
    if (patch.view === "pair" && view !== "pair") before = view || "grid";
    const seed = patch.blind && !blind ? { seed: Math.floor(Math.random() * 1e9) } : {};
    state.value = { ...state.value, ...patch, ...seed };
    shared.save();
    if (patch.filter)
      announcer.say(t("filter.count", { shown: shown.value.length, count: every.value.length }));
  }

  /** @param {string} id */
  function pick(id) {
    const { selected } = state.value;
    const others = selected.filter((one) => one !== id);
    change({ selected: others.length < selected.length ? others : [...others.slice(-1), id] });
  }

  /** @param {Row[]} rows */
  const picked = (rows) =>
    state.value.selected.flatMap((id) => rows.find((row) => row.id === id) ?? []);

  /**
   * The two to compare: those chosen, else the first two that are there.
   * @param {Row[]} rows
   * @returns {[Row, Row] | null}
   */
  function pairOf(rows) {
    const saved = [...picked(every.value), ...rows].filter(({ state }) => state === "saved");
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
    const view = state.value;
    if (view.selected.some((id) => !ids.has(id)))
      state.value = { ...view, selected: view.selected.filter((id) => ids.has(id)) };
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

  function update() {
    const focused = document.activeElement;
    show();
    // What had the focus may be out of sight now; the keys of the board must go on working.
    if (focused && focused !== root && root.contains(focused) && !focused.checkVisibility())
      root.focus({ preventScroll: true });
  }

  function show() {
    const [all, rows, what, view] = [every.value, shown.value, which.value, state.value];
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
    head.update(all, store.title.value, shared);
    tools.update({ ...view, view: what }, all, rows.length, store.able.value.summary);
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
    const view = state.value;
    const selected = two.map(({ id }) => id);
    if (!voting && String(view.selected) !== String(selected)) state.value = { ...view, selected };
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
    refill(chosen, [state.value.selected, names], () =>
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
    const { blind } = state.value;
    for (const { id, state, error } of rows) {
      if ((states.get(id) ?? state) !== state) {
        const values = {
          provider: nameOf(id),
          state: t(`state.${state}`),
          error: blind ? "" : error,
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
  /** Show the board, and again whenever something of it changes. */
  function start() {
    const stop = effect(() => {
      for (const one of [every, shown, which, state, store.title, store.summaries]) one.value;
      untracked(update);
    });
    on(signal, "abort", stop);
    // What can be done with a card is another then.
    on(
      board.wire.kernel,
      "lost",
      () => {
        keys.clear();
        update();
      },
      { signal },
    );
  }
  return { start, pick };
}
