/** What happens to live events where something between does not let an upgrade through. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventListener } from './listener.ts';
import { StrippingProxy } from './proxy.ts';
import { addDrop, addUser, eventually, purchase, reserved, withDrops } from './support.ts';

const path = '/socket.io/?EIO=4&transport=websocket';

for (const dropped of [['upgrade'], ['upgrade', 'connection']]) {
  describe(`behind a proxy that passes no ${dropped.join(' and no ')} header`, () => {
    test('a client with default settings stays with polling, and hears all of it once', () =>
      withDrops(async (store) => {
        const [drop, user] = [await addDrop(store), await addUser(store, 'buyer')];
        const proxy = await StrippingProxy.before(store.port, ...dropped);
        const listener = await EventListener.connect(proxy.port);
        try {
          const tries = (): number => proxy.asked.filter((line) => line.includes('transport=websocket')).length;
          await eventually(() => tries() > 0);
          for (let left = 99; left > 94; left -= 1) {
            await purchase(store, await reserved(store, drop, user), user);
            await eventually(() => listener.latest(drop) === left && listener.purchases.length === 100 - left);
          }
          assert.equal(listener.transport, 'polling');
          assert.ok(listener.isConnected);
          assert.equal(listener.heard.filter(([name]) => name === 'connected').length, 1);
        } finally {
          listener.close();
          await proxy.close();
        }
      }));

    test('a client that knows WebSockets alone is told why it cannot be', () =>
      withDrops(async (store) => {
        const proxy = await StrippingProxy.before(store.port, ...dropped);
        try {
          await assert.rejects(EventListener.connect(proxy.port, 'websocket'));
        } finally {
          await proxy.close();
        }
      }));
  });
}

describe('a request that only claims to be an upgrade', () => {
  test('a request that only claims to be an upgrade is refused and makes no session', () =>
    withDrops(async (store) => {
      for (const method of ['GET', 'POST']) {
        const answer = await store.ask(method, path, method === 'POST' ? { body: '40' } : {});
        assert.equal(answer.status, 400);
        assert.match(answer.string('error'), /needs an upgrade, which did not arrive/);
      }
      const upgrade = { Upgrade: 'websocket', Connection: 'Upgrade' };
      const other = await store.get(path.replace('websocket', 'polling'), upgrade);
      assert.equal(other.status, 400);
    }));

  test('a request that only claims to be an upgrade takes nothing from a session that polls, and puts nothing into it', () =>
    withDrops(async (store) => {
      const polling = '/socket.io/?EIO=4&transport=polling';
      const opening = JSON.parse((await store.get(polling)).text.slice(1)) as { sid: string };
      const sid = `&sid=${opening.sid}`;
      assert.equal((await store.ask('POST', polling + sid, { body: '40' })).text, 'ok');
      for (let round = 0; round < 3; round += 1) {
        assert.equal((await store.get(path + sid)).status, 400);
        assert.equal((await store.ask('POST', path + sid, { body: '1' })).status, 400);
      }
      // What waited for the session is still there: the answer to its connecting, and the greeting.
      let heard = '';
      while (!heard.includes('"connected"')) heard += (await store.get(polling + sid)).text;
      assert.match(heard, /^40\{"sid":.*42\["connected",\{"message":"Connected to inventory system"\}\]$/s);
    }));
});
