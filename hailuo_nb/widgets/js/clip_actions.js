// The actions on a clip: confirms what costs or destroys, asks the kernel, shows the result.

import { signal } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { copyText } from "./clipboard.js";
import { Button } from "./components.js";
import { element, showText } from "./dom.js";
import { listPrice } from "./format.js";
import { promotion } from "./promote.js";
import { copyPicture, fileName, frameOf, save } from "./saving.js";
import { cardActions, menuActions } from "./states.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./card.js").Board} Board */
/** @typedef {import("./card_place.js").Place} Place */
/** @typedef {ReturnType<typeof clipActions>} ClipActions */

/** They destroy something, or are charged once more. */
const NEEDS_CONFIRMATION = new Set(["delete", "send_again", "cancel_task", "regenerate"]);
/** What they do is seen in the studio, which may be out of sight. */
const IN_THE_STUDIO = new Set(["settings", "last_frame"]);

/** @param {Board} board @param {Place} place */
export function clipActions(board, place) {
  const { t, wire, announcer, clips } = board;
  /** What is made by the press that names it says what it costs. */
  const nameOf = (/** @type {string} */ action) =>
    t(`action.${action}`, { price: listPrice(place.row.peek(), t) });
  /** What becomes of a request; an element, as it may hold a text to copy. */
  const message = element("p", "hn-message");
  message.hidden = true;
  /** @type {import("@preact/signals").Signal<{action: string, answer: (yes: boolean) => void} | null>} */
  const asked = signal(null);
  const focusMenu = () =>
    /** @type {HTMLElement | null} */ (place.el.querySelector(".hn-more"))?.focus();

  /** Actions that do more than ask the kernel. @type {Record<string, (action: string) => Promise<any>>} */
  const special = {
    async open() {
      const link = await linkOfClip();
      if (link) window.open(link, "_blank", "noopener");
    },
    async download() {
      const link = await linkOfClip();
      if (link) save(link, fileName(place.name.peek(), "clip"), false);
    },
    async copy_frame() {
      const video = videoOf();
      if (!video) return;
      const picture = frameOf(video);
      const copied = await copyPicture(picture);
      try {
        const blob = await picture;
        if (!copied) save(URL.createObjectURL(blob), fileName(place.name.peek(), "frame"));
        showText(message, t(copied ? "done.copy_frame" : "frame.saved"));
      } catch {
        showText(message, t("frame.unreadable"));
      }
      announcer.say(message.textContent ?? "");
    },
    async promote() {
      const answer = await request("promotions");
      if (!answer) return;
      const chosen = await promotion(board, place.row.peek(), answer.options);
      focusMenu();
      if (chosen) await request("promote", chosen);
    },
  };

  /** A link to the clip; "" where it has none, which is then said on the card. */
  async function linkOfClip() {
    const link = await clips.openable(place.row.peek()).catch(() => "");
    if (!link) showText(message, t("clip.failed"));
    return link;
  }

  /** The video of the card, once it shows a picture. */
  function videoOf() {
    const { video } = place;
    return video && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? video : null;
  }

  /** Of the menu. */
  const items = () =>
    [
      ...(place.row.value.state === "saved" ? ["open", "download"] : []),
      ...(videoOf() ? ["copy_frame"] : []),
      ...menuActions(place.row.value, board.actions),
    ].map((action) => ({
      label: nameOf(action),
      run: () => void run(action),
      danger: NEEDS_CONFIRMATION.has(action),
    }));

  /** @param {string} action */
  async function run(action) {
    if (NEEDS_CONFIRMATION.has(action) && !(await confirmed(action))) return;
    const text = (await (special[action] ?? request)(action))?.text;
    if (!text) return;
    await copyText(message, text, nameOf(action), t(`copied.${action}`));
    announcer.say(message.textContent ?? "");
  }

  /**
   * Ask the kernel; the answer, or null where it refused, which is then said on the card.
   * @param {string} action @param {Record<string, any>} [content]
   */
  async function request(action, content) {
    showText(message, t("asking"));
    try {
      const job = place.row.peek().id;
      const answer = await wire.request({ kind: "action", action, job, ...content });
      const key = `done.${action}`;
      const done = !answer.text && t(key) !== key ? t(key) : "";
      const shown = IN_THE_STUDIO.has(action) ? done : "";
      showText(message, answer.kind === "withdrawn" ? t("common.withdrawn") : shown);
      if (done) announcer.say(done);
      return answer;
    } catch (reason) {
      const text = reasonText(reason);
      if (text !== "closed") showText(message, text);
      announcer.say(text);
      return null;
    }
  }

  /** Yes or no, in the card itself. @param {string} action @returns {Promise<boolean>} */
  const confirmed = (action) =>
    new Promise((resolve) => {
      asked.peek()?.answer(false);
      asked.value = {
        action,
        answer(yes) {
          asked.value = null;
          focusMenu();
          resolve(yes);
        },
      };
    });

  return {
    message,
    asked,
    items,
    run,
    request,
    nameOf,
    get busy() {
      return asked.peek() !== null || !message.hidden;
    },
    /** @param {HTMLElement} button */
    open: (button) => board.menu.open(button, t("menu", { clip: place.name.peek() }), items),
  };
}

/** What the state asks for. @param {{board: Board, place: Place, actions: ClipActions}} props */
export function ActionRow({ board, place, actions }) {
  const shown = board.store.view.value.blind ? [] : cardActions(place.row.value, board.actions);
  if (shown.length === 0) return null;
  return h(
    "div",
    { class: "hn-row" },
    shown.map((action) =>
      h(
        Button,
        {
          ...{ key: action, look: "small", "data-action": action },
          onClick: () => void actions.run(action),
        },
        actions.nameOf(action),
      ),
    ),
  );
}

/** Asks before what costs or destroys. @param {{board: Board, place: Place, actions: ClipActions}} props */
export function Confirmation({ board: { t }, place, actions }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const asked = actions.asked.value;
  // The first button takes nothing.
  useLayoutEffect(() => box.current?.querySelector("button")?.focus(), [asked]);
  if (!asked) return null;
  const { action, answer } = asked;
  const { cancelling, regenerating } = place.row.value;
  const price = (action === "regenerate" ? regenerating : cancelling) || t("confirm.no_price");
  return h(
    "div",
    {
      ref: box,
      class: "hn-confirm",
      role: "group",
      "aria-label": t("confirm"),
      onKeyDown: (/** @type {KeyboardEvent} */ { key }) => key === "Escape" && answer(false),
    },
    h("p", {}, t(`confirm.${action}`, { price })),
    h(
      "div",
      { class: "hn-row" },
      h(Button, { look: "small", onClick: () => answer(false) }, t("confirm.no")),
      h(Button, { look: "small danger", onClick: () => answer(true) }, actions.nameOf(action)),
    ),
  );
}
