// The vote: a question about clips without names, its answers, and the ranking when somebody asks.

import { useSignal } from "@preact/signals";
import { h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button, Choice, Refocus, worded } from "./components.js";
import { Modes, Stage } from "./pair_stage.js";
import { PromptWords, Turn } from "./pair_view.js";
import { VOTED } from "./pairing.js";
import { SummaryTable } from "./summary_view.js";
import { OUTCOMES } from "./vote.js";

/** @typedef {import("./card.js").Board} Board */

const SIZES = ["2", "4"];

/** @param {{board: Board}} props */
export const VoteView = ({ board }) =>
  board.store.what.value === "vote" ? h(Voting, { board }) : null;

/** @param {{board: Board}} props */
function Voting({ board }) {
  const { t, store, vote } = board;
  const { voteSize, voteMode } = store.view.value;
  const on = vote.axis.value;
  const turned = useSignal(false);
  const ranked = useSignal(false);
  const rows = vote.group.value;
  const [a, b] = rows ?? [];
  const two = rows?.length === 2;
  const mode = two ? voteMode : "four";
  const same = a && rows?.every(({ prompt }) => prompt === a.prompt);
  const count = (vote.met.value ?? []).reduce((all, one) => all + one.count, 0);
  return h(
    Refocus,
    { board, class: "hn-pair hn-vote", "data-mode": mode },
    h(
      "div",
      { class: "hn-row hn-vote-head" },
      h(Choice, {
        label: t("vote.on"),
        name: "on",
        choices: worded(VOTED, (one) => t(`vote.on.${one || "any"}`)),
        value: on,
        choose: (voteOn) => vote.ask({ voteOn }),
      }),
      h(Choice, {
        label: t("vote.sizes"),
        name: "size",
        choices: worded(SIZES, (size) => t(`vote.size.${size}`)),
        value: String(voteSize),
        choose: (size) => vote.ask({ voteSize: Number(size) }),
      }),
      two && h(Modes, { board, name: "voteMode" }),
      two && mode === "flicker" && h(Turn, { t, turned }),
      h("span", { class: "hn-soft" }, t("vote.count", { count })),
      h(
        Button,
        {
          look: "small quiet",
          "aria-expanded": ranked.value,
          onClick: () => (ranked.value = !ranked.value),
        },
        t(ranked.value ? "ranking.hide" : "ranking.show"),
      ),
    ),
    vote.loose.value && h("p", { class: "hn-soft" }, t("vote.loose")),
    same && h("p", { class: "hn-vote-prompt", title: a.prompt }, a.prompt),
    rows && h(Stage, { board, rows, names: vote.names.value, mode, turned }),
    h(Answers, { board }),
    vote.note.value && h("p", { class: "hn-message", role: "alert" }, vote.note.value),
    // Which prompt made which clip would tell too much before.
    a &&
      b &&
      two &&
      !same &&
      vote.revealed.value &&
      h(PromptWords, { a, b, names: [t("left"), t("right")] }),
    ranked.value && h(Ranking, { board, by: on || "provider" }),
  );
}

/** @param {{board: Board}} props */
function Answers({ board: { t, vote } }) {
  const el = useRef(/** @type {HTMLElement | null} */ (null));
  const turn = vote.turn.value;
  const first = useRef(turn);
  useLayoutEffect(() => {
    if (turn !== first.current) el.current?.querySelector("button")?.focus();
  }, [turn]);
  const rows = vote.group.value;
  const best = vote.best.value;
  const revealed = vote.revealed.value;
  const answer = (/** @type {string} */ key, /** @type {string} */ words) =>
    h(Button, { key, onClick: () => vote.press(key) }, words, h("kbd", {}, key));
  const four = rows !== null && rows.length > 2;
  const letters = () =>
    rows?.flatMap(({ id }, at) => (id === best ? [] : [answer(String(at + 1), "ABCD".charAt(at))]));
  const asked = four ? (best ? "vote.worst" : "vote.best") : "vote.question";
  const none = `vote.none.${vote.axis.value || "any"}`;
  return h(
    "div",
    { ref: el, class: "hn-row hn-vote-answers" },
    h("p", { class: "hn-vote-question" }, t(!rows ? none : revealed ? "vote.revealed" : asked)),
    rows &&
      !revealed &&
      (four ? letters() : OUTCOMES.map(([key = "", , words = ""]) => answer(key, t(words)))),
    rows &&
      revealed &&
      h(Button, { key: "next", look: "primary", onClick: vote.next }, t("vote.next")),
  );
}

/**
 * By what is voted on, the best by the lower end of its interval first.
 * @param {{board: Board, by: string}} props
 */
function Ranking({ board: { t, store }, by }) {
  const rows = (store.summaries.value[by]?.rows ?? []).filter(({ strength }) => strength.n);
  rows.sort((a, b) => (b.strength.low ?? 0) - (a.strength.low ?? 0));
  return h(
    "section",
    { class: "hn-scroll hn-ranking-box", tabIndex: 0, "aria-label": t("ranking") },
    rows.length
      ? h(SummaryTable, { rows, by, wanted: ["strength", "cost"], t })
      : h("p", { class: "hn-soft" }, t("ranking.empty")),
  );
}
