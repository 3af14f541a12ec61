// What cures of problems do with frames and references.

/** Take a frame away, or have it made smaller. The slot says where that fails.
 * @param {import("./wire.js").Wire} wire @param {import("./types.js").Slot} slot
 * @param {null | "fitted" | undefined} change */
export async function fixFrame(wire, slot, change) {
  if (change === undefined) return;
  const kind = change === null ? "frame_clear" : "frame_fit";
  await wire.request({ kind, slot }).catch(() => undefined);
}

/** Take all references away, or those that are not taken. @param {import("./wire.js").Wire} wire
 * @param {null | "fitted" | undefined} change */
export async function fixReferences(wire, change) {
  if (change === undefined) return;
  const kind = change === null ? "reference_remove" : "reference_fit";
  await wire.request({ kind }).catch(() => undefined);
}
