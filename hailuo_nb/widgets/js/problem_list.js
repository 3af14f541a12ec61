// The one list of problems: what stands against the draft, and what is odd about the camera at a
// place of its prompt. Each has its cure beside it.

import { h } from "preact";
import { replacing } from "./camera.js";
import { Button } from "./components.js";
import { around, cureText, quoteOf } from "./findings.js";
import { remarks } from "./highlights.js";
import { cure, cureLabel, currentProblems, problemTexts } from "./problems.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./types.js").Problem} Problem */
/** @typedef {import("./types.js").Finding} Finding */
/** @typedef {ReturnType<typeof import("./editor.js").promptEditor>} Editor */

/** Nobody has to be told that an empty page is empty; the button says what is missing.
 * @param {Studio["draft"]} draft */
export const shownProblems = (draft) =>
  currentProblems(draft).filter(({ code }) => code !== "prompt_missing");

/** @param {{studio: Studio, editor: Editor}} props */
export function ProblemList({ studio, editor }) {
  const { draft, t } = studio;
  const found = shownProblems(draft);
  const isError = (/** @type {Problem} */ { severity }) => severity === "error";
  const items = [
    ...found.filter(isError).map((problem) => h(ProblemItem, { studio, problem })),
    ...remarks(draft.prompt, draft.camera).map((finding) =>
      h(FindingItem, { studio, editor, finding }),
    ),
    ...found.filter((one) => !isError(one)).map((problem) => h(ProblemItem, { studio, problem })),
  ];
  const many = items.length > 3 ? { tabIndex: 0 } : {}; // it scrolls then
  return h(
    "ul",
    { class: "hn-problems", "aria-label": t("problems"), hidden: !items.length, ...many },
    items,
  );
}

/** @param {{studio: Studio, problem: Problem}} props */
function ProblemItem({ studio, problem }) {
  const { t } = studio;
  const { severity } = problem;
  const label = cureLabel(problem, t);
  return h(
    "li",
    { class: "hn-problem", "data-severity": severity },
    h(
      "div",
      { class: "hn-problem-text" },
      h("span", { class: "hn-sr" }, t(`severity.${severity}`)),
      problemTexts(problem, t).map((text) => h("p", { key: text }, text)),
    ),
    label && h(Button, { look: "small", onClick: () => cure(studio, problem) }, label),
  );
}

/** @param {{studio: Studio, editor: Editor, finding: Finding}} props */
function FindingItem({ studio, editor, finding }) {
  const { draft, t } = studio;
  const { code, values, start, end, cures } = finding;
  const select = () => {
    editor.textarea.focus();
    editor.textarea.setSelectionRange(start, end);
  };
  const quote = quoteOf(draft.prompt, finding);
  const [before, after] = around(t(`lint.${code}`, values), quote);
  const use = (/** @type {string} */ text) => () => editor.edit(() => replacing(start, end, text));
  return h(
    "li",
    { class: "hn-problem hn-finding", "data-severity": "warning", "data-code": code },
    h(
      "div",
      { class: "hn-problem-text" },
      h("span", { class: "hn-sr" }, t("severity.warning")),
      h(
        "p",
        null,
        before,
        h(
          "button",
          { type: "button", class: "hn-quote", title: t("finding.select"), onClick: select },
          quote,
        ),
        after,
      ),
    ),
    h(
      "div",
      { class: "hn-problem-actions" },
      cures.map((text) =>
        h(Button, { key: text, look: "small", onClick: use(text) }, cureText(t, text)),
      ),
    ),
  );
}
