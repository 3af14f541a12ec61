// The board in a page on disk: a model without a kernel, and the clips that the page holds.
// pages/page.py writes that page.

/** @typedef {import("./types.js").Model} Model */
/** @typedef {import("./types.js").RenderContext} RenderContext */

/** @param {{render: (context: RenderContext) => void}} board */
export default function show(board) {
  const still = /** @type {HTMLElement} */ (document.getElementById("hn-still"));
  const el = document.createElement("div");
  still.before(el);
  try {
    board.render({ model: modelOf(still), el, signal: new AbortController().signal });
    still.remove(); // every clip is on the page once
    document.querySelector("h1")?.classList.add("hn-sr"); // the board has its own head, for the eye
  } catch (reason) {
    el.remove(); // what stood there without a script goes on standing
    throw reason;
  }
}

/**
 * A model without `send`: the board then offers nothing that needs a kernel.
 * @param {HTMLElement} still
 * @returns {Model}
 */
function modelOf(still) {
  const data = JSON.parse(document.getElementById("hn-data")?.textContent ?? "");
  /** @type {Map<string, string>} what the board asks for -> a link */
  const links = new Map();
  for (const [index, row] of data.rows.entries()) {
    const video = still.querySelector(`[data-row="${index}"] video`);
    for (const [name, attribute] of [
      ["video", "src"],
      ["poster", "poster"],
    ]) {
      const link = video?.getAttribute(attribute ?? "");
      if (!name || !link) continue;
      row[name] = `${name}/${index}`;
      links.set(row[name], link);
    }
  }
  /** @type {Map<string, Set<(...values: any[]) => void>>} */
  const heard = new Map();
  const language = navigator.language;
  /** @type {Record<string, any>} */
  const traits = { actions: [], language, ...data };
  return {
    get: (name) => traits[name],
    set: (name, value) => {
      traits[name] = value;
      for (const callback of [...(heard.get(`change:${name}`) ?? [])]) callback();
    },
    save_changes: () => undefined,
    on: (event, callback) => void heard.set(event, (heard.get(event) ?? new Set()).add(callback)),
    off: (event, callback) => void heard.get(event)?.delete(callback),
    widget_manager: {
      resolveUrl: async (path) => {
        const link = links.get(path) ?? "";
        if (!link.startsWith("data:video/")) return link;
        const url = blobUrl(link);
        links.set(path, url);
        return url;
      },
    },
  };
}

/** Browsers seek in a blob as in a file; in a data URL not all do. @param {string} link */
function blobUrl(link) {
  const text = atob(link.slice(link.indexOf(",") + 1));
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
}
