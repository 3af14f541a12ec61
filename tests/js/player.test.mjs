// The player's states, with videos that seek slowly, refuse, stall, end early, fail or are hidden.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Player } from "../../hailuo_nb/widgets/js/player.js";
import { World } from "./fake_videos.mjs";

/** A player with a clip for each of `hows`. */
function playing(...hows) {
  const world = new World();
  const life = new AbortController();
  const player = new Player(life.signal, {}, world.clock);
  const videos = hows.map((how) => world.video(how));
  for (const video of videos) player.add(video, { shift: video.shift });
  const spread = () => {
    const at = videos.map(({ time, shift = 0 }) => time - shift);
    return Math.max(...at) - Math.min(...at);
  };
  return { world, player, videos, spread, life };
}

for (const seeks of [0, 60, 400, 1500])
  test(`an A-B loop goes round, where a seek takes ${seeks} ms`, async () => {
    const { world, player, videos } = playing({ seeks }, { seeks });
    player.rest(1);
    player.markEnd("a");
    player.rest(2);
    player.markEnd("b");
    await world.pass(2000);
    player.play();
    let rounds = 0;
    let last = 0;
    const before = videos[0].sought;
    await world.pass(12_000, () => {
      if (videos[0].time < last - 0.5) rounds += 1;
      last = videos[0].time;
      assert.ok(last > 0.9 && last < 2.2, `${last}`);
    });
    assert.ok(rounds >= 4, `${rounds} rounds`);
    assert.ok(videos[0].sought - before <= rounds + 2, "each round is one seek");
    assert.equal(player.active, true);
  });

test("an end of the A-B loop that is set goes with the next press, wherever the clips are", async () => {
  const { player } = playing({});
  player.rest(1);
  player.markEnd("a");
  player.rest(2);
  player.markEnd("b");
  player.rest(1.5);
  player.markEnd("a");
  assert.deepEqual([player.a, player.b], [null, 2]);
});

test("out of sight it waits, can be stopped, and goes on from where it was", async () => {
  const { world, player, videos } = playing({ seeks: 30 }, { seeks: 30 });
  player.play();
  await world.pass(1500);
  const at = player.at;
  const counts = () => videos.map(({ sought, plays }) => sought + plays).join();
  for (const video of videos) video.hidden = true;
  player.refresh();
  const before = counts();
  await world.pass(1000);
  assert.equal(player.state, "waiting");
  assert.equal(player.active, true, "a button can stop it");
  assert.ok(videos.every(({ paused }) => paused));
  assert.equal(counts(), before, "nothing is started again and again");
  assert.equal(player.at, at);
  assert.equal(player.duration, 6);
  for (const video of videos) video.hidden = false;
  player.refresh();
  await world.pass(500);
  assert.equal(player.state, "playing");
  assert.ok(player.at > at + 0.3 && player.at < at + 0.6, `${player.at} after ${at}`);
  for (const video of videos) video.hidden = true;
  player.refresh();
  player.toggle();
  assert.equal(player.state, "idle");
  assert.equal(world.timers.size, 0);
});

test("other clips take over where a view changes", async () => {
  const { world, player, videos } = playing({}, {});
  player.play();
  await world.pass(1000);
  for (const video of videos) video.hidden = true;
  player.refresh();
  await world.pass(300);
  const staged = world.video({ seeks: 120 });
  player.add(staged);
  await world.pass(500);
  assert.ok(!staged.paused && staged.time > 1.2 && staged.time < 1.6, `${staged.time}`);
});

test("a refusal to play is said, and leaves nothing half started", async () => {
  const { world, player, videos } = playing({ refuses: true }, {});
  player.rest(1);
  await world.pass(50);
  player.play();
  await world.pass(500);
  assert.equal(player.state, "blocked");
  assert.equal(player.active, false);
  assert.ok(videos.every(({ paused, plays }) => paused && plays === 1));
  videos[0].refuses = false;
  player.toggle();
  await world.pass(500);
  assert.equal(player.state, "playing");
  assert.ok(videos[0].time > 1.3, "from where it was");
});

test("a clip that comes while others play joins them and drags nobody", async () => {
  const { world, player, videos } = playing({}, {});
  player.play();
  await world.pass(1000);
  const late = world.video({ seeks: 450 });
  player.add(late);
  const sought = videos.map((video) => video.sought).join();
  let [before, most] = [player.at, 0];
  await world.pass(3000, () => {
    most = Math.max(most, before - player.at);
    before = player.at;
  });
  assert.equal(most, 0, "time does not go back");
  assert.ok(player.at > 3.8, "and does not stand still");
  assert.equal(videos.map((video) => video.sought).join(), sought);
  assert.ok(!late.paused && Math.abs(late.time - videos[0].time) < 0.05);
});

test("one that came is played in step by the button that says so", async () => {
  const { world, player, videos } = playing({});
  assert.equal(player.untouched, true);
  player.play();
  await world.pass(700);
  player.add(world.video());
  assert.equal(player.untouched, false);
  assert.equal(player.active, true);
  await world.pass(1500);
  const [one, two] = world.videos;
  assert.equal(one, videos[0]);
  assert.ok(!two.paused && Math.abs(one.time - two.time) < 0.05);
});

for (const which of [0, 1])
  test(`where clip ${which + 1} of two stalls, the other waits and is not sought`, async () => {
    const { world, player, videos, spread } = playing({ duration: 6 }, { duration: 5 });
    player.play();
    await world.pass(1000);
    const sought = videos.map((video) => video.sought).join();
    videos[which].readyState = 2;
    await world.pass(1200);
    assert.equal(player.state, "waiting");
    assert.ok(spread() < 0.25, `${spread()}`);
    videos[which].readyState = 4;
    videos[which].dispatchEvent(new Event("canplay"));
    await world.pass(1500);
    assert.equal(player.state, "playing");
    assert.ok(spread() < 0.04, `${spread()}`);
    assert.equal(videos.map((video) => video.sought).join(), sought, "nobody is dragged back");
  });

test("nobody waits for ever: one that stays away is left behind, and joins when it comes", async () => {
  const { world, player, videos, spread } = playing({ duration: 30 }, { duration: 30 });
  player.play();
  await world.pass(1000);
  videos[1].readyState = 2;
  await world.pass(5000);
  assert.equal(player.state, "playing");
  assert.ok(videos[0].time > 3);
  videos[1].readyState = 4;
  await world.pass(2000);
  assert.ok(spread() < 0.06 && !videos[1].paused, `${spread()}`);
});

test("a decoder that hangs without saying so is waited for, then left", async () => {
  const { world, player, videos } = playing({ duration: 30 }, { duration: 30 });
  player.play();
  await world.pass(1000);
  videos[0].speed = 0;
  await world.pass(700);
  assert.ok(videos[1].time < 1.6, "it waits");
  await world.pass(5000);
  assert.ok(videos[1].time > 3, "and goes on");
  videos[0].speed = 1;
  await world.pass(2000);
  assert.ok(Math.abs(videos[0].time - videos[1].time) < 0.06);
});

test("a clip that never ends its seek is left behind", async () => {
  const { world, player, videos } = playing({}, { seeks: 1e9 });
  player.rest(1);
  await world.pass(100);
  player.play();
  await world.pass(4000);
  assert.ok(videos[0].time > 2);
});

test("a clip that ends before its time holds its frame; the round ends as it should", async () => {
  const { world, player, videos } = playing({ endsAt: 4 }, { endsAt: 5.5 });
  player.setLoop(false);
  player.play();
  let back = 0;
  await world.pass(5900, () => {
    if (videos[0].time < 3 && player.at > 4.2) back += 1;
  });
  assert.equal(back, 0, "it does not begin anew while others play");
  assert.ok(player.active);
  await world.pass(300);
  assert.equal(player.state, "idle");
  player.setLoop(true);
  player.restart();
  await world.pass(6800);
  assert.ok(player.active && player.at > 0.3 && player.at < 1.2, `${player.at}`);
});

test("a clip that fails leaves the rest alone", async () => {
  const { world, player, videos } = playing({ duration: 10 }, {});
  player.play();
  await world.pass(1000);
  videos[0].fail();
  await world.pass(1000);
  assert.ok(videos[1].time > 1.8);
  assert.equal(player.state, "playing");
  videos[1].fail();
  await world.pass(200);
  assert.equal(player.state, "waiting");
});

test("a pause is on one frame, and the next play goes on from there", async () => {
  const { world, player, videos, spread } = playing({ startsAfter: 40 }, { seeks: 80 }, {});
  player.play();
  await world.pass(2200);
  player.pause();
  const at = player.at;
  await world.pass(300);
  assert.ok(spread() < 1e-9 && videos[0].time === at);
  player.play();
  await world.pass(400);
  assert.ok(player.at > at && player.at < at + 0.45);
});

test("a seek during a seek waits for its end: the last one counts", async () => {
  const { world, player, videos } = playing({ seeks: 200 });
  for (let frame = 0; frame < 20; frame += 1) player.step(1);
  assert.equal(videos[0].sought, 1);
  await world.pass(500);
  assert.equal(videos[0].sought, 2);
  assert.equal(Math.floor(videos[0].time * 24), 20);
  assert.equal(player.frame, 20);
});

test("a shift: clips start and end at their own times, and a gap between them passes", async () => {
  const { world, player, videos } = playing({ duration: 2 }, { duration: 2, shift: -3 });
  player.setLoop(false);
  player.play();
  await world.pass(2500);
  assert.ok(videos[1].paused && videos[1].time < 0.05);
  await world.pass(1500);
  assert.ok(!videos[1].paused && videos[1].time > 0.8, `${videos[1].time}`);
  await world.pass(1500);
  assert.equal(player.state, "idle");
});

test("the next player of the same board goes on: a language switch keeps the time", async () => {
  const world = new World();
  const kept = {};
  const first = new AbortController();
  const player = new Player(first.signal, kept, world.clock);
  player.add(world.video());
  player.setRate(0.5);
  player.play();
  await world.pass(2000);
  const at = player.at;
  first.abort();
  player.changed();
  const next = new Player(new AbortController().signal, kept, world.clock);
  const video = world.video({ seeks: 50 });
  await world.pass(200);
  next.add(video);
  await world.pass(400);
  assert.ok(!video.paused && video.time > at && video.time < at + 0.3, `${video.time} after ${at}`);
  assert.equal(video.playbackRate, 0.5);
  next.pause();
  await world.pass(100);
  assert.ok(kept.at > at && kept.active === false);
  const third = new Player(new AbortController().signal, kept, world.clock);
  const still = world.video();
  third.add(still);
  assert.equal(still.time, kept.at);
  assert.equal(third.state, "idle");
});

test("small differences are mended by the speed, in few changes", async () => {
  const { world, player, videos, spread } = playing({ startsAfter: 50 }, {}, {});
  player.play();
  await world.pass(3000);
  assert.ok(spread() < 0.012, `${spread()}`);
  assert.ok(videos[1].rates <= 8, `${videos[1].rates} changes`);
  assert.equal(player.tuning.useful, true);
});

test("where a change of the speed costs more than it gives, the speed is let be", async () => {
  const { world, player, videos, spread } = playing(
    { duration: 60, rateCost: 0.06, startsAfter: 50 },
    { duration: 60, rateCost: 0.06 },
    { duration: 60, rateCost: 0.06, startsAfter: 20 },
  );
  player.play();
  await world.pass(10_000);
  assert.equal(player.tuning.useful, false);
  const changes = videos.map(({ rates }) => rates).join();
  let worst = 0;
  await world.pass(10_000, () => {
    worst = Math.max(worst, spread());
  });
  assert.equal(videos.map(({ rates }) => rates).join(), changes);
  assert.ok(worst < 0.11, `${worst}`);
});

test("where a clock steps frame by frame, the speed is changed for what is real alone", async () => {
  const grain = 1 / 24;
  const { world, player, videos, spread } = playing(
    { duration: 60, grain, startsAfter: 50 },
    { duration: 60, grain, startsAfter: 13 },
    { duration: 60, grain },
  );
  player.play();
  await world.pass(4000);
  assert.ok(spread() < 0.02, `${spread()}`);
  const changes = () => videos.reduce((sum, { rates }) => sum + rates, 0);
  assert.ok(changes() <= 16, `${changes()} changes`);
  const before = changes();
  let worst = 0;
  await world.pass(8000, () => {
    worst = Math.max(worst, spread());
  });
  assert.ok(changes() - before <= 4, `${changes() - before} changes later`);
  assert.ok(worst < 0.02, `${worst}`);
});

test("a clip whose decoder never began is loaded again, and joins", async () => {
  const { world, player, videos, spread } = playing(
    { duration: 30 },
    { duration: 30, dead: true },
    { duration: 30 },
  );
  player.play();
  await world.pass(9000);
  assert.equal(videos[1].loads, 1);
  assert.ok(videos[0].time > 3 && !videos[1].paused, `${videos[0].time}`);
  assert.ok(spread() < 0.06, `${spread()}`);
});

test("a clip that a second load does not help is left alone", async () => {
  const { world, player, videos } = playing({ duration: 60 }, { duration: 60 });
  player.play();
  await world.pass(500);
  videos[1].speed = 0;
  await world.pass(30_000);
  assert.ok(videos[1].loads <= 2, `${videos[1].loads} loads`);
  assert.ok(videos[0].time > 15, `${videos[0].time}`);
});

test("browsers that never say they have enough are tried, and then believed", async () => {
  const { world, player, videos, spread } = playing(
    { duration: 30, coy: true },
    { duration: 30, coy: true, startsAfter: 30 },
  );
  player.play();
  await world.pass(6000);
  assert.equal(player.state, "playing");
  assert.ok(videos[0].time > 1 && spread() < 0.06, `${videos[0].time}, ${spread()}`);
  player.pause();
  player.play();
  const { time } = videos[0];
  await world.pass(1000);
  assert.ok(videos[0].time > time + 0.7, "without the wait this time");
});

test("a clip that plays by itself", async () => {
  const { world, player, videos } = playing({}, {});
  player.toggleAlone(videos[1]);
  await world.pass(500);
  assert.ok(videos[0].paused && !videos[1].paused && videos[1].loop);
  assert.equal(player.state, "idle");
  player.toggleAlone(videos[1]);
  assert.ok(videos[1].paused);
  player.play();
  await world.pass(500);
  assert.ok(!videos[0].paused && !videos[1].paused && !videos[1].loop);
  player.toggleAlone(videos[0]);
  assert.equal(player.state, "idle");
});
