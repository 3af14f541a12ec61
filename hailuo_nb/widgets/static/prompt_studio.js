// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/dom.js
function h(tag, ...rest) {
let [name = "", ...classes] = tag.split("."), el = document.createElement(name);
return name === "button" && el.setAttribute("type", "button"), furnish(el, classes, rest);
}
function svg(tag, ...rest) {
let [name = "", ...classes] = tag.split(".");
return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), classes, rest);
}
function furnish(el, classes, rest) {
for (let name of classes) el.classList.add(`hn-${name}`);
return rest[0]?.constructor === Object && set(el, rest.shift()), el.append(...there(rest)), el;
}
var there = (children) => children.flat().filter((child) => child || child === "");
function button(looks, face, onclick, props = {}) {
return h(`button.button${looks}`, { ...props, onclick }, face);
}
var icon = (name) => h("span.icon", { "data-icon": name, "aria-hidden": !0 }), select = (props, choices) => h("select.select", props, options(choices)), options = (choices) => choices.map(
(choice) => typeof choice == "string" ? h("option", choice) : h("option", { value: choice[0] }, choice[1])
);
function set(el, props) {
for (let [name, value] of Object.entries(props)) {
let key = name === "label" ? "aria-label" : name, text = typeof value == "boolean" && !key.startsWith("aria-") ? value ? "" : null : value;
typeof text == "function" ? on(el, key.slice(2), text) : text == null ? el.removeAttribute(key) : el.getAttribute(key) !== String(text) && el.setAttribute(key, text);
}
}
function on(target, types, listener, settings) {
for (let type of types.split(" ")) target.addEventListener(type, listener, settings);
}
function consume(event) {
event.preventDefault(), event.stopPropagation();
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
var dotted = (...parts) => parts.filter(Boolean).join(" · "), column = (child) => h("th", { scope: "col" }, child), filled = new WeakMap();
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

// js/camera.js
var BRACKET = /[[［【]([^[\]［］【】]*)[\]］】]/g, SEPARATOR = /[,，、]/;
var NEAR = {
"push out": "pull_out",
"pull in": "push_in",
"dolly in": "push_in",
"dolly out": "pull_out"
}, fold = (text) => text.replaceAll("_", " ").toLowerCase().trim().split(/\s+/).join(" ");
function grammar(moves) {
let byName = new Map();
for (let move of moves)
for (let name of [move.key, fold(move.english), move.chinese]) byName.set(name, move);
let find = (name) => byName.get(fold(name)) ?? byName.get(name.trim()), command = (move, language) => language === "zh" ? move.chinese : move.english, bracket = (together, words, language) => `[${[...together.map((move) => command(move, language)), ...words].join(",")}]`;
function nearest(name) {
let folded = fold(name), known = NEAR[folded];
if (known) return byName.get(known);
let best = "", score = 0.72;
for (let candidate of byName.keys()) {
let value = likeness(candidate, folded);
(value > score || value === score && candidate > best) && ([best, score] = [candidate, value]);
}
return byName.get(best);
}
function parse(prompt) {
let steps = [];
for (let { start, end, items } of brackets(prompt)) {
let known = items.map(find).filter((move) => move !== void 0);
known.length !== 0 && steps.push({
moves: known,
start,
end,
unknown: items.filter((item) => item && !find(item))
});
}
return steps;
}
function insert(prompt, keys, at, language) {
let together = keys.map((key) => find(key)).filter((move) => move !== void 0), other = brackets(prompt).find(({ start, end }) => start < at && at < end), place = other ? other.end : at, text = (place === 0 || /\s/.test(prompt[place - 1] ?? "") || language === "zh" ? "" : " ") + bracket(together, [], language);
return { start: place, end: place, text, caret: place + text.length };
}
function click(prompt, from, to, key, { language, together }) {
let move = byName.get(key);
if (!move) return null;
let step = from === to ? parse(prompt).find(({ start, end }) => start < from && from <= end) : void 0;
if (step && together) {
if (step.moves.includes(move)) return null;
if (fits(step.moves, move)) {
let chinese = step.moves.some(
({ chinese: chinese2 }) => prompt.slice(step.start, step.end).includes(chinese2)
), text = `,${command(move, chinese ? "zh" : language)}`;
return { start: step.end - 1, end: step.end - 1, text, caret: step.end + text.length };
}
}
let at = step ? step.end : from, edit = insert(prompt, [key], at, language);
return edit.start === from && from !== to ? { ...edit, end: to } : edit;
}
function lint(prompt) {
return brackets(prompt).flatMap((found) => lintBracket(prompt, found));
}
function lintBracket(prompt, { start, end, inner, items }) {
let words = items.filter(Boolean);
if (words.length === 0)
return [{ rule: "empty_bracket", start, end, replacement: "", values: {} }];
let known = words.map(find).filter((move) => move !== void 0), unknown = words.filter((word) => !find(word));
if (known.length === 0 && !unknown.some(nearest))
return [
{
rule: "plain_bracket",
start,
end,
replacement: null,
values: { bracket: prompt.slice(start, end) }
}
];
let findings = lintWords(prompt, start, words);
if (known.length === 0) return findings;
let language = known.some((move) => inner.includes(move.chinese)) ? "zh" : "en", distinct = [...new Set(known)], say = (rule, moves2, values) => {
findings.push({
rule,
start,
end,
replacement: moves2 && bracket(moves2, unknown, language),
values
});
};
distinct.length < known.length && say("duplicate", distinct, {}), distinct.length > 3 && say("too_many", distinct.slice(0, 3), {
count: distinct.length,
most: 3
});
for (let move of distinct) {
let other = distinct.find((candidate) => candidate.key === move.opposite);
other && move.key < other.key && say("opposites", null, {
first: command(move, language),
second: command(other, language)
});
}
return distinct.length > 1 && distinct.some(({ key }) => key === "static") && say(
"static_with_move",
distinct.filter(({ key }) => key !== "static"),
{}
), findings;
}
function lintWords(prompt, start, words) {
let findings = [], cursor = start + 1;
for (let word of words) {
let at = prompt.indexOf(word, cursor);
if (cursor = at + word.length, find(word)) continue;
let near = nearest(word), replacement = near ? command(near, /[一-鿿]/.test(word) ? "zh" : "en") : null;
findings.push({
rule: "unknown_command",
start: at,
end: cursor,
replacement,
values: { word }
});
}
return findings;
}
return { find, nearest, parse, click, lint, command };
}
function fits(moves, move) {
return moves.length >= 3 || move.key === "static" || moves.some(({ key }) => key === "static") ? !1 : !moves.some(({ key }) => key === move.opposite);
}
function brackets(prompt) {
return [...prompt.matchAll(BRACKET)].map((match) => {
let start = match.index ?? 0, inner = match[1] ?? "";
return { start, end: start + match[0].length, inner, items: split(inner) };
});
}
var split = (inner) => inner.split(SEPARATOR).map((item) => item.trim());
function likeness(a, b) {
let [left, right] = [[...a], [...b]], total = left.length + right.length;
return total === 0 ? 1 : 2 * common(left, 0, left.length, right, 0, right.length) / total;
}
function common(a, a0, a1, b, b0, b1) {
let [bestA, bestB, size] = [a0, b0, 0];
for (let i = a0; i < a1; i += 1)
for (let j = b0; j < b1; j += 1) {
let run = 0;
for (; i + run < a1 && j + run < b1 && a[i + run] === b[j + run]; ) run += 1;
run > size && ([bestA, bestB, size] = [i, j, run]);
}
return size === 0 ? 0 : size + common(a, a0, bestA, b, b0, bestB) + common(a, bestA + size, a1, b, bestB + size, b1);
}

// js/camera_path.js
var degrees = Math.PI / 180, RAMP = 0.22, WALK = 0.8, STROLL = 0.22, ZOOM = Math.log(1.105), RATES = {
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
}, SHAKE = [
["yaw", 1.7, 3.1, 0.5 * degrees],
["pitch", 2.3, 4.3, 0.5 * degrees],
["roll", 1.3, 5.3, 0.25 * degrees]
];
function ease(u) {
if (u <= 0 || u >= 1) return u >= 1 ? 1 : 0;
if (u > 0.5) return 1 - ease(1 - u);
let cruise = 1 / (1 - RAMP);
return u >= RAMP ? cruise * (u - RAMP / 2) : cruise * (u / 2 - RAMP / (2 * Math.PI) * Math.sin(Math.PI * u / RAMP));
}
function poseAt(steps, t, seconds) {
let pose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0, roll: 0, zoom: 0, figure: 0 }, share = steps.length ? seconds / steps.length : seconds;
return steps.some((keys) => keys.includes("tracking")) || (pose.figure = STROLL * Math.min(Math.max(t, 0), seconds)), steps.forEach((keys, index) => {
let inside = t - index * share;
for (let key of keys) add(pose, key, inside, share * ease(inside / share), share);
}), { ...pose, zoom: Math.exp(pose.zoom) };
}
function add(pose, key, inside, gone, share) {
let rate = RATES[key];
if (rate) pose[rate[0]] += rate[1] * gone;
else if (key === "tracking")
pose.x += WALK * gone, pose.figure += WALK * gone;
else if (key === "shake" && inside > 0 && inside < share) {
let fade = Math.min(1, inside / (0.15 * share), (share - inside) / (0.15 * share)), wave = (hertz, phase = 0) => Math.sin(2 * Math.PI * hertz * inside + phase);
for (let [field, slow, fast, size] of SHAKE)
pose[field] += fade * size * (wave(slow) + 0.6 * wave(fast, 1));
pose.x += fade * 0.012 * wave(1.9), pose.y += fade * 0.012 * wave(2.9);
}
}
var activeStep = (count2, t, seconds) => Math.max(0, Math.min(count2 - 1, Math.floor(t / seconds * count2))), FOCAL = 235, NEAR2 = 0.25, GROUND = 1.25, FAR = 900;
function eye({ x, y, z, yaw, pitch }) {
let [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
return ([px, py, pz]) => {
let [dx, dy, dz] = [px - x, py - y, pz - z], forward = dx * sy + dz * cy;
return [dx * cy - dz * sy, dy * cp + forward * sp, forward * cp - dy * sp];
};
}
function projector(pose) {
let turn = eye(pose), [cr, sr] = [Math.cos(pose.roll), Math.sin(pose.roll)];
return (point) => {
let [x, y, z] = turn(point);
if (z < NEAR2) return null;
let [u, v] = [FOCAL * pose.zoom * x / z, FOCAL * pose.zoom * y / z];
return [160 + u * cr + v * sr, 90 - u * sr + v * cr];
};
}
var BOXES = [
[-9, 24, 4, 5.5, 3],
[5, 21, 3, 4, 3],
[-3.4, 16, 2, 3, 2],
[2.6, 12.5, 1.6, 2.2, 1.6],
[-4.4, 9.5, 1.4, 1.7, 1.4],
[1.9, 6.6, 0.9, 0.9, 0.9],
[-2.3, 4.7, 0.7, 1.1, 0.7]
], FIGURE = [-0.3, 7.6, 0.6, 1.7, 0.4];
function outline(points) {
return points.some((point) => point === null) ? "" : `M${points.map((point) => point?.map((value) => value.toFixed(1)).join(" ")).join("L")}Z`;
}
function faces(see, pose, box, shift = 0) {
let [left = 0, near = 0, width = 0, height = 0, depth = 0] = box, [x0, x1, top, far] = [left + shift, left + shift + width, GROUND - height, near + depth], side = pose.x > x1 ? x1 : x0, draw = (corners) => outline(corners.map(see));
return [
pose.x > x1 || pose.x < x0 ? draw([
[side, top, near],
[side, top, far],
[side, GROUND, far],
[side, GROUND, near]
]) : "",
pose.y < top ? draw([
[x0, top, near],
[x1, top, near],
[x1, top, far],
[x0, top, far]
]) : "",
// prettier-ignore
draw([
[x0, top, near],
[x1, top, near],
[x1, GROUND, near],
[x0, GROUND, near]
])
// prettier-ignore
];
}
function lines(see, pose) {
let near = pose.z + 1, line = (a, b) => outline([see(a), see(b)]).replace("Z", ""), out = [];
for (let x = -16; x <= 16; x += 2) out.push(line([x, GROUND, near], [x, GROUND, 40]));
for (let z = Math.ceil(near / 2) * 2; z <= 40; z += 2)
out.push(line([-16, GROUND, z], [16, GROUND, z]));
return out.join("");
}
function horizon(see, pose, tall) {
let ring = [];
for (let step = -12; step <= 12; step += 1) {
let angle = Math.round(pose.yaw / 0.1) * 0.1 + step * 0.1, up = tall ? FAR * (0.07 + 0.04 * Math.sin(5 * angle) + 0.025 * Math.sin(13 * angle + 1)) : 0;
ring.push(see([pose.x + FAR * Math.sin(angle), GROUND - up, pose.z + FAR * Math.cos(angle)]));
}
return outline([...ring, [900, 700], [-600, 700]]);
}
function drawing(pose) {
let see = projector(pose);
return {
hills: horizon(see, pose, !0),
ground: horizon(see, pose, !1),
lines: lines(see, pose),
boxes: BOXES.map((box) => faces(see, pose, box)),
figure: faces(see, pose, FIGURE, pose.figure)
};
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
function bytes(count2) {
return count2 == null ? "" : count2 < 1e3 ? `${count2} B` : count2 < 999500 ? `${Math.round(count2 / 1e3)} kB` : `${(count2 / 1e6).toFixed(1)} MB`;
}
function shortModel(model) {
return model.replace(/^MiniMax-/, "").replace(/^Hailuo-/, "Hailuo ");
}
function codePoints(text) {
let count2 = 0;
for (let _ of text) count2 += 1;
return count2;
}

// js/variants.js
function expand(prompt) {
let open = [{ start: -1, end: prompt.length, rows: [[]] }], choices = [], top = () => open.at(-1), add2 = (piece) => top().rows.at(-1)?.push(piece), wrong = (code, at) => ({
prompts: [],
choices,
error: { code, at }
});
for (let at = 0; at < prompt.length; at += 1) {
let char = prompt.charAt(at);
if (char === "\\" && at + 1 < prompt.length && "{}|\\".includes(prompt.charAt(at + 1)))
at += 1, add2(prompt.charAt(at));
else if (char === "{") {
if (open.length > 8) return wrong("too_deep", at);
open.push({ start: at, end: at, rows: [[]] });
} else if (char === "}") {
if (open.length === 1) return wrong("unopened", at);
let group = open.pop();
group.end = at + 1, add2(group), group.rows.length > 1 && choices.push({ start: group.start, end: group.end });
} else char === "|" && open.length > 1 ? top().rows.push([]) : add2(char);
}
if (open.length > 1) return wrong("unclosed", top().start);
let whole = top();
if (count(whole) > 256) {
let first = whole.rows[0]?.find((piece) => typeof piece != "string");
return wrong("too_many", first.start);
}
return { prompts: [...new Set(texts(whole))], choices, error: null };
}
function count({ rows }) {
let product = (so_far, piece) => typeof piece == "string" ? so_far : so_far * count(piece);
return rows.reduce((sum, row) => sum + row.reduce(product, 1), 0);
}
function texts({ start, rows }) {
let made = rows.flatMap(
(row) => row.reduce(
(heads, piece) => {
let tails = typeof piece == "string" ? [piece] : texts(piece);
return heads.flatMap((head) => tails.map((tail) => head + tail));
},
[""]
)
);
return rows.length === 1 && start >= 0 ? made.map((text) => `{${text}}`) : made;
}

// js/camera_path_player.js
function pathPlayer({ draft, t, grammar: grammar2, language, signal }) {
let id = uniqueId("path"), path = (name) => svg(`path.path-${name}`), solid = () => ["side", "top", "front"].map(path), back = ["hills", "ground", "lines"].map(path), boxes = BOXES.map(solid), figure = solid(), order = [...boxes.slice(0, 5), figure, ...boxes.slice(5)], scene = svg(
"svg.path-scene",
{ viewBox: "0 0 320 180", role: "img", label: t("path.scene") },
back,
order.map((faces2) => svg(faces2 === figure ? "g.path-figure" : "g", faces2))
), playIcon = icon("play"), play = button(".square", playIcon, () => run(!playing)), slider = h("input", {
type: "range",
min: 0,
step: 0.05,
value: 0,
label: t("path.time"),
oninput: () => seek(Number(slider.value))
}), clock2 = h("span.path-clock"), now = h("p.path-now"), jumps = h("div.path-jumps", { role: "group", label: t("path.steps") }), el = h(
"div.path",
{ id, hidden: !0 },
h("div.path-frame", scene, now),
h("div.path-bar", play, slider, clock2),
jumps,
h("p.hint", t("path.note"))
), props = { "aria-expanded": !1, "aria-controls": id }, toggle = button(".small.path-toggle", icon("play"), open, props);
toggle.append(t("path.open"));
let time = 0, playing = !1, last = 0, request = 0, steps = [], names = [], seconds = () => Number(draft.duration);
function draw() {
let picture = drawing(poseAt(steps, time, seconds())), d = [
picture.hills,
picture.ground,
picture.lines,
...picture.boxes.flat(),
...picture.figure
], parts = [...back, ...boxes.flat(), ...figure];
for (let [index, part] of parts.entries()) set(part, { d: d[index] || null });
slider.value = String(time), set(slider, { "aria-valuetext": t("common.seconds", { seconds: time.toFixed(1) }) }), setText(clock2, `${fineClock(time)} / ${fineClock(seconds())}`);
let active = steps.length ? activeStep(steps.length, time, seconds()) : -1;
setText(now, active < 0 ? t("path.none") : `${active + 1} · ${names[active]}`);
for (let [index, jump] of [...jumps.children].entries())
set(jump, { "aria-pressed": index === active });
set(el, { "data-time": time.toFixed(2) });
}
function tick(stamp) {
!playing || signal.aborted || (time = Math.min(seconds(), time + Math.min(0.1, (stamp - last) / 1e3)), last = stamp, time === seconds() && run(!1), draw(), playing && (request = requestAnimationFrame(tick)));
}
function run(wanted) {
playing = wanted, cancelAnimationFrame(request), set(playIcon, { "data-icon": playing ? "pause" : "play" }), set(play, { label: t(playing ? "path.pause" : "path.play") }), playing && (time >= seconds() && (time = 0), last = performance.now(), request = requestAnimationFrame(tick));
}
function seek(to) {
run(!1), time = to, draw();
}
function open() {
if (el.hidden = !el.hidden, set(toggle, { "aria-expanded": !el.hidden }), el.hidden) return run(!1);
time = 0, update(), draw(), run(!prefersReducedMotion());
}
on(signal, "abort", () => cancelAnimationFrame(request));
function update() {
if (el.hidden) return;
let prompt = draft.prompt, found = grammar2.parse(expand(prompt).prompts[0] ?? prompt).map(({ moves }) => moves);
refill(jumps, [found, seconds()], () => {
steps = found.map((moves) => moves.map(({ key }) => key)), names = found.map(
(moves) => moves.map((move) => grammar2.command(move, language)).join(" + ")
), slider.max = String(seconds()), time = Math.min(time, seconds());
let jump = (index) => () => seek((index + 0.98) * seconds() / names.length);
return names.map((name, index) => button(".small", `${index + 1} · ${name}`, jump(index)));
}), draw();
}
return run(!1), { el, toggle, update };
}

// js/icons.js
var LENS = "M34 11a9 9 0 1 0 .01 0M40.5 26.5L49 35M29.5 20h9", ARROWS = {
truck: "M50 20H22M29 13l-7 7 7 7M20 33H52",
pan: "M52 29C46 15 30 12 20 24M20.5 13V24.5H31",
pedestal: "M36 34V9M29 16l7-7 7 7M25 36H47",
tilt: "M29 35C43 30 46 18 33 9M43.5 7.5L32 8.5 34.5 19",
push: "M13 7L27 16.5M27 9V16.5H18.5M59 37L45 27.5M45 35V27.5H53.5",
pull: "M27 16.5L13 7M13 14.5V7H21.5M45 27.5L59 37M59 29.5V37H50.5",
zoom_in: `${LENS}M34 15.5v9`,
zoom: LENS,
shake: "M17 22l6-8 7 16 7-17 7 17 6-13 5 6",
tracking: "M22 15V8h8M50 15V8h-8M22 29v7h8M50 29v7h-8M36 18.5a3.5 3.5 0 1 0 .01 0",
static: "M28 8h16v10H28zM36 18v5M36 23L27 37M36 23l9 14M36 23V37"
}, FLIPS = { right: "translate(72 0) scale(-1 1)", down: "translate(0 44) scale(1 -1)" };
function moveIcon(key) {
let [name = "", way = ""] = key.split("_"), d = ARROWS[key] ?? ARROWS[name] ?? "M36 22h.01", path = (d2) => svg("path", { d: d2 }), hills = path("M-40 38L-18 20 -2 34 16 17 32 33 44 22 60 36 78 18 112 38V60H-40z");
return svg(
"svg.scene",
{ viewBox: "0 0 72 44", "aria-hidden": !0, focusable: "false" },
svg("g.far", svg("circle", { cx: 56, cy: 11, r: 4.5 }), hills),
svg("g.near", path("M-60 38H132V70H-60z"), path("M27 38V25L36 18l9 7V38z")),
svg("g", { transform: FLIPS[way] }, svg("path.arrow-halo", { d }), svg("path.arrow", { d }))
);
}

// js/highlights.js
function remarks(prompt, grammar2) {
let mixed = brackets(prompt).filter(({ inner }) => /[{}|]/.test(inner));
return grammar2.lint(prompt).filter((one) => !mixed.some(({ start, end }) => start <= one.start && one.end <= end));
}
function pieces(prompt, grammar2, choices) {
let marks = [
...grammar2.parse(prompt).map(({ start, end }) => ({ start, end, kind: "command" })),
...choices.map(({ start, end }) => ({ start, end, kind: "choice" })),
...remarks(prompt, grammar2).filter(({ rule }) => rule === "unknown_command").map(({ start, end }) => ({ start, end, kind: "unknown" }))
], places2 = [...new Set([0, prompt.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
return places2.slice(1).map((end, index) => {
let start = places2[index], kinds = marks.filter((mark) => mark.start <= start && end <= mark.end).map(({ kind }) => kind);
return { text: prompt.slice(start, end), start, kinds: [...new Set(kinds)] };
});
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
let { start, end } = steps[index], [open, close] = [prompt.charAt(start), prompt.charAt(end - 1)], written = (wanted[index] ?? []).filter((items) => items.length).map((items) => open + items.join(",") + close), chinese = /[一-鿿]/.test(prompt.slice(start, end)), gone = written.length === 0, before = gone && text.charAt(start - 1) === " " && /^($|[\s,.;!?])/.test(text.slice(end)) ? 1 : 0, after = gone && start === 0 && text.charAt(end) === " " ? 1 : 0;
text = text.slice(0, start - before) + written.join(chinese ? "" : " ") + text.slice(end + after);
}
return text;
}
function remove(prompt, steps, step, item) {
let wanted = places(steps);
return wanted[step] = item === void 0 ? [] : [(wanted[step]?.[0] ?? []).filter((_, index) => index !== item)], write(prompt, steps, wanted);
}
function reorder(prompt, steps, from, to) {
let wanted = places(steps);
return wanted.splice(to, 0, ...wanted.splice(from, 1)), write(prompt, steps, wanted);
}
function carry(prompt, steps, from, item, to) {
let wanted = places(steps), word = wanted[from]?.[0]?.[item];
if (word === void 0 || from === to) return prompt;
if ((to < 0 || to >= steps.length) && wanted[from]?.[0]?.length === 1)
return reorder(prompt, steps, from, to < 0 ? 0 : steps.length - 1);
wanted[from] = [(wanted[from]?.[0] ?? []).filter((_, index) => index !== item)];
let move = steps[from]?.items[item]?.move;
return to < 0 ? wanted[0] = [[word], ...wanted[0] ?? []] : to >= steps.length ? wanted[steps.length - 1]?.push([word]) : !move || takes(steps[to], move) ? wanted[to]?.[0]?.push(word) : steps[to]?.items.some((one) => one.move === move) || (wanted[to] = from < to ? [...wanted[to] ?? [], [word]] : [[word], ...wanted[to] ?? []]), write(prompt, steps, wanted);
}
function join(prompt, steps, to, move, word) {
let wanted = places(steps);
return steps[to]?.items.some((one) => one.move === move) ? prompt : (takes(steps[to], move) ? wanted[to]?.[0]?.push(word) : wanted[to]?.push([word]), write(prompt, steps, wanted));
}
function takes(step, move) {
let moves = (step?.items ?? []).map((one) => one.move).filter((one) => one !== void 0);
return !moves.includes(move) && fits(moves, move);
}
function difference(before, after) {
if (before === after) return null;
let start = 0;
for (; start < before.length && before[start] === after[start]; ) start += 1;
let end = before.length, last = after.length;
for (; end > start && last > start && before[end - 1] === after[last - 1]; )
[end, last] = [end - 1, last - 1];
return { start, end, text: after.slice(start, last), caret: last };
}

// js/timeline_view.js
var dragged = null;
function draggable(el, payload) {
el.draggable = !0, on(el, "dragstart", (event) => {
event.stopPropagation(), dragged = payload, event.dataTransfer?.setData("application/x-hn-move", "1"), event.dataTransfer && (event.dataTransfer.effectAllowed = "copyMove");
}), on(el, "dragend", () => dragged = null);
}
function cameraSteps({ draft, t, grammar: grammar2, language, announcer, ui }, editor) {
let list = h("ol.steps", { label: t("steps") }), findings = h("ul.findings", { label: t("findings") }), hint = h("p.hint"), el = h("div.reading", list, hint, findings), shown = "\0", focus = null, prompt = () => draft.prompt, steps = () => track(prompt(), grammar2), name = (move) => grammar2.command(move, language);
function apply(change, then = null) {
if (editor.isComposing()) return;
let before = editor.textarea.value, edit = difference(before, change(before, track(before, grammar2)));
edit && (focus = then, editor.edit(() => edit));
}
function shift({ step, item }, by) {
let before = steps(), count2 = before.length, to = step + by, inside = to >= 0 && to < count2;
if (item !== void 0) {
let { items = [] } = before[step] ?? {}, landing = by < 0 ? Math.max(to, 0) : items.length === 1 && inside ? step : Math.min(to, count2);
apply((text, all) => carry(text, all, step, item, to), { step: landing, item: 99 });
let move = items[item]?.move;
move && announcer.say(t("step.carried", { move: name(move), number: landing + 1 }));
} else inside && (apply((text, all) => reorder(text, all, step, to), { step: to }), announcer.say(t("step.moved", { number: to + 1, count: count2 })));
}
let drop = (place2) => apply((text, all) => remove(text, all, place2.step, place2.item), place2), handle = (place2, props) => ({
...props,
"aria-keyshortcuts": "Shift+ArrowLeft Shift+ArrowRight Delete",
onkeydown: (event) => {
let { key, shiftKey, ctrlKey, metaKey, altKey } = event;
if (ctrlKey || metaKey || altKey) return;
let by = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
if (key === "Delete" || key === "Backspace") drop(place2);
else if (shiftKey && by) shift(place2, by);
else return;
consume(event);
}
});
function stepItem({ start, end, items }, step, count2, said) {
let onclick = () => {
editor.textarea.focus(), editor.textarea.setSelectionRange(start, end);
}, label = t("step.grip", { number: step + 1, count: count2 }), props = handle({ step }, { title: t("step.hint"), label, onclick }), li = h(
"li.step",
{ "data-step": step },
h("button.step-grip", props, String(step + 1)),
h(
"ul.step-moves",
items.map((item, at) => moveItem(item, { step, item: at }))
),
said.length > 0 && h("ul.step-says", said.map(findingItem))
);
return draggable(li, { step }), li;
}
function moveItem({ text, move }, place2) {
let values = { move: move ? name(move) : text, number: place2.step + 1 }, props = handle(place2, {
"data-item": place2.item,
"data-move": move?.key ?? "",
title: t("move.hint"),
label: t("move.chip", values)
}), chip = h("button.move", props, move && moveIcon(move.key), values.move), label = t("move.remove", values), cross = h("button.move-remove", { label, onclick: () => drop(place2) }, "×"), li = h("li.move-item", { "data-known": String(!!move) }, chip, cross);
return draggable(li, place2), li;
}
function findingItem({ rule, start, end, replacement, values }) {
let text = replacement ?? "", fix = () => editor.edit(() => ({ start, end, text, caret: start + text.length })), label = text ? t("lint.use", { replacement: text }) : t("lint.remove"), words = h("span", t(`lint.${rule}`, values));
return h(
"li.finding",
{ "data-rule": rule },
words,
replacement !== null && button(".small", label, fix)
);
}
function place(event) {
let over = event.target instanceof Element ? event.target.closest(".hn-step") : null;
return over ? Number(over.getAttribute("data-step")) : steps().length;
}
let mark = (at) => {
for (let [index, el2] of [...list.children, list].entries())
set(el2, { "data-over": index === at });
};
on(list, "dragover", (event) => {
dragged && (consume(event), mark(place(event)));
}), on(list, "dragleave", () => mark(null)), on(list, "drop", (event) => {
if (mark(null), !dragged) return;
consume(event);
let { step, item, key } = dragged, to = place(event), move = key && grammar2.find(key);
apply((text, all) => {
let last = Math.min(to, all.length - 1);
return move ? join(text, all, last, move, grammar2.command(move, ui.commands)) : step === void 0 ? text : item === void 0 ? reorder(text, all, step, last) : carry(text, all, step, item, to);
});
});
function update() {
let text = prompt();
if (text === shown) return;
shown = text;
let found = track(text, grammar2), said = remarks(text, grammar2), within = (step) => (one) => step.start <= one.start && one.end <= step.end;
replace(
list,
found.map((step, index) => stepItem(step, index, found.length, said.filter(within(step))))
), list.hidden = found.length === 0, showText(hint, found.length ? "" : t("steps.empty"));
let rest = said.filter((one) => !found.some((step) => within(step)(one)));
replace(findings, rest.map(findingItem)), findings.hidden = rest.length === 0, refocus();
}
function refocus() {
if (!focus) return;
let { step, item } = focus;
focus = null;
let li = list.children[Math.min(step, list.children.length - 1)], moves = [...li?.querySelectorAll(".hn-move") ?? []];
((item === void 0 ? null : moves[Math.min(item, moves.length - 1)]) ?? li?.querySelector(".hn-step-grip"))?.focus();
}
return { el, update };
}

// js/camera_tiles.js
function cameraTiles({ t, grammar: grammar2, ui, announcer, moves, language }, editor) {
let id = uniqueId("camera");
function tile(move) {
let names = [
h("span.tile-name", { lang: "en" }, move.english),
h("span.tile-name", { lang: "zh" }, move.chinese)
];
language === "zh" && names.reverse(), names[1]?.classList.add("hn-tile-second");
let onclick = (event) => {
editor.edit((text, from, to) => {
let edit = grammar2.click(text, from, to, move.key, {
language: ui.commands,
together: ui.together
}), written = grammar2.command(move, ui.commands);
return announcer.say(t(edit ? "camera.inserted" : "camera.there", { move: written })), edit;
}), event.detail === 0 && el.focus();
}, el = h(
"button.tile",
{
"data-move": move.key,
tabindex: -1,
label: `${move.english} ${move.chinese}`,
title: t(`move.${move.key}`),
onclick
},
moveIcon(move.key),
h("span.tile-names", names)
);
return draggable(el, { key: move.key }), el;
}
let tiles = moves.map(tile), groups = [...new Set(moves.map(({ group }) => group))].map((group) => {
let members = tiles.filter((_, index) => moves[index]?.group === group);
return h(
"div.tile-group",
{ "data-group": group, role: "group", label: t(`group.${group}`) },
members
);
}), toolbar = h("div.tiles", { role: "toolbar", "aria-labelledby": id }, groups);
roving(toolbar, tiles);
let mode = segmented(t("camera.mode"), ui.together ? "together" : "then", [
["together", t("camera.together"), t("camera.together.hint")],
["then", t("camera.then"), t("camera.then.hint")]
]);
on(mode, "change", ({ target }) => ui.together = target.value === "together");
let words = segmented(t("camera.language"), ui.commands, [
["en", "English"],
["zh", "中文"]
]);
on(words, "change", ({ target }) => ui.commands = target.value);
let head = h("div.block-head", h("span.label", { id }, t("camera")), mode, words);
return h("div.block", head, toolbar);
}
function roving(toolbar, tiles) {
set(tiles[0] ?? toolbar, { tabindex: 0 }), on(toolbar, "focusin", ({ target }) => {
for (let tile of tiles) set(tile, { tabindex: tile === target ? 0 : -1 });
}), on(toolbar, "keydown", (event) => {
let at = tiles.indexOf(event.target), to = {
ArrowRight: at + 1,
ArrowDown: at + 1,
ArrowLeft: at - 1,
ArrowUp: at - 1,
Home: 0,
End: -1
}[event.key];
at < 0 || to === void 0 || event.ctrlKey || event.metaKey || event.altKey || (consume(event), tiles.at(to % tiles.length)?.focus());
});
}
function segmented(label, chosen, choices) {
let name = uniqueId("choice"), segment = ([value, text, title]) => h(
"label.segment",
{ title },
h("input.sr", { type: "radio", name, value, checked: value === chosen }),
text
);
return h("div.segments", { role: "radiogroup", label }, choices.map(segment));
}

// js/protocol.js
var FITTED = "fitted";

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
async function upload(wire, content, blob) {
let { id, answer } = wire.expect();
answer.catch(() => {
});
let count2 = Math.max(1, Math.ceil(blob.size / 4194304));
for (let seq = 0; seq < count2 && wire.waiting.has(id); seq += 1) {
let piece = await blob.slice(seq * 4194304, (seq + 1) * 4194304).arrayBuffer();
wire.post({ ...content, id, seq, last: seq === count2 - 1, size: blob.size }, [piece]);
}
return answer;
}
function fetchBytes(wire, content, onBytes) {
let chunks = [];
return wire.request(content, ({ seq, size }, piece) => {
chunks[seq] = piece;
let received = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
return onBytes?.(received, size), received < size ? null : new Blob(chunks, { type: "video/mp4" });
});
}

// js/draft.js
var FIELDS = [
"prompt",
"targets",
"resolution",
"duration",
"options",
"takes"
], READ = ["problems", "plan", "status", "first_frame", "last_frame", "catalogue"], PAUSE2 = 250, same = (a, b) => JSON.stringify(a) === JSON.stringify(b), DraftStore = class extends EventTarget {
constructor(model, signal) {
super(), this.model = model, this.timer = 0, this.queued = !1;
for (let name of [...FIELDS, ...READ])
Object.defineProperty(this, name, { get: () => model.get(name) });
this.unsent = new Map();
let changed = () => {
for (let [name, value] of this.unsent) this.put(name, value);
this.changed();
};
listen(
model,
[...FIELDS, ...READ].map((name) => `change:${name}`),
changed,
signal
), on(signal, "abort", () => this.flush());
}
put(name, value) {
same(this.model.get(name), value) || this.model.set(name, value);
}
get pending() {
return this.timer !== 0;
}
set(changes) {
for (let [name, value] of Object.entries(changes))
this.unsent.set(name, value), this.put(name, value);
clearTimeout(this.timer), this.timer = window.setTimeout(() => this.flush(), PAUSE2), this.changed();
}
flush() {
this.timer && (clearTimeout(this.timer), this.timer = 0, this.unsent.clear(), this.model.save_changes());
}
value() {
return Object.fromEntries(FIELDS.map((name) => [name, this.model.get(name)]));
}
changed() {
this.queued || (this.queued = !0, queueMicrotask(() => {
this.queued = !1, this.dispatchEvent(new Event("change"));
}));
}
};

// js/editor.js
function promptEditor({ draft, t, grammar: grammar2, signal }, tools) {
let id = uniqueId("prompt"), counter2 = h("span.counter", { id: `${id}-count` }), over = h("p.field-error", { id: `${id}-over`, role: "alert", hidden: !0 }), placeholder = t("prompt.placeholder"), textarea = h("textarea.prompt", {
id,
rows: 4,
spellcheck: "false",
autocomplete: "off",
placeholder
}), layer = h("div.prompt.layer", { "aria-hidden": !0 }), bubble = h("div.bubble", { hidden: !0 }), field = h("div.editor", layer, textarea, bubble), sweepCount = h("summary"), sweepList = h("ol"), sweep = h("details.sweep", { hidden: !0 }, sweepCount, sweepList), head = h("div.block-head", h("label.label", { for: id }, t("prompt")), tools, counter2), el = h("div.block", head, field, over, sweep), composing = !1, afterwards = [], read = () => draft.set({ prompt: textarea.value });
on(textarea, "input", () => composing ? show() : read()), on(textarea, "keydown", (event) => {
let command = !event.isComposing && editCommand(event);
command && (consume(event), command === "newline" ? edit((_, start, end) => ({ start, end, text: `
`, caret: start + 1 })) : document.execCommand(command));
}), on(textarea, "compositionstart", () => {
composing = !0, bubble.hidden = !0;
}), on(textarea, "compositionend", () => {
composing = !1, read(), setTimeout(() => {
if (!signal.aborted) for (let act of afterwards.splice(0)) act();
});
});
function show() {
let text = textarea.value, { prompts, choices } = expand(text), length = Math.max(0, ...(prompts.length > 1 ? prompts : [text]).map(codePoints)), { limit, title } = smallestLimit(draft.catalogue, draft.targets), excess = length > limit;
setText(counter2, t("prompt.count", { length, limit })), set(counter2, { title: title && t("prompt.limit", { title, limit }), "data-over": excess }), set(textarea, {
"aria-invalid": excess || null,
"aria-describedby": excess ? `${id}-count ${id}-over` : `${id}-count`
}), showText(over, excess ? t("prompt.over", { count: length - limit, title, limit }) : ""), refill(layer, text, () => [...pieces(text, grammar2, choices).map(paint), "​"]), sweep.hidden = prompts.length < 2, setText(sweepCount, t("sweep", { count: prompts.length })), refill(sweepList, text, () => prompts.slice(0, 50).map((one) => h("li", one))), fit();
}
let paint = ({ text, start, kinds }) => kinds.length ? h(
"span",
{ class: kinds.map((kind) => `hn-is-${kind}`).join(" "), "data-start": start },
text
) : text;
function fit() {
layer.style.inlineSize = `${textarea.clientWidth + 2}px`, layer.style.blockSize = `${textarea.offsetHeight}px`, layer.scrollTop = textarea.scrollTop;
}
on(textarea, "scroll", () => {
layer.scrollTop = textarea.scrollTop, bubble.hidden = !0;
});
let resized = new ResizeObserver(fit);
resized.observe(textarea), on(signal, "abort", () => resized.disconnect());
function offer(index) {
let slip = remarks(textarea.value, grammar2).find(
({ start: start2, end: end2, replacement, rule }) => rule === "unknown_command" && replacement && start2 <= index && index <= end2
), mark = slip && layer.querySelector(`.hn-is-unknown[data-start="${slip.start}"]`);
if (bubble.hidden = !mark || composing, !slip || !(mark instanceof HTMLElement)) return;
let { start, end } = slip, text = slip.replacement ?? "", fix = () => {
bubble.hidden = !0, edit(() => ({ start, end, text, caret: start + text.length }));
}, props = {
tabindex: -1,
onmousedown: (event) => event.preventDefault()
};
replace(bubble, button(".small", t("lint.use", { replacement: text }), fix, props)), bubble.style.insetInlineStart = `${Math.min(mark.offsetLeft, field.clientWidth - bubble.offsetWidth - 4)}px`, bubble.style.insetBlockStart = `${mark.offsetTop + mark.offsetHeight - layer.scrollTop + 1}px`;
}
let offerAtCaret = () => offer(textarea.selectionStart);
on(textarea, "click keyup focus", offerAtCaret), on(field, "pointermove", ({ clientX, clientY }) => {
for (let mark of layer.querySelectorAll(".hn-is-unknown"))
[...mark.getClientRects()].some(
({ left, right, top, bottom }) => left <= clientX && clientX <= right && top <= clientY && clientY <= bottom
) && offer(Number(mark.getAttribute("data-start")));
}), on(field, "pointerleave", () => {
hasFocus(textarea) ? offerAtCaret() : bubble.hidden = !0;
});
function edit(plan) {
if (composing) {
afterwards.push(() => edit(plan));
return;
}
let change = plan(textarea.value, textarea.selectionStart, textarea.selectionEnd);
if (!change) return;
let { start, end, text, caret } = change;
textarea.focus({ preventScroll: !0 }), textarea.setSelectionRange(start, end), !(start === end && text === "") && !document.execCommand(text ? "insertText" : "delete", !1, text) && (textarea.setRangeText(text, start, end, "end"), read()), textarea.setSelectionRange(caret, caret);
}
let put = (text) => edit((old) => ({ start: 0, end: old.length, text, caret: text.length }));
function update() {
let wanted = draft.prompt;
if (!composing && textarea.value !== wanted) {
let { selectionStart, value } = textarea;
textarea.value = wanted;
let caret = selectionStart < value.length ? Math.min(selectionStart, wanted.length) : wanted.length;
textarea.setSelectionRange(caret, caret);
}
show();
}
return { el, textarea, edit, put, update, isComposing: () => composing };
}
function smallestLimit(catalogue, targets) {
let [limit, title] = [2e3, ""];
for (let entry of catalogue)
for (let { name, prompt_limit } of entry.models)
!targets.includes(`${entry.name}/${name}`) || !prompt_limit || (!title || prompt_limit < limit) && ([limit, title] = [prompt_limit, entry.title]);
return { limit, title };
}
function editCommand({ key, ctrlKey, metaKey, shiftKey, altKey }) {
let command = ctrlKey || metaKey;
return key === "Enter" ? shiftKey && !command ? "newline" : null : !command || altKey ? null : key.toLowerCase() === "z" ? shiftKey ? "redo" : "undo" : key.toLowerCase() === "y" && !metaKey ? "redo" : null;
}

// js/compatibility.js
function lookUp(catalogue, target) {
let slash = target.indexOf("/"), entry = catalogue.find(({ name }) => name === target.slice(0, slash)), model = entry?.models.find(({ name }) => name === target.slice(slash + 1));
return entry && model ? { entry, model } : null;
}
function axes(catalogue) {
let cells = catalogue.flatMap(({ models }) => models.flatMap(({ cells: cells2 }) => cells2)), resolutions = [...new Set(cells.map(({ resolution }) => resolution))].sort(
(a, b) => parseInt(a, 10) - parseInt(b, 10)
), durations = [...new Set(cells.map(({ duration }) => duration))].sort((a, b) => a - b);
return { resolutions, durations };
}
var isCell = (resolution, duration) => (cell) => cell.resolution === resolution && cell.duration === duration;
function reasonAgainst(model, resolution, duration, frames) {
if (!model) return "unknown";
if (!model.cells.some(isCell(resolution, duration))) return "cell";
for (let slot of ["first", "last"]) {
let rule = model[`${slot}_frame`];
if (rule === "required" && !frames[slot]) return `needs_${slot}`;
if (rule === "no" && frames[slot]) return `no_${slot}`;
}
return "";
}
function support(catalogue, targets, resolution, duration, frames) {
let can = [], cannot = [], assumed = [];
for (let target of targets) {
let model = lookUp(catalogue, target)?.model, reason = reasonAgainst(model, resolution, duration, frames), cell = model?.cells.find(isCell(resolution, duration));
reason ? cannot.push({ target, reason }) : can.push(target), !reason && (cell?.assumed || cell?.sent_as) && assumed.push({ target, sent_as: cell.sent_as, assumed: cell.assumed });
}
return { can, cannot, assumed };
}
function fixes(catalogue, target, reason, resolution, duration, frames) {
let found = lookUp(catalogue, target), cells = found?.model.cells ?? [], [kind, slot] = reason.split("_"), list = [];
if (kind === "cell") {
let near = cells.filter((cell) => cell.resolution === resolution).map((cell) => cell.duration), alike = cells.find((cell) => cell.duration === duration);
near.sort((a, b) => Math.abs(a - duration) - Math.abs(b - duration)), near[0] !== void 0 && list.push({ kind: "duration", duration: near[0] }), alike && list.push({ kind: "resolution", resolution: alike.resolution });
} else if (kind === "needs")
list.push({ kind: "add", slot });
else if (kind === "no") {
let other = found?.entry.models.find(
(one) => !reasonAgainst(one, resolution, duration, frames)
);
other && list.push({ kind: "model", target: `${found?.entry.name}/${other.name}` }), list.push({ kind: "clear", slot });
}
return [...list, { kind: "drop" }];
}
function knownOptions(catalogue) {
let all = catalogue.flatMap(({ models }) => models.flatMap(({ options: options2 }) => options2));
return [...new Map(all.map((option) => [option.name, option])).values()];
}
function ignoring(catalogue, targets, option) {
let has = (target) => lookUp(catalogue, target)?.model.options.some(({ name }) => name === option);
return targets.filter((target) => !has(target));
}
function targetTitle(catalogue, target) {
let found = lookUp(catalogue, target);
return found ? `${found.entry.title} ${shortModel(found.model.name)}` : target;
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
function translateCode(t, key, values, sentence) {
let text = t(key, values);
return text === key ? sentence : text;
}
function sumText(t, { money, unknown }) {
let rest = unknown ? t("cost.unknown_of", { count: unknown }) : "";
return [money, rest].filter(Boolean).join(" + ") || t("cost.free");
}

// js/frame_slots.js
var TYPES = "image/jpeg,image/png,image/webp";
function frameSlots(studio) {
let { t, wire } = studio, first = frameSlot(studio, "first"), last = frameSlot(studio, "last"), exchange = () => first.run(wire.request({ kind: "frame_swap" })), swap = button(".small.quiet.swap", `⇄ ${t("frame.swap")}`, exchange), el = h(
"fieldset.block",
h("legend.label", t("frames")),
h("div.frames", first.el, last.el),
h("div.frames-foot", h("p.hint", t("frames.hint")), swap)
);
function paste(event) {
let file = [...event.clipboardData?.files ?? []].find(({ type }) => TYPES.includes(type));
if (!file) return;
event.preventDefault();
let inside = event.target instanceof Element ? event.target.closest(".hn-frame") : null;
((inside ? inside === last.el : first.filled() && !last.filled()) ? last : first).send(file);
}
return { el, update: () => {
first.update(), last.update(), swap.hidden = !first.filled() && !last.filled();
}, paste };
}
function frameSlot({ draft, t, wire }, slot) {
let title = t(`frame.${slot}`), picture = h("div.frame-picture"), facts = h("span.frame-facts"), error = h("p.field-error", { role: "alert" }), label = t("frame.pick", { title }), picker = h("input.sr", { type: "file", accept: TYPES, label }), pick = h("label.button.small", picker, t("frame.choose")), request = (kind) => () => run(wire.request({ kind, slot })).then(() => picker.focus()), props = { label: t("frame.remove", { title }) }, remove2 = button(".small", t("remove"), request("frame_clear"), props), url = h("input.input", {
type: "text",
inputmode: "url",
placeholder: t("frame.url"),
label: t("frame.url_of", { title })
}), link = h(
"form.frame-link",
url,
button(".small", t("frame.use"), null, { type: "submit" })
), crop = button(".small.crop", "", request("frame_crop")), head = h("span.frame-title", title), side = h(
"div.frame-side",
head,
facts,
h("div.frame-actions", pick, remove2),
link,
error,
crop
), el = h("div.frame", { "data-slot": slot, role: "group", label: title }, picture, side), busy = !1, failure = "", info = () => draft[`${slot}_frame`], filled2 = () => !!(info().width || info().url);
async function run(request2) {
busy = !0, failure = "", update(), await request2.catch((reason) => {
failure = reasonText(reason);
}), busy = !1, update();
}
let send = (file) => run(upload(wire, { kind: "frame", slot, name: file.name }, file)), fetchLink = (address) => run(wire.request({ kind: "frame_url", slot, url: address }));
on(picker, "change", () => {
let file = picker.files?.[0];
file && send(file), picker.value = "";
}), on(link, "submit", async (event) => {
event.preventDefault();
let address = url.value.trim();
address && (await fetchLink(address), failure || (url.value = ""));
}), on(el, "dragenter dragover dragleave drop", (event) => {
if (set(el, { "data-drop": /enter|over/.test(event.type) }), event.type === "dragleave" || (consume(event), event.type !== "drop")) return;
let file = event.dataTransfer?.files[0], text = event.dataTransfer?.getData("text/uri-list") || "";
file ? send(file) : text && fetchLink(text.split(`
`)[0]);
});
function update() {
let given = info(), { name, width, height, url: address, error: refused, crop: offered } = given, there2 = filled2(), src = given.thumbnail || offered?.thumbnail, kind = src ? offered ? "refused" : "image" : there2 ? "link" : busy ? "busy" : "empty";
set(picture, { "data-kind": kind });
let alt = offered ? t("frame.preview") : t("frame.alt", { title, name: name ?? "" });
refill(picture, [kind, src], () => [
src ? h("img", { src, alt }) : h("span", { "aria-hidden": !0 }, kind === "link" ? "URL" : "+")
]);
let measures = dotted(
name,
width && height ? `${width} × ${height}` : "",
bytes(given.bytes)
);
setText(facts, busy ? t("frame.busy") : there2 ? measures || address || "" : t("frame.drop")), set(facts, { title: there2 && (address || name) || null }), remove2.hidden = !there2, link.hidden = there2, showText(
crop,
offered ? t("frame.crop", { width: offered.width, height: offered.height }) : ""
), showText(
error,
refused ? translateCode(t, `frame_error.${given.code}`, given.values, refused) : busy ? "" : failure
);
}
return { el, update, send, filled: filled2, run };
}
var clearFrame = (wire, slot) => wire.request({ kind: "frame_clear", slot }).catch(() => {
});
async function fixFrame(wire, slot, change) {
change === null && await clearFrame(wire, slot), change === FITTED && await wire.request({ kind: "frame_fit", slot }).catch(() => {
});
}

// js/format_grid.js
function formatGrid({ draft, t, wire, announcer }) {
let catalogue = draft.catalogue, { resolutions, durations } = axes(catalogue), name = uniqueId("format"), why = h("ul.why", { id: `${name}-why` }), looked = null, cells = resolutions.flatMap(
(resolution) => durations.map((duration) => {
let words = h("span.cell-count"), input = h("input.sr", {
type: "radio",
name,
"data-format": `${resolution} ${duration}`,
"aria-describedby": why.id,
onchange: () => draft.set({ resolution, duration })
}), look = (cell) => () => {
looked = cell, explain();
}, listeners = { onmouseenter: look({ resolution, duration }), onmouseleave: look(null) };
return {
resolution,
duration,
words,
input,
label: h("label.cell", listeners, input, words)
};
})
), head = durations.map((seconds) => column(t("common.seconds", { seconds }))), lines2 = resolutions.map((resolution) => {
let own = cells.filter((cell) => cell.resolution === resolution);
return h(
"tr",
h("th", { scope: "row" }, resolution),
own.map((cell) => h("td", cell.label))
);
}), table = h("table.format", h("thead", h("tr", h("td"), head)), h("tbody", lines2)), el = h("fieldset.block", h("legend.label", t("format")), table, why), targets = () => draft.targets, there2 = ({ width, url }) => !!(width || url), frames = () => ({ first: there2(draft.first_frame), last: there2(draft.last_frame) }), ask = (resolution, duration) => support(catalogue, targets(), resolution, duration, frames());
function explain() {
let values = looked ?? { resolution: draft.resolution, duration: draft.duration }, { resolution, duration } = values, { cannot, assumed } = ask(resolution, duration), item = (text, cures, target = "") => h(
"li",
{ "data-kind": "no" },
h("span", text),
looked ? [] : cures.map((fix) => fixButton(fix, target))
), against = cannot.length > 1 && cannot.length === targets().length && cannot.every(({ reason }) => reason === "cell") ? [item(t("reason.nobody", values), common2(resolution, duration))] : cannot.map(({ target, reason }) => {
let text = `${targetTitle(catalogue, target)}: ${t(`reason.${reason}`, values)}`;
return item(
text,
fixes(catalogue, target, reason, resolution, duration, frames()),
target
);
}), notes = assumed.filter((one) => looked || one.assumed);
replace(
why,
against,
notes.map(({ target, sent_as, assumed: guessed }) => {
let text = guessed ? t("assumed") : t("sent_as", { sent_as, resolution });
return h("li", { "data-kind": "assumed" }, `${targetTitle(catalogue, target)}: ${text}`);
})
), why.hidden = why.childElementCount === 0;
}
function common2(resolution, duration) {
let [first = [], ...others] = targets().map(
(target) => fixes(catalogue, target, "cell", resolution, duration, frames()).map(
(fix) => JSON.stringify(fix)
)
);
return first.filter((fix) => others.every((list) => list.includes(fix))).map((text) => JSON.parse(text)).filter(({ kind }) => kind !== "drop");
}
function fixButton(fix, target) {
let text = t(`fix.${fix.kind}`, {
model: fix.kind === "model" ? shortModel(fix.target.split("/")[1] ?? "") : "",
slot: "slot" in fix ? t(`frame.${fix.slot}`) : "",
value: "duration" in fix ? fix.duration : "resolution" in fix ? fix.resolution : ""
}), label = `${target ? targetTitle(catalogue, target) : t("targets")}: ${text}`;
return button(".small.quiet", text, () => {
announcer.say(label), applyFix(fix, target);
}, { "data-fix": fix.kind, label });
}
function applyFix(fix, target) {
let { kind } = fix;
kind === "duration" ? draft.set({ duration: fix.duration }) : kind === "resolution" ? draft.set({ resolution: fix.resolution }) : kind === "drop" ? draft.set({ targets: targets().filter((one) => one !== target) }) : kind === "model" ? draft.set({
targets: [...new Set(targets().map((one) => one === target ? fix.target : one))]
}) : kind === "clear" ? clearFrame(wire, fix.slot) : el.closest(".hn-studio")?.querySelector(`[data-slot="${fix.slot}"] input`)?.focus();
}
function update() {
let count2 = targets().length;
for (let { resolution, duration, words, input, label } of cells) {
let { can, assumed } = ask(resolution, duration), values = { resolution, duration, can: can.length, count: count2 };
input.checked = resolution === draft.resolution && duration === draft.duration, setText(words, t("format.count", values) + (assumed.some((one) => one.assumed) ? "*" : ""));
let tone = count2 ? can.length === count2 ? "all" : can.length ? "some" : "none" : "idle";
set(label, { "data-tone": tone }), set(input, { label: t("format.cell", values) });
}
explain();
}
return { el, update };
}

// js/keyboard.js
var CAPTURED = /^(Backspace|Delete|Home|End|Page(Up|Down)|Arrow\w+)$/, isCaptured = ({ key, ctrlKey, metaKey, altKey }) => key === "Enter" || !ctrlKey && !metaKey && !altKey && ([...key].length === 1 || CAPTURED.test(key));
function captureKeys(root, signal) {
on(root, "keydown keypress", (event) => isCaptured(event) && event.stopPropagation()), on(window, "keydown", (event) => root.toggleAttribute("data-lm-suppress-shortcuts", isCaptured(event)), { capture: !0, signal });
}

// js/moves_preview.js
var PAUSE3 = 500;
function movesPreview({ draft, grammar: grammar2, signal, t, ui, wire }) {
let label = t("moves.video"), video = h("video.moves-video", { controls: !0, loop: !0, playsinline: !0, label });
video.muted = !0, video.autoplay = !prefersReducedMotion();
let clip = h("figure.moves-clip", video, h("figcaption.hint", t("moves.note"))), message = h("p.hint", { role: "status" }), onOff = h("input", { type: "checkbox", checked: ui.moves }), el = h("div.moves", h("label.hint", onOff, t("moves.switch")), message, clip), wanted = "", timer = 0;
function show(url) {
video.src && URL.revokeObjectURL(video.src), set(video, { src: url || null }), clip.hidden = !url;
}
async function fetchPreview(key, content) {
let blob, fault = "";
try {
blob = await fetchBytes(wire, { ...content, kind: "preview" });
} catch (reason) {
fault = t("moves.failed", { reason: reasonText(reason) });
}
key !== wanted || signal.aborted || (showText(message, fault), (fault || blob instanceof Blob) && show(blob instanceof Blob ? URL.createObjectURL(blob) : ""), set(el, { "aria-busy": null }));
}
function update() {
let text = draft.prompt, prompt = expand(text).prompts[0] ?? text;
el.hidden = !wire.open || !grammar2.parse(prompt).length;
let seconds = Number(draft.duration), active = ui.moves && !el.hidden, key = active ? JSON.stringify([prompt, seconds, draft.first_frame]) : "";
key !== wanted && (wanted = key, clearTimeout(timer), set(el, { "aria-busy": active || null }), active ? timer = window.setTimeout(() => fetchPreview(key, { prompt, seconds }), PAUSE3) : show(""), showText(message, active && clip.hidden ? t("moves.drawing") : ""));
}
return on(onOff, "change", () => {
ui.moves = onOff.checked, update();
}), on(signal, "abort", () => {
clearTimeout(timer), show("");
}), show(""), { el, update };
}

// js/options.js
function control({ type, values, minimum, maximum }, t, choose) {
if (type === "bool" || values.length) {
let all = [null, ...type === "bool" ? [!0, !1] : values], box2 = select(
{ onchange: () => choose(all[box2.selectedIndex] ?? null) },
all.map((value) => {
if (value !== null && typeof value != "boolean") return String(value);
let name = value === null ? "default" : value ? "on" : "off";
return [name, t(`option.${name}`)];
})
);
return { box: box2, show: (value) => box2.selectedIndex = all.indexOf(value) };
}
let numeric = type !== "text", read = () => {
if (!numeric) return box.value || null;
let number = box.valueAsNumber;
return Number.isNaN(number) ? null : type === "int" ? Math.round(number) : number;
}, bounds = numeric ? { min: minimum ?? "", max: maximum ?? "", step: "any" } : {}, box = h("input.input", {
type: numeric ? "number" : "text",
placeholder: t("option.default"),
oninput: () => choose(read()),
...bounds
});
return { box, show: (value) => {
hasFocus(box) || (box.value = value === null ? "" : String(value));
} };
}
function optionFields({ draft, t, grammar: grammar2 }) {
let field = (label, control2, text) => {
control2.id = uniqueId("option");
let hint = h("p.hint", { id: `${control2.id}-hint` }, text);
return control2.setAttribute("aria-describedby", hint.id), { hint, el: h("div.option", h("label", { for: control2.id }, label), control2, hint) };
}, fields = knownOptions(draft.catalogue).map((option) => {
let { name } = option, choose = (value) => draft.set({ options: { ...draft.options, [name]: value } }), { box, show } = control(option, t, choose);
return { option: name, show, ...field(t(`option.${name}`), box) };
}), takes2 = h("input.input.takes", {
type: "number",
min: 1,
max: 20,
step: 1,
oninput: () => {
let count2 = Math.round(Number(takes2.value));
count2 >= 1 && count2 <= 20 && draft.set({ takes: count2 });
},
onblur: () => takes2.valueAsNumber = draft.takes
}), takesField = field(t("takes"), takes2, t("takes.hint")), list = h(
"div.options",
takesField.el,
fields.map(({ el: el2 }) => el2)
), el = h("fieldset.block", h("legend.label", t("options")), list);
function update() {
let catalogue = draft.catalogue;
for (let { option, show, hint } of fields) {
let value = draft.options?.[option] ?? null;
show(value);
let names = (value === null ? [] : ignoring(catalogue, draft.targets, option)).map((target) => targetTitle(catalogue, target)).join(", "), rewrites = option === "prompt_optimizer" && value !== !1 && grammar2.parse(draft.prompt).length;
showText(hint, names ? t("option.lost", { names }) : rewrites ? t("option.rewrites") : "");
}
hasFocus(takes2) || (takes2.valueAsNumber = draft.takes);
}
return { el, update };
}

// js/prompt_library.js
function library({ draft, t, wire, announcer, language }, put) {
let id = uniqueId("library"), search = h("input.input", { type: "search" }), list = h("ul.library-list"), message = h("p.hint", { role: "status" }), label = t("template.name"), name = h("input.input", { type: "text", maxlength: 80, placeholder: label, label }), save = button(".small", t("template.save"), null, { type: "submit" }), keep = h("form.library-keep", name, save), el = h("div.library", { id, role: "region", hidden: !0 }, search, keep, message, list), open = null, items = [], tools = ["templates", "history"].map(
(shelf) => button(".small.quiet", t(`library.${shelf}`), () => show(open === shelf ? null : shelf), {
"aria-expanded": !1,
"aria-controls": id,
"data-shelf": shelf
})
), toolOf = (shelf) => tools.find(({ dataset }) => dataset.shelf === shelf);
async function show(shelf) {
open = shelf, el.hidden = !shelf;
for (let tool of tools) set(tool, { "aria-expanded": tool === toolOf(shelf) });
if (!shelf) return;
let title = t(`library.${shelf}`), placeholder = t("library.search", { title });
set(el, { label: title }), set(search, { label: placeholder, placeholder }), search.value = "", keep.hidden = shelf !== "templates", search.focus(), await fill(() => wire.request({ kind: shelf }));
}
async function fill(request) {
try {
let answer = await request();
if (answer.kind !== open) return;
items = answer.entries ? answer.entries.map(historyItem) : [...answer.own.map(ownItem), ...answer.built_in.map(builtInItem)], filter();
} catch (error) {
showText(message, reasonText(error));
}
}
function filter() {
let wanted = search.value.toLowerCase().split(/\s+/), found = items.filter(
({ words }) => wanted.every((word) => words.toLowerCase().includes(word))
);
replace(
list,
found.map((item2) => item2.el)
);
let none = t(items.length ? "library.nothing" : `library.empty.${open ?? "history"}`);
showText(message, found.length ? "" : none);
}
function item(title, prompt, facts, action) {
let take = () => {
put(prompt), announcer.say(t("library.taken"));
}, part = h(
"li.library-item",
title && h("p.library-name", title),
h("p.library-prompt", { title: prompt }, prompt),
facts && h("p.hint", facts),
h("div.library-actions", button(".small", t("library.take"), take), action)
);
return { words: `${title} ${prompt} ${facts}`, el: part };
}
function historyItem({
key,
prompt,
targets,
resolution,
duration,
first_frame,
last_frame,
clips,
at
}) {
let catalogue = draft.catalogue, takeAll = async () => (draft.flush(), await wire.request({ kind: "recall", key }), announcer.say(t("library.taken")), {}), facts = dotted(
new Date(at * 1e3).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" }),
`${resolution} · ${t("common.seconds", { seconds: duration })}`,
(first_frame || last_frame) && t("library.frames"),
t("library.clips", { count: clips }),
targets.map((target) => targetTitle(catalogue, target)).join(", ")
), all = button(".small.quiet", t("library.take_all"), () => fill(takeAll));
return item("", prompt, facts, all);
}
let builtInItem = (one) => item(one.name[language] ?? "", one.prompt[language] ?? "", "");
function ownItem({ name: name2, prompt }) {
let drop = () => fill(() => wire.request({ kind: "template_delete", name: name2 })).then(() => search.focus()), label2 = t("template.delete", { name: name2 }), remove2 = button(".small.quiet", t("remove"), drop, { label: label2 });
return item(name2, prompt, t("template.own"), remove2);
}
return on(search, "input", filter), on(keep, "submit", (event) => {
event.preventDefault();
let prompt = draft.prompt;
fill(async () => {
let answer = await wire.request({ kind: "template_save", name: name.value, prompt });
return name.value = search.value = "", answer;
});
}), on(el, "keydown", (event) => {
if (event.key !== "Escape") return;
event.stopPropagation();
let tool = toolOf(open);
show(null), tool?.focus();
}), { el, tools };
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

// js/share.js
function sharing({ t, wire, draft }) {
let place = h("p.hint", { role: "status" }), copy = (form) => button(".small", t(`share.${form}`), async () => {
try {
let { text } = await wire.request({ kind: "share", form, draft: draft.value() });
await copyText(place, text, t(`share.${form}`), t("share.done"));
} catch (reason) {
showText(place, reasonText(reason));
}
}), summary2 = h("summary.button.small.quiet", t("share")), el = h(
"details.share",
{ hidden: !wire.open },
summary2,
h("div.share-menu", copy("link"), copy("python"), place)
);
return on(el, "keydown", ({ key }) => {
key === "Escape" && (el.open = !1, summary2.focus());
}), el;
}

// js/summary.js
var TIMEOUT = 4e3, COOLDOWN = 1e3;
function summary({ draft, t, wire, announcer }) {
let why = uniqueId("why"), problems = h("ul.problems", { label: t("problems") }), costs = h("ul.costs"), costTitle = h("summary"), costBox = h("details.cost", costTitle, costs), existing = h("p.hint"), spent = h("p.hint.spent"), limits = h("p.hint.limit"), reason = h("p.reason", { id: why }), words = h("span"), go = button(".primary.generate", words, () => generate(), {
"aria-describedby": why,
"aria-keyshortcuts": "Control+Enter Meta+Enter"
}), status = h("p.status", { role: "status" }), what = h("div.send-what", costBox, spent, limits, existing, reason, status), el = h("div.summary", problems, h("div.send", what, go)), sending = !1, slow = !1, failure = "", targets = () => draft.targets, clips = () => targets().length * draft.takes * expand(draft.prompt).prompts.length, plan = () => draft.plan, said = () => draft.problems, found = () => said().filter(({ code }) => code !== "prompt_missing");
function blocked() {
if (!wire.open) return t("blocked.kernel");
if (sending) return t(slow ? "blocked.slow" : "blocked.sending");
if (targets().length === 0) return t("blocked.targets");
let wrong = found().filter(({ severity }) => severity === "error");
if (wrong.length) return t("blocked.problems", { count: grouped(wrong).length });
if (said().length > found().length) return t("blocked.prompt");
let limit = plan().limit;
return limit?.over && !draft.pending ? t(`limit.${limit.over}`, limitValues(limit)) : "";
}
let limitValues = ({ max_cost, max_clips, used, used_cost }) => ({
max_cost: max_cost ?? "",
max_clips: max_clips ?? "",
used,
used_cost: used_cost || "0",
count: clips()
});
async function generate() {
let against = blocked();
if (against) return announcer.say(against);
sending = !0, failure = "", update();
let timer = setTimeout(() => {
slow = !0, update();
}, TIMEOUT);
draft.flush();
try {
await wire.request({ kind: "generate", draft: draft.value() }), await new Promise((resolve) => setTimeout(resolve, COOLDOWN));
} catch (error) {
failure = reasonText(error);
}
clearTimeout(timer), sending = slow = !1, update();
}
function update() {
refill(problems, found(), () => grouped(found()).map(problemItem)), problems.hidden = found().length === 0;
let count2 = clips(), {
total,
costs: lines2 = [],
existing: taken,
clips: planned,
spent: paid,
limit
} = plan(), price = planned === count2 && !draft.pending && total ? sumText(t, total) : "…";
setText(words, count2 ? t("generate.count", { count: count2, price }) : t("generate"));
let against = blocked();
set(go, { "aria-disabled": against ? !0 : null }), showText(reason, against), showCosts(lines2, price), showText(spent, paid ? t("spent", { count: paid.clips, sum: sumText(t, paid) }) : "");
let bounds = limit ? limitValues(limit) : {}, parts = [
limit?.max_clips != null && t("limit.of_clips", bounds),
limit?.max_cost != null && t("limit.of_cost", bounds)
];
showText(limits, parts.filter(Boolean).join(" ")), showText(existing, taken ? t("existing", { count: taken }) : "");
let state = draft.status ?? { kind: "idle", text: "" };
set(status, { "data-kind": failure ? "error" : state.kind }), showText(
status,
failure || translateCode(t, `status.${state.code}`, state.values, state.text ?? "")
);
}
function showCosts(lines2, price) {
costBox.hidden = lines2.length === 0, setText(costTitle, t("cost", { total: price }));
let catalogue = draft.catalogue, item = (line) => {
let source = dotted(line.date, line.source);
return h(
"li",
h("span", targetTitle(catalogue, line.target)),
h("span.money", costText(t, line)),
!line.simulated && h("span.hint", source)
);
};
replace(costs, lines2.map(item));
}
function problemItem(group) {
let { severity, changes } = group[0], wrong = group.map(({ target }) => target), texts2 = [...new Set(group.map(problemText))], leaveOut = () => draft.set({ targets: targets().filter((one) => !wrong.includes(one)) }), others = severity === "error" && targets().length > wrong.length, heading = h("span.sr", t(`severity.${severity}`));
return h(
"li.problem",
{ "data-severity": severity },
h(
"div.problem-text",
heading,
texts2.map((text) => h("p", text))
),
h(
"div.problem-actions",
changes && button(".small", fixLabel(changes, t), () => applyFix(changes, wrong[0])),
others && button(".small.quiet", t("fix.leave_out", { count: wrong.length }), leaveOut)
)
);
}
function problemText({ code, field, values, message }) {
let option = code.startsWith("option_") && { option: t(`option.${field}`) };
return translateCode(t, `problem.${code}`, { ...values, ...option }, message);
}
async function applyFix({ target, prompt, resolution, duration, first_frame, last_frame, ...options2 }, wrong) {
let given = {
prompt,
resolution,
duration,
options: Object.keys(options2).length ? { ...draft.options, ...options2 } : void 0,
targets: target && [...new Set(targets().map((one) => one === wrong ? target : one))]
};
draft.set(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== void 0))), await fixFrame(wire, "first", first_frame), await fixFrame(wire, "last", last_frame);
}
return { el, update, generate };
}
function costText(t, { simulated, count: count2, each, sum }) {
return simulated ? t("cost.free") : each ? count2 > 1 ? `${count2} × ${each} = ${sum}` : each : t("cost.unknown", { count: count2 });
}
function grouped(problems) {
let groups = new Map();
for (let problem of problems) {
let key = JSON.stringify([problem.severity, problem.code, problem.changes]);
groups.set(key, [...groups.get(key) ?? [], problem]);
}
return [...groups.values()].sort(
([a], [b]) => +(a?.severity === "warning") - +(b?.severity === "warning")
);
}
function fixLabel(changes, t) {
return Object.entries(changes).map(([name, value]) => name === "target" ? t("fix.model", { model: shortModel(String(value).split("/")[1] ?? "") }) : value === FITTED ? t(`fix.${name}_fitted`) : /^(resolution|duration|prompt|\w+_frame)$/.test(name) ? t(`fix.${name}`, { value }) : t("fix.option", { option: t(`option.${name}`) })).join(t("fix.and"));
}

// js/targets.js
function targetChooser({ draft, t }) {
let boxes = new Map(), targets = () => draft.targets;
function choose() {
let checked = [...boxes].filter(([, box]) => box.checked).map(([target]) => target);
draft.set({ targets: [...checked, ...targets().filter((one) => !boxes.has(one))] });
}
function providerRow(entry) {
let { title, simulated, key_variables } = entry, variables = key_variables.join(" + "), name = h(
"div.provider-name",
h("span.provider-title", title),
simulated && h("span.badge", t("common.simulated")),
variables && h("span.hint", t("key.simulated", { variables }))
), models = h(
"div.models",
entry.models.map((model) => modelBox(entry, model))
);
return h("div.provider", { role: "group", label: title }, name, models);
}
function modelBox(entry, model) {
let target = `${entry.name}/${model.name}`, name = shortModel(model.name), needs = model.first_frame === "required" && t("model.needs_first"), label = [`${entry.title} ${name}`, needs, entry.simulated && t("common.simulated")].filter(Boolean).join(", "), box = h("input", { type: "checkbox", "data-target": target, label, onchange: choose });
return boxes.set(target, box), h("label.model", { title: dotted(model.name, needs) }, box, h("span", name));
}
let entries = draft.catalogue, list = h("div.providers", entries.map(providerRow)), el = h("fieldset.block", h("legend.label", t("targets")), list);
function update() {
let errors = draft.problems.filter(
({ severity, code }) => severity === "error" && code !== "prompt_missing"
);
for (let [target, box] of boxes) {
box.checked = targets().includes(target);
let wrong = box.checked && errors.some((problem) => problem.target === target);
set(box.parentElement, { "data-wrong": wrong });
}
}
return { el, update };
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

// js/prompt_studio.js
var kept = new WeakMap(), prompt_studio_default = widget("studio", ["catalogue", "moves"], ({ model, el, language, t, signal }) => {
let moves = model.get("moves") ?? [], commands = language, ui = { together: !0, moves: !0, ...kept.get(el), commands };
kept.set(el, ui);
let studio = {
draft: new DraftStore(model, signal),
wire: new Wire(model, signal),
t,
language: commands,
moves,
grammar: grammar(moves),
announcer: new Announcer(signal),
ui,
signal
}, shelves = library(studio, (prompt) => editor.put(prompt)), editor = promptEditor(studio, shelves.tools), tiles = cameraTiles(studio, editor), steps = cameraSteps(studio, editor), player = pathPlayer(studio), preview = movesPreview(studio), targets = targetChooser(studio), grid = formatGrid(studio), options2 = optionFields(studio), frames = frameSlots(studio), end = summary(studio), timelineHead = h("div.block-head", h("span.label", t("timeline")), player.toggle), timeline = h("div.block.timeline", timelineHead, steps.el, preview.el, player.el), root = h(
"section.studio",
{ lang: language, label: t("name") },
h(
"header.studio-head",
h("h3.title", t("title")),
sharing(studio),
languageButton(model, language)
),
h(
"div.studio-columns",
h("div.column", editor.el, shelves.el, timeline, tiles, frames.el),
h("div.column", targets.el, grid.el, options2.el)
),
end.el,
studio.announcer.el
);
root.classList.add("hn"), captureKeys(root, signal), on(root, "keydown", (event) => {
event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey) || (event.preventDefault(), event.repeat || end.generate());
}), on(root, "paste", frames.paste);
let update = () => {
for (let part of [editor, steps, preview, player, targets, grid, options2, frames, end])
part.update();
};
on(studio.draft, "change", update), el.replaceChildren(root), update();
});
export {
prompt_studio_default as default
};
