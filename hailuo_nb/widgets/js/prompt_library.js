// Prompts to reuse: from the history, built-in templates, and the user's own.

import { signal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "./components.js";
import { uniqueId } from "./dom.js";
import { factsOf, HistoryItem } from "./history_list.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {"history" | "templates"} Shelf */
/** @typedef {import("./history_list.js").Entry} Entry */
/** @typedef {{name: string, prompt: string}} Own */
/** @typedef {{name: Record<string, string>, prompt: Record<string, string>}} BuiltIn */
/** @typedef {{entries?: Entry[], own?: Own[], built_in?: BuiltIn[]}} Content */

const SHELVES = /** @type {Shelf[]} */ (["templates", "history"]);

/** @typedef {ReturnType<typeof shelvesOf>} Library */

/** What is open, and what is on it.
 * @param {Studio} studio @param {(prompt: string) => void} put  a prompt into the editor */
function shelvesOf(studio, put) {
  const open = signal(/** @type {Shelf | null} */ (null));
  const content = signal(/** @type {Content} */ ({}));
  const search = signal("");
  const message = signal("");
  /** Ask the kernel; an answer may be what is on the open shelf now, or words.
   * @param {() => Promise<any>} ask */
  async function run(ask) {
    try {
      const answer = (await ask()) ?? {};
      if (answer.kind && answer.kind === open.value) content.value = answer;
      message.value = answer.message ?? "";
    } catch (error) {
      message.value = reasonText(error);
    }
  }
  const refill = (/** @type {Shelf} */ kind) => run(() => studio.wire.request({ kind }));
  /** @param {Shelf | null} shelf */
  function show(shelf) {
    open.value = shelf;
    content.value = {};
    search.value = message.value = "";
    if (shelf) void refill(shelf);
  }
  /** @param {string} prompt */
  function take(prompt) {
    put(prompt);
    studio.announcer.say(studio.t("library.taken"));
  }
  return {
    id: uniqueId("library"),
    studio,
    open,
    content,
    search,
    message,
    run,
    refill,
    show,
    take,
  };
}

/** @param {Studio} studio @param {(prompt: string) => void} put  a prompt into the editor */
export function library(studio, put) {
  const shelves = shelvesOf(studio, put);
  return {
    View: () => h(Shelves, { shelves }),
    tools: h(Tools, { shelves }),
  };
}

/** @param {{shelves: Library}} props */
const Tools = ({ shelves }) => {
  const open = shelves.open.value;
  return SHELVES.map((shelf) =>
    h(
      Button,
      {
        key: shelf,
        look: "small quiet",
        "aria-expanded": open === shelf,
        "aria-controls": shelves.id,
        "data-shelf": shelf,
        onClick: () => shelves.show(open === shelf ? null : shelf),
      },
      shelves.studio.t(`library.${shelf}`),
    ),
  );
};

/** @param {{shelves: Library}} props */
function Shelves({ shelves }) {
  const { studio, id, open, search, message, content } = shelves;
  const { t, draft } = studio;
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), [open.value]);
  // Another baseline, and the words that changed are others.
  useEffect(() => {
    if (open.value === "history" && content.value.entries) void shelves.refill("history");
  }, [draft.baseline]);
  const shelf = open.value;
  if (!shelf) return h("div", { id, hidden: true });
  const title = t(`library.${shelf}`);
  const all = itemsOf(shelves);
  const wanted = search.value.toLowerCase().split(/\s+/);
  const found = all?.filter(({ words }) =>
    wanted.every((word) => words.toLowerCase().includes(word)),
  );
  const none = all && t(all.length ? "library.nothing" : `library.empty.${shelf}`);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    const root = /** @type {Element} */ (event.currentTarget).closest(".hn-studio");
    shelves.show(null);
    /** @type {HTMLElement | null | undefined} */ (
      root?.querySelector(`[data-shelf=${shelf}]`)
    )?.focus();
  };
  return h(
    "div",
    { class: "hn-library", id, role: "region", "aria-label": title, onKeyDown },
    h("input", {
      class: "hn-input",
      type: "search",
      ref: field,
      value: search.value,
      placeholder: t("library.search", { title }),
      "aria-label": t("library.search", { title }),
      onInput: (/** @type {any} */ { currentTarget }) => (search.value = currentTarget.value),
    }),
    shelf === "templates" && h(Keep, { shelves }),
    h("p", { class: "hn-hint", role: "status" }, message.value || (found?.length ? "" : none)),
    h(
      "ul",
      { class: "hn-library-list" },
      found?.map(({ item }) => item),
    ),
  );
}

/** Name the prompt of the editor as a template. @param {{shelves: Library}} props */
function Keep({ shelves: { studio, run, search } }) {
  const { t, draft, wire } = studio;
  const label = t("template.name");
  /** @param {any} event */
  function onSubmit(event) {
    event.preventDefault();
    const field = event.currentTarget.elements[0];
    const given = { name: field.value, prompt: draft.prompt };
    void run(async () => {
      const answer = await wire.request({ kind: "template_save", ...given });
      field.value = search.value = "";
      return answer;
    });
  }
  return h(
    "form",
    { class: "hn-library-keep", onSubmit },
    h("input", {
      class: "hn-input",
      type: "text",
      maxLength: 80,
      placeholder: label,
      "aria-label": label,
    }),
    h(Button, { look: "small", type: "submit" }, t("template.save")),
  );
}

/** What is on the open shelf, and the words by which it is found; nothing until it has come.
 * @param {Library} shelves */
function itemsOf({ studio, content, take, run }) {
  const { t, wire, language } = studio;
  const { entries, own, built_in } = content.value;
  if (entries)
    return entries.map((entry) => {
      const { key, prompt, version } = entry;
      const words = `v${version.number} ${prompt} ${factsOf(entry, studio)}`;
      const props = { key, studio, entry, take: () => take(prompt), run };
      return { words, item: h(HistoryItem, props) };
    });
  if (!own || !built_in) return null;
  const template = (/** @type {Own} */ { name, prompt }, /** @type {boolean} */ mine) => {
    const drop = (/** @type {any} */ { currentTarget }) => {
      currentTarget.closest(".hn-library").querySelector("input").focus();
      void run(() => wire.request({ kind: "template_delete", name }));
    };
    const props = {
      key: `${mine} ${name}`,
      name,
      prompt,
      facts: mine ? t("template.own") : "",
      take: () => take(prompt),
      t,
    };
    const label = t("template.delete", { name });
    const remove =
      mine && h(Button, { look: "small quiet", onClick: drop, "aria-label": label }, t("remove"));
    return { words: `${name} ${prompt}`, item: h(Template, props, remove) };
  };
  return [
    ...own.map((one) => template(one, true)),
    ...built_in.map(({ name, prompt }) =>
      template({ name: name[language] ?? "", prompt: prompt[language] ?? "" }, false),
    ),
  ];
}

/**
 * @param {{name: string, prompt: string, facts: string, take: () => void,
 *   t: import("./types.js").Translate, children?: import("preact").ComponentChildren}} props
 */
const Template = ({ name, prompt, facts, take, t, children }) =>
  h(
    "li",
    { class: "hn-library-item" },
    h("p", { class: "hn-library-name" }, name),
    h("p", { class: "hn-library-prompt", title: prompt }, prompt),
    facts && h("p", { class: "hn-hint" }, facts),
    h(
      "div",
      { class: "hn-library-actions" },
      h(Button, { look: "small", onClick: take }, t("library.take")),
      children,
    ),
  );
