// One polite live region for screen readers, with at most one message in two seconds.

import { signal } from "@preact/signals";
import { h } from "preact";
import { on } from "./dom.js";

const PAUSE = 2000;

export class Announcer {
  /** @param {AbortSignal} until */
  constructor(until) {
    /** What is said, and as which message. */
    this.said = signal({ text: "", number: 0 });
    /** @type {string[]} */
    this.queue = [];
    this.timer = 0;
    on(until, "abort", () => clearTimeout(this.timer));
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
    this.said.value = { text: this.queue.splice(0).join(" "), number: this.said.peek().number + 1 };
    this.timer = window.setTimeout(() => this.flush(), PAUSE);
  }
}

/** The same text is said again: it is another element. @param {{announcer: Announcer}} props */
export function Announcements({ announcer }) {
  const { text, number } = announcer.said.value;
  return h(
    "div",
    { class: "hn-sr", role: "status", "aria-live": "polite", "aria-atomic": true },
    h("span", { key: number }, text),
  );
}
