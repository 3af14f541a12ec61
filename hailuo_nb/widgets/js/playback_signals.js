// What the player of a board does, as signals: a component follows those that it reads.

import { batch, signal } from "@preact/signals";
import { on } from "./dom.js";

/** @typedef {ReturnType<typeof playbackSignals>} PlaybackSignals */

/**
 * @param {import("./player.js").Player} player @param {import("./sound.js").Sound} sound
 * @param {AbortSignal} until
 */
export function playbackSignals(player, sound, until) {
  const read = () => {
    const { duration, section } = player;
    return {
      state: player.state,
      playing: player.active,
      blocked: player.state === "blocked",
      at: Math.max(0, Math.min(player.at, duration)),
      duration,
      fps: player.fps,
      frame: player.frame,
      rate: player.rate,
      loop: player.loop,
      a: player.a,
      b: player.b,
      from: section?.[0] ?? null,
      to: section?.[1] ?? null,
      /** Whether anything should be heard, and whether a clip that is shown has sound. */
      wanted: sound.wanted,
      some: sound.sounding.length > 0,
    };
  };
  const signals = map(read(), (value) => signal(value));
  const update = () =>
    batch(() => void map(read(), (value, name) => (signals[name].value = value)));
  on(player, "change", update, { signal: until });
  return signals;
}

/**
 * @template {Record<string, any>} T
 * @param {T} values @param {(value: any, name: keyof T) => any} make
 * @returns {{[K in keyof T]: import("@preact/signals").Signal<T[K]>}}
 */
const map = (values, make) =>
  /** @type {any} */ (
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value, name)]))
  );
