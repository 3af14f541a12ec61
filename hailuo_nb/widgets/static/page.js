// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/page.js
function show(board) {
let still = document.getElementById("hn-still"), el = document.createElement("div");
still.before(el);
try {
board.render({ model: modelOf(still), el, signal: new AbortController().signal }), still.remove(), document.querySelector("h1")?.classList.add("hn-sr");
} catch (reason) {
throw el.remove(), reason;
}
}
function modelOf(still) {
let data = JSON.parse(document.getElementById("hn-data")?.textContent ?? ""), links = new Map();
for (let [index, row] of data.rows.entries()) {
let video = still.querySelector(`[data-row="${index}"] video`);
for (let [name, attribute] of [
["video", "src"],
["poster", "poster"]
]) {
let link = video?.getAttribute(attribute ?? "");
!name || !link || (row[name] = `${name}/${index}`, links.set(row[name], link));
}
}
let heard = new Map(), language = navigator.language, traits = { actions: [], language, ...data };
return {
get: (name) => traits[name],
set: (name, value) => {
traits[name] = value;
for (let callback of [...heard.get(`change:${name}`) ?? []]) callback();
},
save_changes: () => {
},
on: (event, callback) => {
heard.set(event, (heard.get(event) ?? new Set()).add(callback));
},
off: (event, callback) => {
heard.get(event)?.delete(callback);
},
widget_manager: {
resolveUrl: async (path) => {
let link = links.get(path) ?? "";
if (!link.startsWith("data:video/")) return link;
let url = blobUrl(link);
return links.set(path, url), url;
}
}
};
}
function blobUrl(link) {
let text = atob(link.slice(link.indexOf(",") + 1)), bytes = new Uint8Array(text.length);
for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
return URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
}
export {
show as default
};
