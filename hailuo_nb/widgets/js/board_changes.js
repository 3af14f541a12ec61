// What people change of a board: what is looked at, which clips are chosen, full screen, sound.

import { effect } from "@preact/signals";
import { renderNow } from "./components.js";
import { focusedBeside, on, prefersReducedMotion } from "./dom.js";
import { shareView } from "./view_sharing.js";

/** @typedef {import("./view_state.js").View} View */
/** @typedef {ReturnType<typeof boardChanges>} Changes */

/** @param {import("./card.js").BoardBase} board */
export function boardChanges(board) {
  const { store, t, announcer, player, sound, signal } = board;
  const { view } = store;
  const shared = shareView(board.wire, view, player, signal);
  let before = "grid";

  /** @param {Partial<View>} patch */
  function change(patch) {
    const { view: now, blind } = view.value;
    if (patch.view === "pair" && now !== "pair") before = now || "grid";
    const seed = patch.blind && !blind ? { seed: Math.floor(Math.random() * 1e9) } : {};
    view.value = { ...view.value, ...patch, ...seed };
    shared.save();
    const [shown, count] = [store.shown.value.length, store.rows.value.length];
    if (patch.filter) announcer.say(t("filter.count", { shown, count }));
  }

  /** Choose a clip for comparison, or let it go. @param {string} id */
  function pick(id) {
    const { selected } = view.value;
    const others = selected.filter((one) => one !== id);
    change({ selected: others.length < selected.length ? others : [...others.slice(-1), id] });
  }

  function full() {
    if (store.full.value) void document.exitFullscreen();
    else void board.root.requestFullscreen?.().catch(() => undefined);
  }

  function mute() {
    sound.toggle();
    const clip = store.names.value.get(sound.heard);
    announcer.say(clip ? t("heard", { clip }) : t("muted"));
  }

  on(
    document,
    "fullscreenchange",
    () => {
      const { root } = board;
      const focused = focusedBeside(root);
      renderNow(() => {
        store.full.value = root.matches(":fullscreen");
      });
      // What had the focus may be hidden now: the keys of the board work on.
      if (root.contains(focused) && !focused?.checkVisibility())
        root.focus({ preventScroll: true });
    },
    { signal },
  );
  return {
    change,
    pick,
    full,
    mute,
    swap: () => change({ selected: [...view.value.selected].reverse() }),
    close: () => change({ view: before }),
    /** The filters, with the caret in their text. */
    filter() {
      renderNow(() => change({ filtering: true }));
      /** @type {HTMLElement | null} */ (board.root.querySelector(".hn-filters input"))?.focus();
    },
  };
}

/** Say what becomes of clips, to who does not see it. @param {import("./card.js").Board} board */
export function announceStates({ store, announcer, t, signal }) {
  /** @type {Map<string, string>} */
  const states = new Map();
  const stop = effect(() => {
    const changed = store.rows.value.filter(({ id, state }) => {
      const before = states.get(id) ?? state;
      states.set(id, state);
      return before !== state;
    });
    for (const { id, state, error } of changed) {
      const provider = store.names.peek().get(id) ?? "";
      const values = { provider, state: t(`state.${state}`) };
      announcer.say(
        t("announce", { ...values, error: store.view.peek().blind ? "" : error }).trim(),
      );
    }
  });
  on(signal, "abort", stop);
}

/**
 * In a studio: what is new comes into sight of who works in the editor above, and takes no focus.
 * @param {import("./card.js").Board} board
 */
export function showNew({ store, root, signal, model }) {
  if (!model.get("newest_first")) return;
  let known = new Set(store.rows.value.map(({ id }) => id));
  const stop = effect(() => {
    const rows = store.rows.value;
    const first = rows.find(({ id }) => !known.has(id));
    known = new Set(rows.map(({ id }) => id));
    const together = root.closest(".widget-vbox")?.contains(document.activeElement);
    if (!first || !together || root.contains(document.activeElement)) return;
    requestAnimationFrame(() => {
      const card = root.querySelector(`[data-job="${CSS.escape(first.id)}"]`);
      const behavior = prefersReducedMotion() ? "instant" : "smooth";
      (card?.checkVisibility() ? card : root).scrollIntoView({ block: "nearest", behavior });
    });
  });
  on(signal, "abort", stop);
}
