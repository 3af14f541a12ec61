// Copies the studio's settings as a link or as Python. The kernel writes the text.

import { copyText } from "./clipboard.js";
import { button, h, on, showText } from "./dom.js";
import { reasonText } from "./wire.js";

/** @param {import("./studio.js").Studio} studio */
export function sharing({ t, wire, draft }) {
  const place = h("p.hint", { role: "status" });
  const copy = (/** @type {string} */ form) =>
    button(".small", t(`share.${form}`), async () => {
      try {
        const { text } = await wire.request({ kind: "share", form, draft: draft.value() });
        await copyText(place, text, t(`share.${form}`), t("share.done"));
      } catch (reason) {
        showText(place, reasonText(reason));
      }
    });
  const summary = h("summary.button.small.quiet", t("share"));
  const el = h(
    "details.share",
    { hidden: !wire.open },
    summary,
    h("div.share-menu", copy("link"), copy("python"), place),
  );
  on(el, "keydown", ({ key }) => {
    if (key !== "Escape") return;
    el.open = false;
    summary.focus();
  });
  return el;
}
