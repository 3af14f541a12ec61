// PromptStudio: puts the parts together, and hears the keys that belong to the whole.

import { Announcer } from "./announce.js";
import { grammar } from "./camera.js";
import { h } from "./dom.js";
import { DraftStore } from "./draft.js";
import { promptEditor } from "./editor.js";
import { frameSlots } from "./frames.js";
import { formatGrid } from "./grid.js";
import { pickLanguage, translator } from "./i18n.js";
import { keepKeys } from "./keys.js";
import { library } from "./library.js";
import { movesPreview } from "./moves_preview.js";
import { optionFields } from "./options.js";
import { pathPlayer } from "./stage.js";
import { cameraSteps } from "./steps.js";
import { summary } from "./summary.js";
import { targetChooser } from "./targets.js";
import { cameraTiles } from "./tiles.js";
import { Wire } from "./wire.js";

/** @typedef {import("./types.js").Model} Model */

/** @param {import("./types.js").RenderContext} context */
function render({ model, el, signal }) {
  let view = new AbortController();
  /** @type {import("./studio.js").Ui | null} */
  let ui = null;
  const build = () => {
    view.abort();
    view = new AbortController();
    const language = pickLanguage(
      model.get("language"),
      document.documentElement.lang,
      Object.keys(model.get("messages") ?? {}),
    );
    ui = { together: ui?.together ?? true, commands: language === "zh" ? "zh" : "en", moves: ui?.moves ?? true };
    mount(model, el, language, ui, view.signal);
  };
  const names = ["language", "messages", "catalogue", "moves"];
  for (const name of names) model.on(`change:${name}`, build);
  signal.addEventListener("abort", () => {
    for (const name of names) model.off(`change:${name}`, build);
    view.abort();
  });
  build();
}

/**
 * @param {Model} model @param {HTMLElement} el @param {string} language
 * @param {import("./studio.js").Ui} ui @param {AbortSignal} signal
 */
function mount(model, el, language, ui, signal) {
  const messages = model.get("messages") ?? {};
  const t = translator(messages, language);
  const moves = model.get("moves") ?? [];
  /** @type {import("./studio.js").Studio} */
  const studio = {
    draft: new DraftStore(model, signal),
    wire: new Wire(model, signal),
    t,
    language,
    moves,
    grammar: grammar(moves),
    announcer: new Announcer(signal),
    ui,
    signal,
  };
  const shelves = library(studio, (prompt) => editor.put(prompt));
  const editor = promptEditor(studio, shelves.tools);
  const tiles = cameraTiles(studio, editor);
  const steps = cameraSteps(studio, editor);
  const player = pathPlayer(studio);
  const preview = movesPreview(studio);
  const targets = targetChooser(studio);
  const grid = formatGrid(studio);
  const options = optionFields(studio);
  const frames = frameSlots(studio);
  const end = summary(studio);

  const timeline = h(
    "div.hn-block.hn-timeline",
    {},
    h("div.hn-block-head", {}, h("span.hn-label", {}, t("studio.timeline")), player.toggle),
    steps.el,
    preview.el,
    player.el,
  );

  const other = language === "zh" ? "en" : "zh";
  const switchLanguage = h(
    "button.hn-button.hn-small.hn-quiet",
    {
      lang: other,
      on: {
        click: () => {
          model.set("language", other);
          model.save_changes();
        },
      },
    },
    other === "zh" ? "中文" : "English",
  );
  const root = h(
    "section.hn.hn-studio",
    { lang: language, "aria-label": t("studio.name") },
    h("header.hn-studio-head", {}, h("h3.hn-title", {}, t("studio.title")), switchLanguage),
    h(
      "div.hn-studio-columns",
      {},
      h("div.hn-column", {}, editor.el, shelves.el, timeline, tiles.el, frames.el),
      h("div.hn-column", {}, targets.el, grid.el, options.el),
    ),
    end.el,
    studio.announcer.el,
  );

  keepKeys(root);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!event.repeat) void end.generate();
  });
  root.addEventListener("paste", frames.paste);

  const update = () => {
    for (const part of [editor, steps, preview, player, tiles, targets, grid, options, frames, end]) part.update();
  };
  studio.draft.addEventListener("change", update);
  el.replaceChildren(root);
  update();
}

export default { render };
