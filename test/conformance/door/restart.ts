/**
 * What was answered is there after the end of the process, orderly or not, with the tokens that
 * strangers got.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { withDataFolder } from '../../http/support/child.ts';
import type { Asker } from './store.ts';
import type { DoorTable } from './table.ts';
import {
  asOperator,
  assertRefused,
  assertRepeats,
  done,
  freshKey,
  isReplay,
  left,
  send,
  stocked,
  take,
  taken,
  withChild,
} from './store.ts';

const buyers = 300;
const units = 100;

export function restartOf(table: DoorTable): void {
  const { says } = table;

  describe('a store', () => {
    test('a store that is killed, or stopped under load, opens again as it was: stock, keys, first answers', () =>
      withDataFolder(async (folder) => {
        const kept = (buyer: number): string => `kept ${buyer}`;
        const last = (buyer: number): string => `last ${buyer}`;
        const first: Answer[] = [];
        const check = async (store: Asker): Promise<void> => {
          const before = await left(store, table);
          for (const [buyer, answer] of first.entries()) {
            assertRepeats(await take(store, table, buyer, kept(buyer)), answer);
          }
          const operator = asOperator(store);
          for (const other of table.others) {
            assertRefused(table, await send(operator, other, kept(0)), says.keyReused);
          }
          assert.equal(await left(store, table), before);
        };
        await withChild(table, folder, async (store) => {
          await stocked(store, table, units);
          const asked = Array.from({ length: 20 }, (_, buyer) => take(store, table, buyer, kept(buyer)));
          first.push(...(await Promise.all(asked)));
          assert.equal(await store.kill('SIGKILL'), 'SIGKILL');
        });
        const told = await withChild(table, folder, async (store) => {
          assert.equal(await left(store, table), units - 20);
          await check(store);
          const startedMs = performance.now();
          const asked = Array.from({ length: 50 }, (_, i) => take(store, table, i, last(i)).catch(() => null));
          const [ended, ...answers] = await Promise.all([store.kill('SIGTERM'), ...asked]);
          assert.equal(ended, 0);
          // Connections that are kept alive do not hold it up.
          assert.ok(performance.now() - startedMs < 4000, 'it took its time to end');
          return answers;
        });
        // What was in flight was answered first.
        for (const answer of told) assert.ok(answer === null || [table.taken, 503].includes(answer.status));
        const yes = told.filter((answer) => answer?.status === table.taken).length;
        await withChild(table, folder, async (store) => {
          const took = units - 20 - (await left(store, table));
          assert.ok(took >= yes, `${took} taken, ${yes} told so`);
          await check(store);
          for (const [buyer, answer] of told.entries()) {
            if (answer?.status === table.taken) assertRepeats(await take(store, table, buyer, last(buyer)), answer);
          }
          assert.equal(await left(store, table), units - 20 - took);
          if (table.cancel !== undefined) {
            await done(send(asOperator(store), table.cancel.ask(first[0]!), freshKey()));
            assert.equal(await left(store, table), units - 20 - took + 1);
            await check(store);
          }
          const next = await taken(store, table, 7);
          assert.ok(first.every((answer) => table.tellsApart(answer) !== table.tellsApart(next)));
        });
      }));

    test('a store that is killed in a rush keeps its answers; each key tells, and nothing is oversold', () =>
      withDataFolder(async (folder) => {
        const before = new Map<number, Answer>();
        let yes = 0;
        const key = (buyer: number): string => `rush ${buyer}`;
        const everyone = Array.from({ length: buyers }, (_, i) => i);
        await withChild(table, folder, async (store) => {
          await stocked(store, table, units);
          const rush = everyone.map(async (buyer) => {
            const answer = await take(store, table, buyer, key(buyer));
            before.set(buyer, answer);
            if (answer.status === table.taken) yes += 1;
            if (yes === 40) void store.kill('SIGKILL');
          });
          await Promise.allSettled(rush);
          await store.ended;
        });
        assert.ok(yes >= 40, `${yes} were told that they have one`);
        await withChild(table, folder, async (store) => {
          const took = units - (await left(store, table));
          assert.ok(took >= yes, `${took} taken, ${yes} told so`);
          const answers = await Promise.all(everyone.map((buyer) => take(store, table, buyer, key(buyer))));
          const got = answers.filter(({ status }) => status === table.taken);
          assert.equal(got.length, units);
          assert.equal(got.filter(isReplay).length, took);
          for (const answer of answers) if (answer.status !== table.taken) assertRefused(table, answer, says.soldOut);
          for (const [buyer, first] of before) {
            if (first.status === table.taken) assert.equal(answers[buyer]!.text, first.text);
          }
          assert.equal(await left(store, table), 0);
        });
      }));
  });
}
