// Requests to the kernel over custom messages: each has an id and gets an answer; files come in
// chunks. All views and tabs hear every answer, so ids start at random.

import { on } from "./dom.js";
import { CHUNK_SIZE } from "./protocol.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {(received: number, size: number) => void} OnBytes */
/** @typedef {(content: any, data: ArrayBuffer | ArrayBufferView) => Blob | null} OnChunk */
/**
 * @typedef {object} Settings
 * @property {OnChunk} [onChunk]  makes an answer of the chunks
 * @property {number} [id]        of a request that was made before; its answer is the same
 * @property {number} [within]    milliseconds; the answer is late after that
 * @property {(again: {count: number, seconds: number}) => Promise<boolean>} [ask]  whether a person
 *   wants once more what was asked for before
 */
/** @typedef {Settings & {resolve: (answer: any) => void, reject: (reason: Error) => void,
 * timer: number, went?: boolean, withdrawn?: boolean}} Waiting */

/** How long an answer may take where nobody says otherwise. Milliseconds. */
const PATIENCE = 60_000;

let lastId = Math.floor(Math.random() * 2 ** 40);
/** A new number for a request. */
export const newId = () => (lastId += 1);

/** Hear events of the model until the view is gone.
 * @param {Model} model
 * @param {string[]} events
 * @param {(...values: any[]) => void} listener
 * @param {AbortSignal} signal
 */
export function listen(model, events, listener, signal) {
  for (const event of events) model.on(event, listener);
  on(signal, "abort", () => {
    for (const event of events) model.off(event, listener);
  });
}

/** What went wrong, for a person. @param {unknown} reason */
export const reasonText = (reason) => (reason instanceof Error ? reason.message : String(reason));

export class Wire {
  /** @param {Model} model @param {import("./kernel.js").Kernel} kernel
   * @param {import("./types.js").Translate} t @param {AbortSignal} signal */
  constructor(model, kernel, t, signal) {
    this.model = model;
    this.kernel = kernel;
    this.t = t;
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    listen(model, ["msg:custom"], (content, buffers) => this.receive(content, buffers), signal);
    on(kernel, "lost", () => this.fail(t("common.wire.lost")), { signal });
    on(signal, "abort", () => this.fail("closed"));
  }

  /** Whether there is a kernel to talk to. */
  get open() {
    return this.kernel.open;
  }

  /** Nobody will answer any more. @param {string} why */
  fail(why) {
    for (const id of [...this.waiting.keys()]) this.take(id)?.reject(new Error(why));
  }

  /** The request stops waiting. @param {number} id */
  take(id) {
    const waiting = this.waiting.get(id);
    clearTimeout(waiting?.timer);
    this.waiting.delete(id);
    return waiting;
  }

  /**
   * Send and wait for `{id, kind: "ok"}` or `{id, kind: "error", error}`. What costs money is asked
   * back before it runs: `{kind: "withdrawn"}` where somebody took it back.
   * @param {import("./protocol.js").Request} content
   * @param {Settings} [settings]
   * @returns {Promise<any>}
   */
  request(content, settings) {
    const { id, answer } = this.expect(settings);
    this.post({ ...content, id });
    return answer;
  }

  /** @param {Settings} [settings] */
  expect(settings = {}) {
    const id = settings.id || newId();
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(id, { ...settings, resolve, reject, timer: 0 });
    });
    this.wait(id);
    return { id, answer };
  }

  /** From now on an answer may take its time again. @param {number} id */
  wait(id) {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    const late = () => {
      const words = this.t(waiting.went ? "common.wire.late_sent" : "common.wire.late");
      this.take(id)?.reject(new Error(words));
    };
    waiting.timer = setTimeout(late, waiting.within ?? PATIENCE);
  }

  /** @param {Record<string, any>} content @param {ArrayBuffer[]} [buffers] */
  post(content, buffers = []) {
    try {
      if (!this.model.send || !this.open) throw new Error(this.t("common.wire.lost"));
      this.model.send(content, undefined, buffers);
    } catch (reason) {
      this.take(content.id)?.reject(/** @type {Error} */ (reason));
    }
  }

  /**
   * Take back what costs money. Before the page has said `go` the kernel runs nothing, so that is
   * all; else its answer tells what became of it.
   * @param {number} id
   */
  withdraw(id) {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    waiting.withdrawn = true;
    this.post({ kind: "withdraw", id });
    if (!waiting.went) this.take(id)?.resolve({ id, kind: "withdrawn" });
  }

  /** The kernel asks back. @param {number} id @param {{count: number, seconds: number} | null} again */
  async confirm(id, again) {
    const waiting = this.waiting.get(id);
    if (!waiting || waiting.withdrawn) return; // nobody wants it any more: it is not run
    clearTimeout(waiting.timer);
    const wanted = !again || !waiting.ask || (await waiting.ask(again));
    if (!this.waiting.has(id)) return;
    if (!wanted) return this.withdraw(id);
    waiting.went = true;
    this.wait(id);
    this.post({ kind: "go", id });
  }

  /** @param {any} content @param {any[]} buffers */
  receive(content, buffers) {
    const { id, kind, again } = content ?? {};
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    if (kind === "confirm") return void this.confirm(id, again);
    const chunk = kind === "chunk";
    const answer = chunk ? waiting.onChunk?.(content, buffers?.[0]) : content;
    if (chunk && !answer) return this.wait(id);
    this.take(id);
    if (kind === "error") {
      const { worded, error } = content;
      waiting.reject(new Error(worded?.[this.t("common.language")] ?? error));
    } else waiting.resolve(answer);
  }
}

/**
 * Send a file in chunks; one answer comes at the end.
 * @param {Wire} wire @param {import("./protocol.js").Request} content @param {Blob} blob
 */
export async function upload(wire, content, blob) {
  const { id, answer } = wire.expect();
  answer.catch(() => undefined); // the caller hears of it; a refusal half-way must not count as unhandled
  const count = Math.max(1, Math.ceil(blob.size / CHUNK_SIZE));
  for (let seq = 0; seq < count && wire.waiting.has(id); seq += 1) {
    const piece = await blob.slice(seq * CHUNK_SIZE, (seq + 1) * CHUNK_SIZE).arrayBuffer();
    wire.wait(id);
    wire.post({ ...content, id, seq, last: seq === count - 1, size: blob.size }, [piece]);
  }
  return answer;
}

/**
 * Ask for a file's bytes, which come in chunks in whatever order.
 * @param {Wire} wire @param {import("./protocol.js").Request} content
 * @param {OnBytes} [onBytes] @param {number} [within]  see `Settings`
 * @returns {Promise<Blob>}
 */
export function fetchBytes(wire, content, onBytes, within = PATIENCE) {
  /** @type {ArrayBuffer[]} */
  const chunks = [];
  /** @type {OnChunk} */
  const onChunk = ({ seq, size }, piece) => {
    chunks[seq] = /** @type {ArrayBuffer} */ (piece);
    const received = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    onBytes?.(received, size);
    return received < size ? null : new Blob(chunks, { type: "video/mp4" });
  };
  return wire.request(content, { onChunk, within });
}
