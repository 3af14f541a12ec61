// Fifteen tiles: a click writes the move into the prompt where the caret stands.

import { h, setAttribute, uniqueId } from "./dom.js";
import { moveIcon } from "./icons.js";
import { draggable } from "./steps.js";

/** @typedef {import("./types.js").Move} Move */
/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */

/** @param {Studio} studio @param {Editor} editor */
export function cameraTiles(studio, editor) {
  const { t, grammar, ui, announcer, moves } = studio;
  const name = uniqueId("camera");

  /** @param {Move} move @param {MouseEvent} event */
  function insert(move, event) {
    const tile = /** @type {HTMLElement} */ (event.currentTarget);
    editor.edit((text, from, to) => {
      const edit = grammar.click(text, from, to, move.key, { language: ui.commands, together: ui.together });
      const written = grammar.command(move, ui.commands);
      announcer.say(t(edit ? "studio.camera.inserted" : "studio.camera.there", { move: written }));
      return edit;
    });
    if (event.detail === 0) tile.focus(); // by keyboard: stay, so that the next move is one key away
  }

  const tiles = moves.map((move) => tileFor(move, studio.language, t, insert));
  const groups = [...new Set(moves.map(({ group }) => group))].map((group) => {
    const members = tiles.filter((_, index) => moves[index]?.group === group);
    return h(
      "div.hn-tile-group",
      { "data-group": group, role: "group", "aria-label": t(`studio.group.${group}`) },
      ...members,
    );
  });
  for (const [index, tile] of tiles.entries()) draggable(tile, { key: moves[index]?.key ?? "" });
  const toolbar = h("div.hn-tiles", { role: "toolbar", "aria-labelledby": name }, ...groups);
  roving(toolbar, tiles);

  const el = h(
    "div.hn-block",
    {},
    h(
      "div.hn-block-head",
      {},
      h("span.hn-label", { id: name }, t("studio.camera")),
      segmented(
        t("studio.camera.mode"),
        ui.together ? "together" : "then",
        [
          ["together", t("studio.camera.together"), t("studio.camera.together.hint")],
          ["then", t("studio.camera.then"), t("studio.camera.then.hint")],
        ],
        (value) => {
          ui.together = value === "together";
        },
      ),
      segmented(
        t("studio.camera.language"),
        ui.commands,
        [
          ["en", "English", ""],
          ["zh", "中文", ""],
        ],
        (value) => {
          ui.commands = value === "zh" ? "zh" : "en";
        },
      ),
    ),
    toolbar,
  );
  return { el, update: () => undefined };
}

/**
 * @param {Move} move @param {string} language @param {import("./types.js").Translate} t
 * @param {(move: Move, event: MouseEvent) => void} insert
 */
function tileFor(move, language, t, insert) {
  const names = [
    h("span.hn-tile-name", { lang: "en" }, move.english),
    h("span.hn-tile-name", { lang: "zh" }, move.chinese),
  ];
  if (language === "zh") names.reverse();
  names[1]?.classList.add("hn-tile-second");
  return h(
    "button.hn-tile",
    {
      "data-move": move.key,
      tabindex: -1,
      "aria-label": `${move.english} ${move.chinese}`,
      title: t(`studio.move.${move.key}`),
      on: { click: (/** @type {MouseEvent} */ event) => insert(move, event) },
    },
    moveIcon(move.key),
    h("span.hn-tile-names", {}, ...names),
  );
}

/**
 * One stop of the Tab key; the arrow keys, Home and End go from tile to tile.
 * @param {HTMLElement} toolbar @param {HTMLElement[]} tiles
 */
function roving(toolbar, tiles) {
  tiles[0]?.setAttribute("tabindex", "0");
  toolbar.addEventListener("focusin", (event) => {
    for (const tile of tiles) setAttribute(tile, "tabindex", tile === event.target ? 0 : -1);
  });
  toolbar.addEventListener("keydown", (event) => {
    const at = tiles.indexOf(/** @type {HTMLElement} */ (event.target));
    /** @type {Record<string, number>} */
    const places = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: tiles.length - 1,
    };
    const to = places[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    tiles[(to + tiles.length) % tiles.length]?.focus();
  });
}

/**
 * A few choices side by side, as radio buttons.
 * @param {string} label @param {string} value @param {[value: string, text: string, hint: string][]} choices
 * @param {(value: string) => void} choose
 */
export function segmented(label, value, choices, choose) {
  const name = uniqueId("choice");
  return h(
    "div.hn-segments",
    { role: "radiogroup", "aria-label": label },
    ...choices.map(([key, text, hint]) =>
      h(
        "label.hn-segment",
        { title: hint || null },
        h("input", {
          type: "radio",
          class: "hn-sr",
          name,
          value: key,
          checked: key === value,
          on: { change: () => choose(key) },
        }),
        text,
      ),
    ),
  );
}
