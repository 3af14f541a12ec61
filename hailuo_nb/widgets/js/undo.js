// The history of a text: every write is a step, whether typed or put there by a button or the kernel.
// Our own, as the browser forgets its history, or replays it in wrong places, once a script writes.

/** @typedef {{text: string, start: number, end: number}} Moment  a text and its selection */

/** Letters typed without such a pause are one step. Milliseconds. */
const PAUSE = 700;
const MAX_STEPS = 500;

export class UndoStack {
  /** @param {string} text */
  constructor(text) {
    /** @type {Moment[]} */
    this.moments = [{ text, start: text.length, end: text.length }];
    this.at = 0;
    this.last = { kind: "", time: 0 };
  }

  /**
   * Keep what stands there now.
   * @param {Moment} moment
   * @param {string} kind  writes of one kind in quick succession are one step; "" stands alone
   * @param {number} time  milliseconds
   */
  record(moment, kind, time) {
    const now = /** @type {Moment} */ (this.moments[this.at]);
    if (moment.text === now.text) {
      this.moments[this.at] = moment; // where the caret stands before the next change
      return;
    }
    const joined = kind !== "" && kind === this.last.kind && time - this.last.time < PAUSE;
    this.moments.length = this.at + 1;
    if (!joined || this.at === 0) this.moments.push(moment);
    else this.moments[this.at] = moment;
    if (this.moments.length > MAX_STEPS) this.moments.shift();
    this.at = this.moments.length - 1;
    this.last = { kind, time };
  }

  /** One step back (-1) or forth (1); null at the end. @param {number} by @returns {Moment | null} */
  step(by) {
    const found = this.moments[this.at + by];
    if (!found) return null;
    this.at += by;
    this.last = { kind: "", time: 0 };
    return found;
  }
}
