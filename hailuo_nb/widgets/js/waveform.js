// The sound of one clip below its picture: a speaker, and how loud it is over time.

import { button, h, icon, refill, set, svg } from "./dom.js";

/** Of the drawing, whose width is the number of digits. */
const HALF = 36;

/**
 * A line up and down for every digit of base 36, and at least a dot.
 * @param {string} digits
 */
export const wavePath = (digits) =>
  [...digits]
    .map((digit, index) => {
      const half = Math.max(1, parseInt(digit, HALF) || 0);
      return `M${index} ${HALF - half}v${2 * half}`;
    })
    .join("");

/**
 * @param {import("./card.js").Board} board @param {string} id
 * @param {HTMLElement} marked  what gets `data-heard`
 */
export function soundStrip({ sound, t }, id, marked) {
  const picture = icon("mute");
  const speaker = button(".square.quiet", picture, () => sound.pick(id));
  const head = h("div.wave-head");
  const wave = h("div.wave");
  const el = h("div.sound", { hidden: true }, speaker, wave);

  return {
    el,
    /** @param {string} waveform @param {string} clip  its name */
    update(waveform, clip) {
      el.hidden = !waveform;
      const label = t("hear", { clip });
      set(speaker, { label, title: label });
      refill(wave, waveform, () => [drawing(waveform), head]);
    },
    /** @param {HTMLVideoElement} video */
    follow(video) {
      sound.add(video, {
        id,
        mark(heard) {
          set(marked, { "data-heard": heard });
          set(speaker, { "aria-pressed": heard });
          set(picture, { "data-icon": heard ? "sound" : "mute" });
        },
        place: (share) => head.style.setProperty("inset-inline-start", `${100 * share}%`),
      });
    },
  };
}

/** @param {string} digits */
const drawing = (digits) =>
  svg(
    "svg",
    {
      viewBox: `-0.5 0 ${digits.length} ${2 * HALF}`,
      preserveAspectRatio: "none",
      "aria-hidden": true,
    },
    svg("path", { d: wavePath(digits) }),
  );
