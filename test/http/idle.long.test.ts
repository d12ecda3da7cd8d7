/** Connections that say nothing, in real time. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exchange, headerOf, RawConnection, requestText } from './support/raw.ts';
import { withStore } from './support/store.ts';

describe('a connection', () => {
  test('a connection that is kept says for how long, and is kept so long', { timeout: 60_000 }, () =>
    withStore({ args: ['--idle-seconds', '5'] }, async (store) => {
      const connection = await RawConnection.open(store.port);
      for (const request of [
        requestText('GET', '/livez'),
        requestText('GET', '/nothing', ['Connection: keep-alive']),
        requestText('POST', '/v1/customers', ['Connection: keep-alive'], '{}'),
      ]) {
        connection.send(request);
        const answer = await connection.answer();
        assert.equal(headerOf(answer?.head ?? '', 'keep-alive'), 'timeout=5', request);
      }
      assert.ok(!(await connection.closesWithin(5000)), 'it was closed before the time that it was told');
      connection.send(requestText('GET', '/livez', ['Connection: close']));
      const last = await connection.answer();
      assert.deepEqual([last?.status, headerOf(last?.head ?? '', 'keep-alive')], [200, null]);
      const idle = await RawConnection.open(store.port);
      idle.send(requestText('GET', '/livez'));
      assert.ok(await idle.closesWithin(20_000), 'an idle connection is kept for ever');
    }),
  );
});

// The runtime gives a request's head some twelve seconds, with any limit for idle connections.
test('a connection that sends nothing, or half a head, is closed, at either port', { timeout: 60_000 }, () =>
  withStore({ args: ['--drops-port', '4000'] }, async (store) => {
    const ports = [store.port, store.drops!.port];
    const tries = ports.flatMap((port) =>
      ['', 'GET /api/dr', 'POST /v1/customers HTTP/1.1\r\nHost: local'].map(async (said) => {
        const connection = await RawConnection.open(port);
        connection.send(said);
        assert.ok(await connection.closesWithin(30_000), `"${said}" keeps a connection to ${port} open`);
      }),
    );
    await Promise.all(tries);
    for (const port of ports) {
      assert.equal((await exchange(port, requestText('GET', '/openapi.json')))?.status, 200);
    }
    assert.deepEqual(store.logged, []);
  }),
);
