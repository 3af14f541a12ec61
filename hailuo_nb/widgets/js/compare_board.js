// CompareBoard: clips side by side. Reads traits, asks for bytes and acts; writes no trait but the language.

import { Announcer } from "./announce.js";
import { boardView } from "./board_view.js";
import { Clips } from "./clip_source.js";
import { h, uniqueId } from "./dom.js";
import { pickLanguage, translator } from "./i18n.js";
import { keepKeys } from "./keys.js";
import { Loader } from "./loader.js";
import { Menu } from "./menu.js";
import { Player } from "./player.js";
import { viewOf } from "./view_state.js";
import { Wire } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Model} Model */

/** @param {import("./types.js").RenderContext} context */
function render({ model, el, signal }) {
  let view = new AbortController();
  const build = () => {
    view.abort();
    view = new AbortController();
    mount(model, el, view.signal);
  };
  for (const name of ["language", "messages", "acts"]) listen(model, `change:${name}`, build, signal);
  signal.addEventListener("abort", () => view.abort());
  build();
}

/** @param {Model} model @param {string} event @param {() => void} callback @param {AbortSignal} signal */
function listen(model, event, callback, signal) {
  model.on(event, callback);
  signal.addEventListener("abort", () => model.off(event, callback));
}

/** @param {Model} model @param {HTMLElement} el @param {AbortSignal} signal */
function mount(model, el, signal) {
  const messages = model.get("messages") ?? {};
  const language = pickLanguage(model.get("language"), document.documentElement.lang, Object.keys(messages));
  const t = translator(messages, language);
  const focused = el.contains(document.activeElement);
  const state = viewOf(model);
  const wire = new Wire(model, signal);
  const root = h("section.hn.hn-board", { lang: language, tabindex: -1, "aria-label": t("board.name") });
  const board = {
    model,
    wire,
    t,
    signal,
    player: new Player(signal),
    clips: new Clips(model, wire, signal),
    loader: new Loader(signal),
    menu: new Menu(),
    announcer: new Announcer(signal),
    acts: wire.open ? (model.get("acts") ?? []) : [],
    tagList: uniqueId("tags"),
    root: () => root,
    pick: (/** @type {string} */ id) => view.pick(id),
    shiftOf: (/** @type {string} */ id) => state.shifts[id] ?? 0,
  };
  const view = boardView(board, state, {
    language,
    rows: () => /** @type {Row[]} */ (model.get("rows") ?? []),
    title: () => model.get("title") ?? "",
    switchTo: (/** @type {string} */ wanted) => {
      model.set("language", wanted);
      model.save_changes();
    },
  });
  keepKeys(root);
  el.replaceChildren(root);
  for (const name of ["rows", "title"]) listen(model, `change:${name}`, view.update, signal);
  view.update();
  if (focused) root.focus();
}

export default { render };
