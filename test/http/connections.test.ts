/**
 * More connections than there are descriptors: the silent ones go, and the store lives and sells.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import { connectionLimitOf, descriptorLimit } from '../../src/http/connections.ts';
import { ChildStore, withDataFolder } from './support/child.ts';
import { headerOf, RawConnection, requestText } from './support/raw.ts';

const descriptors = 256;
const limited = ['/bin/sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh'];
const isLinux = process.platform === 'linux';

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A connection that may have to queue until there is room. */
function connect(port: number, said: string): { closed: boolean; end: () => void } {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(said));
  const state = { closed: false, end: () => void socket.destroy() };
  socket.on('error', () => {});
  socket.on('close', () => (state.closed = true));
  return state;
}

test('connections leave a reserve of descriptors to the rest', () => {
  assert.deepEqual([64, 256, 1024, 20_000, 1_000_000].map(connectionLimitOf), [32, 224, 896, 18_976, 998_976]);
  if (isLinux) assert.ok((descriptorLimit() ?? 0) > 0);
});

test(
  'a store whose descriptors are all taken by the silent lives, sells, and has room again',
  { timeout: 60_000, skip: !isLinux },
  () => {
    return withDataFolder(async (folder) => {
      const store = await ChildStore.start(folder, [], {}, undefined, limited);
      const open = (): number => fs.readdirSync(`/proc/${store.pid}/fd`).length;
      try {
        const sale = await store.ask('POST', '/v1/sales', { json: { name: 'A', kind: 'counted', capacity: 1000 } });
        assert.equal(sale.status, 201);
        const reader = await RawConnection.open(store.port);
        reader.send(requestText('GET', '/v1/stream'));
        const buyer = await RawConnection.open(store.port);
        const buy = async (key: string): Promise<void> => {
          buyer.send(requestText('POST', '/v1/sales/sale_0_1/orders', [`Idempotency-Key: ${key}`], '{"quantity":1}'));
          assert.equal((await buyer.answer())?.status, 201);
        };
        await buy('before');
        const said = ['', '', 'GET /v1/sa', requestText('POST', '/v1/customers', ['Content-Length: 9'])];
        const silent = Array.from({ length: 320 }, (_, i) => connect(store.port, said[i % said.length]!));
        let sold = 1;
        for (const endMs = performance.now() + 4000; performance.now() < endMs; sold += 1) {
          await buy(`during ${sold}`);
          await sleep(20);
        }
        assert.ok(open() <= 230, `${open()} descriptors are open`);
        assert.ok(silent.filter(({ closed }) => closed).length >= 80);
        // Connections that got an answer go on, and new ones are answered.
        assert.equal((await store.ask('GET', '/v1/sales/sale_0_1')).body['sold'], sold);
        const fresh = await RawConnection.open(store.port);
        fresh.send(requestText('GET', '/livez', ['Connection: close']));
        const answer = await fresh.answer();
        assert.equal(answer?.status, 200);
        assert.equal(headerOf(answer.head, 'connection'), 'close');
        assert.equal(await reader.closesWithin(10), false);
        assert.match(store.logged, /"connections":224/);
        assert.equal(store.logged.match(/too many connections/g)?.length, 1);
        for (const one of silent) one.end();
        buyer.end();
        reader.end();
      } finally {
        assert.equal(await store.kill('SIGTERM'), 0);
      }
    });
  },
);
