/** /v1/denylist: the cards that no gate lets in, whole and by what changed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import type { TestStore } from '../../http/support/store.ts';
import { assertProblem } from '../v1/support.ts';
import { atNoon, euros, makeCard, makeCity } from './support.ts';

interface Item {
  readonly card: string;
  readonly number: number;
  readonly change: number;
  readonly reason: string | null;
}

interface Part {
  readonly items: readonly Item[];
  readonly whole: boolean;
  readonly more: boolean;
  readonly next: string;
}

async function read(store: TestStore, since: string | null = null): Promise<Part> {
  const answer = await store.get(`/v1/denylist${since === null ? '' : `?since=${since}`}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.body as unknown as Part;
}

/** What a gate keeps that reads on until there is no more. */
async function readOn(store: TestStore, kept: Map<string, string>, since: string | null): Promise<string> {
  let token = since;
  for (let part = 0; ; part += 1) {
    assert.ok(part < 100, 'the list does not end');
    const { items, whole, more, next } = await read(store, token);
    assert.ok(!whole || part === 0);
    if (whole) kept.clear();
    for (const { card, reason } of items) {
      if (reason === null) kept.delete(card);
      else kept.set(card, reason);
    }
    token = next;
    if (!more) return next;
  }
}

describe('the deny list', () => {
  test('it has blocked cards and those below the minimum, and says when one is off it again', () =>
    atNoon(async (store) => {
      await makeCity(store);
      await makeCard(store, { id: 'poor', balance: euros(99) });
      const first = await read(store);
      assert.deepEqual(first.items, [{ card: 'poor', number: 2, change: 1, reason: 'LOW_BALANCE' }]);
      assert.deepEqual([first.whole, first.more], [true, false]);
      assert.deepEqual((await read(store, first.next)).items, []);
      await store.post('/v1/cards/ann/block', {}, null);
      await store.post('/v1/cards/poor/topups', { amount: euros(1) }, 'k');
      const changed = await read(store, first.next);
      assert.deepEqual(
        [changed.whole, changed.items],
        [
          false,
          [
            { card: 'ann', number: 1, change: 2, reason: 'CARD_BLOCKED' },
            { card: 'poor', number: 2, change: 3, reason: null },
          ],
        ],
      );
      await store.post('/v1/cards/ann/unblock', {}, null);
      // A card stands in its latest change alone.
      assert.deepEqual(
        (await read(store, first.next)).items.map(({ card, change }) => [card, change]),
        [
          ['poor', 3],
          ['ann', 4],
        ],
      );
      assert.deepEqual((await read(store)).items, []);
    }));

  test('a long list comes in parts, and what changes meanwhile comes after it', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const command = new Command().reset(kinds.issueCards);
      command.body = { count: 9000, category: 'adult', balance: 0, currency: null };
      assert.equal(await store.node.submit(command, ({ row }) => row.code, undefined), 'OK');
      const begun = await read(store);
      assert.deepEqual([begun.items.length, begun.whole, begun.more], [4096, true, true]);
      const [early] = begun.items;
      await store.post(`/v1/cards/${early!.card}/topups`, { amount: euros(500) }, 'k');
      await store.post('/v1/cards/ann/block', {}, null);
      const kept = new Map(begun.items.map(({ card, reason }) => [card, reason!]));
      const token = await readOn(store, kept, begun.next);
      assert.deepEqual([kept.size, kept.has(early!.card), kept.get('ann')], [9000, false, 'CARD_BLOCKED']);
      const anew = new Map<string, string>();
      await readOn(store, anew, null);
      const sorted = (list: Map<string, string>): string[] => [...list].map((one) => one.join(' ')).toSorted();
      assert.deepEqual(sorted(anew), sorted(kept));
      assert.deepEqual((await read(store, token)).items, []);
    }));

  test('a token of another history, or of a number that is not there, gets the whole list', () =>
    atNoon(async (store) => {
      await makeCity(store);
      await store.post('/v1/cards/ann/block', {}, null);
      const { next } = await read(store);
      const [number, position] = Buffer.from(next, 'base64url').toString().split('@') as [string, string];
      const token = (text: string): string => Buffer.from(text).toString('base64url');
      const elsewhere = `${position.slice(0, -12)}ffffffffffff`;
      for (const odd of [token(`${number}@${elsewhere}`), token(`99@${position}`), token(`99.0@${position}`)]) {
        const { whole, items } = await read(store, odd);
        assert.deepEqual([whole, items.length], [true, 1]);
      }
      for (const odd of ['x', '', token('1'), token('-1@x'), token(`1.-1@${position}`), 'x'.repeat(5000)]) {
        assertProblem(await store.get(`/v1/denylist?since=${odd}`), 'INVALID_REQUEST', /begin again without it/);
      }
    }));
});
