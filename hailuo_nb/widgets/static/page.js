// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/page.js
function show(board) {
	const still = (
		
		document.getElementById("hn-still")
	);
	const el = document.createElement("main");
	still.before(el);
	try {
		board.render({ model: modelOf(still), el, signal: new AbortController().signal });
		still.remove();
	} catch (reason) {
		el.remove();
		throw reason;
	}
}
function modelOf(still) {
	const data = JSON.parse(document.getElementById("hn-data")?.textContent ?? "");
	const links = /* @__PURE__ */ new Map();
	for (const [index, row] of data.rows.entries()) {
		const video = still.querySelector(`[data-row="${index}"] video`);
		for (const [name, attribute] of [["video", "src"], ["poster", "poster"]]) {
			const link = video?.getAttribute(attribute ?? "");
			if (!name || !link) continue;
			row[name] = `${name}/${index}`;
			links.set(row[name], link);
		}
	}
	const heard = /* @__PURE__ */ new Map();
	const language = navigator.language;
	const traits = { acts: [], language, ...data };
	return {
		get: (name) => traits[name],
		set: (name, value) => {
			traits[name] = value;
			for (const callback of [...heard.get(`change:${name}`) ?? []]) callback();
		},
		save_changes: () => void 0,
		on: (event, callback) => void heard.set(event, (heard.get(event) ?? /* @__PURE__ */ new Set()).add(callback)),
		off: (event, callback) => void heard.get(event)?.delete(callback),
		widget_manager: {
			resolveUrl: async (path) => {
				const link = links.get(path) ?? "";
				if (!link.startsWith("data:video/")) return link;
				const url = blobUrl(link);
				links.set(path, url);
				return url;
			}
		}
	};
}
function blobUrl(link) {
	const text = atob(link.slice(link.indexOf(",") + 1));
	const bytes = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
	return URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
}
export {
	show as default
};
