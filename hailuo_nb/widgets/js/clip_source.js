// From a row to a playing <video>: by relative path through the Jupyter server, else by bytes from
// the kernel.

import { on, pageWide, uniqueId } from "./dom.js";
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
/** What a board fetched is kept for so long after its last view is gone. Milliseconds. */
const CLOSED = 5000;
/** A poster that does not come is asked for again, so often, and at first after so long. */
const POSTER_TRIES = 3;
const POSTER_WAIT = 1500;

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

/** @typedef {{url: string, size: number, users: number, there: Promise<void>}} Kept */

/** The bytes of clips that came from a kernel: each is fetched once, for all who show it. */
export class ClipStore {
  /** @type {Map<string, Kept>} the last used stands last */
  clips = new Map();
  /** @type {Map<string, number>} boards -> the views of each */
  views = new Map();

  /** @param {number} [most]  bytes */
  constructor(most = CACHE_BYTES) {
    this.most = most;
  }

  /** @param {string} board */
  open(board) {
    this.views.set(board, (this.views.get(board) ?? 0) + 1);
  }

  /** A board that is not shown again soon, as in another language, keeps nothing. @param {string} board */
  close(board) {
    this.views.set(board, (this.views.get(board) ?? 1) - 1);
    setTimeout(() => {
      if (this.views.get(board)) return;
      for (const [key, clip] of this.clips) if (key.startsWith(board)) this.drop(key, clip);
    }, CLOSED);
  }

  /**
   * The clip, for somebody who gives it back in the end.
   * @param {string} key  that begins with its board @param {() => Promise<Blob>} fetch
   */
  async take(key, fetch) {
    const clip = this.clips.get(key) ?? this.make(key, fetch);
    this.clips.delete(key);
    this.clips.set(key, clip);
    clip.users += 1;
    await clip.there;
    return clip;
  }

  /** @param {string} key @param {() => Promise<Blob>} fetch */
  make(key, fetch) {
    /** @type {Kept} */
    const clip = { url: "", size: 0, users: 0, there: Promise.resolve() };
    clip.there = fetch().then(
      (blob) => {
        clip.url = URL.createObjectURL(blob);
        clip.size = blob.size;
        this.trim();
      },
      (reason) => {
        this.clips.delete(key);
        throw reason;
      },
    );
    return clip;
  }

  /** @param {Kept | undefined} clip */
  give(clip) {
    if (clip) clip.users -= 1;
    this.trim();
  }

  /** What a video shows is never taken from it. */
  trim() {
    let sum = [...this.clips.values()].reduce((all, { size }) => all + size, 0);
    for (const [key, clip] of this.clips) {
      if (sum <= this.most) break;
      if (clip.users || !clip.url) continue;
      sum -= clip.size;
      this.drop(key, clip);
    }
  }

  /** @param {string} key @param {Kept} clip */
  drop(key, { url }) {
    URL.revokeObjectURL(url);
    this.clips.delete(key);
  }
}

/** @type {WeakMap<object, string>} */
const names = new WeakMap();

/** The clips and posters of one view of a board. */
export class Clips {
  /** @param {Model} model @param {Wire} wire @param {AbortSignal} signal */
  constructor(model, wire, signal) {
    this.model = model;
    this.wire = wire;
    this.name = names.get(model) ?? uniqueId("board");
    names.set(model, this.name);
    this.store = pageWide("clips", () => new ClipStore());
    /** @type {Map<HTMLVideoElement, Kept>} */
    this.shown = new Map();
    /** @type {Map<string, Promise<string>>} */
    this.posters = new Map();
    /** @type {WeakMap<object, {works?: boolean, fails?: boolean}>} */
    const hosts = pageWide("hosts", () => new WeakMap());
    const host = model.widget_manager ?? model;
    this.host = hosts.get(host) ?? {};
    hosts.set(host, this.host);
    this.store.open(this.name);
    on(signal, "abort", () => this.store.close(this.name));
  }

  /** @param {Row} row */
  keyOf({ id }) {
    return `${this.name}/${id}`;
  }

  /**
   * Let `video` show the clip of `row`. Rejects with the reason when neither way works.
   * @param {HTMLVideoElement} video @param {Row} row @param {AbortSignal} signal
   * @param {import("./wire.js").OnBytes} [onBytes]
   */
  async show(video, row, signal, onBytes) {
    const link = this.store.clips.has(this.keyOf(row)) ? null : await this.direct(row);
    if (signal.aborted) return;
    if (link) {
      try {
        await attach(video, link, signal);
        if (!signal.aborted) this.host.works = true;
        return;
      } catch (reason) {
        if (!this.wire.open) throw reason;
      }
    }
    const clip = await this.take(row, onBytes);
    if (signal.aborted) return this.store.give(clip);
    this.shown.set(video, clip);
    await attach(video, clip.url, signal);
    // Where none has worked, the next ones need not try.
    if (link && !this.host.works && !signal.aborted) this.host.fails = true;
  }

  /** @param {Row} row */
  async direct({ video }) {
    return this.host.fails ? null : directLink(this.model, video);
  }

  /** @param {Row} row @param {import("./wire.js").OnBytes} [onBytes] */
  take(row, onBytes) {
    const fetch = () => fetchBytes(this.wire, { kind: "clip", job: row.id }, onBytes);
    return this.store.take(this.keyOf(row), fetch);
  }

  /** Give the decoder of a video back, and its clip. @param {HTMLVideoElement} video */
  hide(video) {
    video.removeAttribute("src");
    video.load();
    const clip = this.shown.get(video);
    this.shown.delete(video);
    this.store.give(clip);
  }

  /** A link to the file that a new tab can open. @param {Row} row */
  async openable(row) {
    return (await this.direct(row)) ?? (await this.take(row)).url;
  }

  /**
   * Let `image` show the poster of `row`, by its path or from the kernel; what fails is tried again.
   * @param {HTMLImageElement} image @param {Row} row @param {number} [tries]  so far
   */
  async poster(image, row, tries = 0) {
    const held = row.poster === HELD;
    const show = (/** @type {string} */ link) => {
      image.hidden = !link;
      if (link) image.src = link;
      else if (tries < POSTER_TRIES)
        setTimeout(
          () => image.isConnected && image.hidden && void this.poster(image, row, tries + 1),
          POSTER_WAIT * 4 ** tries,
        );
    };
    image.onerror = async () => {
      image.onerror = null;
      show(held || isUrl(row.poster) ? "" : await this.held(row));
    };
    show((held ? await this.held(row) : await directLink(this.model, row.poster)) ?? "");
  }

  /** The poster that the kernel has; "" where it has not, or not now. @param {Row} row */
  held({ id }) {
    const asked =
      this.posters.get(id) ??
      this.wire.request({ kind: "poster", job: id }).then((answer) => answer.poster);
    this.posters.set(id, asked);
    return asked.catch(() => {
      this.posters.delete(id);
      return "";
    });
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
