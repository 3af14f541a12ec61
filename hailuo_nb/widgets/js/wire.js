// Requests to the kernel over custom messages: every request has an id and gets an answer, bytes come in pieces.
// Knows nothing of what is asked. Several views and several tabs hear every answer, so ids start at random.

/** @typedef {import("./types.js").Model} Model */
/** @typedef {{resolve: (answer: any) => void, reject: (reason: Error) => void,
 *   pieces: Map<number, ArrayBuffer | ArrayBufferView>,
 *   onProgress?: ((received: number, size: number) => void) | undefined}} Waiting */

/** Bytes in one message. The Jupyter server drops the socket at 10 MiB. */
export const PIECE = 4 * 1024 * 1024;

let lastId = Math.floor(Math.random() * 2 ** 40);

export class Wire {
  /** @param {Model} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.model = model;
    /** @type {Map<number, Waiting>} */
    this.waiting = new Map();
    const listener = (/** @type {any} */ content, /** @type {any[]} */ buffers) =>
      this.receive(content, buffers);
    model.on("msg:custom", listener);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", listener);
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
   * @param {Record<string, any>} content
   * @returns {Promise<any>}
   */
  ask(content) {
    const { id, answer } = this.expect();
    this.post({ ...content, id });
    return answer;
  }

  /**
   * Upload a file in pieces; one answer comes at the end.
   * @param {Record<string, any>} content @param {Blob} blob
   */
  async upload(content, blob) {
    const { id, answer } = this.expect();
    answer.catch(() => undefined); // the caller hears of it; a refusal half-way must not count as unhandled
    const count = Math.max(1, Math.ceil(blob.size / PIECE));
    for (let seq = 0; seq < count && this.waiting.has(id); seq += 1) {
      const piece = await blob.slice(seq * PIECE, (seq + 1) * PIECE).arrayBuffer();
      this.post({ ...content, id, seq, last: seq === count - 1, size: blob.size }, [piece]);
    }
    return answer;
  }

  /**
   * Ask for a clip's bytes.
   * @param {string} job @param {(received: number, size: number) => void} [onProgress]
   * @returns {Promise<Blob>}
   */
  fetchClip(job, onProgress) {
    const { id, answer } = this.expect(onProgress);
    this.post({ id, kind: "get", job });
    return answer;
  }

  /** @param {(received: number, size: number) => void} [onProgress] */
  expect(onProgress) {
    lastId += 1;
    const id = lastId;
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, pieces: new Map(), onProgress });
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
    if (content.kind === "chunk") {
      const blob = collect(waiting, content, buffers?.[0]);
      if (!blob) return;
      waiting.resolve(blob);
    } else if (content.kind === "error") {
      waiting.reject(new Error(content.error));
    } else {
      waiting.resolve(content);
    }
    this.waiting.delete(content.id);
  }
}

/**
 * Put a piece to the others; the whole as a Blob once every piece is there, whatever the order of arrival.
 * @param {Waiting} waiting @param {{seq: number, last: boolean, size: number}} content
 * @param {ArrayBuffer | ArrayBufferView} piece
 * @returns {Blob | null}
 */
function collect(waiting, { seq, size }, piece) {
  waiting.pieces.set(seq, piece);
  let received = 0;
  for (const part of waiting.pieces.values()) received += part.byteLength;
  waiting.onProgress?.(received, size);
  if (received < size) return null;
  const ordered = [...waiting.pieces].sort(([a], [b]) => a - b).map(([, part]) => part);
  return new Blob(/** @type {BlobPart[]} */ (ordered), { type: "video/mp4" });
}
