// Keeps the prompt in the words that were chosen for the camera: brackets become sentences once,
// so that undo is one step, and sentences brackets when those are chosen.

import { effect, untracked } from "@preact/signals";
import { focusedBeside, on } from "./dom.js";

/** @param {import("./studio.js").Studio} studio
 * @param {ReturnType<typeof import("./editor.js").promptEditor>} editor */
export function keepWords({ draft, ui, signal }, editor) {
  /** The brackets that were made sentences last: undo may bring them back. */
  let rewritten = "";
  /** Whether other words were chosen since the prompt was looked at. */
  let switched = false;

  function look() {
    const { prose, brackets, prompt = "" } = draft.camera;
    const asProse = ui.commands === "prose";
    if (prompt !== editor.textarea.value) return;
    const wanted = asProse ? prompt !== rewritten && prose : switched && brackets;
    switched = false;
    if (!wanted) return;
    rewritten = asProse ? prompt : "";
    draft.assumed = { prompt: wanted, brackets: asProse ? prompt : "" };
    const activeElement = focusedBeside(editor.textarea);
    editor.rewrite(wanted);
    if (activeElement instanceof HTMLElement) activeElement.focus();
  }

  on(draft, "change", look);
  let before = ui.commands;
  const stop = effect(() => {
    const now = ui.commands;
    if (now === before) return;
    // Commands of another language alone change nothing that is written.
    switched = before === "prose" || now === "prose";
    before = now;
    untracked(look);
  });
  on(signal, "abort", stop);
}
