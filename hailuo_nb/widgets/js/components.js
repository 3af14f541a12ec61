// Small components that both widgets use: buttons, choices, icons, and the place of an element that
// lives outside of the virtual DOM.

import { h, options, render } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { element, flag, uniqueId } from "./dom.js";

/** @typedef {import("preact").ComponentChildren} Children */
/** @typedef {Record<string, any>} Props  attributes and listeners of the element */

/** Classes of ours: "small quiet" -> "hn-small hn-quiet". @param {string} names */
export const classes = (names) =>
  names
    .split(" ")
    .filter(Boolean)
    .map((name) => `hn-${name}`)
    .join(" ");

/**
 * A button with looks of the style sheet: "small", "quiet", "primary", "square".
 * @param {Props & {look?: string, children?: Children}} props
 */
export const Button = ({ look = "", children, ...props }) =>
  h("button", { type: "button", ...props, class: classes(`button ${look}`) }, children);

/**
 * Buttons side by side of which one is pressed. Each carries its value as `data-<name>`.
 * @param {{label: string, name: string, choices: (readonly [value: string, text: string])[],
 *   value: string, choose: (value: string) => void}} props
 */
export const Choice = ({ label, name, choices, value, choose }) =>
  h(
    "div",
    { class: "hn-segments", role: "group", "aria-label": label },
    choices.map(([one, text]) =>
      h(
        Button,
        {
          key: one,
          look: "small",
          [`data-${name}`]: one,
          "aria-pressed": one === value,
          onClick: () => choose(one),
        },
        text,
      ),
    ),
  );

/**
 * @param {Props & {choices: (readonly [value: string, text: string])[], value: string,
 *   choose: (value: string) => void}} props
 */
export const Select = ({ choices, value, choose, ...props }) =>
  h(
    "select",
    {
      ...props,
      class: "hn-select",
      value,
      onChange: (/** @type {any} */ { currentTarget }) => choose(currentTarget.value),
    },
    choices.map(([one, text]) => h("option", { key: one, value: one }, text)),
  );

/**
 * Choices: each value and its words.
 * @param {readonly string[]} values @param {(value: string) => string} say
 */
export const worded = (values, say) =>
  values.map((value) => /** @type {[value: string, text: string]} */ ([value, say(value)]));

/** That a clip or a provider is a stand-in. @param {Props & {t: import("./types.js").Translate}} props */
export const SimulatedBadge = ({ t, class: more = "" }) =>
  h("span", { class: `hn-badge ${more}` }, t("common.simulated"));

/** What scrolls by itself, by keys too. @param {{label: string, children?: Children}} props */
export const Scroll = ({ label, children }) =>
  h("div", { class: "hn-scroll", role: "region", tabIndex: 0, "aria-label": label }, children);

/** A picture beside words, or in a button that has a name. @param {{name: string}} props */
export const Icon = ({ name }) =>
  h("span", { class: "hn-icon", "data-icon": name, "aria-hidden": true });

/** The place of an element that lives outside of the virtual DOM. @param {{el: HTMLElement}} props */
export const Host = ({ el }) =>
  h("div", {
    class: "hn-host",
    ref: (/** @type {HTMLElement | null} */ place) => {
      if (place && el.parentNode !== place) place.replaceChildren(el);
    },
  });

/**
 * A component as an element, for a parent that is none. It goes with the view.
 * @param {import("preact").VNode<any>} node @param {AbortSignal} until @returns {HTMLElement}
 */
export function elementOf(node, until) {
  const el = element("div", "hn-host");
  render(node, el);
  until.addEventListener("abort", () => render(null, el));
  return el;
}

/**
 * How far something is.
 * @param {Props & {fraction: number | null, class?: string}} props  0..1; null: nobody knows
 */
export const ProgressBar = ({ fraction, class: name = "", ...props }) =>
  h(
    "div",
    {
      role: "progressbar",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-valuenow": fraction === null ? undefined : Math.round(fraction * 100),
      "data-unknown": flag(fraction === null),
      ...props,
      class: `hn-bar ${name}`,
    },
    h("div", {
      class: "hn-bar-fill",
      style: { inlineSize: fraction === null ? "" : `${fraction * 100}%` },
    }),
  );

/**
 * An element that gives its focus to the board when it goes: the keys of the board work on.
 * @param {Props & {board: {root: HTMLElement}, children?: Children}} props
 */
export function Refocus({ board, children, ...props }) {
  const el = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const place = el.current;
    return () => {
      if (place?.matches(":focus-within")) board.root.focus({ preventScroll: true });
    };
  }, []);
  return h("div", { ...props, ref: el }, children);
}

/** What this changes is on the page when it returns: for who sets the focus. @param {() => void} act */
export function renderNow(act) {
  const later = options.debounceRendering;
  options.debounceRendering = (draw) => draw();
  act();
  Object.assign(options, { debounceRendering: later });
}

/** An id for labels and the like. Preact's own are the same in every view of a page.
 * @param {string} name */
export const useUniqueId = (name) => useMemo(() => uniqueId(name), []);
