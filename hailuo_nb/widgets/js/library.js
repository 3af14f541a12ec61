// Prompts to take: those that were sent before, those that come with the house, and the reader's own.

import { h, replace, setAttribute, showText, uniqueId } from "./dom.js";
import { shortModel } from "./format.js";
import { targetTitle } from "./matrix.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {"history" | "templates"} Shelf */
/**
 * @typedef {object} Entry
 * @property {string} key
 * @property {string} prompt
 * @property {string[]} targets
 * @property {string} resolution
 * @property {number} duration
 * @property {string | null} first_frame
 * @property {string | null} last_frame
 * @property {number} clips
 * @property {number} at
 */

/** @param {Studio} studio @param {(prompt: string) => void} put  a prompt into the editor */
export function library({ draft, t, wire, announcer, language }, put) {
  const id = uniqueId("library");
  const search = h("input", { type: "search", class: "hn-input" });
  const list = h("ul.hn-library-list", {});
  const message = h("p.hn-hint", { role: "status" });
  const name = h("input", {
    type: "text",
    class: "hn-input",
    maxlength: 80,
    placeholder: t("studio.template.name"),
    "aria-label": t("studio.template.name"),
  });
  const keep = h(
    "form.hn-library-keep",
    {},
    name,
    h("button", { type: "submit", class: "hn-button hn-small" }, t("studio.template.save")),
  );
  const el = h("div.hn-library", { id, role: "region", hidden: true }, search, keep, message, list);

  /** @type {Shelf | null} */
  let open = null;
  /** What is on the shelf: the words that are searched, and the part of the page. @type {{words: string, el: HTMLElement}[]} */
  let items = [];

  const buttons = /** @type {const} */ (["templates", "history"]).map((shelf) => {
    const button = h(
      "button.hn-button.hn-small.hn-quiet",
      {
        "aria-expanded": "false",
        "aria-controls": id,
        data: { shelf },
        on: { click: () => void show(open === shelf ? null : shelf) },
      },
      t(`studio.library.${shelf}`),
    );
    return { shelf, button };
  });

  /** @param {Shelf | null} shelf */
  async function show(shelf) {
    open = shelf;
    el.hidden = shelf === null;
    for (const one of buttons) setAttribute(one.button, "aria-expanded", String(one.shelf === shelf));
    if (!shelf) return;
    const title = t(`studio.library.${shelf}`);
    setAttribute(el, "aria-label", title);
    setAttribute(search, "aria-label", t("studio.library.search", { title }));
    setAttribute(search, "placeholder", t("studio.library.search", { title }));
    search.value = "";
    keep.hidden = shelf !== "templates";
    search.focus();
    await fill(() => wire.ask({ kind: shelf }));
  }

  /** @param {() => Promise<any>} ask */
  async function fill(ask) {
    try {
      const answer = await ask();
      if (answer.kind !== open) return;
      items = answer.entries ? answer.entries.map(past) : [...answer.own.map(own), ...answer.built_in.map(made)];
      filter();
    } catch (error) {
      showText(message, error instanceof Error ? error.message : String(error));
    }
  }

  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = items.filter(({ words }) => wanted.every((word) => words.toLowerCase().includes(word)));
    replace(list, ...found.map((item) => item.el));
    const none = t(items.length ? "studio.library.nothing" : `studio.library.empty.${open ?? "history"}`);
    showText(message, found.length ? "" : none);
  }

  /** @param {string} title @param {string} prompt @param {string} facts @param {(Node | false)[]} acts */
  function item(title, prompt, facts, acts) {
    const take = h(
      "button.hn-button.hn-small",
      {
        on: {
          click: () => {
            put(prompt);
            announcer.say(t("studio.library.taken"));
          },
        },
      },
      t("studio.library.take"),
    );
    const part = h(
      "li.hn-library-item",
      {},
      title && h("p.hn-library-name", {}, title),
      h("p.hn-library-prompt", { title: prompt }, prompt),
      facts && h("p.hn-hint", {}, facts),
      h("div.hn-library-acts", {}, take, ...acts),
    );
    return { words: `${title} ${prompt} ${facts}`, el: part };
  }

  /** @param {Entry} entry */
  function past({ key, prompt, targets, resolution, duration, first_frame, last_frame, clips, at }) {
    const catalogue = draft.get("catalogue") ?? [];
    const when = new Date(at * 1000).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
    const names = targets.map((target) => targetTitle(catalogue, target, shortModel)).join(", ");
    const frames = first_frame || last_frame ? t("studio.library.frames") : "";
    const format = `${resolution} · ${t("common.seconds", { seconds: duration })}`;
    const count = t("studio.library.clips", { count: clips });
    const all = h(
      "button.hn-button.hn-small.hn-quiet",
      {
        on: {
          click: () =>
            void fill(async () => {
              draft.flush();
              await wire.ask({ kind: "recall", key });
              announcer.say(t("studio.library.taken"));
              return {};
            }),
        },
      },
      t("studio.library.take_all"),
    );
    const facts = [when, format, frames, count, names].filter(Boolean).join(" · ");
    return item("", prompt, facts, [all]);
  }

  /** @param {{name: Record<string, string>, prompt: Record<string, string>}} one */
  function made(one) {
    return item(one.name[language] ?? "", one.prompt[language] ?? "", "", []);
  }

  /** @param {{name: string, prompt: string}} one */
  function own(one) {
    const drop = h(
      "button.hn-button.hn-small.hn-quiet",
      {
        "aria-label": t("studio.template.delete", { name: one.name }),
        on: {
          click: () =>
            void fill(() => wire.ask({ kind: "template_delete", name: one.name })).then(() => search.focus()),
        },
      },
      t("studio.remove"),
    );
    return item(one.name, one.prompt, t("studio.template.own"), [drop]);
  }

  search.addEventListener("input", filter);
  keep.addEventListener("submit", (event) => {
    event.preventDefault();
    const prompt = draft.get("prompt") ?? "";
    void fill(async () => {
      const answer = await wire.ask({ kind: "template_save", name: name.value, prompt });
      name.value = search.value = "";
      return answer;
    });
  });
  el.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    const button = buttons.find(({ shelf }) => shelf === open)?.button;
    void show(null);
    button?.focus();
  });
  return { el, tools: buttons.map(({ button }) => button) };
}
