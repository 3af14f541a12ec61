// From a row to a playing <video>: by relative path through the Jupyter server, else by bytes from
// the kernel.

import { on } from "./dom.js";
import { HELD } from "./protocol.js";
import { fetchBytes } from "./wire.js";

/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./wire.js").Wire} Wire */

/**
 * A server that has not sent the head of a clip by then is taken for one that cannot. Milliseconds.
 */
const TIMEOUT = 15_000;
/** Bytes from the kernel that the page keeps, so that scrolling does not fetch a clip again. */
const CACHE_BYTES = 200 * 1024 * 1024;

/** @param {string} path */
export function encodePath(path) {
  return path.split("/").map(encodeURIComponent).join("/");
}

/** @param {string} path */
export function isUrl(path) {
  return /^(data|blob|https?):/i.test(path);
}

/**
 * The link to try first, or null where there is none.
 * @param {Model} model @param {string | null} path
 * @returns {Promise<string | null>}
 */
export async function directLink(model, path) {
  if (!path) return null;
  if (isUrl(path)) return path;
  const manager = model.widget_manager;
  if (typeof manager?.resolveUrl !== "function") return encodePath(path);
  try {
    return await manager.resolveUrl(encodePath(path));
  } catch {
    return null;
  }
}

/** The clips and posters of one board. */
export class Clips {
  /** @param {Model} model @param {Wire} wire @param {AbortSignal} signal */
  constructor(model, wire, signal) {
    this.model = model;
    this.wire = wire;
    /** @type {Map<string, {url: string, size: number}>} by job; the last used stands last */
    this.blobs = new Map();
    /** @type {Map<string, Promise<string>>} */
    this.posters = new Map();
    on(signal, "abort", () => {
      for (const { url } of this.blobs.values()) URL.revokeObjectURL(url);
    });
  }

  /**
   * Let `video` show the clip of `row`. Rejects with the reason when neither way works.
   * @param {HTMLVideoElement} video @param {Row} row @param {AbortSignal} signal
   * @param {import("./wire.js").OnBytes} [onBytes]
   */
  async show(video, row, signal, onBytes) {
    const link = this.blobs.has(row.id) ? null : await directLink(this.model, row.video);
    if (signal.aborted) return;
    if (link) {
      try {
        return await attach(video, link, signal);
      } catch (reason) {
        if (!this.wire.open) throw reason;
      }
    }
    const url = await this.blobUrl(row, onBytes);
    if (!signal.aborted) await attach(video, url, signal);
  }

  /** @param {Row} row @param {import("./wire.js").OnBytes} [onBytes] */
  async blobUrl(row, onBytes) {
    const kept = this.blobs.get(row.id);
    if (kept) {
      this.blobs.delete(row.id);
      this.blobs.set(row.id, kept);
      return kept.url;
    }
    const blob = await fetchBytes(this.wire, { kind: "clip", job: row.id }, onBytes);
    const url = URL.createObjectURL(blob);
    this.blobs.set(row.id, { url, size: blob.size });
    let sum = [...this.blobs.values()].reduce((all, { size }) => all + size, 0);
    for (const [id, { url: old, size }] of this.blobs) {
      if (sum <= CACHE_BYTES || id === row.id) break;
      URL.revokeObjectURL(old);
      this.blobs.delete(id);
      sum -= size;
    }
    return url;
  }

  /** A link to the file that a new tab can open. @param {Row} row */
  async openable(row) {
    return (await directLink(this.model, row.video)) ?? (await this.blobUrl(row));
  }

  /**
   * Let `image` show the poster of `row`, by its path or from the kernel.
   * @param {HTMLImageElement} image
   * @param {Row} row
   */
  async poster(image, row) {
    const fromKernel = () => {
      const request =
        this.posters.get(row.id) ??
        this.wire.request({ kind: "poster", job: row.id }).then((a) => a.poster);
      this.posters.set(row.id, request);
      return request.catch(() => "");
    };
    image.onerror = async () => {
      image.onerror = null;
      const url = row.poster === HELD || isUrl(row.poster) ? "" : await fromKernel();
      if (url) image.src = url;
      else image.hidden = true;
    };
    const link =
      row.poster === HELD ? await fromKernel() : await directLink(this.model, row.poster);
    image.hidden = !link;
    if (link) image.src = link;
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {string} url
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function attach(video, url, signal) {
  return new Promise((resolve, reject) => {
    const life = new AbortController();
    const settle = (/** @type {() => void} */ act) => () => {
      clearTimeout(timer);
      life.abort();
      act();
    };
    const failed = settle(() =>
      reject(new Error(video.error?.message || "the browser cannot play this file")),
    );
    const timer = setTimeout(failed, TIMEOUT);
    on(video, "loadedmetadata", settle(resolve), life);
    on(video, "error", failed, life);
    on(signal, "abort", settle(resolve), life);
    video.src = url;
    video.load();
  });
}
