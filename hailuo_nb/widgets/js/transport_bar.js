// The controls that move all clips at once. Knows the player; not the rows.

import { h, setAttribute, setText } from "./dom.js";
import { fineClock } from "./format.js";

export const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2];

/** @param {import("./player.js").Player} player @param {import("./types.js").Translate} t @param {() => void} full */
export function transportBar(player, t, full) {
  const iconOf = (/** @type {string} */ name) => h("span.hn-icon", { "data-icon": name, "aria-hidden": "true" });
  const square = (/** @type {string} */ key, /** @type {string | Node} */ face, /** @type {() => void} */ click) =>
    h("button.hn-button.hn-square", { "aria-label": t(key), title: t(key), on: { click } }, face);
  const icon = iconOf("play");
  const label = h("span");
  const toggle = h("button.hn-button.hn-primary", { on: { click: () => player.toggle() } }, icon, label);
  const restart = square("board.restart", iconOf("restart"), () => void player.restart());
  const back = square("board.step.back", iconOf("back"), () => void player.step(-1));
  const on = square("board.step.on", iconOf("on"), () => void player.step(1));
  const loop = square("board.loop", "↻", () => player.setLoop(!player.loop));
  const a = square("board.loop.a", "A", () => player.markEnd("a"));
  const b = square("board.loop.b", "B", () => player.markEnd("b"));
  const time = h("input", { type: "range", class: "hn-time", min: 0, max: 1, value: 0, "aria-label": t("board.time"), on: { input: () => void player.seekAll(Number(time.value)) } });
  const section = h("span.hn-section", { hidden: true });
  const read = h("span.hn-time-text");
  const speed = h("select.hn-select", { "aria-label": t("board.speed"), on: { change: () => player.setRate(Number(speed.value)) } },
    ...RATES.map((rate) => h("option", { value: rate, selected: rate === 1 }, `${rate}×`)),
  );
  const line = h("div.hn-time-line", {}, time, section);
  const fullScreen = square("board.full", iconOf("full"), full);
  const el = h("div.hn-transport", { role: "group", "aria-label": t("board.transport") }, toggle, restart, back, on, line, read, speed, loop, a, b, fullScreen);

  function update() {
    const { duration, fps } = player;
    const at = Math.max(0, Math.min(player.time, duration));
    el.hidden = duration === 0;
    setText(label, t(player.playing ? "board.pause_all" : "board.play_all"));
    setAttribute(icon, "data-icon", player.playing ? "pause" : "play");
    setAttribute(time, "max", duration || 1);
    setAttribute(time, "step", (1 / fps).toFixed(6));
    if (document.activeElement !== time || player.playing) time.value = String(at);
    time.setAttribute("aria-valuetext", fineClock(at));
    setText(read, `${fineClock(at)} / ${fineClock(duration)} · ${player.playing ? "–" : player.frame}`);
    setAttribute(read, "title", t("board.frame"));
    setAttribute(loop, "aria-pressed", String(player.loop));
    setAttribute(a, "aria-pressed", String(player.a !== null));
    setAttribute(b, "aria-pressed", String(player.b !== null));
    if (speed.value !== String(player.rate)) speed.value = String(player.rate);
    const ends = player.section;
    section.hidden = !ends || !duration;
    if (ends) section.style.cssText = `inset-inline-start:${(ends[0] / duration) * 100}%;inline-size:${((ends[1] - ends[0]) / duration) * 100}%`;
  }
  player.addEventListener("change", update);
  update();
  return { el, update };
}
