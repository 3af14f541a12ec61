// What the kernel says as a code with values, in the reader's words; its own sentence where there are none. Pure.

/** @typedef {import("./types.js").Translate} Translate */

/**
 * @param {Translate} t @param {string} family "studio.problem"
 * @param {{code?: string, values?: Record<string, string | number>}} said @param {string} sentence
 */
export function worded(t, family, { code, values = {} }, sentence) {
  if (!code) return sentence;
  const key = `${family}.${code}`;
  const text = t(key, values);
  return text === key ? sentence : text;
}

/** "¥4.00 + 2 unknown", "free (simulated)". @param {Translate} t @param {{money: string, unknown: number}} sum */
export function sumText(t, { money, unknown }) {
  const rest = unknown ? t("studio.cost.unknown_of", { count: unknown }) : "";
  return [money, rest].filter(Boolean).join(" + ") || t("studio.cost.free");
}
