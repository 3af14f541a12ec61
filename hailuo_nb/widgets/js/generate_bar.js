// The bar that stays in sight: what is wrong, what it would cost, what runs, and the buttons that
// send.

import { h } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { targetTitle } from "./catalogue.js";
import { Button, useUniqueId } from "./components.js";
import { dotted, focusedBeside } from "./dom.js";
import { sumText, translateCode } from "./i18n.js";
import { NumberInput } from "./number_input.js";
import { costText, limitText, offersOf, stops } from "./plan_text.js";
import { ProblemList, shownProblems } from "./problem_list.js";
import { expand } from "./variants.js";

/** @typedef {import("./studio.js").Studio} Studio */
/** @typedef {import("./sender.js").Sender} Sender */
/** @typedef {import("./problem_list.js").Editor} Editor */

const SEND_KEYS = /mac|ip/i.test(navigator.platform) ? "⌘ Enter" : "Ctrl+Enter";

/** What of a draft can be sent now, in words of the reader. @param {Studio} studio */
export function offerNow({ draft, t }) {
  const { targets, takes, prompt, pending } = draft;
  const clips = targets.length * takes * expand(prompt).prompts.length;
  const { whole, rest } = offersOf(draft.plan, { targets, clips, pending });
  const errors = shownProblems(draft).filter(({ severity }) => severity === "error").length;
  const written = prompt.trim() !== "";
  return {
    whole,
    rest,
    against: stops(t, whole, { errors, prompt: written }),
    restAgainst: rest ? stops(t, rest, { errors: 0, prompt: written }) : "",
  };
}

/** @param {Studio} studio @param {import("./plan_text.js").Offer | null} offer */
export const priceOf = ({ t }, offer) => (offer?.total ? sumText(t, offer.total) : "…");

/** @param {{studio: Studio, sender: Sender, editor: Editor, generate: () => void}} props */
export function GenerateBar({ studio, sender, editor, generate }) {
  const { t } = studio;
  const why = useUniqueId("why");
  const { whole, rest, against, restAgainst } = offerNow(studio);
  const reason = sender.against || against;
  const price = priceOf(studio, whole);
  const count = whole.clips;
  const open = studio.open ? studio.draft.open_clips : 0;
  const send = () => {
    const stop = sender.against || restAgainst;
    if (stop) studio.announcer.say(stop);
    else if (rest) void sender.send(rest, () => priceOf(studio, offerNow(studio).rest));
  };
  /** Of a button that goes. @param {() => unknown} act */
  const leaving = (act) => () => {
    editor.textarea.focus({ preventScroll: true });
    act();
  };
  return h(
    "div",
    { class: "hn-summary" },
    h(ProblemList, { studio, editor }),
    h(Question, { sender, t }),
    h(
      "div",
      { class: "hn-send" },
      h(
        "div",
        { class: "hn-send-what" },
        h(Facts, { studio, price }),
        h("p", { class: "hn-reason", id: why, hidden: !reason }, reason),
        h(Notes, { studio, sender }),
      ),
      open > 0 &&
        h(
          Button,
          {
            look: "small resume",
            "aria-disabled": sender.resuming.value || undefined,
            onClick: leaving(sender.resume),
          },
          t("resume", { count: open }),
        ),
      !reason &&
        h("span", { class: "hn-keys hn-hint" }, t("generate.keys", { keys: SEND_KEYS, count })),
      sender.slow.value &&
        h(Button, { look: "small", onClick: leaving(sender.withdraw) }, t("withdraw")),
      rest &&
        h(
          Button,
          {
            look: "rest",
            "aria-disabled": sender.against || restAgainst ? true : undefined,
            onClick: send,
          },
          t("generate.rest", {
            count: rest.clips,
            out: rest.left_out,
            price: priceOf(studio, rest),
          }),
        ),
      h(
        Button,
        {
          look: "primary generate",
          "aria-describedby": why,
          "aria-keyshortcuts": "Control+Enter Meta+Enter",
          "aria-disabled": reason ? true : undefined,
          onClick: generate,
        },
        // Beside a part that can be sent its price alone is of interest.
        count ? t(rest ? "generate.all" : "generate.count", { count, price }) : t("generate"),
      ),
    ),
  );
}

/** What the clips cost, opened where each price is from; and how many are made now.
 * @param {{studio: Studio, price: string}} props */
function Facts({ studio, price }) {
  const { draft, t } = studio;
  const { costs = [], spent } = draft.plan;
  const running = studio.open ? draft.running : 0;
  const id = useUniqueId("above");
  return h(
    "div",
    { class: "hn-facts" },
    h(
      "details",
      { class: "hn-cost" },
      h("summary", null, t("cost", { total: price })),
      h(
        "ul",
        { class: "hn-costs" },
        costs.map((line) =>
          h(
            "li",
            { key: line.target },
            h("span", null, targetTitle(draft.catalogue, line.target)),
            h("span", { class: "hn-money" }, costText(t, line)),
            !line.simulated && h("span", { class: "hn-hint" }, dotted(line.date, line.source)),
          ),
        ),
      ),
      spent &&
        h(
          "p",
          { class: "hn-hint hn-spent" },
          t("spent", { count: spent.clips, sum: sumText(t, spent) }),
        ),
      h(
        "p",
        { class: "hn-hint" },
        h("label", { for: id }, t("above.setting")),
        " ",
        h(NumberInput, {
          id,
          class: "hn-above",
          value: draft.ask_above,
          min: 0,
          required: true,
          choose: (clips) => draft.set({ ask_above: clips ?? 0 }),
        }),
      ),
    ),
    running > 0 && h("span", { class: "hn-running" }, t("running", { count: running })),
  );
}

/** Limits, takes that are there already, and what became of the last order.
 * @param {{studio: Studio, sender: Sender}} props */
function Notes({ studio, sender }) {
  const { draft, t } = studio;
  const { limit, existing } = draft.plan;
  const { failure, notice } = sender;
  const limits = limitText(t, limit);
  const { kind, code, values, text } = draft.status;
  const said = translateCode(t, `status.${code}`, values, text ?? "");
  return [
    limits && h("p", { class: "hn-hint hn-limit", key: "limit" }, limits),
    existing > 0 && h("p", { class: "hn-hint", key: "there" }, t("existing", { count: existing })),
    h(
      "p",
      {
        key: "status",
        class: "hn-status",
        role: "status",
        "data-kind": failure.value ? "error" : notice.value ? "idle" : kind,
      },
      failure.value || notice.value || said,
    ),
  ];
}

/** What has to be answered before anything is sent. @param {{sender: Sender,
 *   t: import("./types.js").Translate}} props */
function Question({ sender, t }) {
  const asked = sender.question.value;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (!asked || !box.current) return;
    const activeElement = focusedBeside(box.current);
    box.current.querySelector("button")?.focus();
    return () => {
      if (activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true });
    };
  }, [asked]);
  if (!asked) return null;
  const { text, yes, answer } = asked;
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") answer(false);
  };
  return h(
    "div",
    { class: "hn-confirm", role: "group", "aria-label": t("question"), ref: box, onKeyDown },
    h("p", null, text()),
    h(
      "div",
      { class: "hn-row" },
      h(Button, { look: "small", onClick: () => answer(false) }, t("again.no")),
      h(Button, { look: "small primary", onClick: () => answer(true) }, yes()),
    ),
  );
}
