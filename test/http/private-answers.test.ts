/**
 * What a cache may keep: over the table of all routes, asked well and badly, by the operator and by
 * strangers.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noOutcomes, writeFollowerRecord } from '../../src/store/follower-records.ts';
import type { Route } from '../../src/http/door.ts';
import type { Answer } from './support/client.ts';
import { withDataFolder } from './support/child.ts';
import { pathNowhere, pathOf, routesOf, sampleOf, stockUp, withEveryRoute } from './support/samples.ts';
import type { TestStore } from './support/store.ts';
import { operatorKey, withStore } from './support/store.ts';

const asOperator = { Authorization: `Bearer ${operatorKey}` };
let keys = 0;

function call(store: TestStore, route: Route, path: string, headers: Record<string, string>): Promise<Answer> {
  const json = route.body === undefined ? undefined : sampleOf(route);
  keys += 1;
  return store.ask(route.method, path, { json, headers: { ...headers, 'Idempotency-Key': `private ${keys}` } });
}

test('an answer that depends on a token, an operator or a key is private, and so is every refusal', () =>
  withEveryRoute(async (store) => {
    await stockUp(store);
    let shared = 0;
    for (const route of routesOf(store)) {
      const where = `${route.method} ${route.path}`;
      for (const path of [pathOf(route), pathNowhere(route)]) {
        for (const headers of [{}, asOperator, { 'Holdfast-Token': 'no token' }]) {
          const { status, headers: said } = await call(store, route, path, headers);
          const isPrivate = said['cache-control'] === 'private, no-store';
          assert.equal(
            isPrivate,
            route.shared !== true || status >= 400,
            `${where} ${status} ${said['cache-control']}`,
          );
          assert.equal(said['x-content-type-options'], 'nosniff', where);
        }
      }
      if (route.shared === true) shared += 1;
      // Whoever may not read it without a key, a token or the operator's key must not read it from
      // a cache.
      const depends = route.needs !== 'buy' || route.token === true || route.key !== undefined;
      assert.ok(!(route.shared === true && (depends || route.method !== 'GET')), where);
    }
    assert.ok(shared > 2);
  }));

test('an answer that a cache may keep is the same for everybody', () =>
  withEveryRoute(
    async (store) => {
      for (const path of ['/v1/sales', '/api/drops']) {
        const json = { name: 'A', kind: 'counted', capacity: 5, price: { amount: 1, currency: 'EUR' } };
        const drop = { name: 'A', price: 1, totalStock: 5 };
        await store.ask('POST', path, { json: path === '/v1/sales' ? json : drop, headers: asOperator });
      }
      for (const route of routesOf(store).filter((one) => one.shared === true)) {
        const forStranger = await call(store, route, pathOf(route), {});
        for (const headers of [asOperator, { 'Holdfast-Token': 'some token' }]) {
          const other = await call(store, route, pathOf(route), headers);
          assert.deepEqual([other.status, other.text], [forStranger.status, forStranger.text], route.path);
        }
      }
    },
    { environment: { HOLDFAST_OPERATOR_KEY: operatorKey } },
  ));

test('a path that is not there, and a method that is not taken, are no matter for caches', () =>
  withStore({}, async (store) => {
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['GET', '/v1/nothing'],
      ['PUT', '/v1/sales'],
      ['POST', '/v1/sales'],
    ] as const) {
      const { headers } = await store.ask(method, path);
      assert.deepEqual([headers['cache-control'], headers['x-content-type-options']], ['private, no-store', 'nosniff']);
    }
  }));

test('what is wrong with a follower, which may name hosts and folders, is for operators', () =>
  withDataFolder((folder) =>
    withStore(
      {
        args: ['--log', 'file', '--sql', 'none', '--data', folder],
        environment: { HOLDFAST_OPERATOR_KEY: operatorKey },
      },
      async (store) => {
        const message = 'cannot reach postgres://shop@db.internal.example:5432/shop from /srv/shop/data';
        const place = { position: 1, logTimeMs: 1, durablePosition: 1, durableHash: noOutcomes };
        const process = { name: 'sql-1234', pid: 1, writtenAtMs: 1 };
        writeFollowerRecord(folder, { ...place, ...process, state: 'stopped', message });
        const toOperator = await store.get('/readyz', asOperator);
        assert.match(toOperator.text, /db\.internal\.example/);
        for (const path of ['/readyz', '/health', '/livez', '/']) {
          const { status, text } = await store.get(path);
          assert.equal(status, 200);
          assert.doesNotMatch(text, /example|postgres|\/srv|\/tmp|127\.0\.0\.1/, path);
          if (path === '/readyz') assert.match(text, /"sql-1234":\{"state":"stopped"/);
        }
      },
    ),
  ));
