// The place of a clip on the board: its name and prompt while it is far from the window, and near it
// the whole card. A board of two hundred clips is a page of twenty.

import { makeCard } from "./card.js";
import { h, set, setText, uniqueId } from "./dom.js";
import { tone } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {ReturnType<typeof cardPlace>} Place */

/** @param {import("./card.js").Board} board @param {Row} row */
export function cardPlace(board, row) {
  const { loader, root } = board;
  const id = uniqueId("clip");
  const title = h("h4.card-title", { id });
  /** @type {import("./card.js").Look} */
  let look = { blind: "", prompt: false, picked: "" };
  /** @type {ReturnType<typeof makeCard> | null} */
  let card = null;

  const place = {
    el: h("li.card", { "aria-labelledby": id, "data-job": row.id, "data-far": true }, title),
    id,
    title,
    row,
    /** When `row.eta` was last said. */
    etaSince: performance.now(),
    get name() {
      return board.store.names.value.get(place.row.id) ?? "";
    },
    // What the loader asks and does.
    get built() {
      return card !== null;
    },
    build,
    release,
    wanted: false,
    loaded: false,
    get video() {
      return card?.video ?? null;
    },
    load: () => card?.load(),
    unload: () => card?.unload(),
    update,
    /** @param {number} now Unix seconds */
    tick: (now) => card?.tick(now),
    remove() {
      loader.items.delete(place);
      card?.remove();
      place.el.remove();
    },
  };
  loader.items.add(place);
  return place;

  /** @param {Row} row @param {import("./card.js").Look} now */
  function update(row, now) {
    const before = place.row;
    if (row.eta !== before.eta) place.etaSince = performance.now();
    place.row = row;
    look = now;
    setText(title, place.name);
    set(place.el, {
      "data-state": row.state,
      "data-tone": tone(row.state),
      "data-picked": look.picked || null,
    });
    if (card) card.update(before, look);
    else showFar();
  }

  /** The browser's own search finds the prompt, and brings it here. */
  function showFar() {
    place.el.replaceChildren(title, look.prompt ? place.row.prompt : "");
  }

  function build() {
    place.el.removeAttribute("data-far");
    card = makeCard(board, place);
    card.update(place.row, look);
  }

  function release() {
    if (!card || card.busy()) return;
    // Those that are not built are as tall as one that was.
    const { offsetHeight } = place.el;
    if (offsetHeight) root.style.setProperty("--hn-card-size", `${offsetHeight}px`);
    card.remove();
    card = null;
    set(place.el, { "data-far": true });
    showFar();
  }
}
