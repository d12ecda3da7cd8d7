/** GET and PUT /v1/tariff on a real port. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { asOperator, assertProblem, atNoon, guarded, noon, timeAt } from '../v1/support.ts';
import type { TariffJson } from './tariff-json.ts';
import { leastTariff, tariffJson } from './tariff-json.ts';

function put(store: TestStore, json: unknown): Promise<Answer> {
  return store.ask('PUT', '/v1/tariff', { json, headers: asOperator });
}

const at = (store: TestStore, time: string): Promise<Answer> => store.get(`/v1/tariff?effectiveAt=${time}`);
const costing = (maximumFare: number, changes: TariffJson = {}): TariffJson => leastTariff({ maximumFare, ...changes });

describe('the tariff', () => {
  test('before the first one there is none', () =>
    atNoon(async (store) => assertProblem(await store.get('/v1/tariff'), 'NOT_FOUND', /No tariff was set yet/)));

  test('it is answered as it was set, with the numbers of its stations', () =>
    atNoon(async (store) => {
      const made = await put(store, tariffJson());
      assert.equal(made.status, 200, made.text);
      assert.equal(made.string('effectiveFrom'), noon);
      assert.equal(made.headers['holdfast-position'], made.string('position'));
      assert.deepEqual(
        (made.body['stations'] as { id: string; number: number }[]).map(({ id, number }) => [id, number]),
        [
          ['north', 7],
          ['middle', 1],
          ['süd', 2],
        ],
      );
      assert.deepEqual((await store.get('/v1/tariff')).body, made.body);
    }));

  test('what GET answers is taken by PUT, and changes nothing', () =>
    atNoon(async (store) => {
      const made = await put(store, tariffJson());
      await store.advance(60_000);
      const { position } = store.node.engine;
      const shown = await store.get('/v1/tariff');
      const again = await put(store, shown.body);
      assert.equal(again.status, 200, again.text);
      assert.deepEqual({ ...again.body, position: '' }, { ...made.body, position: '' });
      assert.equal((await put(store, tariffJson())).status, 200, 'sent once more, as after a lost answer');
      assert.equal(store.node.engine.position, position, 'no record');
      assert.equal(store.node.engine.state.tariffs.versions.length, 1);
    }));

  test('a version holds from its time on, to the ms, also when no record comes', () =>
    atNoon(async (store) => {
      assert.equal((await put(store, costing(1))).status, 200);
      assert.equal((await put(store, costing(2, { effectiveFrom: timeAt(3600) }))).status, 200);
      const fareAt = async (time: string): Promise<unknown> => (await at(store, time)).body['maximumFare'];
      assert.equal(await fareAt(timeAt(3599.999)), 1);
      assert.equal(await fareAt(timeAt(3600)), 2);
      assert.equal(await fareAt('2026-06-01T15:00:00%2B02:00'), 2);
      assert.equal(await fareAt('2000-01-01'), 1, 'the first holds before it too');
      assert.equal((await store.get('/v1/tariff')).body['maximumFare'], 1);
      store.time.advance(3_600_000);
      assert.equal((await store.get('/v1/tariff')).body['maximumFare'], 2);
    }));

  test('a tariff in the past, or in another currency, is refused with its place', () =>
    atNoon(async (store) => {
      assert.equal((await put(store, costing(1, { effectiveFrom: timeAt(-86_400) }))).status, 200, 'the first one may');
      const past = await put(store, costing(2, { effectiveFrom: timeAt(-1) }));
      assertProblem(past, 'TARIFF_IN_PAST', /^\/effectiveFrom is before 2026-06-01T12:00/);
      assertProblem(await put(store, costing(2, { currency: 'CHF' })), 'CURRENCY_MISMATCH', /^\/currency is not EUR/);
    }));

  test('what is wrong in the body is named with its place', () =>
    atNoon(async (store) => {
      const missing = await put(
        store,
        tariffJson({
          fares: {
            zones: [
              [1, 1, 1],
              [1, 1],
              [1, 1, 1],
            ],
          },
        }),
      );
      assertProblem(missing, 'INVALID_REQUEST', /^\/fares\/zones\/1 has 2 fares for 3 zones: a fare is missing\.$/);
      assert.equal((await put(store, tariffJson())).status, 200);
      const taken = await put(store, costing(1, { stations: [{ id: 'east', zone: 1, number: 7 }] }));
      assertProblem(taken, 'INVALID_REQUEST', /^\/stations\/0\/number is 7, the number of station "north"/);
      assertProblem(await put(store, 'tariff'), 'INVALID_REQUEST');
      assertProblem(await at(store, 'noon'), 'INVALID_REQUEST', /effectiveAt is no time/);
      const large = costing(1, { timeZone: 'x'.repeat(1_000_001) });
      assertProblem(await put(store, large), 'BODY_TOO_LARGE');
    }));

  test('everybody reads it, and an operator sets it', () =>
    guarded(async (store) => {
      const stranger = await store.ask('PUT', '/v1/tariff', { json: leastTariff() });
      assertProblem(stranger, 'UNAUTHORIZED');
      assert.equal((await put(store, leastTariff())).status, 200);
      assert.equal((await store.get('/v1/tariff')).status, 200);
    }));

  test('a store keeps so many versions', () =>
    atNoon(async (store) => {
      for (let second = 0; second < 64; second += 1) {
        assert.equal((await put(store, costing(second, { effectiveFrom: timeAt(second) }))).status, 200);
      }
      assertProblem(await put(store, costing(5, { effectiveFrom: timeAt(100) })), 'TARIFF_LIMIT');
    }));
});
