/**
 * The Idempotency-Key as it comes over the wire: empty, twice, quoted; at every call that takes
 * one.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeSale, stock } from '../v1/support.ts';
import { readKey, requireKey } from '../../../src/doors/kit/idempotency.ts';
import { exchange, requestText } from '../../http/support/raw.ts';
import { pathOf, routesOf, sampleOf, stockUp, withEveryRoute } from '../../http/support/samples.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';

describe('an empty key', () => {
  test('an empty key is refused by every call that takes one, and nothing is done', () =>
    withEveryRoute(async (store) => {
      await stockUp(store);
      let tried = 0;
      for (const route of routesOf(store).filter(({ key }) => key !== undefined)) {
        const body = route.body === undefined ? '' : JSON.stringify(sampleOf(route));
        for (const empty of ['Idempotency-Key:', 'Idempotency-Key: ', 'Idempotency-Key: ""', 'Idempotency-Key: \t']) {
          const { position } = store.node.engine;
          const answer = await exchange(store.port, requestText(route.method, pathOf(route), [empty], body));
          const what = `${route.method} ${route.path} ${empty}`;
          assert.equal(answer?.status, 400, `${what}: ${answer?.body}`);
          assert.match(answer.body, /Idempotency-Key/i, what);
          assert.equal(store.node.engine.position, position, what);
          tried += 1;
        }
      }
      assert.ok(tried > 10, String(tried));
    }));

  test('an empty key in a body is refused as well', () =>
    withStore({}, async (store) => {
      await store.post('/api/v1/events', { name: 'Night', totalSeats: 100 }, null);
      const { position } = store.node.engine;
      const refused = await store.post(
        '/api/v1/purchases',
        { eventId: 'sale_0_1', quantity: 1, idempotencyKey: '' },
        null,
      );
      assert.equal(refused.status, 400, refused.text);
      assert.equal(store.node.engine.position, position);
    }));
});

describe('two keys', () => {
  const buy = async (store: TestStore, sale: string, ...keys: string[]): Promise<number | undefined> => {
    const lines = keys.map((key) => `Idempotency-Key: ${key}`);
    return (await exchange(store.port, requestText('POST', `/v1/sales/${sale}/orders`, lines, '{"quantity":1}')))
      ?.status;
  };

  test('two different keys are refused', () =>
    withStore({}, async (store) => {
      const sale = await makeSale(store, 100);
      for (const keys of [
        ['a', 'b'],
        ['a', 'b', 'a'],
        ['a', ''],
        ['', 'a'],
        ['', ''],
        ['"a"', '"b"'],
        ['"a"', 'a'],
        ['a', 'a', 'a', 'b'],
      ]) {
        assert.equal(await buy(store, sale, ...keys), 400, JSON.stringify(keys));
      }
      assert.equal((await stock(store, sale)).sold, 0);
    }));

  test('two equal keys are one', () =>
    withStore({}, async (store) => {
      const sale = await makeSale(store, 100);
      for (const keys of [['a', 'a'], ['a'], ['"a"', '"a"'], ['a', 'a', 'a'], ['"a"']]) {
        assert.equal(await buy(store, sale, ...keys), 201, JSON.stringify(keys));
      }
      assert.equal((await stock(store, sale)).sold, 1);
    }));

  test('a quoted key with a comma in it is one key', () => {
    assert.equal(readKey('"a, b"'), 'a, b');
    assert.equal(requireKey('"a, a"'), 'a, a');
    assert.equal(readKey('a,b'), 'a,b');
    assert.equal(readKey('"a, b", "a, b"'), 'a, b');
    assert.throws(() => readKey('a, b'), /quotes/);
    assert.throws(() => readKey(Array.from({ length: 11 }, () => 'a').join(', ')), /quotes/);
  });
});
