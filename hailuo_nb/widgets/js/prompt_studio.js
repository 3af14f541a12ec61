// PromptStudio's entry for anywidget: puts the parts together and handles the keys of the whole.

import { computed, effect, untracked } from "@preact/signals";
import { h, render } from "preact";
import { Announcements, Announcer } from "./announcer.js";
import { grammar, replacing } from "./camera.js";
import { CameraTiles } from "./camera_tiles.js";
import { keepWords } from "./camera_words.js";

import { on } from "./dom.js";
import { DraftStore } from "./draft.js";
import { promptEditor } from "./editor.js";
import { FormatGrid } from "./format_grid.js";
import { frameSlots } from "./frame_slots.js";
import { GenerateBar, offerNow, priceOf } from "./generate_bar.js";
import { captureKeys } from "./keyboard.js";
import { Options } from "./options.js";
import { library } from "./prompt_library.js";
import { referenceSlots } from "./reference_slots.js";
import { Sender } from "./sender.js";
import { Share } from "./share.js";
import { eventSignal } from "./signals.js";
import { uiOf } from "./studio.js";
import { Targets } from "./targets.js";
import { Camera } from "./timeline_view.js";
import { LanguageButton, Lost, widget } from "./widget.js";
import { Wire } from "./wire.js";

export default widget((context) => {
  const { model, el, t, kernel, signal } = context;
  const language = computed(() => /** @type {"en" | "zh"} */ (context.language.value));
  const moves = model.get("moves") ?? [];
  const open = eventSignal(kernel, "lost", () => kernel.open, signal);
  const ui = uiOf(model, language.value);
  /** @type {import("./studio.js").Studio} */
  const studio = {
    draft: /** @type {any} */ (new DraftStore(model, signal)),
    wire: new Wire(model, kernel, t, signal),
    t,
    get language() {
      return language.value;
    },
    get open() {
      return open.value;
    },
    moves,
    grammar: grammar(moves),
    announcer: new Announcer(signal),
    ui,
    signal,
  };
  const { draft } = studio;
  const sender = new Sender(studio);
  const shelves = library(studio, (prompt) => editor.take(prompt));
  const editor = promptEditor(studio, shelves.tools);
  const frames = frameSlots(studio);
  const references = referenceSlots(studio, (name) =>
    editor.edit((_, start, end) => replacing(start, end, name)),
  );

  /** All of the draft. What of it is wrong is said instead. */
  function generate() {
    const { whole, against } = offerNow(studio);
    const stop = sender.against || against;
    if (stop) studio.announcer.say(stop);
    else void sender.send(whole, () => priceOf(studio, offerNow(studio).whole));
  }

  const Root = () =>
    h(
      "section",
      { class: "hn-studio hn", lang: studio.language, "aria-label": t("name") },
      h(Lost, { kernel, t, until: signal }),
      h(
        "header",
        { class: "hn-studio-head" },
        h("h3", { class: "hn-title" }, t("title")),
        h(Share, { studio }),
        h(LanguageButton, { model, language: studio.language }),
      ),
      h(
        "div",
        { class: "hn-studio-columns" },
        h(
          "div",
          { class: "hn-column" },
          h(editor.View, null),
          h(shelves.View, null),
          h(CameraTiles, { studio, editor }),
          h(Camera, { studio, editor }),
          h(frames.View, null),
          h(references.View, null),
        ),
        h(
          "div",
          { class: "hn-column" },
          h(Targets, { studio }),
          h(FormatGrid, { studio }),
          h(Options, { studio }),
        ),
      ),
      h(GenerateBar, { studio, sender, editor, generate }),
      h(Announcements, { announcer: studio.announcer }),
    );

  render(h(Root, null), el);
  on(signal, "abort", () => render(null, el));
  const root = /** @type {HTMLElement} */ (el.firstElementChild);
  captureKeys(root, signal);
  on(root, "keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!event.repeat) generate();
  });
  on(root, "paste", frames.paste);

  // The editor is no component: it is told of changes, and of another language.
  on(draft, "change", editor.update);
  keepWords(studio, editor);
  const stop = effect(() => {
    const now = studio.language;
    untracked(() => {
      if (ui.commands !== "prose") ui.commands = now;
      editor.update();
    });
  });
  on(signal, "abort", stop);
});
