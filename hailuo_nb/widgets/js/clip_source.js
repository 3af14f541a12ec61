// From a row to a playing <video>: by relative path through the Jupyter server, else by bytes from the kernel.

/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./wire.js").Wire} Wire */

/** A server that has not sent the head of a clip by then is taken for one that cannot. Milliseconds. */
const PATIENCE = 15_000;

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

/**
 * Let `video` show the clip of `row`. Rejects with the reason when neither way works.
 * @param {HTMLVideoElement} video @param {Row} row
 * @param {{model: Model, wire: Wire, signal: AbortSignal, onBytes: (received: number, size: number) => void}} means
 */
export async function showClip(video, row, { model, wire, signal, onBytes }) {
  const link = await directLink(model, row.video);
  if (signal.aborted) return;
  if (link) {
    try {
      await attach(video, link, signal);
      return;
    } catch (reason) {
      if (!wire.open) throw reason;
    }
  }
  const blob = await wire.fetchClip(row.id, onBytes);
  if (signal.aborted) return;
  const url = URL.createObjectURL(blob);
  signal.addEventListener("abort", () => URL.revokeObjectURL(url));
  await attach(video, url, signal);
}

/** @param {HTMLVideoElement} video @param {string} url @param {AbortSignal} signal @returns {Promise<void>} */
function attach(video, url, signal) {
  return new Promise((resolve, reject) => {
    const settle = (/** @type {() => void} */ act) => () => {
      clearTimeout(timer);
      video.removeEventListener("loadedmetadata", loaded);
      video.removeEventListener("error", failed);
      act();
    };
    const loaded = settle(resolve);
    const failed = settle(() =>
      reject(new Error(video.error?.message || "the browser cannot play this file")),
    );
    const timer = setTimeout(failed, PATIENCE);
    video.addEventListener("loadedmetadata", loaded);
    video.addEventListener("error", failed);
    signal.addEventListener("abort", settle(resolve), { once: true });
    video.src = url;
    video.load();
  });
}
