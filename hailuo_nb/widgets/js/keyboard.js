// Which keys a widget keeps to itself. JupyterLab takes letters for commands: "d d" on a focused
// button deletes the cell. Shortcuts with Ctrl, Meta or Alt go on to the host, so that Ctrl+S
// saves. Enter never does, as Ctrl+Enter and Shift+Enter would run the cell and put the widget
// away.

import { on } from "./dom.js";

const CAPTURED = /^(Backspace|Delete|Home|End|Page(Up|Down)|Arrow\w+)$/;

/** @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} event */
export const isCaptured = ({ key, ctrlKey, metaKey, altKey }) =>
  key === "Enter" ||
  (!ctrlKey && !metaKey && !altKey && ([...key].length === 1 || CAPTURED.test(key)));

/** What a key does in the prompt.
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean}}
 *   event
 * @returns {"newline" | "undo" | "redo" | null}
 */
export function editCommand({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const command = ctrlKey || metaKey;
  if (key === "Enter") return shiftKey && !command ? "newline" : null;
  if (!command || altKey) return null;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && !metaKey ? "redo" : null;
}

/** @param {HTMLElement} root @param {AbortSignal} signal */
export function captureKeys(root, signal) {
  on(root, "keydown keypress", (event) => isCaptured(event) && event.stopPropagation());
  // Notebook 7 listens at the document before a key comes down to us; its shortcuts stop at this
  // mark.
  const mark = (/** @type {any} */ event) =>
    root.toggleAttribute("data-lm-suppress-shortcuts", isCaptured(event));
  on(window, "keydown", mark, { capture: true, signal });
}
