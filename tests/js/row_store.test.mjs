// The rows of the board: all as a trait, later ones alone by message, in whatever order they come.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rowsOf } from "../../hailuo_nb/widgets/js/row_store.js";

/** A model that hears, with what was posted. */
function scene(rows) {
  const heard = new Map();
  const traits = { rows };
  const requests = [];
  const model = {
    get: (name) => traits[name],
    on: (event, act) => heard.set(event, act),
    off: () => undefined,
  };
  let updates = 0;
  const wire = { open: true, request: async (content) => requests.push(content) };
  const now = rowsOf(model, wire, () => (updates += 1), new AbortController().signal);
  return {
    requests,
    now,
    states: () => now().map(({ state }) => state),
    updates: () => updates,
    changed: (...rows) => heard.get("msg:custom")({ kind: "changed", rows }),
    other: () => heard.get("msg:custom")({ id: 3, kind: "ok" }),
    whole: (rows) => {
      traits.rows = rows;
      heard.get("change:rows")();
    },
  };
}
const row = (id, state, at) => ({ id, state, at });

test("a row that comes alone takes its place, and the rest stays as it was", () => {
  const rows = [row("a", "submitted", 0), row("b", "submitted", 0)];
  const board = scene(rows);
  assert.deepEqual(board.requests, [{ kind: "rows" }]);
  board.changed(row("b", "saved", 1));
  assert.deepEqual(board.states(), ["submitted", "saved"]);
  assert.equal(board.now()[0], rows[0]);
  board.other();
  assert.equal(board.updates(), 1);
});

test("a message that overtakes the trait is not undone by it, and an old one undoes nothing", () => {
  const board = scene([row("a", "planned", 0)]);
  board.changed(row("a", "saved", 3));
  board.whole([row("a", "submitted", 2), row("b", "planned", 2)]);
  assert.deepEqual(board.states(), ["saved", "planned"]);
  board.whole([row("a", "failed", 4)]);
  assert.deepEqual(board.states(), ["failed"]);
});

test("without a kernel the rows of the trait stand", () => {
  const model = { get: () => undefined, on: () => undefined, off: () => undefined };
  assert.deepEqual(
    rowsOf(model, { open: false }, () => undefined, new AbortController().signal)(),
    [],
  );
});
