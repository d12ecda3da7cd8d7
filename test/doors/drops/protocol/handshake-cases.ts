/**
 * What both suites ask of the transport: opening, heartbeat, closing. Seven, four and two cases.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EchoServer } from './support.ts';
import { pingIntervalMs, pingTimeoutMs, readOpening, sleep } from './support.ts';

export function handshakeCases(server: () => EchoServer): void {
  describe('opening by polling', () => {
    test('opening by polling gives a session with its terms', async () => {
      const response = await fetch(server().url('EIO=4&transport=polling'));
      assert.equal(response.status, 200);
      assert.deepEqual(readOpening(await response.text()).upgrades, ['websocket']);
    });

    const refused = async (queries: readonly string[], init: RequestInit = {}): Promise<void> => {
      for (const query of queries) assert.equal((await fetch(server().url(query), init)).status, 400, query);
    };

    test('opening by polling is refused without a valid revision', () =>
      refused(['transport=polling', 'EIO=abc&transport=polling']));

    test('opening by polling is refused without a valid transport', () => refused(['EIO=4', 'EIO=4&transport=abc']));

    test('opening by polling is refused by another method', async () => {
      await refused(['EIO=4&transport=polling'], { method: 'POST' });
      await refused(['EIO=4&transport=polling'], { method: 'PUT' });
    });
  });

  describe('opening by WebSocket', () => {
    test('opening by WebSocket gives a session with its terms', async () => {
      const wire = server().wire();
      assert.deepEqual(readOpening(String(await wire.next())).upgrades, []);
      wire.close();
    });

    test('opening by WebSocket is refused without a valid revision', async () => {
      await server().wire('transport=websocket').closed;
      await server().wire('EIO=abc&transport=websocket').closed;
    });

    test('opening by WebSocket is refused without a valid transport', async () => {
      await server().wire('EIO=4').closed;
      await server().wire('EIO=4&transport=abc').closed;
    });
  });
}

export function heartbeatCases(server: () => EchoServer): void {
  describe('the heartbeat by polling', () => {
    test('the heartbeat by polling is a ping that a pong answers, again and again', async () => {
      const sid = await server().session();
      for (let beat = 0; beat < 3; beat += 1) {
        const polled = await server().poll(sid);
        assert.equal(polled.status, 200);
        assert.equal(await polled.text(), '2');
        assert.equal((await server().push(sid, '3')).status, 200);
      }
    });

    test('the heartbeat by polling ends a session that does not answer', async () => {
      const sid = await server().session();
      await sleep(pingIntervalMs + pingTimeoutMs + 30);
      assert.equal((await server().poll(sid)).status, 400);
    });
  });

  describe('the heartbeat by WebSocket', () => {
    test('the heartbeat by WebSocket is a ping that a pong answers, again and again', async () => {
      const wire = await server().opened();
      for (let beat = 0; beat < 3; beat += 1) {
        assert.equal(await wire.next(), '2');
        wire.send('3');
      }
      wire.close();
    });

    test('the heartbeat by WebSocket ends a session that does not answer', async () => {
      await server().wire().closed;
    });
  });
}

export function closeCases(server: () => EchoServer): void {
  describe('a client that closes', () => {
    test('a client that closes by polling ends its session and its pending poll', async () => {
      const sid = await server().session();
      const [polled] = await Promise.all([server().poll(sid), server().push(sid, '1')]);
      assert.equal(polled.status, 200);
      assert.equal(await polled.text(), '6');
      assert.equal((await server().poll(sid)).status, 400);
    });

    test('a client that closes by WebSocket ends its session', async () => {
      const wire = await server().opened();
      wire.send('1');
      await wire.closed;
    });
  });
}
