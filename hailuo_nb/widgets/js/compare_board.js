// CompareBoard's entry for anywidget: one view for each place where the board is shown.

import { signal as signalOf } from "@preact/signals";
import { h, render } from "preact";
import { Announcer } from "./announcer.js";
import { announceStates, boardChanges, showNew } from "./board_changes.js";
import { boardStore } from "./board_store.js";
import { BoardView } from "./board_view.js";
import { cardGrid } from "./card_grid.js";
import { Clips } from "./clip_source.js";
import { keepAlive } from "./colab_keepalive.js";
import { on, uniqueId } from "./dom.js";
import { captureKeys } from "./keyboard.js";
import { Menu } from "./menu.js";
import { playbackSignals } from "./playback_signals.js";
import { Player } from "./player.js";
import { Sound } from "./sound.js";
import { pageLoader } from "./video_loader.js";
import { viewOf } from "./view_state.js";
import { votes } from "./vote.js";
import { widget } from "./widget.js";
import { Wire } from "./wire.js";

export default widget(({ model, el, language, t, kernel, signal }) => {
  const { view, playback } = viewOf(model);
  const wire = new Wire(model, kernel, t, signal);
  const player = new Player(signal, playback);
  const sound = new Sound(player, signal, playback);
  const store = boardStore(wire, view, signal);
  const base = {
    ...{ model, store, wire, t, language, signal, player, sound },
    playback: playbackSignals(player, sound, signal),
    clips: new Clips(model, wire, signal),
    loader: pageLoader(),
    menu: new Menu(),
    announcer: new Announcer(signal),
    /** The dialog that is open. */
    dialog: signalOf(/** @type {import("preact").ComponentChild} */ (null)),
    tagList: uniqueId("tags"),
    shiftOf: (/** @type {string} */ id) => view.value.shifts[id] ?? 0,
    get actions() {
      return store.actions.value;
    },
    get root() {
      return /** @type {HTMLElement} */ (el.firstElementChild);
    },
  };
  const changes = Object.assign(base, boardChanges(base));
  /** @type {import("./card.js").Board} */
  const board = Object.assign(changes, { vote: votes(changes) });
  const cards = cardGrid(board);
  el.replaceChildren();
  render(h(BoardView, { board, cards: cards.el }), el);
  on(signal, "abort", () => render(null, el));
  cards.start(signal);
  captureKeys(board.root, signal);
  keepAlive(wire, () => store.rows.value, signal);
  announceStates(board);
  showNew(board);
});
