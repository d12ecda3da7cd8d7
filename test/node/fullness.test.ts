/** A store reports that writes are refused, and notices on its own when they no longer are. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { LogFullError } from '../../src/log/log.ts';
import type { AppendBatch, Log } from '../../src/log/log.ts';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { makeSale, order } from '../doors/v1/support.ts';
import { operatorKey, withStore } from '../http/support/store.ts';
import type { TestStore } from '../http/support/store.ts';
import { MemoryDisk } from '../../src/log/memory/memory-disk.ts';
import { PassingLog } from '../log/support/passing-log.ts';
import { Harness } from './support/harness.ts';

/** A log that has no room while it is told so. */
class FillableLog extends PassingLog {
  isFull = false;

  override append(batch: AppendBatch): Promise<void> {
    if (this.isFull)
      return Promise.reject(new LogFullError('no room on the disk to prepare /srv/data/log-0000000002.seg'));
    return super.append(batch);
  }
}

async function readyz(store: TestStore): Promise<[number, unknown]> {
  const { status, body, text } = await store.get('/readyz');
  assert.doesNotMatch(text, /srv|log-0/, 'which files there are is nobody else’s business');
  return [status, body['status']];
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 15_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < endMs, `not within 15 s: ${what}`);
    await pause(50);
  }
}

describe('a store is not ready', () => {
  test('a store without room in its log is not ready, says so, and recovers without a write', async () => {
    let log!: FillableLog;
    const wrapLog = (inner: Log): Log => (log = new FillableLog(inner));
    const environment = { HOLDFAST_OPERATOR_KEY: operatorKey };
    await withStore({ environment, store: { wrapLog } }, async (store) => {
      const sale = await makeSale(store, 9);
      assert.deepEqual(await readyz(store), [200, 'ok']);
      log.isFull = true;
      const refused = await order(store, sale, { quantity: 1 });
      assert.equal(refused.status, 503);
      assert.doesNotMatch(refused.text, /srv|log-0/);
      assert.deepEqual(await readyz(store), [503, 'log_full']);
      assert.equal((await store.get(`/v1/sales/${sale}`)).status, 200, 'reads go on');
      await pause(1500);
      assert.deepEqual(await readyz(store), [503, 'log_full']);
      log.isFull = false;
      await until('ready again', async () => (await readyz(store))[0] === 200);
      assert.equal((await order(store, sale, { quantity: 1 })).status, 201);
    });
  });

  test('a store with the limit of keys is not ready, and recovers when the first key is freed', async () => {
    const harness = await Harness.open({}, new MemoryDisk(), { maxKeys: 2, orderKeyRetentionMs: 1500 });
    const { node } = harness;
    const sale = await harness.sale(9);
    await harness.order(sale, 1, 'a');
    assert.equal(node.writesRefused, null);
    await harness.order(sale, 1, 'b');
    assert.equal(node.writesRefused, 'keys_full');
    const { position } = node.engine;
    assert.equal((await harness.order(sale, 1, 'c')).code, 'KEYS_FULL');
    assert.equal(node.engine.position, position, 'refused from memory: no record frees a key');
    await until('a key is freed', () => node.writesRefused === null);
    assert.ok(node.engine.position <= position + 2, 'by a tick, and not by one after the other');
    assert.equal((await harness.order(sale, 1, 'c')).code, 'OK');
    await harness.close();
  });

  test('a store with the limit of free calls alone is ready, and those keys are freed too', async () => {
    const settings = { engineVersion: 2, maxKeys: 2, maxFreeKeys: 2, orderKeyRetentionMs: 1500 };
    const harness = await Harness.open({}, new MemoryDisk(), settings);
    const { node } = harness;
    const sale = await harness.sale(9);
    const register = async (key: string): Promise<string> => {
      const command = new Command().reset(kinds.createCustomer);
      command.body = { id: null, name: null, email: null };
      command.setKey(scopes.caller, 0, key);
      return (await harness.submit(command)).code;
    };
    assert.deepEqual([await register('a'), await register('b'), await register('c')], ['OK', 'OK', 'KEYS_FULL']);
    // Together they reach the limit of purchases, but they are counted apart.
    assert.equal(node.writesRefused, null);
    assert.equal((await harness.order(sale, 1, 'd')).code, 'OK');
    assert.equal(node.writesRefused, null);
    assert.equal((await harness.order(sale, 1, 'e')).code, 'OK');
    assert.equal(node.writesRefused, 'keys_full');
    const { position } = node.engine;
    await until('the keys of free calls are freed, though nobody writes', () => node.engine.state.keys.freeCount < 2);
    assert.ok(node.engine.position > position);
    assert.equal(await register('c'), 'OK');
    await harness.close();
  });

  test('readiness follows the setting of the limit of keys', () =>
    withStore({ args: ['--max-keys', '1'] }, async (store) => {
      const sale = await makeSale(store, 9);
      assert.equal((await order(store, sale, { quantity: 1 })).status, 201);
      assert.deepEqual(await readyz(store), [503, 'keys_full']);
      assert.equal((await order(store, sale, { quantity: 1 })).status, 503);
    }));
});
