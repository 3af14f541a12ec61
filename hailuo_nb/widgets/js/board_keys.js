// What each key of the board does; shortcuts.js reads the keys.

import { findShortcut, showHelp } from "./shortcuts.js";

/** @typedef {import("./view_state.js").View} View */
/**
 * @param {import("./card.js").Board} board @param {import("./view_state.js").ViewSignal} view
 * @param {{change: (patch: Partial<View>) => void, full: () => void, mute: () => void, filter: () => void,
 *   swap: () => void,
 *   close: () => void, vote: import("./vote.js").Vote}} callbacks
 */
export function boardKeys(board, view, { change, full, mute, filter, swap, close, vote }) {
  const { player } = board;
  const seek = (/** @type {number} */ by) => () => player.seekAll(player.at + by);
  const pair = (/** @type {string} */ mode) => () =>
    change(view.value.view === "vote" ? { voteMode: mode } : { view: "pair", mode });
  const press = (/** @type {string} */ key) => () => vote.press(key);
  const help = () => showHelp(board, shortcuts);
  /** @type {import("./shortcuts.js").Shortcut[]} */
  const shortcuts = [
    [" ", "key.play", () => player.toggle()],
    ["ArrowLeft", "key.left", seek(-1)],
    ["ArrowRight", "key.right", seek(1)],
    [",", "step.back", () => player.step(-1)],
    [".", "step.on", () => player.step(1)],
    ["m", "sound", mute],
    ["l", "loop", () => player.setLoop(!player.loop)],
    ["[", "loop.a", () => player.markEnd("a")],
    ["]", "loop.b", () => player.markEnd("b")],
    ["c", "mode.side", pair("side")],
    ["w", "mode.wipe", pair("wipe")],
    ["d", "mode.difference", pair("difference")],
    ["k", "mode.flicker", pair("flicker")],
    ["s", "swap", swap],
    ["f", "full", full],
    ["b", "blind", () => change({ blind: !view.value.blind })],
    ["/", "filter", filter],
  ];
  if (board.actions.includes("vote"))
    shortcuts.push(
      ["1", "vote.left", press("1")],
      ["2", "vote.right", press("2")],
      ["0", "vote.tie", press("0")],
      ["3", "vote.third", press("3")],
      ["4", "vote.fourth", press("4")],
    );
  shortcuts.push(
    ["?", "help", help],
    ["Escape", "pair.close", () => view.value.view === "pair" && close()],
  );

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const found = findShortcut(event, shortcuts);
    if (!found || (/^\d$/.test(event.key) && view.value.view !== "vote")) return;
    event.preventDefault();
    found[2]();
  }
  return { onKey, help };
}
