// Texts in the reader's language, and what the kernel says as a code with values. Pure.

/** @typedef {import("./types.js").Messages} Messages */
/** @typedef {import("./types.js").Translate} Translate */

/**
 * @param {string} wanted    what the kernel or the reader chose, "" for the page's
 * @param {string} pageLanguage  of the document, such as "zh-CN"
 * @param {readonly string[]} known
 * @returns {string}
 */
export function pickLanguage(wanted, pageLanguage, known) {
  for (const candidate of [wanted, pageLanguage]) {
    const short = (candidate || "").toLowerCase().split(/[-_]/)[0] ?? "";
    if (known.includes(short)) return short;
  }
  return known[0] ?? "en";
}

/**
 * `t("clips", {count: 2})` finds "board.clips.one" or "board.clips.other" where they exist;
 * `{name}` is filled in. Keys of other sections are written in full. A key without a text comes
 * back as it is, so that it is seen.
 * @param {Messages} messages
 * @param {string} language
 * @param {string} section  "board" or "studio"
 * @returns {Translate}
 */
export function translator(messages, language, section) {
  const plural = new Intl.PluralRules(language);
  const all = { ...messages.en, ...messages[language] };
  /** @param {string} key */
  const find = (key) => all[`${section}.${key}`] ?? all[key];
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
  return Object.fromEntries(
    Object.entries(messages).map(([language, words]) => {
      const labels = options.map(({ name, label }) => [
        `studio.option.${name}`,
        label[language] ?? label.en,
      ]);
      return [language, { ...Object.fromEntries(labels), ...words }];
    }),
  );
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
