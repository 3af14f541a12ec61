// Ways in for pictures, clips and sounds: a file picker, a link that is typed, and what is dropped
// from the desktop or from JupyterLab's file browser.

import { signal } from "@preact/signals";
import { h } from "preact";
import { Button } from "./components.js";
import { consume } from "./dom.js";
import { reasonText } from "./wire.js";

/** Requests about files: whether one is under way, and why the last was refused. */
export function fileRequests() {
  const busy = signal(false);
  const failure = signal("");
  const fail = (/** @type {unknown} */ reason) => {
    failure.value = reasonText(reason);
  };
  /**
   * One after another, as the kernel joins few files at once.
   * @param {(() => Promise<any>)[]} acts @returns whether all went well
   */
  async function run(...acts) {
    busy.value = true;
    failure.value = "";
    for (const act of acts) await act().catch(fail);
    busy.value = false;
    return !failure.value;
  }
  return { busy, failure, fail, run };
}

/**
 * The browser's own choice of files, which a button opens by a click on it.
 * @param {Record<string, any> & {use: (files: File[]) => unknown,
 *   field: import("preact").RefObject<HTMLInputElement | null>}} props
 */
export const FilePicker = ({ use, field, ...props }) =>
  h("input", {
    ...props,
    type: "file",
    hidden: true,
    ref: field,
    onChange: (/** @type {any} */ { currentTarget }) => {
      void use([...currentTarget.files]);
      currentTarget.value = "";
    },
  });

/**
 * A field for an https link or file name, and the button that uses it. `use` says whether it could
 * be used: the field is emptied then.
 * @param {{t: import("./types.js").Translate, title: string,
 *   use: (address: string) => Promise<boolean>}} props
 */
export function LinkForm({ t, title, use }) {
  /** @param {any} event */
  async function onSubmit(event) {
    event.preventDefault();
    const field = event.currentTarget.elements[0];
    const address = field.value.trim();
    if (address && (await use(address))) field.value = "";
  }
  return h(
    "form",
    { class: "hn-frame-link", onSubmit },
    h("input", {
      class: "hn-input",
      type: "text",
      inputMode: "url",
      placeholder: t("frame.url"),
      "aria-label": t("frame.url_of", { title }),
    }),
    h(Button, { look: "small", type: "submit" }, t("frame.use")),
  );
}

/** What JupyterLab's file browser drags: the file, of several the last, with a way to its bytes. */
const CONTENTS = "application/x-jupyter-icontentsrich";

/**
 * Listeners for files, or a link, that are dropped on an element. JupyterLab's file browser drags
 * by events of its own.
 * @param {(files: File[]) => unknown} files @param {(address: string) => unknown} link
 * @param {(reason: unknown) => unknown} failed
 */
export function drops(files, link, failed) {
  const mark = (/** @type {any} */ event) => {
    event.currentTarget.toggleAttribute("data-drop", /enter|over/.test(event.type));
    consume(event);
  };
  const foreign = (/** @type {any} */ event) => {
    if (!event.mimeData.hasData(CONTENTS)) return;
    mark(event);
    event.dropAction = event.proposedAction; // without it no drop comes
    if (event.type === "lm-drop") fileIn(event).then((file) => files([file]), failed);
  };
  return {
    onDragEnter: mark,
    onDragOver: mark,
    onDragLeave: mark,
    onDrop: (/** @type {any} */ event) => {
      mark(event);
      const dropped = event.dataTransfer?.files;
      const text = event.dataTransfer?.getData("text/uri-list") || "";
      if (dropped?.length) files([...dropped]);
      else if (text) link(text.split("\n")[0] ?? "");
    },
    "onlm-dragenter": foreign,
    "onlm-dragover": foreign,
    "onlm-dragleave": foreign,
    "onlm-drop": foreign,
  };
}

/** @param {any} event  JupyterLab's contents manager reads the file, on whatever drive it is */
async function fileIn(event) {
  const { name, format, content } = await event.mimeData.getData(CONTENTS).withContent();
  if (format !== "base64" && format !== "text") throw new Error(`${name} is no file`);
  const bytes = (/** @type {string} */ text) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  return new File([format === "text" ? content : bytes(atob(content))], name);
}
