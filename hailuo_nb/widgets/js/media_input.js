// Ways in for pictures, clips and sounds beside a file picker: a link that is typed, and what is
// dropped.

import { button, consume, h, on, set } from "./dom.js";

/**
 * A field for an https link or file name, and the button that uses it.
 * @param {import("./types.js").Translate} t
 * @param {string} title  what it is for
 * @param {(address: string) => Promise<boolean>} use  whether it could be used: the field is
 *   emptied then
 */
export function linkForm(t, title, use) {
  const url = h("input.input", {
    type: "text",
    inputmode: "url",
    placeholder: t("frame.url"),
    label: t("frame.url_of", { title }),
  });
  const form = h(
    "form.frame-link",
    url,
    button(".small", t("frame.use"), null, { type: "submit" }),
  );
  on(form, "submit", async (event) => {
    event.preventDefault();
    const address = url.value.trim();
    if (address && (await use(address))) url.value = "";
  });
  return form;
}

/**
 * Files, or a link, that are dropped on an element.
 * @param {HTMLElement} el @param {(files: FileList) => unknown} files
 * @param {(address: string) => unknown} link
 */
export function takeDrops(el, files, link) {
  on(el, "dragenter dragover dragleave drop", (event) => {
    set(el, { "data-drop": /enter|over/.test(event.type) });
    if (event.type === "dragleave") return;
    consume(event);
    if (event.type !== "drop") return;
    const dropped = event.dataTransfer?.files;
    const text = event.dataTransfer?.getData("text/uri-list") || "";
    if (dropped?.length) files(dropped);
    else if (text) link(text.split("\n")[0] ?? "");
  });
}
