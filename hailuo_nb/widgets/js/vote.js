// Votes between clips whose names are hidden until then: which clips are asked about, what was
// answered. The kernel keeps the votes.

import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { on, prefersReducedMotion } from "./dom.js";
import { apart, axisOf, keyOfGroup, nextGroup } from "./pairing.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {ReturnType<typeof votes>} Vote */

/** Of two clips: the key, the outcome and its words. */
export const OUTCOMES = [
  ["1", "first", "vote.left"],
  ["0", "tie", "vote.tie"],
  ["2", "second", "vote.right"],
];

/** @param {import("./card.js").BoardBase & import("./board_changes.js").Changes} board */
export function votes({ t, wire, announcer, player, store, change, signal: until }) {
  const ids = signal(/** @type {string[]} */ ([]));
  /** Whether the vote on these is kept, and their names are told. */
  const revealed = signal(false);
  /** The id of the best of four, while the worst is asked for. */
  const best = signal("");
  const met = signal(/** @type {import("./pairing.js").Met[] | null} */ (null));
  /** What went wrong. */
  const note = signal("");
  /** Counts what was answered: another answer is asked for then. */
  const turn = signal(0);
  let sending = false;

  /** What is voted on: until somebody chooses what the board is about. */
  const axis = computed(() => store.view.value.voteOn ?? axisOf(store.shown.value));

  /** The clips that are asked about. */
  const group = computed(() => {
    const rows = ids.value.flatMap((id) => store.rows.value.find((row) => row.id === id) ?? []);
    return rows.length > 1 ? rows : null;
  });

  /** Whether they differ in so much that a vote gives no verdict. */
  const loose = computed(() => {
    const [first, ...others] = group.value ?? [];
    return others.some((row) => first && apart(first, row) > 1);
  });

  /** What they are called: by their places until the vote. */
  const names = computed(() => {
    const rows = group.value ?? [];
    return rows.map(({ id }, at) => {
      const letter = "ABCD".charAt(at);
      const name = store.names.value.get(id) ?? "";
      if (rows.length > 2) return revealed.value ? `${letter} · ${name}` : letter;
      return revealed.value ? name : t(at ? "right" : "left");
    });
  });

  const stop = effect(() => {
    if (store.what.value !== "vote") return;
    const there = new Set(store.shown.value.map(({ id }) => id));
    untracked(() => {
      if (!met.value) void request({ action: "votes" }, choose);
      else if (!group.value || !ids.value.every((id) => there.has(id))) choose();
    });
  });
  on(until, "abort", stop);

  /**
   * @param {Record<string, any>} content @param {() => void} then  what its answer, the votes so
   *   far, means
   */
  async function request(content, then) {
    if (sending) return;
    sending = true;
    try {
      const answer = await wire.request({ kind: "action", ...content });
      batch(() => {
        met.value = answer.votes;
        note.value = "";
        then();
      });
    } catch (reason) {
      const text = reasonText(reason);
      if (text !== "closed") note.value = text;
    }
    sending = false;
  }

  /** The next clips, from their start. */
  function choose() {
    const { voteSize } = store.view.value;
    const known = new Map(
      store.summaries.value[axis.value]?.rows.map(({ item, strength }) => [
        item,
        strength.value ?? 0,
      ]),
    );
    const asked = {
      on: axis.value,
      strength: (/** @type {string} */ item) => known.get(item) ?? 0,
    };
    const last = keyOfGroup(group.value ?? []);
    const next = nextGroup(store.shown.value, asked, voteSize, met.value ?? [], Math.random, last);
    begin(next?.map(({ id }) => id) ?? []);
  }

  /** Ask about these. @param {string[]} asked */
  function begin(asked) {
    batch(() => {
      ids.value = asked;
      revealed.value = false;
      best.value = "";
    });
    player.pause();
    player.seekAll(0);
    if (asked.length && !prefersReducedMotion()) player.play();
  }

  /** What the key of an answer says. @param {string} key  a digit */
  function press(key) {
    const shown = ids.value;
    if (!group.value || revealed.value) return;
    const outcome = OUTCOMES.find(([digit]) => digit === key)?.[1];
    const id = shown[Number(key) - 1];
    if (shown.length === 2) {
      const [first, second] = shown;
      if (outcome) void cast({ first, second, outcome });
    } else if (id && !best.value) {
      best.value = id;
      turn.value += 1;
    } else if (id && id !== best.value) void cast({ shown, best: best.value, worst: id });
  }

  /** @param {Record<string, any>} answer */
  const cast = (answer) =>
    request({ action: "vote", ...answer, blind: true }, () => {
      revealed.value = true;
      turn.value += 1;
      if (store.view.value.blind) change({ blind: false });
      const [left = "", right = ""] = names.value;
      announcer.say(
        names.value.length === 2
          ? t("vote.kept", { left, right })
          : t("vote.kept_all", { names: names.value.join(", ") }),
      );
    });

  return {
    ...{ axis, group, loose, names, revealed, best, met, note, turn, press },
    next() {
      choose();
      turn.value += 1;
    },
    /** A vote on these. @param {string[]} asked */
    show: (asked) =>
      request({ action: "votes" }, () => {
        begin(asked);
        change({ view: "vote", voteSize: 2 });
      }),
    /** Another question. @param {Partial<import("./view_state.js").View>} patch */
    ask(patch) {
      change(patch);
      if (met.value) choose();
    },
  };
}
