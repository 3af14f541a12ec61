// The clips alone on the whole screen: as large as they can be with all of them in sight. Pure.

/** Pixels between two clips, and of the narrowest: with more clips than that leaves room for, one scrolls. */
const GAP = 4;
const NARROWEST = 140;

/**
 * How many clips stand side by side, and how wide each is.
 * @param {number} count @param {{width: number, height: number}} room  pixels
 * @param {number} ratio  width over height of a clip
 */
export function fitted(count, { width, height }, ratio) {
  let best = { columns: 1, wide: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const across = (width - GAP * (columns - 1)) / columns;
    const down = (height - GAP * (rows - 1)) / rows;
    const wide = Math.floor(Math.min(across, down * ratio));
    if (wide > best.wide) best = { columns, wide };
  }
  if (best.wide >= NARROWEST || count < 2) return best;
  const columns = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
  return { columns, wide: Math.floor((width - GAP * (columns - 1)) / columns) };
}

/**
 * The width over height that most clips have.
 * @param {readonly {ratio: string}[]} rows  "9:16", "" for 16:9
 */
export function usualRatio(rows) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { ratio } of rows) counts.set(ratio, (counts.get(ratio) ?? 0) + 1);
  const [most = ""] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const [wide = 0, high = 0] = most.split(":").map(Number);
  return wide > 0 && high > 0 ? wide / high : 16 / 9;
}
