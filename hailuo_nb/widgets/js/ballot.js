// A ballot in a page on disk: two clips at a time without names, an answer, and the votes as a file.
// pages/ballot_page.py writes that page.

import { computed, signal } from "@preact/signals";
import { h, render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { fileText, KEYS, outcomeOf, sharedPrompt, sidesOf } from "./ballot_votes.js";
import { copyText } from "./clipboard.js";
import { Button, Choice, ProgressBar } from "./components.js";
import { prefersReducedMotion } from "./dom.js";
import { LANGUAGES, pickLanguage, translator } from "./i18n.js";
import { save } from "./saving.js";

/** @typedef {import("./ballot_votes.js").Answer} Answer */
/** @typedef {import("./ballot_votes.js").Outcome} Outcome */

const FILE = "votes.json";

/** @type {import("./ballot_votes.js").Ballot} */
const ballot = JSON.parse(document.getElementById("hn-data")?.textContent ?? "");
const sides = sidesOf(ballot, Math.random);
const answers = signal(/** @type {readonly Answer[]} */ ([]));
/** How many are in a file or on the clipboard. */
const kept = signal(0);
const rater = signal("");
/** The key of what is said below. */
const note = signal("");
/** Counts how often the clips were asked to play. */
const turn = signal(0);
const language = signal(pickLanguage(navigator.language));
const words = computed(() => translator(hnMessages, language.value));
/** @type {import("./types.js").Translate} */
const t = (key, values) => words.value(key, values);

/** @param {Outcome} outcome */
function answer(outcome) {
  if (answers.value.length >= sides.length) return;
  answers.value = [...answers.value, { outcome, at: Date.now() / 1000 }];
  note.value = "";
}

function undo() {
  answers.value = answers.value.slice(0, -1);
  kept.value = 0;
  note.value = "";
}

/** The votes as text; "" without a name, which is asked for. */
function written() {
  const name = rater.value.trim();
  if (name) return fileText(ballot, sides, answers.value, name);
  note.value = "name.missing";
  /** @type {HTMLInputElement | null} */ (document.querySelector("#hn-name"))?.focus();
  return "";
}

function saveFile() {
  const text = written();
  if (!text) return;
  save(URL.createObjectURL(new Blob([text], { type: "application/json" })), FILE);
  kept.value = answers.value.length;
  note.value = "saved";
}

const links = /** @type {Map<number, string>} */ (new Map());

/** A clip as a link of this page; browsers seek in a blob as in a file. @param {number} index */
function linkOf(index) {
  const known = links.get(index);
  if (known) return known;
  const held = document.querySelector(`[data-clip="${index}"]`)?.textContent ?? "";
  const bytes = Uint8Array.from(atob(held), (one) => one.charCodeAt(0));
  const link = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  links.set(index, link);
  return link;
}

/** Both clips, in step from their start, again and again. @param {{pair: [number, number]}} props */
function Stage({ pair }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [left, right] = pair;
  useEffect(() => {
    const videos = [...(place.current?.querySelectorAll("video") ?? [])];
    const start = () => {
      for (const video of videos) {
        video.currentTime = 0;
        video.play().catch(() => undefined); // a browser may refuse, or the next pair is there
      }
    };
    const again = () => {
      if (videos.every(({ ended }) => ended)) start();
    };
    const until = new AbortController();
    for (const video of videos) video.addEventListener("ended", again, { signal: until.signal });
    if (turn.value || !prefersReducedMotion()) start();
    return () => until.abort();
  }, [left, right, turn.value]);
  return h(
    "div",
    { class: "hn-stage", ref: place },
    h(Clip, { key: `left ${left}`, index: left, name: t("left") }),
    h(Clip, { key: `right ${right}`, index: right, name: t("right") }),
  );
}

/** @param {{index: number, name: string}} props */
const Clip = ({ index, name }) =>
  h(
    "figure",
    {},
    h("video", {
      src: linkOf(index),
      muted: true,
      playsInline: true,
      preload: "auto",
      "aria-label": name,
      onError: () => (note.value = "broken"),
    }),
    h("figcaption", {}, name),
  );

/** @param {{pair: [number, number]}} props */
function Question({ pair }) {
  const prompt = sharedPrompt(ballot, pair);
  return h(
    "section",
    { "aria-label": t("question") },
    h("p", { class: "hn-prompt", title: prompt }, prompt && t("prompt", { prompt })),
    h(Stage, { pair }),
    h(
      "div",
      { class: "hn-answers", role: "group", "aria-label": t("question") },
      KEYS.map(([outcome, [key]]) =>
        h(Button, { key, onClick: () => answer(outcome) }, t(outcome), h("kbd", {}, key)),
      ),
    ),
  );
}

function Page() {
  const done = answers.value.length;
  const pair = sides[done];
  const copied = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.documentElement.lang = language.value;
  }, [language.value]);
  const copy = () => {
    const text = written();
    if (!text || !copied.current) return;
    note.value = "";
    kept.value = done;
    void copyText(copied.current, text, FILE, t("copied"));
  };
  return h(
    "div",
    { class: "hn hn-ballot" },
    h(
      "header",
      {},
      h("h1", {}, t("title")),
      ballot.title && h("span", { class: "hn-soft" }, ballot.title),
      h(Choice, {
        label: t("language"),
        name: "language",
        choices: Object.entries(LANGUAGES),
        value: language.value,
        choose: (code) => (language.value = code),
      }),
    ),
    h("p", { class: "hn-soft" }, t("about")),
    h(
      "div",
      { class: "hn-status" },
      h("span", { role: "status" }, pair ? at(done) : t("votes", { count: done })),
      h(ProgressBar, { fraction: done / sides.length, "aria-label": t("question") }),
      h(
        Button,
        { look: "small", onClick: undo, disabled: !done },
        t("undo"),
        h("kbd", {}, "Backspace"),
      ),
      h(
        Button,
        { look: "small", onClick: () => (turn.value += 1), disabled: !pair },
        t("replay"),
        h("kbd", {}, "R"),
      ),
    ),
    pair ? h(Question, { pair }) : h("p", { class: "hn-done" }, t("done"), " ", t("next")),
    h(
      "footer",
      {},
      h(
        "label",
        {},
        t("name"),
        h("input", {
          id: "hn-name",
          value: rater.value,
          maxLength: 60,
          autoComplete: "name",
          onInput: (/** @type {any} */ { currentTarget }) => {
            rater.value = currentTarget.value;
            kept.value = 0;
          },
          // The digits are answers again once the name is written.
          onKeyDown: (/** @type {any} */ { key, isComposing, currentTarget }) => {
            if ((key === "Enter" || key === "Escape") && !isComposing) currentTarget.blur();
          },
        }),
      ),
      h(Button, { look: pair ? "" : "primary", onClick: saveFile, disabled: !done }, t("save")),
      h(Button, { look: "quiet", onClick: copy, disabled: !done }, t("copy")),
      pair && done > 0 && h("span", { class: "hn-soft" }, t("votes", { count: done })),
    ),
    note.value && h("p", { class: "hn-message", role: "alert" }, t(note.value)),
    h("div", { ref: copied, class: "hn-copied", role: "status", hidden: true }),
  );
}

const at = (/** @type {number} */ done) => t("at", { number: done + 1, count: sides.length });

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const outcome = outcomeOf(event.key);
  if (outcome) answer(outcome);
  else if (event.key === "Backspace") undo();
  else if (event.key.toLowerCase() === "r") turn.value += 1;
  else return;
  event.preventDefault();
});
window.addEventListener("beforeunload", (event) => {
  if (answers.value.length > kept.value) event.preventDefault();
});

const place = /** @type {HTMLElement} */ (document.getElementById("hn-ballot"));
place.replaceChildren();
render(h(Page, {}), place);
