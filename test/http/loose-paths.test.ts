/** A slash at the end is the same path; in the dialects so is a fixed word in other letter case. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LoosePaths } from '../../src/http/loose-paths.ts';
import type { Asker } from '../doors/drops/support.ts';
import { addDrop, addUser, part, reserved } from '../doors/drops/support.ts';
import { addHall, addUser as addPerson, dataIn, listIn } from '../doors/seats/support.ts';
import { openEvent } from '../doors/tickets/support.ts';
import { ask } from './support/client.ts';
import type { TestStore } from './support/store.ts';
import { operatorKey, withStore } from './support/store.ts';

describe('a path', () => {
  const paths = new LoosePaths<string>();
  for (const path of ['/api/things', '/api/things/:id', '/api/things/active', '/api/:kind/last', '/']) {
    paths.add(path, true, path);
  }
  paths.add('/exact/:id/part', false, '/exact/:id/part');

  test('a path is found in any letter case and with one slash at its end, and in no other form', () => {
    const cases: readonly (readonly [string, string | null, object?])[] = [
      ['/API/Things', '/api/things'],
      ['/api/things/', '/api/things'],
      ['/api/things//', null],
      ['//api/things', null],
      ['/api/things/X%2Fy/', '/api/things/:id', { id: 'X/y' }],
      ['/api/things/%E0%A4', '/api/things/:id', { id: '%E0%A4' }],
      ['/api/things/ACTIVE', '/api/things/active'],
      ['/api/THINGS/last', '/api/things/:id', { id: 'last' }],
      ['/api/Other/LAST', '/api/:kind/last', { kind: 'Other' }],
      ['/', '/'],
      ['/exact/A/part/', '/exact/:id/part', { id: 'A' }],
      ['/Exact/A/part', null],
      ['/api', null],
    ];
    for (const [path, target, params = {}] of cases) {
      assert.deepEqual(paths.find(path), target === null ? null : { target, params }, path);
    }
  });

  test('a path names the words that could be taken for its parameter', () => {
    assert.deepEqual([...paths.wordsWithin('/api/things/:id')], ['active', 'last']);
    assert.deepEqual([...paths.wordsWithin('/api/:kind/last')], ['things']);
    assert.deepEqual([...paths.wordsWithin('/exact/:id/part')], []);
  });
});

function onDropsPort(store: TestStore): Asker {
  return { ask: (method, path, asked) => ask(store.drops!.port, method, path, asked) };
}

describe('over the store', () => {
  test('every path of the dialects and of the native API may end in a slash', () =>
    withStore({ args: ['--drops-port', '1'] }, async (store) => {
      await openEvent(store, 10);
      const event = await addHall(store, 2);
      const order = await store.post('/api/v1/purchase/?a=b', { quantity: 2 }, 'k');
      assert.equal(order.text, '{"success":true,"seatsRemaining":8}');
      const again = await store.post('/api/v1/purchase', { quantity: 2 }, 'k');
      assert.deepEqual([again.text, again.header('Idempotency-Replayed')], [order.text, 'true']);
      for (const path of ['/api/v1/event', '/api/events/active', `/api/events/${event}`, '/health', '/v1/sales']) {
        const [plain, loose] = [await store.get(path), await store.get(`${path}/`)];
        assert.equal(loose.status, 200, path);
        if (path !== '/health') assert.equal(loose.text, plain.text);
        assert.equal((await store.get(`${path}//`)).status, 404);
        const [one, other] = [await store.ask('OPTIONS', path), await store.ask('OPTIONS', `${path}/`)];
        assert.deepEqual([other.status, other.headers.allow], [204, one.headers.allow]);
      }
      const made = await store.post('/v1/sales/', { name: 'S', kind: 'counted', capacity: 5 }, null);
      assert.equal(made.status, 201, made.text);
      assert.equal((await store.get(`/v1/sales/${made.string('id')}/`)).text, made.text);
      const wrong = await store.ask('DELETE', '/v1/sales/');
      assert.deepEqual([wrong.status, wrong.body['code']], [405, 'METHOD_NOT_ALLOWED']);
      const drops = onDropsPort(store);
      assert.equal(await addDrop(drops), 1);
      assert.equal((await drops.ask('GET', '/api/drops/1/')).status, 200);
    }));

  test('letter case matters in no fixed word of the dialects, in parameters and in the native API it does', () =>
    withStore({ args: ['--drops-port', '1'] }, async (store) => {
      await openEvent(store, 10);
      const event = await addHall(store, 2);
      await addPerson(store, 'mixed.Case');
      assert.equal((await store.post('/API/v1/Purchase', { quantity: 2 }, 'k')).status, 200);
      assert.equal(listIn(await store.get('/api/Events/ACTIVE/')).length, 1);
      assert.equal(listIn(await store.get(`/Api/SEATS/Event/${event}/Available`)).length, 2);
      const booked = await store.post('/api/events/BOOK', { eventId: event, numberOfSeats: 1 }, null);
      assert.equal(booked.status, 200, booked.text);
      assert.equal((await store.get('/api/v1/purchases/STATS')).status, 200);
      assert.equal(dataIn(await store.get('/API/USERS/EMAIL/mixed.Case@example.org'))['id'], 1);
      assert.equal((await store.get('/api/users/email/MIXED.case@example.org')).status, 404);
      assert.equal((await store.get('/HEALTH')).status, 200);
      assert.equal((await store.get('/V1/sales')).status, 404);
      assert.deepEqual((await store.get('/API/V1/Nothing')).json, {
        success: false,
        statusCode: 404,
        message: 'There is nothing at this path.',
      });
      const drops = onDropsPort(store);
      const [drop, user] = [await addDrop(drops), await addUser(drops, 'Anna')];
      const reservation = await reserved(drops, drop, user);
      const bought = await drops.ask('POST', `/Api/Purchase/${reservation}/`, { json: { userId: user } });
      assert.equal(part(bought, 'purchase')['userId'], user);
    }));

  test('what an operator has to do is the operator’s by any spelling', () =>
    withStore({ environment: { HOLDFAST_OPERATOR_KEY: operatorKey } }, async (store) => {
      for (const path of ['/API/Users', '/api/users/', '/api/V1/Purchases/', '/api/users/EMAIL/a@b.c', '/v1/holds/']) {
        assert.equal((await store.get(path)).status, 401, path);
      }
      for (const path of ['/Api/Events/', '/v1/sales/', '/api/Events/1/', '/api/seats/']) {
        assert.equal((await store.post(path, {}, null)).status, path.endsWith('/1/') ? 404 : 401, path);
      }
    }));
});
