// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/dom.js
function h(tag, ...rest) {
let [name = "", ...classes] = tag.split("."), el = document.createElement(name);
return name === "button" && el.setAttribute("type", "button"), furnish(el, classes, rest);
}
function furnish(el, classes, rest) {
for (let name of classes) el.classList.add(`hn-${name}`);
return rest[0]?.constructor === Object && set(el, rest.shift()), el.append(...there(rest)), el;
}
var there = (children) => children.flat().filter((child) => child || child === "");
function button(looks, face, onclick, props = {}) {
return h(`button.button${looks}`, { ...props, onclick }, face);
}
function choice(label, name, choices, choose) {
let buttons = new Map(
choices.map(([value, text]) => [
value,
button(".small", text, () => choose(value), { [`data-${name}`]: value })
])
);
return { el: h("div.segments", { role: "group", label }, [...buttons.values()]), buttons, show: (chosen) => {
for (let [value, one] of buttons) set(one, { "aria-pressed": value === chosen });
} };
}
var icon = (name) => h("span.icon", { "data-icon": name, "aria-hidden": !0 }), select = (props, choices) => h("select.select", props, options(choices)), options = (choices) => choices.map(
(choice2) => typeof choice2 == "string" ? h("option", choice2) : h("option", { value: choice2[0] }, choice2[1])
);
function set(el, props) {
for (let [name, value] of Object.entries(props)) {
let key = name === "label" ? "aria-label" : name, text = typeof value == "boolean" && !key.startsWith("aria-") ? value ? "" : null : value;
typeof text == "function" ? on(el, key.slice(2), text) : text == null ? el.removeAttribute(key) : el.getAttribute(key) !== String(text) && el.setAttribute(key, text);
}
}
function on(target2, types, listener, settings) {
for (let type of types.split(" ")) target2.addEventListener(type, listener, settings);
}
function setText(el, text) {
el.textContent !== text && (el.textContent = text);
}
function showText(el, text) {
setText(el, text), el.hidden = text === "";
}
function replace(el, ...children) {
el.replaceChildren(...there(children));
}
var dotted = (...parts2) => parts2.filter(Boolean).join(" · "), column = (child) => h("th", { scope: "col" }, child), filled = new WeakMap();
function refill(el, shown, make) {
let key = JSON.stringify(shown);
filled.get(el) !== key && (filled.set(el, key), replace(el, ...make()));
}
var hasFocus = (el) => el.getRootNode().activeElement === el, counter = 0;
function uniqueId(name) {
return counter += 1, `hn-${name}-${counter}-${Math.floor(Math.random() * 1e9).toString(36)}`;
}
function prefersReducedMotion() {
return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? !1;
}

// js/announcer.js
var PAUSE = 2e3, Announcer = class {
constructor(signal) {
this.el = h("div.sr", { role: "status", "aria-live": "polite", "aria-atomic": !0 }), this.queue = [], this.timer = 0, on(signal, "abort", () => clearTimeout(this.timer));
}
say(text) {
text && (this.queue.push(text), this.timer || this.flush());
}
flush() {
this.timer = 0, this.queue.length !== 0 && (this.el.textContent = this.queue.splice(0).join(" "), this.timer = window.setTimeout(() => this.flush(), PAUSE));
}
};

// js/protocol.js
var HELD = "held";

// js/annotations.js
var STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }, starText = (rating) => "★".repeat(rating);
function annotationFields(t, annotate, tagList) {
let rating = 0, kept2 = "", tags = [], faces = Array.from(
{ length: 5 },
(_, index) => h("span", { "aria-hidden": !0, "data-star": index + 1 }, "★")
), stars = h(
"span.stars",
{
role: "slider",
tabindex: 0,
label: t("rating"),
"aria-valuemin": 0,
"aria-valuemax": 5
},
faces
), rate = (value) => {
let next = Math.min(5, Math.max(0, value));
next !== rating && (showRating(next), annotate({ rating }));
};
on(stars, "click", ({ target: target2 }) => {
let star = Number(target2.dataset.star);
star && rate(star === rating ? 0 : star);
}), on(stars, "keydown", (event) => {
let { key } = event, step = STEPS[key];
if (step) rate(rating + step);
else if (/^([0-5]|Home|End)$/.test(key))
rate({ Home: 0, End: 5 }[key] ?? Number(key));
else return;
event.preventDefault();
});
let chips = h("ul.tags", { role: "list", label: t("tags") }), placeholder = t("tag.add"), entry = h("input.tag-entry", {
type: "text",
list: tagList,
placeholder,
label: placeholder,
maxlength: 40
}), changeTags = (value) => {
showTags(value), annotate({ tags });
}, add = () => {
let tag = entry.value.trim();
entry.value = "", tag && !tags.includes(tag) && changeTags([...tags, tag]);
};
on(entry, "change", add), on(entry, "keydown", (event) => {
event.key !== "Enter" || event.isComposing || (event.preventDefault(), add());
});
let words = t("note"), note = h("textarea.note", { rows: 1, placeholder: words, label: words });
on(note, "change", () => {
note.value !== kept2 && (kept2 = note.value, annotate({ note: kept2 }));
});
function showRating(value) {
rating = value, set(stars, { "aria-valuenow": value, "aria-valuetext": t("stars", { count: value }) });
for (let [index, star] of faces.entries()) set(star, { "data-on": index < value });
}
function chip(tag) {
let onclick = () => {
changeTags(tags.filter((one) => one !== tag)), entry.focus();
}, title = t("tag.remove", { tag });
return h(
"li.tag",
{ "data-tag": tag },
h("span", tag),
h("button.tag-x", { label: title, title, onclick }, "×")
);
}
function showTags(value) {
tags = value, refill(chips, tags, () => tags.map(chip));
}
function update(row) {
showRating(row.rating), showTags(row.tags), kept2 = row.note, !hasFocus(note) && note.value !== kept2 && (note.value = kept2);
}
return { el: h("div.annotations", h("div.annotations-line", stars, chips, entry), note), update };
}

// js/clipboard.js
async function copyText(place, text, name, done) {
try {
await navigator.clipboard.writeText(text), showText(place, done);
} catch {
let field = h("textarea.note.code", { rows: 8, readonly: !0, label: name }, text);
replace(place, field), place.hidden = !1, field.select();
}
}

// js/dialog.js
function dialog({ root, t }, title, ...children) {
let id = uniqueId("dialog"), close = button(".square", "×", () => box.close(), { label: t("close") }), box = h(
"dialog.dialog",
{ "aria-labelledby": id },
h("div.dialog-head", h("h4", { id }, title), close),
...children
);
return on(box, "close", () => box.remove()), on(box, "click", (event) => event.target === box && box.close()), root.append(box), box.showModal(), box;
}

// js/format.js
function clock(seconds) {
let whole = Math.max(0, Math.floor(seconds)), two = (n) => String(n).padStart(2, "0"), hours = Math.floor(whole / 3600), minutes = Math.floor(whole % 3600 / 60);
return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
function fineClock(seconds) {
let tenths = Math.max(0, Math.round(seconds * 10));
return `${clock(Math.floor(tenths / 10))}.${tenths % 10}`;
}
function bytes(count) {
return count == null ? "" : count < 1e3 ? `${count} B` : count < 999500 ? `${Math.round(count / 1e3)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}
function percent(fraction) {
return fraction == null || Number.isNaN(fraction) ? "" : `${Math.round(Math.min(1, Math.max(0, fraction)) * 100)} %`;
}
function roundEta(seconds) {
let left = Math.max(1, Math.round(seconds));
return left <= 10 ? left : left < 60 ? Math.round(left / 5) * 5 : Math.round(left / 30) * 30;
}
function shortModel(model) {
return model.replace(/^MiniMax-/, "").replace(/^Hailuo-/, "Hailuo ");
}

// js/promote.js
function promotion(board, row, options2) {
let { t } = board, chosen = null, go = button(".primary", t("promote.choose"), () => chosen && box.close("go"), {
"aria-disabled": !0
}), choose = (option) => {
chosen = option, set(go, { "aria-disabled": null }), setText(go, t("promote.go", { cost: option.cost }));
}, list = h("div.promotions"), fill2 = () => {
let shown = options2.filter((option) => all.checked || !option.problem), targets = [...new Set(shown.map(({ target: target2 }) => target2))];
replace(
list,
targets.map(
(name) => target(
shown.filter((option) => option.target === name),
choose,
t
)
)
), shown.length === 0 && setText(list, t("promote.none"));
}, count = options2.filter(({ problem }) => problem).length, all = h("input", { type: "checkbox", onchange: fill2 }), more = count ? h("label.check", all, t("promote.all", { count })) : null;
fill2();
let prompt = h("p.card-prompt", row.prompt), box = dialog(board, t("action.promote"), prompt, list, more, h("div.row", go));
return new Promise((resolve) => {
box.onclose = () => resolve(box.returnValue === "go" ? chosen : null);
});
}
function target(group, choose, t) {
let { title, model, simulated } = group[0], cells = group.map((option) => {
let { resolution, duration, problem, cost } = option, disabled = !!problem, input = h("input", {
type: "radio",
name: "hn-promotion",
disabled,
onchange: () => choose(option)
}), size = h("span", `${resolution} · ${t("common.seconds", { seconds: duration })}`);
return h(
"label.choice",
{ "data-off": disabled },
input,
size,
h("span.soft", problem || cost)
);
}), badge = simulated && h("span.badge", t("common.simulated"));
return h(
"fieldset",
h("legend", `${title} · ${shortModel(model)} `, badge),
h("div.choices", cells)
);
}

// js/states.js
var ACTIVE = new Set(["submitting", "submitted", "ready", "downloading"]), SETTLED = new Set([
"saved",
"rejected",
"failed",
"unknown",
"expired",
"cancelled",
"invalid"
]), TROUBLE = new Set(["rejected", "failed", "unknown", "expired", "invalid"]);
function tone(state) {
return state === "saved" ? "good" : state === "unknown" || state === "cancelled" ? "warn" : TROUBLE.has(state) ? "bad" : ACTIVE.has(state) ? "active" : "idle";
}
function tally(rows) {
let [saved, trouble, settled, sum] = [0, 0, 0, 0];
for (let { state, progress } of rows)
state === "saved" && (saved += 1), TROUBLE.has(state) && (trouble += 1), SETTLED.has(state) && (settled += 1), sum += SETTLED.has(state) ? 1 : progress ?? 0;
return {
count: rows.length,
saved,
trouble,
settled,
fraction: rows.length ? sum / rows.length : 0
};
}
function elapsed(row, now) {
return row.submitted_at === null || row.submitted_at === void 0 ? null : row.finished_at ? Math.max(0, row.finished_at - row.submitted_at) : SETTLED.has(row.state) ? null : Math.max(0, now - row.submitted_at);
}
var MAX_ESTIMATE = 0.95;
function progressOf(row, now) {
let passed = row.parked ? null : elapsed(row, now), late = !!(row.usual_seconds && passed !== null && passed > row.usual_seconds), said = row.progress ?? null;
return said !== null && (row.state !== "submitted" || said > 0) ? { fraction: said, kind: "said", late } : row.state !== "submitted" || !row.usual_seconds || passed === null ? { fraction: said, kind: said === null ? "none" : "said", late } : { fraction: Math.min(MAX_ESTIMATE, passed / row.usual_seconds), kind: "usual", late };
}
var CARD_ACTIONS = {
planned: ["cancel"],
unknown: ["look_again", "send_again"],
failed: ["look_again", "send_again"],
rejected: ["retry"],
expired: ["look_again", "send_again"],
cancelled: ["retry"]
}, MENU_ACTIONS = {
retake: (state) => state !== "invalid" && state !== "planned",
promote: (state) => state !== "invalid",
settings: (state) => state !== "invalid",
python: (state) => state !== "invalid",
retry: (state) => CARD_ACTIONS[state]?.includes("retry") ?? !1,
look_again: (state, { parked }) => (CARD_ACTIONS[state]?.includes("look_again") ?? !1) || parked,
send_again: (state) => CARD_ACTIONS[state]?.includes("send_again") ?? !1,
cancel: (state) => state === "planned",
stop_watching: (state, { parked }) => state === "submitted" && !parked,
delete: (state) => state !== "invalid" && SETTLED.has(state)
};
function cardActions(row, actions) {
return ((row.parked ? ["look_again"] : CARD_ACTIONS[row.state]) ?? []).filter(
(action) => actions.includes(action)
);
}
function menuActions(row, actions) {
return Object.keys(MENU_ACTIONS).filter(
(action) => actions.includes(action) && MENU_ACTIONS[action]?.(row.state, row)
);
}
function aspect(resolution) {
return resolution === "768P" ? 1366 / 768 : 16 / 9;
}

// js/wire.js
var lastId = Math.floor(Math.random() * 2 ** 40);
function listen(model, events, listener, signal) {
for (let event of events) model.on(event, listener);
on(signal, "abort", () => {
for (let event of events) model.off(event, listener);
});
}
var reasonText = (reason) => reason instanceof Error ? reason.message : String(reason), Wire = class {
constructor(model, signal) {
this.model = model, this.waiting = new Map(), listen(model, ["msg:custom"], (content, buffers) => this.receive(content, buffers), signal), on(signal, "abort", () => {
for (let { reject } of this.waiting.values()) reject(new Error("closed"));
this.waiting.clear();
});
}
get open() {
return typeof this.model.send == "function";
}
request(content, onChunk) {
let { id, answer } = this.expect(onChunk);
return this.post({ ...content, id }), answer;
}
expect(onChunk) {
lastId += 1;
let id = lastId, answer = new Promise((resolve, reject) => {
this.waiting.set(id, { resolve, reject, onChunk });
});
return { id, answer };
}
post(content, buffers = []) {
this.model.send ? this.model.send(content, void 0, buffers) : this.waiting.get(content.id)?.reject(new Error("no kernel"));
}
receive(content, buffers) {
let waiting = this.waiting.get(content?.id);
if (!waiting) return;
let kind = content.kind, chunk = kind === "chunk", answer = chunk ? waiting.onChunk?.(content, buffers?.[0]) : content;
chunk && !answer || (kind === "error" ? waiting.reject(new Error(content.error)) : waiting.resolve(answer), this.waiting.delete(content.id));
}
};
function fetchBytes(wire, content, onBytes) {
let chunks = [];
return wire.request(content, ({ seq, size }, piece) => {
chunks[seq] = piece;
let received = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
return onBytes?.(received, size), received < size ? null : new Blob(chunks, { type: "video/mp4" });
});
}

// js/clip_actions.js
var NEEDS_CONFIRMATION = new Set(["delete", "send_again"]);
function clipActions(board, card, { message, confirm, actionRow, menu }) {
let { t, wire, announcer, clips } = board, nameOf = (action) => t(`action.${action}`), special = {
async open() {
let link = await clips.openable(card().row).catch(() => "");
link ? window.open(link, "_blank", "noopener") : showText(message, t("clip.failed"));
},
async python() {
let answer = await request("python");
answer && (await copyText(message, answer.text, nameOf("python"), t("done.python")), announcer.say(t("done.python")));
},
async promote() {
let answer = await request("promotions");
if (!answer) return;
let chosen = await promotion(board, card().row, answer.options);
menu.focus(), chosen && await request("promote", chosen);
}
};
function items() {
let { row } = card();
return [
...row.state === "saved" ? ["open"] : [],
...menuActions(row, board.actions)
].map((action) => ({
label: nameOf(action),
run: () => run(action),
danger: NEEDS_CONFIRMATION.has(action)
}));
}
async function run(action) {
(!NEEDS_CONFIRMATION.has(action) || await confirmed(action)) && await (special[action] ?? (() => request(action)))();
}
async function request(action, content) {
showText(message, t("asking"));
try {
let answer = await wire.request({ kind: "action", action, job: card().row.id, ...content });
showText(message, "");
let done = `done.${action}`;
return t(done) !== done && announcer.say(t(done)), answer;
} catch (reason) {
let text = reasonText(reason);
return text !== "closed" && showText(message, text), announcer.say(text), null;
}
}
function confirmed(action) {
return new Promise((resolve) => {
let answer = (yes2) => () => {
confirm.hidden = !0, replace(confirm), menu.focus(), resolve(yes2);
}, no = button(".small", t("confirm.no"), answer(!1)), yes = button(".small.danger", nameOf(action), answer(!0));
replace(confirm, h("p", t(`confirm.${action}`)), h("div.row", no, yes)), confirm.onkeydown = (event) => {
event.key === "Escape" && answer(!1)();
}, confirm.hidden = !1, no.focus();
});
}
return {
request,
open: () => board.menu.open(menu, t("menu", { clip: card().name }), items),
update(hidden) {
let actions = hidden ? [] : cardActions(card().row, board.actions);
menu.hidden = hidden || board.actions.length === 0 || items().length === 0, refill(
actionRow,
actions,
() => actions.map(
(action) => button(".small", nameOf(action), () => run(action), { "data-action": action })
)
), actionRow.hidden = actions.length === 0;
}
};
}

// js/playback.js
var shiftOf = ({ shift }) => shift ?? 0;
function leader(clips) {
let moving = clips.some(({ running, duration }) => running !== !1 && duration > 0), [best, end] = [-1, -1 / 0];
return clips.forEach((clip, index) => {
if (clip.duration <= 0 || moving && clip.running === !1) return;
let own = clip.duration - shiftOf(clip);
own > end + 1e-6 && ([best, end] = [index, own]);
}), best;
}
function commonTime(clips) {
let lead = clips[leader(clips)];
return lead ? lead.time - shiftOf(lead) : 0;
}
function commonEnd(clips) {
return clips.reduce(
(most, clip) => clip.duration > 0 ? Math.max(most, clip.duration - shiftOf(clip)) : most,
0
);
}
function positionAt(time, duration, shift = 0) {
return Math.min(Math.max(0, time + shift), Math.max(0, duration - 0.02));
}
function movesAt(time, duration, shift = 0) {
return time + shift >= 0 && time + shift < duration - 0.02;
}
function corrections(clips, threshold = 0.1) {
let first = leader(clips);
if (first < 0) return [];
let time = commonTime(clips), found = [];
for (let [index, clip] of clips.entries()) {
if (index === first || clip.duration <= 0) continue;
let shift = shiftOf(clip), to = positionAt(time, clip.duration, shift), held = time + shift >= clip.duration && clip.time >= clip.duration - threshold, off = clip.time - to;
!held && Math.abs(off) > threshold ? found.push({ index, to }) : found.push({
index,
speed: held || Math.abs(off) < 6e-3 ? 1 : 1 - Math.max(-0.15, Math.min(0.15, off * 3))
});
}
return found;
}
function finished(clips, until = null) {
let end = commonEnd(clips);
return end > 0 && commonTime(clips) >= (until ?? end - 0.02);
}
function frameAt(time, fps = 24) {
return Math.max(0, Math.floor(time * fps + 1e-6));
}
function timeOfFrame(frame, fps = 24) {
return (frame + 0.5) / fps;
}
function restingTime(time, fps = 24) {
return timeOfFrame(frameAt(time, fps), fps);
}
function stepped(time, by, end, fps = 24) {
let last = Math.max(0, Math.ceil(end * fps - 0.01) - 1);
return timeOfFrame(Math.min(last, Math.max(0, frameAt(time, fps) + by)), fps);
}
function loopOf(a, b, fps = 24) {
return a === null || b === null ? null : a < b ? [a, Math.max(b, a + 1 / fps)] : [b, Math.max(a, b + 1 / fps)];
}

// js/player.js
var TICK = 50, COOLDOWN = 1e3, Player = class extends EventTarget {
constructor(signal) {
super(), this.members = [], this.playing = !1, this.inStep = !1, this.loop = !0, this.a = null, this.b = null, this.rate = 1, this.round = 0, this.timer = 0, this.at = 0, this.signal = signal, this.ended = () => this.playing && this.tick(), this.moved = () => this.playing || this.changed(), on(signal, "abort", () => clearInterval(this.timer));
}
add(video, { fps, shift } = {}) {
if (this.memberOf(video)) return;
let member = { video, fps: fps || 24, shift: shift ?? 0, seekedAt: 0 };
this.members.push(member), video.playbackRate = this.rate;
let { signal } = this;
on(video, "ended", this.ended, { signal }), on(video, "timeupdate", this.moved, { signal }), this.arrive(member), this.changed();
}
memberOf(video) {
return this.members.find((member) => member.video === video);
}
remove(video) {
this.members = this.members.filter((member) => member.video !== video), this.changed();
}
setShift(video, shift) {
let member = this.memberOf(video);
if (!member || member.shift === shift) return;
let time = this.time;
member.shift = shift, this.inStep = !0, this.place(member, time), this.changed();
}
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
return this.ready[leader(this.positions())]?.fps ?? 24;
}
get section() {
return loopOf(this.a, this.b, this.fps);
}
get frame() {
return frameAt(this.time, this.fps);
}
async play() {
let over = finished(this.positions(), this.section?.[1]), from = this.inStep && !over ? this.time : 0;
await this.startAt(Math.max(from, this.section?.[0] ?? 0));
}
restart() {
return this.startAt(this.section?.[0] ?? 0);
}
async startAt(time) {
this.round += 1;
let round = this.round;
this.playing = !0, this.inStep = !0, this.at = time;
for (let { video } of this.members)
video.loop = !1, video.pause(), video.playbackRate = this.rate;
await this.placeAll(time), !(round !== this.round || !this.playing) && (this.startAll(time), clearInterval(this.timer), this.signal.aborted || (this.timer = window.setInterval(() => this.tick(), TICK)), this.changed());
}
startAll(time) {
for (let { video, shift } of this.ready)
video.paused && movesAt(time, video.duration, shift) && start(video);
}
pause() {
let time = this.playing ? commonTime(this.positions()) : null;
this.round += 1, this.playing = !1, clearInterval(this.timer), this.stopAll(), time !== null && this.rest(restingTime(time, this.fps)), this.changed();
}
toggle() {
this.playing ? this.pause() : this.play();
}
async rest(time) {
this.at = time, this.inStep = !0, await this.placeAll(time), this.changed();
}
placeAll(time) {
return Promise.all(this.ready.map((member) => this.place(member, time)));
}
stopAll() {
for (let { video } of this.members) video.pause();
}
async seekAll(time) {
let to = Math.max(0, Math.min(time, this.duration));
if (!this.playing)
return this.stopAll(), this.rest(stepped(to, 0, this.duration, this.fps));
this.at = to, await this.placeAll(to), this.playing && this.startAll(to), this.changed();
}
async step(by) {
this.playing && this.pause();
let from = this.inStep ? this.at : this.time;
this.stopAll(), await this.rest(stepped(from, by, this.duration, this.fps));
}
setRate(rate) {
this.rate = rate;
for (let { video } of this.members) video.playbackRate = rate;
this.changed();
}
setLoop(loop) {
this.loop = loop, this.changed();
}
markEnd(end) {
let time = this.time, old = this[end];
this[end] = old !== null && Math.abs(old - time) < 1 / this.fps ? null : time, this.changed();
}
tick() {
let ready = this.ready, positions = this.positions(), section = this.section;
if (finished(positions, section?.[1]) || !positions.some(({ running }) => running)) {
positions.length === 0 || this.loop || section ? this.restart() : this.pause();
return;
}
let time = commonTime(positions);
this.at = time;
let now = performance.now();
for (let { index, to, speed } of corrections(positions)) {
let member = ready[index];
!member || now - member.seekedAt < COOLDOWN / 4 || member.video.seeking || (speed !== void 0 ? setRate(member.video, this.rate * speed) : to !== void 0 && now - member.seekedAt > COOLDOWN && this.seek(member, to));
}
for (let [index, { video, shift }] of ready.entries())
!positions[index]?.running && movesAt(time, video.duration, shift) && start(video);
this.changed();
}
arrive(member) {
let { video, shift } = member;
this.playing ? (video.loop = !1, this.place(member, this.time), movesAt(this.time, video.duration, shift) && start(video)) : this.inStep && this.place(member, this.at);
}
refresh() {
let ready = new Set(this.ready);
for (let member of this.members)
ready.has(member) ? member.video.paused && this.arrive(member) : member.video.pause();
this.changed();
}
place(member, time) {
let { video, shift, fps } = member, to = positionAt(time, video.duration, shift);
return this.seek(
member,
this.playing ? to : Math.min(timeOfFrame(frameAt(to, fps), fps), video.duration)
);
}
seek(member, to) {
let { video } = member;
return Math.abs(video.currentTime - to) < 1e-4 && !video.seeking ? Promise.resolve() : (member.seekedAt = performance.now(), new Promise((resolve) => {
let done = () => {
clearTimeout(timer), video.removeEventListener("seeked", done), resolve();
}, timer = setTimeout(done, 1500);
on(video, "seeked", done), video.currentTime = to;
}));
}
changed() {
this.dispatchEvent(new Event("change"));
}
};
function setRate(video, rate) {
video.playbackRate !== rate && (video.playbackRate = rate);
}
function start(video) {
video.play().catch(() => {
});
}

// js/scores.js
var MEASURED = [
"adherence",
"motion",
"sharpness",
"first_frame_ssim",
"kinds",
"extra_moves",
"fit",
"flicker",
"sharpness_drop",
"freeze",
"black_frames",
"cuts",
"loop_seam",
"measured_size",
"measure_notes"
], SHORT = MEASURED.slice(0, 4), hasScores = (rows) => rows.some(({ scores }) => Object.keys(scores).length);
function scoreOf({ scores }, column2) {
return column2 === "kinds" ? scores.kinds_judged ? Number(scores.kinds_right) / Number(scores.kinds_judged) : null : scores[column2] ?? null;
}
function scoreText(row, column2) {
let { scores } = row, value = scoreOf(row, column2);
return value === null ? "" : column2 === "adherence" ? `${Number(value).toFixed(2)} (${scores.moves_judged} / ${scores.moves_requested})` : column2 === "kinds" ? `${scores.kinds_right} / ${scores.kinds_judged}` : column2 === "measured_size" ? `${value} · ${Number(scores.measured_fps).toFixed(1)} fps · ${Number(scores.measured_duration).toFixed(2)} s` : typeof value == "number" ? String(Number(value.toPrecision(3))) : value;
}
function scoreSummary({ t, wire, root }) {
let line = h("summary"), place = h("div.plot"), el = h("details.scores", { hidden: !0 }, line, place), job = "";
on(el, "toggle", async () => {
if (!el.open) return;
let drawn = wire.request({ kind: "plot", job, language: root.lang });
replace(place, await drawn.then(({ svg }) => drawing(svg), reasonText));
});
function update(row) {
job = row.id;
let shown = SHORT.filter((column2) => scoreOf(row, column2) !== null);
el.hidden = shown.length === 0, setText(
line,
shown.map((column2) => `${t(`column.${column2}`)} ${scoreText(row, column2)}`).join(" · ")
);
}
return { el, update };
}
var drawing = (svg) => new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;

// js/card.js
function makeCard(board, row) {
let { t, player, clips, loader } = board, look = { blind: "", prompt: !1, picked: "" }, etaSince = performance.now(), arrivedInView = !1, posterShown = "", loading = new AbortController(), video = null, id = uniqueId("clip"), title = h("h4.card-title", { id }), badge = h("span.badge", t("common.simulated")), menu = button(".square.quiet.more", "⋯", () => actions.open(), {
"aria-haspopup": "menu",
"aria-expanded": !1
}), state = h("span.state"), specs = h("p.specs"), prompt = h("p.card-prompt"), error = h("p.error-text"), advice = h("p.advice"), trouble = h("div.trouble", error, advice), actionRow = h("div.row", { hidden: !0 }), confirm = h("div.confirm", { role: "group", label: t("confirm"), hidden: !0 }), message = h("p.message", { hidden: !0 }), meta = h("dl.meta"), noteList = h("ul.note-list"), noteCount = h("summary"), notes = h("details.notes", noteCount, noteList), fill2 = h("div.bar-fill"), bar = progressBar({ "aria-labelledby": id }, fill2), stageText = h("span.stage-text"), stageMore = h("span.stage-more"), retry = button(".small", t("clip.retry"), load, { hidden: !0 }), poster = h("img.poster", { alt: "", hidden: !0 }), pick = h("button.pick", { onclick: () => board.pick(card.row.id) }), media = h("div.media", poster, h("div.stage", stageText, stageMore, retry), pick), actions = clipActions(board, () => card, { message, confirm, actionRow, menu }), annotations = board.actions.includes("annotate") ? annotationFields(t, (change) => actions.request("annotate", change), board.tagList) : null, scores = scoreSummary(board), annotationsBox = h("div.annotations-box", annotations?.el), head = [h("div.card-head", title, badge, menu), h("div.card-line", specs, state)], body = h(
"div.card-body",
head,
prompt,
trouble,
actionRow,
confirm,
message,
meta,
scores.el,
annotationsBox,
notes
), el = h("li.card", { "aria-labelledby": id }, media, bar, body), card = {
el,
row,
get name() {
return look.blind || card.row.provider_title || card.row.provider;
},
wanted: !1,
loaded: !1,
load,
unload,
update,
tick,
remove() {
unload(), card.wanted = !1, loader.items.delete(card), el.remove();
}
};
return loader.items.add(card), card;
function update(row2, now) {
let before = card.row;
row2.eta !== before.eta && (etaSince = performance.now());
let saved = row2.state === "saved";
saved && before.state !== "saved" && (arrivedInView = !0), card.row = row2, look = now;
let { blind, picked } = look, clip = card.name;
set(el, {
"data-job": row2.id,
"data-state": row2.state,
"data-tone": tone(row2.state),
"data-picked": picked || null
}), setText(title, clip), badge.hidden = !row2.simulated, setText(state, t(`state.${row2.state}`)), showSpecs(), showText(prompt, look.prompt ? row2.prompt : ""), set(prompt, { title: look.prompt ? row2.prompt : null }), showText(error, blind ? "" : row2.error), showText(advice, blind ? "" : row2.advice), trouble.hidden = !!blind || !row2.error && !row2.advice, pick.hidden = !saved, setText(pick, picked);
let label = t("pick", { clip });
if (set(pick, { "aria-pressed": !!picked, label, title: label }), set(menu, { label: t("menu", { clip }) }), showNotes(), card.loaded || showAspect(aspect(row2.resolution)), showPoster(), tick(Date.now() / 1e3), actions.update(!!blind), annotationsBox.hidden = !annotations || row2.state === "invalid", annotations?.update(row2), scores.update(row2), card.wanted = saved, !saved && !video) return;
let shown = video ?? addVideo();
set(shown, { label: blind || t("video", { provider: clip, model: row2.model }) }), player.setShift(shown, board.shiftOf(row2.id));
}
function showSpecs() {
let { row: row2 } = card, { blind } = look, shift = board.shiftOf(row2.id), text = dotted(
!blind && shortModel(row2.model),
!blind && row2.resolution,
t("common.seconds", { seconds: row2.duration }),
row2.take !== null && row2.take > 1 && !blind && t("take", { take: row2.take }),
shift && t("shifted", { seconds: (shift > 0 ? "+" : "−") + Math.abs(shift).toFixed(2) })
);
setText(specs, text), set(specs, { title: blind ? null : row2.model });
}
function showNotes() {
let list = look.blind ? [] : card.row.notes;
notes.hidden = list.length === 0, setText(noteCount, t("notes", { count: list.length })), refill(noteList, list, () => list.map((note) => h("li", note)));
}
function showAspect(ratio) {
media.style.setProperty("--hn-aspect", String(ratio));
}
function showPoster() {
let { row: row2 } = card;
posterShown !== row2.poster && (posterShown = row2.poster, row2.poster ? clips.poster(poster, row2) : poster.hidden = !0);
}
function showProgress(now) {
let { row: row2 } = card, moving = !SETTLED.has(row2.state), { fraction, kind } = progressOf(row2, now), known = kind === "said" && fraction !== null, words = t(`state.${row2.state}`);
bar.hidden = !moving, video || setText(stageText, moving && known && row2.state === "submitted" ? percent(fraction) : words), moving && (set(bar, {
"aria-valuenow": known ? Math.round(fraction * 100) : null,
"aria-valuetext": `${words} ${known ? percent(fraction) : outlook(now)}`.trim(),
"data-unknown": fraction === null && row2.state !== "planned",
"data-usual": kind === "usual"
}), fill2.style.inlineSize = fraction === null ? "" : `${fraction * 100}%`);
}
function tick(now) {
let { row: row2 } = card, passed = elapsed(row2, now), all = {
"fact.time": passed === null ? "" : clock(passed),
"fact.cost": row2.cost,
"fact.size": bytes(row2.bytes)
}, facts = look.blind ? [] : Object.entries(all).filter(([, value]) => value);
refill(
meta,
facts,
() => facts.map(([label, value]) => h("div", h("dt", t(label)), h("dd", value)))
), meta.hidden = facts.length === 0, showProgress(now), SETTLED.has(row2.state) || setText(stageMore, outlook(now));
}
function outlook(now) {
let { row: row2 } = card, { queue_position: place, eta, usual_seconds: usual } = row2;
if (SETTLED.has(row2.state)) return "";
let text = "";
if (eta != null) {
let left = eta - (performance.now() - etaSince) / 1e3;
text = left < 1 ? t("eta.soon") : about(left, (unit, values) => t(`eta.${unit}`, values));
} else if (usual && /^submitt/.test(row2.state)) {
let { late } = progressOf(row2, now);
text = about(usual, (unit, values) => t(late ? `late.${unit}` : `usual.${unit}`, values));
}
return dotted(place && t("queue", { place }), text);
}
function addVideo() {
let made = stageVideo();
return made.loop = !0, on(made, "click", playAlone), on(made, "dblclick", () => made.requestFullscreen?.()), on(made, "fullscreenchange", () => made.controls = document.fullscreenElement === made), video = made, media.append(made), setText(stageText, ""), setText(stageMore, ""), loader.settle(), made;
}
function playAlone() {
video && (player.playing ? player.pause() : video.paused ? (player.inStep = !1, start(video)) : video.pause());
}
function load() {
card.loaded = !0, loading = new AbortController(), video && bring(video, loading.signal);
}
function unload() {
card.loaded = !1, loading.abort(), video && (player.remove(video), unloadVideo(video), media.removeAttribute("data-clip"));
}
async function bring(video2, signal) {
retry.hidden = !0, set(media, { "data-clip": "loading" }), setText(stageText, t("clip.loading"));
try {
if (await clips.show(
video2,
card.row,
signal,
(got, size) => setText(stageMore, `${bytes(got)} / ${bytes(size)}`)
), signal.aborted) return;
video2.videoWidth && showAspect(video2.videoWidth / video2.videoHeight), set(media, { "data-clip": "shown" }), setText(stageText, ""), player.add(video2, { fps: card.row.fps, shift: board.shiftOf(card.row.id) }), arrivedInView && !player.playing && !player.inStep && !prefersReducedMotion() && start(video2), arrivedInView = !1;
} catch (reason) {
if (signal.aborted) return;
set(media, { "data-clip": "failed" }), setText(stageText, t("clip.failed")), setText(
stageMore,
`${card.row.video ?? ""} ${reason instanceof Error ? reason.message : ""}`.trim()
), retry.hidden = !1;
}
}
}
function stageVideo() {
let video = h("video.video", { playsinline: !0, preload: "auto", muted: !0 });
return video.muted = !0, video;
}
function unloadVideo(video) {
video.removeAttribute("src"), video.load();
}
var progressBar = (props, fill2) => h("div.bar", { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100, ...props }, fill2);
function about(time, say) {
let seconds = roundEta(time);
return seconds < 60 ? say("seconds", { seconds }) : say("minutes", { minutes: Math.round(seconds / 30) / 2 });
}

// js/board_header.js
function boardHead(t, source, help) {
let title = h("h3.title"), prompt = h("p.board-prompt"), count = h("span.count"), fill2 = h("div.bar-fill"), progress = progressBar({ label: t("progress") }, fill2);
progress.classList.add("hn-bar-whole");
let keys = button(".small.quiet", "?", help, { label: t("help"), title: t("help") }), line = h("div.title-line", title, count, h("span.head-end", source.language, keys)), el = h("header.board-head", line, prompt, progress);
function update(rows, shared) {
let { count: all, saved, trouble, settled, fraction } = tally(rows);
showText(title, source.title() || t("title")), showText(prompt, shared), set(prompt, { title: shared });
let numbers = dotted(
t("saved", { count: all, saved }),
trouble && t("trouble", { count: trouble })
);
showText(count, all ? numbers : ""), progress.hidden = settled === all, set(progress, { "aria-valuenow": Math.round(fraction * 100) }), fill2.style.inlineSize = `${fraction * 100}%`;
}
return { el, update };
}

// js/shortcuts.js
var TYPED = "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable], dialog", BUSY = "[role=slider], [role=menu], input[type=range], input[type=radio]", PRESSED = "button, summary, a, input, [role=menuitem]";
function findShortcut(event, shortcuts) {
let { key, target: target2, ctrlKey, metaKey, altKey, isComposing, defaultPrevented } = event, within = (what) => target2 instanceof Element && target2.closest(what);
if (!(ctrlKey || metaKey || altKey || isComposing || defaultPrevented || within(TYPED)) && !(/^(Arrow|\d)/.test(key) && within(BUSY)) && !(key === " " && within(PRESSED)))
return shortcuts.find(([one]) => one === (key.length === 1 ? key.toLowerCase() : key));
}
var NAMES = { " ": "␣", ArrowLeft: "←", ArrowRight: "→" };
function showHelp(board, shortcuts) {
let { t } = board, lines = shortcuts.map(
([key, say]) => h("tr", h("td", h("kbd", NAMES[key] ?? key.toUpperCase())), h("td", t(say)))
);
dialog(board, t("help"), h("table.keys", h("tbody", lines)), h("p.soft", t("help.hint")));
}

// js/board_keys.js
function boardKeys(board, view, { change, full, filter, swap, close, vote }) {
let { player } = board, seek = (by) => () => player.seekAll(player.time + by), pair = (mode) => () => change(view.view === "vote" ? { voteMode: mode } : { view: "pair", mode }), cast = (outcome) => () => vote.cast(outcome), help = () => showHelp(board, shortcuts), shortcuts = [
[" ", "key.play", () => player.toggle()],
["ArrowLeft", "key.left", seek(-1)],
["ArrowRight", "key.right", seek(1)],
[",", "step.back", () => player.step(-1)],
[".", "step.on", () => player.step(1)],
["l", "loop", () => player.setLoop(!player.loop)],
["[", "loop.a", () => player.markEnd("a")],
["]", "loop.b", () => player.markEnd("b")],
["c", "mode.side", pair("side")],
["w", "mode.wipe", pair("wipe")],
["d", "mode.difference", pair("difference")],
["k", "mode.flicker", pair("flicker")],
["s", "swap", swap],
["f", "full", full],
["b", "blind", () => change({ blind: !view.blind })],
["/", "filter", filter]
];
board.actions.includes("vote") && shortcuts.push(
["1", "vote.left", cast("first")],
["2", "vote.right", cast("second")],
["0", "vote.tie", cast("tie")]
), shortcuts.push(
["?", "help", help],
["Escape", "pair.close", () => view.view === "pair" && close()]
);
function onKey(event) {
let found = findShortcut(event, shortcuts);
!found || /^\d$/.test(event.key) && view.view !== "vote" || (event.preventDefault(), found[2]());
}
return { onKey, help };
}

// js/board_rows.js
var AXES = ["prompt", "provider", "model", "camera", "format"], NO_FILTER = { text: "", provider: "", state: "", rating: 0, tag: "" };
function keyOf(row, axis) {
return axis === "format" ? `${row.resolution} · ${row.duration} s` : String(row[axis] ?? "");
}
function labelOf(row, axis) {
return axis === "provider" ? row.provider_title || row.provider : keyOf(row, axis);
}
function filterRows(rows, filter, blind = !1) {
let words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
return rows.filter((row) => {
let named2 = blind ? [] : [row.provider_title, row.provider, row.model, row.error, row.id, row.task_id], hay = [row.prompt, row.note, ...row.tags ?? [], row.resolution, ...named2].join(`
`).toLowerCase();
return words.every((word) => hay.includes(word)) && (blind || !filter.provider || row.provider === filter.provider) && (!filter.state || row.state === filter.state) && (row.rating ?? 0) >= filter.rating && (!filter.tag || (row.tags ?? []).includes(filter.tag));
});
}
function filtersSet(filter) {
return Object.values(filter).filter(Boolean).length;
}
function costValue(cost) {
let found = /\d+(\.\d+)?/.exec(cost);
return found ? Number(found[0]) : cost.startsWith("free") ? 0 : null;
}
function sortValue(row, by, now) {
if (MEASURED.includes(by)) return scoreOf(row, by);
if (by === "time") return elapsed(row, now);
if (by === "cost") return costValue(row.cost);
if (by === "tags") return (row.tags ?? []).join(", ");
if (by === "rating") return row.rating || null;
if (by === "provider" || by === "format") return labelOf(row, by);
let value = row[by];
return typeof value == "number" ? value : String(value ?? "");
}
function sortRows(rows, { by, down }, now = 0) {
if (!by) return [...rows];
let words = new Intl.Collator(void 0, { numeric: !0, sensitivity: "base" }), keyed = rows.map((row) => ({ row, value: sortValue(row, by, now) })), missing = (value) => value === null || value === "";
return keyed.sort((a, b) => {
if (missing(a.value) || missing(b.value))
return Number(missing(a.value)) - Number(missing(b.value));
let order = typeof a.value == "number" && typeof b.value == "number" ? a.value - b.value : words.compare(String(a.value), String(b.value));
return down ? -order : order;
}), keyed.map(({ row }) => row);
}
function groupRows(rows, axis) {
let groups = new Map();
for (let row of rows) {
let key = keyOf(row, axis), group = groups.get(key) ?? { key, label: labelOf(row, axis), rows: [] };
group.rows.push(row), groups.set(key, group);
}
return [...groups.values()];
}
function matrixOf(rows, down, across) {
let columns2 = groupRows(rows, across).map(({ key, label }) => ({ key, label })), lines = groupRows(rows, down).map(({ key, label, rows: line }) => ({
key,
label,
cells: columns2.map((column2) => line.filter((row) => keyOf(row, across) === column2.key))
}));
return { columns: columns2, rows: lines };
}
function valuesOf(rows, axis) {
return groupRows(rows, axis).map(({ key, label }) => ({ key, label }));
}
function tagsOf(rows) {
return [...new Set(rows.flatMap((row) => row.tags ?? []))].sort();
}
function defaultView(rows) {
let several = (axis) => new Set(rows.map((row) => keyOf(row, axis))).size > 1;
return several("prompt") && several("provider") ? "matrix" : "grid";
}

// js/card_grid.js
function cardGrid(t, elementOf) {
let el = h("div.card-grid"), sections = new Map(), matrix = null, most = 0, none = t("group.none");
function deal(lists, rows) {
let cards = rows.map((own) => own.map(({ id }) => elementOf(id))), wanted = new Set(cards.flat());
for (let [index, list] of lists.entries()) fill(list, cards[index] ?? [], wanted);
}
function showGroups(groups, titled) {
let shown = groups.map(({ key, label, rows }) => {
let section = sections.get(key) ?? makeSection();
return sections.set(key, section), showText(section.title, titled ? `${label || none} (${rows.length})` : ""), section;
});
fill(
el,
shown.map((section) => section.el),
new Set(el.children)
), deal(
shown.map(({ list }) => list),
groups.map(({ rows }) => rows)
), most = Math.max(0, ...groups.map(({ rows }) => rows.length)), matrix?.el.remove(), matrix = null, dropSections(groups.map(({ key }) => key)), arrange();
}
function showMatrix(wanted, corner) {
let key = JSON.stringify([
corner,
wanted.columns,
wanted.rows.map(({ key: key2, label }) => [key2, label])
]), stale = matrix;
matrix?.key !== key && (matrix = { ...makeMatrix(wanted, corner), key }, el.append(matrix.el)), deal(
matrix.cells,
wanted.rows.flatMap(({ cells }) => cells)
), stale !== matrix && stale?.el.remove(), dropSections([]);
}
function arrange() {
el.style.setProperty("--hn-columns", String(columns(most, el.clientWidth || 900)));
}
function makeSection() {
let title = h("h4.group-title", { id: uniqueId("group") }), list = h("ul.grid", { role: "list", label: t("list") });
return { el: h("div.group", title, list), list, title };
}
function makeMatrix(wanted, corner) {
let heads = wanted.columns.map(({ label }) => column(label || none)), cells = [], lines = wanted.rows.map(({ label, cells: { length } }) => {
let own = Array.from({ length }, () => h("ul.cell", { role: "list" }));
cells.push(...own);
let head2 = h("th", { scope: "row" }, h("div", { title: label }, label || none));
return h(
"tr",
head2,
own.map((list) => h("td", list))
);
}), head = h("tr", h("th.corner", { scope: "col" }, corner), heads), table = h("table.matrix", h("thead", head), h("tbody", lines));
return table.style.setProperty("--hn-across", String(heads.length)), {
el: h("div.scroll", { role: "region", tabindex: 0, label: t("view.matrix") }, table),
cells
};
}
function dropSections(kept2) {
for (let [key, section] of sections)
kept2.includes(key) || (section.el.remove(), sections.delete(key));
}
return { el, showGroups, showMatrix, arrange };
}
function fill(parent, elements, wanted) {
let mover = parent, cursor = parent.firstElementChild;
for (let el of elements)
el === cursor ? cursor = cursor.nextElementSibling : mover.moveBefore && el.isConnected && parent.isConnected ? mover.moveBefore(el, cursor) : parent.insertBefore(el, cursor);
for (; cursor; ) {
let next = cursor.nextElementSibling;
wanted.has(cursor) || cursor.remove(), cursor = next;
}
}
function columns(count, width, { narrowest = 256, gap = 12 } = {}) {
let most = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
if (count <= most) return Math.max(1, count);
let rows = Math.ceil(count / most);
return Math.ceil(count / rows);
}

// js/word_diff.js
var TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}'’]+|\s+|[\s\S]/gu;
function wordDiff(first, second) {
let a = first.match(TOKEN) ?? [], b = second.match(TOKEN) ?? [], start2 = 0;
for (; start2 < a.length && start2 < b.length && a[start2] === b[start2]; ) start2 += 1;
let end = 0;
for (; end < a.length - start2 && end < b.length - start2 && a.at(-1 - end) === b.at(-1 - end); )
end += 1;
let [keepA, keepB] = common(a.slice(start2, a.length - end), b.slice(start2, b.length - end)), inside = (keep) => (index) => keep[index - start2] ?? !0;
return [parts(a, inside(keepA)), parts(b, inside(keepB))];
}
function common(a, b) {
let width = b.length + 1, lengths = new Uint16Array((a.length + 1) * width), at = (index) => lengths[index] ?? 0;
for (let i = a.length - 1; i >= 0; i -= 1)
for (let j = b.length - 1; j >= 0; j -= 1) {
let here = i * width + j;
lengths[here] = a[i] === b[j] ? at(here + width + 1) + 1 : Math.max(at(here + width), at(here + 1));
}
let keepA = a.map(() => !1), keepB = b.map(() => !1);
for (let i = 0, j = 0; i < a.length && j < b.length; )
a[i] === b[j] ? (keepA[i] = keepB[j] = !0, i += 1, j += 1) : at((i + 1) * width + j) >= at(i * width + j + 1) ? i += 1 : j += 1;
return [keepA, keepB];
}
function parts(tokens, kept2) {
let found = [];
return tokens.forEach((text, index) => {
let changed = !text.trim() && index > 0 && index < tokens.length - 1 ? !kept2(index - 1) && !kept2(index + 1) : !kept2(index), last = found.at(-1);
last && last.changed === changed ? last.text += text : found.push({ text, changed });
}), found;
}

// js/pair_view.js
var MODES = ["side", "wipe", "difference", "flicker"], FLICKER = 600, STEPS2 = {
ArrowLeft: -2,
ArrowDown: -2,
ArrowRight: 2,
ArrowUp: 2,
PageDown: -10,
PageUp: 10,
Home: -100,
End: 100
}, promptWords = (a, b) => wordDiff(a.prompt, b.prompt).map((parts2, index) => {
let words = parts2.map(({ text, changed }) => changed ? h("mark", text) : text);
return h("p.words", h("b", "AB".charAt(index)), " ", words);
});
function pairView(board, callbacks) {
let { t, player, clips } = board, sides = new Map(), pair = null, wipe = 50, timer = 0, label = t("wipe.position"), line = h("div.wipe-line", {
role: "slider",
tabindex: 0,
label,
"aria-valuemin": 0,
"aria-valuemax": 100
}), stage = h("div.pair-stage", line), modes = choice(
t("view.pair"),
"mode",
MODES.map((mode) => [mode, t(`mode.${mode}`)]),
callbacks.mode
), turn = () => stage.toggleAttribute("data-turned"), shifts = ["A", "B"].map((side, index) => {
let title = t("shift", { side }), input = h("input.input.shift", {
type: "number",
step: 0.04,
value: 0,
label: title,
onchange: () => pair && callbacks.shift(pair[index ? 1 : 0].id, Number(input.value) || 0)
}), unit = (text) => h("span", { "aria-hidden": !0 }, text);
return { input, el: h("label.shift-label", { title }, unit(`${side} +`), input, unit("s")) };
}), swap = button(".small", t("swap"), callbacks.swap), close = button(".small", t("pair.close"), callbacks.close), tools = h(
"div.row.pair-tools",
modes.el,
button(".small.other", t("flicker.turn"), turn),
swap,
shifts.map(({ el: el2 }) => el2),
button(".small", t("full"), callbacks.full),
close
), words = h("div.pair-words"), error = h("p.message", { hidden: !0 }), el = h("div.pair", { hidden: !0 }, tools, stage, error, words), drag = (event) => {
let box = stage.getBoundingClientRect();
setWipe((event.clientX - box.left) / box.width * 100);
};
on(stage, "pointerdown", (event) => {
if (el.dataset.mode !== "wipe") return player.toggle();
stage.setPointerCapture(event.pointerId), drag(event);
}), on(stage, "pointermove", (event) => stage.hasPointerCapture(event.pointerId) && drag(event)), on(line, "keydown", (event) => {
let step = STEPS2[event.key];
step && (event.preventDefault(), setWipe(wipe + step));
}), on(board.signal, "abort", hide);
function setWipe(percent2) {
wipe = Math.min(100, Math.max(0, percent2)), stage.style.setProperty("--hn-wipe", `${wipe}%`), set(line, { "aria-valuenow": Math.round(wipe), "aria-valuetext": `${Math.round(wipe)} %` });
}
function show(rows, mode, { names, blind, closable }) {
pair = rows;
let [a, b] = rows;
el.hidden = !1, close.hidden = !closable, swap.hidden = blind, set(el, { "data-mode": mode }), modes.show(mode);
for (let id of sides.keys()) id !== a.id && id !== b.id && drop(id);
putInOrder(showSide(a, 0, names[0], blind), showSide(b, 1, names[1], blind)), stage.style.setProperty("--hn-aspect", String(aspect(a.resolution))), line.hidden = mode !== "wipe", setWipe(wipe), words.hidden = a.prompt === b.prompt, refill(words, [a.id, b.id], () => [h("p.soft", t("words")), ...promptWords(a, b)]), clearInterval(timer), mode === "flicker" && !prefersReducedMotion() && (timer = window.setInterval(turn, FLICKER));
}
function showSide(row, index, name, blind) {
let side = sides.get(row.id) ?? make(row), shift = board.shiftOf(row.id);
set(side.el, { "data-side": index ? "b" : "a" }), setText(side.label, blind || !row.model ? name : `${name} · ${shortModel(row.model)}`), set(side.video, { label: side.label.textContent }), player.setShift(side.video, shift);
let { input } = shifts[index];
return hasFocus(input) || (input.value = String(shift)), side.el;
}
function putInOrder(first, second) {
if (first.nextElementSibling === second) return;
let mover = stage;
(mover.moveBefore ?? mover.insertBefore).call(stage, second, line);
}
function make(row) {
let video = stageVideo(), label2 = h("span.pair-label"), life = new AbortController(), side = { el: h("div.pair-side", video, label2), video, label: label2, life };
return sides.set(row.id, side), stage.insertBefore(side.el, line), showText(error, ""), clips.show(video, row, life.signal).then(
() => life.signal.aborted || player.add(video, { fps: row.fps, shift: board.shiftOf(row.id) }),
(reason) => showText(error, `${t("clip.failed")}: ${reason.message}`)
), side;
}
function drop(id) {
let { life, video, el: el2 } = sides.get(id);
sides.delete(id), life.abort(), player.remove(video), unloadVideo(video), el2.remove();
}
function hide() {
clearInterval(timer), el.hidden = !0, pair = null;
for (let id of sides.keys()) drop(id);
}
return { el, show, hide };
}

// js/pairing.js
var pairKey = (a, b) => a < b ? `${a} ${b}` : `${b} ${a}`;
function nextPair(rows, votes2, random, last = "") {
let saved = rows.filter(({ state }) => state === "saved"), met = new Map(votes2.map(({ first, second, count }) => [pairKey(first, second), count])), seen = new Map();
for (let { first, second, count } of votes2)
for (let id of [first, second]) seen.set(id, (seen.get(id) ?? 0) + count);
let best = null;
for (let [index, first] of saved.entries())
for (let second of saved.slice(index + 1)) {
let key = pairKey(first.id, second.id), apart = first.provider !== second.provider || first.model !== second.model, order = [
met.get(key) ?? 0,
+(key === last),
+(first.prompt !== second.prompt) + +!apart,
(seen.get(first.id) ?? 0) + (seen.get(second.id) ?? 0),
random()
];
(!best || less(order, best.order)) && (best = { pair: [first, second], order });
}
if (!best) return null;
let [left, right] = best.pair;
return random() < 0.5 ? [left, right] : [right, left];
}
function less(a, b) {
let at = a.findIndex((value, index) => value !== b[index]);
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
for (let letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 16777619);
return value = Math.imul(value ^ value >>> 15, 2246822507), (value ^ value >>> 13) >>> 0;
}

// js/table_view.js
var COLUMNS = [
"prompt",
"provider",
"model",
"camera",
"format",
"take",
"state",
"time",
"cost",
"bytes",
"rating",
"tags",
"note",
"task_id",
"error",
...MEASURED
], DEFAULT_COLUMNS = [
"prompt",
"provider",
"model",
"format",
"take",
"state",
"time",
"cost",
"rating",
"adherence",
"motion",
"sharpness"
], NAMES2 = [
"provider",
"model",
"format",
"take",
"time",
"cost",
"bytes",
"task_id",
"error",
"measured_size",
"measure_notes"
], shownColumns = (chosen, blind, rated, scored = !1) => COLUMNS.filter(
(name) => chosen.includes(name) && !(blind && NAMES2.includes(name)) && (rated || name !== "rating") && (scored || !MEASURED.includes(name))
);
function cellText(row, column2, t) {
let value = sortValue(row, column2, Date.now() / 1e3);
if (column2 === "cost") return row.cost;
if (MEASURED.includes(column2)) return scoreText(row, column2);
if (value === null) return "";
if (column2 === "format")
return `${row.resolution} · ${t("common.seconds", { seconds: row.duration })}`;
if (column2 === "model") return shortModel(row.model);
if (column2 === "time") return clock(Number(value));
if (column2 === "bytes") return bytes(row.bytes);
if (column2 === "rating") return starText(row.rating);
if (column2 === "provider" && row.simulated) return `${value} (${t("common.simulated")})`;
if (column2 !== "state") return String(value);
let state = t(`state.${row.state}`);
return !SETTLED.has(row.state) && row.progress ? `${state} ${percent(row.progress)}` : state;
}
function tableView({ t, clips }, callbacks) {
let head = h("tr"), body = h("tbody"), table = h("table.table", h("thead", head), body), el = h("div.scroll", { role: "region", tabindex: 0, label: t("view.table") }, table), lines = new Map();
function show(rows, columns2, sort, nameOf) {
showHead(columns2, sort);
let wanted = new Set(rows.map(({ id }) => id));
for (let id of lines.keys()) wanted.has(id) || lines.delete(id);
let parts2 = rows.map((row) => {
let line = lines.get(row.id) ?? makeLine(row.id, columns2.length);
return lines.set(row.id, line), update(line, row, columns2, nameOf(row.id)), line.el;
});
(parts2.some((part, index) => body.children[index] !== part) || body.children.length > parts2.length) && replace(body, parts2);
}
function showHead(columns2, sort) {
refill(head, columns2, () => {
lines.clear();
let cell = (name) => h(
"th",
{
scope: "col",
"data-column": name,
title: MEASURED.includes(name) ? t(`about.${name}`) : null
},
h("button.sort", { onclick: () => callbacks.sort(name) }, t(`column.${name}`))
);
return [column(h("span.sr", t("column.clip"))), ...columns2.map(cell)];
});
let way = sort.down ? "descending" : "ascending";
for (let th of head.children)
set(th, { "aria-sort": th.getAttribute("data-column") === sort.by ? way : null });
}
function makeLine(id, count) {
let image = h("img.thumb", { alt: "", loading: "lazy", hidden: !0 }), open = h(
"button.thumb-button",
{ onclick: () => callbacks.show(id) },
image,
icon("play")
), cells = Array.from({ length: count }, () => h("td"));
return {
el: h("tr", { "data-job": id }, h("td.thumb-cell", open), cells),
cells,
image,
open,
poster: ""
};
}
function update(line, row, columns2, clip) {
set(line.el, { "data-state": row.state }), set(line.open, { label: t("table.show", { clip }) }), line.poster !== row.poster && (line.poster = row.poster, row.poster && clips.poster(line.image, row)), line.cells.forEach((cell, index) => {
let column2 = columns2[index] ?? "", text = cellText(row, column2, t);
setText(cell, text), set(cell, {
"data-column": column2,
"data-tone": column2 === "state" ? tone(row.state) : null,
label: column2 === "rating" && text ? t("stars", { count: row.rating }) : null,
title: text.length > 60 ? text : null
});
});
}
return { el, show };
}

// js/toolbar.js
var VIEWS = ["grid", "matrix", "table", "pair", "vote"], SORTS = ["", "rating down", "time", "cost", "provider", "model", "prompt", "state"], MEASURED_SORTS = SHORT.map((name) => `${name} down`), FACETS = ["provider", "state", "rating", "tag"];
function toolbar({ t, menu, actions }, change) {
let now = null, scored = !1, filterOf = () => now?.filter ?? NO_FILTER, views = choice(
t("views"),
"view",
VIEWS.map((view) => [view, t(`view.${view}`)]),
(view) => change({ view })
), labelled = (text2, box) => ({ box, el: h("label.pick-one", h("span", text2), box) }), axis = (text2, name, axes) => {
let words = (by) => t(by ? `column.${by}` : "group.off"), box = select(
{ onchange: () => change({ [name]: box.value }) },
axes.map((by) => [by, words(by)])
);
return labelled(text2, box);
}, group = axis(t("group"), "group", ["", ...AXES]), down = axis(t("rows"), "down", AXES), across = axis(t("across"), "across", AXES), sortWords = (by) => t(by ? `column.${by.split(" ")[0]}` : "sort.none"), sort = labelled(t("sort"), select({ onchange: order }, [])), columns2 = button(
".small",
t("columns"),
() => menu.open(columns2, t("columns"), columnItems),
{
"aria-haspopup": "menu",
"aria-expanded": !1
}
), hint = { title: t("blind.hint") }, blind = button(".small", t("blind"), () => change({ blind: !now?.blind }), hint), filters = button(".small", "", () => change({ filtering: !now?.filtering })), placeholder = t("filter.text"), text = h("input.input", { type: "search", placeholder, label: placeholder });
on(
text,
"input compositionend",
({ isComposing }) => isComposing || narrow({ text: text.value })
);
let facets = FACETS.map((name) => {
let onchange = () => narrow({ [name]: name === "rating" ? Number(box.value) : box.value }), box = select({ label: t(`filter.${name}`), onchange }, []);
return { name, box };
}), clear = button(
".small.quiet",
t("filter.clear"),
() => change({ filter: { ...NO_FILTER } })
), count = h("span.soft"), boxes = facets.map(({ box }) => box), search = { role: "search", label: t("filter") }, filterRow = h("div.row.filters", search, text, boxes, clear, count), choices = h(
"div.row",
views.el,
group.el,
down.el,
across.el,
sort.el,
columns2,
filters,
blind
), el = h("div.toolbar", choices, filterRow);
function order() {
let [by = "", way] = sort.box.value.split(" ");
change({ sort: { by, down: way === "down" } });
}
function columnItems() {
let shown = now?.columns ?? [];
return COLUMNS.filter((name) => scored || !MEASURED.includes(name)).map((name) => {
let checked = shown.includes(name), next = checked ? shown.filter((one) => one !== name) : [...shown, name];
return {
label: t(`column.${name}`),
checked,
stay: !0,
run: () => change({ columns: next })
};
});
}
function narrow(patch) {
change({ filter: { ...filterOf(), ...patch } });
}
let values = {
provider: (all) => valuesOf(all, "provider").map(({ key, label }) => [key, named(all, key, label, t)]),
state: (all) => valuesOf(all, "state").map(({ key }) => [key, t(`state.${key}`)]),
rating: () => [1, 2, 3, 4, 5].map((stars) => [
String(stars),
`${"★".repeat(stars)}${stars < 5 ? " +" : ""}`
]),
tag: (all) => tagsOf(all).map((tag) => [tag, tag])
};
function update(view, all, shown) {
now = view, el.hidden = all.length < 2;
let several = all.filter((row) => row.state === "saved").length > 1, rated = actions.includes("annotate") || all.some((row) => row.rating || row.tags.length), what = view.view;
views.show(what);
for (let [name, one] of views.buttons)
one.hidden = name === "pair" && !several || name === "vote" && !(several && actions.includes("vote"));
group.el.hidden = what !== "grid", down.el.hidden = across.el.hidden = what !== "matrix", columns2.hidden = what !== "table", sort.el.hidden = view.blind || !["grid", "matrix"].includes(what), group.box.value = view.group, down.box.value = view.down, across.box.value = view.across, scored = hasScores(all);
let sorts = scored ? [...SORTS, ...MEASURED_SORTS] : SORTS;
refill(sort.box, scored, () => options(sorts.map((by) => [by, sortWords(by)]))), sort.box.value = sorts.find((by) => by.split(" ")[0] === view.sort.by) ?? "";
let many = filtersSet(view.filter);
setText(filters, many ? t("filter.set", { count: many }) : t("filter")), set(filters, { "aria-expanded": view.filtering }), set(blind, { "aria-pressed": view.blind }), blind.hidden = what === "vote" || what === "pair", filterRow.hidden = !view.filtering, hasFocus(text) || (text.value = view.filter.text);
for (let { name, box } of facets) {
if (box.hidden = name === "provider" ? view.blind : name !== "state" && !rated, !view.filtering) continue;
let list = [
["", t(`filter.${name}`)],
...values[name](all)
];
refill(box, list, () => options(list)), box.value = String(view.filter[name] || "");
}
setText(count, t("filter.count", { shown, count: all.length })), clear.hidden = many === 0;
}
return { el, update, text };
}
function named(rows, key, label, t) {
return rows.some((row) => row.provider === key && row.simulated) ? `${label} (${t("common.simulated")})` : label;
}

// js/transport_bar.js
var RATES = [0.1, 0.25, 0.5, 1, 1.5, 2];
function transportBar(player, t, full) {
let square = (key, face, click) => button(".square", face, click, { label: t(key), title: t(key) }), picture = icon("play"), label = h("span"), toggle = button(".primary", picture, () => player.toggle());
toggle.append(label);
let steps = [
square("restart", icon("restart"), () => player.restart()),
square("step.back", icon("back"), () => player.step(-1)),
square("step.on", icon("on"), () => player.step(1))
], loop = square("loop", "↻", () => player.setLoop(!player.loop)), a = square("loop.a", "A", () => player.markEnd("a")), b = square("loop.b", "B", () => player.markEnd("b")), oninput = () => player.seekAll(Number(time.value)), time = h("input.time", {
type: "range",
min: 0,
max: 1,
value: 0,
label: t("time"),
oninput
}), section = h("span.section", { hidden: !0 }), line = h("div.time-line", time, section), read = h("span.time-text", { title: t("frame") }), onchange = () => player.setRate(Number(speed.value)), speed = select(
{ label: t("speed"), onchange },
RATES.map((rate) => [String(rate), `${rate}×`])
), rest = [line, read, speed, loop, a, b, square("full", icon("full"), full)], el = h("div.transport", { role: "group", label: t("transport") }, toggle, steps, rest);
function update() {
let { duration, fps, playing, section: ends } = player, at = Math.max(0, Math.min(player.time, duration));
el.hidden = duration === 0, setText(label, t(playing ? "pause_all" : "play_all")), set(picture, { "data-icon": playing ? "pause" : "play" }), set(time, { max: duration || 1, step: (1 / fps).toFixed(6), "aria-valuetext": fineClock(at) }), (!hasFocus(time) || playing) && (time.value = String(at)), setText(read, `${fineClock(at)} / ${fineClock(duration)} · ${playing ? "–" : player.frame}`), set(loop, { "aria-pressed": player.loop }), set(a, { "aria-pressed": player.a !== null }), set(b, { "aria-pressed": player.b !== null }), speed.value = String(player.rate), section.hidden = !ends || !duration;
let [from, to] = ends ?? [0, 0], share = (seconds) => `${seconds / duration * 100}%`;
section.style.cssText = `inset-inline-start:${share(from)};inline-size:${share(to - from)}`;
}
return on(player, "change", update), update(), { el, update };
}

// js/vote.js
var RANKED = ["provider", "model", "prompt"], OUTCOMES = [
["first", "vote.left", "1"],
["tie", "vote.tie", "0"],
["second", "vote.right", "2"]
];
function votes({ t, wire, announcer }, changed) {
let sending = !1, by = "provider", standing = null, rows = [], question = h("p.vote-question"), buttons = OUTCOMES.map(([outcome = "", key = "", stroke]) => {
let one = button("", t(key), () => cast(outcome), { "data-outcome": outcome });
return one.append(h("kbd", stroke)), one;
}), next = button(".primary", t("vote.next"), () => {
choose(), changed(), buttons[0]?.focus();
}), count = h("span.soft"), message = h("p.message", { hidden: !0 }), tabs = choice(
t("ranking.by"),
"by",
RANKED.map((name) => [name, t(`column.${name}`)]),
(name) => {
by = name, update();
}
), chart = h("div.scroll"), title = h("div.row", h("h4", t("ranking")), tabs.el), box = h("section.ranking-box", { label: t("ranking") }, title, chart), row = h("div.row.vote-buttons", buttons, next, count), vote = {
el: h("div.vote", { hidden: !0 }, question, row, message, box),
pair: null,
revealed: !1,
cast,
nameOf,
show(able) {
rows = able, standing ? vote.pair?.every(({ id }) => rows.some((one) => one.id === id)) || choose() : request({ action: "ranking" }, choose), update();
}
};
return vote;
async function request(content, then) {
if (!sending) {
sending = !0;
try {
standing = await wire.request({ kind: "action", ...content }), then(), sending = !1, changed();
} catch (reason) {
sending = !1;
let text = reasonText(reason);
text !== "closed" && showText(message, text);
}
}
}
function choose() {
let last = vote.pair ? keyOfPair(vote.pair) : "";
vote.pair = nextPair(rows, standing?.votes ?? [], Math.random, last), vote.revealed = !1;
}
async function cast(outcome) {
if (!vote.pair || vote.revealed) return;
let [first, second] = vote.pair.map(({ id }) => id);
await request({ action: "vote", first, second, outcome, blind: !0 }, () => {
vote.revealed = !0, showText(message, ""), announcer.say(t("vote.kept", { left: nameOf(0), right: nameOf(1) }));
}), vote.revealed && next.focus();
}
function providerOf({ provider, provider_title, simulated }) {
return `${provider_title || provider}${simulated ? ` (${t("common.simulated")})` : ""}`;
}
function nameOf(side) {
let row2 = vote.pair?.[side];
return vote.revealed && row2 ? providerOf(row2) : t(side ? "right" : "left");
}
function update() {
let { pair, revealed } = vote;
setText(
count,
t("vote.count", { count: (standing?.votes ?? []).reduce((all, met) => all + met.count, 0) })
), setText(question, t(pair ? revealed ? "vote.revealed" : "vote.question" : "vote.none"));
for (let one of buttons) one.hidden = revealed || !pair;
next.hidden = !revealed, tabs.show(by), replace(chart, ranking(standing?.ranking[by] ?? [], labelOf2, t));
}
function labelOf2(item) {
let row2 = by === "provider" && rows.find(({ provider }) => provider === item);
return row2 ? providerOf(row2) : by === "model" ? shortModel(item) : item;
}
}
function ranking(ranks, label, t) {
if (ranks.length === 0) return h("p.soft", t("ranking.empty"));
let low = Math.min(0, ...ranks.map((rank) => rank.low)), wide = Math.max(0.1, Math.max(0, ...ranks.map((rank) => rank.high)) - low), share = (value) => `${value / wide * 100}%`, mark = (name, value, size = "") => {
let el = h(`span.${name}`);
return el.style.cssText = `inset-inline-start:${share(value - low)};${size}`, el;
}, number = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2), lines = ranks.map(({ item, strength, low: least, high, wins, losses, ties }) => {
let span = mark("span", least, `inline-size:${share(high - least)}`);
return h(
"tr",
h("th", { scope: "row", title: item }, label(item)),
h(
"td",
h("div.drawn", { "aria-hidden": !0 }, mark("zero", 0), span, mark("dot", strength))
),
h("td", `${number(strength)} (${number(least)} … ${number(high)})`),
h("td", `${wins} / ${losses} / ${ties}`)
);
}), head = [
column(t("ranking.item")),
h("td"),
column(t("ranking.strength")),
column(t("ranking.counts"))
];
return h("table.table.ranking", h("thead", h("tr", head)), h("tbody", lines));
}

// js/board_view.js
var BLIND_AXES = new Set(["prompt", "camera"]);
function boardView(board, view, source) {
let { t, signal, player, announcer, root } = board, cards = new Map(), keys = new Map(), states = new Map(), before = "grid", nameOf = (id) => cards.get(id)?.name ?? "", swap = () => change({ selected: [...view.selected].reverse() }), close = () => change({ view: before }), places = cardGrid(t, (id) => cards.get(id)?.el), table = tableView(board, {
sort: (by) => change({ sort: { by, down: view.sort.by === by && !view.sort.down } }),
show: (id) => {
change({ view: "grid", group: "" }), cards.get(id)?.el.scrollIntoView({ block: "center" });
}
}), pair = pairView(board, {
mode: (mode) => change(view.view === "vote" ? { voteMode: mode } : { mode }),
swap,
shift: (id, seconds) => change({ shifts: { ...view.shifts, [id]: seconds } }),
full,
close
}), vote = votes(board, () => {
vote.revealed && (view.blind = !1), update();
}), tools = toolbar(board, change), bar = transportBar(player, t, full), shortcuts = boardKeys(board, view, { change, full, vote, swap, close, filter: () => {
change({ filtering: !0 }), tools.text.focus();
} }), head = boardHead(t, source, shortcuts.help), chosen = h("div.chosen", { hidden: !0 }), empty = h("p.empty"), tagList = h("datalist", { id: board.tagList });
root.append(
head.el,
tools.el,
bar.el,
chosen,
places.el,
table.el,
pair.el,
vote.el,
empty,
tagList,
board.menu.el,
announcer.el
), on(root, "keydown", shortcuts.onKey);
function change(patch) {
patch.view === "pair" && view.view !== "pair" && (before = view.view || "grid"), patch.blind && !view.blind && (view.seed = Math.floor(Math.random() * 1e9)), Object.assign(view, patch), update(), patch.filter && announcer.say(t("filter.count", { shown: shownRows().length, count: source.rows().length }));
}
function pick(id) {
let others = view.selected.filter((one) => one !== id);
change({ selected: others.length < view.selected.length ? others : [...others.slice(-1), id] });
}
function shownRows() {
let passed = filterRows(source.rows(), view.filter, view.blind);
return view.blind ? shuffled(passed, view.seed) : sortRows(passed, view.sort, Date.now() / 1e3);
}
let picked = (rows) => view.selected.flatMap((id) => rows.find((row) => row.id === id) ?? []);
function pairOf(rows) {
let saved = [...picked(source.rows()), ...rows].filter(({ state }) => state === "saved"), [a, b] = new Set(saved);
return a && b ? [a, b] : null;
}
function updateCards(all, rows, what) {
let ids = new Set(all.map(({ id }) => id));
for (let [id, card] of cards)
ids.has(id) || (card.remove(), cards.delete(id), keys.delete(id));
view.selected = view.selected.filter((id) => ids.has(id));
let prompt = !(view.group === "prompt" || what === "matrix" && [view.down, view.across].includes("prompt")) && new Set(all.map(({ prompt: prompt2 }) => prompt2)).size > 1, order = new Map(rows.map(({ id }, index) => [id, index + 1]));
for (let row of all) {
let { id } = row, look = { blind: view.blind ? t("clip", { number: order.get(id) ?? "–" }) : "", prompt, picked: "AB"[view.selected.indexOf(id)] ?? "" }, key = JSON.stringify([row, look, view.shifts[id]]);
if (keys.get(id) === key) continue;
keys.set(id, key);
let card = cards.get(id) ?? makeCard(board, row);
cards.set(id, card), card.update(row, look);
}
}
function shown() {
let rows = source.rows(), several = rows.filter(({ state }) => state === "saved").length > 1, wanted = { pair: several, vote: several && board.actions.includes("vote") }[view.view] ?? !!view.view ? view.view : defaultView(rows);
return wanted === "matrix" && view.blind ? "grid" : wanted;
}
function update() {
let focused = document.activeElement;
show(), focused && focused !== root && root.contains(focused) && !focused.checkVisibility() && root.focus({ preventScroll: !0 });
}
function show() {
let all = source.rows(), rows = shownRows(), what = shown();
if (updateCards(all, rows, what), root.dataset.view = what, root.toggleAttribute("data-blind", view.blind), places.el.hidden = what !== "grid" && what !== "matrix", table.el.hidden = what !== "table", what === "grid") {
let grouped = view.group !== "" && (!view.blind || BLIND_AXES.has(view.group));
places.showGroups(
grouped ? groupRows(rows, view.group) : [{ key: "", label: "", rows }],
grouped
);
} else if (what === "matrix") {
let corner = `${t(`column.${view.down}`)} × ${t(`column.${view.across}`)}`;
places.showMatrix(matrixOf(rows, view.down, view.across), corner);
} else if (what === "table") {
let rated = board.actions.includes("annotate") || all.some(({ rating }) => rating);
table.show(
rows,
shownColumns(view.columns, view.blind, rated, hasScores(all)),
view.sort,
nameOf
);
}
showPair(what, rows), showChosen(what, all);
let shared = new Set(all.map(({ prompt }) => prompt)).size === 1 ? all[0]?.prompt ?? "" : "";
head.update(all, shared), tools.update({ ...view, view: what }, all, rows.length), showText(empty, rows.length ? "" : t(all.length ? "filter.none" : "empty"));
let tags = tagsOf(all);
refill(tagList, tags, () => options(tags)), announceChanges(all), player.refresh(), board.loader.settle();
}
function showPair(what, rows) {
let voting = what === "vote";
vote.el.hidden = !voting, voting && vote.show(rows);
let two = voting ? vote.pair : what === "pair" ? pairOf(rows) : null;
if (!two) return pair.hide();
voting || (view.selected = two.map(({ id }) => id));
let [a, b] = two;
pair.show(two, voting ? view.voteMode : view.mode, {
names: voting ? [vote.nameOf(0), vote.nameOf(1)] : [`A · ${nameOf(a.id)}`, `B · ${nameOf(b.id)}`],
blind: voting ? !vote.revealed : view.blind,
closable: !voting
});
}
function showChosen(what, all) {
let [a, b] = picked(all);
if (chosen.hidden = !a || what === "pair" || what === "vote", chosen.hidden || !a) return;
let names = (b ? [a, b] : [a]).map(({ id }) => nameOf(id));
refill(
chosen,
[view.selected, names],
() => [
h(
"div.row",
names.map((name, index) => h("span", h("b", "AB".charAt(index)), ` ${name}`)),
b ? button(".small.primary", t("compare"), () => change({ view: "pair" })) : h("span.soft", t("pick.another")),
button(".small.quiet", t("unpick"), () => change({ selected: [] }))
),
b && a.prompt !== b.prompt ? promptWords(a, b) : []
].flat()
);
}
function full() {
let target2 = pair.el.hidden ? root : pair.el;
document.fullscreenElement ? document.exitFullscreen() : target2.requestFullscreen?.().catch(() => {
});
}
function announceChanges(rows) {
for (let { id, state, error } of rows) {
if ((states.get(id) ?? state) !== state) {
let values = {
provider: nameOf(id),
state: t(`state.${state}`),
error: view.blind ? "" : error
};
announcer.say(t("announce", values).trim());
}
states.set(id, state);
}
}
let resize = new ResizeObserver(() => {
places.arrange(), board.loader.settle();
});
resize.observe(root);
let clock2 = setInterval(() => {
for (let card of cards.values())
SETTLED.has(card.row.state) || card.tick(Date.now() / 1e3);
}, 1e3);
return on(signal, "abort", () => {
resize.disconnect(), clearInterval(clock2);
for (let card of cards.values()) card.remove();
cards.clear();
}), { update, pick };
}

// js/clip_source.js
var TIMEOUT = 15e3, CACHE_BYTES = 200 * 1024 * 1024;
function encodePath(path) {
return path.split("/").map(encodeURIComponent).join("/");
}
function isUrl(path) {
return /^(data|blob|https?):/i.test(path);
}
async function directLink(model, path) {
if (!path) return null;
if (isUrl(path)) return path;
let manager = model.widget_manager;
if (typeof manager?.resolveUrl != "function") return encodePath(path);
try {
return await manager.resolveUrl(encodePath(path));
} catch {
return null;
}
}
var Clips = class {
constructor(model, wire, signal) {
this.model = model, this.wire = wire, this.blobs = new Map(), this.posters = new Map(), on(signal, "abort", () => {
for (let { url } of this.blobs.values()) URL.revokeObjectURL(url);
});
}
async show(video, row, signal, onBytes) {
let link = this.blobs.has(row.id) ? null : await directLink(this.model, row.video);
if (signal.aborted) return;
if (link)
try {
return await attach(video, link, signal);
} catch (reason) {
if (!this.wire.open) throw reason;
}
let url = await this.blobUrl(row, onBytes);
signal.aborted || await attach(video, url, signal);
}
async blobUrl(row, onBytes) {
let kept2 = this.blobs.get(row.id);
if (kept2)
return this.blobs.delete(row.id), this.blobs.set(row.id, kept2), kept2.url;
let blob = await fetchBytes(this.wire, { kind: "clip", job: row.id }, onBytes), url = URL.createObjectURL(blob);
this.blobs.set(row.id, { url, size: blob.size });
let sum = [...this.blobs.values()].reduce((all, { size }) => all + size, 0);
for (let [id, { url: old, size }] of this.blobs) {
if (sum <= CACHE_BYTES || id === row.id) break;
URL.revokeObjectURL(old), this.blobs.delete(id), sum -= size;
}
return url;
}
async openable(row) {
return await directLink(this.model, row.video) ?? await this.blobUrl(row);
}
async poster(image, row) {
let fromKernel = () => {
let request = this.posters.get(row.id) ?? this.wire.request({ kind: "poster", job: row.id }).then((a) => a.poster);
return this.posters.set(row.id, request), request.catch(() => "");
};
image.onerror = async () => {
image.onerror = null;
let url = row.poster === HELD || isUrl(row.poster) ? "" : await fromKernel();
url ? image.src = url : image.hidden = !0;
};
let link = row.poster === HELD ? await fromKernel() : await directLink(this.model, row.poster);
image.hidden = !link, link && (image.src = link);
}
};
function attach(video, url, signal) {
return new Promise((resolve, reject) => {
let life = new AbortController(), settle = (act) => () => {
clearTimeout(timer), life.abort(), act();
}, failed = settle(
() => reject(new Error(video.error?.message || "the browser cannot play this file"))
), timer = setTimeout(failed, TIMEOUT);
on(video, "loadedmetadata", settle(resolve), life), on(video, "error", failed, life), on(signal, "abort", settle(resolve), life), video.src = url, video.load();
});
}

// js/colab_keepalive.js
var PAUSE2 = 3e3;
function keepAlive(wire, rows, signal) {
if (!globalThis.google?.colab || !wire.open) return;
let waiting = !1, timer = setInterval(async () => {
waiting || rows().every(({ state }) => SETTLED.has(state)) || (waiting = !0, await wire.request({ kind: "keepalive" }).catch(() => {
}), waiting = !1);
}, PAUSE2);
on(signal, "abort", () => clearInterval(timer));
}

// js/keyboard.js
var CAPTURED = /^(Backspace|Delete|Home|End|Page(Up|Down)|Arrow\w+)$/, isCaptured = ({ key, ctrlKey, metaKey, altKey }) => key === "Enter" || !ctrlKey && !metaKey && !altKey && ([...key].length === 1 || CAPTURED.test(key));
function captureKeys(root, signal) {
on(root, "keydown keypress", (event) => isCaptured(event) && event.stopPropagation()), on(window, "keydown", (event) => root.toggleAttribute("data-lm-suppress-shortcuts", isCaptured(event)), { capture: !0, signal });
}

// js/menu.js
var Menu = class {
constructor() {
this.el = h("div.menu", { role: "menu", popover: "auto" }), this.button = null, on(this.el, "keydown", (event) => this.onKey(event)), on(
this.el,
"toggle",
({ newState }) => this.button && set(this.button, { "aria-expanded": newState === "open" })
);
}
open(button2, label, items) {
this.button = button2, set(this.el, { label }), this.fill(items), this.el.showPopover();
let at = button2.getBoundingClientRect(), { width, height } = this.el.getBoundingClientRect(), below = at.bottom + height + 8 < innerHeight;
this.el.style.left = `${Math.max(4, Math.min(at.right - width, innerWidth - width - 4))}px`, this.el.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - height - 4)}px`, this.focus(0);
}
fill(items, at) {
let buttons = items().map(({ label, run, checked, danger, stay }, index) => h(
"button.menu-item",
{ role: checked === void 0 ? "menuitem" : "menuitemcheckbox", tabindex: -1, "data-danger": danger, "aria-checked": checked, onclick: () => {
stay || this.close(), run(), stay && this.fill(items, index);
} },
label
));
replace(this.el, buttons), at !== void 0 && this.focus(at);
}
focus(index) {
let items = [...this.el.children];
items.at(index % items.length)?.focus();
}
close() {
this.el.hidePopover(), this.button?.focus();
}
onKey(event) {
let at = [...this.el.children].indexOf(document.activeElement), to = {
ArrowDown: at + 1,
ArrowUp: at - 1,
Home: 0,
End: -1
}[event.key], away = event.key === "Escape";
(away || event.key === "Tab") && this.close(), to !== void 0 && this.focus(to), (away || to !== void 0) && event.preventDefault(), event.stopPropagation();
}
};

// js/row_store.js
function rowsOf(model, wire, update, signal) {
let later = new Map(), changed = (content) => {
if (content?.kind === "changed") {
for (let row of content.rows) later.set(row.id, row);
update();
}
};
return listen(model, ["change:rows"], () => update(), signal), listen(model, ["msg:custom"], changed, signal), wire.open && wire.request({ kind: "rows" }).catch(() => {
}), () => (model.get("rows") ?? []).map((row) => {
let other = later.get(row.id);
return other && other.at > row.at ? other : row;
});
}

// js/video_loader.js
var NEAR = 600, MAX_DECODERS = 24, REST = 120, Loader = class {
constructor(signal, most = MAX_DECODERS) {
this.most = most, this.items = new Set(), this.frame = 0;
let options2 = { capture: !0, passive: !0, signal }, rest = 0, moved = () => {
clearTimeout(rest), rest = setTimeout(() => this.settle(), REST);
};
for (let type of ["scroll", "resize"]) on(window, type, moved, options2);
on(signal, "abort", () => {
clearTimeout(rest), cancelAnimationFrame(this.frame);
});
}
settle() {
this.frame || (this.frame = requestAnimationFrame(() => {
this.frame = 0, this.share();
}));
}
share() {
let all = [...this.items].map((item) => ({ item, far: distance(item.el) })).sort((a, b) => a.far - b.far), wanting = all.filter(({ item, far }) => item.wanted && !item.loaded && far < NEAR), holding = all.filter(({ item }) => item.loaded), free = this.most - holding.length;
for (let { item, far } of wanting) {
if (free <= 0) {
let victim = holding.pop();
if (!victim || victim.far <= far) return;
victim.item.unload(), free += 1;
}
item.load(), free -= 1;
}
}
};
function distance(el) {
let { top, bottom, left, right, width } = el.getBoundingClientRect();
return width === 0 ? 1 / 0 : Math.max(0, top - innerHeight, -bottom, left - innerWidth, -right);
}

// js/view_state.js
var kept = new WeakMap();
function viewOf(model) {
let view = kept.get(model) ?? {
view: "",
group: "",
down: "prompt",
across: "provider",
sort: { by: "", down: !1 },
filter: { ...NO_FILTER },
filtering: !1,
columns: [...DEFAULT_COLUMNS],
selected: [],
mode: "wipe",
voteMode: "side",
blind: !1,
seed: 1,
shifts: {}
};
return kept.set(model, view), view;
}

// js/i18n.js
function pickLanguage(wanted, pageLanguage, known) {
for (let candidate of [wanted, pageLanguage]) {
let short = (candidate || "").toLowerCase().split(/[-_]/)[0] ?? "";
if (known.includes(short)) return short;
}
return known[0] ?? "en";
}
function translator(messages, language, section) {
let plural = new Intl.PluralRules(language), all = { ...messages.en, ...messages[language] }, find = (key) => all[`${section}.${key}`] ?? all[key];
return (key, values = {}) => ((typeof values.count == "number" ? find(`${key}.${plural.select(values.count)}`) : void 0) ?? find(key) ?? find(`${key}.other`) ?? key).replace(
/\{(\w+)\}/g,
(whole, name) => name in values ? String(values[name]) : whole
);
}

// js/widget.js
var OTHER_LANGUAGE = { en: ["zh", "中文"], zh: ["en", "English"] }, widget = (section, traits, mount) => ({
render({ model, el, signal }) {
let view = new AbortController(), build = () => {
view.abort(), view = new AbortController();
let messages = model.get("messages") ?? {}, language = pickLanguage(
model.get("language"),
document.documentElement.lang,
Object.keys(messages)
);
mount({
model,
el,
language,
t: translator(messages, language, section),
signal: view.signal
});
};
listen(
model,
["language", "messages", ...traits].map((name) => `change:${name}`),
build,
signal
), on(signal, "abort", () => view.abort()), build();
}
});
function languageButton(model, language) {
let [lang = "en", words = "English"] = OTHER_LANGUAGE[language] ?? [];
return button(".small.quiet.language", words, () => {
model.set("language", lang), model.save_changes();
}, { lang });
}

// js/compare_board.js
var compare_board_default = widget("board", ["actions"], ({ model, el, language, t, signal }) => {
let focused = el.contains(document.activeElement), state = viewOf(model), wire = new Wire(model, signal), root = h("section.board", { lang: language, tabindex: -1, label: t("name") }), board = {
model,
wire,
t,
signal,
root,
player: new Player(signal),
clips: new Clips(model, wire, signal),
loader: new Loader(signal),
menu: new Menu(),
announcer: new Announcer(signal),
actions: wire.open ? model.get("actions") ?? [] : [],
tagList: uniqueId("tags"),
pick: (id) => view.pick(id),
shiftOf: (id) => state.shifts[id] ?? 0
}, rows = rowsOf(model, wire, () => view.update(), signal), view = boardView(board, state, {
language: languageButton(model, language),
rows,
title: () => model.get("title") ?? ""
});
root.classList.add("hn"), captureKeys(root, signal), keepAlive(wire, rows, signal), el.replaceChildren(root), listen(model, ["change:title"], view.update, signal), view.update(), focused && root.focus();
});
export {
compare_board_default as default
};
