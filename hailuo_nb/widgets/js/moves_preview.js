// A clip of the camera moves below their steps, fetched when typing stops. The kernel draws it: no
// model, no cost.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { bracketed } from "./camera.js";
import { Host } from "./components.js";
import { element, prefersReducedMotion } from "./dom.js";
import { expand } from "./variants.js";
import { fetchBytes, reasonText } from "./wire.js";

/** Milliseconds without a change before a preview is fetched. */
const PAUSE = 500;

function makePlayer() {
  const video = element("video", "hn-moves-video");
  video.controls = video.loop = video.playsInline = true;
  video.muted = true; // the attribute alone mutes nothing
  video.autoplay = !prefersReducedMotion();
  return video;
}

/** @param {{studio: import("./studio.js").Studio, open: boolean}} props  `open`: it is in sight */
export function MovesPreview({ studio, open }) {
  const { draft, grammar, t, ui, wire } = studio;
  const url = useSignal("");
  const fault = useSignal("");
  const busy = useSignal(false);
  const video = useMemo(makePlayer, []);
  video.setAttribute("aria-label", t("moves.video"));

  const text = bracketed(draft);
  const prompt = expand(text).prompts[0] ?? text;
  const there = studio.open && grammar.parse(prompt).length > 0;
  const active = there && open && ui.preview;
  const seconds = Number(draft.duration);

  /** @param {Blob | null} blob */
  function show(blob) {
    if (url.peek()) URL.revokeObjectURL(url.peek());
    url.value = blob ? URL.createObjectURL(blob) : "";
    if (url.peek()) video.src = url.peek();
    else video.removeAttribute("src");
  }

  // For each clip that is wanted.
  useEffect(() => {
    fault.value = "";
    busy.value = active;
    if (!active) return show(null);
    let wanted = true;
    const timer = setTimeout(async () => {
      let blob = null;
      try {
        blob = /** @type {unknown} */ (
          await fetchBytes(wire, { kind: "preview", prompt, seconds })
        );
      } catch (reason) {
        if (wanted) fault.value = reasonText(reason);
      }
      // What comes for an older text is dropped, here as in the kernel.
      if (!wanted) return;
      if (fault.value) show(null);
      else if (blob instanceof Blob) show(blob);
      busy.value = false;
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [active, prompt, seconds, draft.first_frame]);
  useEffect(() => () => show(null), []);

  const message = fault.value
    ? t("moves.failed", { reason: fault.value })
    : busy.value && !url.value
      ? t("moves.drawing")
      : "";
  return h(
    "div",
    { class: "hn-moves", hidden: !there, "aria-busy": busy.value || null },
    h(
      "label",
      { class: "hn-hint" },
      h("input", {
        type: "checkbox",
        checked: ui.preview,
        onChange: (/** @type {any} */ { currentTarget }) => (ui.preview = currentTarget.checked),
      }),
      t("moves.switch"),
    ),
    h("p", { class: "hn-hint", role: "status", hidden: !message }, message),
    h(
      "figure",
      { class: "hn-moves-clip", hidden: !url.value },
      h(Host, { el: video }),
      h("figcaption", { class: "hn-hint" }, t("moves.note")),
    ),
  );
}
