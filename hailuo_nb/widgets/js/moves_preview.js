// A clip of the camera moves beside the timeline, asked for when typing stops. The kernel draws it: no model, no cost.

import { h, prefersReducedMotion, setAttribute, showText } from "./dom.js";
import { expand } from "./variants.js";

/** Milliseconds without a change before a preview is asked for. */
const PAUSE = 500;

/** @param {import("./studio.js").Studio} studio */
export function movesPreview({ draft, grammar, signal, t, ui, wire }) {
  const video = h("video.hn-moves-video", { controls: true, loop: true, playsinline: true });
  video.setAttribute("aria-label", t("studio.moves.video"));
  video.muted = true; // the attribute alone mutes nothing
  video.autoplay = !prefersReducedMotion();
  const clip = h("figure.hn-moves-clip", {}, video, h("figcaption.hn-hint", {}, t("studio.moves.note")));
  const told = h("p.hn-hint", { role: "status" });
  const onOff = h("input", { type: "checkbox", checked: ui.moves });
  const el = h("div.hn-moves", {}, h("label.hn-hint", {}, onOff, t("studio.moves.switch")), told, clip);
  let wanted = "";
  let timer = 0;

  /** @param {string} url  "" for none */
  function show(url) {
    if (video.src) URL.revokeObjectURL(video.src);
    if (url) video.src = url;
    else video.removeAttribute("src");
    clip.hidden = !url;
  }

  /** @param {string} key @param {Record<string, any>} wish */
  async function ask(key, wish) {
    const { id, answer } = wire.expect();
    wire.post({ ...wish, id, kind: "preview" });
    let blob;
    let fault = "";
    try {
      blob = await answer;
    } catch (reason) {
      fault = t("studio.moves.failed", { reason: reason instanceof Error ? reason.message : String(reason) });
    }
    // What comes for an older text is dropped, here as in the kernel.
    if (key !== wanted || signal.aborted) return;
    showText(told, fault);
    if (fault || blob instanceof Blob) show(fault ? "" : URL.createObjectURL(blob));
    setAttribute(el, "aria-busy", false);
  }

  function update() {
    const text = draft.get("prompt") ?? "";
    const prompt = expand(text).prompts[0] ?? text;
    el.hidden = !wire.open || !grammar.parse(prompt).length;
    const seconds = Number(draft.get("duration") ?? 6);
    const on = ui.moves && !el.hidden;
    const key = on ? JSON.stringify([prompt, seconds, draft.get("first_frame")]) : "";
    if (key === wanted) return;
    wanted = key;
    clearTimeout(timer);
    setAttribute(el, "aria-busy", on);
    if (on) timer = window.setTimeout(() => void ask(key, { prompt, seconds }), PAUSE);
    else show("");
    showText(told, on && clip.hidden ? t("studio.moves.drawing") : "");
  }

  onOff.addEventListener("change", () => {
    ui.moves = onOff.checked;
    update();
  });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    show("");
  });
  show("");
  return { el, update };
}
