// Three browsers behind the same few calls. Firefox and Chromium are driven by puppeteer-core (WebDriver
// BiDi), WebKitGTK by its own driver, which speaks WebDriver over HTTP on loopback.
//
//   version, page         what it is; puppeteer's page, where there is one
//   go(url)               load a page
//   run(what, ...given)   call a function (or its text) in the page and await what comes back
//   click(x, y)           with a real pointer
//   key(name, ...held)    one key with others held, by their WebDriver names ("Control", "z")
//   type(text)            key by key
//   picture()             what is in the window, as a PNG in base64
//   close()

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import puppeteer from "puppeteer-core";

const SIZE = { width: 1400, height: 900 };
const MINI_BROWSER = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/** @param {string} name  "firefox", "chromium" or "webkit" @param {number} proxy  the port of a proxy that lets
 * nothing out */
export async function open(name, proxy) {
  if (name === "webkit") return webkit(proxy);
  return name === "firefox" ? firefox(proxy) : chromium(proxy);
}

/** @param {number} proxy */
async function firefox(proxy) {
  const preferences = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": proxy,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": proxy,
    "intl.locale.requested": "en-US",
  };
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: false,
    extraPrefsFirefox: preferences,
  });
  return driven(browser);
}

/** @param {number} proxy */
async function chromium(proxy) {
  const browser = await puppeteer.launch({
    browser: "chrome",
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
    headless: "shell",
    args: ["--no-sandbox", "--disable-gpu", `--proxy-server=127.0.0.1:${proxy}`],
  });
  return driven(browser);
}

/** @param {import("puppeteer-core").Browser} browser */
async function driven(browser) {
  const page = await browser.newPage();
  await page.setViewport(SIZE);
  const run = (/** @type {Function | string} */ what, /** @type {unknown[]} */ ...given) =>
    typeof what === "string"
      ? page.evaluate(`(${what})(...${JSON.stringify(given)})`)
      : page.evaluate(/** @type {any} */ (what), ...given);
  return {
    version: (await browser.version()).replace("/", " ").replace(/^f/, "F"),
    page,
    go: (/** @type {string} */ url) => page.goto(url),
    run,
    click: (/** @type {number} */ x, /** @type {number} */ y) => page.mouse.click(x, y),
    async key(/** @type {any} */ name, /** @type {any[]} */ ...held) {
      for (const one of held) await page.keyboard.down(one);
      await page.keyboard.press(name);
      for (const one of held.reverse()) await page.keyboard.up(one);
    },
    type: (/** @type {string} */ text) => page.keyboard.type(text),
    picture: () => page.screenshot({ encoding: "base64" }),
    close: () => browser.close(),
  };
}

/** The code points that WebDriver has for keys without a character. */
const KEYS = {
  Control: "\uE009",
  Shift: "\uE008",
  Escape: "\uE00C",
  Enter: "\uE007",
  End: "\uE010",
  ArrowLeft: "\uE012",
  ArrowRight: "\uE014",
};

/** @param {number} proxy */
async function webkit(proxy) {
  const port = 20_000 + (process.pid % 20_000);
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
    stdio: "ignore",
  });
  const ended = once(driver, "exit");
  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async function call(method, path, body) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = /** @type {any} */ (await answer.json());
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }
  for (let tries = 0; ; tries += 1) {
    const there = await call("GET", "/status").catch(() => null);
    if (there) break;
    if (tries > 100) throw new Error("WebKitWebDriver does not answer");
    await wait(100);
  }
  const binary = process.env.MINI_BROWSER ?? MINI_BROWSER;
  const args = ["--automation", `--proxy=http://127.0.0.1:${proxy}`, "--ignore-host=127.0.0.1"];
  const capabilities = { "webkitgtk:browserOptions": { binary, args } };
  const made = await call("POST", "/session", { capabilities: { alwaysMatch: capabilities } });
  const session = `/session/${made.sessionId}`;
  await call("POST", `${session}/window/rect`, { x: 0, y: 0, ...SIZE });
  await call("POST", `${session}/timeouts`, { script: 120_000 });
  const act = (/** @type {unknown[]} */ actions) =>
    call("POST", `${session}/actions`, { actions: [{ type: "key", id: "keys", actions }] });
  const named = (/** @type {string} */ name) =>
    name in KEYS ? KEYS[/** @type {keyof typeof KEYS} */ (name)] : name;
  const down = (/** @type {string} */ value) => ({ type: "keyDown", value });
  const up = (/** @type {string} */ value) => ({ type: "keyUp", value });
  return {
    version: `WebKitGTK ${made.capabilities.browserVersion}`,
    page: null,
    go: (/** @type {string} */ url) => call("POST", `${session}/url`, { url }),
    run: (/** @type {Function | string} */ what, /** @type {unknown[]} */ ...given) =>
      call("POST", `${session}/execute/sync`, {
        script: `return (${what})(...arguments)`,
        args: given,
      }),
    click(/** @type {number} */ x, /** @type {number} */ y) {
      const actions = [
        {
          type: "pointerMove",
          duration: 0,
          origin: "viewport",
          x: Math.round(x),
          y: Math.round(y),
        },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ];
      const mouse = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions };
      return call("POST", `${session}/actions`, { actions: [mouse] });
    },
    key(/** @type {string} */ name, /** @type {string[]} */ ...held) {
      const keys = [...held, name].map(named);
      return act([...keys.map(down), ...keys.toReversed().map(up)]);
    },
    type: (/** @type {string} */ text) =>
      act([...text].flatMap((letter) => [down(letter), up(letter)])),
    picture: () => call("GET", `${session}/screenshot`),
    async close() {
      await call("DELETE", session);
      driver.kill();
      await ended;
    },
  };
}
