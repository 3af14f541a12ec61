// Fifteen tiles: a click writes the camera move into the prompt at the caret.

import { consume, h, on, set, uniqueId } from "./dom.js";
import { moveIcon } from "./icons.js";
import { draggable } from "./timeline_view.js";

/** @typedef {import("./types.js").Move} Move */
/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */

/** @param {Studio} studio @param {Editor} editor */
export function cameraTiles({ draft, t, grammar, ui, announcer, moves, language }, editor) {
  const id = uniqueId("camera");

  /** @param {Move} move */
  function tile(move) {
    const names = [
      h("span.tile-name", { lang: "en" }, move.english),
      h("span.tile-name", { lang: "zh" }, move.chinese),
    ];
    if (language === "zh") names.reverse();
    names[1]?.classList.add("hn-tile-second");
    const onclick = (/** @type {MouseEvent} */ event) => {
      editor.edit((text, from, to) => {
        const edit = grammar.click(text, from, to, move.key, {
          language: ui.commands,
          together: ui.together,
        });
        const written = grammar.command(move, ui.commands);
        announcer.say(t(edit ? "camera.inserted" : "camera.there", { move: written }));
        return edit;
      });
      if (event.detail === 0) el.focus(); // by keyboard: stay, so that the next move is one key away
    };
    const el = h(
      "button.tile",
      {
        "data-move": move.key,
        tabindex: -1,
        label: `${move.english} ${move.chinese}`,
        title: t(`move.${move.key}`),
        onclick,
      },
      moveIcon(move.key),
      h("span.tile-names", names),
    );
    draggable(el, { key: move.key });
    return el;
  }

  const tiles = moves.map(tile);
  const groups = [...new Set(moves.map(({ group }) => group))].map((group) => {
    const members = tiles.filter((_, index) => moves[index]?.group === group);
    return h(
      "div.tile-group",
      { "data-group": group, role: "group", label: t(`group.${group}`) },
      members,
    );
  });
  const toolbar = h("div.tiles", { role: "toolbar", "aria-labelledby": id }, groups);
  roving(toolbar, tiles);
  const mode = segmented(t("camera.mode"), ui.together ? "together" : "then", [
    ["together", t("camera.together"), t("camera.together.hint")],
    ["then", t("camera.then"), t("camera.then.hint")],
  ]);
  on(mode, "change", ({ target }) => (ui.together = target.value === "together"));
  const words = segmented(t("camera.language"), ui.commands, [
    ["en", "English"],
    ["zh", "中文"],
    ["prose", t("camera.prose"), t("camera.prose.hint")],
  ]);
  on(words, "change", ({ target }) => {
    ui.commands = target.value;
    ui.switched = true;
    draft.changed();
  });
  const head = h("div.block-head", h("span.label", { id }, t("camera")), mode, words);
  return h("div.block", head, toolbar);
}

/**
 * One stop of the Tab key; the arrow keys, Home and End go from tile to tile.
 * @param {HTMLElement} toolbar @param {HTMLElement[]} tiles
 */
function roving(toolbar, tiles) {
  set(/** @type {HTMLElement} */ (tiles[0] ?? toolbar), { tabindex: 0 });
  on(toolbar, "focusin", ({ target }) => {
    for (const tile of tiles) set(tile, { tabindex: tile === target ? 0 : -1 });
  });
  on(toolbar, "keydown", (event) => {
    const at = tiles.indexOf(event.target);
    /** @type {Record<string, number>} */
    const places = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    const to = places[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    consume(event);
    tiles.at(to % tiles.length)?.focus();
  });
}

/**
 * A few choices side by side, as radio buttons; the change is heard on the whole.
 * @param {string} label
 * @param {string} chosen
 * @param {[value: string, text: string, hint?: string][]} choices
 */
function segmented(label, chosen, choices) {
  const name = uniqueId("choice");
  const segment = (/** @type {[string, string, string?]} */ [value, text, title]) =>
    h(
      "label.segment",
      { title },
      h("input.sr", { type: "radio", name, value, checked: value === chosen }),
      text,
    );
  return h("div.segments", { role: "radiogroup", label }, choices.map(segment));
}
