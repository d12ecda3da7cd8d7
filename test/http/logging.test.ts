/**
 * What is logged: nothing per request at info, one line at debug, every failure with its stack and
 * the id the client got.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Door, Route } from '../../src/http/door.ts';
import { problemAnswer } from '../../src/doors/kit/native-errors.ts';
import { ChildStore, withDataFolder } from './support/child.ts';
import { RawConnection, requestText } from './support/raw.ts';
import { stockUp } from './support/samples.ts';
import { withStore } from './support/store.ts';

describe('at info', () => {
  test('nothing is logged of requests, whatever comes of them', () =>
    withStore({}, async (store) => {
      await stockUp(store);
      await store.get('/v1/sales');
      await store.get('/nothing');
      await store.post('/v1/sales', '{', null);
      await store.post('/api/v1/purchase', { quantity: 99 }, 'k');
      await store.ask('PUT', '/v1/sales');
      assert.deepEqual(store.logged, []);
    }));
});

describe('at debug', () => {
  test('each request is one line with its route, status, outcome and time', () =>
    withStore({ logLevel: 'debug' }, async (store) => {
      await stockUp(store);
      const before = store.logged.length;
      await store.get('/v1/sales/sale_0_1');
      await store.post('/v1/sales/sale_0_1/orders', { quantity: 1 }, 'k');
      await store.post('/v1/sales/sale_0_1/orders', { quantity: 2 }, 'k');
      await store.post('/v1/sales/sale_0_1/orders', { quantity: 9999 }, null);
      await store.ask('PATCH', '/v1/sales/sale_0_1', { json: { capacity: 0 } });
      await store.get('/v1/holds/hold_0_9');
      await store.post('/api/v1/purchase', { quantity: 0 }, 'k');
      await store.get('/api/v1/events/none');
      await store.ask('PUT', '/v1/sales');
      await store.get('/nothing?secret=1');
      const lines = store.logged.slice(before);
      assert.deepEqual(
        lines.map(({ fields }) => [fields['method'], fields['route'], fields['status'], fields['outcome']]),
        [
          ['GET', '/v1/sales/:id', 200, 'OK'],
          ['POST', '/v1/sales/:id/orders', 201, 'OK'],
          ['POST', '/v1/sales/:id/orders', 422, 'KEY_REUSED'],
          ['POST', '/v1/sales/:id/orders', 400, 'MISSING_KEY'],
          ['PATCH', '/v1/sales/:id', 409, 'CAPACITY_TOO_LOW'],
          ['GET', '/v1/holds/:id', 404, 'UNKNOWN_HOLD'],
          ['POST', '/api/v1/purchase', 400, 'INVALID_REQUEST'],
          ['GET', '/api/v1/events/:id', 404, 'NOT_FOUND'],
          ['PUT', null, 405, 'METHOD_NOT_ALLOWED'],
          ['GET', null, 404, 'NOT_FOUND'],
        ],
      );
      for (const { level, message, fields } of lines) {
        assert.deepEqual([level, message], ['debug', 'request']);
        assert.ok(typeof fields['ms'] === 'number' && fields['ms'] >= 0 && fields['ms'] < 5000);
        assert.match(String(fields['request']), /^[\da-f-]{36}$/);
      }
      assert.equal(new Set(lines.map(({ fields }) => fields['request'])).size, lines.length);
    }));

  test('the line of a refusal has the id that the client got', () =>
    withStore({ logLevel: 'debug' }, async (store) => {
      const answer = await store.get('/v1/sales/none');
      assert.equal(store.logged.at(-1)?.fields['request'], answer.header('Request-Id'));
    }));

  test('no line has a key, a token or a body in it', () =>
    withStore({ logLevel: 'trace' }, async (store) => {
      await stockUp(store);
      const headers = { Authorization: 'Bearer hush-1', 'Holdfast-Token': 'hush-2' };
      await store.post('/v1/sales/sale_0_1/orders', { quantity: 1, customer: 'hush-3' }, 'hush-4', headers);
      await store.post('/v1/orders/order_0_1/cancel?x=hush-5', {}, 'hush-6', headers);
      await store.get('/v1/customers/hush-7');
      assert.doesNotMatch(JSON.stringify(store.logged), /hush/);
    }));
});

/** A door whose calls fail in every way there is. */
function failingDoor(): Door {
  const route = (path: string, handle: Route['handle']): Route => ({
    method: 'GET',
    path,
    needs: 'buy',
    summary: path,
    answers: {},
    handle,
  });
  const secret = 'the inner workings';
  return {
    name: 'failing',
    prefixes: ['/failing'],
    routes: [
      route('/failing/at-once', () => {
        throw new TypeError(secret);
      }),
      route('/failing/later', async () => {
        await Promise.resolve();
        throw new RangeError(secret);
      }),
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what is no Error has to be borne, too
      route('/failing/oddly', () => Promise.reject(secret)),
      route('/failing/well', () => ({ status: 200, headers: {}, body: 'well' })),
    ],
    failed: (failure) => problemAnswer(failure.row, failure.detail),
  };
}

describe('an error that nobody expected', () => {
  test('an unexpected error is 500 with an id and nothing else, and the log has its stack under that id', () =>
    withStore({ listener: { doors: [failingDoor()] } }, async (store) => {
      const cases = [
        ['/failing/at-once', 'TypeError'],
        ['/failing/later', 'RangeError'],
        ['/failing/oddly', 'unknown'],
      ] as const;
      for (const [path, name] of cases) {
        const answer = await store.get(path);
        assert.deepEqual([answer.status, answer.body['code'], answer.body['retryable']], [500, 'INTERNAL', true]);
        assert.doesNotMatch(answer.text + JSON.stringify(answer.headers), /inner workings|Error:|\.ts/);
        const line = store.logged.at(-1);
        assert.deepEqual([line?.level, line?.fields['route']], ['error', path]);
        assert.equal(line?.fields['request'], answer.header('Request-Id'));
        const error = line.fields['error'] as { name: string; message: string; stack: string | null };
        assert.deepEqual([error.name, error.message], [name, 'the inner workings']);
        if (name !== 'unknown') assert.match(String(error.stack), /logging\.test\.ts:\d+/);
      }
      assert.equal(store.logged.length, 3);
      assert.equal((await store.get('/failing/well')).text, 'well');
    }));

  test('an unexpected error while an error is answered shows the client no stack', () =>
    withStore(
      {
        listener: {
          doors: [
            {
              ...failingDoor(),
              failed: () => {
                throw new Error('twice');
              },
            },
          ],
        },
      },
      async (store) => {
        const connection = await RawConnection.open(store.port);
        connection.send(requestText('GET', '/failing/at-once'));
        const answer = await connection.answer();
        assert.equal(answer?.status, 500);
        assert.doesNotMatch(answer.head + answer.body, /twice|\.ts/);
        assert.match(JSON.stringify(store.logged), /twice/);
        connection.end();
        assert.equal((await store.get('/failing/well')).text, 'well');
      },
    ));
});

describe('the process', () => {
  test('the process writes JSON lines to stderr by level, and to stdout that it is ready', () =>
    withDataFolder(async (folder) => {
      for (const [level, lines] of [
        ['info', 0],
        ['debug', 3],
      ] as const) {
        const store = await ChildStore.start(folder, [], { LOG_LEVEL: level });
        const before = store.logged.split('\n').length;
        for (const path of ['/v1/sales', '/nothing', '/livez']) await store.ask('GET', path);
        await store.kill('SIGTERM');
        const logged = store.logged
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
        assert.equal(logged.filter(({ msg }) => msg === 'request').length, lines, `${before} lines before`);
        for (const { level: given, time, msg } of logged) {
          assert.ok(given === 'info' || given === level);
          assert.ok(Number.isFinite(Date.parse(String(time))) && typeof msg === 'string');
        }
        assert.ok(logged.some(({ msg }) => msg === 'ready') && logged.some(({ msg }) => msg === 'shutting down'));
      }
    }));
});
