/** Taps as JSON: the checks by hand take exactly what the published schema takes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { JsonTaps } from '../../../src/doors/gates/json-taps.ts';
import { tapsRequest } from '../../../src/doors/gates/schemas.ts';
import { HttpFailure } from '../../../src/http/problems.ts';

const schema = Compile(tapsRequest);

const tap = {
  gate: 'north-1',
  epoch: 3,
  sequence: 42,
  card: 'ann',
  station: 'north',
  direction: 'in',
  at: '2026-06-01T12:00:00.250Z',
  decided: 'opened',
};

function failureOf(json: unknown): HttpFailure | null {
  try {
    return new JsonTaps(json).count > 0 ? null : assert.fail('nothing was taken, and nothing refused');
  } catch (error) {
    assert.ok(error instanceof HttpFailure);
    return error;
  }
}

const values: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  1,
  -1,
  1.5,
  NaN,
  Infinity,
  0xffffffff,
  0x100000000,
  '',
  'x',
  '1',
  ' ',
  'a\u0000b',
  'a\u007fb',
  'a\nb',
  'é',
  'x'.repeat(255),
  'x'.repeat(256),
  'in',
  'out',
  'IN',
  'none',
  'opened',
  'denied',
  '2026-06-01T12:00:00Z',
  '2026-06-01t12:00:00.123456789+23:59',
  '2026-06-01',
  '2026-06-01T12:00',
  '2026-06-01 12:00:00Z',
  [],
  {},
  ['in'],
];

describe('taps as JSON', () => {
  test('the checks take what the schema takes, and nothing else', () => {
    let taken = 0;
    let refused = 0;
    for (const name of [...Object.keys(tap), 'other', '__proto__x']) {
      for (const value of values) {
        const json = { ...tap, [name]: value };
        const one = failureOf(json);
        assert.equal(one === null, schema.Check(json), `${name}: ${JSON.stringify(value)} ${one?.detail}`);
        const many = failureOf([tap, json]);
        assert.equal(many === null, one === null);
        if (one === null) taken += 1;
        else {
          refused += 1;
          assert.equal(one.row.status, 400);
          assert.match(many!.errors[0]!.path, /^\/1(\/|$)/);
        }
      }
      const { [name as keyof typeof tap]: _, ...lacking } = tap;
      assert.equal(failureOf(lacking) === null, schema.Check(lacking), `without ${name}`);
    }
    assert.ok(taken > 20 && refused > 200, `${taken} taken, ${refused} refused`);
    for (const json of [null, 1, 'x', [], [null], [[tap]], [1], [tap, 'x']]) {
      assert.ok(failureOf(json) !== null && !schema.Check(json), JSON.stringify(json));
    }
  });

  test('each field has its meaning, and what may be left out has its default', () => {
    const taps = new JsonTaps([
      tap,
      { gate: 'g', sequence: 1, card: 'c', direction: 'out', at: '2026-06-01T14:00:00+02:00' },
    ]);
    const read = [0, 1].map((i) => [
      taps.epoch(i),
      taps.sequence(i),
      taps.direction(i),
      taps.decided(i),
      new Date(taps.atMs(i)).toISOString(),
    ]);
    assert.deepEqual(read, [
      [3, 42, 0, 1, '2026-06-01T12:00:00.250Z'],
      [0, 1, 1, 0, '2026-06-01T12:00:00.000Z'],
    ]);
  });

  test('a mistake is named by its place; a time that does not exist is one', () => {
    const wrong = { ...tap, at: '2026-02-30T00:00:00Z' };
    assert.deepEqual(failureOf(wrong)?.errors, [{ path: '/at', message: 'is no time that exists' }]);
    assert.equal(failureOf([tap, tap, wrong])?.errors[0]?.path, '/2/at');
    assert.match(
      failureOf([tap, { ...tap, sequence: 0 }])?.detail ?? '',
      /^\/1\/sequence must be a whole number from 1/,
    );
    const { card: _, ...lacking } = tap;
    assert.deepEqual(failureOf([lacking])?.errors, [{ path: '/0', message: 'lacks: card' }]);
  });

  test('4,096 taps are taken, and one more is not', () => {
    assert.equal(new JsonTaps(Array.from({ length: 4096 }, () => tap)).count, 4096);
    assert.match(failureOf(Array.from({ length: 4097 }, () => tap))?.detail ?? '', /has 4097 taps; at most 4096/);
  });
});
