// One clip is heard at a time, and none before somebody asks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { heardOf, Sound, wavePath } from "../../hailuo_nb/widgets/js/sound.js";

test("the chosen one is heard, else the first with sound; without sound nobody", () => {
  assert.equal(heardOf(false, "b", ["a", "b"]), "");
  assert.equal(heardOf(true, "b", ["a", "b"]), "b");
  assert.equal(heardOf(true, "c", ["a", "b"]), "a");
  assert.equal(heardOf(true, "", []), "");
});

class Video extends EventTarget {
  muted = true;
  currentTime = 0;
  duration = Number.NaN; // until it is loaded
}

function board(...ids) {
  const player = new EventTarget();
  player.changed = () => player.dispatchEvent(new Event("change"));
  const sound = new Sound(player, new AbortController().signal);
  const marked = new Set();
  const places = new Map();
  const add = (id) => {
    const video = new Video();
    sound.add(video, {
      id,
      mark: (heard) => marked[heard ? "add" : "delete"](id),
      place: (share) => places.set(id, share),
    });
    return video;
  };
  const videos = Object.fromEntries(ids.map((id) => [id, add(id)]));
  sound.show(ids);
  const audible = () => ids.filter((id) => !videos[id].muted);
  return { sound, videos, add, audible, marked, places, player };
}

test("muted at first; M lets the first be heard, and mutes it again", () => {
  const { sound, audible, marked } = board("a", "b", "c");
  assert.deepEqual(audible(), []);
  sound.toggle();
  assert.deepEqual(audible(), ["a"]);
  assert.deepEqual([...marked], ["a"]);
  sound.toggle();
  assert.deepEqual(audible(), []);
  assert.deepEqual([...marked], []);
});

test("the speaker of another moves the sound there; that of the same takes it away", () => {
  const { sound, audible } = board("a", "b", "c");
  sound.pick("b");
  assert.deepEqual(audible(), ["b"]);
  sound.pick("c");
  assert.deepEqual(audible(), ["c"]);
  sound.pick("c");
  assert.deepEqual(audible(), []);
  sound.toggle();
  assert.deepEqual(audible(), ["c"], "M brings back the one that was heard");
});

test("the next view of the board is heard as this one was", () => {
  const kept = {};
  const player = new EventTarget();
  player.changed = () => {};
  const { signal } = new AbortController();
  const sound = new Sound(player, signal, kept);
  sound.show(["a", "b"]);
  sound.pick("b");
  const next = new Sound(player, signal, kept);
  next.show(["a", "b"]);
  assert.equal(next.heard, "b");
  next.toggle();
  assert.equal(new Sound(player, signal, kept).wanted, false);
});

test("a pair on stage is heard by one of it, and the choice waits for its clip", () => {
  const { sound, audible, add } = board("a", "b", "c");
  sound.pick("c");
  const staged = add("a"); // the pair has videos of its own
  sound.show(["a", "b"]);
  assert.deepEqual(audible(), ["a"]);
  assert.equal(staged.muted, false);
  sound.remove(staged);
  assert.equal(staged.muted, true);
  staged.dispatchEvent(new Event("volumechange"));
  assert.equal(sound.wanted, true, "one that goes takes no sound with it");
  sound.show(["a", "b", "c"]);
  assert.deepEqual(audible(), ["c"]);
  sound.show([]);
  assert.deepEqual(audible(), []);
});

test("the speaker that a browser shows in full screen is one of ours", () => {
  const { videos, audible, sound } = board("a", "b");
  const turn = (id, muted) => {
    videos[id].muted = muted;
    videos[id].dispatchEvent(new Event("volumechange"));
  };
  turn("b", false);
  assert.deepEqual(audible(), ["b"]);
  turn("a", false);
  assert.deepEqual(audible(), ["a"]);
  turn("a", true);
  assert.deepEqual(audible(), []);
  assert.equal(sound.wanted, false);
});

test("a clip that is played alone is heard, if any is", () => {
  const { sound, audible } = board("a", "b");
  sound.prefer("b");
  assert.deepEqual(audible(), []);
  sound.pick("a");
  sound.prefer("b");
  assert.deepEqual(audible(), ["b"]);
});

test("the place in the sound follows a clip that is loaded", () => {
  const { videos, places, player } = board("a", "b");
  Object.assign(videos.b, { currentTime: 1.5, duration: 6 });
  player.changed();
  assert.deepEqual([...places], [["b", 0.25]]);
});

test("a waveform is a line for every digit, silence a dot", () => {
  assert.equal(wavePath("0z"), "M0 35v2M1 1v70");
  assert.equal(wavePath("?"), "M0 35v2");
});
