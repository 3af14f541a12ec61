// Whether the kernel that made a widget is still there. JupyterLab marks the models of a kernel that
// restarts; one that dies or is shut down it says nothing about, so its own signals are heard too.

import { on } from "./dom.js";
import { listen } from "./wire.js";

/** What JupyterLab puts on a view whose model has no kernel any more. */
const DISCONNECTED = "jupyter-widgets-disconnected";
const ENDED = new Set(["restarting", "autorestarting", "terminating", "dead"]);

/** Fires "lost", once: a kernel that comes back knows nothing of the widgets of the old one. */
export class Kernel extends EventTarget {
  /** @param {import("./types.js").RenderContext} context */
  constructor({ model, el, signal }) {
    super();
    this.lost = false;
    this.there = typeof model.send === "function"; // not so in a page on disk
    if (!this.there) return;
    const marked = () => el.classList.contains(DISCONNECTED) && this.lose();
    listen(model, ["comm_live_update", "comm:close"], marked, signal);
    /** @type {any} JupyterLab's connection to the kernel; other hosts have none here */
    const kernel = model.widget_manager?.kernel;
    const status = (/** @type {unknown} */ _, /** @type {string} */ now) =>
      ENDED.has(now) && this.lose();
    const ended = () => this.lose();
    kernel?.statusChanged?.connect(status);
    kernel?.disposed?.connect(ended);
    on(signal, "abort", () => {
      kernel?.statusChanged?.disconnect(status);
      kernel?.disposed?.disconnect(ended);
    });
    marked();
    if (ENDED.has(kernel?.status)) this.lose();
  }

  /** Whether there is a kernel to talk to. */
  get open() {
    return this.there && !this.lost;
  }

  lose() {
    if (this.lost) return;
    this.lost = true;
    this.dispatchEvent(new Event("lost"));
  }
}
