/** One call and its attempts, against a server that misbehaves on purpose. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HoldfastOptions } from '../../sdk/src/index.ts';
import { Holdfast, HoldfastError, NetworkError } from '../../sdk/src/index.ts';
import { cut, json, problem, silence, text, withScript } from './support/fixture.ts';

const hold = { id: 'hold_0_1', sale: 'sale_0_1', quantity: 1, status: 'active' };
const held = json(201, hold, { 'Holdfast-Position': '0.9' });
const quick = { baseMs: 2, capMs: 20 };
const place = { quantity: 1 };

function clientOf(url: string, options: HoldfastOptions = {}): Holdfast {
  return new Holdfast({ url, retry: quick, ...options });
}

/** The error of a call that must fail. */
async function errorOf(call: Promise<unknown>): Promise<HoldfastError> {
  const error: unknown = await call.then(
    () => assert.fail('the call succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HoldfastError, String(error));
  return error;
}

describe('a command', () => {
  test('a command is sent again with its key until there is an answer', () =>
    withScript(
      [cut, problem(503, 'NOT_TAKEN', true), problem(429, 'BUSY', true), json(502, {}), held],
      async (url, asked) => {
        const placed = await clientOf(url).holds.place('sale_0_1', place);
        assert.deepEqual({ ...placed }, hold);
        assert.equal(asked.length, 5);
        const keys = new Set(asked.map(({ headers }) => headers['idempotency-key']));
        assert.deepEqual([...keys], [placed.answer.key]);
        assert.match(placed.answer.key ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.deepEqual(placed.answer, {
          position: '0.9',
          status: 201,
          replayed: false,
          key: placed.answer.key,
          attempts: 5,
        });
        assert.equal(JSON.stringify(placed), JSON.stringify(hold));
      },
    ));

  test('a command has a new key each time, or the one it is given', () =>
    withScript([held], async (url, asked) => {
      const client = clientOf(url);
      await client.holds.place('sale_0_1', place);
      await client.holds.place('sale_0_1', place);
      await client.holds.place('sale_0_1', place, { key: 'mine' });
      const [first, second, third] = asked.map(({ headers }) => headers['idempotency-key']);
      assert.notEqual(first, second);
      assert.equal(third, 'mine');
    }));

  test('a command refuses a key that a header would change', async () => {
    const client = clientOf('http://127.0.0.1:1');
    for (const key of ['', ' a', 'a ', '"a"', 'ä', 'a\nb', 'x'.repeat(256)]) {
      await assert.rejects(client.holds.place('sale_0_1', place, { key }), RangeError);
    }
  });

  test('a command that is refused is not sent again', () =>
    withScript([problem(409, 'SOLD_OUT', false)], async (url, asked) => {
      const error = await errorOf(clientOf(url).orders.buy('sale_0_1', place));
      assert.equal(asked.length, 1);
      const { code, status, retryable, detail, errors, attempts, resultUnknown } = error;
      assert.deepEqual(
        { code, status, retryable, detail, errors, attempts, resultUnknown },
        {
          code: 'SOLD_OUT',
          status: 409,
          retryable: false,
          detail: 'it is SOLD_OUT',
          errors: [],
          attempts: 1,
          resultUnknown: false,
        },
      );
      assert.ok(!(error instanceof NetworkError));
    }));

  test('a command that may succeed later is sent again when asked', () =>
    withScript([problem(409, 'NOT_OPEN', true), problem(409, 'PAUSED', true), held], async (url, asked) => {
      const client = clientOf(url);
      const { code, retryable } = await errorOf(client.holds.place('sale_0_1', place));
      assert.deepEqual([code, retryable, asked.length], ['NOT_OPEN', true, 1]);
      const placed = await client.holds.place('sale_0_1', place, { retry: { refusals: true } });
      assert.equal(placed.answer.attempts, 2);
    }));

  test('a command is sent no more often than told', () =>
    withScript([problem(503, 'NOT_TAKEN', true, { 'Retry-After': '0' })], async (url, asked) => {
      const error = await errorOf(clientOf(url).holds.place('sale_0_1', place, { retry: { attempts: 3 } }));
      assert.deepEqual([error.code, error.attempts, asked.length, error.retryAfterMs], ['NOT_TAKEN', 3, 3, 0]);
    }));

  test('a command waits as long as Retry-After says, and fails at once when that is beyond the deadline', () =>
    withScript([problem(503, 'NOT_TAKEN', true, { 'Retry-After': '1' }), held], async (url) => {
      const client = clientOf(url);
      const startMs = performance.now();
      const error = await errorOf(client.holds.place('sale_0_1', place, { deadlineMs: 900 }));
      assert.deepEqual([error.code, error.retryAfterMs], ['NOT_TAKEN', 1000]);
      assert.ok(performance.now() - startMs < 500);
    }).then(() =>
      withScript([problem(503, 'NOT_TAKEN', true, { 'Retry-After': '1' }), held], async (url) => {
        const startMs = performance.now();
        await clientOf(url).holds.place('sale_0_1', place);
        assert.ok(performance.now() - startMs >= 990);
      }),
    ));
});

describe('an unknown result', () => {
  test('an unknown result is reported as such, with the key that finds out', () =>
    withScript([silence], async (url, asked) => {
      const error = await errorOf(clientOf(url).orders.buy('sale_0_1', place, { deadlineMs: 100 }));
      assert.ok(error instanceof NetworkError);
      const { code, status, retryable, resultUnknown, key } = error;
      assert.deepEqual([code, status, retryable, resultUnknown], ['NETWORK', 0, true, true]);
      assert.equal(key, asked[0]?.headers['idempotency-key']);
      assert.ok(error.message.includes(`the same key (${key}) tells`));
    }));

  test('an unknown result stays unknown if a later attempt failed too, and not if the store judged it', () =>
    withScript([cut, problem(503, 'NOT_TAKEN', true), cut, problem(409, 'SOLD_OUT', false)], async (url) => {
      const client = clientOf(url);
      const unknown = await errorOf(client.orders.buy('sale_0_1', place, { retry: { attempts: 2 } }));
      assert.deepEqual([unknown.code, unknown.resultUnknown], ['NOT_TAKEN', true]);
      const judged = await errorOf(client.orders.buy('sale_0_1', place));
      assert.deepEqual([judged.code, judged.resultUnknown, judged.attempts], ['SOLD_OUT', false, 2]);
    }));

  test('a read never has an unknown result', () =>
    withScript([cut], async (url) => {
      const error = await errorOf(clientOf(url).sales.get('sale_0_1', { retry: { attempts: 2 } }));
      assert.deepEqual([error.code, error.resultUnknown, error.key], ['NETWORK', false, null]);
    }));

  test('a foreign answer leaves the result unknown', () =>
    withScript([text('<html>Welcome to the hotel</html>'), held], async (url) => {
      const client = clientOf(url);
      const error = await errorOf(client.holds.place('sale_0_1', place, { retry: { attempts: 1 } }));
      assert.deepEqual([error.code, error.resultUnknown, error instanceof NetworkError], ['BAD_ANSWER', true, true]);
    }));

  test('one attempt that is too slow is not the end of the call', () =>
    withScript([silence, held], async (url, asked) => {
      const placed = await clientOf(url, { attemptMs: 60 }).holds.place('sale_0_1', place);
      assert.deepEqual([placed.id, asked.length], ['hold_0_1', 2]);
    }));
});

describe('abort', () => {
  const reason = new Error('the visitor left');

  test('abort ends an attempt under way', () =>
    withScript([silence], async (url) => {
      const controller = new AbortController();
      const call = clientOf(url).holds.place('sale_0_1', place, { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 30);
      await assert.rejects(call, reason);
    }));

  test('abort ends a wait between attempts', () =>
    withScript([problem(503, 'NOT_TAKEN', true, { 'Retry-After': '20' })], async (url) => {
      const controller = new AbortController();
      const call = clientOf(url).holds.place('sale_0_1', place, { signal: controller.signal });
      setTimeout(() => controller.abort(reason), 30);
      await assert.rejects(call, reason);
    }));

  test('abort before the call sends nothing', () =>
    withScript([held], async (url, asked) => {
      await assert.rejects(clientOf(url).sales.get('sale_0_1', { signal: AbortSignal.abort(reason) }), reason);
      assert.equal(asked.length, 0);
    }));
});

describe('a client', () => {
  test('a client refuses settings that make no sense', () => {
    const url = 'http://127.0.0.1:1';
    assert.throws(() => new Holdfast(), TypeError);
    assert.throws(() => new Holdfast({ url: 'store' }), TypeError);
    assert.throws(() => new Holdfast({ url: 'ftp://store' }), TypeError);
    assert.throws(() => new Holdfast({ url, deadlineMs: 0 }), RangeError);
    assert.throws(() => new Holdfast({ url, retry: { baseMs: NaN } }), RangeError);
    assert.throws(() => new Holdfast({ url, operatorKey: 'a\nb' }), TypeError);
  });

  test('a client may be behind a path, and quotes ids', () =>
    withScript([json(200, hold)], async (url, asked) => {
      await clientOf(`${url}/shop/`).holds.get('a/../b?c');
      assert.equal(asked[0]?.url.pathname, '/shop/v1/holds/a%2F..%2Fb%3Fc');
    }));

  test('a client knows the latest position of its answers', () =>
    withScript([json(200, hold, { 'Holdfast-Position': '0.10' }), held], async (url) => {
      const client = clientOf(url);
      assert.equal(client.position, null);
      await client.holds.get('hold_0_1');
      await client.holds.get('hold_0_1');
      assert.equal(client.position, '0.10');
    }));

  test('a client keeps tokens in the given store', () =>
    withScript([json(201, { ...hold, token: 'T', hold: { id: 'hold_0_2', token: 'U' } }), held], async (url, asked) => {
      const tokens = new Map<string, string>();
      const client = clientOf(url, { tokens });
      await client.holds.place('sale_0_1', place);
      assert.deepEqual(
        [...tokens],
        [
          ['hold_0_1', 'T'],
          ['hold_0_2', 'U'],
        ],
      );
      await client.holds.confirm('hold_0_2');
      await client.holds.confirm('hold_0_2', { token: 'V' });
      assert.deepEqual(
        asked.map(({ headers }) => headers['holdfast-token']),
        [undefined, 'U', 'V'],
      );
    }));
});
