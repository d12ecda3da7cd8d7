/**
 * Readers whose server is killed: they come back to the next process at their position, and miss
 * nothing.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ChildStore, withDataFolder } from '../../http/support/child.ts';
import type { Answer } from '../../http/support/client.ts';
import { freshKey } from './support.ts';
import type { Received } from './stream-reader.ts';
import { sleep, statesOf, StreamReader } from './stream-reader.ts';

function post(store: ChildStore, path: string, json: unknown): Promise<Answer> {
  return store.ask('POST', path, { json, headers: { 'Idempotency-Key': freshKey() } });
}

async function makeSale(store: ChildStore, capacity: number, holdSeconds = 300): Promise<string> {
  const made = await post(store, '/v1/sales', { name: 'A sale', kind: 'counted', capacity, holdSeconds });
  return made.string('id');
}

describe('a stream', () => {
  test('a stream goes on behind its last id after kill -9 and a restart', () =>
    withDataFolder(async (folder) => {
      const events: Received[] = [];
      let store = await ChildStore.start(folder);
      const busy = await makeSale(store, 100_000);
      await makeSale(store, 10);
      const orders: { id: string; position: number }[] = [];
      for (let life = 0; life < 3; life += 1) {
        const lastId = events.findLast(({ id }) => id !== null)?.id ?? null;
        const reader = await StreamReader.open(store.port, '', lastId === null ? {} : { 'Last-Event-ID': lastId });
        await reader.ready();
        let trading = true;
        const trader = (async () => {
          // The last one may be cut off by the kill: then the log decides.
          while (trading) {
            const made = await post(store, `/v1/sales/${busy}/orders`, { quantity: 1 }).catch(() => null);
            if (made === null) return;
            orders.push({ id: made.string('id'), position: Number(made.header('Holdfast-Position').split('.')[1]) });
          }
        })();
        await sleep(250);
        reader.end();
        await sleep(50);
        await store.kill('SIGKILL');
        trading = false;
        await trader;
        events.push(...reader.events);
        store = await ChildStore.start(folder);
      }
      const since = events.findLast(({ id }) => id !== null)!.id!;
      const last = await (await StreamReader.open(store.port, '', { 'Last-Event-ID': since })).ready();
      last.end();
      assert.equal(last.of('reset').length, 0);
      events.push(...last.events);
      const fresh = await (await StreamReader.open(store.port)).ready();
      fresh.end();
      assert.deepEqual(statesOf(events), statesOf(fresh.events));
      const told = new Set(last.of('purchase').map(({ data }) => data['order']));
      for (const { id, position } of orders) if (position > Number(since.split('.')[1])) assert.ok(told.has(id), id);
      const sold = (await store.ask('GET', `/v1/sales/${busy}`)).body['sold'];
      assert.ok(Number(sold) >= orders.length);
      await store.kill('SIGTERM');
    }));

  test('a stream has the expiries of the time without a process', () =>
    withDataFolder(async (folder) => {
      let store = await ChildStore.start(folder);
      const sale = await makeSale(store, 5, 1);
      const held = (await post(store, `/v1/sales/${sale}/holds`, { quantity: 2 })).string('id');
      const reader = await (await StreamReader.open(store.port, `?holds=${held}`)).ready();
      assert.equal(reader.of('sale').at(-1)!.data['held'], 2);
      const { lastId } = reader;
      await store.kill('SIGKILL');
      await sleep(1000);
      store = await ChildStore.start(folder);
      const again = await StreamReader.open(store.port, `?holds=${held}`, { 'Last-Event-ID': lastId! });
      await again.next('sale', (now) => now['held'] === 0 && now['available'] === 5);
      await again.next('hold', ({ status }) => status === 'expired');
      assert.equal(again.of('reset').length, 0);
      again.end();
      await store.kill('SIGTERM');
    }));

  test('a stream does not hold up a server that is asked to stop', () =>
    withDataFolder(async (folder) => {
      const store = await ChildStore.start(folder);
      const reader = await (await StreamReader.open(store.port)).ready();
      const beganMs = performance.now();
      assert.equal(await store.kill('SIGTERM'), 0);
      assert.ok(performance.now() - beganMs < 3000);
      assert.ok(reader.response.complete, 'ended, not cut');
    }));
});
