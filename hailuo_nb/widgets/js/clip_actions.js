// The actions on a clip: confirms what costs or destroys, asks the kernel, shows the result.

import { copyText } from "./clipboard.js";
import { button, h, refill, replace, showText } from "./dom.js";
import { promotion } from "./promote.js";
import { copyPicture, fileName, frameOf, save } from "./saving.js";
import { cardActions, menuActions } from "./states.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */
/**
 * @typedef {{message: HTMLElement, confirm: HTMLElement, actionRow: HTMLElement, menu:
 *   HTMLElement}} Places
 */

/** They destroy something, or are charged once more. */
const NEEDS_CONFIRMATION = new Set(["delete", "send_again", "cancel_task", "regenerate"]);

/** @param {Board} board @param {() => {row: Row, name: string}} card @param {Places} places */
export function clipActions(board, card, { message, confirm, actionRow, menu }) {
  const { t, wire, announcer, clips } = board;
  const nameOf = (/** @type {string} */ action) => t(`action.${action}`);

  /** Actions that do more than ask the kernel. @type {Record<string, () => Promise<unknown>>} */
  const special = {
    async open() {
      const link = await clips.openable(card().row).catch(() => "");
      if (link) window.open(link, "_blank", "noopener");
      else showText(message, t("clip.failed"));
    },
    async download() {
      const link = await clips.openable(card().row).catch(() => "");
      if (link) save(link, fileName(card().name, "clip"), false);
      else showText(message, t("clip.failed"));
    },
    async copy_frame() {
      const video = videoOf();
      if (!video) return;
      const picture = frameOf(video);
      const copied = await copyPicture(picture);
      try {
        const blob = await picture;
        if (!copied) save(URL.createObjectURL(blob), fileName(card().name, "frame"));
        showText(message, t(copied ? "done.copy_frame" : "frame.saved"));
      } catch {
        showText(message, t("frame.unreadable"));
      }
      announcer.say(message.textContent ?? "");
    },
    async python() {
      const answer = await request("python");
      if (!answer) return;
      await copyText(message, answer.text, nameOf("python"), t("done.python"));
      announcer.say(t("done.python"));
    },
    async promote() {
      const answer = await request("promotions");
      if (!answer) return;
      const chosen = await promotion(board, card().row, answer.options);
      menu.focus();
      if (chosen) await request("promote", chosen);
    },
  };

  /** The video of the card, once it shows a picture. */
  function videoOf() {
    const video = menu.closest(".hn-card")?.querySelector("video");
    return video && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? video : null;
  }

  function items() {
    const { row } = card();
    const actions = [
      ...(row.state === "saved" ? ["open", "download"] : []),
      ...(videoOf() ? ["copy_frame"] : []),
      ...menuActions(row, board.actions),
    ];
    return actions.map((action) => ({
      label: nameOf(action),
      run: () => run(action),
      danger: NEEDS_CONFIRMATION.has(action),
    }));
  }

  /** @param {string} action */
  async function run(action) {
    if (!NEEDS_CONFIRMATION.has(action) || (await confirmed(action)))
      await (special[action] ?? (() => request(action)))();
  }

  /**
   * Ask the kernel; the answer, or null where it refused, which is then said on the card.
   * @param {string} action @param {Record<string, any>} [content]
   */
  async function request(action, content) {
    showText(message, t("asking"));
    try {
      const answer = await wire.request({ kind: "action", action, job: card().row.id, ...content });
      showText(message, answer.kind === "withdrawn" ? t("common.withdrawn") : "");
      const done = `done.${action}`;
      if (t(done) !== done) announcer.say(t(done));
      return answer;
    } catch (reason) {
      const text = reasonText(reason);
      if (text !== "closed") showText(message, text);
      announcer.say(text);
      return null;
    }
  }

  /** Yes or no, in the card itself. @param {string} action @returns {Promise<boolean>} */
  function confirmed(action) {
    return new Promise((resolve) => {
      const answer = (/** @type {boolean} */ yes) => () => {
        confirm.hidden = true;
        replace(confirm);
        menu.focus();
        resolve(yes);
      };
      const no = button(".small", t("confirm.no"), answer(false));
      const yes = button(".small.danger", nameOf(action), answer(true));
      const { cancelling, regenerating } = card().row;
      const price = (action === "regenerate" ? regenerating : cancelling) || t("confirm.no_price");
      replace(confirm, h("p", t(`confirm.${action}`, { price })), h("div.row", no, yes));
      confirm.onkeydown = (event) => {
        if (event.key === "Escape") answer(false)();
      };
      confirm.hidden = false;
      no.focus();
    });
  }

  return {
    request,
    open: () => board.menu.open(menu, t("menu", { clip: card().name }), items),
    /** The actions that the state asks for stand on the card. @param {boolean} hidden */
    update(hidden) {
      const actions = hidden ? [] : cardActions(card().row, board.actions);
      menu.hidden = hidden || items().length === 0;
      refill(actionRow, actions, () =>
        actions.map((action) =>
          button(".small", nameOf(action), () => run(action), { "data-action": action }),
        ),
      );
      actionRow.hidden = actions.length === 0;
    },
  };
}
