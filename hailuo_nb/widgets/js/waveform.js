// The sound of one clip below its picture: a speaker, and how loud it is over time.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button, Icon } from "./components.js";
import { HALF, wavePath } from "./sound.js";

/**
 * @param {{board: import("./card.js").Board, id: string, waveform: string, clip: string,
 *   video: HTMLVideoElement | null, marked: HTMLElement}} props  clip: its name; marked: what gets
 *   `data-heard`
 */
export function SoundStrip({ board: { sound, t }, id, waveform, clip, video, marked }) {
  const heard = useSignal(false);
  const head = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (!video) return;
    sound.add(video, {
      id,
      mark(now) {
        heard.value = now;
        marked.toggleAttribute("data-heard", now);
      },
      place: (share) => head.current?.style.setProperty("inset-inline-start", `${100 * share}%`),
    });
    return () => sound.remove(video);
  }, [video]);
  const label = t("hear", { clip });
  const speaker = { "aria-label": label, title: label, "aria-pressed": heard.value };
  return h(
    "div",
    { class: "hn-sound" },
    h(
      Button,
      { ...speaker, look: "square quiet", onClick: () => sound.pick(id) },
      h(Icon, { name: heard.value ? "sound" : "mute" }),
    ),
    h(
      "div",
      { class: "hn-wave" },
      h(
        "svg",
        {
          viewBox: `-0.5 0 ${waveform.length} ${2 * HALF}`,
          preserveAspectRatio: "none",
          "aria-hidden": true,
        },
        h("path", { d: wavePath(waveform) }),
      ),
      h("div", { ref: head, class: "hn-wave-head" }),
    ),
  );
}
