// Copies text to the clipboard, or shows it where the page may not write there (without https).

import { h, replace, showText } from "./dom.js";

/**
 * @param {HTMLElement} place  says that it is done, or holds the text
 * @param {string} text @param {string} name  of the text @param {string} done
 */
export async function copyText(place, text, name, done) {
  try {
    await navigator.clipboard.writeText(text);
    showText(place, done);
  } catch {
    const field = h("textarea.note.code", { rows: 8, readonly: true, label: name }, text);
    replace(place, field);
    place.hidden = false;
    field.select();
  }
}
