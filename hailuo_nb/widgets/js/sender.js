// Sends a draft: asks where that may be a slip, gives each order one number until it is answered,
// takes it back where the kernel is busy.

import { batch, signal } from "@preact/signals";
import { newId, reasonText } from "./wire.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./plan_text.js").Offer} Offer */
/** @typedef {{text: () => string, yes: () => string, answer: (yes: boolean) => void}} Question */

/** Milliseconds without an answer after which the page says that the kernel may be busy. */
const SLOW = 4000;
/** An order waits so long behind a busy cell; then it is taken back. Milliseconds. */
const PATIENCE = 3_600_000;
/** The second half of a double click must not order everything again, nor order it where the first
 * took it back: Generate is where that button was. Milliseconds. */
const COOLDOWN = 1000;

export class Sender {
  sending = signal(false);
  slow = signal(false);
  failure = signal("");
  /** What is said in place of the status until the next press. */
  notice = signal("");
  /** What a person has to answer first. @type {import("@preact/signals").Signal<Question | null>} */
  question = signal(null);
  resuming = signal(false);
  order = 0;
  timer = 0;

  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
  }

  /** Why nothing at all can be sent now, "" if it can. */
  get against() {
    const { open, t } = this.studio;
    if (!open) return t("blocked.kernel");
    if (this.question.value) return t("blocked.again");
    if (!this.sending.value) return "";
    return t(this.slow.value ? "blocked.slow" : "blocked.sending");
  }

  /**
   * Send the draft with these targets.
   * @param {Offer} offer @param {() => string} price  of it, as far as it is known by now
   */
  async send({ targets, clips }, price) {
    const { draft, wire, t } = this.studio;
    draft.flush();
    const given = { ...draft.value(), targets: [...targets] };
    const about = this.asked();
    const many = clips > draft.ask_above;
    const above = () => t("above", { count: clips, price: price() });
    if (many && !(await this.ask(about, above, () => t("above.yes", { count: clips })))) return;
    batch(() => {
      this.sending.value = true;
      this.failure.value = this.notice.value = "";
    });
    this.watch();
    // One that has no answer is the same order still, also after the page was loaded again.
    this.order = draft.order || newId();
    draft.setOrder(this.order);
    try {
      const answer = await wire.request(
        { kind: "generate", draft: given },
        { id: this.order, within: PATIENCE, ask: (again) => this.askAgain(about, again) },
      );
      if (answer.kind === "withdrawn") this.notice.value = t("common.withdrawn");
      await new Promise((resolve) => setTimeout(resolve, COOLDOWN));
    } catch (error) {
      this.failure.value = reasonText(error);
    }
    clearTimeout(this.timer);
    if (this.failure.value !== "closed" && wire.open) draft.setOrder(0);
    batch(() => {
      this.sending.value = this.slow.value = false;
    });
  }

  withdraw = () => this.studio.wire.withdraw(this.order);

  /** Clips of an earlier kernel come back. */
  resume = async () => {
    if (this.resuming.value) return;
    this.failure.value = this.notice.value = "";
    this.resuming.value = true;
    const failed = (/** @type {unknown} */ error) => {
      this.failure.value = reasonText(error);
    };
    await this.studio.wire.request({ kind: "resume" }).catch(failed);
    this.resuming.value = false;
  };

  /** Say so where the answer does not come soon. */
  watch() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.slow.value = true), SLOW);
  }

  /** What a question is about. */
  asked() {
    return JSON.stringify(this.studio.draft.value());
  }

  /** Whether the same is wanted once more. @param {string} about
   * @param {{count: number, seconds: number}} again */
  async askAgain(about, { count, seconds }) {
    const { t } = this.studio;
    const ago = () =>
      seconds < 90
        ? t("common.seconds", { seconds })
        : t("common.minutes", { minutes: Math.round(seconds / 60) });
    clearTimeout(this.timer);
    this.slow.value = false;
    const wanted = await this.ask(
      about,
      () => t("again", { count, ago: ago() }),
      () => t("again.yes"),
    );
    this.watch();
    return wanted;
  }

  /**
   * The answer is no where the draft is no more what the question is about.
   * @param {string} about @param {() => string} text @param {() => string} yes
   * @returns {Promise<boolean>}
   */
  ask(about, text, yes) {
    const { draft } = this.studio;
    return new Promise((resolve) => {
      const look = () => this.asked() === about || answer(false);
      const answer = (/** @type {boolean} */ wanted) => {
        draft.removeEventListener("change", look);
        this.question.value = null;
        resolve(wanted);
      };
      draft.addEventListener("change", look);
      this.question.value = { text, yes, answer };
      look();
    });
  }
}
