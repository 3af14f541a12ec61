// What each key of the board does. The reading of keys is shortcuts.js's.

import { findShortcut, showHelp } from "./shortcuts.js";

/** @typedef {import("./view_state.js").View} View */
/**
 * @param {import("./card.js").Board} board @param {View} view
 * @param {{change: (patch: Partial<View>) => void, full: () => void, filter: () => void, close: () => void, vote: import("./vote.js").Vote}} on
 */
export function boardKeys(board, view, on) {
  const { player } = board;
  const seek = (/** @type {number} */ by) => void player.seekAll(player.time + by);
  const pair = (/** @type {string} */ mode) => () => on.change(view.view === "vote" ? { voteMode: mode } : { view: "pair", mode });
  /** @type {import("./shortcuts.js").Shortcut[]} */
  const shortcuts = [
    { keys: [" "], say: "board.key.play", run: () => player.toggle() },
    { keys: ["ArrowLeft"], say: "board.key.left", run: () => seek(-1) },
    { keys: ["ArrowRight"], say: "board.key.right", run: () => seek(1) },
    { keys: [","], say: "board.step.back", run: () => void player.step(-1) },
    { keys: ["."], say: "board.step.on", run: () => void player.step(1) },
    { keys: ["l"], say: "board.loop", run: () => player.setLoop(!player.loop) },
    { keys: ["["], say: "board.loop.a", run: () => player.markEnd("a") },
    { keys: ["]"], say: "board.loop.b", run: () => player.markEnd("b") },
    { keys: ["c"], say: "board.mode.side", run: pair("side") },
    { keys: ["w"], say: "board.mode.wipe", run: pair("wipe") },
    { keys: ["d"], say: "board.mode.difference", run: pair("difference") },
    { keys: ["k"], say: "board.mode.flicker", run: pair("flicker") },
    { keys: ["s"], say: "board.swap", run: () => on.change({ selected: [...view.selected].reverse() }) },
    { keys: ["f"], say: "board.full", run: on.full },
    { keys: ["b"], say: "board.blind", run: () => on.change({ blind: !view.blind }) },
    { keys: ["/"], say: "board.filter", run: on.filter },
  ];
  if (board.acts.includes("vote"))
    shortcuts.push(
      { keys: ["1"], say: "board.vote.left", run: () => void on.vote.vote("first") },
      { keys: ["2"], say: "board.vote.right", run: () => void on.vote.vote("second") },
      { keys: ["0"], say: "board.vote.tie", run: () => void on.vote.vote("tie") },
    );
  const help = () => showHelp(board, shortcuts);
  shortcuts.push({ keys: ["?"], say: "board.help", run: help }, { keys: ["Escape"], say: "board.pair.close", run: () => view.view === "pair" && on.close() });

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const found = findShortcut(event, shortcuts);
    if (!found || (/^\d$/.test(event.key) && view.view !== "vote")) return;
    event.preventDefault();
    found.run();
  }
  return { onKey, help };
}
