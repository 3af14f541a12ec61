// What can be done with a clip: asks the kernel, confirms what costs or destroys, says how it went.
// Knows the acts by name; what they do is actions.py's.

import { h, replace, showText } from "./dom.js";
import { promotion } from "./promote.js";
import { handyActs, menuActs } from "./states.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */
/** @typedef {{told: HTMLElement, confirm: HTMLElement, handy: HTMLElement, menu: HTMLElement}} Places */

/** Asked twice: they destroy, or may be paid twice. */
const GRAVE = new Set(["delete", "send_again"]);

export class Acts {
  /** @param {Board} board @param {() => Row} row @param {Places} places */
  constructor(board, row, places) {
    this.board = board;
    this.row = row;
    this.places = places;
    this.handyShown = "";
  }

  /** The acts that the state asks for stand on the card. @param {boolean} hidden */
  update(hidden) {
    const { board, places } = this;
    const acts = hidden ? [] : handyActs(this.row(), board.acts);
    const text = acts.join(" ");
    places.menu.hidden = hidden || board.acts.length === 0 || this.items().length === 0;
    if (text === this.handyShown) return;
    this.handyShown = text;
    const button = (/** @type {string} */ act) =>
      h("button.hn-button.hn-small", { data: { act }, on: { click: () => void this.run(act) } }, board.t(`board.act.${act}`));
    replace(places.handy, ...acts.map(button));
    places.handy.hidden = acts.length === 0;
  }

  items() {
    const { t, acts } = this.board;
    const row = this.row();
    const item = (/** @type {string} */ act) => ({ label: t(`board.act.${act}`), run: () => void this.run(act), danger: GRAVE.has(act) });
    const items = menuActs(row, acts).map(item);
    if (row.state === "saved") items.unshift(item("open"));
    return items;
  }

  openMenu() {
    const { t, menu } = this.board;
    menu.open(this.places.menu, t("board.menu", { clip: this.name() }), () => this.items());
  }

  name() {
    const row = this.row();
    return row.provider_title || row.provider;
  }

  /** @param {string} act */
  async run(act) {
    if (GRAVE.has(act) && !(await this.confirm(act))) return;
    if (act === "open") await this.open();
    else if (act === "python") await this.copy();
    else if (act === "promote") await this.promote();
    else await this.ask(act);
  }

  /**
   * Ask the kernel; the answer, or null where it refused, which is then said on the card.
   * @param {string} act @param {Record<string, any>} [content] @param {string} [done]  what to say in the end
   */
  async ask(act, content = {}, done = `board.done.${act}`) {
    const { t, wire, announcer } = this.board;
    showText(this.places.told, t("board.asking"));
    try {
      const answer = await wire.ask({ kind: "act", act, job: this.row().id, ...content });
      showText(this.places.told, "");
      const text = t(done);
      if (text !== done) announcer.say(text);
      return answer;
    } catch (reason) {
      const text = reason instanceof Error ? reason.message : String(reason);
      if (text !== "closed") showText(this.places.told, text);
      announcer.say(text);
      return null;
    }
  }

  /** Yes or no, in the card itself. @param {string} act @returns {Promise<boolean>} */
  confirm(act) {
    const { t } = this.board;
    const place = this.places.confirm;
    return new Promise((resolve) => {
      const answer = (/** @type {boolean} */ yes) => () => {
        place.hidden = true;
        replace(place);
        this.places.menu.focus();
        resolve(yes);
      };
      const no = h("button.hn-button.hn-small", { on: { click: answer(false) } }, t("board.confirm.no"));
      const yes = h("button.hn-button.hn-small.hn-danger", { on: { click: answer(true) } }, t(`board.act.${act}`));
      replace(place, h("p", {}, t(`board.confirm.${act}`)), h("div.hn-row", {}, no, yes));
      place.onkeydown = (event) => {
        if (event.key === "Escape") answer(false)();
      };
      place.hidden = false;
      no.focus();
    });
  }

  async open() {
    const link = await this.board.clips.openable(this.row()).catch(() => "");
    if (link) window.open(link, "_blank", "noopener");
    else showText(this.places.told, this.board.t("board.clip.failed"));
  }

  async copy() {
    const answer = await this.ask("python");
    if (!answer) return;
    const { t, announcer } = this.board;
    try {
      await navigator.clipboard.writeText(answer.text);
      showText(this.places.told, t("board.done.python"));
    } catch {
      // Pages without https may not write the clipboard: show the text, chosen, to copy by hand.
      const text = h("textarea.hn-note.hn-code", { rows: 8, readonly: true, "aria-label": t("board.act.python") }, answer.text);
      replace(this.places.told, text);
      this.places.told.hidden = false;
      text.select();
    }
    announcer.say(t("board.done.python"));
  }

  async promote() {
    const answer = await this.ask("promotions");
    if (!answer) return;
    const chosen = await promotion(this.board, this.row(), answer.options);
    this.places.menu.focus();
    if (chosen) await this.ask("promote", chosen);
  }
}
