/** A wall clock that is wrong, at a start or while the store runs, and what it must not do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { extensionOf } from '../../src/engine/commands/holds.ts';
import { MemoryDisk } from '../../src/log/memory/memory-disk.ts';
import { Harness, line, pause } from './support/harness.ts';
import { ManualTime } from './support/manual-time.ts';

const hour = 3_600_000;
const day = 24 * hour;
let epochs = 0;

/** A process that starts on a disk, as `openStore` starts one. */
async function start(disk: MemoryDisk, time: ManualTime, notices: string[] = []): Promise<Harness> {
  const harness = await Harness.open({ time, onNotice: (message) => notices.push(message) }, disk);
  epochs += 1;
  await harness.node.announceStart(epochs.toString(16).padStart(12, '0'));
  return harness;
}

/**
 * The node checks the clock twice a second by real time: lets time pass and waits for that check.
 */
async function settle(time: ManualTime, harness: Harness): Promise<void> {
  const { civil } = harness.node;
  const deadline = performance.now() + 20_000;
  while (Math.abs(civil.driftMs) > 1000) {
    if (performance.now() > deadline) throw new Error('civil time was not set');
    time.advance(31_000);
    await pause(600);
  }
}

async function code(harness: Harness, sale: number, key = ''): Promise<string> {
  return (await harness.order(sale, 1, key)).code;
}

describe('a start with a wall clock that is ahead', () => {
  test('a start with a wall clock that is ahead forgets no key: the store did not run in between', async () => {
    const [disk, time] = [new MemoryDisk(), new ManualTime()];
    let harness = await start(disk, time);
    const sale = await harness.sale(10);
    assert.equal(await code(harness, sale, 'key'), 'OK');
    await harness.close();
    time.jump(30 * day);
    for (let starts = 0; starts < 3; starts += 1) {
      harness = await start(disk, time);
      // More records than it takes to reclaim all keys that could be.
      for (let i = 0; i < 5; i += 1) await harness.hold(sale, 1, 1);
      const again = await harness.order(sale, 1, 'key');
      assert.deepEqual([again.code, again.replayed], ['OK', true]);
      await harness.close();
    }
    assert.equal(harness.sold(sale), 1);
  });

  test('keys are still forgotten after their retention, counted while the store runs', async () => {
    const [disk, time] = [new MemoryDisk(), new ManualTime()];
    const harness = await start(disk, time);
    const sale = await harness.sale(10);
    assert.equal(await code(harness, sale, 'key'), 'OK');
    time.advance(hour + 2000);
    await harness.hold(sale, 1, 1);
    assert.equal((await harness.order(sale, 1, 'key')).replayed, false);
    await harness.close();
  });
});

describe('a wall clock that is set while the store runs', () => {
  test('a wall clock set ahead moves the opening of a sale and ends no hold', async () => {
    const [disk, time, notices] = [new MemoryDisk(), new ManualTime(), [] as string[]];
    const harness = await start(disk, time, notices);
    const opensAtMs = time.wallMs() + 2 * hour;
    const sale = await harness.sale(10, { opensAtMs });
    const held = await harness.sale(10);
    await harness.hold(held, 1, 10 * 60_000);
    // The clock was an hour and a half behind, and is put right: noon is in half an hour, not in
    // two.
    time.jump(1.5 * hour);
    await settle(time, harness);
    assert.equal(harness.held(held), 1);
    assert.equal(await code(harness, sale), 'NOT_OPEN');
    assert.match(notices.join(), /set by 5400\.0 s/);
    time.advance(opensAtMs - time.wallMs());
    assert.equal(await code(harness, sale), 'OK');
    await harness.close();
  });

  test('a sale that has opened stays open, and none opens early after the clock is corrected', async () => {
    const [disk, time] = [new MemoryDisk(), new ManualTime()];
    time.jump(day);
    let harness = await start(disk, time);
    const opened = await harness.sale(10, { opensAtMs: time.wallMs() - hour });
    const tomorrow = await harness.sale(10, { opensAtMs: time.wallMs() + hour });
    assert.equal(await code(harness, opened), 'OK');
    // The clock had been a day ahead.
    time.jump(-day);
    await settle(time, harness);
    assert.equal(await code(harness, opened), 'OK');
    assert.equal(await code(harness, tomorrow), 'NOT_OPEN');
    time.advance(2 * hour);
    assert.equal(await code(harness, tomorrow), 'NOT_OPEN');
    await harness.close();
    harness = await start(disk, time);
    assert.equal(await code(harness, tomorrow), 'NOT_OPEN');
    time.advance(day);
    assert.equal(await code(harness, tomorrow), 'OK');
    await harness.close();
  });

  test('a sale closes by its date, and is open again when that date is in the future again', async () => {
    const [disk, time] = [new MemoryDisk(), new ManualTime()];
    const harness = await start(disk, time);
    const closesAtMs = time.wallMs() + hour;
    const sale = await harness.sale(10, { closesAtMs });
    time.jump(2 * hour);
    await settle(time, harness);
    assert.equal(await code(harness, sale), 'CLOSED');
    time.jump(-2 * hour);
    await settle(time, harness);
    assert.equal(await code(harness, sale), 'OK');
    time.advance(closesAtMs - time.wallMs());
    assert.equal(await code(harness, sale), 'CLOSED');
    await harness.close();
  });

  test('new things have the dates of their time, and a hold is extended to the requested date', async () => {
    const [disk, time] = [new MemoryDisk(), new ManualTime()];
    const harness = await start(disk, time);
    const sale = await harness.sale(10);
    time.jump(hour);
    await settle(time, harness);
    const { thing } = await harness.hold(sale, 1, 60_000);
    const { state } = harness.node.engine;
    assert.equal(state.holds.createdAtMs.get(thing), Math.floor(time.wallMs()));
    const extend = new Command().reset(kinds.extend);
    extend.target = thing;
    extensionOf(extend).untilMs = time.wallMs() + 300_000;
    extend.setKey(scopes.hold, thing, 'extend');
    const shown = await harness.node.submit(
      extend,
      ({ remaining, position }) => state.civilDeadlineAfterMs(thing, remaining, position),
      undefined,
    );
    assert.equal(shown, time.wallMs() + 300_000);
    assert.equal(state.civilDeadlineMs(thing), shown);
    const first = extensionOf(extend).untilMs;
    time.jump(-hour);
    await settle(time, harness);
    // Read later it is another date for the same moment; the first answer stays what it was.
    assert.equal(state.civilDeadlineMs(thing), first - hour);
    const again = await harness.node.submit(
      extend,
      ({ remaining, position }) => state.civilDeadlineAfterMs(thing, remaining, position),
      undefined,
    );
    assert.equal(again, shown);
    await harness.close();
  });
});

describe('a start with a wall clock that was set back', () => {
  test('deadlines go on after a start with a clock set back, and dates follow it at once', async () => {
    const [disk, time, notices] = [new MemoryDisk(), new ManualTime(), [] as string[]];
    time.jump(day);
    let harness = await start(disk, time);
    const sale = await harness.sale(10);
    await harness.hold(sale, 1, 60_000);
    const tomorrow = await harness.sale(10, { opensAtMs: time.wallMs() + 1000 });
    await harness.close();
    time.jump(-day);
    time.advance(5000);
    harness = await start(disk, time, notices);
    assert.match(notices.join(), /set back/);
    assert.ok(Math.abs(harness.node.civil.driftMs) < 1);
    assert.equal(harness.held(sale), 1);
    assert.equal(await code(harness, tomorrow), 'NOT_OPEN');
    time.advance(61_000);
    await harness.order(sale, 1);
    assert.equal(harness.held(sale), 0);
    await harness.close();
  });
});

test('a request in the turn of a tick has the present time, even right after a start', async () => {
  const [disk, time] = [new MemoryDisk(), new ManualTime()];
  let harness = await Harness.open({ time }, disk);
  const sale = await harness.sale(1);
  await harness.hold(sale, 1, 1000);
  await harness.close();
  time.advance(500);
  harness = await Harness.open({ time, maxWaitMs: 300 }, disk);
  // Nothing was asked yet: only the tick has scheduled a turn when the order comes.
  time.advance(600);
  const { node } = harness;
  (node as unknown as { duties: { onTime(): void } }).duties.onTime();
  const told = await harness.submit(line(kinds.order, sale, 1, ''));
  assert.equal(told.code, 'OK');
  await harness.close();
});
