// What both widgets share: a view in the reader's language, made again when its traits change.

import { button, h, on, showText } from "./dom.js";
import { pickLanguage, translator, withLabels } from "./i18n.js";
import { Kernel } from "./kernel.js";
import { listen } from "./wire.js";

/** @typedef {import("./types.js").Model} Model */
/**
 * @typedef {{model: Model, el: HTMLElement, language: string, t: import("./types.js").Translate,
 *   kernel: Kernel, signal: AbortSignal}} View
 */

/**
 * Each in its own words: who looks for it reads no other.
 * @type {Record<string, [string, string]>}
 */
const OTHER_LANGUAGE = { en: ["zh", "中文"], zh: ["en", "English"] };

/**
 * What anywidget wants.
 * @param {string} section  of the words
 * @param {string[]} traits  that a view is made from
 * @param {(view: View) => void} mount
 */
export const widget = (section, traits, mount) => ({
  /** @param {import("./types.js").RenderContext} context */
  render({ model, el, signal }) {
    const kernel = new Kernel({ model, el, signal });
    let view = new AbortController();
    const build = () => {
      view.abort();
      view = new AbortController();
      const messages = withLabels(hnMessages, model.get("catalogue") ?? []);
      const language = pickLanguage(
        model.get("language"),
        document.documentElement.lang,
        Object.keys(messages),
      );
      const t = translator(messages, language, section);
      mount({ model, el, language, t, kernel, signal: view.signal });
      // It stands there empty, as a live region speaks of what changes in it.
      const lost = h("p.lost", { role: "alert" });
      el.firstElementChild?.prepend(lost);
      const say = () => showText(lost, kernel.lost ? t("common.lost") : "");
      on(kernel, "lost", say, { signal: view.signal });
      say();
    };
    listen(
      model,
      ["language", ...traits].map((name) => `change:${name}`),
      build,
      signal,
    );
    on(signal, "abort", () => view.abort());
    build();
  },
});

/** @param {Model} model @param {string} language  that is shown */
export function languageButton(model, language) {
  const [lang = "en", words = "English"] = OTHER_LANGUAGE[language] ?? [];
  const switchTo = () => {
    model.set("language", lang);
    model.save_changes();
  };
  return button(".small.quiet.language", words, switchTo, { lang });
}
