/** What a door tells while the log has no room, is slow, or says nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { withDataFolder } from '../../http/support/child.ts';
import { withStore } from '../../http/support/store.ts';
import type { Asker } from './store.ts';
import type { DoorTable } from './table.ts';
import {
  assertRefused,
  assertRepeats,
  FaultyLog,
  isReplay,
  left,
  stocked,
  take,
  taken,
  tally,
  withUnits,
} from './store.ts';

async function untilReady(store: Asker): Promise<void> {
  const untilMs = performance.now() + 10_000;
  while ((await store.ask('GET', '/readyz')).status !== 200) {
    assert.ok(performance.now() < untilMs, 'the store did not take up again');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function faultsOf(table: DoorTable): void {
  const { says } = table;

  describe('a log', () => {
    test('a log without room refuses writes and still answers reads and replays; with room, the same key succeeds', () => {
      const log = new FaultyLog();
      return withUnits(
        table,
        2,
        async (store) => {
          const first = await taken(store, table, 0, 'first');
          log.isFull = true;
          const refused = await Promise.all([1, 2, 3].map(() => take(store, table, 1, 'second')));
          for (const answer of refused) assertRefused(table, answer, says.noRoom);
          assertRefused(table, await take(store, table, 1, 'second'), says.noRoom);
          assertRepeats(await take(store, table, 0, 'first'), first);
          assert.equal(await left(store, table), 1);
          log.isFull = false;
          await untilReady(store);
          await taken(store, table, 1, 'second');
          assertRefused(table, await take(store, table, 2), says.soldOut);
          // Reads that do not need the log are answered while it is full.
          log.isFull = true;
          assertRefused(table, await take(store, table, 2), says.soldOut);
          log.isFull = false;
          await untilReady(store);
        },
        { store: { wrapLog: log.wrap } },
      );
    });

    test('a log that is slow keeps answers back, shows nothing that is not written, and lets one key join another', () => {
      const log = new FaultyLog();
      return withUnits(
        table,
        3,
        async (store) => {
          let open!: () => void;
          log.gate = new Promise((resolve) => (open = resolve));
          let answered = 0;
          const asked = [take(store, table, 0, 'slow'), take(store, table, 1, 'other'), take(store, table, 0, 'slow')];
          for (const one of asked) void one.then(() => (answered += 1));
          for (let look = 0; look < 5; look += 1) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            assert.equal(await left(store, table), 3);
          }
          const late = take(store, table, 0, 'slow');
          await new Promise((resolve) => setTimeout(resolve, 20));
          assert.equal(answered, 0);
          open();
          const [one, other, ...again] = await Promise.all([...asked, late]);
          assert.ok(one !== undefined && other !== undefined && again.length === 2);
          assert.deepEqual(tally([one, other, ...again]), { [table.taken]: 4 });
          assert.deepEqual(
            again.map(({ text }) => text),
            [one.text, one.text],
          );
          assert.equal([one, ...again].filter(isReplay).length, 2);
          assert.equal(await left(store, table), 1);
        },
        { store: { wrapLog: log.wrap } },
      );
    });

    for (const loss of ['everything', 'nothing'] as const) {
      test(`a log whose disk fails leaves the answer unknown; after a restart the key tells it (${loss} was lost)`, () =>
        withDataFolder(async (folder) => {
          const disk = new MemoryDisk();
          const options = {
            args: [...table.args, '--log', 'file', '--data', folder, '--sql', 'none'],
            store: { disk },
          };
          await withStore(options, async (store) => {
            await stocked(store, table, 2);
            disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
            const asked = await Promise.all([take(store, table, 0, 'unknown'), take(store, table, 0, 'unknown')]);
            for (const answer of asked) assertRefused(table, answer, says.unknownResult);
            disk.onOperation = null;
            // The process has to end: until then, nothing new is taken and what is left is as it
            // was.
            assert.equal((await take(store, table, 1)).status, 503);
            assert.equal(await left(store, table), 2);
          });
          disk.cutPower();
          disk.restart(loss);
          await withStore(options, async (store) => {
            const told = await take(store, table, 0, 'unknown');
            assert.equal(told.status, table.taken);
            assert.equal(isReplay(told), loss === 'nothing');
            assert.equal(await left(store, table), 1);
            assertRepeats(await take(store, table, 0, 'unknown'), told);
            await taken(store, table, 1);
          });
        }));
    }
  });
}
