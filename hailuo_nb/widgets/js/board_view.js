// The board as a whole: its head and tools, and the view that is chosen.

import { h } from "preact";
import { useLayoutEffect, useMemo } from "preact/hooks";
import { Announcements } from "./announcer.js";
import { BoardHead } from "./board_header.js";
import { boardKeys } from "./board_keys.js";
import { tagsOf } from "./board_rows.js";
import { Button, Host } from "./components.js";
import { flag } from "./dom.js";
import { exportMenu } from "./export_menu.js";
import { fitted, usualRatio } from "./full_screen.js";
import { PairView, PromptWords } from "./pair_view.js";
import { Help } from "./shortcuts.js";
import { SummaryView } from "./summary_view.js";
import { TableView } from "./table_view.js";
import { Toolbar } from "./toolbar.js";
import { TransportBar } from "./transport_bar.js";
import { VoteView } from "./vote_view.js";
import { Lost } from "./widget.js";

/** @typedef {import("./card.js").Board} Board */

/** @param {{board: Board, cards: HTMLElement}} props */
export function BoardView({ board, cards }) {
  const { t, store, language, dialog, signal } = board;
  const lang = language.value;
  const keys = useMemo(() => boardKeys(board, { vote: board.vote.press, help }), [board]);
  const { ExportButton, ExportNote } = useMemo(() => exportMenu(board), [board]);
  useFitted(board);
  const what = store.what.value;

  function help() {
    const close = () => (dialog.value = null);
    dialog.value = h(Help, { t, shortcuts: keys.shortcuts(), close });
  }
  return h(
    "section",
    {
      class: "hn hn-board",
      lang,
      tabIndex: -1,
      "aria-label": t("name"),
      "data-view": what,
      "data-density": store.density.value,
      "data-full": flag(store.full.value),
      "data-blind": flag(store.view.value.blind),
      onKeyDown: keys.onKey,
    },
    h(Lost, { kernel: board.wire.kernel, t, until: signal }),
    h(BoardHead, { board, help }, h(ExportButton, {})),
    h(ExportNote, {}),
    h(Toolbar, { board }),
    h(Chosen, { board }),
    h(Host, { key: "cards", el: cards }),
    h(TableView, { board }),
    h(SummaryView, { board }),
    h(PairView, { board }),
    h(VoteView, { board }),
    h(Empty, { board }),
    h(TransportBar, { board }),
    h(TagList, { board }),
    h(Host, { el: board.menu.el }),
    h(Announcements, { announcer: board.announcer }),
    dialog.value,
  );
}

/** How large clips are where they alone are shown. @param {Board} board */
function useFitted({ store, root }) {
  const full = store.full.value;
  const rows = store.shown.value;
  useLayoutEffect(() => {
    if (!full) return undefined;
    const saved = rows.filter(({ state }) => state === "saved");
    const ratio = usualRatio(saved);
    const fit = () => {
      const bar = root.querySelector(".hn-transport")?.getBoundingClientRect().height ?? 0;
      const room = { width: root.clientWidth, height: root.clientHeight - Math.ceil(bar) };
      const { columns, wide } = fitted(saved.length, room, ratio);
      root.style.setProperty("--hn-fit-columns", String(columns));
      root.style.setProperty("--hn-fit-width", `${wide}px`);
      root.style.setProperty("--hn-fit-ratio", String(ratio));
    };
    const resize = new ResizeObserver(fit);
    resize.observe(root);
    return () => resize.disconnect();
  }, [full, rows]);
}

/** What is chosen for comparison, and how its prompts differ. @param {{board: Board}} props */
function Chosen({ board: { t, store, change } }) {
  const what = store.what.value;
  const [a, b] = store.picked.value;
  if (!a || what === "pair" || what === "vote") return null;
  const clips = b ? [a, b] : [a];
  return h(
    "div",
    { class: "hn-chosen" },
    h(
      "div",
      { class: "hn-row" },
      clips.map(({ id }, index) =>
        h("span", { key: id }, h("b", {}, "AB".charAt(index)), ` ${store.names.value.get(id)}`),
      ),
      b
        ? h(
            Button,
            { look: "small primary", onClick: () => change({ view: "pair" }) },
            t("compare"),
          )
        : h("span", { class: "hn-soft" }, t("pick.another")),
      h(Button, { look: "small quiet", onClick: () => change({ selected: [] }) }, t("unpick")),
    ),
    b && a.prompt !== b.prompt && h(PromptWords, { a, b }),
  );
}

/** Why there is nothing to see. @param {{board: Board}} props */
const Empty = ({ board: { t, store } }) =>
  store.shown.value.length
    ? null
    : h("p", { class: "hn-empty" }, t(store.rows.value.length ? "filter.none" : "empty"));

/** What the tags of clips are completed from. @param {{board: Board}} props */
const TagList = ({ board: { store, tagList } }) =>
  h(
    "datalist",
    { id: tagList },
    tagsOf(store.rows.value).map((tag) => h("option", { key: tag }, tag)),
  );
