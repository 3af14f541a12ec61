// Plays the prompt's camera moves in a small scene of boxes, before anything is paid. Nearer things
// move further when the camera travels; when it only turns or zooms, everything moves alike.

import { bracketed } from "./camera.js";
import { activeStep, BOXES, drawing, poseAt } from "./camera_path.js";
import {
  button,
  h,
  icon,
  on,
  prefersReducedMotion,
  refill,
  set,
  setText,
  svg,
  uniqueId,
} from "./dom.js";
import { fineClock } from "./format.js";
import { expand } from "./variants.js";

/** @typedef {import("./studio.js").Studio} Studio */

/** @param {Studio} studio */
export function pathPlayer({ draft, t, grammar, language, signal }) {
  const id = uniqueId("path");
  const path = (/** @type {string} */ name) => svg(`path.path-${name}`);
  const solid = () => ["side", "top", "front"].map(path);
  const back = ["hills", "ground", "lines"].map(path);
  const boxes = BOXES.map(solid);
  const figure = solid();
  // The figure stands between the fifth box and the sixth.
  const order = [...boxes.slice(0, 5), figure, ...boxes.slice(5)];
  const scene = svg(
    "svg.path-scene",
    { viewBox: "0 0 320 180", role: "img", label: t("path.scene") },
    back,
    order.map((faces) => svg(faces === figure ? "g.path-figure" : "g", faces)),
  );
  const playIcon = icon("play");
  const play = button(".square", playIcon, () => run(!playing));
  const slider = h("input", {
    type: "range",
    min: 0,
    step: 0.05,
    value: 0,
    label: t("path.time"),
    oninput: () => seek(Number(slider.value)),
  });
  const clock = h("span.path-clock");
  const now = h("p.path-now");
  const jumps = h("div.path-jumps", { role: "group", label: t("path.steps") });
  const el = h(
    "div.path",
    { id, hidden: true },
    h("div.path-frame", scene, now),
    h("div.path-bar", play, slider, clock),
    jumps,
    h("p.hint", t("path.note")),
  );
  const props = { "aria-expanded": false, "aria-controls": id };
  const toggle = button(".small.path-toggle", icon("play"), open, props);
  toggle.append(t("path.open"));

  let time = 0;
  let playing = false;
  let last = 0;
  let request = 0;
  /** @type {string[][]} */
  let steps = [];
  /** @type {string[]} */
  let names = [];
  const seconds = () => Number(draft.duration);

  function draw() {
    const picture = drawing(poseAt(steps, time, seconds()));
    const d = [
      picture.hills,
      picture.ground,
      picture.lines,
      ...picture.boxes.flat(),
      ...picture.figure,
    ];
    const parts = [...back, ...boxes.flat(), ...figure];
    for (const [index, part] of parts.entries()) set(part, { d: d[index] || null });
    slider.value = String(time);
    set(slider, { "aria-valuetext": t("common.seconds", { seconds: time.toFixed(1) }) });
    setText(clock, `${fineClock(time)} / ${fineClock(seconds())}`);
    const active = steps.length ? activeStep(steps.length, time, seconds()) : -1;
    setText(now, active < 0 ? t("path.none") : `${active + 1} · ${names[active]}`);
    for (const [index, jump] of [...jumps.children].entries())
      set(jump, { "aria-pressed": index === active });
    set(el, { "data-time": time.toFixed(2) });
  }

  /** @param {number} stamp */
  function tick(stamp) {
    if (!playing || signal.aborted) return;
    time = Math.min(seconds(), time + Math.min(0.1, (stamp - last) / 1000));
    last = stamp;
    if (time === seconds()) run(false);
    draw();
    if (playing) request = requestAnimationFrame(tick);
  }

  /** @param {boolean} wanted */
  function run(wanted) {
    playing = wanted;
    cancelAnimationFrame(request);
    set(playIcon, { "data-icon": playing ? "pause" : "play" });
    set(play, { label: t(playing ? "path.pause" : "path.play") });
    if (!playing) return;
    if (time >= seconds()) time = 0;
    last = performance.now();
    request = requestAnimationFrame(tick);
  }

  /** @param {number} to */
  function seek(to) {
    run(false);
    time = to;
    draw();
  }

  function open() {
    el.hidden = !el.hidden;
    set(toggle, { "aria-expanded": !el.hidden });
    if (el.hidden) return run(false);
    time = 0;
    update();
    draw();
    run(!prefersReducedMotion());
  }
  on(signal, "abort", () => cancelAnimationFrame(request));

  function update() {
    if (el.hidden) return;
    const prompt = bracketed(draft);
    const found = grammar.parse(expand(prompt).prompts[0] ?? prompt).map(({ moves }) => moves);
    // The middle of a step shows it at its best; its number is enough of a name for the eye, not
    // for the ear.
    refill(jumps, [found, seconds()], () => {
      steps = found.map((moves) => moves.map(({ key }) => key));
      names = found.map((moves) =>
        moves.map((move) => grammar.command(move, language)).join(" + "),
      );
      slider.max = String(seconds());
      time = Math.min(time, seconds());
      const jump = (/** @type {number} */ index) => () =>
        seek(((index + 0.98) * seconds()) / names.length);
      return names.map((name, index) => button(".small", `${index + 1} · ${name}`, jump(index)));
    });
    draw();
  }
  run(false);
  return { el, toggle, update };
}
