// PromptStudio's entry for anywidget: puts the parts together and handles the keys of the whole.

import { h as component } from "preact";
import { Announcements, Announcer } from "./announcer.js";
import { grammar } from "./camera.js";
import { cameraTiles } from "./camera_tiles.js";
import { elementOf } from "./components.js";
import { h, on } from "./dom.js";
import { DraftStore } from "./draft.js";
import { promptEditor } from "./editor.js";
import { FormatGrid } from "./format_grid.js";
import { frameSlots } from "./frame_slots.js";
import { captureKeys } from "./keyboard.js";
import { movesPreview } from "./moves_preview.js";
import { Options } from "./options.js";
import { library } from "./prompt_library.js";
import { referenceSlots } from "./reference_slots.js";
import { sharing } from "./share.js";
import { summary } from "./summary.js";
import { Targets } from "./targets.js";
import { cameraSteps } from "./timeline_view.js";
import { languageButton, remade } from "./widget.js";
import { Wire } from "./wire.js";

/**
 * Choices of the page, kept while the language changes.
 * @type {WeakMap<HTMLElement, import("./studio.js").Ui>}
 */
const kept = new WeakMap();

export default remade(
  "studio",
  ["catalogue", "moves"],
  ({ model, el, language, t, kernel, signal }) => {
    const moves = model.get("moves") ?? [];
    const commands = /** @type {"en" | "zh"} */ (language);
    const ui = { together: true, moves: true, ...kept.get(el), commands };
    kept.set(el, ui);
    /** @type {import("./studio.js").Studio} */
    const studio = {
      draft: /** @type {any} */ (new DraftStore(model, signal)),
      wire: new Wire(model, kernel, t, signal),
      t,
      language: commands,
      moves,
      grammar: grammar(moves),
      announcer: new Announcer(signal),
      ui,
      signal,
    };
    const shelves = library(studio, (prompt) => editor.take(prompt));
    const editor = promptEditor(studio, shelves.tools);
    const tiles = cameraTiles(studio, editor);
    const steps = cameraSteps(studio, editor);
    const preview = movesPreview(studio);
    const settings = [Targets, FormatGrid, Options].map((part) =>
      elementOf(component(part, { studio }), signal),
    );
    const frames = frameSlots(studio);
    const references = referenceSlots(studio, (name) =>
      editor.edit((_, start, end) => ({ start, end, text: name, caret: start + name.length })),
    );
    const end = summary(studio);

    const timelineHead = h("div.block-head", h("span.label", t("timeline")));
    const timeline = h("div.block.timeline", timelineHead, steps.el, preview.el);
    const root = h(
      "section.studio",
      { lang: language, label: t("name") },
      h(
        "header.studio-head",
        h("h3.title", t("title")),
        sharing(studio),
        languageButton(model, language),
      ),
      h(
        "div.studio-columns",
        h("div.column", editor.el, shelves.el, timeline, tiles, frames.el, references.el),
        h("div.column", settings),
      ),
      end.el,
      elementOf(component(Announcements, { announcer: studio.announcer }), signal),
    );

    root.classList.add("hn");
    captureKeys(root, signal);
    on(root, "keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!event.repeat) void end.generate();
    });
    on(root, "paste", frames.paste);

    const update = () => {
      const parts = [editor, steps, preview, end];
      for (const part of parts) part.update();
    };
    on(studio.draft, "change", update);
    on(kernel, "lost", update, { signal });
    el.replaceChildren(root);
    update();
  },
);
