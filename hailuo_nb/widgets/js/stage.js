// Plays the path: the prompt's camera performed in a small scene of boxes, before anybody pays. Nearer things move
// further when the camera travels; when it only turns or zooms, everything moves alike.

import { h, prefersReducedMotion, replace, setAttribute, setText, svg, uniqueId } from "./dom.js";
import { fineClock } from "./format.js";
import { activeStep, BOXES, drawing, poseAt } from "./path.js";
import { expand } from "./variants.js";

/** @typedef {import("./studio.js").Studio} Studio */

/** @param {Studio} studio */
export function pathPlayer({ draft, t, grammar, language, signal }) {
  const id = uniqueId("path");
  const toggle = h(
    "button.hn-button.hn-small.hn-path-toggle",
    { "aria-expanded": "false", "aria-controls": id },
    h("span.hn-icon", { "data-icon": "play", "aria-hidden": "true" }),
    t("studio.path.open"),
  );
  const path = (/** @type {string} */ name) => svg("path", { class: `hn-path-${name}` });
  const solid = () => ["side", "top", "front"].map(path);
  const hills = path("hills");
  const ground = path("ground");
  const lines = path("lines");
  const boxes = BOXES.map(solid);
  const figure = solid();
  // The figure stands between the fifth box and the sixth.
  const order = [...boxes.slice(0, 5), figure, ...boxes.slice(5)];
  const scene = svg(
    "svg",
    { viewBox: "0 0 320 180", class: "hn-path-scene", role: "img", "aria-label": t("studio.path.scene") },
    hills,
    ground,
    lines,
    ...order.map((faces) => svg("g", { class: faces === figure ? "hn-path-figure" : "" }, ...faces)),
  );
  const play = h("button.hn-button.hn-square", {}, h("span.hn-icon", { "aria-hidden": "true" }));
  const slider = h("input", { type: "range", min: 0, step: 0.05, value: 0, "aria-label": t("studio.path.time") });
  const clock = h("span.hn-path-clock", {});
  const now = h("p.hn-path-now", {});
  const jumps = h("div.hn-path-jumps", { role: "group", "aria-label": t("studio.path.steps") });
  const el = h(
    "div.hn-path",
    { id, hidden: true },
    h("div.hn-path-frame", {}, scene, now),
    h("div.hn-path-bar", {}, play, slider, clock),
    jumps,
    h("p.hn-hint", {}, t("studio.path.note")),
  );

  let time = 0;
  let playing = false;
  let last = 0;
  let request = 0;
  let shown = "";
  /** @type {string[][]} */
  let steps = [];
  /** @type {string[]} */
  let names = [];
  const seconds = () => Number(draft.get("duration") ?? 6);

  function draw() {
    const picture = drawing(poseAt(steps, time, seconds()));
    const set = (/** @type {Element} */ to, /** @type {string} */ d) => setAttribute(to, "d", d || null);
    set(hills, picture.hills);
    set(ground, picture.ground);
    set(lines, picture.lines);
    boxes.forEach((faces, box) => faces.forEach((face, index) => set(face, picture.boxes[box]?.[index] ?? "")));
    figure.forEach((face, index) => set(face, picture.figure[index] ?? ""));
    slider.value = String(time);
    setAttribute(slider, "aria-valuetext", t("common.seconds", { seconds: time.toFixed(1) }));
    setText(clock, `${fineClock(time)} / ${fineClock(seconds())}`);
    const active = steps.length ? activeStep(steps.length, time, seconds()) : -1;
    setText(now, active < 0 ? t("studio.path.none") : `${active + 1} · ${names[active]}`);
    [...jumps.children].forEach((jump, index) => setAttribute(jump, "aria-pressed", String(index === active)));
    setAttribute(el, "data-time", time.toFixed(2));
  }

  /** @param {number} stamp */
  function tick(stamp) {
    if (!playing || signal.aborted) return;
    time += Math.min(0.1, (stamp - last) / 1000);
    last = stamp;
    if (time >= seconds()) {
      time = seconds();
      run(false);
    }
    draw();
    if (playing) request = requestAnimationFrame(tick);
  }

  /** @param {boolean} wanted */
  function run(wanted) {
    playing = wanted;
    cancelAnimationFrame(request);
    play.firstElementChild?.setAttribute("data-icon", playing ? "pause" : "play");
    setAttribute(play, "aria-label", t(playing ? "studio.path.pause" : "studio.path.play"));
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

  toggle.addEventListener("click", () => {
    el.hidden = !el.hidden;
    setAttribute(toggle, "aria-expanded", String(!el.hidden));
    if (el.hidden) run(false);
    else {
      time = 0;
      update();
      draw();
      run(!prefersReducedMotion());
    }
  });
  play.addEventListener("click", () => run(!playing));
  slider.addEventListener("input", () => seek(Number(slider.value)));
  signal.addEventListener("abort", () => cancelAnimationFrame(request));

  function update() {
    if (el.hidden) return;
    const prompt = expand(draft.get("prompt") ?? "").prompts[0] ?? draft.get("prompt") ?? "";
    const found = grammar.parse(prompt);
    const key = JSON.stringify([found, seconds()]);
    if (key === shown) return;
    shown = key;
    steps = found.map(({ moves }) => moves.map((move) => move.key));
    names = found.map(({ moves }) =>
      moves.map((move) => grammar.command(move, language === "zh" ? "zh" : "en")).join(" + "),
    );
    slider.max = String(seconds());
    time = Math.min(time, seconds());
    // The middle of a step shows it at its best; its number is enough of a name for the eye, not for the ear.
    replace(
      jumps,
      ...names.map((name, index) =>
        h(
          "button.hn-button.hn-small",
          { on: { click: () => seek(((index + 0.98) * seconds()) / names.length) } },
          `${index + 1} · ${name}`,
        ),
      ),
    );
    draw();
  }
  run(false);
  return { el, toggle, update };
}
