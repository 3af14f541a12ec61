// Resolution by duration: each cell says how many of the chosen models make it, and who does not and why.

import { h, replace, setAttribute, setText, uniqueId } from "./dom.js";
import { shortModel } from "./format.js";
import { axes, fixes, support, targetTitle } from "./matrix.js";

/** @typedef {import("./studio.js").Studio} Studio */

/** @param {Studio} studio */
export function formatGrid({ draft, t, wire, announcer }) {
  const catalogue = draft.get("catalogue") ?? [];
  const { resolutions, durations } = axes(catalogue);
  const name = uniqueId("format");
  const why = h("ul.hn-why", { id: `${name}-why` });
  /** The cell that is looked at, while it is not the chosen one. @type {{resolution: string, duration: number} | null} */
  let looked = null;

  const cells = resolutions.flatMap((resolution) =>
    durations.map((duration) => {
      const words = h("span.hn-cell-count", {});
      const input = h("input", {
        type: "radio",
        class: "hn-sr",
        name,
        "data-format": `${resolution} ${duration}`,
        "aria-describedby": `${name}-why`,
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
    }),
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
        ...durations.map((duration) => h("th", { scope: "col" }, t("common.seconds", { seconds: duration }))),
      ),
    ),
    h(
      "tbody",
      {},
      ...resolutions.map((resolution) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, resolution),
          ...cells.filter((cell) => cell.resolution === resolution).map((cell) => h("td", {}, cell.label)),
        ),
      ),
    ),
  );
  const el = h("fieldset.hn-block", {}, h("legend.hn-label", {}, t("studio.format")), table, why);

  const there = (/** @type {string} */ name) => Boolean(draft.get(name)?.width || draft.get(name)?.url);
  const frames = () => ({ first: there("first_frame"), last: there("last_frame") });
  const ask = (/** @type {string} */ resolution, /** @type {number} */ duration) =>
    support(catalogue, draft.get("targets"), resolution, duration, frames());

  function explain() {
    const { resolution, duration } = looked ?? {
      resolution: draft.get("resolution"),
      duration: draft.get("duration"),
    };
    const { cannot, assumed } = ask(resolution, duration);
    const title = (/** @type {string} */ target) => targetTitle(catalogue, target, shortModel);
    const values = { resolution, duration };
    // What is to know of the chosen cell stands among the problems already.
    const notes = assumed.filter((one) => looked || one.assumed);
    const nobody =
      cannot.length > 1 &&
      cannot.length === draft.get("targets").length &&
      cannot.every(({ reason }) => reason === "cell");
    replace(
      why,
      nobody &&
        h(
          "li",
          { "data-kind": "no" },
          h("span", {}, t("studio.reason.nobody", values)),
          ...(looked ? [] : common(resolution, duration)).map((fix) => fixButton(fix, "")),
        ),
      ...(nobody ? [] : cannot).map(({ target, reason }) =>
        h(
          "li",
          { "data-kind": "no" },
          h("span", {}, `${title(target)}: ${t(`studio.reason.${reason}`, values)}`),
          ...(looked ? [] : fixes(catalogue, target, reason, resolution, duration, frames())).map((fix) =>
            fixButton(fix, target),
          ),
        ),
      ),
      ...notes.map(({ target, sent_as, assumed: guessed }) =>
        h(
          "li",
          { "data-kind": "assumed" },
          `${title(target)}: ${guessed ? t("studio.assumed") : t("studio.sent_as", { sent_as, resolution })}`,
        ),
      ),
    );
    why.hidden = why.childElementCount === 0;
  }

  /** What helps all of the chosen where none can. @param {string} resolution @param {number} duration */
  function common(resolution, duration) {
    const lists = draft.get("targets").map((/** @type {string} */ target) =>
      fixes(catalogue, target, "cell", resolution, duration, frames()).map((fix) => JSON.stringify(fix)),
    );
    const [first = [], ...others] = /** @type {string[][]} */ (lists);
    const shared = first.filter((fix) => others.every((list) => list.includes(fix)));
    return shared.map((text) => JSON.parse(text)).filter(({ kind }) => kind !== "drop");
  }

  /** @param {import("./matrix.js").Fix} fix @param {string} target  "" for all of them */
  function fixButton(fix, target) {
    const name = target ? targetTitle(catalogue, target, shortModel) : t("studio.targets");
    const model = fix.kind === "model" ? shortModel(fix.target.split("/")[1] ?? "") : "";
    const slot = fix.kind === "add" || fix.kind === "clear" ? t(`studio.frame.${fix.slot}`) : "";
    const values = { model, slot, ...("duration" in fix ? { value: fix.duration } : {}) };
    const text = t(`studio.mend.${fix.kind}`, {
      ...values,
      ...("resolution" in fix ? { value: fix.resolution } : {}),
    });
    return h(
      "button.hn-button.hn-small.hn-quiet",
      {
        data: { fix: fix.kind },
        "aria-label": `${name}: ${text}`,
        on: { click: () => mend(fix, target, `${name}: ${text}`) },
      },
      text,
    );
  }

  /** @param {import("./matrix.js").Fix} fix @param {string} target @param {string} done */
  function mend(fix, target, done) {
    const chosen = /** @type {string[]} */ (draft.get("targets"));
    announcer.say(done);
    if (fix.kind === "duration") draft.set({ duration: fix.duration });
    else if (fix.kind === "resolution") draft.set({ resolution: fix.resolution });
    else if (fix.kind === "drop") draft.set({ targets: chosen.filter((one) => one !== target) });
    else if (fix.kind === "model")
      draft.set({ targets: [...new Set(chosen.map((one) => (one === target ? fix.target : one)))] });
    else if (fix.kind === "clear") void wire.ask({ kind: "frame_clear", slot: fix.slot }).catch(() => undefined);
    else
      /** @type {HTMLElement | null} */ (
        el.closest(".hn-studio")?.querySelector(`[data-slot="${fix.slot}"] input`)
      )?.focus();
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
        count === 0 ? "idle" : can.length === count ? "all" : can.length ? "some" : "none",
      );
      setAttribute(input, "aria-label", t("studio.format.cell", { resolution, duration, can: can.length, count }));
    }
    explain();
  }
  return { el, update };
}
