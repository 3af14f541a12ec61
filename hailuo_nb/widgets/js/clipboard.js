// Copies text to the clipboard, or shows it where the page may not write there (without https).

import { showText } from "./dom.js";

/**
 * @param {HTMLElement} place  says that it is done, or holds the text
 * @param {string} text @param {string} name  of the text @param {string} done
 */
export async function copyText(place, text, name, done) {
  try {
    await navigator.clipboard.writeText(text);
    showText(place, done);
  } catch {
    const field = document.createElement("textarea");
    const looks = { className: "hn-note hn-code", rows: 8, readOnly: true, ariaLabel: name };
    Object.assign(field, { ...looks, value: text });
    place.replaceChildren(field);
    place.hidden = false;
    field.select();
  }
}
