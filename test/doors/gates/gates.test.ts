/** /v1/gates: made known, read, and taps that a gate lost. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertProblem } from '../v1/support.ts';
import {
  asOperator,
  atNoon,
  brief,
  guarded,
  makeCity,
  makeGate,
  makeKey,
  sendTaps,
  tapJson,
  tapped,
} from './support.ts';

describe('gates', () => {
  test('a gate is made known with its station, and gets the next free number', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const made = await makeGate(store, { id: 'bus 7' });
      const position = made.header('Holdfast-Position');
      assert.deepEqual(made.json, { id: 'bus 7', number: 4, station: null, position });
      assert.equal(made.header('Location'), '/v1/gates/bus%207');
      assert.deepEqual((await store.get('/v1/gates/bus%207')).json, made.json);
      assert.equal((await store.get('/v1/gates/north-1')).body['station'], 'north');
      assert.equal((await makeGate(store, { id: 'far', number: 900 })).body['number'], 900);
      assert.equal((await makeGate(store, { id: 'near' })).body['number'], 5);
      const list = await store.get('/v1/gates?limit=2');
      assert.deepEqual(
        (list.body['items'] as { id: string }[]).map(({ id }) => id),
        ['near', 'far'],
      );
    }));

  test('an id or a number of another gate is refused, and so is a station that is not there', () =>
    atNoon(async (store) => {
      await makeCity(store);
      assertProblem(await store.post('/v1/gates', { id: 'north-1' }, null), 'GATE_EXISTS');
      assertProblem(await store.post('/v1/gates', { id: 'other', number: 1 }, null), 'GATE_EXISTS');
      assertProblem(await store.post('/v1/gates', { id: 'other', station: 'nowhere' }, null), 'UNKNOWN_STATION');
      for (const gate of [{}, { id: '' }, { id: 'a\u0000' }, { id: 'x', number: 0 }, { id: 'x', number: 1.5 }]) {
        assertProblem(await store.post('/v1/gates', gate, null), 'INVALID_REQUEST');
      }
      assertProblem(await store.get('/v1/gates/nowhere'), 'UNKNOWN_GATE');
    }));

  test('a retry with its key gets the first answer, byte for byte', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const first = await store.post('/v1/gates', { id: 'other', station: 'south' }, 'key');
      await makeGate(store, { id: 'later' });
      assert.equal((await store.post('/v1/gates', { station: 'south', id: 'other' }, 'key')).text, first.text);
      assertProblem(await store.post('/v1/gates', { id: 'another' }, 'key'), 'KEY_REUSED');
    }));
});

describe('taps that a gate lost', () => {
  const skip = { epoch: 0, from: 2, to: 5, reason: 'disk replaced' };

  test('a skip moves the mark to the last of them, and the next tap is taken', () =>
    atNoon(async (store) => {
      await makeCity(store);
      await tapped(store, { sequence: 1 });
      const moved = await store.post('/v1/gates/north-1/skip', skip, 'key');
      const { position, ...rest } = moved.body;
      assert.deepEqual([moved.status, rest], [200, { gate: 'north-1', epoch: 0, from: 2, to: 5, mark: 5 }]);
      assert.equal(position, moved.header('Holdfast-Position'));
      const outcomes = await tapped(store, [{ sequence: 4 }, { sequence: 6, card: 'nobody' }]);
      assert.deepEqual(brief(outcomes), [
        ['unknown', ''],
        ['deny', 'UNKNOWN_CARD'],
      ]);
      assert.equal((await store.post('/v1/gates/north-1/skip', skip, 'key')).text, moved.text);
      // Another gate's key of the same text is another key.
      const other = await store.post('/v1/gates/south-1/skip', { ...skip, from: 1 }, 'key');
      assert.deepEqual([other.status, other.body['gate']], [200, 'south-1']);
    }));

  test('a skip that does not begin at the next number is refused', () =>
    atNoon(async (store) => {
      await makeCity(store);
      assertProblem(await store.post('/v1/gates/north-1/skip', skip, null), 'MARK_MOVED');
      await tapped(store, { sequence: 1 });
      for (const from of [1, 3]) {
        assertProblem(await store.post('/v1/gates/north-1/skip', { ...skip, from }, null), 'MARK_MOVED');
      }
      for (const wrong of [{ to: 1 }, { from: 0 }, { reason: '' }, { epoch: -1 }, { reason: 'a\nb' }]) {
        assertProblem(await store.post('/v1/gates/north-1/skip', { ...skip, ...wrong }, null), 'INVALID_REQUEST');
      }
      assertProblem(await store.post('/v1/gates/nowhere/skip', skip, null), 'UNKNOWN_GATE');
    }));
});

describe('keys of gates', () => {
  test('a gate’s key taps at its gates, and at no other: the index is named, and nothing was done', () =>
    atNoon(
      async (store) => {
        await makeCity(store);
        const { headers } = await makeKey(store, ['north-1', 'centre-1']);
        const own = await sendTaps(store, [tapJson({ sequence: 1, card: 'nobody' })], headers);
        assert.equal(own.status, 200, own.text);
        for (const gate of ['south-1', 'nowhere']) {
          const taps = [tapJson({ sequence: 2, card: 'nobody' }), tapJson({ gate, sequence: 1 })];
          const answer = await sendTaps(store, taps, headers);
          assertProblemWithPlace(answer, '/1/gate');
        }
        const [next] = await tappedAs(store, headers, 2);
        assert.equal(next?.['replayed'], false);
      },
      { environment: guarded },
    ));

  test('a gate’s key opens nothing else, and without a key there is nothing', () =>
    atNoon(
      async (store) => {
        await makeCity(store);
        const { headers } = await makeKey(store, ['north-1']);
        for (const path of ['/v1/cards', '/v1/cards/ann', '/v1/gates', '/v1/keys', '/v1/taps/totals']) {
          assertProblem(await store.get(path, headers), 'UNAUTHORIZED');
        }
        for (const path of ['/v1/cards', '/v1/cards/ann/topups', '/v1/gates', '/v1/keys']) {
          assertProblem(await store.post(path, {}, 'k', headers), 'UNAUTHORIZED');
        }
        assertProblem(await store.ask('PUT', '/v1/tariff', { json: {}, headers }), 'UNAUTHORIZED');
        assert.equal((await store.get('/v1/denylist', headers)).status, 200);
        assert.equal((await store.get('/v1/gates/north-1', headers)).status, 200);
        assertProblem(await store.get('/v1/gates/south-1', headers), 'NOT_ITS_GATE');
        assertProblem(await store.get('/v1/gates/nowhere', headers), 'NOT_ITS_GATE');
        const skip = { from: 1, to: 2, reason: 'lost' };
        assertProblem(await store.post('/v1/gates/south-1/skip', skip, null, headers), 'NOT_ITS_GATE');
        assert.equal((await store.post('/v1/gates/north-1/skip', skip, null, headers)).status, 200);
        assertProblem(await sendTaps(store, tapJson({ sequence: 3 }), {}), 'UNAUTHORIZED');
        assertProblem(await sendTaps(store, tapJson({ sequence: 3 }), { Authorization: 'Bearer x' }), 'UNAUTHORIZED');
        assertProblem(await store.get('/v1/denylist'), 'UNAUTHORIZED');
      },
      { environment: guarded },
    ));

  test('who shows a gate’s key is that gate, also where everybody on this machine is an operator', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const { headers, id } = await makeKey(store, ['north-1']);
      assertProblem(await store.get('/v1/cards', headers), 'UNAUTHORIZED');
      assertProblemWithPlace(await sendTaps(store, tapJson({ gate: 'south-1', sequence: 1 }), headers), '/gate');
      assert.equal((await store.ask('DELETE', `/v1/keys/${id}`)).status, 204);
      // A key that opens nothing is no key.
      assert.equal((await store.get('/v1/cards', headers)).status, 200);
    }));

  test('a key that was removed opens nothing', () =>
    atNoon(
      async (store) => {
        await makeCity(store);
        const { headers, id } = await makeKey(store, ['north-1']);
        assert.equal((await sendTaps(store, tapJson({ sequence: 1 }), headers)).status, 200);
        assert.equal((await store.ask('DELETE', `/v1/keys/${id}`, { headers: asOperator })).status, 204);
        assertProblem(await sendTaps(store, tapJson({ sequence: 2 }), headers), 'UNAUTHORIZED');
      },
      { environment: guarded },
    ));
});

type Store = Parameters<typeof tapped>[0];
type Answer = Awaited<ReturnType<typeof sendTaps>>;

async function tappedAs(store: Store, headers: Readonly<Record<string, string>>, sequence: number) {
  const answer = await sendTaps(store, tapJson({ sequence, card: 'nobody' }), headers);
  return answer.body['outcomes'] as Record<string, unknown>[];
}

function assertProblemWithPlace(answer: Answer, place: string): void {
  assert.deepEqual([answer.status, answer.body['code']], [403, 'NOT_ITS_GATE'], answer.text);
  assert.equal((answer.body['errors'] as { path: string }[])[0]?.path, place);
  assert.match(answer.string('detail'), new RegExp(`^${place}: .* Nothing was done\\.$`));
}
