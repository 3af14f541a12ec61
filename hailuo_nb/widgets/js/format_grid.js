// Resolution by duration: each cell says how many of the chosen models make it, and why others do
// not.

import { lookUp, targetTitle } from "./catalogue.js";
import { axes, fixes, support } from "./compatibility.js";
import { button, column, h, hasFocus, replace, set, setText, uniqueId } from "./dom.js";
import { shortModel } from "./format.js";
import { clearFrame } from "./frame_slots.js";
import { fixReferences } from "./reference_slots.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./compatibility.js").Fix} Fix */

/** @param {Studio} studio */
export function formatGrid({ draft, t, wire, announcer }) {
  const catalogue = draft.catalogue;
  const { resolutions, durations, range } = axes(catalogue);
  const name = uniqueId("format");
  const why = h("ul.why", { id: `${name}-why` });
  /**
   * The cell that is looked at, while it is not the chosen one.
   * @type {{resolution: string, duration: number} | null}
   */
  let looked = null;

  // The last column is of the models that make any length: its seconds are typed in.
  const [low = 0] = range;
  const high = range.at(-1) ?? 0;
  let other = range.find((seconds) => !durations.includes(seconds)) ?? low;
  const seconds = h("input.input", {
    type: "number",
    min: low,
    max: high,
    label: t("format.seconds", { low, high }),
    oninput: () => {
      const wanted = Math.round(seconds.valueAsNumber);
      if (wanted < low || wanted > high || !wanted) return;
      other = wanted;
      draft.set({ duration: wanted });
    },
    onblur: () => update(),
  });
  const columns = [...durations, ...(range.length ? [null] : [])];

  const cells = resolutions.flatMap((resolution) =>
    columns.map((fixed) => {
      const words = h("span.cell-count");
      const format = () => ({ resolution, duration: fixed ?? other });
      const input = h("input.sr", {
        type: "radio",
        name,
        "data-format": `${resolution} ${fixed ?? "other"}`,
        "aria-describedby": why.id,
        onchange: () => draft.set(format()),
      });
      const look = (/** @type {boolean} */ there) => () => {
        looked = there ? format() : null;
        explain();
      };
      const listeners = { onmouseenter: look(true), onmouseleave: look(false) };
      const label = h("label.cell", listeners, input, words);
      return { resolution, fixed, format, words, input, label, td: h("td", label) };
    }),
  );
  const head = columns.map((fixed) =>
    fixed
      ? column(t("common.seconds", { seconds: fixed }))
      : h("th.other", { scope: "col" }, seconds, t("format.unit")),
  );
  const lines = resolutions.map((resolution) =>
    h(
      "tr",
      h("th", { scope: "row" }, resolution),
      cells.filter((cell) => cell.resolution === resolution).map(({ td }) => td),
    ),
  );
  /** What none of the chosen sells is out of sight, unless it is chosen.
   * @param {number} chosen  seconds */
  function narrow(chosen) {
    const models = targets().map((target) => lookUp(catalogue, target)?.model.cells ?? []);
    const sold = models.flat();
    const none = !sold.length;
    for (const [at, resolution] of resolutions.entries())
      set(/** @type {Element} */ (lines[at]), {
        hidden:
          !none &&
          resolution !== draft.resolution &&
          !sold.some((cell) => cell.resolution === resolution),
      });
    for (const [at, fixed] of columns.entries()) {
      const wanted = fixed ? fixed === chosen : !durations.includes(chosen);
      const any = sold.some(({ duration, ranged }) => (fixed ? duration === fixed : ranged));
      const own = cells.filter((cell) => cell.fixed === fixed).map(({ td }) => td);
      for (const one of [head[at], ...own])
        set(/** @type {Element} */ (one), { hidden: !none && !wanted && !any });
    }
  }
  const table = h("table.format", h("thead", h("tr", h("td"), head)), h("tbody", lines));
  const el = h("fieldset.block", h("legend.label", t("format")), table, why);

  const targets = () => /** @type {string[]} */ (draft.targets);
  const there = (/** @type {import("./types.js").FrameInfo} */ { width, url }) =>
    Boolean(width || url);
  const frames = () => ({
    first: there(draft.first_frame),
    last: there(draft.last_frame),
    references: (draft.references ?? []).some(({ kind }) => kind),
  });
  const ask = (/** @type {string} */ resolution, /** @type {number} */ duration) =>
    support(catalogue, targets(), resolution, duration, frames());

  function explain() {
    const values = looked ?? { resolution: draft.resolution, duration: draft.duration };
    const { resolution, duration } = values;
    const { cannot, notes } = ask(resolution, duration);
    const item = (/** @type {string} */ text, /** @type {Fix[]} */ cures, target = "") =>
      h(
        "li",
        { "data-kind": "no" },
        h("span", text),
        looked ? [] : cures.map((fix) => fixButton(fix, target)),
      );
    const nobody =
      cannot.length > 1 &&
      cannot.length === targets().length &&
      cannot.every(({ reason }) => reason === "cell");
    const against = nobody
      ? [item(t("reason.nobody", values), common(resolution, duration))]
      : cannot.map(({ target, reason }) => {
          const text = `${targetTitle(catalogue, target)}: ${t(`reason.${reason}`, values)}`;
          return item(
            text,
            fixes(catalogue, target, reason, resolution, duration, frames()),
            target,
          );
        });
    // What is to know of the chosen cell stands among the problems already.
    const known = notes.flatMap(({ target, sent_as, assumed, length, frames }) => {
      const texts = [
        length && t("format.length", { duration, length, frames: frames ?? 0 }),
        assumed ? t("assumed") : looked && sent_as && t("sent_as", { sent_as, resolution }),
      ].filter(Boolean);
      return texts.map((text) => `${targetTitle(catalogue, target)}: ${text}`);
    });
    replace(
      why,
      against,
      known.map((text) => h("li", { "data-kind": "assumed" }, text)),
    );
    why.hidden = why.childElementCount === 0;
  }

  /**
   * What helps all of the chosen where none can.
   * @param {string} resolution
   * @param {number} duration
   * @returns {Fix[]}
   */
  function common(resolution, duration) {
    const [first = [], ...others] = targets().map((target) =>
      fixes(catalogue, target, "cell", resolution, duration, frames()).map((fix) =>
        JSON.stringify(fix),
      ),
    );
    const shared = first.filter((fix) => others.every((list) => list.includes(fix)));
    return shared.map((text) => JSON.parse(text)).filter(({ kind }) => kind !== "drop");
  }

  /** @param {Fix} fix @param {string} target  "" for all of them */
  function fixButton(fix, target) {
    const text = t(`fix.${fix.kind}`, {
      model: fix.kind === "model" ? shortModel(fix.target.split("/")[1] ?? "") : "",
      slot: "slot" in fix ? t(`frame.${fix.slot}`) : "",
      value: "duration" in fix ? fix.duration : "resolution" in fix ? fix.resolution : "",
    });
    const label = `${target ? targetTitle(catalogue, target) : t("targets")}: ${text}`;
    const click = () => {
      announcer.say(label);
      applyFix(fix, target);
    };
    return button(".small.quiet", text, click, { "data-fix": fix.kind, label });
  }

  /** @param {Fix} fix @param {string} target */
  function applyFix(fix, target) {
    const { kind } = fix;
    if (kind === "duration") draft.set({ duration: fix.duration });
    else if (kind === "resolution") draft.set({ resolution: fix.resolution });
    else if (kind === "drop") draft.set({ targets: targets().filter((one) => one !== target) });
    else if (kind === "model")
      draft.set({
        targets: [...new Set(targets().map((one) => (one === target ? fix.target : one)))],
      });
    else if (kind === "clear")
      void (fix.slot === "references" ? fixReferences(wire, null) : clearFrame(wire, fix.slot));
    else {
      const picker = el.closest(".hn-studio")?.querySelector(`[data-slot="${fix.slot}"] input`);
      /** @type {HTMLElement | null | undefined} */ (picker)?.focus();
    }
  }

  function update() {
    const count = targets().length;
    const chosen = /** @type {number} */ (draft.duration);
    if (!durations.includes(chosen)) other = chosen;
    if (!hasFocus(seconds)) seconds.valueAsNumber = other;
    narrow(chosen);
    for (const { resolution, fixed, format, words, input, label } of cells) {
      const { duration } = format();
      const { can, notes } = ask(resolution, duration);
      const values = { resolution, duration, can: can.length, count };
      const here = fixed === null ? !durations.includes(chosen) : fixed === chosen;
      input.checked = resolution === draft.resolution && here;
      setText(words, t("format.count", values) + (notes.some((one) => one.assumed) ? "*" : ""));
      const tone = !count ? "idle" : can.length === count ? "all" : can.length ? "some" : "none";
      set(label, { "data-tone": tone });
      set(input, { label: t("format.cell", values) });
    }
    explain();
  }
  return { el, update };
}
