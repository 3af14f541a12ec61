// What can be done with a clip: asks the kernel, confirms what costs or destroys, says how it went.
// Knows the acts by name; what they do is actions.py's.

import { copyText } from "./copy.js";
import { button, h, refill, replace, showText } from "./dom.js";
import { promotion } from "./promote.js";
import { handyActs, menuActs } from "./states.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */
/** @typedef {{told: HTMLElement, confirm: HTMLElement, handy: HTMLElement, menu: HTMLElement}} Places */

/** Asked twice: they destroy, or may be paid twice. */
const GRAVE = new Set(["delete", "send_again"]);

/** @param {Board} board @param {() => {row: Row, name: string}} card @param {Places} places */
export function clipActs(board, card, { told, confirm, handy, menu }) {
  const { t, wire, announcer, clips } = board;
  const nameOf = (/** @type {string} */ act) => t(`act.${act}`);

  /** Acts that are more than a question to the kernel. @type {Record<string, () => Promise<unknown>>} */
  const special = {
    async open() {
      const link = await clips.openable(card().row).catch(() => "");
      if (link) window.open(link, "_blank", "noopener");
      else showText(told, t("clip.failed"));
    },
    async python() {
      const answer = await ask("python");
      if (!answer) return;
      await copyText(told, answer.text, nameOf("python"), t("done.python"));
      announcer.say(t("done.python"));
    },
    async promote() {
      const answer = await ask("promotions");
      if (!answer) return;
      const chosen = await promotion(board, card().row, answer.options);
      menu.focus();
      if (chosen) await ask("promote", chosen);
    },
  };

  function items() {
    const { row } = card();
    const acts = [...(row.state === "saved" ? ["open"] : []), ...menuActs(row, board.acts)];
    return acts.map((act) => ({ label: nameOf(act), run: () => run(act), danger: GRAVE.has(act) }));
  }

  /** @param {string} act */
  async function run(act) {
    if (!GRAVE.has(act) || (await sure(act))) await (special[act] ?? (() => ask(act)))();
  }

  /**
   * Ask the kernel; the answer, or null where it refused, which is then said on the card.
   * @param {string} act @param {Record<string, any>} [content]
   */
  async function ask(act, content) {
    showText(told, t("asking"));
    try {
      const answer = await wire.ask({ kind: "act", act, job: card().row.id, ...content });
      showText(told, "");
      const done = `done.${act}`;
      if (t(done) !== done) announcer.say(t(done));
      return answer;
    } catch (reason) {
      const text = reasonText(reason);
      if (text !== "closed") showText(told, text);
      announcer.say(text);
      return null;
    }
  }

  /** Yes or no, in the card itself. @param {string} act @returns {Promise<boolean>} */
  function sure(act) {
    return new Promise((resolve) => {
      const answer = (/** @type {boolean} */ yes) => () => {
        confirm.hidden = true;
        replace(confirm);
        menu.focus();
        resolve(yes);
      };
      const no = button(".small", t("confirm.no"), answer(false));
      const yes = button(".small.danger", nameOf(act), answer(true));
      replace(confirm, h("p", t(`confirm.${act}`)), h("div.row", no, yes));
      confirm.onkeydown = (event) => {
        if (event.key === "Escape") answer(false)();
      };
      confirm.hidden = false;
      no.focus();
    });
  }

  return {
    ask,
    open: () => board.menu.open(menu, t("menu", { clip: card().name }), items),
    /** The acts that the state asks for stand on the card. @param {boolean} hidden */
    update(hidden) {
      const acts = hidden ? [] : handyActs(card().row, board.acts);
      menu.hidden = hidden || board.acts.length === 0 || items().length === 0;
      refill(handy, acts, () =>
        acts.map((act) => button(".small", nameOf(act), () => run(act), { "data-act": act })),
      );
      handy.hidden = acts.length === 0;
    },
  };
}
