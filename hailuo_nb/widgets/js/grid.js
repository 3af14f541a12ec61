// Resolution by duration: each cell says how many of the chosen models make it, and who does not and why.

import { h, replace, setAttribute, setText, uniqueId } from "./dom.js";
import { shortModel } from "./format.js";
import { axes, support, targetTitle } from "./matrix.js";

/** @typedef {import("./studio.js").Studio} Studio */

/** @param {Studio} studio */
export function formatGrid({ draft, t }) {
  const catalogue = draft.get("catalogue") ?? [];
  const { resolutions, durations } = axes(catalogue);
  const name = uniqueId("format");
  const why = h("ul", { class: "hn-why", id: `${name}-why` });
  /** The cell that is looked at, while it is not the chosen one. @type {{resolution: string, duration: number} | null} */
  let looked = null;

  const cells = resolutions.flatMap((resolution) =>
    durations.map((duration) => {
      const words = h("span", { class: "hn-cell-count" });
      const input = h("input", {
        type: "radio",
        class: "hn-sr",
        name,
        "data-format": `${resolution} ${duration}`,
        "aria-describedby": `${name}-why`,
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
    }),
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
  const el = h(
    "fieldset",
    { class: "hn-block" },
    h("legend", { class: "hn-label" }, t("studio.format")),
    table,
    why,
  );

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
      nobody && h("li", { "data-kind": "no" }, t("studio.reason.nobody", values)),
      ...(nobody ? [] : cannot).map(({ target, reason }) =>
        h("li", { "data-kind": "no" }, `${title(target)}: ${t(`studio.reason.${reason}`, values)}`),
      ),
      ...notes.map(({ target, note }) =>
        h("li", { "data-kind": "assumed" }, `${title(target)}: ${note || t("studio.assumed")}`),
      ),
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
        count === 0 ? "idle" : can.length === count ? "all" : can.length ? "some" : "none",
      );
      setAttribute(
        input,
        "aria-label",
        t("studio.format.cell", { resolution, duration, can: can.length, count }),
      );
    }
    explain();
  }
  return { el, update };
}
