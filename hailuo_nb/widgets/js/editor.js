// The prompt editor: the textarea over the layer that highlights it, the list of moves, how long the
// prompt is and what it stands for.

import { signal } from "@preact/signals";
import { h } from "preact";
import { smallestLimit } from "./catalogue.js";
import { completionList } from "./completion_list.js";
import { Host } from "./components.js";
import { element, flag, on, set, uniqueId } from "./dom.js";
import { codePoints } from "./format.js";
import { VersionLine } from "./history_list.js";
import { promptMarks } from "./prompt_marks.js";
import { PromptText } from "./prompt_text.js";
import { MAX_SHOWN_VARIANTS } from "./protocol.js";
import { expand } from "./variants.js";

/** @typedef {import("./studio.js").Studio} Studio */

/** @param {Studio} studio @param {import("preact").VNode<any>} tools  buttons beside the title */
export function promptEditor(studio, tools) {
  const id = uniqueId("prompt");
  const text = new PromptText(studio, id, {
    show,
    typed,
    replaced,
    key: (one) => completion.key(one),
  });
  const { area, edit, take, rewrite } = text;
  const marks = promptMarks(studio, text, () => completion.isOpen());
  const completion = completionList(studio, { textarea: area, layer: marks.layer, edit });
  /** As it stands, composed characters and all. */
  const shown = signal(area.value);

  const field = element("div", "hn-editor");
  field.append(marks.layer, area, marks.bubble, completion.el);
  on(field, "pointermove", marks.point);
  on(field, "pointerleave", marks.leave);

  function show() {
    shown.value = area.value;
    const excess = lengthOf(area.value, studio).over > 0;
    set(area, {
      placeholder: studio.t("prompt.placeholder"),
      "aria-invalid": excess || null,
      "aria-describedby": excess ? `${id}-count ${id}-over` : `${id}-count`,
    });
    marks.show();
  }
  function typed() {
    show();
    completion.typed();
    if (completion.isOpen()) marks.hide();
  }
  function replaced() {
    marks.hide();
    completion.close();
  }

  const update = () => {
    text.follow();
    show();
  };
  const View = () => h(Editor, { studio, id, field, shown, tools });
  const isComposing = () => text.composing;
  return { View, textarea: area, edit, take, rewrite, update, isComposing };
}

/** How long the longest prompt is that a text stands for, and by how much it is too long.
 * @param {string} text @param {Studio} studio */
function lengthOf(text, { draft }) {
  const { prompts } = expand(text);
  const length = Math.max(0, ...(prompts.length > 1 ? prompts : [text]).map(codePoints));
  const { limit, title } = smallestLimit(draft.catalogue, draft.targets);
  return { prompts, length, limit, title, over: length - limit };
}

/**
 * @param {{studio: Studio, id: string, field: HTMLElement,
 *   shown: import("@preact/signals").Signal<string>, tools: import("preact").VNode<any>}} props
 */
function Editor({ studio, id, field, shown, tools }) {
  const { t } = studio;
  const { prompts, length, limit, title, over } = lengthOf(shown.value, studio);
  const excess = over > 0 ? t("prompt.over", { count: over, title, limit }) : "";
  const counter = {
    class: "hn-counter",
    id: `${id}-count`,
    title: title ? t("prompt.limit", { title, limit }) : undefined,
    "data-over": flag(excess),
  };
  return h(
    "div",
    { class: "hn-block" },
    h(
      "div",
      { class: "hn-block-head" },
      h("label", { class: "hn-label", for: id }, t("prompt")),
      tools,
      h("span", counter, t("prompt.count", { length, limit })),
    ),
    h(Host, { el: field }),
    h("p", { class: "hn-field-error", id: `${id}-over`, role: "alert", hidden: !excess }, excess),
    h(VersionLine, { studio }),
    prompts.length > 1 &&
      h(
        "details",
        { class: "hn-sweep" },
        h("summary", null, t("sweep", { count: prompts.length })),
        h(
          "ol",
          null,
          prompts.slice(0, MAX_SHOWN_VARIANTS).map((one) => h("li", { key: one }, one)),
        ),
      ),
  );
}
