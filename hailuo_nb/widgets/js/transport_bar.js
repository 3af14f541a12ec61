// The controls that play all clips together. They stay in sight while the clips scroll by.

import { effect } from "@preact/signals";
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button, Icon, Select, worded } from "./components.js";
import { hasFocus } from "./dom.js";
import { fineClock } from "./format.js";

const RATES = ["0.1", "0.25", "0.5", "1", "1.5", "2"];

/** @param {{board: import("./card.js").Board}} props */
export function TransportBar({ board }) {
  const { t, player, store, mute } = board;
  const { playing, blocked, duration, loop, a, b, rate, wanted, some } = board.playback;
  /** @type {(key: string, face: import("preact").ComponentChildren, click: () => void, more?: Record<string, any>) => any} */
  const square = (key, face, onClick, more) =>
    h(Button, { look: "square", "aria-label": t(key), title: t(key), onClick, ...more }, face);
  const icon = (/** @type {string} */ name) => h(Icon, { name });
  const pressed = (/** @type {boolean} */ on) => ({ "aria-pressed": on });
  const full = store.full.value;
  return h(
    "div",
    {
      class: "hn-transport",
      role: "group",
      "aria-label": t("transport"),
      "data-state": board.playback.state.value,
      hidden: duration.value === 0 && !playing.value && !full, // what plays can be stopped in every view
    },
    h(
      Button,
      { look: "primary play", onClick: () => player.toggle() },
      icon(playing.value ? "pause" : "play"),
      h("span", {}, t(playing.value ? "pause_all" : "play_all")),
    ),
    square("restart", icon("restart"), () => player.restart()),
    square("step.back", icon("back"), () => player.step(-1)),
    square("step.on", icon("on"), () => player.step(1)),
    blocked.value && h("span", { class: "hn-soft" }, t("blocked")),
    h(TimeLine, { board }),
    h(Clock, { board }),
    some.value &&
      square("sound", icon(wanted.value ? "sound" : "mute"), mute, pressed(wanted.value)),
    h(Select, {
      "aria-label": t("speed"),
      title: t("speed"),
      value: String(rate.value),
      choices: worded(RATES, (one) => `${one}×`),
      choose: (/** @type {string} */ one) => player.setRate(Number(one)),
    }),
    square("loop", "↻", () => player.setLoop(!player.loop), pressed(loop.value)),
    square("loop.a", "A", () => player.markEnd("a"), pressed(a.value !== null)),
    square("loop.b", "B", () => player.markEnd("b"), pressed(b.value !== null)),
    full
      ? h(Button, { onClick: board.full }, t("full.close"))
      : square("full", icon("full"), board.full),
  );
}

/** @param {{board: import("./card.js").Board}} props */
function TimeLine({ board }) {
  const { t, player, playback } = board;
  const { duration, fps, from, to } = playback;
  const line = useRef(/** @type {HTMLInputElement | null} */ (null));
  // Whoever moves it by keys is not set right in between.
  useEffect(
    () =>
      effect(() => {
        const el = line.current;
        const at = playback.at.value;
        if (!el) return;
        el.max = String(duration.value || 1);
        el.setAttribute("aria-valuetext", fineClock(at));
        if (!hasFocus(el) || playback.playing.value) el.value = String(at);
      }),
    [],
  );
  const share = (/** @type {number} */ seconds) => `${(seconds / duration.value) * 100}%`;
  return h(
    "div",
    { class: "hn-time-line" },
    h("input", {
      ref: line,
      class: "hn-time",
      type: "range",
      min: 0,
      max: duration.value || 1,
      step: (1 / fps.value).toFixed(6),
      "aria-label": t("time"),
      onInput: () => player.seekAll(Number(line.current?.value)),
    }),
    to.value !== null &&
      duration.value > 0 &&
      h("span", {
        class: "hn-section",
        style: {
          insetInlineStart: share(from.value ?? 0),
          inlineSize: share(to.value - (from.value ?? 0)),
        },
      }),
  );
}

/** @param {{board: import("./card.js").Board}} props */
function Clock({ board: { t, playback } }) {
  const { at, duration, frame, playing } = playback;
  const number = playing.value ? "–" : frame.value;
  return h(
    "span",
    { class: "hn-time-text", title: t("frame") },
    `${fineClock(at.value)} / ${fineClock(duration.value)} · ${number}`,
  );
}
