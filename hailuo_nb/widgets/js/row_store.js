// The board's rows: all of them as a trait, later changes by message. `at` says which of two is
// newer, as a message may overtake the trait.

import { listen } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */

/**
 * @param {import("./types.js").Model} model @param {import("./wire.js").Wire} wire
 * @param {() => void} update  called when there is something new @param {AbortSignal} signal
 * @returns {() => Row[]}  the rows as they are now
 */
export function rowsOf(model, wire, update, signal) {
  /** @type {Map<string, Row>} */
  const later = new Map();
  const changed = (/** @type {any} */ content) => {
    if (content?.kind !== "changed") return;
    for (const row of content.rows) later.set(row.id, row);
    update();
  };
  listen(model, ["change:rows"], () => update(), signal);
  listen(model, ["msg:custom"], changed, signal);
  if (wire.open) wire.request({ kind: "rows" }).catch(() => undefined);
  return () =>
    (model.get("rows") ?? []).map((/** @type {Row} */ row) => {
      const other = later.get(row.id);
      return other && other.at > row.at ? other : row;
    });
}
