// Google Colab shows what a kernel's thread sent only when the page sends something
// (googlecolab/colabtools#3373). Does nothing in other hosts.

import { on } from "./dom.js";
import { SETTLED } from "./states.js";

/** Milliseconds between two questions while a clip is on its way. */
const PAUSE = 3000;

/**
 * @param {import("./wire.js").Wire} wire
 * @param {() => import("./types.js").Row[]} rows
 * @param {AbortSignal} signal
 */
export function keepAlive(wire, rows, signal) {
  if (!(/** @type {any} */ (globalThis).google?.colab) || !wire.open) return;
  let waiting = false;
  const timer = setInterval(async () => {
    if (waiting || rows().every(({ state }) => SETTLED.has(state))) return;
    waiting = true; // a busy kernel answers late, and one question waits as well as many
    await wire.request({ kind: "keepalive" }).catch(() => undefined);
    waiting = false;
  }, PAUSE);
  on(signal, "abort", () => clearInterval(timer));
}
