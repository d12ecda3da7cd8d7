/**
 * Requests that nobody should send get a clear error in the door's own form, and have no effect.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ask, DoorTable, Refusal } from './table.ts';
import type { Asker } from './store.ts';
import { assertRefused, freshKey, left, send, taken, withUnits } from './store.ts';

/** As they stand in a path. */
const oddIds = [
  '0',
  '-1',
  '1.5',
  '01',
  '%201',
  'abc',
  'null',
  '__proto__',
  '2147483648',
  '4294967296',
  '4294967297',
  '9007199254740992',
  '1e0',
  '%00',
  "1'--",
  "1'%20OR%20'1'='1",
  '%F0%9F%98%80',
];

interface Odd {
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunked?: boolean;
}

export function inputOf(table: DoorTable): void {
  const { says } = table;
  const writes = [table.take(0), ...table.keyed.map(([ask]) => ask)].filter(({ json }) => json !== undefined);

  /** Each call that takes a body, with a key, gets this refusal for one. */
  async function refusesAll(store: Asker, odd: Odd, refusal: Refusal): Promise<void> {
    for (const { method, path } of writes) {
      const headers = { 'Idempotency-Key': freshKey(), ...odd.headers };
      const answer = await store.ask(method, path, { ...odd, headers });
      assertRefused(table, answer, refusal, `${method} ${path} ${String(odd.body).slice(0, 40)}`);
    }
  }

  describe('a body', () => {
    test('a body that is no JSON, or has no one meaning, is refused without a stack', () =>
      withUnits(table, 5, async (store) => {
        for (const body of ['{', '{"quantity":', 'quantity=2', '{"a":NaN}', '{"a":1}x', ' ', '\u00ef\u00bb\u00bf{}']) {
          await refusesAll(store, { body }, says.noJson);
        }
        await refusesAll(store, { body: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d) }, says.noJson);
        await refusesAll(store, { body: '{"a":1,"a":2}' }, says.fieldTwice);
        await refusesAll(store, { body: '{"a":{"b":1,"\\u0062":2}}' }, says.fieldTwice);
        for (const body of ['[]', '7', '"text"', 'null', '{"a":"\\ud800"}'])
          await refusesAll(store, { body }, [400, /./]);
        assert.equal(await left(store, table), 5);
      }));

    test('a body that is too large, of another kind, or packed in an unknown way is refused', () =>
      withUnits(table, 5, async (store) => {
        const large = `{"x":"${'x'.repeat(300_000)}"}`;
        const small = writes.filter(({ path }) => !/^\/v1\/sales(\/\w+\/seats)?$/.test(path));
        for (const { method, path } of small) {
          for (const chunked of [false, true]) {
            const headers = { 'Idempotency-Key': freshKey() };
            assertRefused(table, await store.ask(method, path, { body: large, chunked, headers }), says.tooLarge, path);
          }
        }
        for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'json']) {
          await refusesAll(store, { body: '{}', headers: { 'Content-Type': type } }, says.otherType);
        }
        await refusesAll(store, { body: '{}', headers: { 'Content-Encoding': 'br' } }, [415, /./]);
        await refusesAll(store, { body: 'no gzip', headers: { 'Content-Encoding': 'gzip' } }, [400, /./]);
        assert.equal(await left(store, table), 5);
      }));

    test('a body in chunks is accepted', () =>
      withUnits(table, 5, async (store) => {
        const { method, path, json } = table.take(0);
        const headers = { 'Idempotency-Key': 'chunks' };
        const answer = await store.ask(method, path, { json, chunked: true, headers });
        assert.equal(answer.status, table.taken, answer.text);
        assert.equal(await left(store, table), 4);
      }));
  });

  test('an id in a path that is none, or too large for any, is not there', () =>
    withUnits(table, 2, async (store) => {
      await taken(store, table, 0);
      for (const id of oddIds) {
        for (const [ask, refusal] of table.byId(id)) {
          assertRefused(table, await send(store, ask, freshKey()), refusal, `${ask.method} ${ask.path}`);
        }
      }
      assert.equal(await left(store, table), 1);
    }));

  test('what is not there, and what is not as it should be, is told so, and no key is used up', () =>
    withUnits(table, 5, async (store) => {
      for (const [ask, refusal] of [...table.unknown, ...table.invalid]) {
        for (let again = 0; again < 2; again += 1) {
          assertRefused(table, await send(store, ask, 'mended'), refusal, JSON.stringify(ask));
        }
      }
      assert.equal(await left(store, table), 5);
      await taken(store, table, 0, 'mended');
    }));

  test('a page of another origin, and another host, are refused, and told so in the words of the door', () =>
    withUnits(table, 5, async (store) => {
      const { method, path, json } = table.take(0);
      const asked = (headers: Record<string, string>) =>
        store.ask(method, path, { json, headers: { 'Idempotency-Key': freshKey(), ...headers } });
      for (const origin of ['https://other.example', 'null', 'http://localhost.other.example']) {
        assertRefused(table, await asked({ Origin: origin }), says.foreignOrigin, origin);
      }
      for (const host of ['shop.example', 'localhost.example:80', '8.8.8.8']) {
        assertRefused(table, await asked({ Host: host }), says.foreignHost, host);
      }
      assert.equal(await left(store, table), 5);
      const own = await asked({ Origin: `http://localhost:${store.port}` });
      assert.equal(own.status, table.taken);
    }));

  test('a path or a method that the door does not have is refused in its own form', () =>
    withUnits(table, 1, async (store) => {
      const { path } = table.take(0);
      const nowhere: Ask[] = [
        { method: 'GET', path: `${path}/nothing/at/all` },
        { method: 'POST', path: `${path}/nothing/at/all`, json: {} },
        { method: 'PATCH', path, json: {} },
      ];
      for (const ask of nowhere) {
        const answer = await send(store, ask);
        assert.ok([404, 405].includes(answer.status), answer.text);
        assert.match(answer.header('Content-Type'), /^application\/(problem\+)?json/);
        if (answer.status === 405) assert.match(answer.header('Allow'), /\b(POST|PUT)\b/);
      }
      assert.equal(await left(store, table), 1);
    }));
}
