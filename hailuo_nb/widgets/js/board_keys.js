// What each key of the board does; shortcuts.js reads the keys.

import { findShortcut } from "./shortcuts.js";

/**
 * @param {import("./card.js").Board} board
 * @param {{vote: (key: string) => void, help: () => void}} others
 */
export function boardKeys(board, { vote, help }) {
  const { player, store, change, full, mute, filter, swap, close } = board;
  const { view } = store;
  const what = () => store.what.value;
  const seek = (/** @type {number} */ by) => () => player.seekAll(player.at + by);
  const pair = (/** @type {string} */ mode) => () =>
    change(what() === "vote" ? { voteMode: mode } : { view: "pair", mode });
  const press = (/** @type {string} */ key) => () => vote(key);
  /** @type {import("./shortcuts.js").Shortcut[]} */
  const always = [
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
  /** @type {import("./shortcuts.js").Shortcut[]} */
  const voting = [
    ["1", "vote.left", press("1")],
    ["2", "vote.right", press("2")],
    ["0", "vote.tie", press("0")],
    ["3", "vote.third", press("3")],
    ["4", "vote.fourth", press("4")],
  ];
  /** @type {import("./shortcuts.js").Shortcut[]} */
  const last = [
    ["?", "help", help],
    ["Escape", "pair.close", () => (store.full.value ? full() : what() === "pair" && close())],
  ];
  const shortcuts = () => [...always, ...(board.actions.includes("vote") ? voting : []), ...last];

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const found = findShortcut(event, shortcuts());
    if (!found || (/^\d$/.test(event.key) && what() !== "vote")) return;
    event.preventDefault();
    found[2]();
  }
  return { onKey, shortcuts };
}
