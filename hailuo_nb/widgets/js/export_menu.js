// The board as a file: page, picture, video or table, made by the kernel and saved by the browser.

import { signal } from "@preact/signals";
import { h } from "preact";
import { MenuButton } from "./menu.js";
import { exportsOf, fileName, save } from "./saving.js";
import { fetchBytes, reasonText } from "./wire.js";

/** A video of sixteen clips takes a while. Milliseconds. */
const PATIENCE = 15 * 60_000;

/**
 * Two components: the button with its menu, and what is said of the file.
 * @param {import("./card.js").Board} board
 */
export function exportMenu({ t, store, wire, announcer, menu, language }) {
  const busy = signal(false);
  const note = signal("");

  /** @param {string} what */
  async function run(what) {
    busy.value = true;
    note.value = t("export.busy");
    const name = fileName(store.title.value || t("title"), what);
    const clips = store.shown.value.map(({ id }) => ({
      id,
      name: store.names.value.get(id) ?? "",
    }));
    try {
      const blob = await fetchBytes(
        wire,
        { kind: "export", what, clips, blind: store.view.value.blind, language: language.value },
        undefined,
        PATIENCE,
      );
      save(URL.createObjectURL(blob), name);
      note.value = "";
      announcer.say(t("export.done", { name }));
    } catch (reason) {
      const text = reasonText(reason);
      note.value = text === "closed" ? "" : text;
      announcer.say(text);
    }
    busy.value = false;
  }

  const items = () =>
    exportsOf(store.view.value.blind).map((what) => ({
      label: t(`export.${what}`),
      run: () => void run(what),
    }));
  const open = (/** @type {HTMLElement} */ button) =>
    busy.value || menu.open(button, t("export"), items);

  return {
    ExportButton: () =>
      store.actions.value.includes("export") && store.rows.value.length > 0
        ? h(
            MenuButton,
            {
              ...{ look: "small quiet", open },
              "aria-disabled": busy.value, // it keeps the focus
            },
            t("export"),
          )
        : null,
    ExportNote: () => (note.value ? h("p", { class: "hn-message" }, note.value) : null),
  };
}
