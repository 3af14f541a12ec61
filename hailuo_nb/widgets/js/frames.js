// First and last frame: dropped, picked, pasted or linked. The kernel checks and keeps them; the page shows what it says.

import { h, replace, setAttribute, setText } from "./dom.js";
import { bytes } from "./format.js";
import { worded } from "./words.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").FrameInfo} FrameInfo */
/** @typedef {import("./types.js").Slot} Slot */

const TYPES = "image/jpeg,image/png,image/webp";

/** @param {Studio} studio */
export function frameSlots(studio) {
  const { t } = studio;
  const slots = { first: frameSlot(studio, "first"), last: frameSlot(studio, "last") };
  const swap = h(
    "button.hn-button.hn-small.hn-quiet.hn-swap",
    { on: { click: () => void slots.first.run(studio.wire.ask({ kind: "frame_swap" })) } },
    `⇄ ${t("studio.frame.swap")}`,
  );
  const el = h(
    "fieldset.hn-block",
    {},
    h("legend.hn-label", {}, t("studio.frames")),
    h("div.hn-frames", {}, slots.first.el, slots.last.el),
    h("div.hn-frames-foot", {}, h("p.hn-hint", {}, t("studio.frames.hint")), swap),
  );

  /**
   * A picture pasted anywhere in the studio goes to the slot it was pasted in, else to the first free one.
   * @param {ClipboardEvent} event
   */
  function paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => TYPES.includes(type));
    if (!file) return;
    event.preventDefault();
    const inside =
      event.target instanceof Element ? event.target.closest("[data-slot]")?.getAttribute("data-slot") : null;
    const slot =
      inside === "last" || (!inside && slots.first.filled() && !slots.last.filled()) ? slots.last : slots.first;
    void slot.send(file);
  }
  const update = () => {
    slots.first.update();
    slots.last.update();
    swap.hidden = !slots.first.filled() && !slots.last.filled();
  };
  return { el, update, paste };
}

/** @param {Studio} studio @param {Slot} slot */
function frameSlot({ draft, t, wire }, slot) {
  const title = t(`studio.frame.${slot}`);
  const picture = h("div.hn-frame-picture", {});
  const facts = h("span.hn-frame-facts", {});
  const error = h("p.hn-field-error", { role: "alert" });
  const picker = h("input", {
    type: "file",
    accept: TYPES,
    class: "hn-sr",
    "aria-label": t("studio.frame.pick", { title }),
  });
  const pick = h("label.hn-button.hn-small", {}, picker, t("studio.frame.choose"));
  const remove = h(
    "button.hn-button.hn-small",
    { "aria-label": t("studio.frame.remove", { title }) },
    t("studio.remove"),
  );
  const url = h("input", {
    type: "text",
    inputmode: "url",
    class: "hn-input",
    placeholder: t("studio.frame.url"),
    "aria-label": t("studio.frame.url_of", { title }),
  });
  const use = h("button", { type: "submit", class: "hn-button hn-small" }, t("studio.frame.use"));
  const link = h("form.hn-frame-link", {}, url, use);
  const crop = h("button.hn-button.hn-small.hn-crop", {});
  const el = h(
    "div.hn-frame",
    { "data-slot": slot, role: "group", "aria-label": title },
    picture,
    h(
      "div.hn-frame-side",
      {},
      h("span.hn-frame-title", {}, title),
      facts,
      h("div.hn-frame-actions", {}, pick, remove),
      link,
      error,
      crop,
    ),
  );

  let busy = false;
  /** @type {string | undefined} */
  let shown;
  let failure = "";
  const info = () => /** @type {FrameInfo} */ (draft.get(`${slot}_frame`) ?? {});
  const filled = () => Boolean(info().width || info().url);

  /** @param {Promise<any>} request */
  async function run(request) {
    busy = true;
    failure = "";
    update();
    try {
      await request;
    } catch (reason) {
      failure = reason instanceof Error ? reason.message : String(reason);
    }
    busy = false;
    update();
  }
  /** @param {File} file */
  const send = (file) => run(wire.upload({ kind: "frame", slot, name: file.name }, file));

  picker.addEventListener("change", () => {
    const file = picker.files?.[0];
    if (file) void send(file);
    picker.value = "";
  });
  remove.addEventListener(
    "click",
    () => void run(wire.ask({ kind: "frame_clear", slot })).then(() => picker.focus()),
  );
  crop.addEventListener("click", () => void run(wire.ask({ kind: "frame_crop", slot })).then(() => picker.focus()));
  link.addEventListener("submit", (event) => {
    event.preventDefault();
    if (url.value.trim())
      void run(wire.ask({ kind: "frame_url", slot, url: url.value.trim() })).then(() => {
        if (!failure) url.value = "";
      });
  });
  for (const type of ["dragenter", "dragover"]) {
    el.addEventListener(type, (event) => {
      event.preventDefault();
      event.stopPropagation();
      setAttribute(el, "data-drop", true);
    });
  }
  el.addEventListener("dragleave", () => setAttribute(el, "data-drop", false));
  el.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    setAttribute(el, "data-drop", false);
    const file = event.dataTransfer?.files[0];
    const text = event.dataTransfer?.getData("text/uri-list") || "";
    if (file) void send(file);
    else if (text) void run(wire.ask({ kind: "frame_url", slot, url: text.split("\n")[0] ?? "" }));
  });

  function update() {
    const given = info();
    const { name, width, height, bytes: size, url: address, error: refused, crop: offered } = given;
    const there = filled();
    const thumbnail = given.thumbnail || offered?.thumbnail;
    const kind = thumbnail ? (offered ? "refused" : "image") : there ? "link" : busy ? "busy" : "empty";
    if (picture.dataset.kind !== kind || shown !== thumbnail) {
      shown = thumbnail;
      picture.dataset.kind = kind;
      const alt = offered ? t("studio.frame.preview") : t("studio.frame.alt", { title, name: name ?? "" });
      replace(
        picture,
        thumbnail
          ? h("img", { src: thumbnail, alt })
          : h("span", { "aria-hidden": "true" }, kind === "link" ? "URL" : "+"),
      );
    }
    const measures = [name, width && height ? `${width} × ${height}` : "", bytes(size)].filter(Boolean).join(" · ");
    setText(facts, busy ? t("studio.frame.busy") : there ? measures || address || "" : t("studio.frame.drop"));
    setAttribute(facts, "title", there ? address || name || null : null);
    remove.hidden = !there;
    link.hidden = there;
    const text = refused ? worded(t, `studio.frame_error.${given.code}`, given.values, refused) : busy ? "" : failure;
    crop.hidden = !offered;
    if (offered) setText(crop, t("studio.frame.crop", { width: offered.width, height: offered.height }));
    setText(error, text);
    error.hidden = text === "";
  }
  return { el, update, send, filled, run };
}
