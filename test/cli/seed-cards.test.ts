/** `seed cards`: accounts on a stopped folder, once. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { replayedEngine } from '../../src/cli/replayed.ts';
import { knownAccount } from '../../src/cli/demo-cards.ts';
import { cardWithId, issuedCards, seededBalance } from '../../src/cli/seeded-cards.ts';
import { cardId, cardName } from '../../src/engine/tables/cards.ts';
import { ChildStore } from '../http/support/child.ts';
import { withFolder } from '../log/support/folders.ts';
import { runRefused, runSound, storeIn } from './import/support.ts';

describe('seed cards', () => {
  test('the known account and as many others as were asked for are made, once', () =>
    withFolder(async (folder) => {
      const seed = ['seed', 'cards', '--count', '12345', '--data', folder];
      assert.match(
        await runSound(seed),
        new RegExp(`^${folder}: 12345 accounts made in \\d+\\.\\d\\d s; and ${knownAccount.id}\n$`),
      );
      const before = storeIn(folder);
      assert.equal(await runSound(seed), `${folder} has its 12345 accounts and ${knownAccount.id}; nothing changed\n`);
      assert.deepEqual(storeIn(folder), before, 'not a byte');

      const { state } = await replayedEngine(folder);
      assert.deepEqual([state.cards.count, issuedCards(state)], [12_346, 12_345]);
      const known = cardWithId(state, '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1') ?? assert.fail('it is not there');
      assert.deepEqual([state.cards.balanceOf(known), cardName(state, known)], [10_000, knownAccount.name]);
      assert.equal(state.cards.totals.opened, 10_000 + 12_345 * seededBalance);
      assert.equal(state.tariffs.currency, 'USD');
      const ids = new Set(Array.from({ length: state.cards.count }, (_, card) => cardId(state, card)));
      assert.equal(ids.size, 12_346);
    }));

  test('a larger count adds what is missing to it, a smaller one nothing', () =>
    withFolder(async (folder) => {
      await runSound(['seed', 'cards', '--count', '10', '--data', folder]);
      assert.match(
        await runSound(['seed', 'cards', '--count', '25', '--data', folder]),
        /: 15 accounts made in .* s, 10 were there already; beside 6544ecbf-/,
      );
      assert.match(
        await runSound(['seed', 'cards', '--count', '5', '--data', folder]),
        /has its 25 accounts .* nothing/,
      );
      assert.equal(issuedCards((await replayedEngine(folder)).state), 25);
    }));

  test('accounts are of the currency that the store has, or that is set', () =>
    withFolder(async (folder) => {
      const set = { environment: { HOLDFAST_CURRENCY: 'EUR' } };
      await runSound(['seed', 'cards', '--count', '1', '--data', folder], set);
      await runSound(['seed', 'cards', '--count', '2', '--data', folder]);
      assert.equal((await replayedEngine(folder)).state.tariffs.currency, 'EUR');
    }));

  test('it is refused while a server holds the folder, and says what to do', () =>
    withFolder(async (folder) => {
      const data = path.join(folder, 'data');
      const store = await ChildStore.start(data);
      try {
        assert.deepEqual(await runRefused(['seed', 'cards', '--data', data]), [
          `holdfast: a server holds ${data}: stop it, or name another folder with --data. A running store makes single cards by POST /v1/cards`,
        ]);
      } finally {
        await store.kill('SIGTERM');
      }
    }));

  test('a wrong count is refused with what it may be', () =>
    withFolder(async (folder) => {
      for (const count of ['-1', 'all', '100000001', '1.5']) {
        const [said] = await runRefused(['seed', 'cards', `--count=${count}`, '--data', folder]);
        assert.match(said ?? '', /^holdfast: --count is ".*"; it may be a whole number from 0 to 100000000$/);
      }
    }));
});
