// First and last frame: dropped, picked, pasted or linked. The kernel checks and keeps them.

import { button, dotted, h, on, refill, set, setText, showText } from "./dom.js";
import { bytes } from "./format.js";
import { translateCode } from "./i18n.js";
import { linkForm, takeDrops } from "./media_input.js";
import { FITTED } from "./protocol.js";
import { reasonText, upload } from "./wire.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").FrameInfo} FrameInfo */
/** @typedef {import("./types.js").Slot} Slot */

const TYPES = "image/jpeg,image/png,image/webp";

/** @param {Studio} studio */
export function frameSlots(studio) {
  const { t, wire } = studio;
  const first = frameSlot(studio, "first");
  const last = frameSlot(studio, "last");
  const exchange = () => first.run(wire.request({ kind: "frame_swap" }));
  const swap = button(".small.quiet.swap", `⇄ ${t("frame.swap")}`, exchange);
  const el = h(
    "fieldset.block",
    h("legend.label", t("frames")),
    h("div.frames", first.el, last.el),
    h("div.frames-foot", h("p.hint", t("frames.hint")), swap),
  );

  /**
   * A picture pasted anywhere in the studio goes to the slot it was pasted in, else to the first
   * free one.
   * @param {ClipboardEvent} event
   */
  function paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => TYPES.includes(type));
    if (!file) return;
    event.preventDefault();
    const inside = event.target instanceof Element ? event.target.closest(".hn-frame") : null;
    const behind = inside ? inside === last.el : first.filled() && !last.filled();
    (behind ? last : first).send(file);
  }
  const update = () => {
    first.update();
    last.update();
    swap.hidden = !first.filled() && !last.filled();
  };
  return { el, update, paste };
}

/** @param {Studio} studio @param {Slot} slot */
function frameSlot({ draft, t, wire }, slot) {
  const title = t(`frame.${slot}`);
  const picture = h("div.frame-picture");
  const facts = h("span.frame-facts");
  const error = h("p.field-error", { role: "alert" });
  const label = t("frame.pick", { title });
  const picker = h("input.sr", { type: "file", accept: TYPES, label });
  const pick = h("label.button.small", picker, t("frame.choose"));
  /**
   * Ask, and have the focus where a picture is picked.
   * @param {import("./protocol.js").StudioRequest} kind
   */
  const request = (kind) => () => run(wire.request({ kind, slot })).then(() => picker.focus());
  const props = { label: t("frame.remove", { title }) };
  const remove = button(".small", t("remove"), request("frame_clear"), props);
  const link = linkForm(t, title, async (address) => {
    await fetchLink(address);
    return !failure;
  });
  const crop = button(".small.crop", "", request("frame_crop"));
  const head = h("span.frame-title", title);
  const side = h(
    "div.frame-side",
    head,
    facts,
    h("div.frame-actions", pick, remove),
    link,
    error,
    crop,
  );
  const el = h("div.frame", { "data-slot": slot, role: "group", label: title }, picture, side);

  let busy = false;
  let failure = "";
  const info = () => /** @type {FrameInfo} */ (draft[`${slot}_frame`]);
  const filled = () => Boolean(info().width || info().url);

  /** @param {Promise<any>} request */
  async function run(request) {
    busy = true;
    failure = "";
    update();
    await request.catch((reason) => {
      failure = reasonText(reason);
    });
    busy = false;
    update();
  }
  /** @param {File} file */
  const send = (file) => run(upload(wire, { kind: "frame", slot, name: file.name }, file));
  /** @param {string} address */
  const fetchLink = (address) => run(wire.request({ kind: "frame_url", slot, url: address }));

  on(picker, "change", () => {
    const file = picker.files?.[0];
    if (file) send(file);
    picker.value = "";
  });
  takeDrops(el, ([file]) => file && send(file), fetchLink);

  function update() {
    const given = info();
    const { name, width, height, url: address, error: refused, crop: offered } = given;
    const there = filled();
    const src = given.thumbnail || offered?.thumbnail;
    const kind = src ? (offered ? "refused" : "image") : there ? "link" : busy ? "busy" : "empty";
    set(picture, { "data-kind": kind });
    const alt = offered ? t("frame.preview") : t("frame.alt", { title, name: name ?? "" });
    refill(picture, [kind, src], () => [
      src
        ? h("img", { src, alt })
        : h("span", { "aria-hidden": true }, kind === "link" ? "URL" : "+"),
    ]);
    const measures = dotted(
      name,
      width && height ? `${width} × ${height}` : "",
      bytes(given.bytes),
    );
    setText(facts, busy ? t("frame.busy") : there ? measures || address || "" : t("frame.drop"));
    set(facts, { title: there ? address || name || null : null });
    remove.hidden = !there;
    link.hidden = there;
    showText(
      crop,
      offered ? t("frame.crop", { width: offered.width, height: offered.height }) : "",
    );
    const own = busy ? "" : failure;
    showText(
      error,
      refused ? translateCode(t, `frame_error.${given.code}`, given.values, refused) : own,
    );
  }
  return { el, update, send, filled, run };
}

/** Take a frame away; the slot says where that fails.
 * @param {import("./wire.js").Wire} wire @param {import("./types.js").Slot} slot */
export const clearFrame = (wire, slot) =>
  wire.request({ kind: "frame_clear", slot }).catch(() => undefined);

/** Take a frame away, or have it made smaller. The slot says where that fails.
 * @param {import("./wire.js").Wire} wire @param {import("./types.js").Slot} slot
 * @param {null | "fitted" | undefined} change */
export async function fixFrame(wire, slot, change) {
  if (change === null) await clearFrame(wire, slot);
  if (change === FITTED) await wire.request({ kind: "frame_fit", slot }).catch(() => undefined);
}
