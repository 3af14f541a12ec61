// CompareBoard's entry for anywidget: one view for each place where the board is shown.

import { Announcer } from "./announcer.js";
import { boardView } from "./board_view.js";
import { Clips } from "./clip_source.js";
import { keepAlive } from "./colab_keepalive.js";
import { h, on, uniqueId } from "./dom.js";
import { captureKeys } from "./keyboard.js";
import { Menu } from "./menu.js";
import { Player } from "./player.js";
import { rowsOf } from "./row_store.js";
import { Sound } from "./sound.js";
import { pageLoader } from "./video_loader.js";
import { viewOf } from "./view_state.js";
import { languageButton, widget } from "./widget.js";
import { listen, Wire } from "./wire.js";

export default widget("board", ["actions"], ({ model, el, language, t, kernel, signal }) => {
  const focused = el.contains(document.activeElement);
  const state = viewOf(model);
  const wire = new Wire(model, kernel, t, signal);
  const root = h("section.board", { lang: language, tabindex: -1, label: t("name") });
  const player = new Player(signal, state.playback);
  const board = {
    model,
    wire,
    t,
    signal,
    root,
    player,
    sound: new Sound(player, signal, state.playback),
    clips: new Clips(model, wire, signal),
    loader: pageLoader(),
    menu: new Menu(),
    announcer: new Announcer(signal),
    /** @returns {string[]} */
    get actions() {
      return wire.open ? (model.get("actions") ?? []) : [];
    },
    tagList: uniqueId("tags"),
    pick: (/** @type {string} */ id) => view.pick(id),
    shiftOf: (/** @type {string} */ id) => state.shifts[id] ?? 0,
  };
  const rows = rowsOf(model, wire, () => view.update(), signal);
  const view = boardView(board, state, {
    language: languageButton(model, language),
    rows,
    title: () => model.get("title") ?? "",
  });
  root.classList.add("hn");
  captureKeys(root, signal);
  keepAlive(wire, rows, signal);
  el.replaceChildren(root);
  listen(model, ["change:title", "change:summary"], view.update, signal);
  on(kernel, "lost", view.renew, { signal });
  view.update();
  if (focused) root.focus();
});
