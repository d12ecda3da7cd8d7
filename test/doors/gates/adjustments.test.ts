/** POST /v1/cards/{id}/adjustments. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertProblem } from '../v1/support.ts';
import { asOperator, atNoon, euros, guarded, makeCity } from './support.ts';

const path = '/v1/cards/ann/adjustments';
const asked = { day: '2026-01-05', amount: euros(40), replaces: 0, run: 70_000 };

interface Balanced {
  readonly balance: object;
}

describe('an adjustment', () => {
  test('is booked once a run, and moves the balance either way', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const made = await store.post(path, asked, null);
      assert.equal(made.status, 201, made.text);
      const position = made.header('Holdfast-Position');
      const { day, run, amount } = asked;
      assert.deepEqual(made.json, { card: 'ann', day, run, amount, balance: euros(1040), position });
      assertProblem(await store.post(path, asked, null), 'ADJUSTED_ALREADY');
      const taken = await store.post(path, { ...asked, amount: euros(-140), run: 70_001 }, null);
      assert.deepEqual([taken.status, (taken.json as Balanced).balance], [201, euros(900)]);
      assertProblem(await store.post(path, { ...asked, run: 70_002, upTo: position }, null), 'SUM_MOVED');
      assert.deepEqual(((await store.get('/v1/cards/ann')).json as Balanced).balance, euros(900));
    }));

  test('with a key gives its retry the first answer', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const first = await store.post(path, asked, 'a');
      const again = await store.post(path, asked, 'a');
      assert.deepEqual([again.text, again.header('Idempotency-Replayed')], [first.text, 'true']);
      assertProblem(await store.post(path, { ...asked, run: 80_000 }, 'a'), 'KEY_REUSED');
    }));

  test('is refused with the place of what is wrong', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const wrong = [
        { day: '2026-02-30' },
        { day: 'yesterday' },
        { amount: 5 },
        { amount: euros(1.5) },
        { amount: euros(2 ** 33) },
        { run: -1 },
        { run: 2 ** 32 },
        { replaces: 0.5 },
        { card: 'bob' },
      ];
      for (const change of wrong) {
        const answer = await store.post(path, { ...asked, ...change }, null);
        assertProblem(answer, 'INVALID_REQUEST');
      }
      assertProblem(
        await store.post(path, { ...asked, amount: { amount: 1, currency: 'USD' } }, null),
        'CURRENCY_MISMATCH',
      );
      assertProblem(await store.post(path, { ...asked, amount: euros(2 ** 31) }, null), 'BALANCE_LIMIT');
      assertProblem(await store.post(path, { ...asked, upTo: '0.1.ffffffffffff' }, null), 'POSITION_UNKNOWN');
      assertProblem(await store.post('/v1/cards/nobody/adjustments', asked, null), 'UNKNOWN_CARD');
    }));

  test('is for operators alone', () =>
    atNoon(
      async (store) => {
        await makeCity(store);
        assertProblem(await store.post(path, asked, null), 'UNAUTHORIZED');
        assert.equal((await store.post(path, asked, null, asOperator)).status, 201);
      },
      { environment: guarded },
    ));
});
