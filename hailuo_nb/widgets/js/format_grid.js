// Resolution by duration: each cell says how many of the chosen models make it, and why others do
// not.

import { axes, fixes, support, targetTitle } from "./compatibility.js";
import { button, column, h, replace, set, setText, uniqueId } from "./dom.js";
import { shortModel } from "./format.js";
import { clearFrame } from "./frame_slots.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./compatibility.js").Fix} Fix */

/** @param {Studio} studio */
export function formatGrid({ draft, t, wire, announcer }) {
  const catalogue = draft.catalogue;
  const { resolutions, durations } = axes(catalogue);
  const name = uniqueId("format");
  const why = h("ul.why", { id: `${name}-why` });
  /**
   * The cell that is looked at, while it is not the chosen one.
   * @type {{resolution: string, duration: number} | null}
   */
  let looked = null;

  const cells = resolutions.flatMap((resolution) =>
    durations.map((duration) => {
      const words = h("span.cell-count");
      const input = h("input.sr", {
        type: "radio",
        name,
        "data-format": `${resolution} ${duration}`,
        "aria-describedby": why.id,
        onchange: () => draft.set({ resolution, duration }),
      });
      const look = (/** @type {typeof looked} */ cell) => () => {
        looked = cell;
        explain();
      };
      const listeners = { onmouseenter: look({ resolution, duration }), onmouseleave: look(null) };
      return {
        resolution,
        duration,
        words,
        input,
        label: h("label.cell", listeners, input, words),
      };
    }),
  );
  const head = durations.map((seconds) => column(t("common.seconds", { seconds })));
  const lines = resolutions.map((resolution) => {
    const own = cells.filter((cell) => cell.resolution === resolution);
    return h(
      "tr",
      h("th", { scope: "row" }, resolution),
      own.map((cell) => h("td", cell.label)),
    );
  });
  const table = h("table.format", h("thead", h("tr", h("td"), head)), h("tbody", lines));
  const el = h("fieldset.block", h("legend.label", t("format")), table, why);

  const targets = () => /** @type {string[]} */ (draft.targets);
  const there = (/** @type {import("./types.js").FrameInfo} */ { width, url }) =>
    Boolean(width || url);
  const frames = () => ({ first: there(draft.first_frame), last: there(draft.last_frame) });
  const ask = (/** @type {string} */ resolution, /** @type {number} */ duration) =>
    support(catalogue, targets(), resolution, duration, frames());

  function explain() {
    const values = looked ?? { resolution: draft.resolution, duration: draft.duration };
    const { resolution, duration } = values;
    const { cannot, assumed } = ask(resolution, duration);
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
    const notes = assumed.filter((one) => looked || one.assumed);
    replace(
      why,
      against,
      notes.map(({ target, sent_as, assumed: guessed }) => {
        const text = guessed ? t("assumed") : t("sent_as", { sent_as, resolution });
        return h("li", { "data-kind": "assumed" }, `${targetTitle(catalogue, target)}: ${text}`);
      }),
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
    else if (kind === "clear") void clearFrame(wire, fix.slot);
    else {
      const picker = el.closest(".hn-studio")?.querySelector(`[data-slot="${fix.slot}"] input`);
      /** @type {HTMLElement | null | undefined} */ (picker)?.focus();
    }
  }

  function update() {
    const count = targets().length;
    for (const { resolution, duration, words, input, label } of cells) {
      const { can, assumed } = ask(resolution, duration);
      const values = { resolution, duration, can: can.length, count };
      input.checked = resolution === draft.resolution && duration === draft.duration;
      setText(words, t("format.count", values) + (assumed.some((one) => one.assumed) ? "*" : ""));
      const tone = !count ? "idle" : can.length === count ? "all" : can.length ? "some" : "none";
      set(label, { "data-tone": tone });
      set(input, { label: t("format.cell", values) });
    }
    explain();
  }
  return { el, update };
}
