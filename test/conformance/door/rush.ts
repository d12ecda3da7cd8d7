/** Many at once for few: no unit goes to two, and what is left is true for every reader. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { DoorTable } from './table.ts';
import type { Asker } from './store.ts';
import {
  assertRefused,
  done,
  freshKey,
  left,
  send,
  stocked,
  take,
  taken,
  tally,
  withBoth,
  withUnits,
} from './store.ts';

/** Of answers to the same thing, one says yes and all others this. */
function assertOneOf(
  table: DoorTable,
  answers: readonly Answer[],
  yes: number,
  refusal: readonly [number, string | RegExp],
): void {
  const refused = answers.filter(({ status }) => status !== yes);
  assert.equal(refused.length, answers.length - 1, JSON.stringify(tally(answers)));
  for (const answer of refused) assertRefused(table, answer, refusal);
}

export function rushOf(table: DoorTable): void {
  const { says, hold, cancel } = table;
  const keyFor = (): string | null => (table.key === 'required' ? freshKey() : null);

  describe('a rush', () => {
    test('of three hundred for a hundred units ends with a hundred takers, each of something else', () =>
      withUnits(table, 100, async (store) => {
        const answers = await Promise.all(Array.from({ length: 300 }, (_, buyer) => take(store, table, buyer)));
        const got = answers.filter(({ status }) => status === table.taken);
        assert.equal(got.length, 100);
        assert.equal(new Set(got.map(table.tellsApart)).size, 100);
        for (const answer of answers) if (answer.status !== table.taken) assertRefused(table, answer, says.soldOut);
        assert.equal(await left(store, table), 0);
      }));

    test('without keys, or each with its own, sells the last unit once', () =>
      withUnits(table, 1, async (store) => {
        const answers = await Promise.all(
          Array.from({ length: 30 }, (_, buyer) => take(store, table, buyer, keyFor())),
        );
        assertOneOf(table, answers, table.taken, says.soldOut);
      }));

    test('is seen alike by all who look: what is left never rises, and is never what was not', () =>
      withUnits(table, 60, async (store) => {
        let over = false;
        const look = async (reader: Asker): Promise<number[]> => {
          const seen: number[] = [];
          while (!over) seen.push(await left(reader, table));
          seen.push(await left(reader, table));
          return seen;
        };
        const readers = Array.from({ length: 4 }, () => look(store));
        const buyers = Array.from({ length: 10 }, async (_, buyer) => {
          for (let i = 0; i < 9; i += 1) {
            const [answer] = await Promise.all([take(store, table, buyer), left(store, table)]);
            // After a success, the client finds its unit gone from what is left.
            if (answer.status === table.taken) assert.ok((await left(store, table)) < 60);
          }
        });
        await Promise.all(buyers);
        over = true;
        for (const seen of await Promise.all(readers)) {
          assert.ok(
            seen.every((count, i) => count >= 0 && count <= (seen[i - 1] ?? 60)),
            seen.join(),
          );
          assert.equal(seen.at(-1), 0);
        }
      }));

    if (table.isNative !== true) {
      test('is seen alike through the native API, read in between', () =>
        withBoth(table, async (store, native) => {
          await stocked(store, table, 60);
          const available = async (): Promise<number> =>
            Number((await native.ask('GET', '/v1/sales/sale_0_1')).body['available']);
          let over = false;
          const looks = async (): Promise<number> => {
            for (let count = 0; ; count += 1) {
              const [before, own, after] = [await available(), await left(store, table), await available()];
              assert.ok(before >= own && own >= after, `${before} ${own} ${after}`);
              if (over) return count;
            }
          };
          const readers = [looks(), looks()];
          // Ten at a time, so there is something to see in between.
          const crowd = Array.from({ length: 10 }, async (_, buyer) => {
            const got: Answer[] = [];
            for (let i = 0; i < 9; i += 1) got.push(await take(store, table, buyer));
            return got;
          });
          const answers = (await Promise.all(crowd)).flat();
          over = true;
          assert.ok((await Promise.all(readers)).every((count) => count > 0));
          assert.equal(answers.filter(({ status }) => status === table.taken).length, 60);
          assert.deepEqual([await left(store, table), await available()], [0, 0]);
        }));
    }
  });

  if (hold !== undefined) {
    const place = async (store: Asker, buyer: number): Promise<Answer> => {
      const placed = await send(store, (hold.place ?? table.take)(buyer), keyFor());
      assert.equal(placed.status, hold.placed, placed.text);
      return placed;
    };

    describe('what is set aside', () => {
      test('a hold is bought once, by any number of concurrent requests, with keys or without', () =>
        withUnits(table, 9, async (store) => {
          const same = hold.confirm(await place(store, 0), 0);
          const answers = await Promise.all(Array.from({ length: 50 }, () => send(store, same, keyFor())));
          assertOneOf(table, answers, hold.confirmed, hold.confirmedAlready);
          const keyed = hold.confirm(await place(store, 1), 1);
          const joined = await Promise.all(Array.from({ length: 5 }, () => send(store, keyed, 'once')));
          assert.deepEqual(tally(joined), { [hold.confirmed]: 5 });
          assert.equal(new Set(joined.map(({ text }) => text)).size, 1);
          assert.equal(await left(store, table), 7);
        }));

      test('a hold comes back at its deadline, and cannot be bought after that', () =>
        withUnits(
          table,
          20,
          async (store) => {
            const placed: Answer[] = [];
            for (let buyer = 0; buyer < 20; buyer += 1) placed.push(await place(store, buyer));
            assert.equal(await left(store, table), 0);
            assertRefused(table, await send(store, (hold.place ?? table.take)(20), keyFor()), says.soldOut);
            // Only the clock has moved: the late request itself expires the hold.
            store.time.advance(hold.seconds * 1000);
            const late = placed.flatMap((answer, buyer) =>
              [0, 1].map(() => send(store, hold.confirm(answer, buyer), keyFor())),
            );
            for (const answer of await Promise.all(late)) assertRefused(table, answer, hold.expired);
            assert.equal(await left(store, table), 20);
          },
          { manualTime: true },
        ));
    });
  }

  if (cancel !== undefined) {
    test('what is given back comes back once, however many ask at once, and is taken again', () =>
      withUnits(table, 5, async (store) => {
        const bought = await taken(store, table, 0);
        for (let buyer = 1; buyer < 5; buyer += 1) await taken(store, table, buyer);
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => send(store, cancel.ask(bought), freshKey())),
        );
        assertOneOf(table, answers, cancel.cancelled, cancel.cancelledAlready);
        assert.equal(await left(store, table), 1);
        const again = await done(take(store, table, 5));
        assert.notEqual(table.tellsApart(again), table.tellsApart(bought));
        assert.equal(await left(store, table), 0);
      }));
  }
}
