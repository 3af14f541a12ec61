// The widgets' words for tests, as pages/assets.py hands them to a page.
import { readFile } from "node:fs/promises";
import { LANGUAGES, translator } from "../../hailuo_nb/widgets/js/i18n.js";

const file = new URL("../../hailuo_nb/widgets/messages.json", import.meta.url);
/** Language -> key -> text. */
export const messages = JSON.parse(await readFile(file, "utf8"));

/** `t` of a section. @param {string} section @param {string} [language] */
export function words(section, language = "en") {
  const keys = Object.values(messages).flatMap(Object.keys);
  const found = keys.map((key) => [
    key.startsWith(`${section}.`) ? key.slice(section.length + 1) : key,
    Object.keys(LANGUAGES).map((code) => messages[code][key] ?? null),
  ]);
  return translator(Object.fromEntries(found), language);
}
