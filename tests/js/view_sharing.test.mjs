// The state of a board's view between the page and its model: who writes last holds.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { NO_FILTER } from "../../hailuo_nb/widgets/js/protocol.js";
import { shareView } from "../../hailuo_nb/widgets/js/view_sharing.js";

/** A model as Backbone's: setting a value tells those who listen to it. */
function modelOf(values) {
  const heard = new EventTarget();
  return {
    values,
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      heard.dispatchEvent(new Event(`change:${name}`));
    },
    save_changes() {},
    on: (event, callback) => heard.addEventListener(event, callback),
    off: (event, callback) => heard.removeEventListener(event, callback),
  };
}

function shared() {
  const model = modelOf({ view: "grid", selected: [], filter: {}, arrangement: {}, time: 0 });
  const player = Object.assign(new EventTarget(), { untouched: true });
  const view = { value: { view: "", selected: [], filter: { ...NO_FILTER }, density: "compact" } };
  const state = shareView({ model, open: true }, view, player, new AbortController().signal);
  const choose = (changes) => {
    view.value = { ...view.value, ...changes };
    state.save();
  };
  return { model, view, choose };
}

test("what Python says holds, though the page has something else to write", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { model, view, choose } = shared();
  model.set("view", "pair");
  choose({ selected: ["one", "two"] }); // as the pair does by itself
  model.set("view", "vote");
  assert.equal(view.value.view, "vote");
  mock.timers.tick(300);
  assert.deepEqual([model.values.view, model.values.selected], ["vote", ["one", "two"]]);
  mock.timers.reset();
});

test("what somebody chooses is written once it has settled, and followed from elsewhere", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { model, view, choose } = shared();
  choose({ view: "table" });
  choose({ filter: { ...view.value.filter, text: "fox" }, density: "full" });
  model.set("arrangement", { density: "clips" }); // its own is not written yet
  assert.equal(model.values.view, "grid");
  mock.timers.tick(300);
  assert.deepEqual(
    [model.values.view, model.values.filter.text, model.values.arrangement.density],
    ["table", "fox", "full"],
  );
  model.set("arrangement", { density: "compact" });
  model.set("filter", { tag: "keep" });
  assert.deepEqual(
    [view.value.density, view.value.filter.tag, view.value.filter.text],
    ["compact", "keep", ""],
  );
  mock.timers.reset();
});
