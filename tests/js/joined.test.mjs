// What ships is what the modules say: joined again it is the same, small enough, and asks nobody
// for anything.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { join, sourceFolder, staticFolder } from "./join.mjs";

const shipped = ([name]) => !name.endsWith(".map");
const fresh = new Map([...(await join()).files].filter(shipped));
const readable = (await join({ minify: false })).files;
const committed = new Map(
  await Promise.all(
    (await readdir(staticFolder)).map(async (name) => [
      name,
      await readFile(new URL(name, staticFolder), "utf8"),
    ]),
  ),
);
const sources = new Map(
  await Promise.all(
    (await readdir(sourceFolder))
      .filter((name) => name.endsWith(".js"))
      .map(async (name) => [name, await readFile(new URL(name, sourceFolder), "utf8")]),
  ),
);
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, "");

test("the committed files are a fresh join (npm run build)", () => {
  assert.deepEqual([...committed.keys()].sort(), [...fresh.keys()].sort());
  for (const [name, text] of fresh)
    assert.ok(committed.get(name) === text, `${name} is out of date: npm run build in tests/js`);
});

// Every widget carries its file.
test("the JavaScript of both widgets stays below 208.2 kB, and below 80.7 kB as gzip sends it", () => {
  const scripts = ["compare_board.js", "prompt_studio.js"].map((name) => fresh.get(name) ?? "");
  const total = (size) => scripts.map(size).reduce((sum, one) => sum + one, 0);
  const [bytes, zipped] = [total(Buffer.byteLength), total((text) => gzipSync(text).length)];
  assert.ok(bytes > 80_000 && bytes < 208_200, `${bytes} bytes`);
  assert.ok(zipped < 80_700, `${zipped} bytes gzipped`);
});

test("nothing comes from the network", () => {
  for (const [name, text] of fresh) {
    const links = [...text.matchAll(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"')]*/gi)].map(
      ([link]) => link,
    );
    assert.deepEqual(
      links.filter((link) => !link.startsWith("http://www.w3.org/")), // names of XML's kinds
      [],
      name,
    );
    assert.doesNotMatch(
      withoutComments(text),
      /\bimport\s*[("'`{*]|^import\s|@import|\bfetch\(|XMLHttpRequest|WebSocket/m,
      name,
    );
  }
});

test("every module fits a reader: under 400 lines, and it says first what it is for", () => {
  for (const [name, text] of sources) {
    assert.ok(text.split("\n").length < 400, name);
    assert.match(text, /^\/\/ \w/, name);
  }
});

test("both languages have the same words, each is used, and none that is used is missing", async () => {
  const messages = JSON.parse(await readFile(new URL("../messages.json", sourceFolder), "utf8"));
  const bare = (key) => key.replace(/\.(one|other)$/, "");
  const keys = (language) => Object.keys(messages[language]);
  assert.deepEqual(
    [...new Set(keys("zh").map(bare))].sort(),
    [...new Set(keys("en").map(bare))].sort(),
  );
  const unused = new Set(keys("en"));
  for (const [section, name, least] of [
    ["board", "compare_board.js", 60],
    ["studio", "prompt_studio.js", 60],
    ["ballot", "ballot.js", 15],
  ]) {
    // Words are named without their section: by texts with a dot, by what t() is called with, and
    // by families `state.${…}`.
    const code = withoutComments(readable.get(name)).replace(
      /\b(h|svg)\(\s*["`][^"`]*["`]/g,
      "$1(",
    );
    const full = (key) =>
      [`${section}.${key}`, key].find((one) =>
        keys("en").some((known) => bare(known) === bare(one)),
      );
    const dotted = [...code.matchAll(/"([a-z_]+(?:\.[a-z_]+)+)"/g)]
      .map(([, key]) => key)
      .filter((key) => !key.endsWith(".json"));
    const called = [
      ...code.matchAll(/\bt\(\s*(?:[^()"`]*\? )?"([a-z_.]+)"(?: : "([a-z_.]+)")?/g),
    ].flatMap(([, one, other]) => [one, other ?? one]);
    const families = [...code.matchAll(/[`](\w+(?:\.\w+)*\.)\$\{/g)].map(
      ([, family]) => `${section}.${family}`,
    );
    assert.ok(called.length > least && (least < 60 || families.length > 5), name);
    for (const key of [...dotted, ...called]) assert.ok(full(key), `${key} has no words (${name})`);
    const quoted = new Set([...code.matchAll(/"([a-z_.]+)"/g)].map(([, key]) => key));
    for (const key of unused) {
      const short = bare(key).replace(`${section}.`, "");
      const inFamily = families.some(
        (family) => key.startsWith(family) && !bare(key).slice(family.length).includes("."),
      );
      if (key.startsWith(`${section}.`) || key.startsWith("common."))
        if (quoted.has(short) || inFamily) unused.delete(key);
    }
  }
  const byKernel = /^(plot|export|advice|said|verdict|refused)\./; // what the kernel draws, writes and says by codes
  assert.deepEqual(
    [...unused].filter((key) => !byKernel.test(key)),
    [],
    "used nowhere",
  );
});

test("what is filled in is the same in both languages", async () => {
  const messages = JSON.parse(await readFile(new URL("../messages.json", sourceFolder), "utf8"));
  const slots = (text) =>
    [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();
  for (const [key, text] of Object.entries(messages.zh)) {
    const [english] = [
      messages.en[key],
      messages.en[`${key.replace(/\.other$/, "")}.other`],
    ].filter(Boolean);
    assert.deepEqual(slots(text), slots(english), key);
  }
});
