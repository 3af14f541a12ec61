// Texts in the reader's language, and what the kernel says as a code with values. Pure.

/** @typedef {import("./types.js").Messages} Messages */
/** @typedef {import("./types.js").Translate} Translate */

/** What each language calls itself. Messages have their texts in this order. */
export const LANGUAGES = { en: "English", zh: "中文" };
const CODES = Object.keys(LANGUAGES);

/**
 * @param {readonly string[]} wanted  by the reader, the kernel or the page, such as "zh-CN" or ""
 * @returns {string} the first of them that there are messages in
 */
export const pickLanguage = (...wanted) =>
  wanted
    .map((one) => one.toLowerCase().split(/[-_]/)[0] ?? "")
    .find((one) => CODES.includes(one)) ?? "en";

/**
 * `t("clips", {count: 2})` finds "clips.one" or "clips.other" where they exist; `{name}` is filled
 * in. Keys of other sections are written in full. A key without a text comes back as it is, so that
 * it is seen.
 * @param {Messages} messages
 * @param {string} language
 * @returns {Translate}
 */
export function translator(messages, language) {
  const plural = new Intl.PluralRules(language);
  const at = CODES.indexOf(language);
  /** @param {string} key */
  const find = (key) => messages[key]?.[at] ?? messages[key]?.[0];
  return (key, values = {}) => {
    const form =
      typeof values.count === "number" ? find(`${key}.${plural.select(values.count)}`) : undefined;
    const text = form ?? find(key) ?? find(`${key}.other`) ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) =>
      name in values ? String(values[name]) : whole,
    );
  };
}

/**
 * Messages with the labels of the catalogue's options, where messages.json has none.
 * @param {Messages} messages
 * @param {readonly import("./types.js").CatalogueEntry[]} catalogue
 * @returns {Messages}
 */
export function withLabels(messages, catalogue) {
  const options = catalogue.flatMap(({ models }) => models.flatMap(({ options }) => options));
  const labels = options.map(({ name, label }) => [
    `option.${name}`,
    CODES.map((code) => label[code] ?? null),
  ]);
  return { ...Object.fromEntries(labels), ...messages };
}

/**
 * @param {Translate} t @param {string} key  with the code at its end
 * @param {Record<string, string | number> | undefined} values @param {string} sentence
 */
export function translateCode(t, key, values, sentence) {
  const text = t(key, values);
  return text === key ? sentence : text;
}

/**
 * "¥4.00 + 2 unknown", "free (simulated)".
 * @param {Translate} t
 * @param {{money: string, unknown: number}} sum
 */
export function sumText(t, { money, unknown }) {
  const rest = unknown ? t("cost.unknown_of", { count: unknown }) : "";
  return [money, rest].filter(Boolean).join(" + ") || t("cost.free");
}
