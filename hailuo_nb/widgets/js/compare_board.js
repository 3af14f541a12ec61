// CompareBoard: clips side by side. Reads traits, asks for bytes; never writes a trait.

import { Announcer } from "./announce.js";
import { Card } from "./card.js";
import { h, reconcile, setAttribute, setText, showText } from "./dom.js";
import { pickLanguage, translator } from "./i18n.js";
import { keepKeys } from "./keys.js";
import { columns } from "./layout.js";
import { Player } from "./player.js";
import { SETTLED, tally } from "./states.js";
import { transportBar } from "./transport_bar.js";
import { Wire } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Model} Model */

/** Clips are fetched when they come this near to the window. */
const NEAR = "600px";

/** @param {import("./types.js").RenderContext} context */
function render({ model, el, signal }) {
  let view = new AbortController();
  const build = () => {
    view.abort();
    view = new AbortController();
    mount(model, el, view.signal);
  };
  for (const name of ["language", "messages"]) listen(model, `change:${name}`, build, signal);
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
  const player = new Player(signal);
  const announcer = new Announcer(signal);
  const head = header(t, player);
  const grid = h("ul", { class: "hn-grid", role: "list", "aria-label": t("board.list") });
  const empty = h("p", { class: "hn-empty" }, t("board.empty"));
  const root = h(
    "section",
    { class: "hn hn-board", lang: language, "aria-label": t("board.name") },
    head.el,
    grid,
    empty,
    announcer.el,
  );
  keepKeys(root);
  el.replaceChildren(root);

  const board = {
    model,
    player,
    t,
    signal,
    wire: new Wire(model, signal),
    whenNear: nearness(signal),
    posterOf: (/** @type {Row} */ row) => row.poster || model.get("posters")?.[row.id] || "",
  };
  /** @type {Map<string, import("./dom.js").Part<Row>>} */
  const cards = new Map();
  /** @type {Map<string, string>} */
  const states = new Map();

  const rows = () => /** @type {Row[]} */ (model.get("rows") ?? []);
  const arrange = () => setColumns(grid, rows().length, root.clientWidth);
  const update = () => {
    const list = rows();
    const prompts = new Set(list.map(({ prompt }) => prompt));
    reconcile(
      grid,
      list,
      ({ id }) => id,
      (row) => new Card(board, row),
      cards,
    );
    for (const card of cards.values()) if (card instanceof Card) card.showPrompt(prompts.size > 1);
    head.update(list, model.get("title"), prompts.size === 1 ? ([...prompts][0] ?? "") : "");
    empty.hidden = list.length > 0;
    announceChanges(list, states, announcer, t);
    arrange();
  };
  for (const name of ["rows", "title", "posters"]) listen(model, `change:${name}`, update, signal);
  update();

  const resize = new ResizeObserver(arrange);
  resize.observe(root);
  const clockTimer = setInterval(() => {
    const now = Date.now() / 1000;
    for (const card of cards.values())
      if (card instanceof Card && !SETTLED.has(card.row.state)) card.tick(now);
  }, 1000);
  signal.addEventListener("abort", () => {
    resize.disconnect();
    clearInterval(clockTimer);
    for (const card of cards.values()) card.remove?.();
    cards.clear();
  });
}

/** @param {HTMLElement} grid @param {number} count @param {number} width */
function setColumns(grid, count, width) {
  const text = String(columns(count, width || 900));
  if (grid.style.getPropertyValue("--hn-columns") !== text) grid.style.setProperty("--hn-columns", text);
}

/** @param {import("./types.js").Translate} t @param {Player} player */
function header(t, player) {
  const title = h("h3", { class: "hn-title" });
  const prompt = h("p", { class: "hn-board-prompt" });
  const count = h("span", { class: "hn-count" });
  const fill = h("div", { class: "hn-bar-fill" });
  const progress = h(
    "div",
    {
      class: "hn-bar hn-bar-whole",
      role: "progressbar",
      "aria-label": t("board.progress"),
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    fill,
  );
  const bar = transportBar(player, t);
  const el = h(
    "header",
    { class: "hn-board-head" },
    h("div", { class: "hn-board-what" }, h("div", { class: "hn-title-line" }, title, count), prompt),
    bar.el,
    progress,
  );

  /** @param {Row[]} rows @param {string} name @param {string} shared  the prompt that all clips have */
  function update(rows, name, shared) {
    const { count: all, saved, trouble, settled, fraction } = tally(rows);
    showText(title, name || t("board.title"));
    showText(prompt, shared);
    setAttribute(prompt, "title", shared);
    const parts = [
      t("board.saved", { count: all, saved }),
      trouble ? t("board.trouble", { count: trouble }) : "",
    ];
    showText(count, all ? parts.filter(Boolean).join(" · ") : "");
    progress.hidden = all === 0 || settled === all;
    setAttribute(progress, "aria-valuenow", Math.round(fraction * 100));
    fill.style.inlineSize = `${fraction * 100}%`;
    bar.update();
  }
  return { el, update };
}

/**
 * @param {Row[]} rows @param {Map<string, string>} states  what was said last of each clip
 * @param {Announcer} announcer @param {import("./types.js").Translate} t
 */
function announceChanges(rows, states, announcer, t) {
  for (const row of rows) {
    const before = states.get(row.id);
    if (before !== undefined && before !== row.state) {
      const state = t(`board.state.${row.state}`);
      announcer.say(
        t("board.announce", { provider: row.provider_title || row.provider, state, error: row.error }).trim(),
      );
    }
    states.set(row.id, row.state);
  }
}

/** @param {AbortSignal} signal @returns {(el: Element, callback: () => void) => void} */
function nearness(signal) {
  /** @type {WeakMap<Element, () => void>} */
  const callbacks = new WeakMap();
  // rootMargin does not reach through JupyterLab's scrolling panel, scrollMargin does where the browser has it.
  const options = /** @type {IntersectionObserverInit} */ ({ rootMargin: NEAR, scrollMargin: NEAR });
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      callbacks.get(target)?.();
    }
  }, options);
  signal.addEventListener("abort", () => observer.disconnect());
  return (el, callback) => {
    callbacks.set(el, callback);
    observer.observe(el);
  };
}

export default { render };
