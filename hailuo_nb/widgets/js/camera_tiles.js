// The fifteen moves as a strip of icons: a click writes a move into the prompt at the caret.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useRef } from "preact/hooks";
import { Button, useUniqueId } from "./components.js";
import { consume, flag } from "./dom.js";
import { draggable } from "./dragging.js";
import { MoveIcon } from "./icons.js";
import { step } from "./roving.js";

/** @typedef {import("./types.js").Move} Move */
/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */

/** @param {{studio: Studio, editor: Editor}} props */
export function CameraTiles({ studio, editor }) {
  const { t, ui } = studio;
  const id = useUniqueId("camera");
  return h(
    "div",
    { class: "hn-block hn-camera" },
    h(
      "div",
      { class: "hn-block-head" },
      h("span", { class: "hn-label", id: `hn-camera-${id}` }, t("camera")),
      h(Segments, {
        label: t("camera.mode"),
        value: ui.together ? "together" : "then",
        choices: [
          ["together", t("camera.together"), t("camera.together.hint")],
          ["then", t("camera.then"), t("camera.then.hint")],
        ],
        choose: (value) => (ui.together = value === "together"),
      }),
      h(Segments, {
        label: t("camera.language"),
        value: ui.commands,
        choices: [
          ["en", "English"],
          ["zh", "中文"],
          ["prose", t("camera.prose"), t("camera.prose.hint")],
        ],
        choose: (value) => (ui.commands = /** @type {"en" | "zh" | "prose"} */ (value)),
      }),
      h(
        Button,
        {
          look: "small quiet names",
          "aria-pressed": ui.names,
          title: t("camera.names.hint"),
          onClick: () => (ui.names = !ui.names),
        },
        t("camera.names"),
      ),
    ),
    h(Strip, { studio, editor, labelledBy: `hn-camera-${id}` }),
  );
}

/** @param {{studio: Studio, editor: Editor, labelledBy: string}} props */
function Strip({ studio, editor, labelledBy }) {
  const { t, grammar, ui, announcer, moves, language } = studio;
  const strip = useRef(/** @type {HTMLElement | null} */ (null));
  const stop = useSignal(moves[0]?.key ?? "");
  const focus = (/** @type {string} */ key) =>
    /** @type {HTMLElement | null | undefined} */ (
      strip.current?.querySelector(`[data-move=${key}]`)
    )?.focus();

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = step([moves.map(({ key }) => key)], stop.peek(), event.key);
    if (!to) return;
    consume(event);
    focus(to);
  }

  /** @param {Move} move @param {MouseEvent} event */
  function write(move, event) {
    const { commands, together } = ui;
    editor.edit((text, from, to) => {
      const edit = grammar.click(text, from, to, move.key, { language: commands, together });
      const written = grammar.command(move, commands);
      announcer.say(t(edit ? "camera.inserted" : "camera.there", { move: written }));
      return edit;
    });
    if (event.detail === 0) focus(move.key); // by keyboard: stay, so that the next is one key away
  }

  /** @param {Move} move */
  function tile(move) {
    const { key, english, chinese } = move;
    const names = [
      h("span", { class: "hn-tile-name", lang: "en", key: "en" }, english),
      h("span", { class: "hn-tile-name", lang: "zh", key: "zh" }, chinese),
    ];
    if (language === "zh") names.reverse();
    return h(
      "button",
      {
        type: "button",
        class: "hn-tile",
        key,
        "data-move": key,
        tabIndex: key === stop.value ? 0 : -1,
        "aria-label": `${english} ${chinese}`,
        title: `${english} ${chinese}: ${t(`move.${key}`)}`,
        onFocus: () => (stop.value = key),
        onClick: (/** @type {MouseEvent} */ event) => write(move, event),
        ...draggable({ key }),
      },
      h(MoveIcon, { move: key }),
      ui.names && h("span", { class: "hn-tile-names" }, names),
    );
  }

  const groups = [...new Set(moves.map(({ group }) => group))];
  return h(
    "div",
    {
      class: "hn-tiles",
      role: "toolbar",
      ref: strip,
      "aria-labelledby": labelledBy,
      "data-names": flag(ui.names),
      onKeyDown,
    },
    groups.map((group) =>
      h(
        "div",
        { class: "hn-tile-group", key: group, role: "group", "aria-label": t(`group.${group}`) },
        moves.filter((move) => move.group === group).map(tile),
      ),
    ),
  );
}

/**
 * A few choices side by side, as radio buttons: one stop of the Tab key.
 * @param {{label: string, value: string, choose: (value: string) => void,
 *   choices: (readonly [value: string, text: string, hint?: string])[]}} props
 */
function Segments({ label, value, choices, choose }) {
  const id = useUniqueId("camera");
  return h(
    "div",
    { class: "hn-segments", role: "radiogroup", "aria-label": label },
    choices.map(([one, text, title]) =>
      h(
        "label",
        { class: "hn-segment", key: one, title },
        h("input", {
          class: "hn-sr",
          type: "radio",
          name: `hn-choice-${id}`,
          value: one,
          checked: one === value,
          onChange: () => choose(one),
        }),
        text,
      ),
    ),
  );
}
