// How many cards stand side by side. Pure.

/**
 * The number of columns that fills `width` evenly: four clips stand 4, 2 x 2 or one above the other, never 3 + 1.
 * @param {number} count  cards
 * @param {number} width  pixels of the board
 * @param {{narrowest?: number, gap?: number}} [limits]
 */
export function columns(count, width, { narrowest = 256, gap = 12 } = {}) {
  const most = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  if (count <= most) return Math.max(1, count);
  const rows = Math.ceil(count / most);
  return Math.ceil(count / rows);
}
