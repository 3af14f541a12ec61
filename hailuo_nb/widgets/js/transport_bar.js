// The controls that play all clips together.

import { button, h, hasFocus, icon, on, select, set, setText, showText } from "./dom.js";
import { fineClock } from "./format.js";

const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2];

/**
 * @param {import("./player.js").Player} player
 * @param {import("./types.js").Translate} t
 * @param {import("./sound.js").Sound} sound
 * @param {{full: () => void, mute: () => void, say: (text: string) => void}} callbacks
 */
export function transportBar(player, t, sound, { full, mute, say }) {
  const square = (
    /** @type {string} */ key,
    /** @type {string | Node} */ face,
    /** @type {() => void} */ click,
  ) => button(".square", face, click, { label: t(key), title: t(key) });
  const picture = icon("play");
  const label = h("span");
  const toggle = button(".primary", picture, () => player.toggle());
  toggle.append(label);
  const steps = [
    square("restart", icon("restart"), () => player.restart()),
    square("step.back", icon("back"), () => player.step(-1)),
    square("step.on", icon("on"), () => player.step(1)),
  ];
  const loop = square("loop", "↻", () => player.setLoop(!player.loop));
  const a = square("loop.a", "A", () => player.markEnd("a"));
  const b = square("loop.b", "B", () => player.markEnd("b"));
  const oninput = () => player.seekAll(Number(time.value));
  const time = h("input.time", {
    type: "range",
    min: 0,
    max: 1,
    value: 0,
    label: t("time"),
    oninput,
  });
  const section = h("span.section", { hidden: true });
  const line = h("div.time-line", time, section);
  const read = h("span.time-text", { title: t("frame") });
  const onchange = () => player.setRate(Number(speed.value));
  const speed = select(
    { label: t("speed"), onchange },
    RATES.map((rate) => [String(rate), `${rate}×`]),
  );
  const speaker = icon("mute");
  const mutes = square("sound", speaker, mute);
  const rest = [line, read, mutes, speed, loop, a, b, square("full", icon("full"), full)];
  const note = h("span.soft", { hidden: true });
  const el = h(
    "div.transport",
    { role: "group", label: t("transport") },
    toggle,
    steps,
    note,
    rest,
  );

  function update() {
    const { duration, fps, active: playing, section: ends } = player;
    const at = Math.max(0, Math.min(player.at, duration));
    el.hidden = duration === 0 && !playing; // what plays can be stopped in every view
    set(el, { "data-state": player.state });
    const blocked = player.state === "blocked" ? t("blocked") : "";
    if (blocked && note.hidden) say(blocked);
    showText(note, blocked);
    setText(label, t(playing ? "pause_all" : "play_all"));
    set(picture, { "data-icon": playing ? "pause" : "play" });
    set(time, { max: duration || 1, step: (1 / fps).toFixed(6), "aria-valuetext": fineClock(at) });
    if (!hasFocus(time) || playing) time.value = String(at);
    setText(read, `${fineClock(at)} / ${fineClock(duration)} · ${playing ? "–" : player.frame}`);
    set(mutes, { "aria-pressed": sound.wanted });
    set(speaker, { "data-icon": sound.wanted ? "sound" : "mute" });
    set(loop, { "aria-pressed": player.loop });
    set(a, { "aria-pressed": player.a !== null });
    set(b, { "aria-pressed": player.b !== null });
    speed.value = String(player.rate);
    section.hidden = !ends || !duration;
    const [from, to] = ends ?? [0, 0];
    const share = (/** @type {number} */ seconds) => `${(seconds / duration) * 100}%`;
    section.style.cssText = `inset-inline-start:${share(from)};inline-size:${share(to - from)}`;
  }
  on(player, "change", update);
  update();
  /** @param {boolean} some  whether a clip that is shown has sound */
  const showSound = (some) => {
    mutes.hidden = !some;
  };
  return { el, update, showSound };
}
