/**
 * The dialect's own checks and the schemas that it publishes take and refuse the same.
 * HOLDFAST_SEED replays a seed.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Body } from '../../../src/doors/kit/input.ts';
import * as input from '../../../src/doors/seats/input.ts';
import * as schemas from '../../../src/doors/seats/schemas.ts';
import { HttpFailure } from '../../../src/http/problems.ts';
import { Random, seedsFor } from '../../engine/random.ts';

const checks: Readonly<Record<string, readonly [TSchema, (body: Body) => unknown, proper: object]>> = {
  'a user': [schemas.userRequest, input.readUser, { email: 'a@example.org', name: 'A' }],
  'a change of a user': [schemas.userChange, input.readUserChange, { email: 'a@example.org', name: 'A' }],
  'an event': [schemas.eventRequest, input.readEvent, { name: 'A', event_date: '2027-01-01', status: 'active' }],
  'a change of an event': [
    schemas.eventChange,
    input.readEventChange,
    { name: 'A', event_date: '2027-01-01T10:00Z', status: 'x' },
  ],
  'a seat': [schemas.seatRequest, input.readSeat, { event_id: 1, row_number: 1, seat_number: 1, status: 'blocked' }],
  'a change of a seat': [
    schemas.seatChange,
    input.readSeatChange,
    { event_id: '1', row_number: 0, seat_number: 4096, status: 'booked' },
  ],
  'a booking': [
    schemas.bookingRequest,
    input.readBooking,
    { eventId: 1, numberOfSeats: 10, userId: 7, partial: false },
  ],
  'a booking in part': [
    schemas.bookingRequest,
    input.readBooking,
    { eventId: 1, numberOfSeats: 1, userId: 7, partial: true },
  ],
  'a cancelling of one': [schemas.cancelRequest, input.readCancelling, { eventId: 1, bookingId: 2 }],
  'a cancelling of all': [schemas.cancelRequest, input.readCancelling, { eventId: '12', cancelAll: true }],
};

const oddments: readonly unknown[] = [null, true, false, [1], {}, { a: 1 }];
const numbers = [0, -0, 1, 2, 9, 10, 11, 4096, 4097, -1, 0.5, 1.5, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e300];
const texts = ['', ' ', 'x', '1', '0', '01', '1e3', '-1', '999999999999999', '9999999999999999', 'a\u0000b', 'a\u007f'];
const lengths = [50, 51, 255, 256].map((length) => 'x'.repeat(length));
const spaces = ['\t', '\u00a0', '\u2028', 'Zoë 王'];
const emails = ['a@b', 'a@b.c', 'a@@b.c', 'a@b.c.', 'a b@c.d', "o'b@c.d", 'a@b.c\n', ...longEmails(251, 252)];
const times = [
  '2027-01-01',
  '2027-1-1',
  '2027-01-01T10:00',
  '2027-01-01 10:00:00.5+01:00',
  '2027-01-01T10',
  'x2027-01-01',
];
const values = [oddments, numbers, texts, lengths, spaces, emails, times, input.seatStatuses, ['Available']].flat();

function longEmails(...lengths: readonly number[]): string[] {
  return lengths.map((length) => `${'x'.repeat(length)}@b.c`);
}

function takes(check: (body: Body) => unknown, body: object): boolean {
  try {
    check(body as Body);
    return true;
  } catch (error) {
    assert.ok(error instanceof HttpFailure && error.row.status === 400, String(error));
    return false;
  }
}

describe('checks and schemas', () => {
  for (const [what, [schema, check, proper]] of Object.entries(checks)) {
    const validator = Compile(schema);
    const agree = (body: object): boolean => {
      const taken = takes(check, body);
      assert.equal(taken, validator.Check(body), `${what}: ${JSON.stringify(body)}`);
      return taken;
    };

    test(`checks and schemas agree about every value in every field of ${what}`, () => {
      assert.ok(agree(proper));
      let refused = agree({}) ? 0 : 1;
      for (const name of [...Object.keys(proper), 'x', 'toString']) {
        const { [name]: _, ...rest } = proper as Record<string, unknown>;
        agree(rest);
        for (const value of values) if (!agree({ ...proper, [name]: value })) refused += 1;
      }
      assert.ok(refused > values.length);
    });

    for (const seed of seedsFor(2, 41)) {
      test(`checks and schemas agree about ${what} of random parts, seed ${seed}`, () => {
        const random = new Random(seed);
        for (let i = 0; i < 500; i += 1) {
          const names = Object.keys(proper).filter(() => random.chance(80));
          const own = proper as Record<string, unknown>;
          const body = names.map((name) => [name, random.chance(60) ? own[name] : random.pick(values)] as const);
          agree(Object.fromEntries(body));
        }
      });
    }
  }
});
