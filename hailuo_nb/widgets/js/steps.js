// Reads the prompt back: the steps of the camera in order, and what is worth saying about them, each with its cure.

import { h, replace } from "./dom.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */

/** @param {Studio} studio @param {Editor} editor */
export function cameraSteps({ draft, t, grammar, language }, editor) {
  const steps = h("ol", { class: "hn-steps", "aria-label": t("studio.steps") });
  const findings = h("ul", { class: "hn-findings", "aria-label": t("studio.findings") });
  const el = h("div", { class: "hn-reading" }, steps, findings);
  let shown = "";

  /** @param {number} start @param {number} end */
  function select(start, end) {
    editor.textarea.focus();
    editor.textarea.setSelectionRange(start, end);
  }

  /** @param {import("./camera.js").Step} step @param {number} index */
  function stepItem({ moves, start, end }, index) {
    const text = moves.map((move) => grammar.command(move, language === "zh" ? "zh" : "en")).join(" + ");
    return h(
      "li",
      { class: "hn-step" },
      h(
        "button",
        {
          type: "button",
          class: "hn-step-button",
          title: t("studio.steps.select"),
          on: { click: () => select(start, end) },
        },
        h("span", { class: "hn-step-number" }, String(index + 1)),
        text,
      ),
    );
  }

  /** @param {import("./camera.js").Finding} finding */
  function findingItem({ rule, start, end, replacement, values }) {
    const mend = () =>
      editor.edit(() => ({ start, end, text: replacement ?? "", caret: start + (replacement ?? "").length }));
    const label = replacement ? t("studio.lint.use", { replacement }) : t("studio.lint.remove");
    return h(
      "li",
      { class: "hn-finding", "data-rule": rule },
      h("span", {}, t(`studio.lint.${rule}`, values)),
      replacement !== null &&
        h("button", { type: "button", class: "hn-button hn-small", on: { click: mend } }, label),
    );
  }

  function update() {
    const prompt = draft.get("prompt") ?? "";
    if (prompt === shown) return;
    shown = prompt;
    const found = grammar.parse(prompt);
    replace(steps, ...found.map(stepItem));
    steps.hidden = found.length === 0;
    const said = grammar.lint(prompt);
    replace(findings, ...said.map(findingItem));
    findings.hidden = said.length === 0;
  }
  steps.hidden = findings.hidden = true;
  return { el, update };
}
