// Joined by esbuild from hailuo_nb/widgets/js; change it there, then `npm run build` in tests/js.

// js/dom.js
function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
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
function reconcile(parent, items, keyOf, create, parts) {
  const wanted = new Set(items.map(keyOf));
  for (const [key, part] of parts) {
    if (wanted.has(key)) continue;
    part.remove?.();
    part.el.remove();
    parts.delete(key);
  }
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let part = parts.get(key);
    if (!part) {
      part = create(item);
      parts.set(key, part);
    }
    if (part.el === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(part.el, cursor);
    part.update(item);
  }
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

// js/clip_source.js
var PATIENCE = 15e3;
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
async function showClip(video, row, { model, wire, signal, onBytes }) {
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
  /** @param {AbortSignal} signal */
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
  /** @param {HTMLVideoElement} video @param {{fps?: number | null, shift?: number}} [facts] */
  add(video, { fps, shift } = {}) {
    if (this.members.some((member2) => member2.video === video)) return;
    const member = { video, fps: fps || FPS, shift: shift ?? 0, seekedAt: 0 };
    this.members.push(member);
    video.playbackRate = this.rate;
    video.addEventListener("ended", () => this.playing && this.tick(), { signal: this.signal });
    this.arrive(member);
    this.changed();
  }
  /** @param {HTMLVideoElement} video */
  remove(video) {
    this.members = this.members.filter((member) => member.video !== video);
    this.changed();
  }
  /** @param {HTMLVideoElement} video @param {number} shift seconds */
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
  /** @param {number} time */
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
  /** @param {number} time  those that move at it */
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
  /** @param {number} time */
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
  /** @param {number} by  frames, forward or back; whoever plays stops first */
  async step(by) {
    if (this.playing) this.pause();
    const from = this.inStep ? this.at : this.time;
    for (const { video } of this.members) video.pause();
    await this.rest(stepped(from, by, this.duration, this.fps));
  }
  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
    for (const { video } of this.members) video.playbackRate = rate;
    this.changed();
  }
  /** Set or clear one end of the A-B loop. @param {"a" | "b"} end @param {number | null} time */
  setEnd(end, time) {
    this[end] = time;
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
  /** @param {Member} member @param {number} to @returns {Promise<void>} */
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
function aspect(resolution) {
  return resolution === "768P" ? 1366 / 768 : 16 / 9;
}

// js/card.js
var Card = class {
  /** @param {Board} board @param {Row} row */
  constructor(board, row) {
    this.board = board;
    this.row = row;
    this.etaSince = performance.now();
    this.arrivedInView = false;
    this.metaText = "";
    this.loading = false;
    this.video = null;
    this.life = new AbortController();
    board.signal.addEventListener("abort", () => this.life.abort(), { signal: this.life.signal });
    this.parts = skeleton(board.t, () => void this.load());
    this.el = this.parts.el;
  }
  /** @param {Row} row */
  update(row) {
    const before = this.row;
    if (row.eta !== before.eta) this.etaSince = performance.now();
    if (row.state === "saved" && before.state !== "saved") this.arrivedInView = true;
    this.row = row;
    const { t } = this.board;
    setAttribute(this.el, "data-job", row.id);
    setAttribute(this.el, "data-state", row.state);
    setAttribute(this.el, "data-tone", tone(row.state));
    setText(this.parts.title, row.provider_title || row.provider);
    this.parts.badge.hidden = !row.simulated;
    setText(this.parts.state, t(`board.state.${row.state}`));
    const take = row.take > 1 ? t("board.take", { take: row.take }) : "";
    const size = [row.resolution, t("common.seconds", { seconds: row.duration }), take].filter(Boolean).join(" · ");
    setText(this.parts.specs, [shortModel(row.model), size].filter(Boolean).join(" · "));
    setAttribute(this.parts.specs, "title", row.model);
    this.showTrouble();
    this.showNotes();
    this.showStage();
    this.tick(Date.now() / 1e3);
    if (row.state === "saved" && !this.video) this.addVideo();
  }
  /** Whether the prompt stands in the card: only where the clips of a board differ in it. @param {boolean} shown */
  showPrompt(shown) {
    showText(this.parts.prompt, shown ? this.row.prompt : "");
    setAttribute(this.parts.prompt, "title", shown ? this.row.prompt : null);
  }
  showTrouble() {
    showText(this.parts.error, this.row.error || "");
    showText(this.parts.advice, this.row.advice || "");
    this.parts.trouble.hidden = !this.row.error && !this.row.advice;
  }
  showNotes() {
    const notes = this.row.notes ?? [];
    this.parts.notesBox.hidden = notes.length === 0;
    setText(this.parts.notesSummary, this.board.t("board.notes", { count: notes.length }));
    if (this.parts.notes.childElementCount !== notes.length || [...this.parts.notes.children].some((li, i) => li.textContent !== notes[i])) {
      replace(this.parts.notes, ...notes.map((note) => h("li", {}, note)));
    }
  }
  /** The place of the picture while there is none, and the bar under it. */
  showStage() {
    const { row } = this;
    const { t } = this.board;
    const poster = this.board.posterOf(row);
    this.parts.media.style.setProperty("--hn-aspect", String(aspect(row.resolution)));
    setAttribute(this.parts.poster, "src", poster || null);
    this.parts.poster.hidden = !poster || Boolean(this.video);
    const moving = !SETTLED.has(row.state);
    this.parts.progress.hidden = !moving;
    const known = row.progress !== null && row.progress !== void 0;
    if (!this.video)
      setText(this.parts.stageText, moving && known ? percent(row.progress) : t(`board.state.${row.state}`));
    setAttribute(this.parts.progress, "aria-valuenow", known ? Math.round(Number(row.progress) * 100) : null);
    setAttribute(
      this.parts.progress,
      "aria-valuetext",
      t(`board.state.${row.state}`) + (known ? ` ${percent(row.progress)}` : "")
    );
    setAttribute(this.parts.progress, "data-unknown", moving && !known && row.state !== "planned");
    this.parts.bar.style.inlineSize = known ? `${Number(row.progress) * 100}%` : "";
  }
  /** What changes with time alone. @param {number} now Unix seconds */
  tick(now) {
    const { row } = this;
    const { t } = this.board;
    const passed = elapsed(row, now);
    const facts = [
      passed === null ? null : [t("board.fact.time"), clock(passed)],
      row.cost ? [t("board.fact.cost"), row.cost] : null,
      row.bytes ? [t("board.fact.size"), bytes(row.bytes)] : null
    ].filter((fact) => fact !== null);
    const text = facts.map((fact) => fact.join(" ")).join("|");
    if (text !== this.metaText) {
      this.metaText = text;
      replace(
        this.parts.meta,
        ...facts.map(([label, value]) => h("div", {}, h("dt", {}, label ?? ""), h("dd", {}, value ?? "")))
      );
      this.parts.meta.hidden = facts.length === 0;
    }
    if (!this.video) setText(this.parts.stageMore, this.outlook());
  }
  /** "place 3 in the queue · about 20 s left". */
  outlook() {
    const { row } = this;
    const { t } = this.board;
    if (SETTLED.has(row.state)) return "";
    const parts = [];
    if (row.queue_position) parts.push(t("board.queue", { place: row.queue_position }));
    if (row.eta !== null && row.eta !== void 0) {
      const left = row.eta - (performance.now() - this.etaSince) / 1e3;
      const seconds = roundEta(left);
      parts.push(
        left < 1 ? t("board.eta.soon") : seconds < 60 ? t("board.eta.seconds", { seconds }) : t("board.eta.minutes", { minutes: Math.round(seconds / 30) / 2 })
      );
    }
    return parts.join(" · ");
  }
  addVideo() {
    const { row, board } = this;
    const label = board.t("board.video", { provider: row.provider_title || row.provider, model: row.model });
    const video = h("video", {
      class: "hn-video",
      controls: true,
      playsinline: true,
      preload: "metadata",
      "aria-label": label,
      poster: board.posterOf(row) || null
    });
    video.muted = true;
    video.loop = true;
    video.setAttribute("muted", "");
    this.video = video;
    this.parts.media.append(video);
    setText(this.parts.stageText, board.t("board.clip.loading"));
    setText(this.parts.stageMore, "");
    board.whenNear(this.el, () => this.load());
  }
  async load() {
    const { board, video } = this;
    if (!video || this.loading) return;
    this.loading = true;
    this.parts.retry.hidden = true;
    setAttribute(this.parts.media, "data-clip", "loading");
    try {
      const onBytes = (got, size) => {
        setText(this.parts.stageMore, `${bytes(got)} / ${bytes(size)}`);
      };
      await showClip(video, this.row, {
        model: board.model,
        wire: board.wire,
        signal: this.life.signal,
        onBytes
      });
      if (this.life.signal.aborted) return;
      if (video.videoWidth)
        this.parts.media.style.setProperty("--hn-aspect", String(video.videoWidth / video.videoHeight));
      setAttribute(this.parts.media, "data-clip", "shown");
      board.player.add(video);
      if (this.arrivedInView && !board.player.playing && !prefersReducedMotion()) start(video);
    } catch (reason) {
      if (this.life.signal.aborted) return;
      setAttribute(this.parts.media, "data-clip", "failed");
      setText(this.parts.stageText, board.t("board.clip.failed"));
      setText(
        this.parts.stageMore,
        `${this.row.video ?? ""} ${reason instanceof Error ? reason.message : ""}`.trim()
      );
      this.parts.retry.hidden = false;
    } finally {
      this.loading = false;
    }
  }
  remove() {
    this.life.abort();
    if (this.video) {
      this.board.player.remove(this.video);
      this.video.removeAttribute("src");
      this.video.load();
    }
  }
};
function skeleton(t, reload) {
  const name = uniqueId("clip");
  const title = h("h4", { class: "hn-card-title", id: name });
  const badge = h("span", { class: "hn-badge" }, t("common.simulated"));
  const state = h("span", { class: "hn-state" });
  const specs = h("p", { class: "hn-specs" });
  const prompt = h("p", { class: "hn-card-prompt" });
  const meta = h("dl", { class: "hn-meta" });
  const error = h("p", { class: "hn-error-text" });
  const advice = h("p", { class: "hn-advice" });
  const trouble = h("div", { class: "hn-trouble" }, error, advice);
  const notes = h("ul", { class: "hn-note-list" });
  const notesSummary = h("summary");
  const notesBox = h("details", { class: "hn-notes" }, notesSummary, notes);
  const bar = h("div", { class: "hn-bar-fill" });
  const progress = h(
    "div",
    {
      class: "hn-bar",
      role: "progressbar",
      "aria-labelledby": name,
      "aria-valuemin": 0,
      "aria-valuemax": 100
    },
    bar
  );
  const stageText = h("span", { class: "hn-stage-text" });
  const stageMore = h("span", { class: "hn-stage-more" });
  const retry = h(
    "button",
    { class: "hn-button hn-small", type: "button", hidden: true, on: { click: reload } },
    t("board.clip.retry")
  );
  const poster = h("img", { class: "hn-poster", alt: "", hidden: true });
  const media = h(
    "div",
    { class: "hn-media" },
    poster,
    h("div", { class: "hn-stage" }, stageText, stageMore, retry)
  );
  const el = h(
    "li",
    { class: "hn-card", "aria-labelledby": name },
    media,
    progress,
    h(
      "div",
      { class: "hn-card-body" },
      h("div", { class: "hn-card-head" }, title, badge),
      h("div", { class: "hn-card-line" }, specs, state),
      prompt,
      trouble,
      meta,
      notesBox
    )
  );
  return {
    el,
    title,
    badge,
    state,
    specs,
    prompt,
    meta,
    error,
    advice,
    trouble,
    notes,
    notesSummary,
    notesBox,
    bar,
    progress,
    stageText,
    stageMore,
    retry,
    poster,
    media
  };
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

// js/layout.js
function columns(count, width, { narrowest = 256, gap = 12 } = {}) {
  const most = Math.max(1, Math.floor((width + gap) / (narrowest + gap)));
  if (count <= most) return Math.max(1, count);
  const rows = Math.ceil(count / most);
  return Math.ceil(count / rows);
}

// js/transport_bar.js
var RATES = [0.25, 0.5, 1, 1.5, 2];
function transportBar(player, t) {
  const icon = h("span", { class: "hn-icon", "aria-hidden": "true" });
  const label = h("span");
  const toggle = h(
    "button",
    {
      type: "button",
      class: "hn-button hn-primary",
      on: { click: () => player.playing ? player.pause() : void player.play() }
    },
    icon,
    label
  );
  const restart = h(
    "button",
    {
      type: "button",
      class: "hn-button hn-square",
      "aria-label": t("board.restart"),
      title: t("board.restart"),
      on: { click: () => void player.restart() }
    },
    h("span", { class: "hn-icon", "data-icon": "restart", "aria-hidden": "true" })
  );
  const time = h("input", {
    type: "range",
    class: "hn-time",
    min: 0,
    max: 1,
    step: 0.01,
    value: 0,
    "aria-label": t("board.time"),
    on: { input: () => void player.seekAll(Number(time.value)) }
  });
  const read = h("span", { class: "hn-time-text" });
  const speed = h(
    "select",
    {
      class: "hn-select",
      "aria-label": t("board.speed"),
      on: { change: () => player.setRate(Number(speed.value)) }
    },
    ...RATES.map((rate) => h("option", { value: rate, selected: rate === 1 }, `${rate}×`))
  );
  const el = h(
    "div",
    { class: "hn-transport", role: "group", "aria-label": t("board.transport") },
    toggle,
    restart,
    time,
    read,
    speed
  );
  function update() {
    const { duration } = player;
    const at = Math.min(player.time, duration);
    el.hidden = duration === 0;
    setText(label, t(player.playing ? "board.pause_all" : "board.play_all"));
    setAttribute(icon, "data-icon", player.playing ? "pause" : "play");
    setAttribute(time, "max", duration || 1);
    if (document.activeElement !== time || player.playing) time.value = String(at);
    time.setAttribute("aria-valuetext", fineClock(at));
    setText(read, `${fineClock(at)} / ${fineClock(duration)}`);
  }
  player.addEventListener("change", update);
  update();
  return { el, update };
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

// js/compare_board.js
var NEAR = "600px";
function render({ model, el, signal }) {
  let view = new AbortController();
  const build = () => {
    view.abort();
    view = new AbortController();
    mount(model, el, view.signal);
  };
  for (const name of ["language", "messages"]) listen(model, `change:${name}`, build, signal);
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
  const player = new Player(signal);
  const announcer = new Announcer(signal);
  const head = header(t, player);
  const grid = h("ul", { class: "hn-grid", role: "list", "aria-label": t("board.list") });
  const empty = h("p", { class: "hn-empty" }, t("board.empty"));
  const root = h(
    "section",
    { class: "hn hn-board", lang: language, "aria-label": t("board.name") },
    head.el,
    grid,
    empty,
    announcer.el
  );
  keepKeys(root);
  el.replaceChildren(root);
  const board = {
    model,
    player,
    t,
    signal,
    wire: new Wire(model, signal),
    whenNear: nearness(signal),
    posterOf: (row) => row.poster || model.get("posters")?.[row.id] || ""
  };
  const cards = /* @__PURE__ */ new Map();
  const states = /* @__PURE__ */ new Map();
  const rows = () => (
    /** @type {Row[]} */
    model.get("rows") ?? []
  );
  const arrange = () => setColumns(grid, rows().length, root.clientWidth);
  const update = () => {
    const list = rows();
    const prompts = new Set(list.map(({ prompt }) => prompt));
    reconcile(
      grid,
      list,
      ({ id }) => id,
      (row) => new Card(board, row),
      cards
    );
    for (const card of cards.values()) if (card instanceof Card) card.showPrompt(prompts.size > 1);
    head.update(list, model.get("title"), prompts.size === 1 ? [...prompts][0] ?? "" : "");
    empty.hidden = list.length > 0;
    announceChanges(list, states, announcer, t);
    arrange();
  };
  for (const name of ["rows", "title", "posters"]) listen(model, `change:${name}`, update, signal);
  update();
  const resize = new ResizeObserver(arrange);
  resize.observe(root);
  const clockTimer = setInterval(() => {
    const now = Date.now() / 1e3;
    for (const card of cards.values())
      if (card instanceof Card && !SETTLED.has(card.row.state)) card.tick(now);
  }, 1e3);
  signal.addEventListener("abort", () => {
    resize.disconnect();
    clearInterval(clockTimer);
    for (const card of cards.values()) card.remove?.();
    cards.clear();
  });
}
function setColumns(grid, count, width) {
  const text = String(columns(count, width || 900));
  if (grid.style.getPropertyValue("--hn-columns") !== text) grid.style.setProperty("--hn-columns", text);
}
function header(t, player) {
  const title = h("h3", { class: "hn-title" });
  const prompt = h("p", { class: "hn-board-prompt" });
  const count = h("span", { class: "hn-count" });
  const fill = h("div", { class: "hn-bar-fill" });
  const progress = h(
    "div",
    {
      class: "hn-bar hn-bar-whole",
      role: "progressbar",
      "aria-label": t("board.progress"),
      "aria-valuemin": 0,
      "aria-valuemax": 100
    },
    fill
  );
  const bar = transportBar(player, t);
  const el = h(
    "header",
    { class: "hn-board-head" },
    h("div", { class: "hn-board-what" }, h("div", { class: "hn-title-line" }, title, count), prompt),
    bar.el,
    progress
  );
  function update(rows, name, shared) {
    const { count: all, saved, trouble, settled, fraction } = tally(rows);
    showText(title, name || t("board.title"));
    showText(prompt, shared);
    setAttribute(prompt, "title", shared);
    const parts = [
      t("board.saved", { count: all, saved }),
      trouble ? t("board.trouble", { count: trouble }) : ""
    ];
    showText(count, all ? parts.filter(Boolean).join(" · ") : "");
    progress.hidden = all === 0 || settled === all;
    setAttribute(progress, "aria-valuenow", Math.round(fraction * 100));
    fill.style.inlineSize = `${fraction * 100}%`;
    bar.update();
  }
  return { el, update };
}
function announceChanges(rows, states, announcer, t) {
  for (const row of rows) {
    const before = states.get(row.id);
    if (before !== void 0 && before !== row.state) {
      const state = t(`board.state.${row.state}`);
      announcer.say(
        t("board.announce", { provider: row.provider_title || row.provider, state, error: row.error }).trim()
      );
    }
    states.set(row.id, row.state);
  }
}
function nearness(signal) {
  const callbacks = /* @__PURE__ */ new WeakMap();
  const options = (
    /** @type {IntersectionObserverInit} */
    { rootMargin: NEAR, scrollMargin: NEAR }
  );
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      callbacks.get(target)?.();
    }
  }, options);
  signal.addEventListener("abort", () => observer.disconnect());
  return (el, callback) => {
    callbacks.set(el, callback);
    observer.observe(el);
  };
}
var compare_board_default = { render };
export {
  compare_board_default as default
};
