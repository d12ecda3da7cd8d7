/** The page's view of the connection: cuts, healing, and the notice for each. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConnectionState } from '../../../sdk/src/index.ts';
import type { Connection } from '../../../web/src/store/connection.ts';
import { connectionAfter, connectionWords, noticeOf } from '../../../web/src/store/connection.ts';

const ready = { isReady: true, isOnline: true };

function after(before: Connection, ...states: readonly ConnectionState[]): Connection {
  return states.reduce((connection, state) => connectionAfter(connection, state, ready), before);
}

describe('the connection', () => {
  test('the connection is live when the stream is open and has told all that it begins with, and not before', () => {
    assert.equal(connectionAfter('connecting', 'open', { isReady: false, isOnline: true }), 'connecting');
    assert.equal(connectionAfter('lost', 'open', { isReady: false, isOnline: true }), 'lost');
    for (const before of ['connecting', 'lost', 'offline', 'live'] as const)
      assert.equal(after(before, 'open'), 'live');
  });

  test('the connection is lost when it was live and the stream is not open any more, and heals', () => {
    for (const state of ['connecting', 'offline', 'closed'] as const) assert.equal(after('live', state), 'lost');
    assert.equal(after('live', 'offline', 'connecting', 'offline', 'connecting'), 'lost');
    assert.equal(after('live', 'offline', 'connecting', 'open'), 'live');
  });

  test('the connection is offline when the browser says so', () => {
    assert.equal(connectionAfter('live', 'offline', { isReady: true, isOnline: false }), 'offline');
    assert.equal(connectionAfter('connecting', 'offline', { isReady: false, isOnline: false }), 'offline');
  });

  test('the connection is not lost by a slow first attempt, but by a failed one', () => {
    assert.equal(after('connecting', 'connecting'), 'connecting');
    assert.equal(after('connecting', 'offline'), 'lost');
    assert.equal(after('connecting', 'closed'), 'connecting');
  });

  test("the connection stays offline until it is live again, despite the reader's attempts", () => {
    for (const state of ['connecting', 'offline', 'closed'] as const) assert.equal(after('offline', state), 'offline');
  });
});

describe('the notice', () => {
  test('the notice appears only in a cut, and says what becomes of holds and purchases', () => {
    assert.equal(noticeOf('live'), null);
    assert.equal(noticeOf('connecting'), null);
    assert.match(noticeOf('lost') ?? '', /keeps trying .* what you bought is safe/);
    assert.match(noticeOf('offline') ?? '', /You are offline\. What you hold stays held/);
  });

  test('the notice has a word for every state, each its own', () => {
    assert.equal(new Set(Object.values(connectionWords)).size, 4);
  });
});
