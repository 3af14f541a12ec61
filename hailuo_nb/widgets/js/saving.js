// Files that leave the page: their names, a download, and a frame of a video as a picture.

import { EXPORTS } from "./protocol.js";

/** @type {Record<string, string>} */
const ENDINGS = {
  page: ".html",
  png: " filmstrips.png",
  video: " grid.mp4",
  csv: ".csv",
  clip: ".mp4",
  frame: ".png",
};
/** A download has begun by then, and its bytes may go. Milliseconds. */
const BEGUN = 60_000;

/** What can be made: a page and a table would tell the names that are hidden. @param {boolean} blind */
export const exportsOf = (blind) =>
  EXPORTS.filter((what) => !blind || what === "png" || what === "video");

/**
 * A name that every file system takes.
 * @param {string} title @param {string} what  of `ENDINGS`
 */
export function fileName(title, what) {
  const ending = ENDINGS[what] ?? "";
  const words = title
    .replace(/[^\p{L}\p{N}._ -]+/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "");
  return ([...words].slice(0, 60).join("").trim() || "comparison") + ending;
}

/**
 * Let the browser save what is behind a link.
 * @param {string} url @param {string} name @param {boolean} [once]  nobody else needs the link
 */
export function save(url, name, once = true) {
  const link = Object.assign(document.createElement("a"), {
    href: url,
    download: name,
    target: "_blank", // where the name is ignored, at least this page stays
    rel: "noopener",
  });
  document.body.append(link);
  link.click();
  link.remove();
  if (once) setTimeout(() => URL.revokeObjectURL(url), BEGUN);
}

/**
 * What a video shows now, as a PNG. Rejects where the page may not read it: a clip beside a page on
 * disk.
 * @param {HTMLVideoElement} video @returns {Promise<Blob>}
 */
export async function frameOf(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("empty"))), "image/png");
  });
}

/**
 * Put a picture on the clipboard. Returns false where the page may not.
 * @param {Promise<Blob>} picture
 */
export async function copyPicture(picture) {
  try {
    // The promise itself: Safari takes nothing that comes after the click.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    return true;
  } catch {
    return false;
  }
}
