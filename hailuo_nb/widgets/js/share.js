// Copies the studio's settings as a link or as Python. The kernel writes the text.

import { h } from "preact";
import { useRef } from "preact/hooks";
import { copyText } from "./clipboard.js";
import { Button } from "./components.js";
import { showText } from "./dom.js";
import { reasonText } from "./wire.js";

/** @param {{studio: import("./studio.js").Studio}} props */
export function Share({ studio }) {
  const { t, wire, draft } = studio;
  const place = useRef(/** @type {any} */ (null)); // filled by copyText
  /** @param {"link" | "python"} form */
  async function copy(form) {
    try {
      const { text } = await wire.request({ kind: "share", form, draft: draft.value() });
      await copyText(place.current, text, t(`share.${form}`), t("share.done"));
    } catch (reason) {
      showText(place.current, reasonText(reason));
    }
  }
  const onKeyDown = (/** @type {any} */ { key, currentTarget }) => {
    if (key !== "Escape") return;
    currentTarget.open = false;
    currentTarget.querySelector("summary").focus();
  };
  const forms = /** @type {const} */ (["link", "python"]);
  return h(
    "details",
    { class: "hn-share", hidden: !studio.open, onKeyDown },
    h("summary", { class: "hn-button hn-small hn-quiet" }, t("share")),
    h(
      "div",
      { class: "hn-share-menu" },
      forms.map((form) =>
        h(Button, { key: form, look: "small", onClick: () => copy(form) }, t(`share.${form}`)),
      ),
      h("p", { class: "hn-hint", role: "status", ref: place }),
    ),
  );
}
