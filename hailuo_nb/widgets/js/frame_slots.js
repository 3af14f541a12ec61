// First and last frame: picked, dropped, pasted or linked. The kernel checks and keeps them.

import { h } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "./components.js";
import { dotted } from "./dom.js";
import { Fold } from "./fold.js";
import { bytes } from "./format.js";
import { translateCode } from "./i18n.js";
import { drops, FilePicker, fileRequests, LinkForm } from "./media_input.js";
import { upload } from "./wire.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").FrameInfo} FrameInfo */
/** @typedef {import("./types.js").Slot} Slot */

const TYPES = "image/jpeg,image/png,image/webp";
const SLOTS = /** @type {const} */ (["first", "last"]);

/** @typedef {ReturnType<typeof frameSlot>} FrameSlot */

/** What a slot does, and how it goes. @param {Studio} studio @param {Slot} slot */
function frameSlot({ draft, t, wire }, slot) {
  const requests = fileRequests();
  const { run } = requests;
  const info = () => /** @type {FrameInfo} */ (draft[`${slot}_frame`]);
  return {
    ...requests,
    slot,
    get title() {
      return t(`frame.${slot}`);
    },
    get info() {
      return info();
    },
    get filled() {
      return Boolean(info().width || info().url);
    },
    /** @param {import("./protocol.js").StudioRequest} kind */
    ask: (kind) => run(() => wire.request({ kind, slot })),
    /** @param {File | undefined} file */
    send: (file) => file && run(() => upload(wire, { kind: "frame", slot, name: file.name }, file)),
    /** @param {string} url */
    link: (url) => run(() => wire.request({ kind: "frame_url", slot, url })),
  };
}

/** @param {Studio} studio */
export function frameSlots(studio) {
  const slots = /** @type {[FrameSlot, FrameSlot]} */ (
    SLOTS.map((slot) => frameSlot(studio, slot))
  );
  const [first, last] = slots;

  /**
   * A picture pasted anywhere in the studio goes to the slot it was pasted in, else to the first
   * free one.
   * @param {ClipboardEvent} event
   */
  function paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => TYPES.includes(type));
    if (!file) return;
    event.preventDefault();
    const inside = event.target instanceof Element && event.target.closest("[data-slot]");
    const named = inside && slots.find(({ slot }) => slot === inside.getAttribute("data-slot"));
    void (named || free()).send(file);
  }
  const free = () => (first.filled && !last.filled ? last : first);

  return { View: () => h(Frames, { studio, slots, free }), paste };
}

/** @param {{studio: Studio, slots: FrameSlot[], free: () => FrameSlot}} props */
function Frames({ studio: { t, wire }, slots, free }) {
  const shown = slots.map(
    ({ title, info: { name, url, width, height, error }, filled }) =>
      (filled || error) &&
      `${title}: ${dotted(name || url, width && height && `${width} × ${height}`)}`,
  );
  const there = slots.some(({ filled }) => filled);
  const exchange = () => slots[0]?.run(() => wire.request({ kind: "frame_swap" }));
  const needed = slots.some(({ info, failure }) => info.error || failure.value !== "");
  return h(
    Fold,
    {
      label: t("frames"),
      what: dotted(...shown) || t("none"),
      needed,
      ...drops(
        ([file]) => free().send(file),
        (url) => free().link(url),
        (reason) => free().fail(reason),
      ),
    },
    h(
      "div",
      { class: "hn-frames" },
      slots.map((slot) => h(Frame, { key: slot.slot, slot, t })),
    ),
    h(
      "div",
      { class: "hn-frames-foot" },
      h("p", { class: "hn-hint" }, t("frames.hint")),
      there && h(Button, { look: "small quiet swap", onClick: exchange }, `⇄ ${t("frame.swap")}`),
    ),
  );
}

/** The tile is a button: a click picks a file. @param {{slot: FrameSlot,
 *   t: import("./types.js").Translate}} props */
function Frame({ slot, t }) {
  const { title, info, filled, busy, failure } = slot;
  const { error, code, values, crop } = info;
  const refused = error && translateCode(t, `frame_error.${code}`, values, error);
  const own = busy.value ? "" : failure.value;
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const tile = useRef(/** @type {HTMLElement | null} */ (null));
  const remove = () => slot.ask("frame_clear").then(() => tile.current?.focus());
  return h(
    "div",
    {
      class: "hn-frame",
      "data-slot": slot.slot,
      role: "group",
      "aria-label": title,
      ...drops(([file]) => slot.send(file), slot.link, slot.fail),
    },
    h(
      "button",
      {
        type: "button",
        class: "hn-frame-tile",
        ref: tile,
        title: filled ? info.url || info.name : undefined,
        onClick: () => picker.current?.click(),
      },
      h(Picture, { slot, t }),
      h("span", { class: "hn-frame-title" }, title),
      h("span", { class: "hn-frame-facts" }, factsOf(slot, t)),
    ),
    h(FilePicker, {
      field: picker,
      accept: TYPES,
      "aria-label": t("frame.pick", { title }),
      use: ([file]) => slot.send(file),
    }),
    filled
      ? h(
          Button,
          { look: "small", onClick: remove, "aria-label": t("frame.remove", { title }) },
          t("remove"),
        )
      : h(LinkForm, { t, title, use: slot.link }),
    h("p", { class: "hn-field-error", role: "alert" }, refused || own),
    crop &&
      h(
        Button,
        { look: "small crop", onClick: () => slot.ask("frame_crop") },
        t("frame.crop", { width: crop.width, height: crop.height }),
      ),
  );
}

/** @param {{slot: FrameSlot, t: import("./types.js").Translate}} props */
function Picture({ slot: { title, info, filled, busy }, t }) {
  const { crop, name } = info;
  const src = info.thumbnail || crop?.thumbnail;
  const alt = crop ? t("frame.preview") : t("frame.alt", { title, name: name ?? "" });
  const sign = filled ? "URL" : busy.value ? "…" : "+";
  return h(
    "span",
    { class: "hn-frame-picture", "data-kind": crop ? "refused" : null },
    src ? h("img", { src, alt }) : h("span", { "aria-hidden": true }, sign),
  );
}

/** @param {FrameSlot} slot @param {import("./types.js").Translate} t */
function factsOf({ info: { name, width, height, url, bytes: size }, filled, busy }, t) {
  if (busy.value) return t("frame.busy");
  if (!filled) return t("frame.drop");
  return dotted(name, width && height ? `${width} × ${height}` : "", bytes(size)) || url || "";
}
