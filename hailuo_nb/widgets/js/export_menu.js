// The board as a file: page, picture, video or table, made by the kernel and saved by the browser.

import { signal } from "@preact/signals";
import { h } from "preact";
import { Button, elementOf } from "./components.js";
import { h as make, showText } from "./dom.js";
import { exportsOf, fileName, save } from "./saving.js";
import { fetchBytes, reasonText } from "./wire.js";

/** A video of sixteen clips takes a while. Milliseconds. */
const PATIENCE = 15 * 60_000;

/**
 * A button with a menu, and the place where is said what became of a file.
 * @param {import("./card.js").Board} board @param {(id: string) => string} nameOf  a clip
 */
export function exportMenu(board, nameOf) {
  const { t, store, wire, announcer, menu } = board;
  const busy = signal(false);
  const note = make("p.message", { hidden: true });

  /** @param {string} what */
  async function run(what) {
    busy.value = true;
    showText(note, t("export.busy"));
    const clips = store.shown.value.map(({ id }) => ({ id, name: nameOf(id) }));
    const { blind } = store.view.value;
    const language = board.root.lang;
    try {
      const request = { kind: /** @type {"export"} */ ("export"), what, clips, blind, language };
      const blob = await fetchBytes(wire, request, undefined, PATIENCE);
      const name = fileName(store.title.value || t("title"), what);
      save(URL.createObjectURL(blob), name);
      showText(note, "");
      announcer.say(t("export.done", { name }));
    } catch (reason) {
      const text = reasonText(reason);
      if (text !== "closed") showText(note, text);
      announcer.say(text);
    }
    busy.value = false;
  }

  const items = () =>
    exportsOf(store.view.value.blind).map((what) => ({
      label: t(`export.${what}`),
      run: () => void run(what),
    }));
  const open = (/** @type {any} */ { currentTarget }) =>
    menu.open(currentTarget, t("export"), items);
  const Menu = () =>
    store.actions.value.includes("export") && store.rows.value.length > 0
      ? h(
          Button,
          {
            look: "small quiet",
            "data-export": "",
            "aria-haspopup": "menu",
            "aria-expanded": false,
            "aria-busy": busy.value,
            disabled: busy.value,
            onClick: open,
          },
          t("export"),
        )
      : null;
  return { el: elementOf(h(Menu, {}), board.signal), note };
}
