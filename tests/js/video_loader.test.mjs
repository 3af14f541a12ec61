// One budget of decoders a page, and what is built of a long board.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Loader } from "../../hailuo_nb/widgets/js/video_loader.js";

/** Items at these distances from the window. */
function items(loader, distances) {
  return distances.map((far) => {
    const item = {
      el: { far },
      ...{ built: false, wanted: false, loaded: false, video: { preload: "metadata" } },
      build() {
        Object.assign(item, { built: true, wanted: true });
      },
      release() {
        Object.assign(item, { built: false, wanted: false, loaded: false });
      },
      load() {
        item.loaded = true;
      },
      unload() {
        item.loaded = false;
      },
    };
    loader.items.add(item);
    return item;
  });
}
const make = (most) => new Loader(most, ({ far }) => far);
const which = (all, name) => all.flatMap((item, index) => (item[name] ? [index] : []));

test("what is near is built and loaded; what is in sight is loaded entirely", () => {
  const loader = make(2);
  const all = items(loader, [0, 200, 500, 5000, Infinity]);
  loader.share();
  assert.deepEqual(which(all, "built"), [0, 1]);
  assert.deepEqual(which(all, "loaded"), [0, 1]);
  assert.deepEqual(
    all.map(({ video }) => video.preload),
    ["auto", "metadata", "metadata", "metadata", "metadata"],
  );
});

test("a small board is built entirely, as far as it can be seen at all", () => {
  const loader = make(24);
  const all = items(loader, [0, 5000, 9000, Infinity]);
  loader.build();
  assert.deepEqual(which(all, "built"), [0, 1, 2]);
});

test("what goes far is a name again, with some room between the two", () => {
  const loader = make(0);
  const [item] = items(loader, [0]);
  loader.share();
  item.el.far = 450;
  loader.share();
  assert.equal(item.built, true);
  item.el.far = 900;
  loader.share();
  assert.equal(item.built || item.loaded, false);
});

test("a view out of sight keeps what it has loaded, and nothing else", () => {
  const loader = make(1);
  const [one, two] = items(loader, [0, 10]);
  loader.share();
  for (const item of [one, two]) item.el.far = Infinity;
  loader.share();
  assert.deepEqual([one.built, two.built], [true, false]);
});

test("two boards on a page share its decoders: the nearest have them", () => {
  const loader = make(3);
  const first = items(loader, [0, 100, 200]);
  loader.share();
  assert.deepEqual(which(first, "loaded"), [0, 1, 2]);
  const second = items(loader, [0, 50]);
  for (const item of first) item.el.far += 60;
  loader.share();
  assert.deepEqual(which(second, "loaded"), [0, 1]);
  assert.deepEqual(which(first, "loaded"), [0]);
});

test("a clip that is as near as another does not take its decoder", () => {
  const loader = make(1);
  const all = items(loader, [0, 0]);
  loader.share();
  loader.share();
  assert.deepEqual(which(all, "loaded"), [0]);
});
