// The place of a clip on the board: its name and prompt while it is far from the window, and near it
// the whole card. A board of two hundred clips is a page of twenty.

import { computed, effect, signal } from "@preact/signals";
import { h, render } from "preact";
import { Card } from "./card.js";
import { cardVideo } from "./card_video.js";
import { clipActions } from "./clip_actions.js";
import { element, uniqueId } from "./dom.js";
import { tone } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {ReturnType<typeof cardPlace>} Place */

/**
 * @param {import("./card.js").Board} board @param {Row} first  the row @param {import("./card_grid.js").Look} look
 */
export function cardPlace(board, first, look) {
  const { loader, store } = board;
  const id = uniqueId("clip");
  const el = element("li", "hn-card");
  el.dataset.job = first.id;
  el.setAttribute("aria-labelledby", id);
  const row = signal(first);
  /** @type {import("@preact/signals").Signal<import("./card_video.js").CardVideo | null>} */
  const video = signal(null);
  const picked = computed(() => "AB"[store.view.value.selected.indexOf(first.id)] ?? "");

  const place = {
    el,
    id,
    row,
    picked,
    /** What the clip is called; where names are hidden, "Clip 3". */
    name: computed(() => store.names.value.get(first.id) ?? ""),
    /** Seconds. */
    shift: computed(() => store.view.value.shifts[first.id] ?? 0),
    /** When `eta` was last said. */
    etaSince: performance.now(),
    /** While the card is built. */
    clip: video,
    // What the loader asks and does.
    get built() {
      return video.peek() !== null;
    },
    build,
    release,
    wanted: false,
    loaded: false,
    get video() {
      return video.peek()?.el.peek() ?? null;
    },
    load: () => video.peek()?.load(),
    unload: () => video.peek()?.unload(),
    /** @param {Row} now */
    update(now) {
      if (now.eta !== row.peek().eta) place.etaSince = performance.now();
      row.value = now;
    },
    remove() {
      loader.items.delete(place);
      stop();
      video.peek()?.end();
      render(null, el);
      el.remove();
    },
  };
  const actions = clipActions(board, place);
  const stop = effect(() => {
    const { state } = row.value;
    el.dataset.state = state;
    el.dataset.tone = tone(state);
    el.toggleAttribute("data-far", video.value === null);
    if (picked.value) el.dataset.picked = picked.value;
    else delete el.dataset.picked;
  });
  loader.items.add(place);
  render(h(Card, { board, place, actions, look }), el);
  return place;

  function build() {
    video.value = cardVideo(board, place);
  }

  function release() {
    const busy = el.matches(":focus-within") || actions.busy || el.querySelector("details[open]");
    if (!video.peek() || busy) return;
    video.peek()?.end();
    video.value = null;
  }
}
