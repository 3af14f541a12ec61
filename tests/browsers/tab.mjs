// What the scenes do in a page, whichever browser shows it: find by name, click, wait, measure.

import { setTimeout as wait } from "node:timers/promises";

/** Nothing here measures the machine: it only ends what hangs. Milliseconds. */
const PATIENCE = 60_000;

/** Errors of the page from here on; what came before is the driver's to tell. */
const HEAR = `() => {
  if (window.said) return;
  window.said = [];
  const tell = (text) => window.said.push(String(text).slice(0, 300));
  const { error } = console;
  console.error = (...all) => { tell(all.join(" ")); error.apply(console, all); };
  addEventListener("error", ({ message, error }) => message && tell(error?.stack ?? message));
  addEventListener("unhandledrejection", ({ reason }) => tell(reason?.stack ?? reason));
}`;

/** Where an element is, by selector or (buttons) by the shortest name that begins so; null while it
 * cannot be clicked. */
const SPOT = `([scope, what]) => {
  const root = document.querySelector(scope);
  if (!root) return null;
  const nameOf = (el) => (el.getAttribute("aria-label") ?? el.textContent).trim();
  const shown = (el) => el.checkVisibility() && el.getClientRects().length;
  const all = /^[.[]/.test(what)
    ? [...root.querySelectorAll(what)]
    : [...root.querySelectorAll("button, [role=button], [role=radio], input")].filter(
        (el) => nameOf(el).startsWith(what)).sort((a, b) => nameOf(a).length - nameOf(b).length);
  const el = all.find(shown);
  if (!el || el.disabled || el.getAttribute("aria-disabled") === "true") return null;
  const seen = el.getBoundingClientRect();
  if (seen.top < 90 || seen.bottom > innerHeight - 60)
    el.scrollIntoView({ block: "center", inline: "nearest" });
  const { x, y, width, height } = el.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}`;

const PIXELS = `async ([png, points]) => {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const scale = image.width / innerWidth;
  return points.map(([x, y]) => [...context.getImageData(x * scale, y * scale, 1, 1).data].slice(0, 3));
}`;

export class Tab {
  /** @param {Awaited<ReturnType<typeof import("./browsers.mjs").open>>} browser
   * @param {string} scope  the selector that all is looked for in */
  constructor(browser, scope) {
    this.browser = browser;
    this.scope = scope;
  }

  /** @param {string} url */
  async go(url) {
    await this.browser.go(url);
    await this.browser.run(HEAR);
  }

  /** @param {string} what @param {unknown[]} given @returns {Promise<any>} */
  run(what, ...given) {
    return this.browser.run(what, ...given);
  }

  /** Until a function of the page, or one here, says something true; what it said.
   * @param {string} name @param {string | (() => Promise<any>)} what @param {unknown[]} given */
  async until(name, what, ...given) {
    for (const end = Date.now() + PATIENCE; ; ) {
      const found = await (typeof what === "string" ? this.run(what, ...given) : what());
      if (found) return found;
      if (Date.now() > end) throw new Error(`after ${PATIENCE / 1000} s still not: ${name}`);
      await wait(100);
    }
  }

  /** @param {string} what  a selector, or a button's name */
  async click(what) {
    let last = "";
    const [x, y] = await this.until(`${what} can be clicked and stands still`, async () => {
      const spot = await this.run(SPOT, [this.scope, what]);
      const still = spot && `${spot}` === last;
      last = `${spot}`;
      return still ? spot : null;
    });
    await this.browser.click(x, y);
  }

  /** Whether something to click is there. @param {string} what */
  async has(what) {
    return (await this.run(SPOT, [this.scope, what])) !== null;
  }

  /** @param {string} what */
  see(what) {
    return this.until(`${what} is there`, SPOT, [this.scope, what]);
  }

  /** How many elements of a selector can be seen. @param {string} selector @param {number} count */
  count(selector, count) {
    const seen = `([scope, selector, count]) => [...document.querySelectorAll(scope + " " + selector)].filter(
      (el) => el.checkVisibility() && el.getClientRects().length).length === count`;
    return this.until(`${count} × ${selector}`, seen, [this.scope, selector, count]);
  }

  /** The colours at points of an element, each given in shares of its width and height.
   * @param {string} selector @param {[number, number][]} points @returns {Promise<number[][]>} */
  async colours(selector, points) {
    const box = `([selector]) => { const el = document.querySelector(selector);
      el.scrollIntoView({ block: "center" });
      const { x, y, width, height } = el.getBoundingClientRect(); return [x, y, width, height]; }`;
    await this.run(box, [`${this.scope} ${selector}`]);
    await wait(500); // until it is painted where it was scrolled to
    const [x, y, width, height] = await this.run(box, [`${this.scope} ${selector}`]);
    const at = points.map(([right, down]) => [x + width * right, y + height * down]);
    return this.run(PIXELS, [await this.browser.picture(), at]);
  }

  /** Errors that the page has told since it was loaded. @returns {Promise<string[]>} */
  said() {
    return this.run("() => window.said");
  }
}
