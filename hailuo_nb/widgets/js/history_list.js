// The history: each prompt that was sent, with the picture and stars of its best clip, its version,
// and the words that changed.

import { signal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { targetTitle } from "./catalogue.js";
import { Button } from "./components.js";
import { dotted, flag } from "./dom.js";
import { versionText } from "./version_text.js";

/** @typedef {import("./studio.js").Studio} Studio */
/**
 * @typedef {object} Entry
 * @property {string} key
 * @property {string} prompt
 * @property {string[]} targets
 * @property {string} resolution
 * @property {number} duration
 * @property {string | null} first_frame
 * @property {string | null} last_frame
 * @property {unknown[]} references
 * @property {import("./types.js").Options} options
 * @property {number} clips
 * @property {number} at  Unix seconds
 * @property {number} rating  of the best clip
 * @property {boolean} poster  whether a clip has a picture
 * @property {import("./version_text.js").VersionNote} version
 */

/**
 * One prompt of the history.
 * @param {{studio: Studio, entry: Entry, take: () => void, run: (act: () => Promise<any>) => void}}
 *   props  `run` asks the kernel and says what goes wrong
 */
export function HistoryItem({ studio, entry, take, run }) {
  const { draft, t, wire } = studio;
  const { key, prompt, rating } = entry;
  const takeAll = async () => {
    draft.flush();
    await wire.request({ kind: "recall", key });
    return { message: t("library.taken") };
  };
  const show = async () => {
    const { added: count } = await wire.request({ kind: "show_clips", key });
    return { message: t(count ? "library.shown" : "library.shown.none", { count }) };
  };
  return h(
    "li",
    { class: "hn-library-item hn-history-item" },
    h(Poster, { wire, entry }),
    h(
      "div",
      { class: "hn-history-what" },
      h(Version, { studio, note: entry.version }, rating > 0 && h(Stars, { t, rating })),
      h("p", { class: "hn-library-prompt", title: prompt }, prompt),
      h("p", { class: "hn-hint" }, factsOf(entry, studio)),
    ),
    h(
      "div",
      { class: "hn-library-actions" },
      h(Button, { look: "small", onClick: take }, t("library.take")),
      h(Button, { look: "small quiet", onClick: () => run(takeAll) }, t("library.take_all")),
      h(Button, { look: "small quiet", onClick: () => run(show) }, t("library.show")),
    ),
  );
}

/** @param {{t: import("./types.js").Translate, rating: number}} props */
const Stars = ({ t, rating }) =>
  h(
    "span",
    { class: "hn-history-stars", role: "img", "aria-label": t("library.best", { rating }) },
    "★".repeat(rating),
  );

/**
 * The name of a version, what changed, and the pin of the baseline.
 * @param {{studio: Studio, note: import("./version_text.js").VersionNote, stale?: boolean,
 *   children?: import("preact").ComponentChildren}} props  stale: the kernel reads the prompt now
 */
function Version({ studio: { draft, t }, note, stale = false, children }) {
  const pinned = draft.baseline;
  const { name, lines } = versionText(t, note, pinned);
  const is = note.number !== null && note.number === pinned;
  const number = note.number ?? 0;
  return h(
    "p",
    { class: "hn-version", "data-stale": flag(stale) },
    h("span", { class: "hn-version-name" }, name),
    is && h("span", { class: "hn-badge" }, t("version.baseline")),
    children,
    number > 0 &&
      h(
        Button,
        {
          look: "small quiet pin",
          "aria-label": t(is ? "version.unpin" : "version.pin", { number }),
          onClick: () => draft.pin(is ? 0 : number),
        },
        t(is ? "version.unpin.short" : "version.pin.short"),
      ),
    lines.map(({ lead, changes, rest }) =>
      h(
        "span",
        { class: "hn-version-line", key: lead },
        `${lead} `,
        changes.map(([before, after]) => [
          before && h("del", null, before),
          before && after && " ",
          after && h("ins", null, after),
          " ",
        ]),
        rest,
      ),
    ),
  );
}

/** Of the prompt in the editor, once something was sent. @param {{studio: Studio}} props */
export function VersionLine({ studio }) {
  const { number, parent, baseline, prompt } = studio.draft.version;
  if (!number && !parent) return null;
  const note = { number: number ?? null, parent: parent ?? null, baseline: baseline ?? null };
  const props = { studio, note, stale: prompt !== studio.draft.prompt };
  return h(Version, props);
}

/** Asked for when it comes in sight. @param {{wire: Studio["wire"], entry: Entry}} props */
function Poster({ wire, entry: { key, poster } }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const src = useRef(signal("")).current;
  useEffect(() => {
    if (!poster || !place.current) return;
    const seen = new IntersectionObserver(([one]) => {
      if (!one?.isIntersecting) return;
      seen.disconnect();
      const show = (/** @type {{poster: string}} */ answer) => (src.value = answer.poster);
      wire.request({ kind: "history_poster", key }).then(show, () => undefined);
    });
    seen.observe(place.current);
    return () => seen.disconnect();
  }, [key, poster]);
  return h(
    "span",
    { class: "hn-frame-picture hn-history-poster", ref: place },
    src.value && h("img", { src: src.value, alt: "" }),
  );
}

/** What it was sent with. @param {Entry} entry @param {Studio} studio */
export function factsOf(entry, { draft, t, language }) {
  const { resolution, duration, options, references, clips, targets } = entry;
  const { catalogue } = draft;
  return dotted(
    new Date(entry.at * 1000).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }),
    `${resolution} · ${t("common.seconds", { seconds: duration })}`,
    /** @type {string | null} */ (options.ratio),
    (entry.first_frame || entry.last_frame) && t("library.frames"),
    references.length > 0 && t("library.references", { count: references.length }),
    t("library.clips", { count: clips }),
    targets.map((target) => targetTitle(catalogue, target)).join(", "),
  );
}
