// The layer behind the prompt: it holds the same text, breaks its lines at the same places, and
// paints marks on it. Beside a slip it offers the cures.

import { signal } from "@preact/signals";
import { h } from "preact";
import { replacing } from "./camera.js";
import { Button, elementOf } from "./components.js";
import { element, hasFocus, on, set } from "./dom.js";
import { cureText } from "./findings.js";
import { pieces, remarks } from "./highlights.js";
import { expand } from "./variants.js";

/** @typedef {import("./types.js").Finding} Finding */
/** @typedef {import("./prompt_text.js").PromptText} PromptText */

/**
 * @param {import("./studio.js").Studio} studio @param {PromptText} text
 * @param {() => boolean} quiet  nothing is offered meanwhile
 */
export function promptMarks(studio, text, quiet) {
  const { area } = text;
  const layer = element("div", "hn-prompt hn-layer");
  const bubble = element("div", "hn-bubble");
  set(layer, { "aria-hidden": true });
  const slip = signal(/** @type {Finding | null} */ (null));
  let painted = "";

  const hide = () => (bubble.hidden = true);
  hide();
  bubble.append(elementOf(h(Cures, { slip, text, t: studio.t, hide }), studio.signal));

  /** What is odd about the text as it stands. */
  const findings = () => remarks(area.value, studio.draft.camera);

  function show() {
    const found = findings();
    const shown = JSON.stringify([area.value, found]);
    if (shown !== painted) {
      painted = shown;
      const parts = pieces(area.value, studio.grammar, expand(area.value).choices, found);
      layer.replaceChildren(...parts.map(paint), "\u200b");
    }
    fit();
  }

  /** The layer as wide as the text's own column, scrolled as far. */
  function fit() {
    layer.style.inlineSize = `${area.clientWidth + 2}px`;
    layer.style.blockSize = `${area.offsetHeight}px`;
    layer.scrollTop = area.scrollTop;
  }

  /** Offer the cure of the slip at an index, beside it. @param {number} index */
  function offer(index) {
    const found = findings().find(
      ({ start, end, cures, values }) =>
        values.word && cures.length && start <= index && index <= end,
    );
    const mark = found && layer.querySelector(`.hn-is-unknown[data-start="${found.start}"]`);
    bubble.hidden = !mark || text.composing || quiet();
    if (!found || !(mark instanceof HTMLElement)) return;
    slip.value = found;
    const room = layer.clientWidth - bubble.offsetWidth - 4;
    bubble.style.insetInlineStart = `${Math.min(mark.offsetLeft, room)}px`;
    bubble.style.insetBlockStart = `${mark.offsetTop + mark.offsetHeight - layer.scrollTop + 1}px`;
  }
  const offerAtCaret = () => offer(area.selectionStart);

  /** @param {PointerEvent} event */
  function point({ clientX, clientY }) {
    for (const mark of layer.querySelectorAll(".hn-is-unknown")) {
      const hit = [...mark.getClientRects()].some(
        ({ left, right, top, bottom }) =>
          left <= clientX && clientX <= right && top <= clientY && clientY <= bottom,
      );
      if (hit) offer(Number(mark.getAttribute("data-start")));
    }
  }
  const leave = () => void (hasFocus(area) ? offerAtCaret() : hide());

  on(area, "scroll", () => {
    layer.scrollTop = area.scrollTop;
    hide();
  });
  on(area, "click keyup focus", offerAtCaret);
  const resized = new ResizeObserver(fit);
  resized.observe(area);
  on(studio.signal, "abort", () => resized.disconnect());
  return { layer, bubble, show, hide, point, leave };
}

/** @param {import("./highlights.js").Piece} piece */
function paint({ text, start, kinds }) {
  if (!kinds.length) return text;
  const mark = element("span", kinds.map((kind) => `hn-is-${kind}`).join(" "));
  mark.dataset.start = String(start);
  mark.textContent = text;
  return mark;
}

/**
 * By keyboard the same cures stand in the remarks below.
 * @param {{slip: import("@preact/signals").Signal<Finding | null>, text: PromptText,
 *   t: import("./types.js").Translate, hide: () => void}} props
 */
function Cures({ slip, text, t, hide }) {
  if (!slip.value) return null;
  const { start, end, cures } = slip.value;
  return cures.map((words) => {
    const onClick = () => {
      hide();
      text.edit(() => replacing(start, end, words));
    };
    const onMouseDown = (/** @type {Event} */ event) => event.preventDefault();
    const props = { key: words, look: "small", tabIndex: -1, onMouseDown, onClick };
    return h(Button, props, cureText(t, words));
  });
}
