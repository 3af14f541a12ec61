// node run.mjs JOB.json: every scene in one browser. Prints one JSON line a scene: {scene, ok, note}.
//
// JOB: browser, page (a file URL), lab (a notebook's URL), clips (on each), shades (colours of the clips
// job-0 and job-3), functions (what tests/browser/in_page.py has for JupyterLab), pictures (a folder).

import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { boardScenes } from "./board_scenes.mjs";
import { open } from "./browsers.mjs";
import { labScenes } from "./lab_scenes.mjs";
import { Tab } from "./tab.mjs";

const job = JSON.parse(await readFile(process.argv[2] ?? "", "utf8"));
/** What the browser asked for outside this machine: nothing gets there. @type {string[]} */
const outside = [];
const proxy = createServer((request, answer) => {
  outside.push(request.url ?? "");
  answer.writeHead(502).end();
});
proxy.on("connect", (request, socket) => {
  outside.push(request.url ?? "");
  socket.end("HTTP/1.1 502 nothing leaves this machine\r\n\r\n");
});
await new Promise((done) => proxy.listen(0, "127.0.0.1", () => done(null)));
const { port } = /** @type {import("node:net").AddressInfo} */ (proxy.address());

const tell = (/** @type {object} */ line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const browser = await open(job.browser, port);
tell({ version: browser.version });
/** @type {string[]} */
const early = []; // errors that the driver tells, from the first script on
browser.page?.on("pageerror", ({ message }) => early.push(message));
browser.page?.on("console", (message) => message.type() === "error" && early.push(message.text()));

/** @param {string} place @param {Tab} tab @param {[string, () => Promise<unknown>][]} scenes */
async function play(place, tab, scenes) {
  for (const [name, act] of scenes) {
    const scene = `${place}: ${name}`;
    try {
      tell({ scene, ok: true, note: String((await act()) ?? "") });
    } catch (reason) {
      tell({ scene, ok: false, note: String(/** @type {Error} */ (reason).message) });
      const picture = `${job.browser} ${scene}`.replaceAll(/\W+/g, "-");
      const bytes = await browser.picture().catch(() => "");
      await writeFile(`${job.pictures}/${picture}.png`, bytes, "base64");
    }
  }
  const said = [...new Set([...early.splice(0), ...(await tab.said())])];
  tell({
    scene: `${place}: no error on the console`,
    ok: said.length === 0,
    note: said.join(" · "),
  });
}

const page = new Tab(browser, ".hn-board");
await page.go(job.page);
await play("page on disk", page, boardScenes(page, 4, job.shades));
const lab = new Tab(browser, ".hn-board");
await play("JupyterLab", lab, labScenes(lab, job));
const own = /mozilla|firefox|google|gstatic|chromium/; // what a browser asks for itself, page or none
const asked = outside.filter((url) => !own.test(url));
tell({ scene: "no request outside this machine", ok: asked.length === 0, note: asked.join(" · ") });
await browser.close();
proxy.close();
