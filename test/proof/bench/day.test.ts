/**
 * A tenth of the metropolis' day, with a killed server, and what its accounts would disagree on.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CardBooks } from '../../../src/proof/audit/card-audit.ts';
import type { Lived } from '../../../src/proof/bench/day-life.ts';
import { complaintsOf, day, laterOf } from '../../../src/proof/bench/day.ts';
import { defaults } from '../../../src/proof/bench/settings.ts';

describe('a day', () => {
  test(
    'a day of gates that go offline and repeat themselves, and of a server that is killed, is right to the unit',
    { timeout: 400_000 },
    async () => {
      const { complaints, notes, figures } = await day({
        ...defaults,
        taps: 2_400_000,
        cards: 200_000,
        gates: 1000,
        kills: 5,
        seed: 7,
      });
      assert.deepEqual(complaints, []);
      const said = notes.join('\n');
      assert.match(said, /5 times kill -9/);
      assert.match(
        said,
        /settled [1-9]\d* days of cards.*; under the other tariff [1-9]\d* cards owe [1-9]\d* more, all booked/,
      );
      assert.doesNotMatch(said, /\b0 taps were offline|\b0 were sent twice/);
      assert.ok(figures.every(({ estimate }) => estimate.median > 0));
    },
  );
});

const counts = { open: 3, denied: 1, repeated: 0, appliedBefore: 0, fares: 400 };
const sound: Lived = {
  day: 20_000,
  told: {
    answered: 4,
    isDone: true,
    counts,
    taps: 4,
    offline: 0,
    sequences: [3, 1],
    problems: [],
    perSecond: 0,
    p50: 0,
    p99: 0,
    cpu: 0,
  },
  totals: { taps: 4, open: 3, denied: 1, balances: 9650, fares: 500, explained: true },
  seconds: 1,
  recoveries: [],
  desk: { topUps: 100, refunds: 50 },
  logBytes: 1,
  peakBytes: 1,
};
const books: CardBooks = {
  records: 1,
  cards: 1,
  taps: 4,
  open: 3,
  denied: 1,
  journeys: 2,
  balances: 9650,
  openings: 10_000,
  topUps: 100,
  fares: 500,
  refunds: 50,
  adjustments: 0,
  tapFares: 400,
  marks: new Map([
    ['0 1', 3],
    ['1 1', 1],
  ]),
  problems: [],
};

describe('the accounts of a day', () => {
  test('accounts that agree give no complaint', () => {
    assert.deepEqual(complaintsOf(sound, books), []);
  });

  test('a tap that only the store has, money without an origin, and a mark that was passed are told', () => {
    const told = (lived: Partial<Lived>, other: Partial<CardBooks>): string =>
      complaintsOf({ ...sound, ...lived }, { ...books, ...other }).join('\n');
    assert.match(
      told({ totals: { ...sound.totals, taps: 5 } }, {}),
      /^taps: 4 of the gates, 4 answered, 5 in the store, 4 in the log$/,
    );
    assert.match(
      told({}, { balances: 9651 }),
      /balances \+ fares - refunds - adjustments - top-ups: 0 is to be, 1 is$/,
    );
    assert.match(told({}, { tapFares: 399 }), /^fares of taps: 400 answered, 399 in the log$/);
    assert.match(
      told({}, { marks: new Map([['0 1', 4]]) }),
      /gate 1 sent 3 taps, and the log has 4\ngate 2 sent 1 taps, and the log has 0/,
    );
    assert.match(told({ desk: { topUps: 99, refunds: 50 } }, {}), /^top-ups: 99 of the desk, 100 in the log$/);
    assert.match(
      told({ told: { ...sound.told, isDone: false, problems: ['a repeated tap was applied again'] } }, {}),
      /applied again\nnot every tap was answered/,
    );
    assert.match(told({ totals: { ...sound.totals, explained: false } }, {}), /not explained/);
  });

  test('what settlement and re-rating booked must be what they said, and leave nothing over', () => {
    const after = {
      settled: 2,
      settledSum: 30,
      settleSeconds: 1,
      differ: 1,
      owedMore: 50,
      rerateSeconds: 1,
      problems: [],
    };
    const later = { ...books, adjustments: -20, balances: 9630 };
    assert.deepEqual(laterOf(after, books, later).complaints, []);
    const told = (more: Partial<typeof after>, other: Partial<CardBooks>): string =>
      laterOf({ ...after, ...more }, books, { ...later, ...other }).complaints.join('\n');
    assert.match(told({ settledSum: 31 }, {}), /^settled 31 and re-rated -50, and the log has adjustments of -20$/);
    assert.match(told({}, { balances: 9631 }), /^after the settlement, 1 are left over$/);
    assert.match(told({ differ: 0 }, {}), /^the other tariff changed nothing$/);
  });
});
