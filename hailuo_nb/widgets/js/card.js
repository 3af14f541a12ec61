// A clip of the board that is near the window: its picture, and what is said of it in three densities.

import { Fragment, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Annotations } from "./annotations.js";
import { factsOf, factsText, progressText, specsText } from "./card_text.js";
import { ActionRow, Confirmation } from "./clip_actions.js";
import { Button, Host, ProgressBar, SimulatedBadge } from "./components.js";
import { flag } from "./dom.js";
import { MenuButton } from "./menu.js";
import { Scores } from "./score_plot.js";
import { ReadStars } from "./stars.js";
import { SETTLED, TROUBLE } from "./states.js";
import { SoundStrip } from "./waveform.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Translate} Translate */
/**
 * What a card needs from its board.
 * @typedef {object} BoardBase
 * @property {import("./types.js").Model} model
 * @property {import("./board_store.js").BoardStore} store
 * @property {import("./wire.js").Wire} wire
 * @property {import("./player.js").Player} player
 * @property {import("./sound.js").Sound} sound
 * @property {import("./clip_source.js").Clips} clips
 * @property {import("./video_loader.js").Loader} loader
 * @property {import("./menu.js").Menu} menu
 * @property {import("./announcer.js").Announcer} announcer
 * @property {Translate} t
 * @property {AbortSignal} signal
 * @property {string[]} actions
 * @property {string} tagList               id of the datalist of tags
 * @property {HTMLElement} root
 * @property {import("./signals.js").Signal<string>} language
 * @property {import("./playback_signals.js").PlaybackSignals} playback
 * @property {import("@preact/signals").Signal<import("preact").ComponentChild>} dialog
 * @property {(id: string) => number} shiftOf  seconds
 */
/**
 * @typedef {BoardBase & import("./board_changes.js").Changes & {vote: import("./vote.js").Vote}} Board
 */
/**
 * What each part of a card is given.
 * @typedef {{board: Board, place: import("./card_place.js").Place,
 *   actions: import("./clip_actions.js").ClipActions, look: import("./card_grid.js").Look}} CardProps
 */

/** @param {CardProps} props */
export function Card(props) {
  const { place, look } = props;
  const clip = place.clip.value;
  if (clip) return h(Fragment, null, h(Media, { ...props, clip }), h(Body, props));
  // The browser's own search finds the prompt, and brings it here.
  return h(
    Fragment,
    null,
    h("h4", { class: "hn-card-title", id: place.id }, place.name.value),
    look.prompts.value && place.row.value.prompt,
  );
}

/** Where there is no room, its long parts are cut: each goes on telling something, the take too.
 * @param {{place: import("./card_place.js").Place}} props */
function Title({ place: { id, name } }) {
  return h(
    "h4",
    { class: "hn-card-title", id, title: name.value },
    name.value
      .split(/(?= · )/)
      .map((part) => h("span", { style: { flexShrink: +(part.length > 12) } }, part)),
  );
}

/** @param {CardProps & {clip: import("./card_video.js").CardVideo}} props */
function Media({ clip, ...props }) {
  const { board, place } = props;
  const row = place.row.value;
  const name = place.name.value;
  const picked = place.picked.value;
  const label = board.t("pick", { clip: name });
  const video = clip.el.value;
  return h(
    Fragment,
    null,
    h(
      "div",
      {
        class: "hn-media",
        "data-clip": clip.status.value.clip || undefined,
        style: { "--hn-aspect": String(clip.ratio.value) },
      },
      h(Poster, { board, row }),
      row.state === "saved" ? h(Loading, { board, clip }) : h(Stage, props),
      video && h(Host, { el: video }),
      row.simulated && h(SimulatedBadge, { t: board.t, class: "hn-sim" }),
      row.state === "saved" &&
        h(
          "button",
          {
            ...{ class: "hn-pick", type: "button", "aria-label": label, title: label },
            ...{ "aria-pressed": Boolean(picked), onClick: () => board.pick(row.id) },
          },
          picked,
        ),
    ),
    row.waveform &&
      h(SoundStrip, {
        ...{ board, id: row.id, waveform: row.waveform, clip: name },
        ...{ video, marked: place.el },
      }),
    !SETTLED.has(row.state) && h(Progress, props),
  );
}

/** The picture while there is no clip. @param {{board: Board, row: Row}} props */
function Poster({ board, row }) {
  const image = useRef(/** @type {HTMLImageElement | null} */ (null));
  useLayoutEffect(() => {
    if (!image.current) return;
    image.current.hidden = true;
    if (row.poster) void board.clips.poster(image.current, row);
  }, [row.poster]);
  return h("img", { ref: image, class: "hn-poster", alt: "" });
}

/** @param {{board: Board, clip: import("./card_video.js").CardVideo}} props */
function Loading({ board: { t }, clip: { status, load } }) {
  const { clip, more } = status.value;
  if (clip !== "loading" && clip !== "failed") return null;
  return h(
    "div",
    { class: "hn-stage" },
    h("span", { class: "hn-stage-text" }, t(`clip.${clip}`)),
    h("span", { class: "hn-stage-more" }, more),
    clip === "failed" && h(Button, { look: "small", onClick: load }, t("clip.retry")),
  );
}

/** Of a clip that is not there: how it goes on, or why not, and what helps. @param {CardProps} props */
function Stage({ board, place, actions, look }) {
  const { t, store } = board;
  const row = place.row.value;
  const { blind } = store.view.value;
  const going = SETTLED.has(row.state) ? null : progressOf(place, look, t);
  const trouble = !blind && (row.error || row.advice);
  return h(
    "div",
    { class: "hn-stage", title: trouble ? `${row.error}\n${row.advice}`.trim() : undefined },
    h("span", { class: "hn-stage-text" }, going?.head ?? t(`state.${row.state}`)),
    going?.more && h("span", { class: "hn-stage-more" }, going.more),
    trouble &&
      h(
        "div",
        { class: "hn-trouble" },
        row.error && h("p", { class: "hn-error-text" }, row.error),
        row.advice && h("p", { class: "hn-advice" }, row.advice),
      ),
    h(ActionRow, { board, place, actions }),
  );
}

/** Read by who follows the clock. @param {import("./card_place.js").Place} place
 * @param {import("./card_grid.js").Look} look @param {Translate} t */
const progressOf = (place, look, t) =>
  progressText(place.row.value, look.now.value, (performance.now() - place.etaSince) / 1000, t);

/** @param {CardProps} props */
function Progress({ board: { t }, place, look }) {
  const { fraction, usual, known, value } = progressOf(place, look, t);
  return h(ProgressBar, {
    ...{ fraction, "aria-labelledby": place.id, "aria-valuetext": value },
    "aria-valuenow": known ? Math.round((fraction ?? 0) * 100) : undefined,
    "data-usual": flag(usual),
  });
}

/** @param {CardProps} props */
function Body(props) {
  const { board, place, actions, look } = props;
  const { t, store } = board;
  const row = place.row.value;
  const blind = look.blind.value;
  const density = look.density.value;
  const full = density === "full";
  const settled = SETTLED.has(row.state);
  const specs = specsText(row, t, {
    blind,
    shift: place.shift.value,
    name: place.name.value,
    varies: full ? null : store.varies.value,
  });
  const facts = blind ? [] : factsOf(row, t);
  const noted = row.rating > 0 || row.note || row.tags.length > 0;
  return h(
    "div",
    { class: "hn-card-body" },
    h(
      "div",
      { class: "hn-card-head" },
      h(Title, { place }),
      density === "clips" &&
        row.rating > 0 &&
        h(ReadStars, { rating: row.rating, text: `★${row.rating}`, t }),
      h(More, props),
    ),
    full &&
      h(
        "div",
        { class: "hn-card-line" },
        h("p", { class: "hn-specs", title: blind ? undefined : row.model }, specs),
        h("span", { class: "hn-state" }, t(`state.${row.state}`)),
      ),
    full && look.prompts.value && h(Prompt, { look, prompt: row.prompt }),
    full && row.state === "saved" && h(ActionRow, { board, place, actions }),
    h(Confirmation, { board, place, actions }),
    h(Host, { el: actions.message }),
    full && facts.length > 0 && h(Facts, { facts, t }),
    density !== "clips" &&
      row.state !== "invalid" &&
      h(
        "div",
        { class: "hn-card-foot" },
        !full &&
          h(
            "p",
            { class: "hn-specs" },
            [specs, !blind && factsText(row, t)].filter(Boolean).join(" · "),
          ),
        (row.state === "saved" || noted) && h(Annotations, { board, row, actions }),
      ),
    full && settled && !TROUBLE.has(row.state) && h(Scores, { board, row }),
    full && !blind && row.notes.length > 0 && h(Notes, { notes: row.notes, t }),
  );
}

/** @param {CardProps} props */
function More({ board, place, actions, look }) {
  if (look.blind.value || actions.items().length === 0) return null;
  return h(
    MenuButton,
    {
      look: "square quiet more",
      "aria-label": board.t("menu", { clip: place.name.value }),
      open: actions.open,
    },
    "⋯",
  );
}

/** The words in which it differs. @param {{look: import("./card_grid.js").Look, prompt: string}} props */
const Prompt = ({ look, prompt }) =>
  h(
    "p",
    { class: "hn-card-prompt", title: prompt },
    look
      .excerpt(prompt)
      .map(({ text, changed }, index) => h(changed ? "mark" : "span", { key: index }, text)),
  );

/** @param {{facts: [string, string][], t: Translate}} props */
const Facts = ({ facts, t }) =>
  h(
    "dl",
    { class: "hn-meta" },
    facts.map(([label, value]) =>
      h("div", { key: label }, h("dt", {}, t(label)), h("dd", {}, value)),
    ),
  );

/** @param {{notes: string[], t: Translate}} props */
const Notes = ({ notes, t }) =>
  h(
    "details",
    { class: "hn-notes" },
    h("summary", {}, t("notes", { count: notes.length })),
    h(
      "ul",
      { class: "hn-note-list" },
      notes.map((note) => h("li", { key: note }, note)),
    ),
  );
