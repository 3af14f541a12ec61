// What the studio says of a prompt's version.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_CHANGES, versionText } from "../../hailuo_nb/widgets/js/version_text.js";
import { words } from "./words.mjs";

const t = words("studio");
const against = (number, ...changes) => ({ number, changes });
const note = (number, parent = null, baseline = null) => ({ number, parent, baseline });

test("the first prompt has a name and nothing before it", () => {
  assert.deepEqual(versionText(t, note(1), 0), { name: "v1", lines: [] });
});

test("a prompt that was not sent yet says what it came from", () => {
  const { name, lines } = versionText(t, note(null, against(3, ["dusk", "dawn"])), 0);
  assert.equal(name, "Not sent yet");
  assert.deepEqual(lines, [{ lead: "from v3:", changes: [["dusk", "dawn"]], rest: "" }]);
});

test("the baseline is named, and once where the prompt came from it", () => {
  const [parent, pinned] = [against(3, ["a", "b"]), against(1, ["a", "c"])];
  const leads = (given) => versionText(t, given, 1).lines.map(({ lead }) => lead);
  assert.deepEqual(leads(note(4, parent, pinned)), ["from v3:", "against v1, the baseline:"]);
  assert.deepEqual(leads(note(2, pinned, pinned)), ["against v1, the baseline:"]);
});

test("the same words, and more changes than are listed", () => {
  const rest = (...changes) => versionText(t, note(2, against(1, ...changes)), 0).lines[0].rest;
  assert.equal(rest(), "the same words");
  assert.equal(rest(...Array(MAX_CHANGES).fill(["a", "b"])), "");
  assert.equal(rest(...Array(MAX_CHANGES + 2).fill(["a", "b"])), "and 2 more changes");
});
