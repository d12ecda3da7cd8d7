/**
 * The rush: five hundred clients for two thousand seats, with cancellations, and the store killed
 * three times in the middle of it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDataFolder } from '../../http/support/child.ts';
import { bookedSeats, clients, KilledStore, rush, stock } from './rush-clients.ts';
import { Ledger } from './rush-ledger.ts';

const requestsEach = 12;
/** The store is killed when this many requests have been answered. */
const kills = [1000, 2600, 4200];

test('through three kills no seat is sold twice, every answered booking is there, and each key gets its first answer', () =>
  withDataFolder(async (folder) => {
    const store = new KilledStore(folder);
    const seed = 20_261_121;
    try {
      const users = await stock(await store.now());
      const ledger = new Ledger();
      const goesOn = (request: number): boolean => request < requestsEach;
      const onAnswered = (count: number): void => {
        if (kills.includes(count)) void store.kill();
      };
      await rush({ store, users, seed, goesOn, onAnswered }, ledger);
      assert.equal(ledger.requests.length, clients * requestsEach, `seed ${seed}`);
      assert.equal(store.starts, 1 + kills.length);

      const standing = ledger.standingSeats();
      const child = await store.now();
      assert.deepEqual(await bookedSeats(child), standing, `seed ${seed}`);
      const { sold, held } = (await child.ask('GET', '/v1/sales/sale_0_1')).body;
      assert.deepEqual([sold, held], [standing.size, 0]);
      assert.ok(standing.size > 1000, `${standing.size} seats are sold: what comes back is bought again`);

      const { position } = (await child.ask('GET', '/readyz')).body;
      for (const { key, method, json, answer } of ledger.successes) {
        const again = await store.ask(method, '/api/events/book', json, key);
        assert.deepEqual([again.status, again.text], [200, answer.text], key);
        assert.equal(again.header('Idempotency-Replayed'), 'true');
      }
      assert.equal((await child.ask('GET', '/readyz')).body['position'], position, 'repeating did nothing');
      assert.ok(ledger.successes.length > 1000, `${ledger.successes.length} of ${ledger.requests.length}`);
    } finally {
      await (await store.now()).kill('SIGKILL');
    }
  }));
