// What is tried in JupyterLab beside the board's own scenes: the vote, and the studio from the first
// letter to a clip that plays.

import assert from "node:assert/strict";
import { boardScenes } from "./board_scenes.mjs";

/** @typedef {import("./tab.mjs").Tab} Tab */

/** @param {Tab} tab @param {any} job  see run.mjs */
export function labScenes(tab, job) {
  const { functions } = job;
  /** What an expression is worth in the kernel. @param {string} expression */
  async function python(expression) {
    const code = `import json; print(json.dumps(${expression}))`;
    const { plain } = await tab.run(functions.kexec, code);
    assert.equal(plain.error, "", plain.error);
    return JSON.parse(plain.text);
  }

  async function opens() {
    await tab.go(job.lab);
    await tab.until("the kernel is ready", functions.idle);
    for (const cell of [0, 1]) await tab.run(functions.runCell, cell);
    await tab.see(".hn-title");
  }

  async function votes() {
    await tab.click("Vote");
    await tab.click("Left");
    const asked = () => python("[name for name, _ in asked]");
    await tab.until("the kernel is asked", async () => (await asked()).includes("vote"));
  }

  const text = `() => document.querySelector(".hn-studio textarea").value`;
  const is = (/** @type {string} */ wanted) =>
    tab.until(`the prompt is ${wanted}`, `([wanted]) => (${text})() === wanted`, [wanted]);

  async function types() {
    await tab.run(functions.runCell, 2);
    tab.scope = ".hn-studio";
    await tab.until("the editor is there", `() => !!document.querySelector(".hn-studio textarea")`);
    await tab.run(`() => document.querySelector(".hn-studio textarea").focus()`);
    await tab.browser.type("A cat runs home");
    await is("A cat runs home");
    await tab.run(`() => document.querySelector(".hn-studio textarea").setSelectionRange(5, 5)`);
    await tab.click("[data-move=push_in]");
    await is("A cat [Push in] runs home");
    await tab.browser.type(" slowly");
    await is("A cat [Push in] slowly runs home");
    let steps = 0;
    while ((await tab.run(text)) !== "A cat runs home" && steps < 12) {
      await tab.browser.key("z", "Control");
      steps += 1;
    }
    await is("A cat runs home");
    for (; steps; steps -= 1) await tab.browser.key("y", "Control");
    await is("A cat [Push in] slowly runs home");
  }

  async function composes() {
    const { page } = tab.browser;
    if (job.browser !== "chromium") {
      await tab.browser.type("，慢");
      await is("A cat [Push in] slowly，慢 runs home");
      return "typed, not composed: neither protocol has a call for it";
    }
    const session = await page?.createCDPSession();
    for (const part of ["，m", "，ma", "，man"])
      await session?.send("Input.imeSetComposition", {
        text: part,
        selectionStart: 0,
        selectionEnd: 0,
      });
    await session?.send("Input.insertText", { text: "，慢" });
    await is("A cat [Push in] slowly，慢 runs home");
    return "composed";
  }

  async function generates() {
    await tab.click("Generate 1 clip · free"); // once its price is known, nothing moves any more
    await tab.until(
      "a clip has arrived",
      `() =>
      [...document.querySelectorAll(".hn-studio .hn-card video, .hn-board .hn-card video")].some(
        (video) => video.checkVisibility() && video.readyState >= 2 && video.currentTime > 0.3)`,
    );
    const states = await python("[row['state'] for row in studio.board.rows]");
    assert.ok(
      states.length > 0 && states.every((/** @type {string} */ state) => state !== "failed"),
    );
  }

  return /** @type {[string, () => Promise<unknown>][]} */ ([
    ["the notebook opens and shows a board", opens],
    ...boardScenes(tab, 6, job.shades),
    ["a vote reaches the kernel", votes],
    ["studio: type, insert a move, undo and redo", types],
    ["studio: Chinese characters", composes],
    ["studio: generate on the simulator, and the clip plays", generates],
  ]);
}
