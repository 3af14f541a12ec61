// What is said of a finding on the camera: the place that it is about, and what a cure writes. Pure.

/** So long a quote says which place is meant. */
const MOST = 32;

/** What stands at the place of a finding. @param {string} prompt
 * @param {{start: number, end: number}} finding */
export function quoteOf(prompt, { start, end }) {
  const text = prompt.slice(start, end).trim();
  return text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text || "…";
}

/**
 * A sentence before and behind the quote that it holds; one that holds none stands behind it.
 * @param {string} sentence @param {string} quote @returns {[before: string, after: string]}
 */
export function around(sentence, quote) {
  const at = sentence.indexOf(quote);
  return at < 0 ? ["", ` ${sentence}`] : [sentence.slice(0, at), sentence.slice(at + quote.length)];
}

/** "Use [Push in]". @param {import("./types.js").Translate} t @param {string} text  of the cure */
export function cureText(t, text) {
  // Of a long text the brackets alone say what is meant.
  const replacement = text.length > 40 ? (text.match(/\[[^\]]*\]/g) ?? []).join(" ") : text;
  return text ? t("lint.use", { replacement }) : t("lint.remove");
}
