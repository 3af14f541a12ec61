// Bytes of clips: fetched once, kept while they are shown, and a host whose links fail is known.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ClipStore, Clips } from "../../hailuo_nb/widgets/js/clip_source.js";

const blob = (size) => new Blob([new Uint8Array(size)]);
const revoked = [];
mock.method(URL, "createObjectURL", ({ size }) => `blob:${size}`);
mock.method(URL, "revokeObjectURL", (url) => revoked.push(url));
const turns = () => new Promise((done) => setImmediate(done));

test("two who ask at once share one fetch, and the clip stays while one of them shows it", async () => {
  const store = new ClipStore(10);
  let fetches = 0;
  const fetch = async () => {
    fetches += 1;
    return blob(8);
  };
  const [one, two] = await Promise.all([store.take("a/1", fetch), store.take("a/1", fetch)]);
  assert.equal(one, two);
  assert.equal(fetches, 1);
  store.give(one);
  await store.take("a/2", async () => blob(9));
  assert.ok(!revoked.includes("blob:8"), "a clip that a video shows is never taken from it");
  store.give(two);
  assert.ok(revoked.includes("blob:8"));
  assert.deepEqual([...store.clips.keys()], ["a/2"]);
});

test("a fetch that failed is made again", async () => {
  const store = new ClipStore();
  await assert.rejects(
    store.take("a/1", () => Promise.reject(new Error("lost"))),
    /lost/,
  );
  assert.equal((await store.take("a/1", async () => blob(3))).url, "blob:3");
});

test("another language takes over what was fetched; a board that is gone keeps nothing", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const store = new ClipStore();
  store.open("a");
  await store.take("a/1", async () => blob(5));
  store.close("a");
  store.open("a");
  mock.timers.tick(10_000);
  assert.equal(store.clips.size, 1);
  store.close("a");
  mock.timers.tick(10_000);
  assert.equal(store.clips.size, 0);
  mock.timers.reset();
});

class Media extends EventTarget {
  /** `plays`: whether a link does. */
  constructor(plays) {
    super();
    this.plays = plays;
    this.tried = [];
  }
  load() {
    this.tried.push(this.src);
    const type = this.plays(this.src) ? "loadedmetadata" : "error";
    queueMicrotask(() => this.dispatchEvent(new Event(type)));
  }
  removeAttribute() {
    this.src = "";
  }
}

function view(plays) {
  const asked = [];
  const life = new AbortController();
  const model = { widget_manager: { resolveUrl: async (path) => `/files/${path}` } };
  const wire = {
    open: true,
    request(content, { onChunk } = {}) {
      asked.push(content.job);
      if (content.kind === "poster")
        return asked.length < 2
          ? Promise.reject(new Error("lost"))
          : Promise.resolve({ poster: "data:,p" });
      return Promise.resolve(onChunk({ seq: 0, size: 4 }, new ArrayBuffer(4)));
    },
  };
  const clips = new Clips(model, wire, life.signal);
  const show = async (id) => {
    const video = new Media(plays);
    await clips.show(video, { id, video: `${id}.mp4` }, life.signal);
    return video;
  };
  return { clips, show, asked };
}

test("where links fail and bytes do not, the next clip asks for bytes at once", async () => {
  const { show } = view((link) => link.startsWith("blob:"));
  assert.deepEqual((await show("a")).tried, ["/files/a.mp4", "blob:4"]);
  assert.deepEqual((await show("b")).tried, ["blob:4"]);
});

test("one file that is missing does not condemn a host whose links work", async () => {
  const { show, asked } = view((link) => link !== "/files/b.mp4");
  await show("a");
  assert.deepEqual((await show("b")).tried, ["/files/b.mp4", "blob:4"]);
  assert.deepEqual((await show("c")).tried, ["/files/c.mp4"]);
  assert.deepEqual(asked, ["b"]);
});

test("a clip that another view has fetched is not fetched again", async () => {
  const { show, asked } = view((link) => link.startsWith("blob:"));
  await show("a");
  await show("a");
  assert.deepEqual(asked, ["a"]);
});

test("a poster that did not come is asked for again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { clips, asked } = view(() => true);
  const image = { isConnected: true, hidden: true };
  await clips.poster(image, { id: "a", poster: "held" });
  assert.equal(image.hidden, true);
  mock.timers.tick(2000);
  await turns();
  assert.equal(image.src, "data:,p");
  assert.equal(image.hidden, false);
  assert.deepEqual(asked, ["a", "a"]);
  mock.timers.reset();
});
