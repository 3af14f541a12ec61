// References: pictures, clips and sounds, dropped, picked or linked. The kernel checks and keeps
// them; the prompt calls them by their names here.

import { lookUp } from "./catalogue.js";
import { button, dotted, h, on, refill, setText, showText } from "./dom.js";
import { bytes } from "./format.js";
import { translateCode } from "./i18n.js";
import { linkForm, takeDrops } from "./media_input.js";
import { reasonText, upload } from "./wire.js";

/** @typedef {import("./types.js").ReferenceInfo} ReferenceInfo */
/** @typedef {import("./types.js").Problem} Problem */

const KINDS = /** @type {const} */ (["picture", "clip", "sound"]);
const TYPES = "image/jpeg,image/png,image/webp,video/mp4,video/quicktime,audio/*";

/**
 * @param {import("./studio.js").Studio} studio
 * @param {(name: string) => void} name  what the prompt calls one goes into the prompt
 */
export function referenceSlots({ draft, t, wire }, name) {
  const counts = h("p.hint");
  const list = h("ul.references");
  const error = h("p.field-error", { role: "alert" });
  const label = t("references.add");
  const picker = h("input.sr", { type: "file", accept: TYPES, multiple: true, label });
  const pick = h("label.button.small", picker, label);
  const link = linkForm(t, t("references"), async (address) => {
    await add(address);
    return !failure;
  });
  const foot = h("div.frame-actions", pick, link);
  const el = h(
    "fieldset.block",
    h("legend.label", t("references")),
    counts,
    list,
    foot,
    error,
    h("p.hint", t("references.hint")),
  );
  let failure = "";
  let busy = false;
  const infos = () => /** @type {ReferenceInfo[]} */ (draft.references ?? []);

  /** One after another, as the kernel joins few files at once. @param {(() => Promise<any>)[]} acts */
  async function run(acts) {
    busy = true;
    failure = "";
    update();
    for (const act of acts)
      await act().catch((reason) => {
        failure = reasonText(reason);
      });
    busy = false;
    update();
  }
  /** @param {Iterable<File>} files */
  const send = (files) =>
    run([...files].map((file) => () => upload(wire, { kind: "reference", name: file.name }, file)));
  /** @param {string} address */
  const add = (address) => run([() => wire.request({ kind: "reference_url", url: address })]);

  on(picker, "change", () => {
    void send(picker.files ?? []).then(() => picker.focus());
    picker.value = "";
  });
  takeDrops(el, send, add);

  /** @param {ReferenceInfo} info @param {number} at @param {string[]} wrong */
  function item(info, at, wrong) {
    const { kind, called, thumbnail: src, width, height, seconds, code, values } = info;
    const title = called ?? info.name;
    const facts = dotted(
      info.name,
      width && height ? `${width} × ${height}` : "",
      seconds ? t("common.seconds", { seconds: Math.round(seconds * 10) / 10 }) : "",
      bytes(info.bytes),
    );
    const refused = info.error
      ? [translateCode(t, `frame_error.${code}`, values, info.error)]
      : wrong;
    const remove = () =>
      run([() => wire.request({ kind: "reference_remove", at })]).then(() => picker.focus());
    const face = src
      ? h("img", { src, alt: "" })
      : h("span", { "aria-hidden": true }, FACES[kind ?? ""]);
    return h(
      "li.reference",
      { "data-wrong": refused.length > 0 },
      h("div.frame-picture", face),
      h(
        "div.frame-side",
        called &&
          button(".small.quiet", called, () => name(called), {
            label: t("references.name", { name: called }),
          }),
        h("span.frame-facts", facts),
        refused.map((text) => h("p.field-error", text)),
      ),
      button(".small", t("remove"), remove, { label: t("frame.remove", { title }) }),
    );
  }

  function update() {
    const models = /** @type {string[]} */ (draft.targets).map(
      (target) => lookUp(draft.catalogue, target)?.model.references,
    );
    const taken = models.filter((one) => one != null);
    const given = infos();
    el.hidden = !taken.length && !given.length;
    const most = (/** @type {typeof KINDS[number] | "total"} */ kind) =>
      Math.max(0, ...taken.map((one) => one[kind]));
    const parts = KINDS.filter((kind) => most(kind)).map((kind) =>
      t(`references.${kind}`, {
        count: given.filter((one) => one.kind === kind).length,
        most: most(kind),
      }),
    );
    if (parts.length > 1) parts.push(t("references.total", { most: most("total") }));
    setText(counts, busy ? t("frame.busy") : parts.join(" · "));
    const of = draft.problems.filter(({ field }) => field === "references");
    const wrong = given.map((_, at) =>
      of.flatMap(({ code, texts }) =>
        texts
          .filter(({ values }) => values.at === at)
          .map(({ values, message }) => translateCode(t, `problem.${code}`, values, message)),
      ),
    );
    refill(list, [given, wrong], () => given.map((info, at) => item(info, at, wrong[at] ?? [])));
    // One that was refused says so itself.
    showText(error, given.some((one) => one.error === failure) ? "" : failure);
  }
  return { el, update };
}

/** In place of a picture. @type {Record<string, string>} */
const FACES = { picture: "▦", clip: "▶", sound: "♪" };

/** Take all references away, or those that are not taken. @param {import("./wire.js").Wire} wire
 * @param {null | "fitted" | undefined} change */
export async function fixReferences(wire, change) {
  if (change === undefined) return;
  const kind = change === null ? "reference_remove" : "reference_fit";
  await wire.request({ kind }).catch(() => undefined);
}
