/**
 * No text that a stranger can send makes an expression of ours run long: each is tried with hostile
 * ones of the limit's size.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { trackedFiles } from '../support/sources.ts';
import { expressionsIn, fastestMs, tooSlow } from './support/hostile-texts.ts';
import { pathOf, routesOf, sampleOf, stockUp, withEveryRoute } from './support/samples.ts';

const limitMs = 10;
const bodyLimit = 64 * 1024;

function assertQuick(what: string, expression: RegExp): void {
  assert.equal(tooSlow(expression, bodyLimit, limitMs), null, what);
}

/** All patterns of a schema or a whole description. */
function patternsIn(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return into;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'pattern' && typeof inner === 'string') into.add(inner);
    else patternsIn(inner, into);
  }
  return into;
}

describe('the time that a text takes is bounded', { timeout: 120_000 }, () => {
  test('in the search for slow expressions, which finds one', () => {
    const slow = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
    assert.deepEqual(expressionsIn(`const x = a / b; // /no/\nconst slow = ${String(slow)};`), [slow]);
    assert.notEqual(tooSlow(slow, bodyLimit / 4, limitMs), null);
  });

  test('by every pattern that is published', () =>
    withEveryRoute(async (store) => {
      const described = (await store.get('/openapi.json')).json;
      const patterns = patternsIn([described, routesOf(store).map(({ body, query }) => [body, query])]);
      assert.ok(patterns.size > 2);
      for (const pattern of patterns) assertQuick(pattern, new RegExp(pattern, 'u'));
    }));

  test('by every expression that reads requests', () => {
    const sources = trackedFiles().filter(({ path }) => /^src\/(http|doors)\/.*\.ts$/.test(path));
    let count = 0;
    for (const { path, text } of sources) {
      for (const expression of expressionsIn(text)) {
        assertQuick(`${path}: ${String(expression)}`, expression);
        count += 1;
      }
    }
    assert.ok(count > 15, `${count} expressions were found`);
  });

  test('by the check of every body, in the place of each text', () =>
    withEveryRoute(async (store) => {
      await stockUp(store);
      const hostile = [
        'a@' + '.'.repeat(bodyLimit - 200),
        ' '.repeat(bodyLimit - 200),
        'a.'.repeat(bodyLimit / 2 - 100),
      ];
      for (const route of routesOf(store)) {
        if (route.body === undefined) continue;
        const check = Compile(route.body);
        const sample = sampleOf(route);
        for (const name of Object.keys(sample)) {
          for (const text of hostile) {
            const body = { ...sample, [name]: text };
            const tookMs = fastestMs(limitMs, () => void check.Check(body));
            assert.ok(tookMs <= limitMs, `${route.method} ${route.path} ${name}: ${tookMs} ms`);
            const answer = await store.ask(route.method, pathOf(route), {
              json: body,
              headers: { 'Idempotency-Key': 'k' },
            });
            assert.equal(answer.status, 400, `${route.method} ${route.path} ${name}`);
          }
        }
      }
    }));
});
