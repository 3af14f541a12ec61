// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/dom.js
var SVG = "http://www.w3.org/2000/svg";
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
function svg(tag, props = {}, ...children) {
	const el = document.createElementNS(SVG, tag);
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

// js/camera.js
var MAX_TOGETHER = 3;
var BRACKET = /[[［【]([^[\]［］【】]*)[\]］】]/g;
var SEPARATOR = /[,，、]/;
var SLIP = 0.72;
var NEAR = { "push out": "pull_out", "pull in": "push_in", "dolly in": "push_in", "dolly out": "pull_out" };
var fold = (text) => text.replaceAll("_", " ").toLowerCase().trim().split(/\s+/).join(" ");
function grammar(moves) {
	const byName = /* @__PURE__ */ new Map();
	for (const move of moves) for (const name of [move.key, fold(move.english), move.chinese]) byName.set(name, move);
	const find = (name) => byName.get(fold(name)) ?? byName.get(name.trim());
	const command = (move, language) => language === "zh" ? move.chinese : move.english;
	const bracket = (together, words, language) => `[${[...together.map((move) => command(move, language)), ...words].join(",")}]`;
	function nearest(name) {
		const folded = fold(name);
		const known = NEAR[folded];
		if (known) return byName.get(known);
		let best = "";
		let score = SLIP;
		for (const candidate of byName.keys()) {
			const value = likeness(candidate, folded);
			if (value > score || value === score && candidate > best) [best, score] = [candidate, value];
		}
		return byName.get(best);
	}
	function parse(prompt) {
		const steps = [];
		for (const { start, end, items } of brackets(prompt)) {
			const known = items.map(find).filter((move) => move !== void 0);
			if (known.length === 0) continue;
			steps.push({ moves: known, start, end, unknown: items.filter((item) => item && !find(item)) });
		}
		return steps;
	}
	function insert(prompt, keys2, at, language) {
		const together = keys2.map((key) => find(key)).filter((move) => move !== void 0);
		const other = brackets(prompt).find(({ start, end }) => start < at && at < end);
		const place = other ? other.end : at;
		const gap = place === 0 || /\s/.test(prompt[place - 1] ?? "") || language === "zh" ? "" : " ";
		const text = gap + bracket(together, [], language);
		return { start: place, end: place, text, caret: place + text.length };
	}
	function click(prompt, from, to, key, { language, together }) {
		const move = byName.get(key);
		if (!move) return null;
		const step = from === to ? parse(prompt).find(({ start, end }) => start < from && from <= end) : void 0;
		if (step && together) {
			if (step.moves.includes(move)) return null;
			if (fits(step.moves, move)) {
				const chinese = step.moves.some(({ chinese: chinese2 }) => prompt.slice(step.start, step.end).includes(chinese2));
				const text = `,${command(move, chinese ? "zh" : language)}`;
				return { start: step.end - 1, end: step.end - 1, text, caret: step.end + text.length };
			}
		}
		const at = step ? step.end : from;
		const edit = insert(prompt, [key], at, language);
		return edit.start === from && from !== to ? { ...edit, end: to } : edit;
	}
	function lint(prompt) {
		return brackets(prompt).flatMap((found) => lintBracket(prompt, found));
	}
	function lintBracket(prompt, { start, end, inner, items }) {
		const words = items.filter(Boolean);
		if (words.length === 0) return [{ rule: "empty_bracket", start, end, replacement: "", values: {} }];
		const known = words.map(find).filter((move) => move !== void 0);
		const unknown = words.filter((word) => !find(word));
		if (known.length === 0 && !unknown.some(nearest)) {
			return [{ rule: "plain_bracket", start, end, replacement: null, values: { bracket: prompt.slice(start, end) } }];
		}
		const findings = lintWords(prompt, start, words);
		if (known.length === 0) return findings;
		const language = known.some((move) => inner.includes(move.chinese)) ? "zh" : "en";
		const distinct = [...new Set(known)];
		const say = (rule, moves2, values) => {
			findings.push({ rule, start, end, replacement: moves2 && bracket(moves2, unknown, language), values });
		};
		if (distinct.length < known.length) say("duplicate", distinct, {});
		if (distinct.length > MAX_TOGETHER) {
			say("too_many", distinct.slice(0, MAX_TOGETHER), { count: distinct.length, most: MAX_TOGETHER });
		}
		for (const move of distinct) {
			const other = distinct.find((candidate) => candidate.key === move.opposite);
			if (other && move.key < other.key) {
				say("opposites", null, { first: command(move, language), second: command(other, language) });
			}
		}
		if (distinct.length > 1 && distinct.some(({ key }) => key === "static")) {
			say(
				"static_with_move",
				distinct.filter(({ key }) => key !== "static"),
				{}
			);
		}
		return findings;
	}
	function lintWords(prompt, start, words) {
		const findings = [];
		let cursor = start + 1;
		for (const word of words) {
			const at = prompt.indexOf(word, cursor);
			cursor = at + word.length;
			if (find(word)) continue;
			const near = nearest(word);
			const replacement = near ? command(near, /[一-鿿]/.test(word) ? "zh" : "en") : null;
			findings.push({ rule: "unknown_command", start: at, end: cursor, replacement, values: { word } });
		}
		return findings;
	}
	return { find, nearest, parse, click, lint, command };
}
function fits(moves, move) {
	if (moves.length >= MAX_TOGETHER) return false;
	if (move.key === "static" || moves.some(({ key }) => key === "static")) return false;
	return !moves.some(({ key }) => key === move.opposite);
}
function brackets(prompt) {
	return [...prompt.matchAll(BRACKET)].map((match) => {
		const start = match.index ?? 0;
		const inner = match[1] ?? "";
		return { start, end: start + match[0].length, inner, items: split(inner) };
	});
}
var split = (inner) => inner.split(SEPARATOR).map((item) => item.trim());
function likeness(a, b) {
	const [left, right] = [[...a], [...b]];
	const total = left.length + right.length;
	return total === 0 ? 1 : 2 * common(left, 0, left.length, right, 0, right.length) / total;
}
function common(a, a0, a1, b, b0, b1) {
	let [bestA, bestB, size] = [a0, b0, 0];
	for (let i = a0; i < a1; i += 1) {
		for (let j = b0; j < b1; j += 1) {
			let run = 0;
			while (i + run < a1 && j + run < b1 && a[i + run] === b[j + run]) run += 1;
			if (run > size) [bestA, bestB, size] = [i, j, run];
		}
	}
	if (size === 0) return 0;
	return size + common(a, a0, bestA, b, b0, bestB) + common(a, bestA + size, a1, b, bestB + size, b1);
}

// js/draft.js
var FIELDS = (
	
	["prompt", "targets", "resolution", "duration", "options", "takes"]
);
var PAUSE2 = 250;
var same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
var DraftStore = class extends EventTarget {
	
	constructor(model, signal) {
		super();
		this.model = model;
		this.timer = 0;
		this.queued = false;
		this.unsent = /* @__PURE__ */ new Map();
		const changed = () => {
			for (const [name, value] of this.unsent) if (!same(model.get(name), value)) model.set(name, value);
			this.changed();
		};
		const names = [...FIELDS, "problems", "plan", "status", "first_frame", "last_frame", "catalogue"];
		for (const name of names) model.on(`change:${name}`, changed);
		signal.addEventListener("abort", () => {
			for (const name of names) model.off(`change:${name}`, changed);
			this.flush();
		});
	}
	
	get(name) {
		return this.model.get(name);
	}
	/** Whether something is not sent yet: what the kernel says of problems and cost is then of the past. */
	get pending() {
		return this.timer !== 0;
	}
	
	set(changes) {
		for (const [name, value] of Object.entries(changes)) {
			this.unsent.set(name, value);
			if (!same(this.model.get(name), value)) this.model.set(name, value);
		}
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => this.flush(), PAUSE2);
		this.changed();
	}
	flush() {
		if (!this.timer) return;
		clearTimeout(this.timer);
		this.timer = 0;
		this.unsent.clear();
		this.model.save_changes();
	}
	/** @returns {Draft} */
	value() {
		return (
			
			Object.fromEntries(FIELDS.map((name) => [name, this.model.get(name)]))
		);
	}
	/** One event for everything that changed in the same breath. */
	changed() {
		if (this.queued) return;
		this.queued = true;
		queueMicrotask(() => {
			this.queued = false;
			this.dispatchEvent(new Event("change"));
		});
	}
};

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
function bytes(count2) {
	if (count2 === null || count2 === void 0) return "";
	if (count2 < 1e3) return `${count2} B`;
	if (count2 < 999500) return `${Math.round(count2 / 1e3)} kB`;
	return `${(count2 / 1e6).toFixed(1)} MB`;
}
function shortModel(model) {
	return model.replace(/^MiniMax-/, "").replace(/^Hailuo-/, "Hailuo ");
}
function codePoints(text) {
	let count2 = 0;
	for (const _ of text) count2 += 1;
	return count2;
}

// js/tokens.js
function remarks(prompt, grammar2) {
	const mixed = brackets(prompt).filter(({ inner }) => /[{}|]/.test(inner));
	return grammar2.lint(prompt).filter((one) => !mixed.some(({ start, end }) => start <= one.start && one.end <= end));
}
function pieces(prompt, grammar2, choices) {
	const marks = [
		...grammar2.parse(prompt).map(({ start, end }) => ({ start, end, kind: "command" })),
		...choices.map(({ start, end }) => ({ start, end, kind: "choice" })),
		...remarks(prompt, grammar2).filter(({ rule }) => rule === "unknown_command").map(({ start, end }) => ({ start, end, kind: "unknown" }))
	];
	const cuts = /* @__PURE__ */ new Set([0, prompt.length, ...marks.flatMap(({ start, end }) => [start, end])]);
	const places2 = [...cuts].sort((a, b) => a - b);
	return places2.slice(1).map((end, index) => {
		const start = (
			
			places2[index]
		);
		const kinds = marks.filter((mark) => mark.start <= start && end <= mark.end).map(({ kind }) => kind);
		return { text: prompt.slice(start, end), start, kinds: [...new Set(kinds)] };
	});
}

// js/variants.js
var MOST_PROMPTS = 256;
var MOST_DEPTH = 8;
function expand(prompt) {
	const open = [{ start: -1, end: prompt.length, rows: [[]] }];
	const choices = [];
	const top = () => (
		
		open.at(-1)
	);
	const add2 = (piece) => top().rows.at(-1)?.push(piece);
	const wrong = (code, at) => ({
		prompts: [],
		choices,
		error: { code, at }
	});
	for (let at = 0; at < prompt.length; at += 1) {
		const char = prompt.charAt(at);
		if (char === "\\" && at + 1 < prompt.length && "{}|\\".includes(prompt.charAt(at + 1))) {
			at += 1;
			add2(prompt.charAt(at));
		} else if (char === "{") {
			if (open.length > MOST_DEPTH) return wrong("too_deep", at);
			open.push({ start: at, end: at, rows: [[]] });
		} else if (char === "}") {
			if (open.length === 1) return wrong("unopened", at);
			const group = (
				
				open.pop()
			);
			group.end = at + 1;
			add2(group);
			if (group.rows.length > 1) choices.push({ start: group.start, end: group.end });
		} else if (char === "|" && open.length > 1) {
			top().rows.push([]);
		} else {
			add2(char);
		}
	}
	if (open.length > 1) return wrong("unclosed", top().start);
	const whole = top();
	if (count(whole) > MOST_PROMPTS) {
		const first = whole.rows[0]?.find((piece) => typeof piece !== "string");
		return wrong(
			"too_many",
			
			first.start
		);
	}
	return { prompts: [...new Set(texts(whole))], choices, error: null };
}
function count({ rows }) {
	const product = (so_far, piece) => typeof piece === "string" ? so_far : so_far * count(piece);
	return rows.reduce((sum, row) => sum + row.reduce(product, 1), 0);
}
function texts({ start, rows }) {
	const made = rows.flatMap(
		(row) => row.reduce(
			(heads, piece) => {
				const tails = typeof piece === "string" ? [piece] : texts(piece);
				return heads.flatMap((head) => tails.map((tail) => head + tail));
			},
			[""]
		)
	);
	return rows.length === 1 && start >= 0 ? made.map((text) => `{${text}}`) : made;
}

// js/editor.js
var LISTED = 50;
function promptEditor({ draft, t, grammar: grammar2, signal }, tools) {
	const id = uniqueId("prompt");
	const counter2 = h("span.hn-counter", { id: `${id}-count` });
	const over = h("p.hn-field-error", { id: `${id}-over`, role: "alert", hidden: true });
	const textarea = h("textarea.hn-prompt", {
		id,
		rows: 4,
		spellcheck: false,
		autocomplete: "off",
		placeholder: t("studio.prompt.placeholder"),
		"aria-describedby": `${id}-count`
	});
	const layer = h("div.hn-prompt.hn-layer", { "aria-hidden": "true" });
	const bubble = h("div.hn-bubble", { hidden: true });
	const field = h("div.hn-editor", {}, layer, textarea, bubble);
	const sweepCount = h("summary");
	const sweepList = h("ol");
	const sweep = h("details.hn-sweep", { hidden: true }, sweepCount, sweepList);
	const el = h(
		"div.hn-block",
		{},
		h("div.hn-block-head", {}, h("label.hn-label", { for: id }, t("studio.prompt")), ...tools, counter2),
		field,
		over,
		sweep
	);
	let composing = false;
	let painted = "";
	let afterwards = [];
	function read() {
		draft.set({ prompt: textarea.value });
	}
	textarea.addEventListener("input", () => {
		if (!composing) read();
		else show();
	});
	textarea.addEventListener("keydown", (event) => {
		if (event.isComposing) return;
		const command = hostTakes(event);
		if (!command) return;
		event.preventDefault();
		event.stopPropagation();
		if (command === "newline") edit((_, start, end) => ({ start, end, text: "\n", caret: start + 1 }));
		else document.execCommand(command);
	});
	textarea.addEventListener("compositionstart", () => {
		composing = true;
		bubble.hidden = true;
	});
	textarea.addEventListener("compositionend", () => {
		composing = false;
		read();
		setTimeout(() => {
			if (!signal.aborted) for (const act of afterwards.splice(0)) act();
		});
	});
	function show() {
		const text = textarea.value;
		const { prompts, choices } = expand(text);
		const longest = Math.max(0, ...(prompts.length > 1 ? prompts : [text]).map(codePoints));
		const { limit, title } = tightest(draft.get("catalogue") ?? [], draft.get("targets") ?? []);
		const excess = longest - limit;
		setText(counter2, t("studio.prompt.count", { length: longest, limit }));
		setAttribute(counter2, "title", title && t("studio.prompt.limit", { title, limit }));
		setAttribute(counter2, "data-over", excess > 0);
		setAttribute(textarea, "aria-invalid", excess > 0 ? "true" : null);
		setAttribute(textarea, "aria-describedby", excess > 0 ? `${id}-count ${id}-over` : `${id}-count`);
		showText(over, excess > 0 ? t("studio.prompt.over", { count: excess, title, limit }) : "");
		if (painted !== text) {
			painted = text;
			replace(layer, ...pieces(text, grammar2, choices).map(paint), "​");
			sweep.hidden = prompts.length < 2;
			setText(sweepCount, t("studio.sweep", { count: prompts.length }));
			replace(sweepList, ...prompts.slice(0, LISTED).map((one) => h("li", {}, one)));
		}
		fit();
	}
	function paint({ text, start, kinds }) {
		if (kinds.length === 0) return text;
		return h("span", { class: kinds.map((kind) => `hn-is-${kind}`).join(" "), data: { start } }, text);
	}
	function fit() {
		layer.style.inlineSize = `${textarea.clientWidth + 2}px`;
		layer.style.blockSize = `${textarea.offsetHeight}px`;
		layer.scrollTop = textarea.scrollTop;
	}
	textarea.addEventListener("scroll", () => {
		layer.scrollTop = textarea.scrollTop;
		bubble.hidden = true;
	});
	const resized = new ResizeObserver(fit);
	resized.observe(textarea);
	signal.addEventListener("abort", () => resized.disconnect());
	function offer(index) {
		const slip = remarks(textarea.value, grammar2).find(
			({ start: start2, end: end2, replacement, rule }) => rule === "unknown_command" && replacement && start2 <= index && index <= end2
		);
		const mark = slip && layer.querySelector(`.hn-is-unknown[data-start="${slip.start}"]`);
		bubble.hidden = !mark || composing;
		if (!slip || !(mark instanceof HTMLElement)) return;
		const { start, end } = slip;
		const text = slip.replacement ?? "";
		const mend = () => {
			bubble.hidden = true;
			edit(() => ({ start, end, text, caret: start + text.length }));
		};
		const button = h(
			"button.hn-button.hn-small",
			{
				tabindex: -1,
				// by keyboard the same cure stands in the remarks below
				on: { mousedown: (event) => event.preventDefault(), click: mend }
			},
			t("studio.lint.use", { replacement: text })
		);
		replace(bubble, button);
		bubble.style.insetInlineStart = `${Math.min(mark.offsetLeft, field.clientWidth - bubble.offsetWidth - 4)}px`;
		bubble.style.insetBlockStart = `${mark.offsetTop + mark.offsetHeight - layer.scrollTop + 1}px`;
	}
	for (const type of ["click", "keyup", "focus"])
		textarea.addEventListener(type, () => offer(textarea.selectionStart));
	field.addEventListener("pointermove", ({ clientX, clientY }) => {
		for (const mark of layer.querySelectorAll(".hn-is-unknown")) {
			const hit = [...mark.getClientRects()].some(
				({ left, right, top, bottom }) => left <= clientX && clientX <= right && top <= clientY && clientY <= bottom
			);
			if (hit) offer(Number(mark.getAttribute("data-start")));
		}
	});
	field.addEventListener("pointerleave", () => {
		if (textarea !== 
		textarea.getRootNode().activeElement)
			bubble.hidden = true;
		else offer(textarea.selectionStart);
	});
	function edit(plan) {
		if (composing) {
			afterwards.push(() => edit(plan));
			return;
		}
		const change = plan(textarea.value, textarea.selectionStart, textarea.selectionEnd);
		if (!change) return;
		const { start, end, text, caret } = change;
		textarea.focus({ preventScroll: true });
		textarea.setSelectionRange(start, end);
		const typed = start === end && text === "" ? true : document.execCommand(text ? "insertText" : "delete", false, text);
		if (!typed) {
			textarea.setRangeText(text, start, end, "end");
			read();
		}
		textarea.setSelectionRange(caret, caret);
	}
	const put = (text) => edit((old) => ({ start: 0, end: old.length, text, caret: text.length }));
	function update() {
		const wanted = draft.get("prompt") ?? "";
		if (!composing && textarea.value !== wanted) {
			const { selectionStart } = textarea;
			const atEnd = selectionStart >= textarea.value.length;
			textarea.value = wanted;
			const caret = atEnd ? wanted.length : Math.min(selectionStart, wanted.length);
			textarea.setSelectionRange(caret, caret);
		}
		show();
	}
	return { el, textarea, edit, put, update, isComposing: () => composing };
}
function tightest(catalogue, targets) {
	let [limit, title] = [2e3, ""];
	for (const entry of catalogue) {
		for (const { name, prompt_limit } of entry.models) {
			if (!targets.includes(`${entry.name}/${name}`) || !prompt_limit) continue;
			if (!title || prompt_limit < limit) [limit, title] = [prompt_limit, entry.title];
		}
	}
	return { limit, title };
}
function hostTakes({ key, ctrlKey, metaKey, shiftKey, altKey }) {
	const command = ctrlKey || metaKey;
	if (key === "Enter") return shiftKey && !command ? "newline" : null;
	if (!command || altKey) return null;
	if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
	return key.toLowerCase() === "y" && !metaKey ? "redo" : null;
}

// js/words.js
function worded(t, key, values, sentence) {
	const text = t(key, values);
	return text === key ? sentence : text;
}
function sumText(t, { money, unknown }) {
	const rest = unknown ? t("studio.cost.unknown_of", { count: unknown }) : "";
	return [money, rest].filter(Boolean).join(" + ") || t("studio.cost.free");
}

// js/frames.js
var TYPES = "image/jpeg,image/png,image/webp";
function frameSlots(studio) {
	const { t } = studio;
	const slots = { first: frameSlot(studio, "first"), last: frameSlot(studio, "last") };
	const swap = h(
		"button.hn-button.hn-small.hn-quiet.hn-swap",
		{ on: { click: () => void slots.first.run(studio.wire.ask({ kind: "frame_swap" })) } },
		`⇄ ${t("studio.frame.swap")}`
	);
	const el = h(
		"fieldset.hn-block",
		{},
		h("legend.hn-label", {}, t("studio.frames")),
		h("div.hn-frames", {}, slots.first.el, slots.last.el),
		h("div.hn-frames-foot", {}, h("p.hn-hint", {}, t("studio.frames.hint")), swap)
	);
	function paste(event) {
		const file = [...event.clipboardData?.files ?? []].find(({ type }) => TYPES.includes(type));
		if (!file) return;
		event.preventDefault();
		const inside = event.target instanceof Element ? event.target.closest("[data-slot]")?.getAttribute("data-slot") : null;
		const slot = inside === "last" || !inside && slots.first.filled() && !slots.last.filled() ? slots.last : slots.first;
		void slot.send(file);
	}
	const update = () => {
		slots.first.update();
		slots.last.update();
		swap.hidden = !slots.first.filled() && !slots.last.filled();
	};
	return { el, update, paste };
}
function frameSlot({ draft, t, wire }, slot) {
	const title = t(`studio.frame.${slot}`);
	const picture = h("div.hn-frame-picture", {});
	const facts = h("span.hn-frame-facts", {});
	const error = h("p.hn-field-error", { role: "alert" });
	const picker = h("input", {
		type: "file",
		accept: TYPES,
		class: "hn-sr",
		"aria-label": t("studio.frame.pick", { title })
	});
	const pick = h("label.hn-button.hn-small", {}, picker, t("studio.frame.choose"));
	const remove2 = h(
		"button.hn-button.hn-small",
		{ "aria-label": t("studio.frame.remove", { title }) },
		t("studio.remove")
	);
	const url = h("input", {
		type: "text",
		inputmode: "url",
		class: "hn-input",
		placeholder: t("studio.frame.url"),
		"aria-label": t("studio.frame.url_of", { title })
	});
	const use = h("button", { type: "submit", class: "hn-button hn-small" }, t("studio.frame.use"));
	const link = h("form.hn-frame-link", {}, url, use);
	const crop = h("button.hn-button.hn-small.hn-crop", {});
	const el = h(
		"div.hn-frame",
		{ "data-slot": slot, role: "group", "aria-label": title },
		picture,
		h(
			"div.hn-frame-side",
			{},
			h("span.hn-frame-title", {}, title),
			facts,
			h("div.hn-frame-actions", {}, pick, remove2),
			link,
			error,
			crop
		)
	);
	let busy = false;
	let shown;
	let failure = "";
	const info = () => (
		
		draft.get(`${slot}_frame`) ?? {}
	);
	const filled = () => Boolean(info().width || info().url);
	async function run(request) {
		busy = true;
		failure = "";
		update();
		try {
			await request;
		} catch (reason) {
			failure = reason instanceof Error ? reason.message : String(reason);
		}
		busy = false;
		update();
	}
	const send = (file) => run(wire.upload({ kind: "frame", slot, name: file.name }, file));
	picker.addEventListener("change", () => {
		const file = picker.files?.[0];
		if (file) void send(file);
		picker.value = "";
	});
	remove2.addEventListener(
		"click",
		() => void run(wire.ask({ kind: "frame_clear", slot })).then(() => picker.focus())
	);
	crop.addEventListener("click", () => void run(wire.ask({ kind: "frame_crop", slot })).then(() => picker.focus()));
	link.addEventListener("submit", (event) => {
		event.preventDefault();
		if (url.value.trim())
			void run(wire.ask({ kind: "frame_url", slot, url: url.value.trim() })).then(() => {
				if (!failure) url.value = "";
			});
	});
	for (const type of ["dragenter", "dragover"]) {
		el.addEventListener(type, (event) => {
			event.preventDefault();
			event.stopPropagation();
			setAttribute(el, "data-drop", true);
		});
	}
	el.addEventListener("dragleave", () => setAttribute(el, "data-drop", false));
	el.addEventListener("drop", (event) => {
		event.preventDefault();
		event.stopPropagation();
		setAttribute(el, "data-drop", false);
		const file = event.dataTransfer?.files[0];
		const text = event.dataTransfer?.getData("text/uri-list") || "";
		if (file) void send(file);
		else if (text) void run(wire.ask({ kind: "frame_url", slot, url: text.split("\n")[0] ?? "" }));
	});
	function update() {
		const given = info();
		const { name, width, height, bytes: size, url: address, error: refused, crop: offered } = given;
		const there = filled();
		const thumbnail = given.thumbnail || offered?.thumbnail;
		const kind = thumbnail ? offered ? "refused" : "image" : there ? "link" : busy ? "busy" : "empty";
		if (picture.dataset.kind !== kind || shown !== thumbnail) {
			shown = thumbnail;
			picture.dataset.kind = kind;
			const alt = offered ? t("studio.frame.preview") : t("studio.frame.alt", { title, name: name ?? "" });
			replace(
				picture,
				thumbnail ? h("img", { src: thumbnail, alt }) : h("span", { "aria-hidden": "true" }, kind === "link" ? "URL" : "+")
			);
		}
		const measures = [name, width && height ? `${width} × ${height}` : "", bytes(size)].filter(Boolean).join(" · ");
		setText(facts, busy ? t("studio.frame.busy") : there ? measures || address || "" : t("studio.frame.drop"));
		setAttribute(facts, "title", there ? address || name || null : null);
		remove2.hidden = !there;
		link.hidden = there;
		const text = refused ? worded(t, `studio.frame_error.${given.code}`, given.values, refused) : busy ? "" : failure;
		crop.hidden = !offered;
		if (offered) setText(crop, t("studio.frame.crop", { width: offered.width, height: offered.height }));
		setText(error, text);
		error.hidden = text === "";
	}
	return { el, update, send, filled, run };
}

// js/matrix.js
function lookUp(catalogue, target) {
	const slash = target.indexOf("/");
	const entry = catalogue.find(({ name }) => name === target.slice(0, slash));
	const model = entry?.models.find(({ name }) => name === target.slice(slash + 1));
	return entry && model ? { entry, model } : null;
}
function axes(catalogue) {
	const cells = catalogue.flatMap(({ models }) => models.flatMap(({ cells: cells2 }) => cells2));
	const resolutions = [...new Set(cells.map(({ resolution }) => resolution))].sort(
		(a, b) => parseInt(a, 10) - parseInt(b, 10)
	);
	const durations = [...new Set(cells.map(({ duration }) => duration))].sort((a, b) => a - b);
	return { resolutions, durations };
}
function reasonAgainst(model, resolution, duration, frames) {
	if (!model) return "unknown";
	if (!model.cells.some((cell) => cell.resolution === resolution && cell.duration === duration)) return "cell";
	if (model.first_frame === "required" && !frames.first) return "needs_first";
	if (model.first_frame === "no" && frames.first) return "no_first";
	if (model.last_frame === "required" && !frames.last) return "needs_last";
	if (model.last_frame === "no" && frames.last) return "no_last";
	return "";
}
function support(catalogue, targets, resolution, duration, frames) {
	const can = [];
	const cannot = [];
	const assumed = [];
	for (const target of targets) {
		const model = lookUp(catalogue, target)?.model;
		const reason = reasonAgainst(model, resolution, duration, frames);
		if (reason) {
			cannot.push({ target, reason });
			continue;
		}
		can.push(target);
		const cell = model?.cells.find((one) => one.resolution === resolution && one.duration === duration);
		if (cell?.assumed || cell?.sent_as) assumed.push({ target, sent_as: cell.sent_as, assumed: cell.assumed });
	}
	return { can, cannot, assumed };
}
function fixes(catalogue, target, reason, resolution, duration, frames) {
	const found = lookUp(catalogue, target);
	const cells = found?.model.cells ?? [];
	const list = [];
	if (reason === "cell") {
		const near = cells.filter((cell) => cell.resolution === resolution).map((cell) => cell.duration);
		const alike = cells.filter((cell) => cell.duration === duration).map((cell) => cell.resolution);
		near.sort((a, b) => Math.abs(a - duration) - Math.abs(b - duration));
		if (near[0] !== void 0) list.push({ kind: "duration", duration: near[0] });
		if (alike[0] !== void 0) list.push({ kind: "resolution", resolution: alike[0] });
	} else if (reason === "needs_first" || reason === "needs_last") {
		list.push({ kind: "add", slot: reason === "needs_first" ? "first" : "last" });
	} else if (reason === "no_first" || reason === "no_last") {
		const other = found?.entry.models.find((one) => !reasonAgainst(one, resolution, duration, frames));
		if (other) list.push({ kind: "model", target: `${found?.entry.name}/${other.name}` });
		list.push({ kind: "clear", slot: reason === "no_first" ? "first" : "last" });
	}
	return [...list, { kind: "drop" }];
}
function ignoring(catalogue, targets, option) {
	return targets.filter((target) => !lookUp(catalogue, target)?.model.switches.includes(option));
}
function targetTitle(catalogue, target, shorten) {
	const found = lookUp(catalogue, target);
	return found ? `${found.entry.title} ${shorten(found.model.name)}` : target;
}

// js/grid.js
function formatGrid({ draft, t, wire, announcer }) {
	const catalogue = draft.get("catalogue") ?? [];
	const { resolutions, durations } = axes(catalogue);
	const name = uniqueId("format");
	const why = h("ul.hn-why", { id: `${name}-why` });
	let looked = null;
	const cells = resolutions.flatMap(
		(resolution) => durations.map((duration) => {
			const words = h("span.hn-cell-count", {});
			const input = h("input", {
				type: "radio",
				class: "hn-sr",
				name,
				"data-format": `${resolution} ${duration}`,
				"aria-describedby": `${name}-why`
			});
			input.addEventListener("change", () => draft.set({ resolution, duration }));
			const label = h("label.hn-cell", {}, input, words);
			const look = () => {
				looked = { resolution, duration };
				explain();
			};
			const away = () => {
				looked = null;
				explain();
			};
			label.addEventListener("mouseenter", look);
			label.addEventListener("mouseleave", away);
			return { resolution, duration, words, input, label };
		})
	);
	const table = h(
		"table.hn-format",
		{},
		h(
			"thead",
			{},
			h(
				"tr",
				{},
				h("td"),
				...durations.map((duration) => h("th", { scope: "col" }, t("common.seconds", { seconds: duration })))
			)
		),
		h(
			"tbody",
			{},
			...resolutions.map(
				(resolution) => h(
					"tr",
					{},
					h("th", { scope: "row" }, resolution),
					...cells.filter((cell) => cell.resolution === resolution).map((cell) => h("td", {}, cell.label))
				)
			)
		)
	);
	const el = h("fieldset.hn-block", {}, h("legend.hn-label", {}, t("studio.format")), table, why);
	const there = (name2) => Boolean(draft.get(name2)?.width || draft.get(name2)?.url);
	const frames = () => ({ first: there("first_frame"), last: there("last_frame") });
	const ask = (resolution, duration) => support(catalogue, draft.get("targets"), resolution, duration, frames());
	function explain() {
		const { resolution, duration } = looked ?? {
			resolution: draft.get("resolution"),
			duration: draft.get("duration")
		};
		const { cannot, assumed } = ask(resolution, duration);
		const title = (target) => targetTitle(catalogue, target, shortModel);
		const values = { resolution, duration };
		const notes = assumed.filter((one) => looked || one.assumed);
		const nobody = cannot.length > 1 && cannot.length === draft.get("targets").length && cannot.every(({ reason }) => reason === "cell");
		replace(
			why,
			nobody && h(
				"li",
				{ "data-kind": "no" },
				h("span", {}, t("studio.reason.nobody", values)),
				...(looked ? [] : common2(resolution, duration)).map((fix) => fixButton(fix, ""))
			),
			...(nobody ? [] : cannot).map(
				({ target, reason }) => h(
					"li",
					{ "data-kind": "no" },
					h("span", {}, `${title(target)}: ${t(`studio.reason.${reason}`, values)}`),
					...(looked ? [] : fixes(catalogue, target, reason, resolution, duration, frames())).map(
						(fix) => fixButton(fix, target)
					)
				)
			),
			...notes.map(
				({ target, sent_as, assumed: guessed }) => h(
					"li",
					{ "data-kind": "assumed" },
					`${title(target)}: ${guessed ? t("studio.assumed") : t("studio.sent_as", { sent_as, resolution })}`
				)
			)
		);
		why.hidden = why.childElementCount === 0;
	}
	function common2(resolution, duration) {
		const lists = draft.get("targets").map(
			(target) => fixes(catalogue, target, "cell", resolution, duration, frames()).map((fix) => JSON.stringify(fix))
		);
		const [first = [], ...others] = (
			
			lists
		);
		const shared = first.filter((fix) => others.every((list) => list.includes(fix)));
		return shared.map((text) => JSON.parse(text)).filter(({ kind }) => kind !== "drop");
	}
	function fixButton(fix, target) {
		const name2 = target ? targetTitle(catalogue, target, shortModel) : t("studio.targets");
		const model = fix.kind === "model" ? shortModel(fix.target.split("/")[1] ?? "") : "";
		const slot = fix.kind === "add" || fix.kind === "clear" ? t(`studio.frame.${fix.slot}`) : "";
		const values = { model, slot, ..."duration" in fix ? { value: fix.duration } : {} };
		const text = t(`studio.mend.${fix.kind}`, {
			...values,
			..."resolution" in fix ? { value: fix.resolution } : {}
		});
		return h(
			"button.hn-button.hn-small.hn-quiet",
			{
				data: { fix: fix.kind },
				"aria-label": `${name2}: ${text}`,
				on: { click: () => mend(fix, target, `${name2}: ${text}`) }
			},
			text
		);
	}
	function mend(fix, target, done) {
		const chosen = (
			
			draft.get("targets")
		);
		announcer.say(done);
		if (fix.kind === "duration") draft.set({ duration: fix.duration });
		else if (fix.kind === "resolution") draft.set({ resolution: fix.resolution });
		else if (fix.kind === "drop") draft.set({ targets: chosen.filter((one) => one !== target) });
		else if (fix.kind === "model")
			draft.set({ targets: [...new Set(chosen.map((one) => one === target ? fix.target : one))] });
		else if (fix.kind === "clear") void wire.ask({ kind: "frame_clear", slot: fix.slot }).catch(() => void 0);
		else
			el.closest(".hn-studio")?.querySelector(`[data-slot="${fix.slot}"] input`)?.focus();
	}
	function update() {
		const count2 = draft.get("targets").length;
		for (const { resolution, duration, words, input, label } of cells) {
			const { can, assumed } = ask(resolution, duration);
			input.checked = resolution === draft.get("resolution") && duration === draft.get("duration");
			const sure = assumed.some((one) => one.assumed) ? "*" : "";
			setText(words, t("studio.format.count", { can: can.length, count: count2 }) + sure);
			setAttribute(
				label,
				"data-tone",
				count2 === 0 ? "idle" : can.length === count2 ? "all" : can.length ? "some" : "none"
			);
			setAttribute(input, "aria-label", t("studio.format.cell", { resolution, duration, can: can.length, count: count2 }));
		}
		explain();
	}
	return { el, update };
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

// js/library.js
function library({ draft, t, wire, announcer, language }, put) {
	const id = uniqueId("library");
	const search = h("input", { type: "search", class: "hn-input" });
	const list = h("ul.hn-library-list", {});
	const message = h("p.hn-hint", { role: "status" });
	const name = h("input", {
		type: "text",
		class: "hn-input",
		maxlength: 80,
		placeholder: t("studio.template.name"),
		"aria-label": t("studio.template.name")
	});
	const keep = h(
		"form.hn-library-keep",
		{},
		name,
		h("button", { type: "submit", class: "hn-button hn-small" }, t("studio.template.save"))
	);
	const el = h("div.hn-library", { id, role: "region", hidden: true }, search, keep, message, list);
	let open = null;
	let items = [];
	const buttons = (
		
		["templates", "history"].map((shelf) => {
			const button = h(
				"button.hn-button.hn-small.hn-quiet",
				{
					"aria-expanded": "false",
					"aria-controls": id,
					data: { shelf },
					on: { click: () => void show(open === shelf ? null : shelf) }
				},
				t(`studio.library.${shelf}`)
			);
			return { shelf, button };
		})
	);
	async function show(shelf) {
		open = shelf;
		el.hidden = shelf === null;
		for (const one of buttons) setAttribute(one.button, "aria-expanded", String(one.shelf === shelf));
		if (!shelf) return;
		const title = t(`studio.library.${shelf}`);
		setAttribute(el, "aria-label", title);
		setAttribute(search, "aria-label", t("studio.library.search", { title }));
		setAttribute(search, "placeholder", t("studio.library.search", { title }));
		search.value = "";
		keep.hidden = shelf !== "templates";
		search.focus();
		await fill(() => wire.ask({ kind: shelf }));
	}
	async function fill(ask) {
		try {
			const answer = await ask();
			if (answer.kind !== open) return;
			items = answer.entries ? answer.entries.map(past) : [...answer.own.map(own), ...answer.built_in.map(made)];
			filter();
		} catch (error) {
			showText(message, error instanceof Error ? error.message : String(error));
		}
	}
	function filter() {
		const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		const found = items.filter(({ words }) => wanted.every((word) => words.toLowerCase().includes(word)));
		replace(list, ...found.map((item2) => item2.el));
		const none = t(items.length ? "studio.library.nothing" : `studio.library.empty.${open ?? "history"}`);
		showText(message, found.length ? "" : none);
	}
	function item(title, prompt, facts, acts) {
		const take = h(
			"button.hn-button.hn-small",
			{
				on: {
					click: () => {
						put(prompt);
						announcer.say(t("studio.library.taken"));
					}
				}
			},
			t("studio.library.take")
		);
		const part = h(
			"li.hn-library-item",
			{},
			title && h("p.hn-library-name", {}, title),
			h("p.hn-library-prompt", { title: prompt }, prompt),
			facts && h("p.hn-hint", {}, facts),
			h("div.hn-library-acts", {}, take, ...acts)
		);
		return { words: `${title} ${prompt} ${facts}`, el: part };
	}
	function past({ key, prompt, targets, resolution, duration, first_frame, last_frame, clips, at }) {
		const catalogue = draft.get("catalogue") ?? [];
		const when = new Date(at * 1e3).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
		const names = targets.map((target) => targetTitle(catalogue, target, shortModel)).join(", ");
		const frames = first_frame || last_frame ? t("studio.library.frames") : "";
		const format = `${resolution} · ${t("common.seconds", { seconds: duration })}`;
		const count2 = t("studio.library.clips", { count: clips });
		const all = h(
			"button.hn-button.hn-small.hn-quiet",
			{
				on: {
					click: () => void fill(async () => {
						draft.flush();
						await wire.ask({ kind: "recall", key });
						announcer.say(t("studio.library.taken"));
						return {};
					})
				}
			},
			t("studio.library.take_all")
		);
		const facts = [when, format, frames, count2, names].filter(Boolean).join(" · ");
		return item("", prompt, facts, [all]);
	}
	function made(one) {
		return item(one.name[language] ?? "", one.prompt[language] ?? "", "", []);
	}
	function own(one) {
		const drop = h(
			"button.hn-button.hn-small.hn-quiet",
			{
				"aria-label": t("studio.template.delete", { name: one.name }),
				on: {
					click: () => void fill(() => wire.ask({ kind: "template_delete", name: one.name })).then(() => search.focus())
				}
			},
			t("studio.remove")
		);
		return item(one.name, one.prompt, t("studio.template.own"), [drop]);
	}
	search.addEventListener("input", filter);
	keep.addEventListener("submit", (event) => {
		event.preventDefault();
		const prompt = draft.get("prompt") ?? "";
		void fill(async () => {
			const answer = await wire.ask({ kind: "template_save", name: name.value, prompt });
			name.value = search.value = "";
			return answer;
		});
	});
	el.addEventListener("keydown", (event) => {
		if (event.key !== "Escape") return;
		event.stopPropagation();
		const button = buttons.find(({ shelf }) => shelf === open)?.button;
		void show(null);
		button?.focus();
	});
	return { el, tools: buttons.map(({ button }) => button) };
}

// js/moves_preview.js
var PAUSE3 = 500;
function movesPreview({ draft, grammar: grammar2, signal, t, ui, wire }) {
	const video = h("video.hn-moves-video", { controls: true, loop: true, playsinline: true });
	video.setAttribute("aria-label", t("studio.moves.video"));
	video.muted = true;
	video.autoplay = !prefersReducedMotion();
	const clip = h("figure.hn-moves-clip", {}, video, h("figcaption.hn-hint", {}, t("studio.moves.note")));
	const told = h("p.hn-hint", { role: "status" });
	const onOff = h("input", { type: "checkbox", checked: ui.moves });
	const el = h("div.hn-moves", {}, h("label.hn-hint", {}, onOff, t("studio.moves.switch")), told, clip);
	let wanted = "";
	let timer = 0;
	function show(url) {
		if (video.src) URL.revokeObjectURL(video.src);
		if (url) video.src = url;
		else video.removeAttribute("src");
		clip.hidden = !url;
	}
	async function ask(key, wish) {
		const { id, answer } = wire.expect();
		wire.post({ ...wish, id, kind: "preview" });
		let blob;
		let fault = "";
		try {
			blob = await answer;
		} catch (reason) {
			fault = t("studio.moves.failed", { reason: reason instanceof Error ? reason.message : String(reason) });
		}
		if (key !== wanted || signal.aborted) return;
		showText(told, fault);
		if (fault || blob instanceof Blob) show(fault ? "" : URL.createObjectURL(blob));
		setAttribute(el, "aria-busy", false);
	}
	function update() {
		const text = draft.get("prompt") ?? "";
		const prompt = expand(text).prompts[0] ?? text;
		el.hidden = !wire.open || !grammar2.parse(prompt).length;
		const seconds = Number(draft.get("duration") ?? 6);
		const on = ui.moves && !el.hidden;
		const key = on ? JSON.stringify([prompt, seconds, draft.get("first_frame")]) : "";
		if (key === wanted) return;
		wanted = key;
		clearTimeout(timer);
		setAttribute(el, "aria-busy", on);
		if (on) timer = window.setTimeout(() => void ask(key, { prompt, seconds }), PAUSE3);
		else show("");
		showText(told, on && clip.hidden ? t("studio.moves.drawing") : "");
	}
	onOff.addEventListener("change", () => {
		ui.moves = onOff.checked;
		update();
	});
	signal.addEventListener("abort", () => {
		clearTimeout(timer);
		show("");
	});
	show("");
	return { el, update };
}

// js/options.js
var OPTIONS = ["prompt_optimizer", "fast_pretreatment", "watermark"];
var MOST_TAKES = 20;
function optionFields({ draft, t, grammar: grammar2 }) {
	const fields = OPTIONS.map((option) => {
		const id2 = uniqueId(option);
		const hint = h("p.hn-hint", { id: `${id2}-hint` });
		const select = h(
			"select.hn-select",
			{ id: id2, "aria-describedby": `${id2}-hint` },
			...["default", "on", "off"].map((value) => h("option", { value }, t(`studio.option.${value}`)))
		);
		select.addEventListener("change", () => {
			const value = select.value === "default" ? null : select.value === "on";
			draft.set({ options: { ...draft.get("options"), [option]: value } });
		});
		return {
			option,
			select,
			hint,
			el: h("div.hn-option", {}, h("label", { for: id2 }, t(`studio.option.${option}`)), select, hint)
		};
	});
	const id = uniqueId("takes");
	const takes2 = h("input", {
		type: "number",
		class: "hn-input hn-takes",
		id,
		min: 1,
		max: MOST_TAKES,
		step: 1,
		"aria-describedby": `${id}-hint`
	});
	takes2.addEventListener("input", () => {
		const count2 = Math.round(Number(takes2.value));
		if (count2 >= 1 && count2 <= MOST_TAKES) draft.set({ takes: count2 });
	});
	takes2.addEventListener("blur", () => {
		takes2.value = String(draft.get("takes"));
	});
	const takesField = h(
		"div.hn-option",
		{},
		h("label", { for: id }, t("studio.takes")),
		takes2,
		h("p.hn-hint", { id: `${id}-hint` }, t("studio.takes.hint"))
	);
	const el = h(
		"fieldset.hn-block",
		{},
		h("legend.hn-label", {}, t("studio.options")),
		h("div.hn-options", {}, takesField, ...fields.map((field) => field.el))
	);
	function update() {
		const catalogue = draft.get("catalogue") ?? [];
		const targets = (
			
			draft.get("targets")
		);
		for (const { option, select, hint } of fields) {
			const value = draft.get("options")?.[option] ?? null;
			select.value = value === null ? "default" : value ? "on" : "off";
			const lost = value === null ? [] : ignoring(catalogue, targets, option);
			const names = lost.map((target) => targetTitle(catalogue, target, shortModel)).join(", ");
			const rewrites = option === "prompt_optimizer" && value !== false && grammar2.parse(draft.get("prompt") ?? "").length > 0;
			showText(hint, names ? t("studio.option.lost", { names }) : rewrites ? t("studio.option.rewrites") : "");
		}
		const active = (
			
			takes2.getRootNode().activeElement
		);
		if (active !== takes2) takes2.value = String(draft.get("takes"));
	}
	return { el, update };
}

// js/path.js
var degrees = Math.PI / 180;
var RAMP = 0.22;
var WALK = 0.8;
var STROLL = 0.22;
var ZOOM = Math.log(1.105);
var RATES = {
	truck_left: ["x", -0.55],
	truck_right: ["x", 0.55],
	pedestal_up: ["y", -0.16],
	pedestal_down: ["y", 0.16],
	push_in: ["z", 0.5],
	pull_out: ["z", -0.5],
	pan_left: ["yaw", -6 * degrees],
	pan_right: ["yaw", 6 * degrees],
	tilt_up: ["pitch", 3.6 * degrees],
	tilt_down: ["pitch", -3.6 * degrees],
	zoom_in: ["zoom", ZOOM],
	zoom_out: ["zoom", -ZOOM]
};
var SHAKE = [
	["yaw", 1.7, 3.1, 0.5 * degrees],
	["pitch", 2.3, 4.3, 0.5 * degrees],
	["roll", 1.3, 5.3, 0.25 * degrees]
];
function ease(u) {
	if (u <= 0 || u >= 1) return u >= 1 ? 1 : 0;
	if (u > 0.5) return 1 - ease(1 - u);
	const cruise = 1 / (1 - RAMP);
	if (u >= RAMP) return cruise * (u - RAMP / 2);
	return cruise * (u / 2 - RAMP / (2 * Math.PI) * Math.sin(Math.PI * u / RAMP));
}
function poseAt(steps, t, seconds) {
	const pose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0, roll: 0, zoom: 0, figure: 0 };
	const share = steps.length ? seconds / steps.length : seconds;
	if (!steps.some((keys2) => keys2.includes("tracking"))) pose.figure = STROLL * Math.min(Math.max(t, 0), seconds);
	steps.forEach((keys2, index) => {
		const inside = t - index * share;
		for (const key of keys2) add(pose, key, inside, share * ease(inside / share), share);
	});
	return { ...pose, zoom: Math.exp(pose.zoom) };
}
function add(pose, key, inside, gone, share) {
	const rate = RATES[key];
	if (rate) pose[rate[0]] += rate[1] * gone;
	else if (key === "tracking") {
		pose.x += WALK * gone;
		pose.figure += WALK * gone;
	} else if (key === "shake" && inside > 0 && inside < share) {
		const fade = Math.min(1, inside / (0.15 * share), (share - inside) / (0.15 * share));
		const wave = (hertz, phase = 0) => Math.sin(2 * Math.PI * hertz * inside + phase);
		for (const [field, slow, fast, size] of SHAKE) pose[field] += fade * size * (wave(slow) + 0.6 * wave(fast, 1));
		pose.x += fade * 0.012 * wave(1.9);
		pose.y += fade * 0.012 * wave(2.9);
	}
}
var activeStep = (count2, t, seconds) => Math.max(0, Math.min(count2 - 1, Math.floor(t / seconds * count2)));
var FOCAL = 235;
var NEAR2 = 0.25;
var GROUND = 1.25;
var FAR = 900;
function eye({ x, y, z, yaw, pitch }) {
	const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
	return ([px, py, pz]) => {
		const [dx, dy, dz] = [px - x, py - y, pz - z];
		const forward = dx * sy + dz * cy;
		return [dx * cy - dz * sy, dy * cp + forward * sp, forward * cp - dy * sp];
	};
}
function projector(pose) {
	const turn = eye(pose);
	const [cr, sr] = [Math.cos(pose.roll), Math.sin(pose.roll)];
	return (point) => {
		const [x, y, z] = turn(point);
		if (z < NEAR2) return null;
		const [u, v] = [FOCAL * pose.zoom * x / z, FOCAL * pose.zoom * y / z];
		return [160 + u * cr + v * sr, 90 - u * sr + v * cr];
	};
}
var BOXES = (
	
	[
		[-9, 24, 4, 5.5, 3],
		[5, 21, 3, 4, 3],
		[-3.4, 16, 2, 3, 2],
		[2.6, 12.5, 1.6, 2.2, 1.6],
		[-4.4, 9.5, 1.4, 1.7, 1.4],
		[1.9, 6.6, 0.9, 0.9, 0.9],
		[-2.3, 4.7, 0.7, 1.1, 0.7]
	]
);
var FIGURE = (
	
	[-0.3, 7.6, 0.6, 1.7, 0.4]
);
function outline(points) {
	if (points.some((point) => point === null)) return "";
	return `M${points.map((point) => point?.map((value) => value.toFixed(1)).join(" ")).join("L")}Z`;
}
function faces(see, pose, box, shift = 0) {
	const [left = 0, near = 0, width = 0, height = 0, depth = 0] = box;
	const [x0, x1, top, far] = [left + shift, left + shift + width, GROUND - height, near + depth];
	const side = pose.x > x1 ? x1 : x0;
	const draw = (corners) => outline(corners.map(see));
	return [
		pose.x > x1 || pose.x < x0 ? draw([[side, top, near], [side, top, far], [side, GROUND, far], [side, GROUND, near]]) : "",
		pose.y < top ? draw([[x0, top, near], [x1, top, near], [x1, top, far], [x0, top, far]]) : "",
		// prettier-ignore
		draw([[x0, top, near], [x1, top, near], [x1, GROUND, near], [x0, GROUND, near]])
		// prettier-ignore
	];
}
function lines(see, pose) {
	const near = pose.z + 1;
	const line = (a, b) => outline([see(a), see(b)]).replace("Z", "");
	const out = [];
	for (let x = -16; x <= 16; x += 2) out.push(line([x, GROUND, near], [x, GROUND, 40]));
	for (let z = Math.ceil(near / 2) * 2; z <= 40; z += 2) out.push(line([-16, GROUND, z], [16, GROUND, z]));
	return out.join("");
}
function horizon(see, pose, tall) {
	const ring = [];
	for (let step = -12; step <= 12; step += 1) {
		const angle = Math.round(pose.yaw / 0.1) * 0.1 + step * 0.1;
		const up = tall ? FAR * (0.07 + 0.04 * Math.sin(5 * angle) + 0.025 * Math.sin(13 * angle + 1)) : 0;
		ring.push(see([pose.x + FAR * Math.sin(angle), GROUND - up, pose.z + FAR * Math.cos(angle)]));
	}
	return outline([...ring, [900, 700], [-600, 700]]);
}
function drawing(pose) {
	const see = projector(pose);
	return {
		hills: horizon(see, pose, true),
		ground: horizon(see, pose, false),
		lines: lines(see, pose),
		boxes: BOXES.map((box) => faces(see, pose, box)),
		figure: faces(see, pose, FIGURE, pose.figure)
	};
}

// js/stage.js
function pathPlayer({ draft, t, grammar: grammar2, language, signal }) {
	const id = uniqueId("path");
	const toggle = h(
		"button.hn-button.hn-small.hn-path-toggle",
		{ "aria-expanded": "false", "aria-controls": id },
		h("span.hn-icon", { "data-icon": "play", "aria-hidden": "true" }),
		t("studio.path.open")
	);
	const path = (name) => svg("path", { class: `hn-path-${name}` });
	const solid = () => ["side", "top", "front"].map(path);
	const hills = path("hills");
	const ground = path("ground");
	const lines2 = path("lines");
	const boxes = BOXES.map(solid);
	const figure = solid();
	const order = [...boxes.slice(0, 5), figure, ...boxes.slice(5)];
	const scene = svg(
		"svg",
		{ viewBox: "0 0 320 180", class: "hn-path-scene", role: "img", "aria-label": t("studio.path.scene") },
		hills,
		ground,
		lines2,
		...order.map((faces2) => svg("g", { class: faces2 === figure ? "hn-path-figure" : "" }, ...faces2))
	);
	const play = h("button.hn-button.hn-square", {}, h("span.hn-icon", { "aria-hidden": "true" }));
	const slider = h("input", { type: "range", min: 0, step: 0.05, value: 0, "aria-label": t("studio.path.time") });
	const clock2 = h("span.hn-path-clock", {});
	const now = h("p.hn-path-now", {});
	const jumps = h("div.hn-path-jumps", { role: "group", "aria-label": t("studio.path.steps") });
	const el = h(
		"div.hn-path",
		{ id, hidden: true },
		h("div.hn-path-frame", {}, scene, now),
		h("div.hn-path-bar", {}, play, slider, clock2),
		jumps,
		h("p.hn-hint", {}, t("studio.path.note"))
	);
	let time = 0;
	let playing = false;
	let last = 0;
	let request = 0;
	let shown = "";
	let steps = [];
	let names = [];
	const seconds = () => Number(draft.get("duration") ?? 6);
	function draw() {
		const picture = drawing(poseAt(steps, time, seconds()));
		const set = (to, d) => setAttribute(to, "d", d || null);
		set(hills, picture.hills);
		set(ground, picture.ground);
		set(lines2, picture.lines);
		boxes.forEach((faces2, box) => faces2.forEach((face, index) => set(face, picture.boxes[box]?.[index] ?? "")));
		figure.forEach((face, index) => set(face, picture.figure[index] ?? ""));
		slider.value = String(time);
		setAttribute(slider, "aria-valuetext", t("common.seconds", { seconds: time.toFixed(1) }));
		setText(clock2, `${fineClock(time)} / ${fineClock(seconds())}`);
		const active = steps.length ? activeStep(steps.length, time, seconds()) : -1;
		setText(now, active < 0 ? t("studio.path.none") : `${active + 1} · ${names[active]}`);
		[...jumps.children].forEach((jump, index) => setAttribute(jump, "aria-pressed", String(index === active)));
		setAttribute(el, "data-time", time.toFixed(2));
	}
	function tick(stamp) {
		if (!playing || signal.aborted) return;
		time += Math.min(0.1, (stamp - last) / 1e3);
		last = stamp;
		if (time >= seconds()) {
			time = seconds();
			run(false);
		}
		draw();
		if (playing) request = requestAnimationFrame(tick);
	}
	function run(wanted) {
		playing = wanted;
		cancelAnimationFrame(request);
		play.firstElementChild?.setAttribute("data-icon", playing ? "pause" : "play");
		setAttribute(play, "aria-label", t(playing ? "studio.path.pause" : "studio.path.play"));
		if (!playing) return;
		if (time >= seconds()) time = 0;
		last = performance.now();
		request = requestAnimationFrame(tick);
	}
	function seek(to) {
		run(false);
		time = to;
		draw();
	}
	toggle.addEventListener("click", () => {
		el.hidden = !el.hidden;
		setAttribute(toggle, "aria-expanded", String(!el.hidden));
		if (el.hidden) run(false);
		else {
			time = 0;
			update();
			draw();
			run(!prefersReducedMotion());
		}
	});
	play.addEventListener("click", () => run(!playing));
	slider.addEventListener("input", () => seek(Number(slider.value)));
	signal.addEventListener("abort", () => cancelAnimationFrame(request));
	function update() {
		if (el.hidden) return;
		const prompt = expand(draft.get("prompt") ?? "").prompts[0] ?? draft.get("prompt") ?? "";
		const found = grammar2.parse(prompt);
		const key = JSON.stringify([found, seconds()]);
		if (key === shown) return;
		shown = key;
		steps = found.map(({ moves }) => moves.map((move) => move.key));
		names = found.map(
			({ moves }) => moves.map((move) => grammar2.command(move, language === "zh" ? "zh" : "en")).join(" + ")
		);
		slider.max = String(seconds());
		time = Math.min(time, seconds());
		replace(
			jumps,
			...names.map(
				(name, index) => h(
					"button.hn-button.hn-small",
					{ on: { click: () => seek((index + 0.98) * seconds() / names.length) } },
					`${index + 1} · ${name}`
				)
			)
		);
		draw();
	}
	run(false);
	return { el, toggle, update };
}

// js/icons.js
var STRAIGHT_LEFT = "M50 20H22M29 13l-7 7 7 7M20 33H52";
var CURVED_LEFT = "M52 29C46 15 30 12 20 24M20.500 13V24.500H31";
var STRAIGHT_UP = "M36 34V9M29 16l7-7 7 7M25 36H47";
var CURVED_UP = "M29 35C43 30 46 18 33 9M43.500 7.500L32 8.500 34.500 19";
var INWARD = "M13 7L27 16.500M27 9V16.500H18.500M59 37L45 27.500M45 35V27.500H53.500";
var OUTWARD = "M27 16.500L13 7M13 14.500V7H21.500M45 27.500L59 37M59 29.500V37H50.500";
var LENS = "M34 11a9 9 0 1 0 .01 0M40.500 26.500L49 35M29.500 20h9";
var FLIP_X = "translate(72 0) scale(-1 1)";
var FLIP_Y = "translate(0 44) scale(1 -1)";
var ARROWS = {
	truck_left: [STRAIGHT_LEFT],
	truck_right: [STRAIGHT_LEFT, FLIP_X],
	pan_left: [CURVED_LEFT],
	pan_right: [CURVED_LEFT, FLIP_X],
	push_in: [INWARD],
	pull_out: [OUTWARD],
	pedestal_up: [STRAIGHT_UP],
	pedestal_down: [STRAIGHT_UP, FLIP_Y],
	tilt_up: [CURVED_UP],
	tilt_down: [CURVED_UP, FLIP_Y],
	zoom_in: [`${LENS}M34 15.500v9`],
	zoom_out: [LENS],
	shake: ["M17 22l6-8 7 16 7-17 7 17 6-13 5 6"],
	tracking: ["M22 15V8h8M50 15V8h-8M22 29v7h8M50 29v7h-8M36 18.500a3.500 3.500 0 1 0 .01 0"],
	static: ["M28 8h16v10H28zM36 18v5M36 23L27 37M36 23l9 14M36 23V37"]
};
function moveIcon(key) {
	const [path, transform] = ARROWS[key] ?? ["M36 22h.01"];
	return svg(
		"svg",
		{ viewBox: "0 0 72 44", class: "hn-scene", "aria-hidden": "true", focusable: "false" },
		svg(
			"g",
			{ class: "hn-far" },
			svg("circle", { cx: 56, cy: 11, r: 4.5 }),
			svg("path", { d: "M-40 38L-18 20 -2 34 16 17 32 33 44 22 60 36 78 18 112 38V60H-40z" })
		),
		svg(
			"g",
			{ class: "hn-near" },
			svg("path", { d: "M-60 38H132V70H-60z" }),
			svg("path", { d: "M27 38V25L36 18l9 7V38z" })
		),
		svg(
			"g",
			transform ? { transform } : {},
			svg("path", { d: path, class: "hn-arrow-halo" }),
			svg("path", { d: path, class: "hn-arrow" })
		)
	);
}

// js/timeline.js
function track(prompt, grammar2) {
	return brackets(prompt).map(({ start, end, items }) => ({
		start,
		end,
		items: items.filter(Boolean).map((text) => ({ text, move: grammar2.find(text) }))
	})).filter(({ items }) => items.some(({ move }) => move));
}
var places = (steps) => steps.map(({ items }) => [items.map(({ text }) => text)]);
function write(prompt, steps, wanted) {
	let text = prompt;
	for (let index = steps.length - 1; index >= 0; index -= 1) {
		const { start, end } = (
			
			steps[index]
		);
		const [open, close] = [prompt.charAt(start), prompt.charAt(end - 1)];
		const written = (wanted[index] ?? []).filter((items) => items.length).map((items) => open + items.join(",") + close);
		const chinese = /[一-鿿]/.test(prompt.slice(start, end));
		const gone = written.length === 0;
		const before = gone && text.charAt(start - 1) === " " && /^($|[\s,.;!?])/.test(text.slice(end)) ? 1 : 0;
		const after = gone && start === 0 && text.charAt(end) === " " ? 1 : 0;
		text = text.slice(0, start - before) + written.join(chinese ? "" : " ") + text.slice(end + after);
	}
	return text;
}
function remove(prompt, steps, step, item) {
	const wanted = places(steps);
	wanted[step] = item === void 0 ? [] : [(wanted[step]?.[0] ?? []).filter((_, index) => index !== item)];
	return write(prompt, steps, wanted);
}
function reorder(prompt, steps, from, to) {
	const wanted = places(steps);
	wanted.splice(to, 0, ...wanted.splice(from, 1));
	return write(prompt, steps, wanted);
}
function carry(prompt, steps, from, item, to) {
	const wanted = places(steps);
	const word = wanted[from]?.[0]?.[item];
	if (word === void 0 || from === to) return prompt;
	if ((to < 0 || to >= steps.length) && wanted[from]?.[0]?.length === 1)
		return reorder(prompt, steps, from, to < 0 ? 0 : steps.length - 1);
	wanted[from] = [(wanted[from]?.[0] ?? []).filter((_, index) => index !== item)];
	const move = steps[from]?.items[item]?.move;
	if (to < 0) wanted[0] = [[word], ...wanted[0] ?? []];
	else if (to >= steps.length) wanted[steps.length - 1]?.push([word]);
	else if (!move || takes(steps[to], move)) wanted[to]?.[0]?.push(word);
	else if (!steps[to]?.items.some((one) => one.move === move))
		wanted[to] = from < to ? [...wanted[to] ?? [], [word]] : [[word], ...wanted[to] ?? []];
	return write(prompt, steps, wanted);
}
function join(prompt, steps, to, move, word) {
	const wanted = places(steps);
	if (steps[to]?.items.some((one) => one.move === move)) return prompt;
	if (takes(steps[to], move)) wanted[to]?.[0]?.push(word);
	else wanted[to]?.push([word]);
	return write(prompt, steps, wanted);
}
function takes(step, move) {
	const moves = (step?.items ?? []).map((one) => one.move).filter((one) => one !== void 0);
	return !moves.includes(move) && fits(moves, move);
}
function difference(before, after) {
	if (before === after) return null;
	let start = 0;
	while (start < before.length && before[start] === after[start]) start += 1;
	let end = before.length;
	let last = after.length;
	while (end > start && last > start && before[end - 1] === after[last - 1]) [end, last] = [end - 1, last - 1];
	return { start, end, text: after.slice(start, last), caret: last };
}

// js/steps.js
var dragged = null;
function draggable(el, payload) {
	el.draggable = true;
	el.addEventListener("dragstart", (event) => {
		event.stopPropagation();
		dragged = payload;
		event.dataTransfer?.setData("application/x-hn-move", "1");
		if (event.dataTransfer) event.dataTransfer.effectAllowed = "copyMove";
	});
	el.addEventListener("dragend", () => {
		dragged = null;
	});
}
function cameraSteps({ draft, t, grammar: grammar2, language, announcer, ui }, editor) {
	const list = h("ol.hn-steps", { "aria-label": t("studio.steps") });
	const findings = h("ul.hn-findings", { "aria-label": t("studio.findings") });
	const hint = h("p.hn-hint", {});
	const el = h("div.hn-reading", {}, list, hint, findings);
	let shown = "\0";
	let focus = null;
	const prompt = () => (
		
		draft.get("prompt") ?? ""
	);
	const steps = () => track(prompt(), grammar2);
	const name = (move) => grammar2.command(move, language === "zh" ? "zh" : "en");
	function apply(change, then = null) {
		if (editor.isComposing()) return;
		const before = editor.textarea.value;
		const after = change(before, track(before, grammar2));
		const edit = difference(before, after);
		if (!edit) return;
		focus = then;
		editor.edit(() => edit);
	}
	function shift(step, by) {
		const to = step + by;
		const count2 = steps().length;
		if (to < 0 || to >= count2) return;
		apply((text, all) => reorder(text, all, step, to), { step: to, item: void 0 });
		announcer.say(t("studio.step.moved", { number: to + 1, count: count2 }));
	}
	function shiftMove(step, item, by) {
		const before = steps();
		const alone = before[step]?.items.length === 1;
		const to = step + by;
		const inside = to >= 0 && to < before.length;
		const landing = by > 0 ? alone && inside ? step : Math.min(to, before.length) : Math.max(to, 0);
		apply((text, all) => carry(text, all, step, item, to), { step: landing, item: 99 });
		const move = before[step]?.items[item]?.move;
		if (move) announcer.say(t("studio.step.carried", { move: name(move), number: landing + 1 }));
	}
	function stepItem({ start, end, items }, index, count2, said) {
		const grip = h(
			"button.hn-step-grip",
			{
				title: t("studio.step.hint"),
				"aria-label": t("studio.step.grip", { number: index + 1, count: count2 }),
				"aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight Delete",
				on: {
					click: () => {
						editor.textarea.focus();
						editor.textarea.setSelectionRange(start, end);
					},
					keydown: (event) => keys(event, {
						remove: () => apply((text, all) => remove(text, all, index), { step: index, item: void 0 }),
						shift: (by) => shift(index, by)
					})
				}
			},
			String(index + 1)
		);
		const li = h(
			"li.hn-step",
			{ data: { step: index } },
			grip,
			h("ul.hn-step-moves", {}, ...items.map((item, at) => moveItem(item, index, at))),
			said.length > 0 && h("ul.hn-step-says", {}, ...said.map(findingItem))
		);
		draggable(li, { step: index });
		return li;
	}
	function moveItem({ text, move }, step, at) {
		const label = move ? name(move) : text;
		const drop = () => apply((all, found) => remove(all, found, step, at), { step, item: at });
		const chip = h(
			"button.hn-move",
			{
				data: { item: at, move: move?.key ?? "" },
				title: t("studio.move.hint"),
				"aria-label": t("studio.move.chip", { move: label, number: step + 1 }),
				"aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight Delete",
				on: {
					keydown: (event) => keys(event, { remove: drop, shift: (by) => shiftMove(step, at, by) })
				}
			},
			move ? moveIcon(move.key) : null,
			label
		);
		const cross = h(
			"button.hn-move-remove",
			{ "aria-label": t("studio.move.remove", { move: label, number: step + 1 }), on: { click: drop } },
			"×"
		);
		const li = h("li.hn-move-item", { data: { known: Boolean(move) } }, chip, cross);
		draggable(li, { step, item: at });
		return li;
	}
	function findingItem({ rule, start, end, replacement, values }) {
		const mend = () => editor.edit(() => ({ start, end, text: replacement ?? "", caret: start + (replacement ?? "").length }));
		const label = replacement ? t("studio.lint.use", { replacement }) : t("studio.lint.remove");
		return h(
			"li.hn-finding",
			{ "data-rule": rule },
			h("span", {}, t(`studio.lint.${rule}`, values)),
			replacement !== null && h("button.hn-button.hn-small", { on: { click: mend } }, label)
		);
	}
	function place(event) {
		const over = event.target instanceof Element ? event.target.closest(".hn-step") : null;
		return over ? Number(over.getAttribute("data-step")) : steps().length;
	}
	list.addEventListener("dragover", (event) => {
		if (!dragged) return;
		event.preventDefault();
		event.stopPropagation();
		const at = place(event);
		for (const [index, step] of [...list.children].entries()) setAttribute(step, "data-over", index === at);
		setAttribute(list, "data-over", at === list.children.length);
	});
	const settle = () => {
		for (const step of [list, ...list.children]) setAttribute(step, "data-over", false);
	};
	list.addEventListener("dragleave", settle);
	list.addEventListener("drop", (event) => {
		settle();
		if (!dragged) return;
		event.preventDefault();
		event.stopPropagation();
		const { step, item, key } = dragged;
		const to = place(event);
		const move = key ? grammar2.find(key) : void 0;
		if (move) {
			const word = grammar2.command(move, ui.commands);
			apply((text, all) => join(text, all, Math.min(to, all.length - 1), move, word));
		} else if (step !== void 0 && item !== void 0) {
			apply((text, all) => carry(text, all, step, item, to));
		} else if (step !== void 0) {
			apply((text, all) => reorder(text, all, step, Math.min(to, all.length - 1)));
		}
	});
	function update() {
		const text = prompt();
		if (text === shown) return;
		shown = text;
		const found = track(text, grammar2);
		const said = remarks(text, grammar2);
		const of = ({ start, end }) => said.filter((one) => start <= one.start && one.end <= end);
		replace(list, ...found.map((step, index) => stepItem(step, index, found.length, of(step))));
		list.hidden = found.length === 0;
		showText(hint, found.length ? "" : t("studio.steps.empty"));
		const rest = said.filter((one) => !found.some(({ start, end }) => start <= one.start && one.end <= end));
		replace(findings, ...rest.map(findingItem));
		findings.hidden = rest.length === 0;
		refocus();
	}
	function refocus() {
		if (!focus) return;
		const { step, item } = focus;
		focus = null;
		const li = list.children[Math.min(step, list.children.length - 1)];
		if (!li) return;
		const moves = li.querySelectorAll(".hn-move");
		const target = item === void 0 ? null : moves[Math.min(item, moves.length - 1)];
		(target ?? li.querySelector(".hn-step-grip"))?.focus();
	}
	return { el, update, count: () => steps().length };
}
function keys(event, { remove: remove2, shift }) {
	const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
	if (ctrlKey || metaKey || altKey) return;
	const by = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
	if (key === "Delete" || key === "Backspace") remove2();
	else if (shiftKey && by) shift(by);
	else return;
	event.preventDefault();
	event.stopPropagation();
}

// js/summary.js
var PATIENCE = 4e3;
var BREATH = 1e3;
function summary(studio) {
	const { draft, t, wire, announcer } = studio;
	const why = uniqueId("why");
	const problems = h("ul.hn-problems", { "aria-label": t("studio.problems") });
	const costs = h("ul.hn-costs", {});
	const costTitle = h("summary");
	const costBox = h("details.hn-cost", {}, costTitle, costs);
	const existing = h("p.hn-hint", {});
	const spent = h("p.hn-hint.hn-spent", {});
	const limits = h("p.hn-hint.hn-limit", {});
	const reasonText = h("p.hn-reason", { id: why });
	const words = h("span");
	const button = h(
		"button.hn-button.hn-primary.hn-generate",
		{
			"aria-describedby": why,
			"aria-keyshortcuts": "Control+Enter Meta+Enter",
			on: { click: () => void generate() }
		},
		words
	);
	const status = h("p.hn-status", { role: "status" });
	const el = h(
		"div.hn-summary",
		{},
		problems,
		h("div.hn-send", {}, h("div.hn-send-what", {}, costBox, spent, limits, existing, reasonText, status), button)
	);
	let sending = false;
	let slow = false;
	let failure = "";
	let shown = "";
	const clips = () => draft.get("targets").length * draft.get("takes") * expand(draft.get("prompt") ?? "").prompts.length;
	const plan = () => (
		
		draft.get("plan") ?? {}
	);
	const said = () => (
		
		draft.get("problems") ?? []
	);
	const found = () => said().filter(({ code }) => code !== "prompt_missing");
	function blocked() {
		if (!wire.open) return t("studio.blocked.kernel");
		if (sending) return slow ? t("studio.blocked.slow") : t("studio.blocked.sending");
		if (draft.get("targets").length === 0) return t("studio.blocked.targets");
		const wrong = found().filter(({ severity }) => severity === "error");
		if (wrong.length) return t("studio.blocked.problems", { count: grouped(wrong).length });
		if (said().length > found().length) return t("studio.blocked.prompt");
		const limit = plan().limit;
		return limit?.over && !draft.pending ? t(`studio.limit.${limit.over}`, limitValues(limit)) : "";
	}
	function limitValues({ max_cost, max_clips, asked, asked_cost }) {
		const cost = asked_cost || "0";
		return { max_cost: max_cost ?? "", max_clips: max_clips ?? "", asked, asked_cost: cost, count: clips() };
	}
	async function generate() {
		const reason = blocked();
		if (reason) {
			announcer.say(reason);
			return;
		}
		sending = true;
		failure = "";
		update();
		const timer = setTimeout(() => {
			slow = true;
			update();
		}, PATIENCE);
		draft.flush();
		try {
			await wire.ask({ kind: "generate", draft: draft.value() });
			await new Promise((resolve) => setTimeout(resolve, BREATH));
		} catch (error) {
			failure = error instanceof Error ? error.message : String(error);
		}
		clearTimeout(timer);
		sending = slow = false;
		update();
	}
	function update() {
		showProblems();
		const count2 = clips();
		const { total, costs: lines2 = [], existing: taken = 0, clips: planned, spent: paid, limit } = plan();
		const fresh = planned === count2 && !draft.pending;
		const price = fresh && total ? sumText(t, total) : "…";
		setText(words, count2 ? t("studio.generate.count", { count: count2, price }) : t("studio.generate"));
		const reason = blocked();
		setAttribute(button, "aria-disabled", reason ? "true" : null);
		showText(reasonText, reason);
		showCosts(lines2, price);
		showText(spent, paid ? t("studio.spent", { count: paid.clips, sum: sumText(t, paid) }) : "");
		const bounds = limit ? limitValues(limit) : {};
		const parts = [
			limit?.max_clips != null && t("studio.limit.of_clips", bounds),
			limit?.max_cost != null && t("studio.limit.of_cost", bounds)
		];
		showText(limits, parts.filter(Boolean).join(" "));
		showText(existing, taken > 0 ? t("studio.existing", { count: taken }) : "");
		const state = (
			
			draft.get("status") ?? { kind: "idle", text: "" }
		);
		setAttribute(status, "data-kind", failure ? "error" : state.kind);
		showText(status, failure || worded(t, `studio.status.${state.code}`, state.values, state.text ?? ""));
	}
	function showCosts(lines2, price) {
		costBox.hidden = lines2.length === 0;
		setText(costTitle, t("studio.cost", { total: price }));
		const catalogue = draft.get("catalogue") ?? [];
		replace(
			costs,
			...lines2.map(
				({ target, simulated, count: count2, each, sum, date, source }) => h(
					"li",
					{},
					h("span", {}, targetTitle(catalogue, target, shortModel)),
					h("span.hn-money", {}, costText(t, { simulated, count: count2, each, sum })),
					!simulated && h("span.hn-hint", {}, [date, source].filter(Boolean).join(" · "))
				)
			)
		);
	}
	function showProblems() {
		const list = found();
		const key = JSON.stringify(list);
		if (key === shown) return;
		shown = key;
		problems.hidden = list.length === 0;
		replace(problems, ...grouped(list).map(problemItem));
	}
	function problemItem(group) {
		const { severity, changes } = (
			
			group[0]
		);
		const targets = group.map(({ target }) => target);
		const texts2 = [...new Set(group.map((one) => problemText(one)))];
		const leaveOut = () => draft.set({ targets: draft.get("targets").filter((one) => !targets.includes(one)) });
		return h(
			"li.hn-problem",
			{ "data-severity": severity },
			h(
				"div.hn-problem-text",
				{},
				h("span.hn-sr", {}, t(`studio.severity.${severity}`)),
				...texts2.map((text) => h("p", {}, text))
			),
			h(
				"div.hn-problem-acts",
				{},
				changes && h("button.hn-button.hn-small", { on: { click: () => void mend(changes, targets) } }, fixLabel(changes, t)),
				severity === "error" && draft.get("targets").length > targets.length && h(
					"button.hn-button.hn-small.hn-quiet",
					{ on: { click: leaveOut } },
					t("studio.fix.leave_out", { count: targets.length })
				)
			)
		);
	}
	function problemText(problem) {
		const values = { ...problem.values };
		if (problem.code.startsWith("switch_")) values.switch = t(`studio.option.${problem.field}`);
		return worded(t, `studio.problem.${problem.code}`, values, problem.message);
	}
	async function mend(changes, targets) {
		const { target, prompt, resolution, duration, first_frame, last_frame, ...options } = changes;
		const given = { prompt, resolution, duration };
		const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== void 0));
		if (Object.keys(options).length) Object.assign(set, { options: { ...draft.get("options"), ...options } });
		if (target)
			Object.assign(set, {
				targets: [
					...new Set(draft.get("targets").map((one) => one === targets[0] ? target : one))
				]
			});
		draft.set(set);
		if (first_frame === null) await wire.ask({ kind: "frame_clear", slot: "first" }).catch(() => void 0);
		if (last_frame === null) await wire.ask({ kind: "frame_clear", slot: "last" }).catch(() => void 0);
	}
	return { el, update, generate };
}
function costText(t, { simulated, count: count2, each, sum }) {
	if (simulated) return t("studio.cost.free");
	if (!each) return t("studio.cost.unknown", { count: count2 });
	return count2 > 1 ? `${count2} × ${each} = ${sum}` : each;
}
function grouped(problems) {
	const groups = /* @__PURE__ */ new Map();
	for (const problem of problems) {
		const key = JSON.stringify([problem.severity, problem.code, problem.changes]);
		groups.set(key, [...groups.get(key) ?? [], problem]);
	}
	return [...groups.values()].sort(
		([a], [b]) => Number(a?.severity === "warning") - Number(b?.severity === "warning")
	);
}
function fixLabel(changes, t) {
	return Object.entries(changes).map(([name, value]) => {
		if (name === "target") return t("studio.fix.model", { model: shortModel(String(value).split("/")[1] ?? "") });
		if (name === "resolution" || name === "duration") return t(`studio.fix.${name}`, { value });
		if (name === "prompt") return t("studio.fix.prompt");
		if (name.endsWith("_frame")) return t(`studio.fix.${name}`);
		return t("studio.fix.option", { option: t(`studio.option.${name}`) });
	}).join(t("studio.fix.and"));
}

// js/targets.js
function targetChooser({ draft, t }) {
	const boxes = /* @__PURE__ */ new Map();
	function choose(target, wanted) {
		const chosen = new Set(
			
			draft.get("targets")
		);
		if (wanted) chosen.add(target);
		else chosen.delete(target);
		const known = [...boxes.keys()];
		draft.set({
			targets: [...known.filter((one) => chosen.has(one)), ...[...chosen].filter((one) => !boxes.has(one))]
		});
	}
	function providerRow(entry) {
		return h(
			"div.hn-provider",
			{ role: "group", "aria-label": entry.title },
			h(
				"div.hn-provider-name",
				{},
				h("span.hn-provider-title", {}, entry.title),
				entry.simulated && h("span.hn-badge", {}, t("common.simulated")),
				entry.key_variables.length > 0 && h("span.hn-hint", {}, t("studio.key.simulated", { variables: entry.key_variables.join(" + ") }))
			),
			h("div.hn-models", {}, ...entry.models.map((model) => modelBox(entry, model)))
		);
	}
	function modelBox(entry, model) {
		const target = `${entry.name}/${model.name}`;
		const name = shortModel(model.name);
		const needs = model.first_frame === "required" ? t("studio.model.needs_first") : "";
		const simulated = entry.simulated ? `, ${t("common.simulated")}` : "";
		const box = h("input", {
			type: "checkbox",
			"data-target": target,
			"aria-label": `${entry.title} ${name}${needs ? `, ${needs}` : ""}${simulated}`
		});
		box.addEventListener("change", () => choose(target, box.checked));
		boxes.set(target, box);
		return h("label.hn-model", { title: [model.name, needs].filter(Boolean).join(" · ") }, box, h("span", {}, name));
	}
	const entries = (
		
		draft.get("catalogue") ?? []
	);
	const el = h(
		"fieldset.hn-block",
		{},
		h("legend.hn-label", {}, t("studio.targets")),
		h("div.hn-providers", {}, ...entries.map(providerRow))
	);
	function update() {
		const chosen = new Set(draft.get("targets"));
		const problems = (
			
			draft.get("problems") ?? []
		);
		const errors = problems.filter(({ severity, code }) => severity === "error" && code !== "prompt_missing");
		const wrong = new Set(errors.map(({ target }) => target));
		for (const [target, box] of boxes) {
			box.checked = chosen.has(target);
			setAttribute(
				
				box.parentElement,
				"data-wrong",
				box.checked && wrong.has(target)
			);
		}
	}
	return { el, update };
}

// js/tiles.js
function cameraTiles(studio, editor) {
	const { t, grammar: grammar2, ui, announcer, moves } = studio;
	const name = uniqueId("camera");
	function insert(move, event) {
		const tile = (
			
			event.currentTarget
		);
		editor.edit((text, from, to) => {
			const edit = grammar2.click(text, from, to, move.key, { language: ui.commands, together: ui.together });
			const written = grammar2.command(move, ui.commands);
			announcer.say(t(edit ? "studio.camera.inserted" : "studio.camera.there", { move: written }));
			return edit;
		});
		if (event.detail === 0) tile.focus();
	}
	const tiles = moves.map((move) => tileFor(move, studio.language, t, insert));
	const groups = [...new Set(moves.map(({ group }) => group))].map((group) => {
		const members = tiles.filter((_, index) => moves[index]?.group === group);
		return h(
			"div.hn-tile-group",
			{ "data-group": group, role: "group", "aria-label": t(`studio.group.${group}`) },
			...members
		);
	});
	for (const [index, tile] of tiles.entries()) draggable(tile, { key: moves[index]?.key ?? "" });
	const toolbar = h("div.hn-tiles", { role: "toolbar", "aria-labelledby": name }, ...groups);
	roving(toolbar, tiles);
	const el = h(
		"div.hn-block",
		{},
		h(
			"div.hn-block-head",
			{},
			h("span.hn-label", { id: name }, t("studio.camera")),
			segmented(
				t("studio.camera.mode"),
				ui.together ? "together" : "then",
				[
					["together", t("studio.camera.together"), t("studio.camera.together.hint")],
					["then", t("studio.camera.then"), t("studio.camera.then.hint")]
				],
				(value) => {
					ui.together = value === "together";
				}
			),
			segmented(
				t("studio.camera.language"),
				ui.commands,
				[
					["en", "English", ""],
					["zh", "中文", ""]
				],
				(value) => {
					ui.commands = value === "zh" ? "zh" : "en";
				}
			)
		),
		toolbar
	);
	return { el, update: () => void 0 };
}
function tileFor(move, language, t, insert) {
	const names = [
		h("span.hn-tile-name", { lang: "en" }, move.english),
		h("span.hn-tile-name", { lang: "zh" }, move.chinese)
	];
	if (language === "zh") names.reverse();
	names[1]?.classList.add("hn-tile-second");
	return h(
		"button.hn-tile",
		{
			"data-move": move.key,
			tabindex: -1,
			"aria-label": `${move.english} ${move.chinese}`,
			title: t(`studio.move.${move.key}`),
			on: { click: (event) => insert(move, event) }
		},
		moveIcon(move.key),
		h("span.hn-tile-names", {}, ...names)
	);
}
function roving(toolbar, tiles) {
	tiles[0]?.setAttribute("tabindex", "0");
	toolbar.addEventListener("focusin", (event) => {
		for (const tile of tiles) setAttribute(tile, "tabindex", tile === event.target ? 0 : -1);
	});
	toolbar.addEventListener("keydown", (event) => {
		const at = tiles.indexOf(
			
			event.target
		);
		const places2 = {
			ArrowRight: at + 1,
			ArrowDown: at + 1,
			ArrowLeft: at - 1,
			ArrowUp: at - 1,
			Home: 0,
			End: tiles.length - 1
		};
		const to = places2[event.key];
		if (at < 0 || to === void 0 || event.ctrlKey || event.metaKey || event.altKey) return;
		event.preventDefault();
		event.stopPropagation();
		tiles[(to + tiles.length) % tiles.length]?.focus();
	});
}
function segmented(label, value, choices, choose) {
	const name = uniqueId("choice");
	return h(
		"div.hn-segments",
		{ role: "radiogroup", "aria-label": label },
		...choices.map(
			([key, text, hint]) => h(
				"label.hn-segment",
				{ title: hint || null },
				h("input", {
					type: "radio",
					class: "hn-sr",
					name,
					value: key,
					checked: key === value,
					on: { change: () => choose(key) }
				}),
				text
			)
		)
	);
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
		const count2 = Math.max(1, Math.ceil(blob.size / PIECE));
		for (let seq = 0; seq < count2 && this.waiting.has(id); seq += 1) {
			const piece = await blob.slice(seq * PIECE, (seq + 1) * PIECE).arrayBuffer();
			this.post({ ...content, id, seq, last: seq === count2 - 1, size: blob.size }, [piece]);
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

// js/prompt_studio.js
function render({ model, el, signal }) {
	let view = new AbortController();
	let ui = null;
	const build = () => {
		view.abort();
		view = new AbortController();
		const language = pickLanguage(
			model.get("language"),
			document.documentElement.lang,
			Object.keys(model.get("messages") ?? {})
		);
		ui = { together: ui?.together ?? true, commands: language === "zh" ? "zh" : "en", moves: ui?.moves ?? true };
		mount(model, el, language, ui, view.signal);
	};
	const names = ["language", "messages", "catalogue", "moves"];
	for (const name of names) model.on(`change:${name}`, build);
	signal.addEventListener("abort", () => {
		for (const name of names) model.off(`change:${name}`, build);
		view.abort();
	});
	build();
}
function mount(model, el, language, ui, signal) {
	const messages = model.get("messages") ?? {};
	const t = translator(messages, language);
	const moves = model.get("moves") ?? [];
	const studio = {
		draft: new DraftStore(model, signal),
		wire: new Wire(model, signal),
		t,
		language,
		moves,
		grammar: grammar(moves),
		announcer: new Announcer(signal),
		ui,
		signal
	};
	const shelves = library(studio, (prompt) => editor.put(prompt));
	const editor = promptEditor(studio, shelves.tools);
	const tiles = cameraTiles(studio, editor);
	const steps = cameraSteps(studio, editor);
	const player = pathPlayer(studio);
	const preview = movesPreview(studio);
	const targets = targetChooser(studio);
	const grid = formatGrid(studio);
	const options = optionFields(studio);
	const frames = frameSlots(studio);
	const end = summary(studio);
	const timeline = h(
		"div.hn-block.hn-timeline",
		{},
		h("div.hn-block-head", {}, h("span.hn-label", {}, t("studio.timeline")), player.toggle),
		steps.el,
		preview.el,
		player.el
	);
	const other = language === "zh" ? "en" : "zh";
	const switchLanguage = h(
		"button.hn-button.hn-small.hn-quiet",
		{
			lang: other,
			on: {
				click: () => {
					model.set("language", other);
					model.save_changes();
				}
			}
		},
		other === "zh" ? "中文" : "English"
	);
	const root = h(
		"section.hn.hn-studio",
		{ lang: language, "aria-label": t("studio.name") },
		h("header.hn-studio-head", {}, h("h3.hn-title", {}, t("studio.title")), switchLanguage),
		h(
			"div.hn-studio-columns",
			{},
			h("div.hn-column", {}, editor.el, shelves.el, timeline, tiles.el, frames.el),
			h("div.hn-column", {}, targets.el, grid.el, options.el)
		),
		end.el,
		studio.announcer.el
	);
	keepKeys(root);
	root.addEventListener("keydown", (event) => {
		if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
		event.preventDefault();
		if (!event.repeat) void end.generate();
	});
	root.addEventListener("paste", frames.paste);
	const update = () => {
		for (const part of [editor, steps, preview, player, tiles, targets, grid, options, frames, end]) part.update();
	};
	studio.draft.addEventListener("change", update);
	el.replaceChildren(root);
	update();
}
var prompt_studio_default = { render };
export {
	prompt_studio_default as default
};
