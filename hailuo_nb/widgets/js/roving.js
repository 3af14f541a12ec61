// One stop of the Tab key for a group of many: the arrow keys, Home and End go from one to the
// next.

/**
 * Where a key goes to from a place in lines of items; null where it goes nowhere.
 * @template T
 * @param {readonly (readonly T[])[]} lines @param {T} from @param {string} key
 * @param {boolean} [mirrored]  lines begin at the right
 * @returns {T | null}
 */
export function step(lines, from, key, mirrored = false) {
  const all = lines.flat();
  const at = all.indexOf(from);
  if (at < 0) return null;
  const line = lines.findIndex((items) => items.includes(from));
  const column = lines[line]?.indexOf(from) ?? 0;
  const beside = (/** @type {number} */ by) => {
    const items = lines[(line + by + lines.length) % lines.length] ?? [];
    return items[Math.min(column, items.length - 1)];
  };
  const on = () => all[(at + 1) % all.length];
  const back = () => all.at(at - 1);
  /** @type {Record<string, () => T | undefined>} */
  const places = {
    ArrowRight: mirrored ? back : on,
    ArrowLeft: mirrored ? on : back,
    ArrowDown: () => (lines.length > 1 ? beside(1) : on()),
    ArrowUp: () => (lines.length > 1 ? beside(-1) : back()),
    Home: () => all[0],
    End: () => all.at(-1),
  };
  return places[key]?.() ?? null;
}
