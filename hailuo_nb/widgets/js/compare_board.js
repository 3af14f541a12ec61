// CompareBoard's entry for anywidget: one view for each place where the board is shown.

import { Announcer } from "./announcer.js";
import { boardStore } from "./board_store.js";
import { boardView } from "./board_view.js";
import { Clips } from "./clip_source.js";
import { keepAlive } from "./colab_keepalive.js";
import { h, uniqueId } from "./dom.js";
import { captureKeys } from "./keyboard.js";
import { Menu } from "./menu.js";
import { Player } from "./player.js";
import { Sound } from "./sound.js";
import { pageLoader } from "./video_loader.js";
import { viewOf } from "./view_state.js";
import { languageButton, widget } from "./widget.js";
import { Wire } from "./wire.js";

export default widget("board", ["actions"], ({ model, el, language, t, kernel, signal }) => {
  const focused = el.contains(document.activeElement);
  const { view: state, playback } = viewOf(model);
  const wire = new Wire(model, kernel, t, signal);
  const root = h("section.board", { lang: language, tabindex: -1, label: t("name") });
  const player = new Player(signal, playback);
  const store = boardStore(wire, state, signal);
  const board = {
    model,
    store,
    wire,
    t,
    signal,
    root,
    player,
    sound: new Sound(player, signal, playback),
    clips: new Clips(model, wire, signal),
    loader: pageLoader(),
    menu: new Menu(),
    announcer: new Announcer(signal),
    /** @returns {string[]} */
    get actions() {
      return store.actions.value;
    },
    tagList: uniqueId("tags"),
    pick: (/** @type {string} */ id) => view.pick(id),
    shiftOf: (/** @type {string} */ id) => state.value.shifts[id] ?? 0,
  };
  const view = boardView(board, languageButton(model, language));
  root.classList.add("hn");
  captureKeys(root, signal);
  keepAlive(wire, () => store.rows.value, signal);
  el.replaceChildren(root);
  view.start();
  if (focused) root.focus();
});
