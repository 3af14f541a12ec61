// Formats numbers for people. Pure.

/** Seconds as 0:07 or 1:02:03. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Seconds with a tenth, for the common time line: 0:02.4. @param {number} seconds */
export function fineClock(seconds) {
  const tenths = Math.max(0, Math.round(seconds * 10));
  return `${clock(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** @param {number | null | undefined} count */
export function bytes(count) {
  if (count === null || count === undefined) return "";
  if (count < 1000) return `${count} B`;
  if (count < 999_500) return `${Math.round(count / 1000)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

/** @param {number | null | undefined} fraction  0..1 */
export function percent(fraction) {
  if (fraction === null || fraction === undefined || Number.isNaN(fraction)) return "";
  return `${Math.round(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}

/** An estimate does not pretend to the second: 8, 25, 90, 180. @param {number} seconds */
export function roundEta(seconds) {
  const left = Math.max(1, Math.round(seconds));
  if (left <= 10) return left;
  if (left < 60) return Math.round(left / 5) * 5;
  return Math.round(left / 30) * 30;
}

/** "MiniMax-Hailuo-02" is "Hailuo 02" where room is short. @param {string} model */
export function shortModel(model) {
  return model.replace(/^MiniMax-/, "").replace(/^Hailuo-/, "Hailuo ");
}

/** @param {{cost: string, simulated: boolean}} row @param {import("./types.js").Translate} t */
export function listPrice({ cost, simulated }, t) {
  if (simulated) return t("cost.free");
  return cost === "unknown" ? t("cost.unknown") : cost;
}

/**
 * The list price, and what the provider says that it charged; nothing for a clip that none took.
 * @param {{cost: string, charged: string, spent: number | null, simulated: boolean}} row
 * @param {import("./types.js").Translate} t
 */
export function priceText({ cost, charged, spent, simulated }, t) {
  const listed = listPrice({ cost, simulated }, t);
  if (simulated) return listed;
  if (charged) return t("charged", { cost: listed, charged });
  return spent === 0 ? t("cost.nothing") : listed;
}

/** Stars to read. @param {number} rating */
export const starText = (rating) => "★".repeat(rating);

/** Code points, as the providers count. @param {string} text */
export function codePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
