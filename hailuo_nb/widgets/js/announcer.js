// One polite live region for screen readers, with at most one message in two seconds.

import { h, on } from "./dom.js";

const PAUSE = 2000;

export class Announcer {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.el = h("div.sr", { role: "status", "aria-live": "polite", "aria-atomic": true });
    /** @type {string[]} */
    this.queue = [];
    this.timer = 0;
    on(signal, "abort", () => clearTimeout(this.timer));
  }

  /** @param {string} text */
  say(text) {
    if (!text) return;
    this.queue.push(text);
    if (!this.timer) this.flush();
  }

  flush() {
    this.timer = 0;
    if (this.queue.length === 0) return;
    this.el.textContent = this.queue.splice(0).join(" ");
    this.timer = window.setTimeout(() => this.flush(), PAUSE);
  }
}
