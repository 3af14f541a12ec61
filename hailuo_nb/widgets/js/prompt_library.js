// Prompts to reuse: from the history, built-in templates, and the user's own.

import { targetTitle } from "./catalogue.js";
import { button, dotted, h, on, replace, set, showText, uniqueId } from "./dom.js";
import { reasonText } from "./wire.js";

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
 * @property {unknown[]} references
 * @property {import("./types.js").Options} options
 * @property {number} clips
 * @property {number} at
 */

/** @param {Studio} studio @param {(prompt: string) => void} put  a prompt into the editor */
export function library({ draft, t, wire, announcer, language }, put) {
  const id = uniqueId("library");
  const search = h("input.input", { type: "search" });
  const list = h("ul.library-list");
  const message = h("p.hint", { role: "status" });
  const label = t("template.name");
  const name = h("input.input", { type: "text", maxlength: 80, placeholder: label, label });
  const save = button(".small", t("template.save"), null, { type: "submit" });
  const keep = h("form.library-keep", name, save);
  const el = h("div.library", { id, role: "region", hidden: true }, search, keep, message, list);

  /** @type {Shelf | null} */
  let open = null;
  /**
   * What is on the shelf: the words that are searched, and the part of the page.
   * @type {{words: string, el: HTMLElement}[]}
   */
  let items = [];

  const tools = /** @type {Shelf[]} */ (["templates", "history"]).map((shelf) =>
    button(".small.quiet", t(`library.${shelf}`), () => show(open === shelf ? null : shelf), {
      "aria-expanded": false,
      "aria-controls": id,
      "data-shelf": shelf,
    }),
  );
  const toolOf = (/** @type {Shelf | null} */ shelf) =>
    tools.find(({ dataset }) => dataset.shelf === shelf);

  /** @param {Shelf | null} shelf */
  async function show(shelf) {
    open = shelf;
    el.hidden = !shelf;
    for (const tool of tools) set(tool, { "aria-expanded": tool === toolOf(shelf) });
    if (!shelf) return;
    const title = t(`library.${shelf}`);
    const placeholder = t("library.search", { title });
    set(el, { label: title });
    set(search, { label: placeholder, placeholder });
    search.value = "";
    keep.hidden = shelf !== "templates";
    search.focus();
    await fill(() => wire.request({ kind: shelf }));
  }

  /** @param {() => Promise<any>} request */
  async function fill(request) {
    try {
      const answer = await request();
      if (answer.kind !== open) return;
      items = answer.entries
        ? answer.entries.map(historyItem)
        : [...answer.own.map(ownItem), ...answer.built_in.map(builtInItem)];
      filter();
    } catch (error) {
      showText(message, reasonText(error));
    }
  }

  function filter() {
    const wanted = search.value.toLowerCase().split(/\s+/);
    const found = items.filter(({ words }) =>
      wanted.every((word) => words.toLowerCase().includes(word)),
    );
    replace(
      list,
      found.map((item) => item.el),
    );
    const none = t(items.length ? "library.nothing" : `library.empty.${open ?? "history"}`);
    showText(message, found.length ? "" : none);
  }

  /** @param {string} title @param {string} prompt @param {string} facts @param {Node} [action] */
  function item(title, prompt, facts, action) {
    const take = () => {
      put(prompt);
      announcer.say(t("library.taken"));
    };
    const part = h(
      "li.library-item",
      title && h("p.library-name", title),
      h("p.library-prompt", { title: prompt }, prompt),
      facts && h("p.hint", facts),
      h("div.library-actions", button(".small", t("library.take"), take), action),
    );
    return { words: `${title} ${prompt} ${facts}`, el: part };
  }

  /** @param {Entry} entry */
  function historyItem({
    key,
    prompt,
    targets,
    resolution,
    duration,
    first_frame,
    last_frame,
    references,
    options,
    clips,
    at,
  }) {
    const catalogue = draft.catalogue;
    const takeAll = async () => {
      draft.flush();
      await wire.request({ kind: "recall", key });
      announcer.say(t("library.taken"));
      return {};
    };
    const facts = dotted(
      new Date(at * 1000).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }),
      `${resolution} · ${t("common.seconds", { seconds: duration })}`,
      /** @type {string | null} */ (options.ratio),
      (first_frame || last_frame) && t("library.frames"),
      references.length > 0 && t("library.references", { count: references.length }),
      t("library.clips", { count: clips }),
      targets.map((target) => targetTitle(catalogue, target)).join(", "),
    );
    const all = button(".small.quiet", t("library.take_all"), () => fill(takeAll));
    return item("", prompt, facts, all);
  }

  /** @param {{name: Record<string, string>, prompt: Record<string, string>}} one */
  const builtInItem = (one) => item(one.name[language] ?? "", one.prompt[language] ?? "", "");

  /** @param {{name: string, prompt: string}} one */
  function ownItem({ name, prompt }) {
    const drop = () =>
      fill(() => wire.request({ kind: "template_delete", name })).then(() => search.focus());
    const label = t("template.delete", { name });
    const remove = button(".small.quiet", t("remove"), drop, { label });
    return item(name, prompt, t("template.own"), remove);
  }

  on(search, "input", filter);
  on(keep, "submit", (event) => {
    event.preventDefault();
    const prompt = draft.prompt;
    void fill(async () => {
      const answer = await wire.request({ kind: "template_save", name: name.value, prompt });
      name.value = search.value = "";
      return answer;
    });
  });
  on(el, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    const tool = toolOf(open);
    void show(null);
    tool?.focus();
  });
  return { el, tools };
}
