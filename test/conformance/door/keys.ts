/** A key stands for one request and its effect: a retry gets the first answer. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { Ask, DoorTable } from './table.ts';
import type { Asker } from './store.ts';
import {
  assertRefused,
  assertRepeats,
  done,
  freshKey,
  guarded,
  isReplay,
  left,
  restocked,
  send,
  take,
  taken,
  tally,
  withUnits,
} from './store.ts';

/** Each the same key, bare and in quotes. */
const spellings = [
  ['plain', '"plain"'],
  ['with "quotes"', '"with \\"quotes\\""'],
  ['back\\slash', '"back\\\\slash"'],
] as const;
const malformed = ['k'.repeat(256), `"${'k'.repeat(256)}"`, '"open', '"', '"a"b"', '"a\\x"', '"a";p=1', 'a\tb', 'a, b'];
const empty = ['', '""'];

export function keysOf(table: DoorTable): void {
  const { says } = table;
  const keyed: readonly (readonly [Ask, DoorTable['key']])[] = [[table.take(0), table.key], ...table.keyed];

  /** Takes one of two: the first hold or order is there, as calls that go on with it need. */
  async function begun(store: Asker): Promise<void> {
    await done(send(store, (table.hold?.place ?? table.take)(0), freshKey()));
  }

  describe('a key', () => {
    test('a retry with a key gets its first answer, byte for byte, after any later changes', () =>
      withUnits(table, 5, async (store) => {
        const first = await taken(store, table, 0, 'first');
        assertRepeats(await take(store, table, 0, 'first'), first);
        for (let buyer = 1; buyer < 5; buyer += 1) await taken(store, table, buyer);
        assertRepeats(await take(store, table, 0, 'first'), first, 'after it was sold out');
        if (table.cancel !== undefined) {
          await done(send(store, table.cancel.ask(first), freshKey()));
          assertRepeats(await take(store, table, 0, 'first'), first, 'after it was given back');
        }
        await restocked(store, table, 7);
        const before = await left(store, table);
        assertRepeats(await take(store, table, 0, 'first'), first, 'after more came');
        assert.equal(await left(store, table), before);
      }));

    test("a stranger's retry gets the token of the first answer again, if it had one", () =>
      withUnits(
        table,
        5,
        async (store) => {
          const first = await taken(store, table, 0, 'mine');
          assertRepeats(await take(store, table, 0, 'mine'), first);
          assert.equal('token' in first.body, table.tokens === true);
          assert.equal(await left(store, table), 4);
        },
        { environment: guarded },
      ));

    test('a bare key and the same quoted key are one', () =>
      withUnits(table, 5, async (store) => {
        for (const [bare, quoted] of spellings) {
          const first = await taken(store, table, 0, bare);
          assertRepeats(await take(store, table, 0, quoted), first, bare);
        }
        assert.equal(await left(store, table), 5 - spellings.length);
      }));

    test('a key of any bytes that a header can carry differs from all others', () =>
      withUnits(table, 5, async (store) => {
        for (const key of ['\u00e4', '\u00e5', '\u00ff', 'k'.repeat(255), 'K'.repeat(255)]) {
          await taken(store, table, 0, key);
        }
        assert.equal(await left(store, table), 0);
      }));

    test('a key used for another request is refused, nothing is done, and the first one stands', () =>
      withUnits(table, 5, async (store) => {
        const first = await taken(store, table, 0, 'used');
        const before = await left(store, table);
        for (const other of table.others) {
          assertRefused(table, await send(store, other, 'used'), says.keyReused, JSON.stringify(other));
        }
        assert.equal(await left(store, table), before);
        assertRepeats(await take(store, table, 0, 'used'), first);
      }));

    test('a key sent many times at once has one effect and one answer', () =>
      withUnits(table, 20, async (store) => {
        for (let round = 1; round <= 10; round += 1) {
          const key = freshKey();
          const answers = await Promise.all(Array.from({ length: 5 }, () => take(store, table, 0, key)));
          assert.deepEqual(tally(answers), { [table.taken]: 5 });
          assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
          assert.equal(answers.filter(isReplay).length, 4);
          assert.equal(await left(store, table), 20 - round);
        }
      }));

    test('a key sent at once with two meanings has the effect of one; the other is refused', () =>
      withUnits(table, 40, async (store) => {
        const [other] = table.others;
        assert.ok(other !== undefined);
        for (let round = 0; round < 5; round += 1) {
          const key = freshKey();
          const answers: Answer[] = await Promise.all([take(store, table, 0, key), send(store, other, key)]);
          const refused = answers.filter(({ status }) => status >= 300);
          assert.equal(refused.length, 1, JSON.stringify(tally(answers)));
          assertRefused(table, refused[0]!, says.keyReused);
        }
      }));

    test('a key is not spent by a refusal', () =>
      withUnits(
        table,
        1,
        async (store) => {
          await taken(store, table, 0);
          for (let again = 0; again < 2; again += 1) {
            assertRefused(table, await take(store, table, 1, 'hopeful'), says.soldOut);
          }
          const { relief } = table;
          if ('passSeconds' in relief) await store.advance(relief.passSeconds * 1000);
          else for (const ask of relief) await done(send(store, ask));
          await taken(store, table, 1, 'hopeful');
        },
        { manualTime: true },
      ));

    test('a key that is malformed is refused by every call that takes one, before its body is read', () =>
      withUnits(table, 2, async (store) => {
        await begun(store);
        for (const [ask, needs] of keyed) {
          for (const key of malformed) {
            assertRefused(table, await send(store, ask, key), says.malformedKey, `${ask.path} ${key}`);
          }
          if (needs !== 'required') continue;
          const headers = { 'Idempotency-Key': malformed[0]! };
          for (const body of ['{', '[]', '']) {
            assertRefused(table, await store.ask(ask.method, ask.path, { body, headers }), says.malformedKey);
          }
        }
        assert.equal(await left(store, table), 1);
      }));

    test('a key that is empty, or missing where it is needed, is refused', () =>
      withUnits(table, 2, async (store) => {
        await begun(store);
        for (const [ask, needs] of keyed) {
          const refusal = needs === 'required' ? says.missingKey : says.emptyKey;
          assert.ok(refusal !== undefined);
          for (const key of empty) assertRefused(table, await send(store, ask, key), refusal, `${ask.path} ${key}`);
          if (needs !== 'required') continue;
          for (const body of ['{"quantity":1}', '{"quantity":0}', '{', '', '[]', 'x'.repeat(70_000)]) {
            assertRefused(table, await store.ask(ask.method, ask.path, { body }), refusal, ask.path);
          }
        }
        assert.equal(await left(store, table), 1);
      }));

    if (table.key === 'optional') {
      test('a key is optional: two requests without one are two', () =>
        withUnits(table, 3, async (store) => {
          const answers = [await take(store, table, 0, null), await take(store, table, 0, null)];
          assert.deepEqual(tally(answers), { [table.taken]: 2 });
          assert.equal(answers.some(isReplay), false);
          assert.equal(await left(store, table), 1);
        }));
    }
  });

  test('a store that keeps no more keys refuses new ones, repeats the old, and takes up again when they are over', () =>
    withUnits(
      table,
      9,
      async (store) => {
        const first = await taken(store, table, 0, 'one');
        await taken(store, table, 1, 'two');
        assertRefused(table, await take(store, table, 2, 'three'), says.keysFull);
        assertRepeats(await take(store, table, 0, 'one'), first);
        for (const [ask, needs] of keyed) {
          // What needs no key is served.
          if (needs === 'optional') assert.notEqual((await send(store, ask)).status, 503, ask.path);
        }
        // What was set aside ends first, and its keys are kept for a while after that.
        for (let day = 0; day < 2; day += 1) await store.advance(24 * 3600 * 1000);
        await taken(store, table, 2, 'three');
      },
      { args: ['--max-keys', '2'], manualTime: true },
    ));
}
