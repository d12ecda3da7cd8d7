/** Settling a stopped folder by hand, and a store that settles by itself. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bookAll, bookOn } from '../../src/cli/bookings.ts';
import { openStopped } from '../../src/cli/opened.ts';
import { settlementIn } from '../../src/cli/settle.ts';
import { Settler } from '../../src/cli/settler.ts';
import { rate } from '../../src/rating/rate.ts';
import { reckon } from '../../src/rating/settle.ts';
import { withFolder } from '../log/support/folders.ts';
import { City, dayMs, hour, stations } from '../rating/city.ts';
import { runRefused, runSound } from './import/support.ts';

const { a, b } = stations;
/** A day that is closed by now. */
const day = Math.floor(Date.now() / dayMs) - 5;
const beginMs = day * dayMs;

/** A folder with a day on which the exits of some cards came before their entries. */
function withCity(use: (data: string) => Promise<void>, cards = 1): Promise<void> {
  return withFolder(async (folder) => {
    const city = new City({}, { cards, beginMs });
    for (let card = 0; card < cards; card += 1) city.tap({ card, at: beginMs + 9 * hour, station: b, out: true });
    for (let card = 0; card < cards; card += 1) {
      city.tap({ card, at: beginMs + 8 * hour, station: a, decided: 'opened' });
    }
    const data = path.join(folder, 'data');
    await city.writeTo(data);
    await use(data);
  });
}

async function paid(folder: string, card = 0): Promise<number> {
  return (await rate({ folder, from: day, to: day, tariff: null })).of(card, day).booked;
}

describe('a stopped folder', () => {
  test('is settled once, and says what was booked', () =>
    withCity(async (data) => {
      assert.equal(await runSound(['settle', '--list', '--data', data]), '', 'its day is not closed in the log yet');
      assert.equal(
        await runSound(['settle', '--data', data]),
        'settled one day of a card: 590 given back, 0 charged, minor units\n',
      );
      assert.equal(await paid(data), 310);
      assert.equal(await runSound(['settle', '--data', data]), 'nothing to settle\n');
      assert.equal(await runSound(['settle', '--list', '--data', data]), '');
      assert.equal(await paid(data), 310);
    }));

  test('is refused while a server holds it, which says what is left all the same', () =>
    withCity(async (data) => {
      const store = await openStopped(data);
      try {
        assert.match(
          (await runRefused(['settle', '--data', data]))[0]!,
          /a server holds .* settles its days by itself/,
        );
        while (store.node.engine.state.days.closing !== null || (store.node.engine.state.days.closed ?? 0) < day) {
          await pause(20);
        }
        const said = await runSound(['settle', '--list', '--data', data]);
        const { upTo, ...settlement } = settlementIn(said.trim());
        assert.deepEqual(settlement, { card: 0, day, amount: 590, replaces: 900, run: 0 });
        assert.ok(upTo >= store.node.engine.position - 2);
      } finally {
        await store.close();
      }
    }));

  test('that has no store is said to have none', () =>
    withFolder(async (folder) => {
      assert.match((await runRefused(['settle', '--data', folder]))[0]!, /has no store in it/);
      assert.match((await runRefused(['settle', '--all', '--data', folder]))[0]!, /the flags are --data, --list/);
    }));

  test('bookings that were cut short go on, and none is booked twice', () =>
    withCity(async (data) => {
      const first = await openStopped(data);
      while ((first.node.engine.state.days.closed ?? 0) < day) await pause(20);
      const { settlements, position } = await reckon({ folder: data });
      assert.equal(settlements.length, 5);
      for (const settlement of settlements.slice(0, 2)) {
        assert.equal(await bookOn(first.node)(settlement, position), 'booked');
      }
      await first.close();
      assert.match(await runSound(['settle', '--data', data]), /^settled 3 days of cards: 1770 given back/);
      for (let card = 0; card < 5; card += 1) assert.equal(await paid(data, card), 310);
    }, 5));

  test('a tap that comes between reckoning and booking moves its day, and no other', () =>
    withCity(async (data) => {
      const store = await openStopped(data);
      try {
        const { node } = store;
        while ((node.engine.state.days.closed ?? 0) < day) await pause(20);
        const { settlements, position } = await reckon({ folder: data });
        const tally = await bookAll(settlements.slice(0, 1), position, bookOn(node));
        assert.deepEqual([tally.booked, tally.given], [1, 590]);
        const again = await bookAll(settlements, position, bookOn(node));
        assert.deepEqual([again.booked, again.already], [1, 1]);
      } finally {
        await store.close();
      }
    }, 2));
});

describe('a store that serves', () => {
  test('settles by itself, and leaves alone what it has settled', () =>
    withCity(async (data) => {
      const store = await openStopped(data);
      const logged: object[] = [];
      const note = (fields: object): number => logged.push(fields);
      const settler = new Settler({
        node: store.node,
        dataFolder: data,
        logger: { info: note, warn: note },
        everyMs: 20,
      });
      try {
        const { state } = store.node.engine;
        const untilMs = performance.now() + 60_000;
        while (state.dayNotes.owed > 0 && performance.now() < untilMs) await pause(20);
        assert.equal(state.dayNotes.owed, 0, JSON.stringify(logged));
        const { position } = store.node.engine;
        await pause(300);
        assert.equal(store.node.engine.position, position, 'nothing is booked again');
        assert.equal(state.cards.totals.adjusted, 590);
      } finally {
        settler.stop();
        await store.close();
      }
      assert.equal(await paid(data), 310);
    }));

  test('goes on serving when the settling process fails, and says why', () =>
    withCity(async (data) => {
      const store = await openStopped(data);
      const said: unknown[] = [];
      const warn = (fields: object): number => said.push(fields);
      const logger = { info: warn, warn };
      const command = [process.execPath, '-e', 'console.error("no room"); process.exit(1)'];
      const settler = new Settler({ node: store.node, dataFolder: data, logger, everyMs: 60_000, command });
      try {
        while ((store.node.engine.state.days.closed ?? 0) < day) await pause(20);
        await settler.look();
        assert.deepEqual(said, [{ reason: 'no room' }]);
        await settler.look();
        assert.equal(said.length, 1, 'it rests');
        assert.ok(store.node.isServing);
      } finally {
        settler.stop();
        await store.close();
      }
    }));
});

test('a line that no settling process writes is refused', () => {
  assert.throws(() => settlementIn('[1,2]'), /says something else/);
  assert.throws(() => settlementIn('[1,2,3,4,5,"6"]'), /says something else/);
  assert.equal(settlementIn('[1,2,-3,4,0,6]').amount, -3);
});
