/** Which doors are open, and what a store that ended has of taps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChildStore, withDataFolder } from '../../http/support/child.ts';
import { withStore } from '../../http/support/store.ts';
import { assertProblem } from '../v1/support.ts';
import { atNoon, tapJson, tariff } from './support.ts';

const paths = ['cards', 'taps', 'taps/totals', 'taps/stream', 'tariff', 'gates', 'denylist', 'keys'];

test('without the gates door its paths are not there, in the words of the native API', () =>
  withStore({ args: ['--doors', 'v1,tickets'] }, async (store) => {
    for (const path of paths) {
      assertProblem(await store.get(`/v1/${path}`), 'NOT_FOUND');
      assertProblem(await store.post(`/v1/${path}`, {}, null), 'NOT_FOUND');
    }
    const { paths: described } = (await store.get('/openapi.json')).body as { paths: Record<string, unknown> };
    assert.ok(Object.keys(described).every((path) => !/^\/v1\/(cards|taps|gates|tariff|denylist|keys)/.test(path)));
  }));

test('the gates door works alone: sales are not there, and other paths have its form', () =>
  atNoon(async (store) => {
    assert.equal((await store.get('/v1/cards')).status, 200);
    for (const path of ['/v1/sales', '/v1/nothing', '/v1']) assertProblem(await store.get(path), 'NOT_FOUND');
  }));

test('after kill -9 taps that are sent again get the outcomes that they had', () =>
  withDataFolder(async (folder) => {
    const doors = ['--doors', 'gates'];
    const at = new Date(Date.now() - 5000).toISOString();
    const taps = Array.from({ length: 40 }, (_, i) =>
      tapJson({ sequence: i + 1, card: i % 4 === 3 ? 'nobody' : 'ann', direction: i % 2 === 0 ? 'in' : 'out', at }),
    );
    const first = await ChildStore.start(folder, doors);
    let told: unknown;
    let totals: unknown;
    try {
      const made = [
        await first.ask('PUT', '/v1/tariff', { json: tariff }),
        await first.ask('POST', '/v1/gates', { json: { id: 'north-1', station: 'north' } }),
        await first.ask('POST', '/v1/cards', { json: { id: 'ann', balance: { amount: 9000, currency: 'EUR' } } }),
      ];
      for (const { status, text } of made) assert.ok(status < 300, text);
      const { outcomes } = (await first.ask('POST', '/v1/taps', { json: taps })).body;
      told = (outcomes as object[]).map((outcome) => ({ ...outcome, replayed: true }));
      totals = { ...(await first.ask('GET', '/v1/taps/totals')).body, position: '' };
    } finally {
      await first.kill('SIGKILL');
    }
    const second = await ChildStore.start(folder, doors);
    try {
      assert.deepEqual((await second.ask('POST', '/v1/taps', { json: taps })).body['outcomes'], told);
      const now = { ...(await second.ask('GET', '/v1/taps/totals')).body, position: '' };
      assert.deepEqual(now, totals);
      assert.equal((now as { explained?: boolean }).explained, true);
    } finally {
      await second.kill('SIGKILL');
    }
  }));
