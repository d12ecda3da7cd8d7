/**
 * The dialect's own checks and the schemas that it publishes take and refuse the same.
 * HOLDFAST_SEED replays a seed.
 */
import assert from 'node:assert/strict';
import { parseJson } from '../../../src/http/body.ts';
import { describe, test } from 'node:test';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { asObject, quantityOf, readQuantity } from '../../../src/doors/tickets/quantity.ts';
import { readEvent, readPage, readPurchase } from '../../../src/doors/tickets/requests.ts';
import * as schemas from '../../../src/doors/tickets/schemas.ts';
import { HttpFailure } from '../../../src/http/problems.ts';
import { Random, seedsFor } from '../../engine/random.ts';

/** The hand checks of each body, in the order in which the door makes them. */
const checks: readonly (readonly [string, TSchema, (body: unknown) => void])[] = [
  ['a purchase', schemas.purchaseRequest, (body) => void readQuantity(asObject(body)['quantity'])],
  ['an event', schemas.eventRequest, (body) => void readEvent(asObject(body))],
  ['a purchase by event', schemas.purchaseByEventRequest, (body) => void readPurchase(asObject(body))],
];

const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  1,
  2,
  9,
  10,
  11,
  -1,
  0.5,
  9.999999,
  10.000001,
  1e9,
  1e9 + 1,
  1e300,
  Infinity,
  -Infinity,
  NaN,
  2 ** 53,
  '',
  'x',
  '1',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(200),
  'x'.repeat(201),
  'x'.repeat(255),
  'x'.repeat(256),
  '\u{1f600}'.repeat(200),
  '\u{1f600}'.repeat(201),
  '\u{1f600}'.repeat(256),
  [],
  [1],
  {},
  { a: 1 },
];

function takes(check: (body: unknown) => void, body: unknown): boolean {
  try {
    check(body);
    return true;
  } catch (error) {
    assert.ok(error instanceof HttpFailure && error.row.status === 400, String(error));
    return false;
  }
}

function agree(schema: TSchema, check: (body: unknown) => void, body: unknown): boolean {
  const published = Compile(schema).Check(body);
  assert.equal(takes(check, body), published, JSON.stringify(body));
  return published;
}

describe('the hand checks and the schema of', () => {
  for (const [what, schema, check] of checks) {
    const fields = Object.keys((schema as unknown as { properties: object }).properties);

    for (const seed of seedsFor(2, 5)) {
      test(`${what} agree on bodies of seed ${seed}`, () => {
        const random = new Random(seed);
        let taken = 0;
        for (let i = 0; i < 2000; i += 1) {
          const proper: Record<string, unknown> = {
            quantity: 2,
            name: 'x',
            eventId: 'x',
            idempotencyKey: 'x',
            totalSeats: 5,
          };
          const body: Record<string, unknown> = {};
          for (const field of fields) {
            if (random.chance(60)) body[field] = proper[field];
            else if (random.chance(80)) body[field] = random.pick(values);
          }
          if (random.chance(10)) body['unknown'] = random.pick(values);
          if (agree(schema, check, body)) taken += 1;
        }
        assert.ok(taken > 100 && taken < 1900, `${taken} of 2000 were taken`);
      });
    }

    test(`${what} agree on what is no object`, () => {
      for (const body of [null, true, 1, 'x', [], [{ quantity: 1 }]]) assert.equal(agree(schema, check, body), false);
    });
  }
});

test('a limit is a whole number from 1 to 100, a page one of at least 1, as it is written', () => {
  const read = (query: string): object => readPage(new URLSearchParams(query));
  for (let limit = 1; limit <= 100; limit += 1) assert.deepEqual(read(`limit=${limit}`), { limit, page: 1 });
  assert.deepEqual(read(''), { limit: 100, page: 1 });
  for (const page of [1, 2, 101, 1_000_000_000]) assert.deepEqual(read(`page=${page}`), { limit: 100, page });
  for (const text of ['0', '-1', '01', '1.0', '1e1', ' 1', '1 ', '', '%2B1', '0x1', '\u0661', '9999999999']) {
    assert.throws(() => read(`limit=${text}`), HttpFailure, text);
    assert.throws(() => read(`page=${text}`), HttpFailure, text);
  }
  for (const query of ['limit=101', 'limit=1000', 'page=1000000001']) assert.throws(() => read(query), HttpFailure);
});

test('the short way to a quantity takes and refuses what the long way does', () => {
  const encoder = new TextEncoder();
  const outcomeOf = (read: () => number): string => {
    try {
      return `takes ${read()}`;
    } catch (error) {
      return `refuses: ${error instanceof Error ? error.message : String(error)}`;
    }
  };
  const values = [
    '',
    ' ',
    '0',
    '1',
    '9',
    '10',
    '11',
    '01',
    '00',
    '-1',
    '1.5',
    '1e1',
    '99',
    '100',
    '5 ',
    ' 7',
    '  7',
    '٣',
    '"1"',
    'null',
  ];
  const texts = values.flatMap((value) => [
    `{"quantity":${value}}`,
    `{"quantity": ${value}}`,
    `{"quantity":${value}} `,
    `{ "quantity":${value}}`,
    `{"quantity":${value}`,
    `{"Quantity":${value}}`,
    `{"quantity":${value},"x":1}`,
    `{"quantity":${value}}}`,
  ]);
  for (const text of texts) {
    const bytes = encoder.encode(text);
    assert.equal(
      outcomeOf(() => quantityOf(bytes)),
      outcomeOf(() => readQuantity(asObject(parseJson(bytes))['quantity'])),
      text,
    );
  }
});
