/** Every rule of the engine, as tables of commands and outcomes; each case runs on every engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomes } from '../../src/engine/outcomes.ts';
import { subjects } from './subjects.ts';
import { casesOf, codesOf, runCase } from './table.ts';
import { accessKeys } from './tables/access-keys.ts';
import { cards } from './tables/cards.ts';
import { days } from './tables/days.ts';
import { fares } from './tables/fares.ts';
import { tariffs } from './tables/tariffs.ts';
import { taps } from './tables/taps.ts';
import { customers } from './tables/customers.ts';
import { halls } from './tables/halls.ts';
import { holds } from './tables/holds.ts';
import { keys } from './tables/keys.ts';
import { numbers } from './tables/numbers.ts';
import { offers } from './tables/offers.ts';
import { orders } from './tables/orders.ts';
import { partial } from './tables/partial.ts';
import { sales } from './tables/sales.ts';
import { seats } from './tables/seats.ts';
import { strangers } from './tables/strangers.ts';
import { waitlist } from './tables/waitlist.ts';

const cases = [
  accessKeys,
  cards,
  tariffs,
  taps,
  fares,
  days,
  sales,
  orders,
  holds,
  keys,
  waitlist,
  offers,
  numbers,
  customers,
  halls,
  seats,
  partial,
  strangers,
].flatMap(casesOf);

for (const [name, make] of Object.entries(subjects)) {
  for (const tested of cases) test(`${tested.name} (${name})`, () => runCase(tested, make()));
}

test('the tables reach every outcome', () => {
  const expected = new Set(cases.flatMap(codesOf));
  assert.deepEqual(
    Object.keys(outcomes).filter((code) => !expected.has(code)),
    [],
  );
});

test('no two cases have the same name', () => {
  assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
});

test('a row that is not as expected fails its case', () => {
  const wrong = [
    'createSale → NO_EFFECT',
    'order 0x1',
    'state position=9',
    'createSale colour=red',
    'confirm → throws x',
  ];
  for (const row of wrong) {
    for (const make of Object.values(subjects))
      assert.throws(() => runCase({ name: 'wrong', rows: [row] }, make()), /row 2/);
  }
});
