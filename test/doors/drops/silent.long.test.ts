/** Sessions that say nothing, in real time. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SocketIoTransport } from '../../../src/http/socket-io-transport.ts';
import { EventListener } from './listener.ts';
import { PausedReader } from './paused-reader.ts';
import { Wire } from './protocol/support.ts';
import { eventually, withDrops } from './support.ts';

const polling = '/socket.io/?EIO=4&transport=polling';

function webSocket(port: number): string {
  return `ws://localhost:${port}/socket.io/?EIO=4&transport=websocket`;
}

describe('nonsense', () => {
  test('a session that does not connect is closed in 15 s', { timeout: 30_000 }, () =>
    withDrops(async (store) => {
      const { sockets } = store.listener.doors.find(({ name }) => name === 'drops')!;
      assert.ok(sockets instanceof SocketIoTransport);
      const listener = await EventListener.connect(store.port, 'websocket');
      const silent = new Wire(webSocket(store.port));
      await silent.opened;
      const { sid } = JSON.parse((await store.get(polling)).text.slice(1)) as { sid: string };
      const poll = store.get(`${polling}&sid=${sid}`);
      const raw = await PausedReader.open(store.port);
      const beganMs = performance.now();
      assert.equal(sockets.sessionCount, 4);
      await Promise.all([silent.closed, poll, eventually(() => sockets.sessionCount === 1, 20_000)]);
      assert.ok(performance.now() - beganMs > 10_000, 'they had no time to say anything');
      assert.ok(listener.isConnected);
      raw.end();
      listener.close();
    }),
  );
});
