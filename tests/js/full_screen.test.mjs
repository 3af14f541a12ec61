// All clips fit the screen, as large as they can be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted, usualRatio } from "../../hailuo_nb/widgets/js/full_screen.js";

const screen = { width: 1400, height: 850 };

test("as large as they can be with all in sight", () => {
  assert.deepEqual(fitted(1, screen, 16 / 9), { columns: 1, wide: 1400 });
  assert.equal(fitted(2, screen, 16 / 9).columns, 1); // one above the other
  assert.equal(fitted(2, screen, 9 / 16).columns, 2);
  assert.equal(fitted(4, screen, 16 / 9).columns, 2);
  assert.equal(fitted(24, screen, 16 / 9).columns, 5);
  for (const count of [3, 5, 7, 9, 12, 24, 40]) {
    const { columns, wide } = fitted(count, screen, 16 / 9);
    const rows = Math.ceil(count / columns);
    assert.ok(columns * wide + (columns - 1) * 4 <= screen.width, `${count}`);
    assert.ok((rows * wide * 9) / 16 + (rows - 1) * 4 <= screen.height, `${count}`);
  }
});

test("two hundred are not smaller than a stamp", () => {
  assert.ok(fitted(400, screen, 16 / 9).wide >= 140);
});

test("the shape that most clips have", () => {
  assert.equal(usualRatio([]), 16 / 9);
  assert.equal(usualRatio([{ ratio: "9:16" }, { ratio: "9:16" }, { ratio: "" }]), 9 / 16);
});
