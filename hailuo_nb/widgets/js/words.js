// What the kernel says as a code with values, in the reader's words; its own sentence where there are none. Pure.

/** @typedef {import("./types.js").Translate} Translate */

/**
 * @param {Translate} t @param {string} key  with the code at its end
 * @param {Record<string, string | number> | undefined} values @param {string} sentence
 */
export function worded(t, key, values, sentence) {
  const text = t(key, values);
  return text === key ? sentence : text;
}

/** "¥4.00 + 2 unknown", "free (simulated)". @param {Translate} t @param {{money: string, unknown: number}} sum */
export function sumText(t, { money, unknown }) {
  const rest = unknown ? t("cost.unknown_of", { count: unknown }) : "";
  return [money, rest].filter(Boolean).join(" + ") || t("cost.free");
}
