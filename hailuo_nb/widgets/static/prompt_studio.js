// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/dom.js
var SVG = "http://www.w3.org/2000/svg";
function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
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

// js/announce.js
var PAUSE = 2e3;
var Announcer = class {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.el = h("div", { class: "hn-sr", role: "status", "aria-live": "polite", "aria-atomic": "true" });
    this.queue = [];
    this.timer = 0;
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }
  /** @param {string} text */
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
  for (const move of moves)
    for (const name of [move.key, fold(move.english), move.chinese]) byName.set(name, move);
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
  function insert(prompt, keys, at, language) {
    const together = keys.map((key) => find(key)).filter((move) => move !== void 0);
    const inside = parse(prompt).find((step) => step.start < at && at < step.end);
    if (inside) {
      const merged = [...inside.moves, ...together.filter((move) => !inside.moves.includes(move))];
      const text2 = bracket(merged, inside.unknown, language);
      return { start: inside.start, end: inside.end, text: text2, caret: inside.start + text2.length };
    }
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
        const chinese = step.moves.some(
          ({ chinese: chinese2 }) => prompt.slice(step.start, step.end).includes(chinese2)
        );
        const text = `,${command(move, chinese ? "zh" : language)}`;
        return { start: step.end - 1, end: step.end - 1, text, caret: step.end + text.length };
      }
    }
    const at = step ? step.end : from;
    const edit = insert(prompt, [key], at, language);
    return edit.start === from && from !== to ? { ...edit, end: to } : edit;
  }
  function render2(prompt, language) {
    return prompt.replace(BRACKET, (whole, inner) => {
      const items = split(inner);
      if (!items.some(find)) return whole;
      const written = items.map((item) => {
        const move = find(item);
        return move ? command(move, language) : item;
      });
      return `[${written.filter(Boolean).join(",")}]`;
    });
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
      return [
        {
          rule: "plain_bracket",
          start,
          end,
          replacement: null,
          values: { bracket: prompt.slice(start, end) }
        }
      ];
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
  return { find, nearest, parse, insert, click, render: render2, lint, bracket, command };
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
  /** @type {const} */
  [
    "prompt",
    "targets",
    "resolution",
    "duration",
    "options",
    "takes"
  ]
);
var PAUSE2 = 250;
var DraftStore = class extends EventTarget {
  /** @param {Model} model @param {AbortSignal} signal */
  constructor(model, signal) {
    super();
    this.model = model;
    this.timer = 0;
    this.queued = false;
    const changed = () => this.changed();
    const names = [...FIELDS, "problems", "plan", "status", "first_frame", "last_frame", "catalogue"];
    for (const name of names) model.on(`change:${name}`, changed);
    signal.addEventListener("abort", () => {
      for (const name of names) model.off(`change:${name}`, changed);
      this.flush();
    });
  }
  /** @param {string} name */
  get(name) {
    return this.model.get(name);
  }
  /** Whether something is not sent yet: what the kernel says of problems and cost is then of the past. */
  get pending() {
    return this.timer !== 0;
  }
  /** @param {Partial<Draft>} changes */
  set(changes) {
    for (const [name, value] of Object.entries(changes)) {
      if (JSON.stringify(this.model.get(name)) !== JSON.stringify(value)) this.model.set(name, value);
    }
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), PAUSE2);
    this.changed();
  }
  flush() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    this.model.save_changes();
  }
  /** @returns {Draft} */
  value() {
    return (
      /** @type {Draft} */
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
function bytes(count) {
  if (count === null || count === void 0) return "";
  if (count < 1e3) return `${count} B`;
  if (count < 999500) return `${Math.round(count / 1e3)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}
function shortModel(model) {
  return model.replace(/^MiniMax-/, "").replace(/^Hailuo-/, "Hailuo ");
}
function codePoints(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

// js/editor.js
var LIMIT = 2e3;
function promptEditor({ draft, t, signal }) {
  const id = uniqueId("prompt");
  const counter2 = h("span", { class: "hn-counter", id: `${id}-count` });
  const over = h("p", { class: "hn-field-error", id: `${id}-over`, role: "alert", hidden: true });
  const textarea = h("textarea", {
    class: "hn-prompt",
    id,
    rows: 5,
    spellcheck: false,
    autocomplete: "off",
    placeholder: t("studio.prompt.placeholder"),
    "aria-describedby": `${id}-count`
  });
  const el = h(
    "div",
    { class: "hn-block" },
    h(
      "div",
      { class: "hn-block-head" },
      h("label", { class: "hn-label", for: id }, t("studio.prompt")),
      counter2
    ),
    textarea,
    over
  );
  let composing = false;
  let afterwards = [];
  function read() {
    draft.set({ prompt: textarea.value });
  }
  textarea.addEventListener("input", () => {
    if (!composing) read();
    else count();
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
  });
  textarea.addEventListener("compositionend", () => {
    composing = false;
    read();
    setTimeout(() => {
      if (!signal.aborted) for (const act of afterwards.splice(0)) act();
    });
  });
  function count() {
    const length = codePoints(textarea.value);
    setText(counter2, t("studio.prompt.count", { length, limit: LIMIT }));
    setAttribute(counter2, "data-over", length > LIMIT);
    setAttribute(textarea, "aria-invalid", length > LIMIT ? "true" : null);
    setAttribute(textarea, "aria-describedby", length > LIMIT ? `${id}-count ${id}-over` : `${id}-count`);
    showText(over, length > LIMIT ? t("studio.prompt.over", { count: length - LIMIT }) : "");
  }
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
  function update() {
    const wanted = draft.get("prompt") ?? "";
    if (!composing && textarea.value !== wanted) {
      const { selectionStart } = textarea;
      const atEnd = selectionStart >= textarea.value.length;
      textarea.value = wanted;
      const caret = atEnd ? wanted.length : Math.min(selectionStart, wanted.length);
      textarea.setSelectionRange(caret, caret);
    }
    count();
  }
  return { el, textarea, edit, update, isComposing: () => composing };
}
function hostTakes({ key, ctrlKey, metaKey, shiftKey, altKey }) {
  const command = ctrlKey || metaKey;
  if (key === "Enter") return shiftKey && !command ? "newline" : null;
  if (!command || altKey) return null;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && !metaKey ? "redo" : null;
}

// js/frames.js
var TYPES = "image/jpeg,image/png,image/webp";
function frameSlots(studio) {
  const { t } = studio;
  const slots = { first: frameSlot(studio, "first"), last: frameSlot(studio, "last") };
  const el = h(
    "fieldset",
    { class: "hn-block" },
    h("legend", { class: "hn-label" }, t("studio.frames")),
    h("div", { class: "hn-frames" }, slots.first.el, slots.last.el),
    h("p", { class: "hn-hint" }, t("studio.frames.hint"))
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
  };
  return { el, update, paste };
}
function frameSlot({ draft, t, wire }, slot) {
  const title = t(`studio.frame.${slot}`);
  const picture = h("div", { class: "hn-frame-picture" });
  const facts = h("span", { class: "hn-frame-facts" });
  const error = h("p", { class: "hn-field-error", role: "alert" });
  const picker = h("input", {
    type: "file",
    accept: TYPES,
    class: "hn-sr",
    "aria-label": t("studio.frame.pick", { title })
  });
  const pick = h("label", { class: "hn-button hn-small" }, picker, t("studio.frame.choose"));
  const remove = h(
    "button",
    { type: "button", class: "hn-button hn-small", "aria-label": t("studio.frame.remove", { title }) },
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
  const link = h("form", { class: "hn-frame-link" }, url, use);
  const el = h(
    "div",
    { class: "hn-frame", "data-slot": slot, role: "group", "aria-label": title },
    picture,
    h(
      "div",
      { class: "hn-frame-side" },
      h("span", { class: "hn-frame-title" }, title),
      facts,
      h("div", { class: "hn-frame-actions" }, pick, remove),
      link,
      error
    )
  );
  let busy = false;
  let failure = "";
  const info = () => (
    /** @type {FrameInfo} */
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
  remove.addEventListener(
    "click",
    () => void run(wire.ask({ kind: "frame_clear", slot })).then(() => picker.focus())
  );
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
    const { name, width, height, bytes: size, thumbnail, url: address, error: refused } = info();
    const there = filled();
    const kind = thumbnail ? "image" : there ? "link" : busy ? "busy" : "empty";
    if (picture.dataset.kind !== kind || picture.dataset.name !== (name ?? "")) {
      picture.dataset.kind = kind;
      picture.dataset.name = name ?? "";
      replace(
        picture,
        thumbnail ? h("img", { src: thumbnail, alt: t("studio.frame.alt", { title, name: name ?? "" }) }) : h("span", { "aria-hidden": "true" }, kind === "link" ? "URL" : "+")
      );
    }
    const measures = [name, width && height ? `${width} × ${height}` : "", bytes(size)].filter(Boolean).join(" · ");
    setText(
      facts,
      busy ? t("studio.frame.busy") : there ? measures || address || "" : t("studio.frame.drop")
    );
    setAttribute(facts, "title", there ? address || name || null : null);
    remove.hidden = !there;
    link.hidden = there;
    const text = refused || (busy ? "" : failure);
    setText(error, text);
    error.hidden = text === "";
  }
  return { el, update, send, filled };
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
  if (!model.cells.some((cell) => cell.resolution === resolution && cell.duration === duration))
    return "cell";
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
    if (cell?.assumed || cell?.note) assumed.push({ target, note: cell.note, assumed: cell.assumed });
  }
  return { can, cannot, assumed };
}
function ignoring(catalogue, targets, option) {
  return targets.filter((target) => !lookUp(catalogue, target)?.model.switches.includes(option));
}
function targetTitle(catalogue, target, shorten) {
  const found = lookUp(catalogue, target);
  return found ? `${found.entry.title} ${shorten(found.model.name)}` : target;
}

// js/grid.js
function formatGrid({ draft, t }) {
  const catalogue = draft.get("catalogue") ?? [];
  const { resolutions, durations } = axes(catalogue);
  const name = uniqueId("format");
  const why = h("ul", { class: "hn-why", id: `${name}-why` });
  let looked = null;
  const cells = resolutions.flatMap(
    (resolution) => durations.map((duration) => {
      const words = h("span", { class: "hn-cell-count" });
      const input = h("input", {
        type: "radio",
        class: "hn-sr",
        name,
        "data-format": `${resolution} ${duration}`,
        "aria-describedby": `${name}-why`
      });
      input.addEventListener("change", () => draft.set({ resolution, duration }));
      const label = h("label", { class: "hn-cell" }, input, words);
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
    "table",
    { class: "hn-format" },
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
  const el = h(
    "fieldset",
    { class: "hn-block" },
    h("legend", { class: "hn-label" }, t("studio.format")),
    table,
    why
  );
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
      nobody && h("li", { "data-kind": "no" }, t("studio.reason.nobody", values)),
      ...(nobody ? [] : cannot).map(
        ({ target, reason }) => h("li", { "data-kind": "no" }, `${title(target)}: ${t(`studio.reason.${reason}`, values)}`)
      ),
      ...notes.map(
        ({ target, note }) => h("li", { "data-kind": "assumed" }, `${title(target)}: ${note || t("studio.assumed")}`)
      )
    );
    why.hidden = why.childElementCount === 0;
  }
  function update() {
    const count = draft.get("targets").length;
    for (const { resolution, duration, words, input, label } of cells) {
      const { can, assumed } = ask(resolution, duration);
      input.checked = resolution === draft.get("resolution") && duration === draft.get("duration");
      const sure = assumed.some((one) => one.assumed) ? "*" : "";
      setText(words, t("studio.format.count", { can: can.length, count }) + sure);
      setAttribute(
        label,
        "data-tone",
        count === 0 ? "idle" : can.length === count ? "all" : can.length ? "some" : "none"
      );
      setAttribute(
        input,
        "aria-label",
        t("studio.format.cell", { resolution, duration, can: can.length, count })
      );
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
    /** @type {const} */
    ["keydown", "keypress"]
  ) {
    root.addEventListener(type, (event) => {
      if (isOurs(event)) event.stopPropagation();
    });
  }
}

// js/options.js
var OPTIONS = ["prompt_optimizer", "fast_pretreatment", "watermark"];
var MOST_TAKES = 20;
function optionFields({ draft, t, grammar: grammar2 }) {
  const fields = OPTIONS.map((option) => {
    const id2 = uniqueId(option);
    const hint = h("p", { class: "hn-hint", id: `${id2}-hint` });
    const select = h(
      "select",
      { class: "hn-select", id: id2, "aria-describedby": `${id2}-hint` },
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
      el: h(
        "div",
        { class: "hn-option" },
        h("label", { for: id2 }, t(`studio.option.${option}`)),
        select,
        hint
      )
    };
  });
  const id = uniqueId("takes");
  const takes = h("input", {
    type: "number",
    class: "hn-input hn-takes",
    id,
    min: 1,
    max: MOST_TAKES,
    step: 1,
    "aria-describedby": `${id}-hint`
  });
  takes.addEventListener("input", () => {
    const count = Math.round(Number(takes.value));
    if (count >= 1 && count <= MOST_TAKES) draft.set({ takes: count });
  });
  takes.addEventListener("blur", () => {
    takes.value = String(draft.get("takes"));
  });
  const takesField = h(
    "div",
    { class: "hn-option" },
    h("label", { for: id }, t("studio.takes")),
    takes,
    h("p", { class: "hn-hint", id: `${id}-hint` }, t("studio.takes.hint"))
  );
  const el = h(
    "fieldset",
    { class: "hn-block" },
    h("legend", { class: "hn-label" }, t("studio.options")),
    h("div", { class: "hn-options" }, takesField, ...fields.map((field) => field.el))
  );
  function update() {
    const catalogue = draft.get("catalogue") ?? [];
    const targets = (
      /** @type {string[]} */
      draft.get("targets")
    );
    for (const { option, select, hint } of fields) {
      const value = draft.get("options")?.[option] ?? null;
      select.value = value === null ? "default" : value ? "on" : "off";
      const lost = value === null ? [] : ignoring(catalogue, targets, option);
      const names = lost.map((target) => targetTitle(catalogue, target, shortModel)).join(", ");
      const rewrites = option === "prompt_optimizer" && value !== false && grammar2.parse(draft.get("prompt") ?? "").length > 0;
      showText(
        hint,
        names ? t("studio.option.lost", { names }) : rewrites ? t("studio.option.rewrites") : ""
      );
    }
    const active = (
      /** @type {Document | ShadowRoot} */
      takes.getRootNode().activeElement
    );
    if (active !== takes) takes.value = String(draft.get("takes"));
  }
  return { el, update };
}

// js/steps.js
function cameraSteps({ draft, t, grammar: grammar2, language }, editor) {
  const steps = h("ol", { class: "hn-steps", "aria-label": t("studio.steps") });
  const findings = h("ul", { class: "hn-findings", "aria-label": t("studio.findings") });
  const el = h("div", { class: "hn-reading" }, steps, findings);
  let shown = "";
  function select(start, end) {
    editor.textarea.focus();
    editor.textarea.setSelectionRange(start, end);
  }
  function stepItem({ moves, start, end }, index) {
    const text = moves.map((move) => grammar2.command(move, language === "zh" ? "zh" : "en")).join(" + ");
    return h(
      "li",
      { class: "hn-step" },
      h(
        "button",
        {
          type: "button",
          class: "hn-step-button",
          title: t("studio.steps.select"),
          on: { click: () => select(start, end) }
        },
        h("span", { class: "hn-step-number" }, String(index + 1)),
        text
      )
    );
  }
  function findingItem({ rule, start, end, replacement, values }) {
    const mend = () => editor.edit(() => ({ start, end, text: replacement ?? "", caret: start + (replacement ?? "").length }));
    const label = replacement ? t("studio.lint.use", { replacement }) : t("studio.lint.remove");
    return h(
      "li",
      { class: "hn-finding", "data-rule": rule },
      h("span", {}, t(`studio.lint.${rule}`, values)),
      replacement !== null && h("button", { type: "button", class: "hn-button hn-small", on: { click: mend } }, label)
    );
  }
  function update() {
    const prompt = draft.get("prompt") ?? "";
    if (prompt === shown) return;
    shown = prompt;
    const found = grammar2.parse(prompt);
    replace(steps, ...found.map(stepItem));
    steps.hidden = found.length === 0;
    const said = grammar2.lint(prompt);
    replace(findings, ...said.map(findingItem));
    findings.hidden = said.length === 0;
  }
  steps.hidden = findings.hidden = true;
  return { el, update };
}

// js/summary.js
var PATIENCE = 4e3;
var BREATH = 1e3;
function summary(studio) {
  const { draft, t, wire, announcer } = studio;
  const why = uniqueId("why");
  const problems = h("ul", { class: "hn-problems", "aria-label": t("studio.problems") });
  const costs = h("ul", { class: "hn-costs" });
  const total = h("summary");
  const costBox = h("details", { class: "hn-cost" }, total, costs);
  const existing = h("p", { class: "hn-hint" });
  const reasonText = h("p", { class: "hn-reason", id: why });
  const words = h("span");
  const button = h(
    "button",
    {
      type: "button",
      class: "hn-button hn-primary hn-generate",
      "aria-describedby": why,
      "aria-keyshortcuts": "Control+Enter Meta+Enter",
      on: { click: () => void generate() }
    },
    words
  );
  const status = h("p", { class: "hn-status", role: "status" });
  const el = h(
    "div",
    { class: "hn-summary" },
    problems,
    h(
      "div",
      { class: "hn-send" },
      h("div", { class: "hn-send-what" }, costBox, existing, reasonText, status),
      button
    )
  );
  let sending = false;
  let slow = false;
  let failure = "";
  let shown = "";
  const clips = () => draft.get("targets").length * draft.get("takes");
  const plan = () => (
    /** @type {Plan} */
    draft.get("plan") ?? {}
  );
  const said = () => (
    /** @type {Problem[]} */
    draft.get("problems") ?? []
  );
  const found = () => said().filter(({ code }) => code !== "prompt_missing");
  function blocked() {
    if (!wire.open) return t("studio.blocked.kernel");
    if (sending) return slow ? t("studio.blocked.slow") : t("studio.blocked.sending");
    if (draft.get("targets").length === 0) return t("studio.blocked.targets");
    const wrong = found().filter(({ severity }) => severity === "error");
    if (wrong.length) return t("studio.blocked.problems", { count: grouped(wrong).length });
    return said().length > found().length ? t("studio.blocked.prompt") : "";
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
    const count = clips();
    const { total: sum, costs: lines = [], existing: taken = 0, clips: planned } = plan();
    const fresh = planned === count && !draft.pending;
    const free = lines.length > 0 && lines.every(({ simulated }) => simulated);
    const price = !fresh ? "…" : free ? t("studio.cost.free") : sum ?? "";
    setText(words, count ? t("studio.generate.count", { count, price }) : t("studio.generate"));
    const reason = blocked();
    setAttribute(button, "aria-disabled", reason ? "true" : null);
    showText(reasonText, reason);
    showCosts(lines, free, fresh ? sum ?? "" : "…");
    showText(existing, taken > 0 ? t("studio.existing", { count: taken }) : "");
    const { kind, text } = draft.get("status") ?? { kind: "idle", text: "" };
    setAttribute(status, "data-kind", failure ? "error" : kind);
    showText(status, failure || text || "");
  }
  function showCosts(lines, free, sum) {
    costBox.hidden = lines.length === 0;
    setText(total, t("studio.cost", { total: free ? t("studio.cost.free") : sum }));
    const catalogue = draft.get("catalogue") ?? [];
    replace(
      costs,
      ...lines.map(
        ({ target, text, detail, simulated }) => h(
          "li",
          {},
          h("span", {}, targetTitle(catalogue, target, shortModel)),
          h("span", {}, simulated ? t("studio.cost.free") : text),
          detail && h("span", { class: "hn-hint" }, detail)
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
      /** @type {Problem} */
      group[0]
    );
    const targets = group.map(({ target }) => target);
    const texts = [...new Set(group.map(({ message }) => message))];
    const leaveOut = () => draft.set({
      targets: draft.get("targets").filter((one) => !targets.includes(one))
    });
    return h(
      "li",
      { class: "hn-problem", "data-severity": severity },
      h(
        "div",
        { class: "hn-problem-text" },
        h("span", { class: "hn-sr" }, t(`studio.severity.${severity}`)),
        ...texts.map((text) => h("p", {}, text))
      ),
      h(
        "div",
        { class: "hn-problem-acts" },
        changes && h(
          "button",
          { type: "button", class: "hn-button hn-small", on: { click: () => void mend(changes, targets) } },
          fixLabel(changes, t)
        ),
        severity === "error" && draft.get("targets").length > targets.length && h(
          "button",
          { type: "button", class: "hn-button hn-small hn-quiet", on: { click: leaveOut } },
          t("studio.fix.leave_out", { count: targets.length })
        )
      )
    );
  }
  async function mend(changes, targets) {
    const { target, prompt, resolution, duration, first_frame, last_frame, ...options } = changes;
    const given = { prompt, resolution, duration };
    const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== void 0));
    if (Object.keys(options).length) Object.assign(set, { options: { ...draft.get("options"), ...options } });
    if (target)
      Object.assign(set, {
        targets: [
          ...new Set(
            draft.get("targets").map((one) => one === targets[0] ? target : one)
          )
        ]
      });
    draft.set(set);
    if (first_frame === null) await wire.ask({ kind: "frame_clear", slot: "first" }).catch(() => void 0);
    if (last_frame === null) await wire.ask({ kind: "frame_clear", slot: "last" }).catch(() => void 0);
  }
  return { el, update, generate };
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
    if (name === "target")
      return t("studio.fix.model", { model: shortModel(String(value).split("/")[1] ?? "") });
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
      /** @type {string[]} */
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
      "div",
      { class: "hn-provider", role: "group", "aria-label": entry.title },
      h(
        "div",
        { class: "hn-provider-name" },
        h("span", { class: "hn-provider-title" }, entry.title),
        entry.simulated && h("span", { class: "hn-badge" }, t("common.simulated")),
        entry.key_hint && h(
          "span",
          { class: "hn-hint" },
          t(entry.simulated ? "studio.key.simulated" : "studio.key.missing", { hint: entry.key_hint })
        )
      ),
      h("div", { class: "hn-models" }, ...entry.models.map((model) => modelBox(entry, model)))
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
    return h(
      "label",
      { class: "hn-model", title: [model.name, needs].filter(Boolean).join(" · ") },
      box,
      h("span", {}, name)
    );
  }
  const entries = (
    /** @type {CatalogueEntry[]} */
    draft.get("catalogue") ?? []
  );
  const el = h(
    "fieldset",
    { class: "hn-block" },
    h("legend", { class: "hn-label" }, t("studio.targets")),
    h("div", { class: "hn-providers" }, ...entries.map(providerRow))
  );
  function update() {
    const chosen = new Set(draft.get("targets"));
    const problems = (
      /** @type {import("./types.js").Problem[]} */
      draft.get("problems") ?? []
    );
    const errors = problems.filter(({ severity, code }) => severity === "error" && code !== "prompt_missing");
    const wrong = new Set(errors.map(({ target }) => target));
    for (const [target, box] of boxes) {
      box.checked = chosen.has(target);
      setAttribute(
        /** @type {HTMLElement} */
        box.parentElement,
        "data-wrong",
        box.checked && wrong.has(target)
      );
    }
  }
  return { el, update };
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

// js/tiles.js
function cameraTiles(studio, editor) {
  const { t, grammar: grammar2, ui, announcer, moves } = studio;
  const name = uniqueId("camera");
  function insert(move, event) {
    const tile = (
      /** @type {HTMLElement} */
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
      "div",
      {
        class: "hn-tile-group",
        "data-group": group,
        role: "group",
        "aria-label": t(`studio.group.${group}`)
      },
      ...members
    );
  });
  const toolbar = h("div", { class: "hn-tiles", role: "toolbar", "aria-labelledby": name }, ...groups);
  roving(toolbar, tiles);
  const el = h(
    "div",
    { class: "hn-block" },
    h(
      "div",
      { class: "hn-block-head" },
      h("span", { class: "hn-label", id: name }, t("studio.camera")),
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
    h("span", { class: "hn-tile-name", lang: "en" }, move.english),
    h("span", { class: "hn-tile-name", lang: "zh" }, move.chinese)
  ];
  if (language === "zh") names.reverse();
  names[1]?.classList.add("hn-tile-second");
  return h(
    "button",
    {
      type: "button",
      class: "hn-tile",
      "data-move": move.key,
      tabindex: -1,
      "aria-label": `${move.english} ${move.chinese}`,
      title: t(`studio.move.${move.key}`),
      on: {
        mousedown: (event) => event.preventDefault(),
        // the caret stays in the prompt
        click: (event) => insert(move, event)
      }
    },
    moveIcon(move.key),
    h("span", { class: "hn-tile-names" }, ...names)
  );
}
function roving(toolbar, tiles) {
  tiles[0]?.setAttribute("tabindex", "0");
  toolbar.addEventListener("focusin", (event) => {
    for (const tile of tiles) setAttribute(tile, "tabindex", tile === event.target ? 0 : -1);
  });
  toolbar.addEventListener("keydown", (event) => {
    const at = tiles.indexOf(
      /** @type {HTMLElement} */
      event.target
    );
    const places = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: tiles.length - 1
    };
    const to = places[event.key];
    if (at < 0 || to === void 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    tiles[(to + tiles.length) % tiles.length]?.focus();
  });
}
function segmented(label, value, choices, choose) {
  const name = uniqueId("choice");
  return h(
    "div",
    { class: "hn-segments", role: "radiogroup", "aria-label": label },
    ...choices.map(
      ([key, text, hint]) => h(
        "label",
        { class: "hn-segment", title: hint || null },
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
  /** @param {Model} model @param {AbortSignal} signal */
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
  /** @param {(received: number, size: number) => void} [onProgress] */
  expect(onProgress) {
    lastId += 1;
    const id = lastId;
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, pieces: /* @__PURE__ */ new Map(), onProgress });
    });
    return { id, answer };
  }
  /** @param {Record<string, any>} content @param {ArrayBuffer[]} [buffers] */
  post(content, buffers = []) {
    if (this.model.send) this.model.send(content, void 0, buffers);
    else this.waiting.get(content.id)?.reject(new Error("no kernel"));
  }
  /** @param {any} content @param {any[]} buffers */
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
    /** @type {BlobPart[]} */
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
    ui = { together: ui?.together ?? true, commands: language === "zh" ? "zh" : "en" };
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
  const editor = promptEditor(studio);
  const tiles = cameraTiles(studio, editor);
  const steps = cameraSteps(studio, editor);
  const targets = targetChooser(studio);
  const grid = formatGrid(studio);
  const options = optionFields(studio);
  const frames = frameSlots(studio);
  const end = summary(studio);
  const other = language === "zh" ? "en" : "zh";
  const switchLanguage = h(
    "button",
    {
      type: "button",
      class: "hn-button hn-small hn-quiet",
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
    "section",
    { class: "hn hn-studio", lang: language, "aria-label": t("studio.name") },
    h(
      "header",
      { class: "hn-studio-head" },
      h("h3", { class: "hn-title" }, t("studio.title")),
      switchLanguage
    ),
    h(
      "div",
      { class: "hn-studio-columns" },
      h("div", { class: "hn-column" }, editor.el, steps.el, tiles.el, frames.el),
      h("div", { class: "hn-column" }, targets.el, grid.el, options.el)
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
    for (const part of [editor, steps, tiles, targets, grid, options, frames, end]) part.update();
  };
  studio.draft.addEventListener("change", update);
  el.replaceChildren(root);
  update();
}
var prompt_studio_default = { render };
export {
  prompt_studio_default as default
};
