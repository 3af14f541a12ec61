// What is tried of a board, in the page on disk and in JupyterLab alike. A scene throws where something
// is wrong, and may return what is worth writing down.

import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";

/** @typedef {import("./tab.mjs").Tab} Tab */

const LOADED = `([scope, count]) => {
  const all = [...document.querySelectorAll(scope + " .hn-card video")];
  return all.filter((video) => video.readyState >= 2).length >= count;
}`;

const MOVED = `([scope, least]) => {
  const all = [...document.querySelectorAll(scope + " video")].filter((v) => v.checkVisibility());
  return all.length > 1 && all.every((video) => video.currentTime > least);
}`;

const STILL = `([scope]) => [...document.querySelectorAll(scope + " video")].every(
  (video) => video.paused && !video.seeking)`;

/** How far apart the clips are, each 30 ms, and what was done to their speed and place meanwhile. */
export const SPREAD = `([scope, ms]) => new Promise((resolve) => {
  const videos = [...document.querySelectorAll(scope + " video")].filter((v) => v.checkVisibility());
  const [spreads, counts] = [[], { rates: 0, seeks: 0, waits: 0 }];
  for (const video of videos) {
    video.addEventListener("ratechange", () => { counts.rates += 1; });
    video.addEventListener("seeking", () => { counts.seeks += 1; });
    video.addEventListener("pause", () => { counts.waits += 1; });
  }
  const begun = performance.now();
  const from = videos[0].currentTime;
  const look = () => {
    const times = videos.map((video) => video.currentTime);
    spreads.push(Math.max(...times) - Math.min(...times));
    if (performance.now() - begun < ms) setTimeout(look, 30);
    else resolve({ spreads, ...counts, clips: videos.length, moved: videos[0].currentTime - from,
      ms: performance.now() - begun });
  };
  look();
})`;

/** @param {number[]} values @param {number} share */
const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * share))
  ] ?? 0;

const ms = (/** @type {number} */ seconds) => `${(seconds * 1000).toFixed(0)} ms`;

/** @param {any} seen  of SPREAD */
export function spreadText({ spreads, rates, seeks, waits, clips }) {
  const [usual, most, worst] = [0.5, 0.95, 1].map((share) => ms(quantile(spreads, share)));
  const done = `${rates} changes of speed, ${seeks} seeks, ${waits} waits`;
  return `${clips} clips: median ${usual}, 95 % below ${most}, at most ${worst}; ${done}`;
}

/** @param {Tab} tab @param {number} clips */
async function opens(tab, clips) {
  await tab.until(`${clips} clips show a picture`, LOADED, [tab.scope, clips]);
}

/** @param {Tab} tab @param {number} clips */
async function playsInStep(tab, clips) {
  if (await tab.has("Grid")) await tab.click("Grid");
  await opens(tab, clips);
  await tab.click("Play all");
  await tab.until("all clips move", MOVED, [tab.scope, 0.3]);
  const seen = await tab.run(SPREAD, [tab.scope, 8000]);
  await tab.click("Pause all");
  await tab.until("all clips stand", STILL, [tab.scope]);
  const { spreads } = await tab.run(SPREAD, [tab.scope, 0]);
  assert.ok(spreads[0] < 0.0002, `they stop ${ms(spreads[0])} apart`);
  return spreadText(seen);
}

/** @param {Tab} tab */
async function stepsByKeys(tab) {
  await tab.run(`([scope]) => document.querySelector(scope).focus()`, [tab.scope]);
  const frame = `([scope]) => document.querySelector(scope + " .hn-time-text").textContent.split("· ")[1]`;
  await wait(500); // until what is shown is what stands there
  const before = Number(await tab.run(frame, [tab.scope]));
  for (let count = 0; count < 3; count += 1) {
    await tab.browser.key(".");
    await tab.until("all clips stand", STILL, [tab.scope]);
  }
  await tab.browser.key(",");
  await tab.until("two frames on", `${frame.replace("=>", "=> Number(")}) === ${before + 2}`, [
    tab.scope,
  ]);
  await tab.browser.key(" ");
  await tab.see("Pause all");
  await tab.browser.key(" ");
  await tab.see("Play all");
}

/** @param {Tab} tab */
async function filterTableLanguage(tab) {
  const cards = `([scope]) => [...document.querySelectorAll(scope + " .hn-card")].filter(
    (card) => card.checkVisibility()).length`;
  const before = await tab.run(cards, [tab.scope]);
  await tab.click("Filter");
  await tab.click("[type=search]");
  await tab.browser.type("sleeps");
  const fewer = `([scope, before]) => { const count = (${cards})([scope]);
    return count > 0 && count < before; }`;
  await tab.until(`fewer than ${before} clips`, fewer, [tab.scope, before]);
  await tab.click("Table");
  await tab.see("[data-job] td");
  await tab.click("Show all");
  await tab.click("中文");
  await tab.see("English");
  await tab.click("English");
  await tab.click("Grid");
}

const near = (/** @type {number[]} */ found, /** @type {number[]} */ wanted) =>
  found.every((value, channel) => Math.abs(value - (wanted[channel] ?? 0)) < 30);

/** @param {Tab} tab @param {number[][]} shades  of the two clips, halfway down */
async function wipe(tab, [a = [], b = []]) {
  await tab.until("clips show a picture", LOADED, [tab.scope, 4]); // the controls come with it
  for (const job of ["job-0", "job-3"]) await tab.click(`[data-job=${job}] .hn-pick`);
  await tab.click("Compare");
  await tab.until("two clips", LOADED.replace(".hn-card", ".hn-pair"), [tab.scope, 2]);
  await tab.click("Wipe");
  const [left = [], right = []] = await tab.colours(".hn-pair-stage", [
    [0.3, 0.5],
    [0.8, 0.5],
  ]);
  assert.ok(near(left, a) && near(right, b), `${left} and ${right}, not ${a} and ${b}`);
  await tab.click("Play all");
  await tab.until("the two move", MOVED.replace(`" video"`, `" .hn-pair video"`), [tab.scope, 0.3]);
  await tab.click("Pause all");
}

/** @param {Tab} tab @param {number[][]} shades */
async function difference(tab, [a = [], b = []]) {
  await tab.click("Difference");
  const wanted = a.map((value, channel) => Math.abs(value - (b[channel] ?? 0)));
  const [found = []] = await tab.colours(".hn-pair-stage", [[0.8, 0.5]]);
  assert.ok(near(found, wanted), `${found}, not ${wanted}`);
}

/** @param {Tab} tab @param {number} clips @param {number[][]} shades
 * @returns {[string, () => Promise<unknown>][]} */
export function boardScenes(tab, clips, shades) {
  return [
    ["clips show a picture", () => opens(tab, clips)],
    ["clips play in step and stop on one frame", () => playsInStep(tab, clips)],
    ["keys: frame by frame, play and pause", () => stepsByKeys(tab)],
    ["filter, table, another language", () => filterTableLanguage(tab)],
    ["wipe by pixel, played", () => wipe(tab, shades)],
    ["difference by pixel", () => difference(tab, shades)],
  ];
}
