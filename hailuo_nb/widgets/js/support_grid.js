// What the format grid shows of the kernel's `support`. Pure.

/** @typedef {import("./types.js").Support} Support */
/** @typedef {import("./types.js").CellSupport} CellSupport */
/** @typedef {{targets: readonly string[], resolution: string, duration: number}} Chosen */

/**
 * @param {Partial<Support>} support @param {string} resolution @param {number} duration
 * @returns {CellSupport | undefined}
 */
export const cellAt = ({ cells = [] }, resolution, duration) =>
  cells.find((cell) => cell.resolution === resolution && cell.duration === duration);

/**
 * The seconds of the last column, whose models make any length: those that are chosen where no
 * other column has them, else those of before, else the first that no other column has. Null where
 * there is no such column.
 * @param {Partial<Support>} support @param {number} duration  chosen @param {number | null} before
 */
export function otherSeconds({ durations = [], range = [] }, duration, before) {
  const free = (/** @type {number | null} */ seconds) =>
    seconds !== null && range.includes(seconds) && !durations.includes(seconds);
  if (free(duration)) return duration;
  return free(before) ? before : (range.find(free) ?? range[0] ?? null);
}

/**
 * The lines of the grid; `can` of `count` chosen targets make a cell, as far as the kernel has
 * seen them.
 * @param {Partial<Support>} support @param {Chosen} chosen @param {number | null} other  the
 *   seconds of the last column
 */
export function gridLines(support, { targets, resolution, duration }, other) {
  const { resolutions = [], durations = [], targets: seen = [] } = support;
  const count = targets.filter((target) => seen.includes(target)).length;
  const columns = [...durations, ...(other === null ? [] : [null])];
  const line = (/** @type {string} */ name) =>
    columns.map((fixed) => {
      const seconds = fixed ?? /** @type {number} */ (other);
      const cell = cellAt(support, name, seconds);
      const can = cell?.makes.filter((target) => targets.includes(target)).length ?? 0;
      const checked =
        name === resolution &&
        (fixed === null ? !durations.includes(duration) : fixed === duration);
      return {
        resolution: name,
        duration: seconds,
        fixed: fixed !== null,
        can,
        count,
        checked,
        assumed: cell?.problems.some(({ code }) => code === "assumed") ?? false,
        tone: !count ? "idle" : can === count ? "all" : can ? "some" : "none",
        problems: cell?.problems ?? [],
      };
    });
  return resolutions.map((name) => ({ resolution: name, cells: line(name) }));
}
