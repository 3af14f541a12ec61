// References: pictures, clips and sounds, picked, dropped or linked. The kernel checks and keeps
// them; the prompt calls them by their names here.

import { h } from "preact";
import { useRef } from "preact/hooks";
import { lookUp } from "./catalogue.js";
import { Button } from "./components.js";
import { dotted, flag } from "./dom.js";
import { Fold } from "./fold.js";
import { bytes } from "./format.js";
import { translateCode } from "./i18n.js";
import { drops, FilePicker, fileRequests, LinkForm } from "./media_input.js";
import { upload } from "./wire.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").ReferenceInfo} ReferenceInfo */

const KINDS = /** @type {const} */ (["picture", "clip", "sound"]);
const TYPES = "image/jpeg,image/png,image/webp,video/mp4,video/quicktime,audio/*";
/** In place of a picture. @type {Record<string, string>} */
const FACES = { picture: "▦", clip: "▶", sound: "♪" };

/**
 * @param {Studio} studio
 * @param {(name: string) => void} name  what the prompt calls one goes into the prompt
 */
export const referenceSlots = (studio, name) => {
  const requests = fileRequests();
  return { View: () => h(References, { studio, name, requests }) };
};

/**
 * @param {{studio: Studio, name: (name: string) => void,
 *   requests: ReturnType<typeof fileRequests>}} props
 */
function References({ studio: { draft, t, wire }, name, requests }) {
  const { busy, failure, fail, run } = requests;
  const add = useRef(/** @type {HTMLElement | null} */ (null));
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const given = /** @type {ReferenceInfo[]} */ (draft.references ?? []);
  const models = draft.targets.map((one) => lookUp(draft.catalogue, one)?.model.references);
  const taken = models.filter((one) => one != null);
  if (!taken.length && !given.length) return null;

  /** @param {File[]} files */
  const send = (files) =>
    run(...files.map((file) => () => upload(wire, { kind: "reference", name: file.name }, file)));
  const link = (/** @type {string} */ url) =>
    run(() => wire.request({ kind: "reference_url", url }));
  const remove = (/** @type {number} */ at) =>
    run(() => wire.request({ kind: "reference_remove", at })).then(() => add.current?.focus());
  const refused = given.some((one) => one.error === failure.value);
  return h(
    Fold,
    {
      label: t("references.line"),
      what: busy.value ? t("frame.busy") : countsOf(given, taken, t),
      needed: given.some(({ error }) => error) || failure.value !== "",
      ...drops(send, link, fail),
    },
    h(
      "ul",
      { class: "hn-references" },
      given.map((info, at) =>
        h(Item, {
          key: info.called ?? at,
          info,
          wrong: wrongOf(draft, at, t),
          name,
          t,
          remove: () => remove(at),
        }),
      ),
    ),
    h(
      "div",
      { class: "hn-frame-actions" },
      h(
        Button,
        { look: "small", onClick: () => picker.current?.click(), ref: add },
        t("references.add"),
      ),
      h(FilePicker, { field: picker, accept: TYPES, multiple: true, use: send }),
      h(LinkForm, { t, title: t("references"), use: link }),
    ),
    h("p", { class: "hn-field-error", role: "alert" }, refused ? "" : failure.value),
    h("p", { class: "hn-hint" }, t("references.hint")),
  );
}

/**
 * "1 of 9 pictures · 0 of 3 sounds".
 * @param {readonly ReferenceInfo[]} given @param {readonly any[]} taken  by each model
 * @param {import("./types.js").Translate} t
 */
function countsOf(given, taken, t) {
  const most = (/** @type {string} */ kind) => Math.max(0, ...taken.map((one) => one[kind]));
  const parts = KINDS.filter(most).map((kind) => {
    const count = given.filter((one) => one.kind === kind).length;
    return t(`references.${kind}`, { count, most: most(kind) });
  });
  return dotted(...parts, parts.length > 1 && t("references.total", { most: most("total") }));
}

/** What stands against one of them. @param {Studio["draft"]} draft @param {number} at
 * @param {import("./types.js").Translate} t */
const wrongOf = (draft, at, t) =>
  draft.problems
    .filter(({ field }) => field === "references")
    .flatMap(({ code, texts }) =>
      texts
        .filter(({ values }) => values.at === at)
        .map(({ values, message }) => translateCode(t, `problem.${code}`, values, message)),
    );

/**
 * @param {{info: ReferenceInfo, wrong: string[], name: (name: string) => void,
 *   t: import("./types.js").Translate, remove: () => void}} props
 */
function Item({ info, wrong, name, t, remove }) {
  const { kind = "", called, thumbnail: src, width, height, seconds, error, code, values } = info;
  const refused = error ? [translateCode(t, `frame_error.${code}`, values, error)] : wrong;
  const facts = dotted(
    info.name,
    width && height ? `${width} × ${height}` : "",
    seconds ? t("common.seconds", { seconds: Math.round(seconds * 10) / 10 }) : "",
    bytes(info.bytes),
  );
  const naming = called && {
    look: "small quiet",
    "aria-label": t("references.name", { name: called }),
    onClick: () => name(called),
  };
  const title = called ?? info.name;
  return h(
    "li",
    { class: "hn-reference", "data-wrong": flag(refused.length) },
    h(
      "div",
      { class: "hn-frame-picture" },
      src ? h("img", { src, alt: "" }) : h("span", { "aria-hidden": true }, FACES[kind]),
    ),
    h(
      "div",
      { class: "hn-frame-side" },
      naming && h(Button, naming, called),
      h("span", { class: "hn-frame-facts" }, facts),
      refused.map((text) => h("p", { class: "hn-field-error", key: text }, text)),
    ),
    h(
      Button,
      { look: "small", onClick: remove, "aria-label": t("frame.remove", { title }) },
      t("remove"),
    ),
  );
}
