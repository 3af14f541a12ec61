// The stage: clips beside or over each other. Their videos live outside of the virtual DOM.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { stageVideo } from "./card_video.js";
import { Choice, Host, Refocus, worded } from "./components.js";
import { flag, prefersReducedMotion } from "./dom.js";
import { aspect } from "./states.js";
import { SoundStrip } from "./waveform.js";
import { reasonText } from "./wire.js";

/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./card.js").Board} Board */
/** @typedef {{video: HTMLVideoElement}} Side */

/** Of two clips. */
const MODES = ["side", "wipe", "difference", "flicker"];
/** Milliseconds that each of two clips is seen: slower than three flashes a second. */
const FLICKER = 600;
/** Percent of the width. @type {Record<string, number>} */
const STEPS = {
  ...{ ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2 },
  ...{ PageDown: -10, PageUp: 10, Home: -100, End: 100 },
};

/** How two clips are shown. @param {{board: Board, name: "mode" | "voteMode"}} props */
export const Modes = ({ board: { t, store, change }, name }) =>
  h(Choice, {
    label: t("view.pair"),
    name: "mode",
    choices: worded(MODES, (mode) => t(`mode.${mode}`)),
    value: store.view.value[name],
    choose: (mode) => change({ [name]: mode }),
  });

/**
 * @param {{board: Board, rows: Row[], names: string[], mode: string,
 *   turned: import("@preact/signals").Signal<boolean>}} props  two rows, or up to four, which stand
 *   beside each other in mode "four"; `turned`: the second is seen in mode "flicker"
 */
export function Stage({ board, rows, names, mode, turned }) {
  const { player, sound, loader } = board;
  const wipe = useSignal(50);
  const failed = useSignal("");
  const wide = useSignal(0);
  const sides = useMemo(() => /** @type {Map<string, Side>} */ (new Map()), []);
  const ids = rows.map(({ id }) => id);
  const sounding = rows.filter(({ waveform }) => waveform).map(({ id }) => id);
  for (const id of ids) if (!sides.has(id)) sides.set(id, { video: stageVideo() });

  useLayoutEffect(() => {
    failed.value = "";
    player.refresh();
    loader.settle();
  }, [String(ids)]);
  useLayoutEffect(() => sound.show(sounding), [String(sounding)]);
  useEffect(() => {
    if (mode !== "flicker" || prefersReducedMotion()) return undefined;
    const timer = setInterval(() => (turned.value = !turned.peek()), FLICKER);
    return () => clearInterval(timer);
  }, [mode]);

  /** @param {any} event */
  function drag({ currentTarget, clientX }) {
    const { left, width } = currentTarget.getBoundingClientRect();
    wipe.value = Math.min(100, Math.max(0, ((clientX - left) / width) * 100));
  }
  const events = {
    /** @param {any} event */
    onPointerDown(event) {
      if (mode !== "wipe") return player.toggle();
      event.currentTarget.setPointerCapture(event.pointerId);
      drag(event);
    },
    /** @param {any} event */
    onPointerMove(event) {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event);
    },
  };
  return [
    h(
      "div",
      {
        key: "stage",
        class: "hn-pair-stage",
        style: {
          "--hn-aspect": wide.value || aspect(rows[0]?.resolution ?? ""),
          "--hn-wipe": `${wipe.value}%`,
        },
        "data-turned": flag(turned.value),
        ...events,
      },
      rows.map((row, at) => {
        const side = /** @type {Side} */ (sides.get(row.id));
        return h(SideView, {
          key: row.id,
          ...{ board, row, at, side, name: names[at] ?? "" },
          failed,
          wide,
          gone: () => sides.delete(row.id),
        });
      }),
      mode === "wipe" && h(WipeLine, { key: "line", board, wipe }),
    ),
    sounding.length > 0 &&
      h(
        "div",
        { key: "sound", class: "hn-pair-sound" },
        rows.map(({ id, waveform }, at) => {
          const { video } = /** @type {Side} */ (sides.get(id));
          const strip = { board, id, waveform, clip: names[at] ?? "", video, marked: video };
          return h("div", { key: id }, waveform && h(SoundStrip, strip));
        }),
      ),
    failed.value && h("p", { key: "failed", class: "hn-message", role: "alert" }, failed.value),
  ];
}

/** @param {{board: Board, wipe: import("@preact/signals").Signal<number>}} props */
function WipeLine({ board, wipe }) {
  const share = Math.round(wipe.value);
  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    wipe.value = Math.min(100, Math.max(0, wipe.value + step));
  }
  return h(Refocus, {
    board,
    class: "hn-wipe-line",
    role: "slider",
    tabIndex: 0,
    "aria-label": board.t("wipe.position"),
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "aria-valuenow": share,
    "aria-valuetext": `${share} %`,
    onKeyDown,
  });
}

/**
 * A clip on the stage, and its name.
 * @param {{board: Board, row: Row, at: number, side: Side, name: string, gone: () => void,
 *   failed: import("@preact/signals").Signal<string>,
 *   wide: import("@preact/signals").Signal<number>}} props  `wide`: width over height of the first
 */
function SideView({ board, row, at, side: { video }, name, gone, failed, wide }) {
  const { t, player, clips, loader } = board;
  const el = useRef(/** @type {HTMLElement | null} */ (null));
  const now = useRef({ row, at });
  now.current = { row, at };
  useLayoutEffect(() => {
    let life = new AbortController();
    const item = {
      ...{ el: /** @type {HTMLElement} */ (el.current), video, wanted: true, loaded: false },
      async load() {
        item.loaded = true;
        life = new AbortController();
        const { signal } = life;
        const { row } = now.current;
        try {
          await clips.show(video, row, signal);
          if (!signal.aborted) player.add(video, { fps: row.fps, shift: board.shiftOf(row.id) });
        } catch (reason) {
          if (!signal.aborted) failed.value = `${t("clip.failed")}: ${reasonText(reason)}`;
        }
      },
      unload() {
        item.loaded = false;
        life.abort();
        player.remove(video);
        clips.hide(video);
      },
    };
    video.onloadedmetadata = () => {
      if (now.current.at === 0) wide.value = video.videoWidth / video.videoHeight;
    };
    loader.items.add(item);
    return () => {
      loader.items.delete(item);
      item.unload();
      gone();
    };
  }, []);
  const shift = board.shiftOf(row.id);
  useLayoutEffect(() => {
    video.setAttribute("aria-label", name);
    player.setShift(video, shift);
  });
  return h(
    "div",
    { ref: el, class: "hn-pair-side", "data-side": "abcd".charAt(at) },
    h(Host, { el: video }),
    h("span", { class: "hn-pair-label", title: name }, name),
  );
}
