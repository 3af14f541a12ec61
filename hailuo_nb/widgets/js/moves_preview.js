// A clip of the camera moves beside the timeline, fetched when typing stops. The kernel draws it:
// no model, no cost.

import { bracketed } from "./camera.js";
import { h, on, prefersReducedMotion, set, showText } from "./dom.js";
import { expand } from "./variants.js";
import { fetchBytes, reasonText } from "./wire.js";

/** Milliseconds without a change before a preview is fetched. */
const PAUSE = 500;

/** @param {import("./studio.js").Studio} studio */
export function movesPreview({ draft, grammar, signal, t, ui, wire }) {
  const label = t("moves.video");
  const video = h("video.moves-video", { controls: true, loop: true, playsinline: true, label });
  video.muted = true; // the attribute alone mutes nothing
  video.autoplay = !prefersReducedMotion();
  const clip = h("figure.moves-clip", video, h("figcaption.hint", t("moves.note")));
  const message = h("p.hint", { role: "status" });
  const onOff = h("input", { type: "checkbox", checked: ui.moves });
  const el = h("div.moves", h("label.hint", onOff, t("moves.switch")), message, clip);
  let wanted = "";
  let timer = 0;

  /** @param {string} url  "" for none */
  function show(url) {
    if (video.src) URL.revokeObjectURL(video.src);
    set(video, { src: url || null });
    clip.hidden = !url;
  }

  /** @param {string} key @param {Record<string, any>} content */
  async function fetchPreview(key, content) {
    /** @type {unknown} */
    let blob;
    let fault = "";
    try {
      blob = await fetchBytes(wire, { ...content, kind: "preview" });
    } catch (reason) {
      fault = t("moves.failed", { reason: reasonText(reason) });
    }
    // What comes for an older text is dropped, here as in the kernel.
    if (key !== wanted || signal.aborted) return;
    showText(message, fault);
    if (fault || blob instanceof Blob) show(blob instanceof Blob ? URL.createObjectURL(blob) : "");
    set(el, { "aria-busy": null });
  }

  function update() {
    const text = bracketed(draft);
    const prompt = expand(text).prompts[0] ?? text;
    el.hidden = !wire.open || !grammar.parse(prompt).length;
    const seconds = Number(draft.duration);
    const active = ui.moves && !el.hidden;
    const key = active ? JSON.stringify([prompt, seconds, draft.first_frame]) : "";
    if (key === wanted) return;
    wanted = key;
    clearTimeout(timer);
    set(el, { "aria-busy": active || null });
    if (active) timer = window.setTimeout(() => fetchPreview(key, { prompt, seconds }), PAUSE);
    else show("");
    showText(message, active && clip.hidden ? t("moves.drawing") : "");
  }

  on(onOff, "change", () => {
    ui.moves = onOff.checked;
    update();
  });
  on(signal, "abort", () => {
    clearTimeout(timer);
    show("");
  });
  show("");
  return { el, update };
}
