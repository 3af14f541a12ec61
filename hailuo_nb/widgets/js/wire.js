// Requests to the kernel over custom messages: each has an id and gets an answer; files come in
// chunks. All views and tabs hear every answer, so ids start at random.

import { on } from "./dom.js";
import { CHUNK_SIZE } from "./protocol.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {(received: number, size: number) => void} OnBytes */
/** @typedef {{resolve: (answer: any) => void, reject: (reason: Error) => void,
 * onChunk?: ((content: any, data: ArrayBuffer | ArrayBufferView) => Blob | null) | undefined}}
 * Waiting
 */

let lastId = Math.floor(Math.random() * 2 ** 40);

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
  /** @param {Model} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.model = model;
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    listen(model, ["msg:custom"], (content, buffers) => this.receive(content, buffers), signal);
    on(signal, "abort", () => {
      for (const { reject } of this.waiting.values()) reject(new Error("closed"));
      this.waiting.clear();
    });
  }

  /** Whether there is a kernel to talk to. */
  get open() {
    return typeof this.model.send === "function";
  }

  /**
   * Send and wait for `{id, kind: "ok"}` or `{id, kind: "error", error}`.
   * @param {import("./protocol.js").Request} content
   * @param {Waiting["onChunk"]} [onChunk]  makes an answer of the chunks
   * @returns {Promise<any>}
   */
  request(content, onChunk) {
    const { id, answer } = this.expect(onChunk);
    this.post({ ...content, id });
    return answer;
  }

  /** @param {Waiting["onChunk"]} [onChunk] */
  expect(onChunk) {
    lastId += 1;
    const id = lastId;
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onChunk });
    });
    return { id, answer };
  }

  /** @param {Record<string, any>} content @param {ArrayBuffer[]} [buffers] */
  post(content, buffers = []) {
    if (this.model.send) this.model.send(content, undefined, buffers);
    else this.waiting.get(content.id)?.reject(new Error("no kernel"));
  }

  /** @param {any} content @param {any[]} buffers */
  receive(content, buffers) {
    const waiting = this.waiting.get(content?.id);
    if (!waiting) return;
    const kind = /** @type {import("./protocol.js").Answer} */ (content.kind);
    const chunk = kind === "chunk";
    const answer = chunk ? waiting.onChunk?.(content, buffers?.[0]) : content;
    if (chunk && !answer) return;
    if (kind === "error") waiting.reject(new Error(content.error));
    else waiting.resolve(answer);
    this.waiting.delete(content.id);
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
    wire.post({ ...content, id, seq, last: seq === count - 1, size: blob.size }, [piece]);
  }
  return answer;
}

/**
 * Ask for a clip's bytes, which come in chunks in whatever order.
 * @param {Wire} wire @param {import("./protocol.js").Request} content
 * @param {OnBytes} [onBytes]
 * @returns {Promise<Blob>}
 */
export function fetchBytes(wire, content, onBytes) {
  /** @type {ArrayBuffer[]} */
  const chunks = [];
  return wire.request(content, ({ seq, size }, piece) => {
    chunks[seq] = /** @type {ArrayBuffer} */ (piece);
    const received = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    onBytes?.(received, size);
    return received < size ? null : new Blob(chunks, { type: "video/mp4" });
  });
}
