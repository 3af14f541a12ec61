// Requests to the kernel: their answers, their patience, what is asked back, and a kernel that ends.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Kernel } from "../../hailuo_nb/widgets/js/kernel.js";
import { CHUNK_SIZE } from "../../hailuo_nb/widgets/js/protocol.js";
import { fetchBytes, upload, Wire } from "../../hailuo_nb/widgets/js/wire.js";

/** A model that keeps what is sent and lets the test answer. */
function fakeModel() {
  const sent = [];
  let hear = () => {};
  return {
    sent,
    answer: (content, buffers = []) => hear(content, buffers),
    send: (content, _callbacks, buffers) => sent.push({ content, buffers }),
    on: (_event, callback) => {
      hear = callback;
    },
    off: () => {
      hear = () => {};
    },
  };
}

/** Words as their keys; a kernel that the test can take away. */
const t = (key) => key;
function wireOf(model, { life = new AbortController(), kernel = new Life() } = {}) {
  return new Wire(model, kernel, t, life.signal);
}
class Life extends EventTarget {
  open = true;
  lose() {
    this.open = false;
    this.dispatchEvent(new Event("lost"));
  }
}

/** The kinds of what was sent. */
const kinds = ({ sent }) => sent.map(({ content }) => content.kind);
const soon = () => new Promise((resolve) => setImmediate(resolve));

test("pieces make a clip in whatever order they come; answers to others are not ours", async () => {
  const model = fakeModel();
  const wire = wireOf(model);
  const progress = [];
  const clip = fetchBytes(wire, { kind: "clip", job: "job" }, (got, size) =>
    progress.push([got, size]),
  );
  const { id, kind, job } = model.sent[0].content;
  assert.deepEqual([kind, job], ["clip", "job"]);
  model.answer({ id: id + 1000, kind: "error", error: "somebody else's" });
  model.answer({ id, kind: "chunk", seq: 1, last: true, size: 5 }, [
    new DataView(new Uint8Array([4, 5]).buffer),
  ]);
  model.answer({ id, kind: "chunk", seq: 0, last: false, size: 5 }, [
    new DataView(new Uint8Array([1, 2, 3]).buffer),
  ]);
  const blob = await clip;
  assert.deepEqual([...new Uint8Array(await blob.arrayBuffer())], [1, 2, 3, 4, 5]);
  assert.equal(blob.type, "video/mp4");
  assert.deepEqual(progress, [
    [2, 5],
    [5, 5],
  ]);
});

test("an error of the kernel is an error here, and closing ends what waits", async () => {
  const model = fakeModel();
  const life = new AbortController();
  const wire = wireOf(model, { life });
  const refused = wire.request({ kind: "generate" });
  model.answer({ id: model.sent[0].content.id, kind: "error", error: "No balance." });
  await assert.rejects(refused, /No balance/);
  const waiting = wire.request({ kind: "generate" });
  life.abort();
  await assert.rejects(waiting, /closed/);
});

test("a file goes up in pieces of at most 4 MiB under one id, and stops when it is refused", async () => {
  const model = fakeModel();
  const wire = wireOf(model);
  const uploaded = upload(
    wire,
    { kind: "frame", slot: "first", name: "a.png" },
    new Blob([new Uint8Array(CHUNK_SIZE * 2 + 10)]),
  );
  while (model.sent.length < 3) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    model.sent.map(({ content }) => [content.seq, content.last]),
    [
      [0, false],
      [1, false],
      [2, true],
    ],
  );
  assert.deepEqual(
    model.sent.map(({ buffers }) => buffers[0].byteLength),
    [CHUNK_SIZE, CHUNK_SIZE, 10],
  );
  assert.equal(new Set(model.sent.map(({ content }) => content.id)).size, 1);
  model.answer({ id: model.sent[0].content.id, kind: "ok" });
  await uploaded;

  const model2 = fakeModel();
  model2.send = (content) => {
    model2.sent.push(content);
    model2.answer({ id: content.id, kind: "error", error: "too big" });
  };
  await assert.rejects(
    upload(wireOf(model2), {}, new Blob([new Uint8Array(CHUNK_SIZE * 3)])),
    /too big/,
  );
  assert.equal(model2.sent.length, 1);
});

test("what costs is asked back and confirmed, once", async () => {
  const model = fakeModel();
  const wire = wireOf(model);
  const answer = wire.request({ kind: "generate" });
  const { id } = model.sent[0].content;
  model.answer({ id, kind: "confirm", again: null });
  await soon();
  assert.deepEqual(kinds(model), ["generate", "go"]);
  assert.equal(model.sent[1].content.id, id);
  model.answer({ id, kind: "ok" });
  assert.equal((await answer).kind, "ok");
  model.answer({ id, kind: "confirm", again: null });
  await soon();
  assert.deepEqual(kinds(model), ["generate", "go"], "nobody waits for it any more");
});

test("an order that was withdrawn before it was confirmed is never confirmed", async () => {
  const model = fakeModel();
  const wire = wireOf(model);
  const answer = wire.request({ kind: "generate" }, { id: 5 });
  wire.withdraw(5);
  assert.equal((await answer).kind, "withdrawn");
  model.answer({ id: 5, kind: "confirm", again: null });
  await soon();
  assert.deepEqual(kinds(model), ["generate", "withdraw"]);
});

test("once it was confirmed the kernel says what became of it", async () => {
  const model = fakeModel();
  const wire = wireOf(model);
  const answer = wire.request({ kind: "generate" }, { id: 5 });
  model.answer({ id: 5, kind: "confirm", again: null });
  await soon();
  wire.withdraw(5);
  model.answer({ id: 5, kind: "confirm", again: null }); // its "go" had waited, too
  await soon();
  assert.deepEqual(kinds(model), ["generate", "go", "withdraw"]);
  model.answer({ id: 5, kind: "ok" });
  assert.equal((await answer).kind, "ok", "it was too late");
});

test("a person is asked about what was asked for before", async () => {
  for (const [yes, expected] of [
    [true, "go"],
    [false, "withdraw"],
  ]) {
    const model = fakeModel();
    const asked = [];
    const ask = async (again) => asked.push(again) && yes;
    const answer = wireOf(model).request({ kind: "generate" }, { id: 5, ask });
    model.answer({ id: 5, kind: "confirm", again: { count: 3, seconds: 4 } });
    await soon();
    assert.deepEqual([asked, kinds(model)], [[{ count: 3, seconds: 4 }], ["generate", expected]]);
    model.answer({ id: 5, kind: "ok" });
    assert.equal((await answer).kind, yes ? "ok" : "withdrawn");
  }
});

test("an answer that is late is said, and whether something may have been sent", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const model = fakeModel();
  const wire = wireOf(model);
  const plain = wire.request({ kind: "history" }, { id: 5 });
  mock.timers.tick(60_000);
  await assert.rejects(plain, /^Error: common.wire.late$/);
  const order = wire.request({ kind: "generate" }, { id: 6 });
  model.answer({ id: 6, kind: "confirm", again: null });
  await soon();
  mock.timers.tick(60_000);
  await assert.rejects(order, /^Error: common.wire.late_sent$/);
  const clip = fetchBytes(wire, { kind: "clip" });
  const { id } = model.sent.at(-1).content;
  mock.timers.tick(50_000);
  model.answer({ id, kind: "chunk", seq: 0, size: 2 }, [new Uint8Array([1]).buffer]);
  mock.timers.tick(50_000);
  model.answer({ id, kind: "chunk", seq: 1, size: 2 }, [new Uint8Array([2]).buffer]);
  assert.equal((await clip).size, 2, "a clip that comes in pieces takes its time");
  mock.timers.reset();
});

test("a kernel that ends ends what waits, and nothing more is sent", async () => {
  const model = fakeModel();
  const kernel = new Life();
  const wire = wireOf(model, { kernel });
  const waiting = wire.request({ kind: "action" });
  kernel.lose();
  await assert.rejects(waiting, /common.wire.lost/);
  await assert.rejects(wire.request({ kind: "action" }), /common.wire.lost/);
  assert.deepEqual([kinds(model), wire.open], [["action"], false]);
});

/** A signal as JupyterLab has them. */
function lumino() {
  const heard = new Set();
  return {
    heard,
    connect: (f) => heard.add(f),
    disconnect: (f) => heard.delete(f),
    emit: (value) => {
      for (const f of [...heard]) f(null, value);
    },
  };
}

test("a kernel is lost when it restarts, dies or is shut down, once; not while it is busy", () => {
  for (const end of ["restarting", "autorestarting", "dead", "terminating", "disposed", "marked"]) {
    const kernel = { status: "idle", statusChanged: lumino(), disposed: lumino() };
    const classes = new Set();
    const model = { ...fakeModel(), widget_manager: { kernel } };
    const el = { classList: { contains: (name) => classes.has(name) } };
    const life = new AbortController();
    const watch = new Kernel({ model, el, signal: life.signal });
    let lost = 0;
    watch.addEventListener("lost", () => (lost += 1));
    kernel.statusChanged.emit("busy");
    model.answer();
    assert.ok(watch.open && lost === 0);
    if (end === "disposed") kernel.disposed.emit();
    else if (end === "marked") {
      classes.add("jupyter-widgets-disconnected");
      model.answer();
    } else kernel.statusChanged.emit(end);
    kernel.statusChanged.emit("idle");
    kernel.statusChanged.emit("dead");
    assert.deepEqual([watch.open, lost], [false, 1], end);
    life.abort();
    assert.equal(kernel.statusChanged.heard.size + kernel.disposed.heard.size, 0);
  }
});

test("a host without such signals, and a page on disk", () => {
  const el = { classList: { contains: () => false } };
  const { signal } = new AbortController();
  assert.ok(new Kernel({ model: fakeModel(), el, signal }).open);
  const page = new Kernel({ model: { ...fakeModel(), send: undefined }, el, signal });
  assert.deepEqual([page.open, page.lost], [false, false]);
});
