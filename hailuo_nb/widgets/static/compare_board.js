// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/dom.js
function h(tag, props = {}, ...children) {
	const [name = "", ...classes] = tag.split(".");
	const el = (
		
		document.createElement(name)
	);
	if (name === "button") el.setAttribute("type", "button");
	if (classes.length) el.className = classes.join(" ");
	assign(el, props);
	el.append(...children.filter(isChild));
	return el;
}
function isChild(child) {
	return child !== null && child !== void 0 && child !== false;
}
function assign(el, props) {
	for (const [name, value] of Object.entries(props)) {
		if (name === "on") {
			for (const [type, listener] of Object.entries(value)) el.addEventListener(type, listener);
		} else if (name === "data") {
			for (const [key, text] of Object.entries(value)) el.setAttribute(`data-${key}`, String(text));
		} else {
			setAttribute(el, name, value);
		}
	}
}
function setAttribute(el, name, value) {
	if (value === false || value === null || value === void 0) {
		if (el.hasAttribute(name)) el.removeAttribute(name);
		return;
	}
	const text = value === true ? "" : String(value);
	if (el.getAttribute(name) !== text) el.setAttribute(name, text);
}
function setText(el, text) {
	if (el.textContent !== text) el.textContent = text;
}
function showText(el, text) {
	setText(el, text);
	el.hidden = text === "";
}
function replace(el, ...children) {
	el.replaceChildren(...children.filter(isChild));
}
var counter = 0;
function uniqueId(name) {
	counter += 1;
	return `hn-${name}-${counter}-${Math.floor(Math.random() * 1e9).toString(36)}`;
}
function prefersReducedMotion() {
	return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

// js/announce.js
var PAUSE = 2e3;
var Announcer = class {
	
	constructor(signal) {
		this.el = h("div.hn-sr", { role: "status", "aria-live": "polite", "aria-atomic": "true" });
		this.queue = [];
		this.timer = 0;
		signal.addEventListener("abort", () => clearTimeout(this.timer));
	}
	
	say(text) {
		if (!text) return;
		this.queue.push(text);
		if (!this.timer) this.flush();
	}
	flush() {
		this.timer = 0;
		if (this.queue.length === 0) return;
		this.el.textContent = this.queue.splice(0).join(" ");
		this.timer = window.setTimeout(() => this.flush(), PAUSE);
	}
};

// js/states.js
var ACTIVE = /* @__PURE__ */ new Set(["submitting", "submitted", "ready", "downloading"]);
var SETTLED = /* @__PURE__ */ new Set(["saved", "rejected", "failed", "unknown", "expired", "cancelled", "invalid"]);
var TROUBLE = /* @__PURE__ */ new Set(["rejected", "failed", "unknown", "expired", "invalid"]);
function tone(state) {
	if (state === "saved") return "good";
	if (state === "unknown" || state === "cancelled") return "warn";
	if (TROUBLE.has(state)) return "bad";
	return ACTIVE.has(state) ? "active" : "idle";
}
function tally(rows) {
	let [saved, trouble, settled, sum] = [0, 0, 0, 0];
	for (const { state, progress } of rows) {
		if (state === "saved") saved += 1;
		if (TROUBLE.has(state)) trouble += 1;
		if (SETTLED.has(state)) settled += 1;
		sum += SETTLED.has(state) ? 1 : progress ?? 0;
	}
	return { count: rows.length, saved, trouble, settled, fraction: rows.length ? sum / rows.length : 0 };
}
function elapsed(row, now) {
	if (row.submitted_at === null || row.submitted_at === void 0) return null;
	if (row.finished_at) return Math.max(0, row.finished_at - row.submitted_at);
	return SETTLED.has(row.state) ? null : Math.max(0, now - row.submitted_at);
}
var MOST = 0.95;
function howFar(row, now) {
	const passed = row.parked ? null : elapsed(row, now);
	const late = Boolean(row.usual_seconds && passed !== null && passed > row.usual_seconds);
	const said = row.progress ?? null;
	if (said !== null && (row.state !== "submitted" || said > 0)) return { fraction: said, kind: "said", late };
	if (row.state !== "submitted" || !row.usual_seconds || passed === null)
		return { fraction: said, kind: said === null ? "none" : "said", late };
	return { fraction: Math.min(MOST, passed / row.usual_seconds), kind: "usual", late };
}
var HANDY = {
	planned: ["cancel"],
	unknown: ["look_again", "send_again"],
	failed: ["retry"],
	rejected: ["retry"],
	expired: ["retry"],
	cancelled: ["retry"]
};
var FITS = {
	retake: (state) => state !== "invalid" && state !== "planned",
	promote: (state) => state !== "invalid",
	settings: (state) => state !== "invalid",
	python: (state) => state !== "invalid",
	retry: (state) => HANDY[state]?.includes("retry") ?? false,
	look_again: (state, { parked }) => state === "unknown" || parked,
	send_again: (state) => state === "unknown",
	cancel: (state) => state === "planned",
	stop_watching: (state, { parked }) => state === "submitted" && !parked,
	delete: (state) => state !== "invalid" && SETTLED.has(state)
};
function handyActs(row, acts) {
	return ((row.parked ? ["look_again"] : HANDY[row.state]) ?? []).filter((act) => acts.includes(act));
}
function menuActs(row, acts) {
	return Object.keys(FITS).filter((act) => acts.includes(act) && FITS[act]?.(row.state, row));
}
function aspect(resolution) {
	return resolution === "768P" ? 1366 / 768 : 16 / 9;
}

// js/board_rows.js
var AXES = ["prompt", "provider", "model", "camera", "format"];
var NO_FILTER = { text: "", provider: "", state: "", rating: 0, tag: "" };
function keyOf(row, axis) {
	if (axis === "format") return `${row.resolution} · ${row.duration} s`;
	return String(row[
		
		axis
	] ?? "");
}
function labelOf(row, axis) {
	return axis === "provider" ? row.provider_title || row.provider : keyOf(row, axis);
}
function filterRows(rows, filter, blind = false) {
	const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
	return rows.filter((row) => {
		const named2 = blind ? [] : [row.provider_title, row.provider, row.model, row.error, row.id, row.task_id];
		const hay = [row.prompt, row.note, ...row.tags ?? [], row.resolution, ...named2].join("\n").toLowerCase();
		return words.every((word) => hay.includes(word)) && (blind || !filter.provider || row.provider === filter.provider) && (!filter.state || row.state === filter.state) && (row.rating ?? 0) >= filter.rating && (!filter.tag || (row.tags ?? []).includes(filter.tag));
	});
}
function filtersSet(filter) {
	return Object.values(filter).filter(Boolean).length;
}
function costValue(cost) {
	const found = /\d+(\.\d+)?/.exec(cost);
	if (found) return Number(found[0]);
	return cost.startsWith("free") ? 0 : null;
}
function sortValue(row, by, now) {
	if (by === "time") return elapsed(row, now);
	if (by === "cost") return costValue(row.cost);
	if (by === "tags") return (row.tags ?? []).join(", ");
	if (by === "rating") return row.rating || null;
	if (by === "provider" || by === "format") return labelOf(row, by);
	const value = row[
		
		by
	];
	return typeof value === "number" ? value : String(value ?? "");
}
function sortRows(rows, { by, down }, now = 0) {
	if (!by) return [...rows];
	const words = new Intl.Collator(void 0, { numeric: true, sensitivity: "base" });
	const keyed = rows.map((row) => ({ row, value: sortValue(row, by, now) }));
	const missing = (value) => value === null || value === "";
	keyed.sort((a, b) => {
		if (missing(a.value) || missing(b.value)) return Number(missing(a.value)) - Number(missing(b.value));
		const order = typeof a.value === "number" && typeof b.value === "number" ? a.value - b.value : words.compare(String(a.value), String(b.value));
		return down ? -order : order;
	});
	return keyed.map(({ row }) => row);
}
function groupRows(rows, axis) {
	const groups = /* @__PURE__ */ new Map();
	for (const row of rows) {
		const key = keyOf(row, axis);
		const group = groups.get(key) ?? { key, label: labelOf(row, axis), rows: [] };
		group.rows.push(row);
		groups.set(key, group);
	}
	return [...groups.values()];
}
function matrixOf(rows, down, across) {
	const columns2 = groupRows(rows, across).map(({ key, label }) => ({ key, label }));
	const lines = groupRows(rows, down).map(({ key, label, rows: line }) => ({
		key,
		label,
		cells: columns2.map((column) => line.filter((row) => keyOf(row, across) === column.key))
	}));
	return { columns: columns2, rows: lines };
}
function valuesOf(rows, axis) {
	return groupRows(rows, axis).map(({ key, label }) => ({ key, label }));
}
function tagsOf(rows) {
	return [...new Set(rows.flatMap((row) => row.tags ?? []))].sort();
}
function naturalView(rows) {
	const several = (axis) => new Set(rows.map((row) => keyOf(row, axis))).size > 1;
	return several("prompt") && several("provider") ? "matrix" : "grid";
}

// js/board_head.js
var OTHER = { en: ["zh", "中文"], zh: ["en", "English"] };
function boardHead(t, source, help) {
	const title = h("h3.hn-title");
	const prompt = h("p.hn-board-prompt");
	const count = h("span.hn-count");
	const fill2 = h("div.hn-bar-fill");
	const progress = h("div.hn-bar.hn-bar-whole", { role: "progressbar", "aria-label": t("board.progress"), "aria-valuemin": 0, "aria-valuemax": 100 }, fill2);
	const [wanted, words] = OTHER[source.language] ?? ["en", "English"];
	const language = h("button.hn-button.hn-small.hn-quiet.hn-language", { lang: wanted, on: { click: () => source.switchTo(wanted) } }, words);
	const keys = h("button.hn-button.hn-small.hn-quiet", { "aria-label": t("board.help"), title: t("board.help"), on: { click: help } }, "?");
	const line = h("div.hn-title-line", {}, title, count, h("span.hn-head-end", {}, language, keys));
	const el = h("header.hn-board-head", {}, line, prompt, progress);
	function update(rows, shared) {
		const { count: all, saved, trouble, settled, fraction } = tally(rows);
		showText(title, source.title() || t("board.title"));
		showText(prompt, shared);
		setAttribute(prompt, "title", shared);
		const parts2 = [t("board.saved", { count: all, saved }), trouble ? t("board.trouble", { count: trouble }) : ""];
		showText(count, all ? parts2.filter(Boolean).join(" · ") : "");
		progress.hidden = all === 0 || settled === all;
		setAttribute(progress, "aria-valuenow", Math.round(fraction * 100));
		fill2.style.inlineSize = `${fraction * 100}%`;
	}
	return { el, update };
}

// js/dialog.js
function dialog({ root, t }, title, ...children) {
	const id = uniqueId("dialog");
	const close = h("button.hn-button.hn-square", { "aria-label": t("board.close"), on: { click: () => box.close() } }, "×");
	const box = h("dialog.hn-dialog", { "aria-labelledby": id }, h("div.hn-dialog-head", {}, h("h4", { id }, title), close), ...children);
	box.addEventListener("close", () => box.remove());
	box.addEventListener("click", (event) => event.target === box && box.close());
	root().append(box);
	box.showModal();
	return box;
}

// js/shortcuts.js
var TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable]";
var BUSY = "[role=slider], [role=menu], input[type=range], input[type=radio]";
function findShortcut(event, shortcuts) {
	const { key, target: target2, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event;
	if (ctrlKey || metaKey || altKey || isComposing || defaultPrevented) return void 0;
	const el = target2 instanceof Element ? target2 : null;
	if (el?.closest(TYPED) || el?.closest("dialog")) return void 0;
	if (/^(Arrow|\d)/.test(key) && el?.closest(BUSY)) return void 0;
	if (key === " " && el?.closest("button, summary, a, input, [role=menuitem]")) return void 0;
	return shortcuts.find(({ keys }) => keys.includes(key.length === 1 ? key.toLowerCase() : key));
}
var NAMES = { " ": "␣", ArrowLeft: "←", ArrowRight: "→" };
function showHelp(board, shortcuts) {
	const { t } = board;
	const lines = shortcuts.map(
		({ keys, say }) => h("tr", {}, h("td", {}, ...keys.map((key) => h("kbd", {}, NAMES[key] ?? key.toUpperCase()))), h("td", {}, t(say)))
	);
	dialog(board, t("board.help"), h("table.hn-keys", {}, h("tbody", {}, ...lines)), h("p.hn-soft", {}, t("board.help.hint")));
}

// js/board_keys.js
function boardKeys(board, view, on) {
	const { player } = board;
	const seek = (by) => void player.seekAll(player.time + by);
	const pair = (mode) => () => on.change(view.view === "vote" ? { voteMode: mode } : { view: "pair", mode });
	const shortcuts = [
		{ keys: [" "], say: "board.key.play", run: () => player.toggle() },
		{ keys: ["ArrowLeft"], say: "board.key.left", run: () => seek(-1) },
		{ keys: ["ArrowRight"], say: "board.key.right", run: () => seek(1) },
		{ keys: [","], say: "board.step.back", run: () => void player.step(-1) },
		{ keys: ["."], say: "board.step.on", run: () => void player.step(1) },
		{ keys: ["l"], say: "board.loop", run: () => player.setLoop(!player.loop) },
		{ keys: ["["], say: "board.loop.a", run: () => player.markEnd("a") },
		{ keys: ["]"], say: "board.loop.b", run: () => player.markEnd("b") },
		{ keys: ["c"], say: "board.mode.side", run: pair("side") },
		{ keys: ["w"], say: "board.mode.wipe", run: pair("wipe") },
		{ keys: ["d"], say: "board.mode.difference", run: pair("difference") },
		{ keys: ["k"], say: "board.mode.flicker", run: pair("flicker") },
		{ keys: ["s"], say: "board.swap", run: () => on.change({ selected: [...view.selected].reverse() }) },
		{ keys: ["f"], say: "board.full", run: on.full },
		{ keys: ["b"], say: "board.blind", run: () => on.change({ blind: !view.blind }) },
		{ keys: ["/"], say: "board.filter", run: on.filter }
	];
	if (board.acts.includes("vote"))
		shortcuts.push(
			{ keys: ["1"], say: "board.vote.left", run: () => void on.vote.vote("first") },
			{ keys: ["2"], say: "board.vote.right", run: () => void on.vote.vote("second") },
			{ keys: ["0"], say: "board.vote.tie", run: () => void on.vote.vote("tie") }
		);
	const help = () => showHelp(board, shortcuts);
	shortcuts.push({ keys: ["?"], say: "board.help", run: help }, { keys: ["Escape"], say: "board.pair.close", run: () => view.view === "pair" && on.close() });
	function onKey(event) {
		const found = findShortcut(event, shortcuts);
		if (!found || /^\d$/.test(event.key) && view.view !== "vote") return;
		event.preventDefault();
		found.run();
	}
	return { onKey, help };
}

// js/format.js
function clock(seconds) {
	const whole = Math.max(0, Math.floor(seconds));
	const two = (n) => String(n).padStart(2, "0");
	const hours = Math.floor(whole / 3600);
	const minutes = Math.floor(whole % 3600 / 60);
	return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
function fineClock(seconds) {
	const tenths = Math.max(0, Math.round(seconds * 10));
	return `${clock(Math.floor(tenths / 10))}.${tenths % 10}`;
}
function bytes(count) {
	if (count === null || count === void 0) return "";
	if (count < 1e3) return `${count} B`;
	if (count < 999500) return `${Math.round(count / 1e3)} kB`;
	return `${(count / 1e6).toFixed(1)} MB`;
}
function percent(fraction) {
	if (fraction === null || fraction === void 0 || Number.isNaN(fraction)) return "";
	return `${Math.round(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}
function roundEta(seconds) {
	const left = Math.max(1, Math.round(seconds));
	if (left <= 10) return left;
	if (left < 60) return Math.round(left / 5) * 5;
	return Math.round(left / 30) * 30;
}
function shortModel(model) {
	return model.replace(/^MiniMax-/, "").replace(/^Hailuo-/, "Hailuo ");
}

// js/promote.js
function promotion(board, row, options2) {
	const { t } = board;
	return new Promise((resolve) => {
		let chosen = null;
		const go = h("button.hn-button.hn-primary", { "aria-disabled": "true" }, t("board.promote.choose"));
		const choose = (option) => {
			chosen = option;
			go.removeAttribute("aria-disabled");
			setText(go, t("board.promote.go", { cost: option.cost }));
		};
		const list = h("div.hn-promotions");
		const fill2 = (all2) => {
			const shown = options2.filter((option) => all2 || !option.problem);
			replace(list, ...byTarget(shown).map((group) => target(group, choose, t)));
			if (shown.length === 0) setText(list, t("board.promote.none"));
		};
		const hidden = options2.filter(({ problem }) => problem).length;
		const all = h("input", { type: "checkbox", on: { change: () => fill2(all.checked) } });
		const more = hidden ? h("label.hn-check", {}, all, t("board.promote.all", { count: hidden })) : null;
		fill2(false);
		const box = dialog(
			board,
			t("board.act.promote"),
			h("p.hn-card-prompt", {}, row.prompt),
			list,
			more,
			h("div.hn-row", {}, go)
		);
		go.addEventListener("click", () => {
			if (chosen) box.close("go");
		});
		box.addEventListener("close", () => resolve(box.returnValue === "go" ? chosen : null));
	});
}
function byTarget(options2) {
	const groups = /* @__PURE__ */ new Map();
	for (const option of options2) groups.set(option.target, [...groups.get(option.target) ?? [], option]);
	return [...groups.values()];
}
function target(group, choose, t) {
	const [first] = group;
	const badge = first?.simulated ? h("span.hn-badge", {}, t("common.simulated")) : null;
	const cells = group.map((option) => {
		const input = h("input", { type: "radio", name: "hn-promotion", disabled: Boolean(option.problem), on: { change: () => choose(option) } });
		const size = `${option.resolution} · ${t("common.seconds", { seconds: option.duration })}`;
		return h("label.hn-choice", { "data-off": Boolean(option.problem) }, input, h("span", {}, size), h("span.hn-soft", {}, option.problem || option.cost));
	});
	return h("fieldset", {}, h("legend", {}, `${first?.title} · ${shortModel(first?.model ?? "")} `, badge), h("div.hn-choices", {}, ...cells));
}

// js/acts.js
var GRAVE = /* @__PURE__ */ new Set(["delete", "send_again"]);
var Acts = class {
	
	constructor(board, row, places) {
		this.board = board;
		this.row = row;
		this.places = places;
		this.handyShown = "";
	}
	/** The acts that the state asks for stand on the card. @param {boolean} hidden */
	update(hidden) {
		const { board, places } = this;
		const acts = hidden ? [] : handyActs(this.row(), board.acts);
		const text = acts.join(" ");
		places.menu.hidden = hidden || board.acts.length === 0 || this.items().length === 0;
		if (text === this.handyShown) return;
		this.handyShown = text;
		const button = (act) => h("button.hn-button.hn-small", { data: { act }, on: { click: () => void this.run(act) } }, board.t(`board.act.${act}`));
		replace(places.handy, ...acts.map(button));
		places.handy.hidden = acts.length === 0;
	}
	items() {
		const { t, acts } = this.board;
		const row = this.row();
		const item = (act) => ({ label: t(`board.act.${act}`), run: () => void this.run(act), danger: GRAVE.has(act) });
		const items = menuActs(row, acts).map(item);
		if (row.state === "saved") items.unshift(item("open"));
		return items;
	}
	openMenu() {
		const { t, menu } = this.board;
		menu.open(this.places.menu, t("board.menu", { clip: this.name() }), () => this.items());
	}
	name() {
		const row = this.row();
		return row.provider_title || row.provider;
	}
	
	async run(act) {
		if (GRAVE.has(act) && !await this.confirm(act)) return;
		if (act === "open") await this.open();
		else if (act === "python") await this.copy();
		else if (act === "promote") await this.promote();
		else await this.ask(act);
	}
	/**
	 * Ask the kernel; the answer, or null where it refused, which is then said on the card.
	 * @param {string} act @param {Record<string, any>} [content] @param {string} [done]  what to say in the end
	 */
	async ask(act, content = {}, done = `board.done.${act}`) {
		const { t, wire, announcer } = this.board;
		showText(this.places.told, t("board.asking"));
		try {
			const answer = await wire.ask({ kind: "act", act, job: this.row().id, ...content });
			showText(this.places.told, "");
			const text = t(done);
			if (text !== done) announcer.say(text);
			return answer;
		} catch (reason) {
			const text = reason instanceof Error ? reason.message : String(reason);
			if (text !== "closed") showText(this.places.told, text);
			announcer.say(text);
			return null;
		}
	}
	/** Yes or no, in the card itself. @param {string} act @returns {Promise<boolean>} */
	confirm(act) {
		const { t } = this.board;
		const place = this.places.confirm;
		return new Promise((resolve) => {
			const answer = (yes2) => () => {
				place.hidden = true;
				replace(place);
				this.places.menu.focus();
				resolve(yes2);
			};
			const no = h("button.hn-button.hn-small", { on: { click: answer(false) } }, t("board.confirm.no"));
			const yes = h("button.hn-button.hn-small.hn-danger", { on: { click: answer(true) } }, t(`board.act.${act}`));
			replace(place, h("p", {}, t(`board.confirm.${act}`)), h("div.hn-row", {}, no, yes));
			place.onkeydown = (event) => {
				if (event.key === "Escape") answer(false)();
			};
			place.hidden = false;
			no.focus();
		});
	}
	async open() {
		const link = await this.board.clips.openable(this.row()).catch(() => "");
		if (link) window.open(link, "_blank", "noopener");
		else showText(this.places.told, this.board.t("board.clip.failed"));
	}
	async copy() {
		const answer = await this.ask("python");
		if (!answer) return;
		const { t, announcer } = this.board;
		try {
			await navigator.clipboard.writeText(answer.text);
			showText(this.places.told, t("board.done.python"));
		} catch {
			const text = h("textarea.hn-note.hn-code", { rows: 8, readonly: true, "aria-label": t("board.act.python") }, answer.text);
			replace(this.places.told, text);
			this.places.told.hidden = false;
			text.select();
		}
		announcer.say(t("board.done.python"));
	}
	async promote() {
		const answer = await this.ask("promotions");
		if (!answer) return;
		const chosen = await promotion(this.board, this.row(), answer.options);
		this.places.menu.focus();
		if (chosen) await this.ask("promote", chosen);
	}
};

// js/judging.js
var MOST2 = 5;
var STAR = "★";
var STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
function judgement(t, judge, tagList) {
	let rating = 0;
	let tags = [];
	const faces = Array.from({ length: MOST2 }, (_, index) => h("span", { "aria-hidden": "true", data: { star: index + 1 } }, STAR));
	const stars = h("span.hn-stars", { role: "slider", tabindex: 0, "aria-label": t("board.rating"), "aria-valuemin": 0, "aria-valuemax": MOST2 }, ...faces);
	const rate = (value) => {
		const next = Math.min(MOST2, Math.max(0, value));
		if (next === rating) return;
		showRating(next);
		judge({ rating: next });
	};
	stars.addEventListener("click", (event) => {
		const star = Number(
			
			event.target.dataset.star
		);
		if (star) rate(star === rating ? 0 : star);
	});
	stars.addEventListener("keydown", (event) => {
		const step = STEPS[event.key];
		const digit = /^[0-5]$/.test(event.key) ? Number(event.key) : null;
		const value = step ? rating + step : event.key === "Home" ? 0 : event.key === "End" ? MOST2 : digit;
		if (value === null) return;
		event.preventDefault();
		rate(value);
	});
	const chips = h("ul.hn-tags", { role: "list", "aria-label": t("board.tags") });
	const entry = h("input.hn-tag-entry", { type: "text", list: tagList, placeholder: t("board.tag.add"), "aria-label": t("board.tag.add"), maxlength: 40 });
	const add = () => {
		const tag = entry.value.trim();
		entry.value = "";
		if (!tag || tags.includes(tag)) return;
		showTags([...tags, tag]);
		judge({ tags });
	};
	entry.addEventListener("keydown", (event) => {
		if (event.key !== "Enter" || event.isComposing) return;
		event.preventDefault();
		add();
	});
	entry.addEventListener("change", add);
	const note = h("textarea.hn-note", { rows: 1, placeholder: t("board.note"), "aria-label": t("board.note") });
	let kept2 = "";
	note.addEventListener("change", () => {
		if (note.value === kept2) return;
		kept2 = note.value;
		judge({ note: kept2 });
	});
	function showRating(value) {
		rating = value;
		setAttribute(stars, "aria-valuenow", value);
		setAttribute(stars, "aria-valuetext", t("board.stars", { count: value }));
		faces.forEach((star, index) => setAttribute(star, "data-on", index < value));
	}
	function chip(tag) {
		const remove = () => {
			showTags(tags.filter((one) => one !== tag));
			judge({ tags });
			entry.focus();
		};
		const label = t("board.tag.remove", { tag });
		const button = h("button.hn-tag-x", { "aria-label": label, title: label, on: { click: remove } }, "×");
		return h("li.hn-tag", { data: { tag } }, h("span", {}, tag), button);
	}
	function showTags(value) {
		tags = value;
		const shown = [...chips.children].map((one) => (
			
			one.dataset.tag
		));
		if (shown.join("\n") !== tags.join("\n")) replace(chips, ...tags.map(chip));
	}
	function update(row) {
		showRating(row.rating ?? 0);
		showTags(row.tags ?? []);
		if (note !== document.activeElement && note.value !== (row.note ?? "")) note.value = row.note ?? "";
		kept2 = row.note ?? "";
	}
	const el = h("div.hn-marks", {}, h("div.hn-marks-line", {}, stars, chips, entry), note);
	return { el, update };
}
function starText(rating) {
	return STAR.repeat(rating);
}
function showTagList(list, tags) {
	if ([...list.children].map((option) => option.getAttribute("value")).join("\n") === tags.join("\n")) return;
	replace(list, ...tags.map((tag) => h("option", { value: tag })));
}

// js/sync.js
var DRIFT = 0.1;
var CLOSE = 6e-3;
var END = 0.02;
var FPS = 24;
var shiftOf = ({ shift }) => shift ?? 0;
function leader(clips) {
	const moving = clips.some(({ running, duration }) => running !== false && duration > 0);
	let [best, end] = [-1, -Infinity];
	clips.forEach((clip, index) => {
		if (clip.duration <= 0 || moving && clip.running === false) return;
		const own = clip.duration - shiftOf(clip);
		if (own > end + 1e-6) [best, end] = [index, own];
	});
	return best;
}
function commonTime(clips) {
	const lead = clips[leader(clips)];
	return lead ? lead.time - shiftOf(lead) : 0;
}
function commonEnd(clips) {
	return clips.reduce(
		(most, clip) => clip.duration > 0 ? Math.max(most, clip.duration - shiftOf(clip)) : most,
		0
	);
}
function positionAt(time, duration, shift = 0) {
	return Math.min(Math.max(0, time + shift), Math.max(0, duration - END));
}
function movesAt(time, duration, shift = 0) {
	return time + shift >= 0 && time + shift < duration - END;
}
function corrections(clips, threshold = DRIFT) {
	const first = leader(clips);
	if (first < 0) return [];
	const time = commonTime(clips);
	const found = [];
	for (const [index, clip] of clips.entries()) {
		if (index === first || clip.duration <= 0) continue;
		const shift = shiftOf(clip);
		const to = positionAt(time, clip.duration, shift);
		const held = time + shift >= clip.duration && clip.time >= clip.duration - threshold;
		const off = clip.time - to;
		if (!held && Math.abs(off) > threshold) found.push({ index, to });
		else found.push({ index, speed: held || Math.abs(off) < CLOSE ? 1 : 1 - Math.max(-0.15, Math.min(0.15, off * 3)) });
	}
	return found;
}
function finished(clips, until = null) {
	const end = commonEnd(clips);
	return end > 0 && commonTime(clips) >= (until ?? end - END);
}
function frameAt(time, fps = FPS) {
	return Math.max(0, Math.floor(time * fps + 1e-6));
}
function timeOfFrame(frame, fps = FPS) {
	return (frame + 0.5) / fps;
}
function restingTime(time, fps = FPS) {
	return timeOfFrame(frameAt(time, fps), fps);
}
function stepped(time, by, end, fps = FPS) {
	const last = Math.max(0, Math.ceil(end * fps - 0.01) - 1);
	return timeOfFrame(Math.min(last, Math.max(0, frameAt(time, fps) + by)), fps);
}
function loopOf(a, b, fps = FPS) {
	if (a === null || b === null) return null;
	return a < b ? [a, Math.max(b, a + 1 / fps)] : [b, Math.max(a, b + 1 / fps)];
}

// js/player.js
var TICK = 50;
var COOL_DOWN = 1e3;
var Player = class extends EventTarget {
	
	constructor(signal) {
		super();
		this.members = [];
		this.playing = false;
		this.inStep = false;
		this.loop = true;
		this.a = null;
		this.b = null;
		this.rate = 1;
		this.round = 0;
		this.timer = 0;
		this.at = 0;
		this.signal = signal;
		signal.addEventListener("abort", () => clearInterval(this.timer));
	}
	
	add(video, { fps, shift } = {}) {
		if (this.members.some((member2) => member2.video === video)) return;
		const member = { video, fps: fps || FPS, shift: shift ?? 0, seekedAt: 0 };
		this.members.push(member);
		video.playbackRate = this.rate;
		const { signal } = this;
		video.addEventListener("ended", () => this.playing && this.tick(), { signal });
		video.addEventListener("timeupdate", () => this.playing || this.changed(), { signal });
		this.arrive(member);
		this.changed();
	}
	
	remove(video) {
		this.members = this.members.filter((member) => member.video !== video);
		this.changed();
	}
	
	setShift(video, shift) {
		const member = this.members.find((one) => one.video === video);
		if (!member || member.shift === shift) return;
		const time = this.time;
		member.shift = shift;
		this.inStep = true;
		void this.place(member, time);
		this.changed();
	}
	/** Those that are on the page and know how long they are. A view that is out of sight does not play. */
	get ready() {
		return this.members.filter(
			({ video }) => video.readyState >= 1 && video.duration > 0 && video.isConnected && !video.closest("[hidden]")
		);
	}
	positions() {
		return this.ready.map(({ video, shift }) => ({
			time: video.currentTime,
			duration: video.duration,
			shift,
			running: !video.paused && !video.ended
		}));
	}
	get duration() {
		return commonEnd(this.positions());
	}
	get time() {
		return this.playing || !this.inStep ? commonTime(this.positions()) : this.at;
	}
	get fps() {
		const ready = this.ready;
		return ready[leader(this.positions())]?.fps ?? FPS;
	}
	/** The A-B loop, where both ends are set. */
	get section() {
		return loopOf(this.a, this.b, this.fps);
	}
	/** The number of the frame that stands now. */
	get frame() {
		return frameAt(this.time, this.fps);
	}
	/** Everybody goes on from the common time; from the start if they do not stand together. */
	async play() {
		const over = finished(this.positions(), this.section?.[1]);
		const from = this.inStep && !over ? this.time : 0;
		await this.startAt(Math.max(from, this.section?.[0] ?? 0));
	}
	restart() {
		return this.startAt(this.section?.[0] ?? 0);
	}
	
	async startAt(time) {
		this.round += 1;
		const round = this.round;
		this.playing = true;
		this.inStep = true;
		this.at = time;
		for (const { video } of this.members) {
			video.loop = false;
			video.pause();
			video.playbackRate = this.rate;
		}
		await Promise.all(this.ready.map((member) => this.place(member, time)));
		if (round !== this.round || !this.playing) return;
		this.startAll(time);
		clearInterval(this.timer);
		if (!this.signal.aborted) this.timer = window.setInterval(() => this.tick(), TICK);
		this.changed();
	}
	
	startAll(time) {
		for (const { video, shift } of this.ready)
			if (video.paused && movesAt(time, video.duration, shift)) start(video);
	}
	/** Everybody stops, on one and the same frame. */
	pause() {
		const time = this.playing ? commonTime(this.positions()) : null;
		this.round += 1;
		this.playing = false;
		clearInterval(this.timer);
		for (const { video } of this.members) video.pause();
		if (time !== null) void this.rest(restingTime(time, this.fps));
		this.changed();
	}
	toggle() {
		if (this.playing) this.pause();
		else void this.play();
	}
	/** Stand at a common time, each clip in the middle of its own frame. @param {number} time */
	async rest(time) {
		this.at = time;
		this.inStep = true;
		await Promise.all(this.ready.map((member) => this.place(member, time)));
		this.changed();
	}
	
	async seekAll(time) {
		const to = Math.max(0, Math.min(time, this.duration));
		if (!this.playing) {
			for (const { video } of this.members) video.pause();
			await this.rest(stepped(to, 0, this.duration, this.fps));
			return;
		}
		this.at = to;
		await Promise.all(this.ready.map((member) => this.place(member, to)));
		if (this.playing) this.startAll(to);
		this.changed();
	}
	
	async step(by) {
		if (this.playing) this.pause();
		const from = this.inStep ? this.at : this.time;
		for (const { video } of this.members) video.pause();
		await this.rest(stepped(from, by, this.duration, this.fps));
	}
	
	setRate(rate) {
		this.rate = rate;
		for (const { video } of this.members) video.playbackRate = rate;
		this.changed();
	}
	
	setLoop(loop) {
		this.loop = loop;
		this.changed();
	}
	/** One end of the A-B loop stands here; where it stands here already, it goes. @param {"a" | "b"} end */
	markEnd(end) {
		const time = this.time;
		const old = this[end];
		this[end] = old !== null && Math.abs(old - time) < 1 / this.fps ? null : time;
		this.changed();
	}
	tick() {
		const ready = this.ready;
		const positions = this.positions();
		const section = this.section;
		if (finished(positions, section?.[1]) || !positions.some(({ running }) => running)) {
			if (positions.length === 0 || this.loop || section) void this.restart();
			else this.pause();
			return;
		}
		const time = commonTime(positions);
		this.at = time;
		const now = performance.now();
		for (const { index, to, speed } of corrections(positions)) {
			const member = ready[index];
			if (!member || now - member.seekedAt < COOL_DOWN / 4 || member.video.seeking) continue;
			const { video } = member;
			if (speed !== void 0) {
				if (video.playbackRate !== this.rate * speed) video.playbackRate = this.rate * speed;
			} else if (to !== void 0 && now - member.seekedAt > COOL_DOWN) void this.seek(member, to);
		}
		for (const [index, { video, shift }] of ready.entries())
			if (!positions[index]?.running && movesAt(time, video.duration, shift)) start(video);
		this.changed();
	}
	/** A clip that arrives, or comes into sight again, takes its place. @param {Member} member */
	arrive(member) {
		const { video, shift } = member;
		if (this.playing) {
			video.loop = false;
			void this.place(member, this.time);
			if (movesAt(this.time, video.duration, shift)) start(video);
		} else if (this.inStep) void this.place(member, this.at);
	}
	/** After clips were moved, shown or put out of sight. */
	refresh() {
		const ready = new Set(this.ready);
		for (const member of this.members) {
			if (!ready.has(member)) member.video.pause();
			else if (member.video.paused) this.arrive(member);
		}
		this.changed();
	}
	/** Where a member stands at a common time; at rest in the middle of a frame. @param {Member} member @param {number} time */
	place(member, time) {
		const { video, shift, fps } = member;
		const to = positionAt(time, video.duration, shift);
		return this.seek(member, this.playing ? to : Math.min(timeOfFrame(frameAt(to, fps), fps), video.duration));
	}
	
	seek(member, to) {
		const { video } = member;
		if (Math.abs(video.currentTime - to) < 1e-4 && !video.seeking) return Promise.resolve();
		member.seekedAt = performance.now();
		return new Promise((resolve) => {
			const done = () => {
				clearTimeout(timer);
				video.removeEventListener("seeked", done);
				resolve();
			};
			const timer = setTimeout(done, 1500);
			video.addEventListener("seeked", done);
			video.currentTime = to;
		});
	}
	changed() {
		this.dispatchEvent(new Event("change"));
	}
};
function start(video) {
	video.play().catch(() => void 0);
}

// js/card.js
var Card = class {
	
	constructor(board, row) {
		this.board = board;
		this.row = row;
		this.look = { blind: "", prompt: false, picked: "" };
		this.etaSince = performance.now();
		this.arrivedInView = false;
		this.metaText = "";
		this.posterShown = "";
		this.video = null;
		this.wanted = false;
		this.loaded = false;
		this.loading = new AbortController();
		const { t } = board;
		const judge = (change) => void this.acts.ask("judge", change);
		this.marks = board.acts.includes("judge") ? judgement(t, judge, board.tagList) : null;
		this.parts = skeleton(t, this.marks?.el ?? null, {
			reload: () => this.load(),
			pick: () => board.pick(this.row.id),
			menu: () => this.acts.openMenu()
		});
		this.acts = new Acts(board, () => this.row, this.parts);
		this.el = this.parts.el;
		board.loader.items.add(this);
	}
	
	update(row, look = this.look) {
		const before = this.row;
		if (row.eta !== before.eta) this.etaSince = performance.now();
		if (row.state === "saved" && before.state !== "saved") this.arrivedInView = true;
		this.row = row;
		this.look = look;
		const { t } = this.board;
		setAttribute(this.el, "data-job", row.id);
		setAttribute(this.el, "data-state", row.state);
		setAttribute(this.el, "data-tone", tone(row.state));
		setAttribute(this.el, "data-picked", look.picked || null);
		setText(this.parts.title, this.name);
		this.parts.badge.hidden = !row.simulated;
		setText(this.parts.state, t(`board.state.${row.state}`));
		this.showSpecs();
		showText(this.parts.prompt, look.prompt ? row.prompt : "");
		setAttribute(this.parts.prompt, "title", look.prompt ? row.prompt : null);
		showText(this.parts.error, look.blind ? "" : row.error || "");
		showText(this.parts.advice, look.blind ? "" : row.advice || "");
		this.parts.trouble.hidden = Boolean(look.blind) || !row.error && !row.advice;
		this.showPick();
		this.showNotes();
		this.showStage();
		this.tick(Date.now() / 1e3);
		this.acts.update(Boolean(look.blind));
		if (row.state === "invalid") this.parts.marks.hidden = true;
		this.marks?.update(row);
		if (row.state === "saved" && !this.video) this.addVideo();
		this.wanted = row.state === "saved";
		if (this.video) {
			setAttribute(this.video, "aria-label", look.blind || t("board.video", { provider: this.name, model: row.model }));
			this.board.player.setShift(this.video, this.board.shiftOf(row.id));
		}
	}
	/** Its provider; where names are hidden, "Clip 3". */
	get name() {
		return this.look.blind || this.row.provider_title || this.row.provider;
	}
	showSpecs() {
		const { row, look } = this;
		const { t } = this.board;
		const shift = this.board.shiftOf(row.id);
		const seconds = t("common.seconds", { seconds: row.duration });
		const specs = [
			look.blind ? "" : shortModel(row.model),
			look.blind ? "" : row.resolution,
			seconds,
			row.take > 1 && !look.blind ? t("board.take", { take: row.take }) : "",
			shift ? t("board.shifted", { seconds: (shift > 0 ? "+" : "−") + Math.abs(shift).toFixed(2) }) : ""
		];
		setText(this.parts.specs, specs.filter(Boolean).join(" · "));
		setAttribute(this.parts.specs, "title", look.blind ? null : row.model);
	}
	showPick() {
		const { pick, menu } = this.parts;
		const { t } = this.board;
		const { picked } = this.look;
		pick.hidden = this.row.state !== "saved";
		setText(pick, picked || "");
		setAttribute(pick, "aria-pressed", String(Boolean(picked)));
		setAttribute(pick, "aria-label", t("board.pick", { clip: this.name }));
		setAttribute(pick, "title", t("board.pick", { clip: this.name }));
		setAttribute(menu, "aria-label", t("board.menu", { clip: this.name }));
	}
	showNotes() {
		const notes = this.look.blind ? [] : this.row.notes ?? [];
		this.parts.notesBox.hidden = notes.length === 0;
		setText(this.parts.notesSummary, this.board.t("board.notes", { count: notes.length }));
		const shown = [...this.parts.notes.children].map((li) => li.textContent);
		if (shown.join("\n") !== notes.join("\n")) replace(this.parts.notes, ...notes.map((note) => h("li", {}, note)));
	}
	/** The place of the picture while there is none. */
	showStage() {
		const { row } = this;
		if (!this.loaded) this.parts.media.style.setProperty("--hn-aspect", String(aspect(row.resolution)));
		if (this.posterShown !== row.poster) {
			this.posterShown = row.poster;
			if (row.poster) void this.board.clips.poster(this.parts.poster, row);
			else this.parts.poster.hidden = true;
		}
		this.showProgress(Date.now() / 1e3);
	}
	/** The bar, and what stands over the picture. @param {number} now Unix seconds */
	showProgress(now) {
		const { row, parts: parts2 } = this;
		const { t } = this.board;
		const moving = !SETTLED.has(row.state);
		const { fraction, kind } = howFar(row, now);
		const known = kind === "said" && fraction !== null;
		parts2.progress.hidden = !moving;
		const text = moving && known && row.state === "submitted" ? percent(fraction) : t(`board.state.${row.state}`);
		if (!this.video) setText(parts2.stageText, text);
		if (!moving) return;
		setAttribute(parts2.progress, "aria-valuenow", known ? Math.round(Number(fraction) * 100) : null);
		setAttribute(parts2.progress, "aria-valuetext", `${t(`board.state.${row.state}`)} ${known ? percent(fraction) : this.outlook(now)}`.trim());
		setAttribute(parts2.progress, "data-unknown", fraction === null && row.state !== "planned");
		setAttribute(parts2.progress, "data-usual", kind === "usual");
		parts2.bar.style.inlineSize = fraction === null ? "" : `${fraction * 100}%`;
	}
	/** What changes with time alone. @param {number} now Unix seconds */
	tick(now) {
		const { row } = this;
		const { t } = this.board;
		const passed = elapsed(row, now);
		const facts = this.look.blind ? [] : [
			passed === null ? null : [t("board.fact.time"), clock(passed)],
			row.cost ? [t("board.fact.cost"), row.cost] : null,
			row.bytes ? [t("board.fact.size"), bytes(row.bytes)] : null
		].filter((fact) => fact !== null);
		const text = facts.map((fact) => fact.join(" ")).join("|");
		if (text !== this.metaText) {
			this.metaText = text;
			replace(this.parts.meta, ...facts.map(([label, value]) => h("div", {}, h("dt", {}, label ?? ""), h("dd", {}, value ?? ""))));
		}
		this.parts.meta.hidden = facts.length === 0;
		if (SETTLED.has(row.state)) return;
		setText(this.parts.stageMore, this.outlook(now));
		this.showProgress(now);
	}
	/** "place 3 in the queue · about 20 s left", or what is usual here. @param {number} now */
	outlook(now) {
		const { row } = this;
		const { t } = this.board;
		if (SETTLED.has(row.state)) return "";
		const parts2 = [];
		if (row.queue_position) parts2.push(t("board.queue", { place: row.queue_position }));
		if (row.eta !== null && row.eta !== void 0) {
			const left = row.eta - (performance.now() - this.etaSince) / 1e3;
			parts2.push(left < 1 ? t("board.eta.soon") : about(left, (unit, values) => t(`board.eta.${unit}`, values)));
		} else if (row.usual_seconds && (row.state === "submitted" || row.state === "submitting")) {
			const { late } = howFar(row, now);
			parts2.push(about(row.usual_seconds, (unit, values) => t(late ? `board.late.${unit}` : `board.usual.${unit}`, values)));
		}
		return parts2.join(" · ");
	}
	addVideo() {
		const { parts: parts2, board } = this;
		const video = h("video.hn-video", { playsinline: true, preload: "auto", on: { click: () => this.playAlone(), dblclick: () => void video.requestFullscreen?.() } });
		video.muted = true;
		video.loop = true;
		video.setAttribute("muted", "");
		video.addEventListener("fullscreenchange", () => {
			video.controls = document.fullscreenElement === video;
		});
		this.video = video;
		parts2.media.append(video);
		setText(parts2.stageText, "");
		setText(parts2.stageMore, "");
		this.wanted = true;
		board.loader.settle();
	}
	/** A click on a picture moves this clip alone, while the others rest. */
	playAlone() {
		const { video, board } = this;
		if (!video) return;
		if (board.player.playing) board.player.pause();
		else if (video.paused) {
			board.player.inStep = false;
			start(video);
		} else video.pause();
	}
	/** Called by the loader when this clip may hold a decoder. */
	load() {
		this.loaded = true;
		this.loading = new AbortController();
		void this.bring(this.loading.signal);
	}
	/** Called by the loader when another clip needs it more. The poster stays. */
	unload() {
		this.loaded = false;
		this.loading.abort();
		if (!this.video) return;
		this.board.player.remove(this.video);
		this.video.removeAttribute("src");
		this.video.load();
		this.parts.media.removeAttribute("data-clip");
	}
	
	async bring(signal) {
		const { board, video, parts: parts2 } = this;
		const { t } = board;
		if (!video) return;
		parts2.retry.hidden = true;
		setAttribute(parts2.media, "data-clip", "loading");
		setText(parts2.stageText, t("board.clip.loading"));
		try {
			const onBytes = (got, size) => setText(parts2.stageMore, `${bytes(got)} / ${bytes(size)}`);
			await board.clips.show(video, this.row, signal, onBytes);
			if (signal.aborted) return;
			if (video.videoWidth) parts2.media.style.setProperty("--hn-aspect", String(video.videoWidth / video.videoHeight));
			setAttribute(parts2.media, "data-clip", "shown");
			setText(parts2.stageText, "");
			board.player.add(video, { fps: this.row.fps, shift: board.shiftOf(this.row.id) });
			if (this.arrivedInView && !board.player.playing && !board.player.inStep && !prefersReducedMotion()) start(video);
			this.arrivedInView = false;
		} catch (reason) {
			if (signal.aborted) return;
			setAttribute(parts2.media, "data-clip", "failed");
			setText(parts2.stageText, t("board.clip.failed"));
			setText(parts2.stageMore, `${this.row.video ?? ""} ${reason instanceof Error ? reason.message : ""}`.trim());
			parts2.retry.hidden = false;
		}
	}
	remove() {
		this.unload();
		this.wanted = false;
		this.board.loader.items.delete(this);
		this.el.remove();
	}
};
function about(time, say) {
	const seconds = roundEta(time);
	return seconds < 60 ? say("seconds", { seconds }) : say("minutes", { minutes: Math.round(seconds / 30) / 2 });
}
function skeleton(t, marksEl, on) {
	const name = uniqueId("clip");
	const title = h("h4.hn-card-title", { id: name });
	const badge = h("span.hn-badge", {}, t("common.simulated"));
	const state = h("span.hn-state");
	const specs = h("p.hn-specs");
	const prompt = h("p.hn-card-prompt");
	const meta = h("dl.hn-meta");
	const error = h("p.hn-error-text");
	const advice = h("p.hn-advice");
	const trouble = h("div.hn-trouble", {}, error, advice);
	const handy = h("div.hn-row", { hidden: true });
	const confirm = h("div.hn-confirm", { role: "group", "aria-label": t("board.confirm"), hidden: true });
	const told = h("p.hn-told", { hidden: true });
	const notes = h("ul.hn-note-list");
	const notesSummary = h("summary");
	const notesBox = h("details.hn-notes", {}, notesSummary, notes);
	const bar = h("div.hn-bar-fill");
	const progress = h("div.hn-bar", { role: "progressbar", "aria-labelledby": name, "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
	const stageText = h("span.hn-stage-text");
	const stageMore = h("span.hn-stage-more");
	const retry = h("button.hn-button.hn-small", { type: "button", hidden: true, on: { click: on.reload } }, t("board.clip.retry"));
	const poster = h("img.hn-poster", { alt: "", hidden: true });
	const pick = h("button.hn-pick", { on: { click: on.pick } });
	const media = h("div.hn-media", {}, poster, h("div.hn-stage", {}, stageText, stageMore, retry), pick);
	const menu = h("button.hn-button.hn-square.hn-quiet.hn-more", { "aria-haspopup": "menu", "aria-expanded": "false", on: { click: on.menu } }, "⋯");
	const line = h("div.hn-card-line", {}, specs, state);
	const marksBox = h("div.hn-marks-box", { hidden: !marksEl }, marksEl);
	const head = h("div.hn-card-head", {}, title, badge, menu);
	const body = h("div.hn-card-body", {}, head, line, prompt, trouble, handy, confirm, told, meta, marksBox, notesBox);
	const el = h("li.hn-card", { "aria-labelledby": name }, media, progress, body);
	return { el, title, badge, state, specs, prompt, meta, error, advice, trouble, handy, confirm, told, notes, notesSummary, notesBox, bar, progress, stageText, stageMore, retry, poster, pick, media, menu, marks: marksBox };
}

// js/word_diff.js
var TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}'’]+|\s+|[^]/gu;
function wordDiff(first, second) {
	const a = first.match(TOKEN) ?? [];
	const b = second.match(TOKEN) ?? [];
	let start2 = 0;
	while (start2 < a.length && start2 < b.length && a[start2] === b[start2]) start2 += 1;
	let end = 0;
	while (end < a.length - start2 && end < b.length - start2 && a.at(-1 - end) === b.at(-1 - end)) end += 1;
	const [keepA, keepB] = common(a.slice(start2, a.length - end), b.slice(start2, b.length - end));
	const inside = (keep) => (index) => keep[index - start2] ?? true;
	return [parts(a, inside(keepA)), parts(b, inside(keepB))];
}
function common(a, b) {
	const width = b.length + 1;
	const lengths = new Uint16Array((a.length + 1) * width);
	const at = (index) => lengths[index] ?? 0;
	for (let i = a.length - 1; i >= 0; i -= 1) {
		for (let j = b.length - 1; j >= 0; j -= 1) {
			const here = i * width + j;
			lengths[here] = a[i] === b[j] ? at(here + width + 1) + 1 : Math.max(at(here + width), at(here + 1));
		}
	}
	const keepA = a.map(() => false);
	const keepB = b.map(() => false);
	for (let i = 0, j = 0; i < a.length && j < b.length; ) {
		if (a[i] === b[j]) {
			keepA[i] = keepB[j] = true;
			i += 1;
			j += 1;
		} else if (at((i + 1) * width + j) >= at(i * width + j + 1)) i += 1;
		else j += 1;
	}
	return [keepA, keepB];
}
function parts(tokens, kept2) {
	const found = [];
	tokens.forEach((text, index) => {
		const blank = !text.trim() && index > 0 && index < tokens.length - 1;
		const changed = blank ? !kept2(index - 1) && !kept2(index + 1) : !kept2(index);
		const last = found.at(-1);
		if (last && last.changed === changed) last.text += text;
		else found.push({ text, changed });
	});
	return found;
}

// js/pair_view.js
var MODES = ["side", "wipe", "difference", "flicker"];
var FLICKER = 600;
function promptWords(a, b) {
	return wordDiff(a.prompt, b.prompt).map(
		(parts2, index) => h("p.hn-words", {}, h("b", {}, "AB"[index] ?? ""), " ", ...parts2.map(({ text, changed }) => changed ? h("mark", {}, text) : text))
	);
}
var PairView = class {
	/**
	 * @param {import("./card.js").Board} board
	 * @param {{mode: (mode: string) => void, swap: () => void, shift: (id: string, seconds: number) => void, full: () => void, close: () => void}} on
	 */
	constructor(board, on) {
		this.board = board;
		const { t } = board;
		this.sides = /* @__PURE__ */ new Map();
		this.pair = null;
		this.wipe = 50;
		this.timer = 0;
		this.line = h("div.hn-wipe-line", { role: "slider", tabindex: 0, "aria-label": t("board.wipe.position"), "aria-valuemin": 0, "aria-valuemax": 100 });
		this.stage = h("div.hn-pair-stage", {}, this.line);
		this.modes = MODES.map((mode) => h("button.hn-button.hn-small", { data: { mode }, on: { click: () => on.mode(mode) } }, t(`board.mode.${mode}`)));
		const other = h("button.hn-button.hn-small.hn-other", { on: { click: () => this.turn() } }, t("board.flicker.turn"));
		this.shifts = ["A", "B"].map((side, index) => {
			const input = h("input", { type: "number", class: "hn-input hn-shift", step: 0.04, value: 0, "aria-label": t("board.shift", { side }) });
			input.addEventListener("change", () => {
				const row = this.pair?.[index];
				if (row) on.shift(row.id, Number(input.value) || 0);
			});
			return { input, el: h("label.hn-shift-label", { title: t("board.shift", { side }) }, h("span", { "aria-hidden": "true" }, `${side} +`), input, h("span", { "aria-hidden": "true" }, "s")) };
		});
		const small = (key, click) => h("button.hn-button.hn-small", { on: { click } }, t(key));
		const modes = h("div.hn-segments", { role: "group", "aria-label": t("board.view.pair") }, ...this.modes);
		this.swapButton = small("board.swap", on.swap);
		const tools = h("div.hn-row.hn-pair-tools", {}, modes, other, this.swapButton, ...this.shifts.map(({ el }) => el), small("board.full", on.full));
		this.close = small("board.pair.close", on.close);
		tools.append(this.close);
		this.words = h("div.hn-pair-words", { hidden: true });
		this.error = h("p.hn-told", { hidden: true });
		this.el = h("div.hn-pair", { hidden: true }, tools, this.stage, this.error, this.words);
		this.listen();
		board.signal.addEventListener("abort", () => this.hide());
	}
	listen() {
		const drag = (event) => {
			const box = this.stage.getBoundingClientRect();
			this.setWipe((event.clientX - box.left) / box.width * 100);
		};
		this.stage.addEventListener("pointerdown", (event) => {
			if (this.el.dataset.mode !== "wipe") return this.board.player.toggle();
			this.stage.setPointerCapture(event.pointerId);
			drag(event);
		});
		this.stage.addEventListener("pointermove", (event) => {
			if (this.stage.hasPointerCapture(event.pointerId)) drag(event);
		});
		this.line.addEventListener("keydown", (event) => {
			const steps = (
				
				{ ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 }
			);
			const step = steps[event.key];
			if (!step) return;
			event.preventDefault();
			this.setWipe(this.wipe + step);
		});
	}
	
	setWipe(percent2) {
		this.wipe = Math.min(100, Math.max(0, percent2));
		this.stage.style.setProperty("--hn-wipe", `${this.wipe}%`);
		setAttribute(this.line, "aria-valuenow", Math.round(this.wipe));
		setAttribute(this.line, "aria-valuetext", `${Math.round(this.wipe)} %`);
	}
	/** Show the other one of two that flicker. */
	turn() {
		this.stage.toggleAttribute("data-turned");
	}
	/**
	 * @param {[Row, Row]} pair @param {string} mode
	 * @param {{names: [string, string], blind: boolean, closable: boolean}} look
	 */
	show(pair, mode, { names, blind, closable }) {
		const { board } = this;
		this.pair = pair;
		this.el.hidden = false;
		this.close.hidden = !closable;
		this.swapButton.hidden = blind;
		setAttribute(this.el, "data-mode", mode);
		for (const button of this.modes) setAttribute(button, "aria-pressed", String(button.dataset.mode === mode));
		const ids = new Set(pair.map(({ id }) => id));
		for (const [id, side] of this.sides) if (!ids.has(id)) this.drop(id, side);
		pair.forEach((row, index) => {
			const side = this.sides.get(row.id) ?? this.make(row);
			setAttribute(side.el, "data-side", index ? "b" : "a");
			setText(side.label, blind || !row.model ? names[index] ?? "" : `${names[index]} · ${shortModel(row.model)}`);
			setAttribute(side.video, "aria-label", side.label.textContent);
			board.player.setShift(side.video, board.shiftOf(row.id));
			const shift = this.shifts[index];
			if (shift && shift.input !== document.activeElement) shift.input.value = String(board.shiftOf(row.id));
		});
		this.putInOrder(pair);
		this.stage.style.setProperty("--hn-aspect", String(aspect(pair[0].resolution)));
		this.line.hidden = mode !== "wipe";
		this.setWipe(this.wipe);
		this.showWords(pair);
		clearInterval(this.timer);
		const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
		if (mode === "flicker" && !still) this.timer = window.setInterval(() => this.turn(), FLICKER);
	}
	/** The first stands first on the page too, for who hears it. @param {[Row, Row]} pair */
	putInOrder(pair) {
		const [first, second] = pair.map(({ id }) => this.sides.get(id)?.el);
		if (!first || !second || first.nextElementSibling === second) return;
		const stage = (
			
			this.stage
		);
		(stage.moveBefore ?? stage.insertBefore).call(stage, second, this.line);
	}
	
	make(row) {
		const { board } = this;
		const video = h("video.hn-video", { playsinline: true, preload: "auto" });
		video.muted = true;
		const label = h("span.hn-pair-label");
		const el = h("div.hn-pair-side", {}, video, label);
		const life = new AbortController();
		const side = { el, video, label, row, life };
		this.sides.set(row.id, side);
		this.stage.insertBefore(el, this.line);
		showText(this.error, "");
		board.clips.show(video, row, life.signal).then(
			() => {
				if (!life.signal.aborted) board.player.add(video, { fps: row.fps, shift: board.shiftOf(row.id) });
			},
			(reason) => showText(this.error, `${board.t("board.clip.failed")}: ${reason.message}`)
		);
		return side;
	}
	
	drop(id, side) {
		side.life.abort();
		this.board.player.remove(side.video);
		side.video.removeAttribute("src");
		side.video.load();
		side.el.remove();
		this.sides.delete(id);
	}
	/** The prompts, where they differ, with the words that do. @param {[Row, Row]} pair */
	showWords([a, b]) {
		const key = `${a.id} ${b.id}`;
		if (this.words.dataset.pair === key) return;
		this.words.dataset.pair = key;
		this.words.hidden = a.prompt === b.prompt;
		if (this.words.hidden) return;
		replace(this.words, h("p.hn-soft", {}, this.board.t("board.words")), ...promptWords(a, b));
	}
	hide() {
		clearInterval(this.timer);
		this.el.hidden = true;
		this.pair = null;
		for (const [id, side] of this.sides) this.drop(id, side);
	}
};

// js/pairing.js
var pairKey = (a, b) => a < b ? `${a} ${b}` : `${b} ${a}`;
function nextPair(rows, votes, random, last = "") {
	const saved = rows.filter(({ state }) => state === "saved");
	const met = new Map(votes.map(({ first, second, count }) => [pairKey(first, second), count]));
	const seen = /* @__PURE__ */ new Map();
	for (const { first, second, count } of votes)
		for (const id of [first, second]) seen.set(id, (seen.get(id) ?? 0) + count);
	let best = null;
	for (const [index, first] of saved.entries()) {
		for (const second of saved.slice(index + 1)) {
			const key = pairKey(first.id, second.id);
			const apart = first.provider !== second.provider || first.model !== second.model;
			const order = [
				met.get(key) ?? 0,
				Number(key === last),
				Number(first.prompt !== second.prompt) + Number(!apart),
				(seen.get(first.id) ?? 0) + (seen.get(second.id) ?? 0),
				random()
			];
			if (!best || less(order, best.order)) best = { pair: [first, second], order };
		}
	}
	if (!best) return null;
	const [left, right] = best.pair;
	return random() < 0.5 ? [left, right] : [right, left];
}
function less(a, b) {
	const at = a.findIndex((value, index) => value !== b[index]);
	return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}
function keyOfPair([a, b]) {
	return pairKey(a?.id ?? "", b?.id ?? "");
}
function shuffled(rows, seed) {
	return rows.map((row) => ({ row, at: hash(`${seed} ${row.id}`) })).sort((a, b) => a.at - b.at).map(({ row }) => row);
}
function hash(text) {
	let value = 2166136261;
	for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 16777619);
	value = Math.imul(value ^ value >>> 15, 2246822507);
	return (value ^ value >>> 13) >>> 0;
}

// js/layout.js
function columns(count, width, { narrowest = 256, gap = 12 } = {}) {
	const most = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
	if (count <= most) return Math.max(1, count);
	const rows = Math.ceil(count / most);
	return Math.ceil(count / rows);
}

// js/places.js
var Places = class {
	
	constructor(t, elementOf) {
		this.t = t;
		this.elementOf = elementOf;
		this.el = h("div.hn-places");
		this.sections = /* @__PURE__ */ new Map();
		this.matrix = null;
		this.matrixKeys = "";
		this.cells = [];
		this.most = 0;
	}
	
	showGroups(groups, titled) {
		const wanted = new Set(groups.flatMap(({ rows }) => rows.map(({ id }) => this.elementOf(id))));
		const shown = groups.map((group) => {
			const section = this.sections.get(group.key) ?? this.makeSection();
			this.sections.set(group.key, section);
			setText(section.title, titled ? `${group.label || this.t("board.group.none")} (${group.rows.length})` : "");
			section.title.hidden = !titled;
			return section;
		});
		const here = /* @__PURE__ */ new Set(
			
			[...this.el.children]
		);
		fill(this.el, shown.map(({ el }) => el), here);
		groups.forEach(({ rows }, index) => {
			const list = shown[index]?.list;
			if (list) fill(list, rows.map(({ id }) => this.elementOf(id)), wanted);
		});
		this.most = Math.max(0, ...groups.map(({ rows }) => rows.length));
		this.dropMatrix();
		this.dropSections(new Set(groups.map(({ key }) => key)));
		this.arrange();
	}
	
	showMatrix(matrix, corner) {
		const keys = JSON.stringify([corner, matrix.columns, matrix.rows.map(({ key, label }) => [key, label])]);
		const stale = this.matrix;
		if (keys !== this.matrixKeys || !stale) {
			this.matrixKeys = keys;
			this.matrix = this.makeMatrix(matrix, corner);
			this.el.append(this.matrix);
		}
		const all = matrix.rows.flatMap(({ cells }) => cells);
		const wanted = new Set(all.flatMap((rows) => rows.map(({ id }) => this.elementOf(id))));
		all.forEach((rows, index) => {
			const cell = this.cells[index];
			if (cell) fill(cell, rows.map(({ id }) => this.elementOf(id)), wanted);
		});
		if (stale && stale !== this.matrix) stale.remove();
		this.dropSections(/* @__PURE__ */ new Set());
	}
	/** As many cards side by side as fill the width evenly. */
	arrange() {
		const text = String(columns(this.most, this.el.clientWidth || 900));
		if (this.el.style.getPropertyValue("--hn-columns") !== text) this.el.style.setProperty("--hn-columns", text);
	}
	/** @returns {Section} */
	makeSection() {
		const id = uniqueId("group");
		const title = h("h4.hn-group-title", { id });
		const list = h("ul.hn-grid", { role: "list", "aria-label": this.t("board.list") });
		return { el: h("div.hn-group", {}, title, list), list, title };
	}
	
	makeMatrix(matrix, corner) {
		const none = this.t("board.group.none");
		const head = h("tr", {}, h("th", { scope: "col", class: "hn-corner" }, corner), ...matrix.columns.map(({ label }) => h("th", { scope: "col" }, label || none)));
		this.cells = [];
		const body = matrix.rows.map(({ label, cells }) => {
			const own = cells.map(() => h("ul.hn-cell", { role: "list" }));
			this.cells.push(...own);
			return h("tr", {}, h("th", { scope: "row" }, h("div", { title: label }, label || none)), ...own.map((list) => h("td", {}, list)));
		});
		const table = h("table.hn-matrix", {}, h("thead", {}, head), h("tbody", {}, ...body));
		table.style.setProperty("--hn-across", String(matrix.columns.length));
		return h("div.hn-scroll", { role: "region", tabindex: 0, "aria-label": this.t("board.view.matrix") }, table);
	}
	dropMatrix() {
		this.matrix?.remove();
		this.matrix = null;
		this.cells = [];
	}
	
	dropSections(kept2) {
		for (const [key, { el }] of this.sections) {
			if (kept2.has(key)) continue;
			el.remove();
			this.sections.delete(key);
		}
	}
};
function fill(parent, elements, wanted) {
	const mover = (
		
		parent
	);
	let cursor = parent.firstElementChild;
	for (const el of elements) {
		if (el === cursor) cursor = cursor.nextElementSibling;
		else if (mover.moveBefore && el.isConnected && parent.isConnected) mover.moveBefore(el, cursor);
		else parent.insertBefore(el, cursor);
	}
	while (cursor) {
		const next = cursor.nextElementSibling;
		if (!wanted.has(
			
			cursor
		)) cursor.remove();
		cursor = next;
	}
}

// js/table_view.js
var COLUMNS = ["prompt", "provider", "model", "camera", "format", "take", "state", "time", "cost", "bytes", "rating", "tags", "note", "task_id", "error"];
var AT_FIRST = ["prompt", "provider", "model", "format", "take", "state", "time", "cost", "rating"];
var NAMES2 = /* @__PURE__ */ new Set(["provider", "model", "format", "take", "time", "cost", "bytes", "task_id", "error"]);
function shownColumns(chosen, blind, judged) {
	return COLUMNS.filter((name) => chosen.includes(name) && !(blind && NAMES2.has(name)) && (judged || name !== "rating"));
}
function cellText(row, column, t) {
	const value = sortValue(row, column, Date.now() / 1e3);
	if (value === null) return column === "cost" ? row.cost : "";
	if (column === "format") return `${row.resolution} · ${t("common.seconds", { seconds: row.duration })}`;
	if (column === "model") return shortModel(row.model);
	if (column === "time") return clock(Number(value));
	if (column === "cost") return row.cost;
	if (column === "bytes") return bytes(row.bytes);
	if (column === "rating") return starText(row.rating ?? 0);
	if (column !== "state") return String(value);
	const state = t(`board.state.${row.state}`);
	const moving = !SETTLED.has(row.state) && row.progress;
	return moving ? `${state} ${percent(row.progress)}` : state;
}
var TableView = class {
	
	constructor(board, on) {
		this.board = board;
		this.on = on;
		this.head = h("tr");
		this.body = h("tbody");
		const table = h("table.hn-table", {}, h("thead", {}, this.head), this.body);
		this.el = h("div.hn-scroll", { role: "region", tabindex: 0, "aria-label": board.t("board.view.table") }, table);
		this.lines = /* @__PURE__ */ new Map();
		this.columns = "";
	}
	/**
	 * @param {Row[]} rows @param {string[]} columns @param {import("./board_rows.js").Sort} sort
	 * @param {(row: Row) => string} nameOf
	 */
	show(rows, columns2, sort, nameOf) {
		this.showHead(columns2, sort);
		const wanted = new Set(rows.map(({ id }) => id));
		for (const [id, { el }] of this.lines) {
			if (wanted.has(id)) continue;
			el.remove();
			this.lines.delete(id);
		}
		rows.forEach((row, index) => {
			const line = this.lines.get(row.id) ?? this.makeLine(row, columns2.length);
			if (this.body.children[index] !== line.el) this.body.insertBefore(line.el, this.body.children[index] ?? null);
			this.update(line, row, columns2, nameOf(row));
		});
	}
	
	showHead(columns2, sort) {
		const { t } = this.board;
		const keys = columns2.join(" ");
		if (keys !== this.columns) {
			this.columns = keys;
			this.lines.clear();
			replace(this.body);
			const cell = (name) => h("th", { scope: "col", data: { column: name } }, h("button.hn-sort", { on: { click: () => this.on.sort(name) } }, t(`board.column.${name}`)));
			replace(this.head, h("th", { scope: "col" }, h("span.hn-sr", {}, t("board.column.clip"))), ...columns2.map(cell));
		}
		for (const th of this.head.children) {
			const own = (
				
				th.dataset.column === sort.by
			);
			setAttribute(th, "aria-sort", own ? sort.down ? "descending" : "ascending" : null);
		}
	}
	
	makeLine(row, count) {
		const image = h("img.hn-thumb", { alt: "", loading: "lazy", hidden: true });
		const open = h("button.hn-thumb-button", { on: { click: () => this.on.show(row.id) } }, image, h("span.hn-icon", { "data-icon": "play", "aria-hidden": "true" }));
		const cells = Array.from({ length: count }, () => h("td"));
		const el = h("tr", { data: { job: row.id } }, h("td.hn-thumb-cell", {}, open), ...cells);
		const line = { el, cells, poster: "", image, open };
		this.lines.set(row.id, line);
		return line;
	}
	
	update(line, row, columns2, name) {
		const { t, clips } = this.board;
		setAttribute(line.el, "data-state", row.state);
		setAttribute(line.open, "aria-label", t("board.table.show", { clip: name }));
		if (line.poster !== row.poster) {
			line.poster = row.poster;
			if (row.poster) void clips.poster(line.image, row);
		}
		columns2.forEach((column, index) => {
			const cell = line.cells[index];
			if (!cell) return;
			const text = column === "provider" && row.simulated ? `${cellText(row, column, t)} (${t("common.simulated")})` : cellText(row, column, t);
			setText(cell, text);
			setAttribute(cell, "data-column", column);
			setAttribute(cell, "data-tone", column === "state" ? tone(row.state) : null);
			if (column === "rating" && text) setAttribute(cell, "aria-label", t("board.stars", { count: row.rating ?? 0 }));
			if (text.length > 60) setAttribute(cell, "title", text);
		});
	}
};

// js/toolbar.js
function toolbar(board, change) {
	const { t } = board;
	let now = null;
	const views = ["grid", "matrix", "table", "pair", "vote"].map(
		(view) => h("button.hn-button.hn-small", { data: { view }, on: { click: () => change({ view }) } }, t(`board.view.${view}`))
	);
	const axis = (key, name, axes) => {
		const select = h("select.hn-select", { on: { change: () => change({ [name]: select.value }) } }, ...axes.map((by) => h("option", { value: by }, t(by ? `board.column.${by}` : "board.group.off"))));
		return { select, el: h("label.hn-pick-one", {}, h("span", {}, t(key)), select) };
	};
	const group = axis("board.group", "group", ["", ...AXES]);
	const down = axis("board.rows", "down", AXES);
	const across = axis("board.across", "across", AXES);
	const sort = h("select.hn-select", { on: { change: () => {
		const [by, way] = sort.value.split(" ");
		change({ sort: { by: by ?? "", down: way === "down" } });
	} } }, ...["", "rating down", "time", "cost", "provider", "model", "prompt", "state"].map((by) => h("option", { value: by }, by ? t(`board.column.${by.split(" ")[0]}`) : t("board.sort.none"))));
	const sortLabel = h("label.hn-pick-one", {}, h("span", {}, t("board.sort")), sort);
	const columns2 = h("button.hn-button.hn-small", { "aria-haspopup": "menu", "aria-expanded": "false", on: { click: () => board.menu.open(columns2, t("board.columns"), () => COLUMNS.map((name) => {
		const shown = now?.columns.includes(name) ?? false;
		const next = shown ? (now?.columns ?? []).filter((one) => one !== name) : [...now?.columns ?? [], name];
		return { label: t(`board.column.${name}`), checked: shown, stay: true, run: () => change({ columns: next }) };
	})) } }, t("board.columns"));
	const blind = h("button.hn-button.hn-small", { title: t("board.blind.hint"), on: { click: () => change({ blind: !now?.blind }) } }, t("board.blind"));
	const filters = h("button.hn-button.hn-small", { on: { click: () => change({ filtering: !now?.filtering }) } });
	const text = h("input", { type: "search", class: "hn-input", placeholder: t("board.filter.text"), "aria-label": t("board.filter.text") });
	text.addEventListener("input", (event) => {
		if (!
		event.isComposing) set({ text: text.value });
	});
	text.addEventListener("compositionend", () => set({ text: text.value }));
	const set = (patch) => change({ filter: { ...now?.filter ?? NO_FILTER, ...patch } });
	const facet = (name) => {
		const select = h("select.hn-select", { "aria-label": t(`board.filter.${name}`), on: { change: () => set({ [name]: name === "rating" ? Number(select.value) : select.value }) } });
		return select;
	};
	const [provider, state, rating, tag] = [facet("provider"), facet("state"), facet("rating"), facet("tag")];
	const clear = h("button.hn-button.hn-small.hn-quiet", { on: { click: () => change({ filter: { ...NO_FILTER } }) } }, t("board.filter.clear"));
	const count = h("span.hn-soft");
	const filterRow = h("div.hn-row.hn-filters", { role: "search", "aria-label": t("board.filter") }, text, provider, state, rating, tag, clear, count);
	const el = h("div.hn-toolbar", {}, h(
		"div.hn-row",
		{},
		h("div.hn-segments", { role: "group", "aria-label": t("board.views") }, ...views),
		group.el,
		down.el,
		across.el,
		sortLabel,
		columns2,
		filters,
		blind
	), filterRow);
	function facets(view, all) {
		options(provider, t("board.filter.provider"), valuesOf(all, "provider").map(({ key, label }) => ({ value: key, label: named(all, key, label, t) })), view.filter.provider);
		options(state, t("board.filter.state"), valuesOf(all, "state").map(({ key }) => ({ value: key, label: t(`board.state.${key}`) })), view.filter.state);
		options(rating, t("board.filter.rating"), [1, 2, 3, 4, 5].map((value) => ({ value: String(value), label: `${"★".repeat(value)}${value < 5 ? " +" : ""}` })), String(view.filter.rating || ""));
		options(tag, t("board.filter.tag"), tagsOf(all).map((value) => ({ value, label: value })), view.filter.tag);
	}
	function update(view, all, shown) {
		now = view;
		el.hidden = all.length < 2;
		const saved = all.filter((row) => row.state === "saved").length;
		for (const button of views) {
			const name = button.dataset.view ?? "";
			setAttribute(button, "aria-pressed", String(name === view.view));
			button.hidden = name === "pair" && saved < 2 || name === "vote" && (saved < 2 || !board.acts.includes("vote"));
		}
		group.el.hidden = view.view !== "grid";
		down.el.hidden = across.el.hidden = view.view !== "matrix";
		columns2.hidden = view.view !== "table";
		sortLabel.hidden = view.blind || !["grid", "matrix"].includes(view.view);
		group.select.value = view.group;
		down.select.value = view.down;
		across.select.value = view.across;
		sort.value = [...sort.options].find(({ value }) => value.split(" ")[0] === view.sort.by)?.value ?? "";
		const many = filtersSet(view.filter);
		setText(filters, many ? t("board.filter.set", { count: many }) : t("board.filter"));
		setAttribute(filters, "aria-expanded", String(view.filtering));
		filterRow.hidden = !view.filtering;
		setAttribute(blind, "aria-pressed", String(view.blind));
		blind.hidden = view.view === "vote" || view.view === "pair";
		if (text !== document.activeElement) text.value = view.filter.text;
		provider.hidden = view.blind;
		if (view.filtering) facets(view, all);
		rating.hidden = tag.hidden = !board.acts.includes("judge") && !all.some((row) => row.rating || row.tags?.length);
		setText(count, t("board.filter.count", { shown, count: all.length }));
		clear.hidden = many === 0;
	}
	return { el, update, text };
}
function named(rows, key, label, t) {
	return rows.some((row) => row.provider === key && row.simulated) ? `${label} (${t("common.simulated")})` : label;
}
function options(select, any, list, value) {
	const wanted = [{ value: "", label: any }, ...list];
	const key = wanted.map((option) => `${option.value}	${option.label}`).join("\n");
	if (select.dataset.key !== key) {
		select.dataset.key = key;
		replace(select, ...wanted.map((option) => h("option", { value: option.value }, option.label)));
	}
	select.value = value;
}

// js/transport_bar.js
var RATES = [0.1, 0.25, 0.5, 1, 1.5, 2];
function transportBar(player, t, full) {
	const iconOf = (name) => h("span.hn-icon", { "data-icon": name, "aria-hidden": "true" });
	const square = (key, face, click) => h("button.hn-button.hn-square", { "aria-label": t(key), title: t(key), on: { click } }, face);
	const icon = iconOf("play");
	const label = h("span");
	const toggle = h("button.hn-button.hn-primary", { on: { click: () => player.toggle() } }, icon, label);
	const restart = square("board.restart", iconOf("restart"), () => void player.restart());
	const back = square("board.step.back", iconOf("back"), () => void player.step(-1));
	const on = square("board.step.on", iconOf("on"), () => void player.step(1));
	const loop = square("board.loop", "↻", () => player.setLoop(!player.loop));
	const a = square("board.loop.a", "A", () => player.markEnd("a"));
	const b = square("board.loop.b", "B", () => player.markEnd("b"));
	const time = h("input", { type: "range", class: "hn-time", min: 0, max: 1, value: 0, "aria-label": t("board.time"), on: { input: () => void player.seekAll(Number(time.value)) } });
	const section = h("span.hn-section", { hidden: true });
	const read = h("span.hn-time-text");
	const speed = h(
		"select.hn-select",
		{ "aria-label": t("board.speed"), on: { change: () => player.setRate(Number(speed.value)) } },
		...RATES.map((rate) => h("option", { value: rate, selected: rate === 1 }, `${rate}×`))
	);
	const line = h("div.hn-time-line", {}, time, section);
	const fullScreen = square("board.full", iconOf("full"), full);
	const el = h("div.hn-transport", { role: "group", "aria-label": t("board.transport") }, toggle, restart, back, on, line, read, speed, loop, a, b, fullScreen);
	function update() {
		const { duration, fps } = player;
		const at = Math.max(0, Math.min(player.time, duration));
		el.hidden = duration === 0;
		setText(label, t(player.playing ? "board.pause_all" : "board.play_all"));
		setAttribute(icon, "data-icon", player.playing ? "pause" : "play");
		setAttribute(time, "max", duration || 1);
		setAttribute(time, "step", (1 / fps).toFixed(6));
		if (document.activeElement !== time || player.playing) time.value = String(at);
		time.setAttribute("aria-valuetext", fineClock(at));
		setText(read, `${fineClock(at)} / ${fineClock(duration)} · ${player.playing ? "–" : player.frame}`);
		setAttribute(read, "title", t("board.frame"));
		setAttribute(loop, "aria-pressed", String(player.loop));
		setAttribute(a, "aria-pressed", String(player.a !== null));
		setAttribute(b, "aria-pressed", String(player.b !== null));
		if (speed.value !== String(player.rate)) speed.value = String(player.rate);
		const ends = player.section;
		section.hidden = !ends || !duration;
		if (ends) section.style.cssText = `inset-inline-start:${ends[0] / duration * 100}%;inline-size:${(ends[1] - ends[0]) / duration * 100}%`;
	}
	player.addEventListener("change", update);
	update();
	return { el, update };
}

// js/vote.js
var RANKED = ["provider", "model", "prompt"];
var OUTCOMES = (
	
	[["first", "board.vote.left", "1"], ["tie", "board.vote.tie", "0"], ["second", "board.vote.right", "2"]]
);
var Vote = class {
	
	constructor(board, changed) {
		this.board = board;
		this.changed = changed;
		const { t } = board;
		this.pair = null;
		this.revealed = false;
		this.sending = false;
		this.standing = null;
		this.by = "provider";
		this.rows = [];
		this.question = h("p.hn-vote-question", {}, t("board.vote.question"));
		this.buttons = OUTCOMES.map(
			([outcome, key, stroke]) => h("button.hn-button", { data: { outcome }, on: { click: () => void this.vote(outcome) } }, t(key), h("kbd", {}, stroke))
		);
		this.next = h("button.hn-button.hn-primary", { on: { click: () => this.advance() } }, t("board.vote.next"));
		this.count = h("span.hn-soft");
		this.told = h("p.hn-told", { hidden: true });
		this.tabs = RANKED.map((by) => h("button.hn-button.hn-small", { data: { by }, on: { click: () => this.rankBy(by) } }, t(`board.column.${by}`)));
		this.chart = h("div.hn-scroll");
		const ranking2 = h("section.hn-ranking-box", { "aria-label": t("board.ranking") }, h("div.hn-row", {}, h("h4", {}, t("board.ranking")), h("div.hn-segments", { role: "group", "aria-label": t("board.ranking.by") }, ...this.tabs)), this.chart);
		this.el = h("div.hn-vote", { hidden: true }, this.question, h("div.hn-row.hn-vote-buttons", {}, ...this.buttons, this.next, this.count), this.told, ranking2);
	}
	
	show(rows) {
		this.rows = rows;
		this.el.hidden = false;
		if (!this.standing) void this.load();
		else if (!this.pair || !this.pair.every(({ id }) => rows.some((row) => row.id === id))) this.choose();
		this.update();
	}
	async load() {
		if (this.sending) return;
		this.sending = true;
		try {
			this.standing = await this.board.wire.ask({ kind: "act", act: "ranking" });
			this.choose();
		} catch (reason) {
			this.fail(reason);
		}
		this.sending = false;
		this.changed();
	}
	choose() {
		const last = this.pair ? keyOfPair(this.pair) : "";
		this.pair = nextPair(this.rows, this.standing?.votes ?? [], Math.random, last);
		this.revealed = false;
	}
	advance() {
		this.choose();
		this.changed();
		this.buttons[0]?.focus();
	}
	
	async vote(outcome) {
		const { pair, board } = this;
		if (!pair || this.revealed || this.sending) return;
		this.sending = true;
		try {
			const [first, second] = pair.map(({ id }) => id);
			this.standing = await board.wire.ask({ kind: "act", act: "vote", first, second, outcome, blind: true });
			this.revealed = true;
			showText(this.told, "");
			board.announcer.say(board.t("board.vote.kept", { left: this.nameOf(0), right: this.nameOf(1) }));
		} catch (reason) {
			this.fail(reason);
		}
		this.sending = false;
		this.changed();
		if (this.revealed) this.next.focus();
	}
	
	fail(reason) {
		if (reason instanceof Error && reason.message !== "closed") showText(this.told, reason.message);
	}
	/** What a side is called: by its place until the vote. @param {0 | 1} side */
	nameOf(side) {
		const { t } = this.board;
		const row = this.pair?.[side];
		if (!this.revealed || !row) return t(side ? "board.right" : "board.left");
		const badge = row.simulated ? ` (${t("common.simulated")})` : "";
		return `${row.provider_title || row.provider}${badge}`;
	}
	
	rankBy(by) {
		this.by = by;
		this.update();
	}
	update() {
		const { t } = this.board;
		const count = (this.standing?.votes ?? []).reduce((all, { count: one }) => all + one, 0);
		setText(this.count, t("board.vote.count", { count }));
		setText(this.question, t(!this.pair ? "board.vote.none" : this.revealed ? "board.vote.revealed" : "board.vote.question"));
		for (const button of this.buttons) button.hidden = this.revealed || !this.pair;
		this.next.hidden = !this.revealed;
		for (const tab of this.tabs) setAttribute(tab, "aria-pressed", String(tab.dataset.by === this.by));
		replace(this.chart, ranking(this.standing?.ranking[this.by] ?? [], (item) => this.labelOf(item), t));
	}
	
	labelOf(item) {
		if (this.by === "model") return shortModel(item);
		if (this.by !== "provider") return item;
		const row = this.rows.find(({ provider }) => provider === item);
		return row?.provider_title ? `${row.provider_title}${row.simulated ? ` (${this.board.t("common.simulated")})` : ""}` : item;
	}
};
function ranking(ranks, label, t) {
	if (ranks.length === 0) return h("p.hn-soft", {}, t("board.ranking.empty"));
	const low = Math.min(0, ...ranks.map((rank) => rank.low));
	const wide = Math.max(0.1, Math.max(0, ...ranks.map((rank) => rank.high)) - low);
	const at = (value) => `${(value - low) / wide * 100}%`;
	const number = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
	const lines = ranks.map((rank) => {
		const span = h("span.hn-span");
		span.style.cssText = `inset-inline-start:${at(rank.low)};inline-size:${(rank.high - rank.low) / wide * 100}%`;
		const dot = h("span.hn-dot");
		dot.style.insetInlineStart = at(rank.strength);
		const zero = h("span.hn-zero");
		zero.style.insetInlineStart = at(0);
		const drawn = h("td", {}, h("div.hn-drawn", { "aria-hidden": "true" }, zero, span, dot));
		const interval = `${number(rank.strength)} (${number(rank.low)} … ${number(rank.high)})`;
		return h("tr", {}, h("th", { scope: "row", title: rank.item }, label(rank.item)), drawn, h("td", {}, interval), h("td", {}, `${rank.wins} / ${rank.losses} / ${rank.ties}`));
	});
	const head = h("tr", {}, h("th", { scope: "col" }, t("board.ranking.item")), h("td"), h("th", { scope: "col" }, t("board.ranking.strength")), h("th", { scope: "col" }, t("board.ranking.counts")));
	return h("table.hn-table.hn-ranking", {}, h("thead", {}, head), h("tbody", {}, ...lines));
}

// js/board_view.js
var NAMELESS = /* @__PURE__ */ new Set(["prompt", "camera"]);
function boardView(board, view, source) {
	const { t, signal, player, announcer } = board;
	const cards = /* @__PURE__ */ new Map();
	const keys = /* @__PURE__ */ new Map();
	const states = /* @__PURE__ */ new Map();
	let before = "grid";
	const places = new Places(t, (id) => (
		
		cards.get(id).el
	));
	const table = new TableView(board, {
		sort: (by) => change({ sort: { by, down: view.sort.by === by && !view.sort.down } }),
		show: (id) => {
			change({ view: "grid", group: "" });
			cards.get(id)?.el.scrollIntoView({ block: "center" });
		}
	});
	const pair = new PairView(board, {
		mode: (mode) => change(view.view === "vote" ? { voteMode: mode } : { mode }),
		swap: () => change({ selected: [...view.selected].reverse() }),
		shift: (id, seconds) => change({ shifts: { ...view.shifts, [id]: seconds } }),
		full: () => full(),
		close: () => change({ view: before })
	});
	const vote = new Vote(board, () => {
		if (vote.revealed && view.blind) view.blind = false;
		update();
	});
	const tools = toolbar(board, (patch) => change(patch));
	const bar = transportBar(player, t, () => full());
	const shortcuts = boardKeys(board, view, { change: (patch) => change(patch), full: () => full(), vote, close: () => change({ view: before }), filter: () => {
		change({ filtering: true });
		tools.text.focus();
	} });
	const head = boardHead(t, source, shortcuts.help);
	const chosen = h("div.hn-chosen", { hidden: true });
	const empty = h("p.hn-empty");
	const tagList = h("datalist", { id: board.tagList });
	const root = board.root();
	root.append(head.el, tools.el, bar.el, chosen, places.el, table.el, pair.el, vote.el, empty, tagList, board.menu.el, announcer.el);
	root.addEventListener("keydown", shortcuts.onKey);
	function change(patch) {
		if (patch.view && patch.view !== view.view && view.view !== "pair" && patch.view === "pair") before = view.view || "grid";
		if (patch.blind && !view.blind) view.seed = Math.floor(Math.random() * 1e9);
		const narrowed = patch.filter !== void 0;
		Object.assign(view, patch);
		update();
		if (narrowed) announcer.say(t("board.filter.count", { shown: shownRows().length, count: source.rows().length }));
	}
	function pick(id) {
		const others = view.selected.filter((one) => one !== id);
		change({ selected: others.length < view.selected.length ? others : [...others.slice(-1), id] });
	}
	function shownRows() {
		const passed = filterRows(source.rows(), view.filter, view.blind);
		return view.blind ? shuffled(passed, view.seed) : sortRows(passed, view.sort, Date.now() / 1e3);
	}
	function pairOf(rows) {
		const all = source.rows();
		const picked = view.selected.map((id) => all.find((row) => row.id === id && row.state === "saved")).filter((row) => row !== void 0);
		const rest = rows.filter((row) => row.state === "saved" && !picked.includes(row));
		const [a, b] = [...picked, ...rest];
		return a && b ? [a, b] : null;
	}
	function updateCards(all, rows) {
		const ids = new Set(all.map(({ id }) => id));
		for (const [id, card] of cards) {
			if (ids.has(id)) continue;
			card.remove();
			cards.delete(id);
			keys.delete(id);
		}
		view.selected = view.selected.filter((id) => ids.has(id));
		const prompts = new Set(all.map(({ prompt }) => prompt)).size > 1;
		const order = new Map(rows.map(({ id }, index) => [id, index + 1]));
		for (const row of all) {
			const at = view.selected.indexOf(row.id);
			const blind = view.blind ? t("board.clip", { number: order.get(row.id) ?? "–" }) : "";
			const look = { blind, prompt: prompts && view.group !== "prompt" && !(shown() === "matrix" && [view.down, view.across].includes("prompt")), picked: at < 0 ? "" : "AB"[at] ?? "" };
			const key = JSON.stringify([row, look, view.shifts[row.id]]);
			if (keys.get(row.id) === key) continue;
			keys.set(row.id, key);
			const card = cards.get(row.id) ?? new Card(board, row);
			cards.set(row.id, card);
			card.update(row, look);
		}
	}
	function shown() {
		const rows = source.rows();
		const several = rows.filter(({ state }) => state === "saved").length > 1;
		const able = !["pair", "vote"].includes(view.view) || several && (view.view === "pair" || board.acts.includes("vote"));
		const wanted = view.view && able ? view.view : naturalView(rows);
		return wanted === "matrix" && view.blind ? "grid" : wanted;
	}
	function update() {
		const focused = document.activeElement;
		show();
		if (focused && focused !== root && root.contains(focused) && !focused.checkVisibility())
			root.focus({ preventScroll: true });
	}
	function show() {
		const all = source.rows();
		const rows = shownRows();
		const what = shown();
		updateCards(all, rows);
		root.dataset.view = what;
		root.toggleAttribute("data-blind", view.blind);
		const cardsShown = what === "grid" || what === "matrix";
		places.el.hidden = !cardsShown;
		table.el.hidden = what !== "table";
		if (what === "grid") {
			const grouped = view.group !== "" && (!view.blind || NAMELESS.has(view.group));
			places.showGroups(grouped ? groupRows(rows, view.group) : [{ key: "", label: "", rows }], grouped);
		} else if (what === "matrix") {
			const corner = `${t(`board.column.${view.down}`)} × ${t(`board.column.${view.across}`)}`;
			places.showMatrix(matrixOf(rows, view.down, view.across), corner);
		} else if (what === "table") {
			const judged = board.acts.includes("judge") || all.some(({ rating }) => rating);
			table.show(rows, shownColumns(view.columns, view.blind, judged), view.sort, (row) => cards.get(row.id)?.name ?? "");
		}
		showPair(what, rows);
		showChosen(what, all);
		const shared = new Set(all.map(({ prompt }) => prompt)).size === 1 ? all[0]?.prompt ?? "" : "";
		head.update(all, shared);
		tools.update({ ...view, view: what }, all, rows.length);
		showText(empty, all.length === 0 ? t("board.empty") : rows.length === 0 ? t("board.filter.none") : "");
		showTagList(tagList, tagsOf(all));
		announceChanges(all);
		player.refresh();
		board.loader.settle();
	}
	function showPair(what, rows) {
		if (what === "vote") vote.show(rows);
		else vote.el.hidden = true;
		const two = what === "vote" ? vote.pair : what === "pair" ? pairOf(rows) : null;
		if (!two) {
			if (!pair.el.hidden) pair.hide();
			return;
		}
		const voting = what === "vote";
		if (!voting) view.selected = two.map(({ id }) => id);
		const names = (
			
			voting ? [vote.nameOf(0), vote.nameOf(1)] : two.map((row, index) => `${"AB"[index]} · ${cards.get(row.id)?.name ?? ""}`)
		);
		pair.show(two, voting ? view.voteMode : view.mode, { names, blind: voting ? !vote.revealed : view.blind, closable: !voting });
	}
	function showChosen(what, all) {
		chosen.hidden = view.selected.length === 0 || what === "pair" || what === "vote";
		if (chosen.hidden) return;
		const rows = view.selected.map((id) => all.find((row) => row.id === id)).filter((row) => row !== void 0);
		const names = rows.map((row, index) => h("span", {}, h("b", {}, "AB"[index] ?? ""), ` ${cards.get(row.id)?.name ?? ""}`));
		const go = h("button.hn-button.hn-small.hn-primary", { on: { click: () => change({ view: "pair" }) } }, t("board.compare"));
		const drop = h("button.hn-button.hn-small.hn-quiet", { on: { click: () => change({ selected: [] }) } }, t("board.unpick"));
		const [a, b] = rows;
		const words = a && b && a.prompt !== b.prompt ? promptWords(a, b) : [];
		const key = JSON.stringify([view.selected, words.length, names.map((name) => name.textContent)]);
		if (chosen.dataset.key === key) return;
		chosen.dataset.key = key;
		replace(chosen, h("div.hn-row", {}, ...names, b ? go : h("span.hn-soft", {}, t("board.pick.another")), drop), ...words);
	}
	function full() {
		const target2 = pair.el.hidden ? root : pair.el;
		if (document.fullscreenElement) void document.exitFullscreen();
		else void target2.requestFullscreen?.().catch(() => void 0);
	}
	function announceChanges(rows) {
		for (const row of rows) {
			const last = states.get(row.id);
			if (last !== void 0 && last !== row.state) {
				const state = t(`board.state.${row.state}`);
				const provider = cards.get(row.id)?.name ?? "";
				announcer.say(t("board.announce", { provider, state, error: view.blind ? "" : row.error }).trim());
			}
			states.set(row.id, row.state);
		}
	}
	player.addEventListener("change", () => bar.update());
	const resize = new ResizeObserver(() => {
		places.arrange();
		board.loader.settle();
	});
	resize.observe(root);
	const clock2 = setInterval(() => {
		const now = Date.now() / 1e3;
		for (const card of cards.values()) if (!SETTLED.has(card.row.state)) card.tick(now);
	}, 1e3);
	signal.addEventListener("abort", () => {
		resize.disconnect();
		clearInterval(clock2);
		for (const card of cards.values()) card.remove();
		cards.clear();
	});
	return { update, pick };
}

// js/clip_source.js
var PATIENCE = 15e3;
var KEEP = 200 * 1024 * 1024;
function encodePath(path) {
	return path.split("/").map(encodeURIComponent).join("/");
}
function isUrl(path) {
	return /^(data|blob|https?):/i.test(path);
}
async function directLink(model, path) {
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
var Clips = class {
	
	constructor(model, wire, signal) {
		this.model = model;
		this.wire = wire;
		this.blobs = /* @__PURE__ */ new Map();
		this.posters = /* @__PURE__ */ new Map();
		signal.addEventListener("abort", () => {
			for (const { url } of this.blobs.values()) URL.revokeObjectURL(url);
		});
	}
	/**
	 * Let `video` show the clip of `row`. Rejects with the reason when neither way works.
	 * @param {HTMLVideoElement} video @param {Row} row @param {AbortSignal} signal
	 * @param {(received: number, size: number) => void} [onBytes]
	 */
	async show(video, row, signal, onBytes) {
		if (!this.blobs.has(row.id)) {
			const link = await directLink(this.model, row.video);
			if (signal.aborted) return;
			if (link) {
				try {
					await attach(video, link, signal);
					return;
				} catch (reason) {
					if (!this.wire.open) throw reason;
				}
			}
		}
		const url = await this.blobUrl(row, onBytes);
		if (!signal.aborted) await attach(video, url, signal);
	}
	
	async blobUrl(row, onBytes) {
		const kept2 = this.blobs.get(row.id);
		if (kept2) {
			this.blobs.delete(row.id);
			this.blobs.set(row.id, kept2);
			return kept2.url;
		}
		const blob = await this.wire.fetchClip(row.id, onBytes);
		const url = URL.createObjectURL(blob);
		this.blobs.set(row.id, { url, size: blob.size });
		let sum = [...this.blobs.values()].reduce((all, { size }) => all + size, 0);
		for (const [id, { url: old, size }] of this.blobs) {
			if (sum <= KEEP || id === row.id) break;
			URL.revokeObjectURL(old);
			this.blobs.delete(id);
			sum -= size;
		}
		return url;
	}
	/** A link to the file that a new tab can open. @param {Row} row */
	async openable(row) {
		return await directLink(this.model, row.video) ?? await this.blobUrl(row);
	}
	/** Let `image` show the poster of `row`, by its path or from the kernel. @param {HTMLImageElement} image @param {Row} row */
	async poster(image, row) {
		const held = () => {
			const asked = this.posters.get(row.id) ?? this.wire.ask({ kind: "poster", job: row.id }).then((a) => a.poster);
			this.posters.set(row.id, asked);
			return asked.catch(() => "");
		};
		image.onerror = async () => {
			image.onerror = null;
			const url = row.poster === HELD || isUrl(row.poster) ? "" : await held();
			if (url) image.src = url;
			else image.hidden = true;
		};
		const link = row.poster === HELD ? await held() : await directLink(this.model, row.poster);
		image.hidden = !link;
		if (link) image.src = link;
	}
};
var HELD = "held";
function attach(video, url, signal) {
	return new Promise((resolve, reject) => {
		const settle = (act) => () => {
			clearTimeout(timer);
			video.removeEventListener("loadedmetadata", loaded);
			video.removeEventListener("error", failed);
			act();
		};
		const loaded = settle(resolve);
		const failed = settle(
			() => reject(new Error(video.error?.message || "the browser cannot play this file"))
		);
		const timer = setTimeout(failed, PATIENCE);
		video.addEventListener("loadedmetadata", loaded);
		video.addEventListener("error", failed);
		signal.addEventListener("abort", settle(resolve), { once: true });
		video.src = url;
		video.load();
	});
}

// js/i18n.js
function pickLanguage(wanted, pageLanguage, known) {
	for (const candidate of [wanted, pageLanguage]) {
		const short = (candidate || "").toLowerCase().split(/[-_]/)[0] ?? "";
		if (known.includes(short)) return short;
	}
	return known[0] ?? "en";
}
function translator(messages, language) {
	const own = messages[language] ?? {};
	const plural = new Intl.PluralRules(language);
	const find = (key) => own[key] ?? messages.en?.[key];
	return (key, values = {}) => {
		const form = typeof values.count === "number" ? find(`${key}.${plural.select(values.count)}`) : void 0;
		const text = form ?? find(key) ?? find(`${key}.other`) ?? key;
		return text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? String(values[name]) : whole);
	};
}

// js/keys.js
var OURS = /* @__PURE__ */ new Set([
	"Enter",
	"Backspace",
	"Delete",
	"Home",
	"End",
	"PageUp",
	"PageDown",
	"ArrowLeft",
	"ArrowRight",
	"ArrowUp",
	"ArrowDown"
]);
function isOurs({ key, ctrlKey, metaKey, altKey }) {
	if (key === "Enter") return true;
	return !ctrlKey && !metaKey && !altKey && ([...key].length === 1 || OURS.has(key));
}
function keepKeys(root) {
	for (
		const type of
		
		["keydown", "keypress"]
	) {
		root.addEventListener(type, (event) => {
			if (isOurs(event)) event.stopPropagation();
		});
	}
}

// js/loader.js
var NEAR = 600;
var MOST3 = 24;
var Loader = class {
	
	constructor(signal, most = MOST3) {
		this.most = most;
		this.items = /* @__PURE__ */ new Set();
		this.frame = 0;
		const options2 = { capture: true, passive: true, signal };
		for (const type of ["scroll", "resize"]) window.addEventListener(type, () => this.settle(), options2);
		signal.addEventListener("abort", () => cancelAnimationFrame(this.frame));
	}
	/** Look again before the next picture. */
	settle() {
		if (!this.frame)
			this.frame = requestAnimationFrame(() => {
				this.frame = 0;
				this.share();
			});
	}
	/** Give decoders to those that need them most. */
	share() {
		const all = [...this.items].map((item) => ({ item, far: distance(item.el) })).sort((a, b) => a.far - b.far);
		const wanting = all.filter(({ item, far }) => item.wanted && !item.loaded && far < NEAR);
		const holding = all.filter(({ item }) => item.loaded);
		let free = this.most - holding.length;
		for (const { item, far } of wanting) {
			if (free <= 0) {
				const victim = holding.pop();
				if (!victim || victim.far <= far) return;
				victim.item.unload();
				free += 1;
			}
			item.load();
			free -= 1;
		}
	}
};
function distance(el) {
	const { top, bottom, left, right, width } = el.getBoundingClientRect();
	if (width === 0) return Infinity;
	return Math.max(0, top - innerHeight, -bottom, left - innerWidth, -right);
}

// js/menu.js
var Menu = class {
	constructor() {
		this.el = h("div.hn-menu", { role: "menu", popover: "auto", on: { keydown: (event) => this.onKey(event) } });
		this.button = null;
		this.el.addEventListener("toggle", (event) => {
			const open = (
				
				event.newState === "open"
			);
			this.button?.setAttribute("aria-expanded", String(open));
		});
	}
	
	open(button, label, items) {
		this.button = button;
		this.el.setAttribute("aria-label", label);
		this.fill(items);
		this.el.showPopover();
		const at = button.getBoundingClientRect();
		const own = this.el.getBoundingClientRect();
		const left = Math.max(4, Math.min(at.right - own.width, innerWidth - own.width - 4));
		const below = at.bottom + own.height + 8 < innerHeight;
		this.el.style.left = `${left}px`;
		this.el.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - own.height - 4)}px`;
		this.focus(0);
	}
	
	fill(items, at) {
		const buttons = items().map((item, index) => {
			const check = item.checked !== void 0;
			const click = () => {
				if (!item.stay) this.close();
				item.run();
				if (item.stay) this.fill(items, index);
			};
			const props = { type: "button", class: "hn-menu-item", role: check ? "menuitemcheckbox" : "menuitem", tabindex: -1, "data-danger": item.danger, "aria-checked": check ? String(item.checked) : null, on: { click } };
			return h("button", props, item.label);
		});
		replace(this.el, ...buttons);
		if (at !== void 0) this.focus(at);
	}
	
	focus(index) {
		const items = [...this.el.children];
		items.at(index % items.length)?.focus();
	}
	close() {
		this.el.hidePopover();
		this.button?.focus();
	}
	
	onKey(event) {
		const at = [...this.el.children].indexOf(
			
			document.activeElement
		);
		const to = (
			
			{ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
		);
		if (event.key === "Tab") this.close();
		if (event.key === "Escape") this.close();
		if (to !== void 0) this.focus(to);
		if (to !== void 0 || event.key === "Escape") event.preventDefault();
		event.stopPropagation();
	}
};

// js/view_state.js
var kept = /* @__PURE__ */ new WeakMap();
function viewOf(model) {
	const view = kept.get(model) ?? {
		view: "",
		group: "",
		down: "prompt",
		across: "provider",
		sort: { by: "", down: false },
		filter: { ...NO_FILTER },
		filtering: false,
		columns: [...AT_FIRST],
		selected: [],
		mode: "wipe",
		voteMode: "side",
		blind: false,
		seed: 1,
		shifts: {}
	};
	kept.set(model, view);
	return view;
}

// js/wire.js
var PIECE = 4 * 1024 * 1024;
var lastId = Math.floor(Math.random() * 2 ** 40);
var Wire = class {
	
	constructor(model, signal) {
		this.model = model;
		this.waiting = /* @__PURE__ */ new Map();
		const listener = (content, buffers) => this.receive(content, buffers);
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
		answer.catch(() => void 0);
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
	
	expect(onProgress) {
		lastId += 1;
		const id = lastId;
		const answer = new Promise((resolve, reject) => {
			this.waiting.set(id, { resolve, reject, pieces: /* @__PURE__ */ new Map(), onProgress });
		});
		return { id, answer };
	}
	
	post(content, buffers = []) {
		if (this.model.send) this.model.send(content, void 0, buffers);
		else this.waiting.get(content.id)?.reject(new Error("no kernel"));
	}
	
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
};
function collect(waiting, { seq, size }, piece) {
	waiting.pieces.set(seq, piece);
	let received = 0;
	for (const part of waiting.pieces.values()) received += part.byteLength;
	waiting.onProgress?.(received, size);
	if (received < size) return null;
	const ordered = [...waiting.pieces].sort(([a], [b]) => a - b).map(([, part]) => part);
	return new Blob(
		
		ordered,
		{ type: "video/mp4" }
	);
}

// js/compare_board.js
function render({ model, el, signal }) {
	let view = new AbortController();
	const build = () => {
		view.abort();
		view = new AbortController();
		mount(model, el, view.signal);
	};
	for (const name of ["language", "messages", "acts"]) listen(model, `change:${name}`, build, signal);
	signal.addEventListener("abort", () => view.abort());
	build();
}
function listen(model, event, callback, signal) {
	model.on(event, callback);
	signal.addEventListener("abort", () => model.off(event, callback));
}
function mount(model, el, signal) {
	const messages = model.get("messages") ?? {};
	const language = pickLanguage(model.get("language"), document.documentElement.lang, Object.keys(messages));
	const t = translator(messages, language);
	const focused = el.contains(document.activeElement);
	const state = viewOf(model);
	const wire = new Wire(model, signal);
	const root = h("section.hn.hn-board", { lang: language, tabindex: -1, "aria-label": t("board.name") });
	const board = {
		model,
		wire,
		t,
		signal,
		player: new Player(signal),
		clips: new Clips(model, wire, signal),
		loader: new Loader(signal),
		menu: new Menu(),
		announcer: new Announcer(signal),
		acts: wire.open ? model.get("acts") ?? [] : [],
		tagList: uniqueId("tags"),
		root: () => root,
		pick: (id) => view.pick(id),
		shiftOf: (id) => state.shifts[id] ?? 0
	};
	const view = boardView(board, state, {
		language,
		rows: () => (
			
			model.get("rows") ?? []
		),
		title: () => model.get("title") ?? "",
		switchTo: (wanted) => {
			model.set("language", wanted);
			model.save_changes();
		}
	});
	keepKeys(root);
	el.replaceChildren(root);
	for (const name of ["rows", "title"]) listen(model, `change:${name}`, view.update, signal);
	view.update();
	if (focused) root.focus();
}
var compare_board_default = { render };
export {
	compare_board_default as default
};
