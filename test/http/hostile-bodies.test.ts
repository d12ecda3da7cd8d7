/**
 * Wrong, huge, odd and hostile bodies on every route that takes one: a clear 4xx, nothing done, and
 * the store goes on.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import type { Route } from '../../src/http/door.ts';
import { pathOf, routesOf, sampleOf, stockUp, withEveryRoute, withQuery } from './support/samples.ts';
import type { TestStore } from './support/store.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const nestedObjects = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

/**
 * What stands in the place of each field. Where the published schema takes it, only that nothing
 * breaks is asked.
 */
const values = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1',
  '1.5',
  '-1e400',
  '1e400',
  '1e300',
  '9007199254740993',
  '-9007199254740993',
  '99999999999999999999999999999999',
  '""',
  '"x"',
  '"1"',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\u{1f600}"',
  // Few enough for a schema, which counts characters; too many units for a customer's id.
  `"${'\u{1f600}'.repeat(200)}"`,
  `"${'x'.repeat(5000)}"`,
  '"__proto__"',
  '"sale_0_999"',
  '"2026-02-30T00:00:00Z"',
  '"2026-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59.999999999+23:59"',
  '[]',
  '[1]',
  '[[]]',
  '{}',
  '{"a":1}',
  '{"amount":1e400,"currency":"EUR"}',
  '{"amount":1,"currency":"EUR","x":1}',
  '{"length":1}',
  '{"toString":1}',
  nested(30),
  nested(30_000),
  nestedObjects(5000),
];

/** What is no JSON of one meaning, in the place of a field. */
const nonsense = [
  'NaN',
  'Infinity',
  '-Infinity',
  'undefined',
  '01',
  '+1',
  '.5',
  '1.',
  '0x10',
  "'x'",
  '"\\x"',
  '"\n"',
  '"',
  '[',
  '{',
  '1 2',
  '/**/1',
  '1,',
  '',
];

const bytes = (...parts: (string | readonly number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

/** Whole bodies that no route takes, made of a proper one. */
function brokenBodies(sample: string): Readonly<Record<string, string | Buffer>> {
  const field = /^\{("\w+"):/.exec(sample)?.[1] ?? '"a"';
  return {
    space: ' ',
    'an open brace': '{',
    'a body cut short': sample.slice(0, -1),
    'rubbish behind': `${sample}x`,
    'two bodies': sample + sample,
    'a comment': `/* */${sample}`,
    'a comma too many': `${sample.slice(0, -1)},}`,
    'an array': `[${sample}]`,
    'a number': '5',
    text: JSON.stringify(sample),
    null: 'null',
    'a field twice': `{${field}:null,${sample.slice(1)}`,
    'a field twice by an escape': `{"\\u${field.charCodeAt(1).toString(16).padStart(4, '0')}${field.slice(2)}:null,${sample.slice(1)}`,
    'a prototype': `{"__proto__":${sample}}`,
    'a byte order mark': bytes([0xef, 0xbb, 0xbf], sample),
    'UTF-16': Buffer.from(sample, 'utf16le'),
    'a byte that is no UTF-8': bytes(sample.slice(0, 2), [0xff], sample.slice(2)),
    'an overlong form': bytes(sample.slice(0, 2), [0xc0, 0xaf], sample.slice(2)),
    'half a surrogate in UTF-8': bytes(sample.slice(0, 2), [0xed, 0xa0, 0x80], sample.slice(2)),
    'bytes without meaning': Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7919) % 256)),
    zeros: Buffer.alloc(1000),
    'deep arrays': nested(30_000),
    'deep objects': nestedObjects(5000),
    'deep and open': '['.repeat(60_000),
    'depth in a field that nobody knows': `{"unknown":${nested(30_000)},${sample.slice(1)}`,
  };
}

let keys = 0;

async function statusOf(store: TestStore, route: Route, body: string | Buffer): Promise<number> {
  keys += 1;
  const { status, text } = await store.ask(route.method, pathOf(route), {
    body,
    headers: { 'Idempotency-Key': `h${keys}` },
  });
  assert.ok(status < 500, `${route.method} ${route.path} with ${body.toString().slice(0, 200)}: ${text}`);
  return status;
}

async function withEachRoute(check: (store: TestStore, route: Route) => Promise<void>): Promise<void> {
  let checked = 0;
  await withEveryRoute(async (store) => {
    await stockUp(store);
    const routes = routesOf(store).filter(({ body }) => body !== undefined);
    checked += routes.length;
    for (const route of routes) {
      await check(store, route);
      assert.equal((await store.get('/livez')).status, 200);
    }
    assert.deepEqual(store.logged, []);
  });
  assert.ok(checked >= 16);
}

describe('every route that takes a body', () => {
  test('takes its sample', () =>
    withEachRoute(async (store, route) => {
      assert.ok((await statusOf(store, route, JSON.stringify(sampleOf(route)))) < 300, `${route.method} ${route.path}`);
    }));

  test('refuses what is no JSON of one meaning', () =>
    withEachRoute(async (store, route) => {
      const sample = sampleOf(route);
      const takesArrays = Compile(route.body!).Check([sample]);
      for (const [what, body] of Object.entries(brokenBodies(JSON.stringify(sample)))) {
        if (takesArrays && what === 'an array') continue;
        const status = await statusOf(store, route, body);
        assert.equal(status, 400, `${route.method} ${route.path} with ${what}`);
      }
    }));

  test('refuses nonsense in the place of any field', () =>
    withEachRoute(async (store, route) => {
      const sample = sampleOf(route);
      for (const name of Object.keys(sample)) {
        for (const value of nonsense) {
          const text = JSON.stringify({ ...sample, [name]: '@' }).replace('"@"', value);
          assert.equal(
            await statusOf(store, route, text),
            400,
            `${route.method} ${route.path} with ${text.slice(0, 200)}`,
          );
        }
      }
    }));

  test('refuses in the place of any field what its published schema does not take', () =>
    withEachRoute(async (store, route) => {
      assert.ok(route.body !== undefined);
      const validator = Compile(route.body);
      const sample = sampleOf(route);
      let refused = 0;
      for (const name of Object.keys(sample)) {
        for (const value of values) {
          const text = JSON.stringify({ ...sample, [name]: '@' }).replace('"@"', () => value);
          const status = await statusOf(store, route, text);
          const takes = validator.Check(JSON.parse(text));
          if (takes) continue;
          refused += 1;
          assert.equal(status, 400, `${route.method} ${route.path} with ${text.slice(0, 200)}`);
        }
      }
      assert.ok(refused > 10);
    }));

  test('refuses a body without a field that its schema requires', () =>
    withEachRoute(async (store, route) => {
      assert.ok(route.body !== undefined);
      const validator = Compile(route.body);
      for (const name of Object.keys(sampleOf(route))) {
        const { [name]: _, ...rest } = sampleOf(route) as Record<string, unknown>;
        const status = await statusOf(store, route, JSON.stringify(rest));
        if (!validator.Check(rest)) assert.equal(status, 400, `${route.method} ${route.path} without ${name}`);
      }
    }));
});

test('calls that need no body read over any', () =>
  withEveryRoute(async (store) => {
    await stockUp(store);
    for (const route of routesOf(store).filter(({ method, body }) => method !== 'GET' && body === undefined)) {
      for (const body of Object.values(brokenBodies('{"a":1}'))) await statusOf(store, route, body);
    }
    assert.deepEqual(store.logged, []);
  }));

test('queries of any kind are answered or refused', () =>
  withEveryRoute(async (store) => {
    await stockUp(store);
    const odd = [
      '',
      '1',
      '0',
      '-1',
      '1e400',
      'x',
      '%00',
      '%ff',
      '%',
      'NaN',
      'null',
      '[]',
      '9007199254740993',
      '0.',
      'x'.repeat(2000),
      '%F0%9F%98%80',
    ];
    for (const route of routesOf(store).filter(({ method }) => method === 'GET')) {
      const names = ['limit', 'cursor', 'at', '__proto__', 'constructor', ...Object.keys(route.query ?? {})];
      for (const name of new Set(names)) {
        for (const value of odd) {
          const { status } = await store.get(withQuery(pathOf(route), `${name}=${value}`));
          assert.ok(status < 500, `${route.path}?${name}=${value}: ${status}`);
        }
      }
    }
    assert.deepEqual(store.logged, []);
  }));
