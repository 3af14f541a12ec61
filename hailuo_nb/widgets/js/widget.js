// What both widgets share: a view in the reader's language, which re-words itself when that changes.

import { computed } from "@preact/signals";
import { h } from "preact";
import { useMemo } from "preact/hooks";
import { Button } from "./components.js";
import { LANGUAGES, pickLanguage, translator, withLabels } from "./i18n.js";
import { Kernel } from "./kernel.js";
import { eventSignal, traitSignal } from "./signals.js";
import { followTheme } from "./theme.js";

/** @typedef {import("./types.js").Model} Model */
/**
 * `t` reads the language, so that a component which words something with it follows it.
 * @typedef {{model: Model, el: HTMLElement, language: import("./signals.js").Signal<string>,
 *   t: import("./types.js").Translate, kernel: Kernel, signal: AbortSignal}} View
 */

/**
 * What anywidget wants: a view is made once, and lives as long as it is shown.
 * @param {(view: View) => void} mount
 */
export const widget = (mount) => ({
  /** @param {import("./types.js").RenderContext} context */
  render({ model, el, signal }) {
    const kernel = new Kernel({ model, el, signal });
    const wanted = traitSignal(model, "language", "", signal);
    const catalogue = traitSignal(model, "catalogue", [], signal);
    const language = computed(() => pickLanguage(wanted.value, document.documentElement.lang));
    const words = computed(() =>
      translator(withLabels(hnMessages, catalogue.value), language.value),
    );
    /** @type {import("./types.js").Translate} */
    const t = (key, values) => words.value(key, values);
    el.dir = "ltr"; // as its languages are, whatever the host's is
    followTheme(el, signal);
    mount({ model, el, language, t, kernel, signal });
  },
});

/**
 * Says that the kernel is gone. It stands there empty, as a live region speaks of what changes in it.
 * @param {{kernel: Kernel, t: import("./types.js").Translate, until: AbortSignal}} props
 */
export function Lost({ kernel, t, until }) {
  const lost = useMemo(() => eventSignal(kernel, "lost", () => kernel.lost, until), [kernel]);
  return h(
    "p",
    { class: "hn-lost", role: "alert", hidden: !lost.value },
    lost.value && t("common.lost"),
  );
}

/** @param {{model: Model, language: string}} props  the language that is shown */
export function LanguageButton({ model, language }) {
  const other = Object.entries(LANGUAGES).find(([code]) => code !== language);
  const [lang, words] = /** @type {[string, string]} */ (other); // who looks for it reads no other
  const onClick = () => {
    model.set("language", lang);
    model.save_changes();
  };
  return h(Button, { look: "small quiet language", lang, onClick }, words);
}
