// The controls that move all clips at once. Knows the player; not the rows.

import { h, setAttribute, setText } from "./dom.js";
import { fineClock } from "./format.js";

const RATES = [0.25, 0.5, 1, 1.5, 2];

/** @param {import("./player.js").Player} player @param {import("./types.js").Translate} t */
export function transportBar(player, t) {
  const icon = h("span", { class: "hn-icon", "aria-hidden": "true" });
  const label = h("span");
  const toggle = h(
    "button",
    {
      type: "button",
      class: "hn-button hn-primary",
      on: { click: () => (player.playing ? player.pause() : void player.play()) },
    },
    icon,
    label,
  );
  const restart = h(
    "button",
    {
      type: "button",
      class: "hn-button hn-square",
      "aria-label": t("board.restart"),
      title: t("board.restart"),
      on: { click: () => void player.restart() },
    },
    h("span", { class: "hn-icon", "data-icon": "restart", "aria-hidden": "true" }),
  );
  const time = h("input", {
    type: "range",
    class: "hn-time",
    min: 0,
    max: 1,
    step: 0.01,
    value: 0,
    "aria-label": t("board.time"),
    on: { input: () => void player.seekAll(Number(time.value)) },
  });
  const read = h("span", { class: "hn-time-text" });
  const speed = h(
    "select",
    {
      class: "hn-select",
      "aria-label": t("board.speed"),
      on: { change: () => player.setRate(Number(speed.value)) },
    },
    ...RATES.map((rate) => h("option", { value: rate, selected: rate === 1 }, `${rate}×`)),
  );
  const el = h(
    "div",
    { class: "hn-transport", role: "group", "aria-label": t("board.transport") },
    toggle,
    restart,
    time,
    read,
    speed,
  );

  function update() {
    const { duration } = player;
    const at = Math.min(player.time, duration);
    el.hidden = duration === 0;
    setText(label, t(player.playing ? "board.pause_all" : "board.play_all"));
    setAttribute(icon, "data-icon", player.playing ? "pause" : "play");
    setAttribute(time, "max", duration || 1);
    if (document.activeElement !== time || player.playing) time.value = String(at);
    time.setAttribute("aria-valuetext", fineClock(at));
    setText(read, `${fineClock(at)} / ${fineClock(duration)}`);
  }
  player.addEventListener("change", update);
  update();
  return { el, update };
}
