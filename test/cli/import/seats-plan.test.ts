/**
 * Which seats are to be added, where some stand: whole records that are there are passed over, and
 * any other seat is a flaw.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Reading } from '../../../src/cli/import/flaws.ts';
import { spellFlaw } from '../../../src/cli/import/flaws.ts';
import type { SeatRow } from '../../../src/cli/import/rows.ts';
import type { SeatsPlan } from '../../../src/cli/import/seats-plan.ts';
import { planSeats } from '../../../src/cli/import/seats-plan.ts';
import type { KnownEvent, StandingSeat } from '../../../src/cli/import/target.ts';

const hamlet: KnownEvent = { id: 1, name: 'Hamlet', date: null, sale: 'sale_0_5' };
const lear: KnownEvent = { id: 2, name: ' Lear ', date: null, sale: 'sale_0_6' };

function rows(event: string, count: number, firstLine = 2): SeatRow[] {
  return Array.from({ length: count }, (_, i) => ({
    line: firstLine + i,
    event,
    section: null,
    rowNumber: '1',
    seatNumber: String(i + 1),
    accessible: false,
    rank: null,
  }));
}

function stands(number: string, more: Partial<StandingSeat> = {}): StandingSeat {
  return { section: 'Hall', row: '1', number, place: Number(number), rank: 1, accessible: false, ...more };
}

function standing(from: number, to: number): StandingSeat[] {
  return Array.from({ length: to - from + 1 }, (_, i) => stands(String(from + i)));
}

function plan(file: readonly SeatRow[], there: readonly StandingSeat[] = []): Promise<Reading<SeatsPlan>> {
  return planSeats(file, [hamlet, lear], async (event) => (event === hamlet ? there : []));
}

async function planned(file: readonly SeatRow[], there: readonly StandingSeat[] = []): Promise<object> {
  const reading = await plan(file, there);
  assert.ok(reading.ok, 'it has flaws');
  const { toAdd, ...rest } = reading.value;
  return { ...rest, toAdd: toAdd.map(({ sale, row, seats }) => `${sale} from row ${row}: ${seats.length}`) };
}

async function flaws(file: readonly SeatRow[], there: readonly StandingSeat[]): Promise<string[]> {
  const reading = await plan(file, there);
  assert.ok(!reading.ok, 'it has no flaw');
  return reading.flaws.map((flaw) => spellFlaw('x.csv', flaw));
}

describe('a plan', () => {
  const file = [...rows('Hamlet', 2500), ...rows('Lear', 3, 2502)];

  test('a plan has records of a thousand seats, of one event each, in the order of the file', async () => {
    const toAdd = [
      'sale_0_5 from row 1: 1000',
      'sale_0_5 from row 1001: 1000',
      'sale_0_5 from row 2001: 500',
      'sale_0_6 from row 2501: 3',
    ];
    assert.deepEqual(await planned(file), { toAdd, there: 0, events: 2 });
    const mixed = [...file.slice(0, 700), ...file.slice(2500, 2501), ...file.slice(700, 2500), ...file.slice(2501)];
    const ofMixed = ['sale_0_5 from row 1: 1000', 'sale_0_5 from row 1002: 1000', 'sale_0_5 from row 2002: 500'];
    assert.deepEqual(await planned(mixed), { toAdd: [...ofMixed, 'sale_0_6 from row 701: 3'], there: 0, events: 2 });
  });

  test('a plan skips existing records, and leaves the others unchanged', async () => {
    const rest = ['sale_0_5 from row 2001: 500', 'sale_0_6 from row 2501: 3'];
    assert.deepEqual(await planned(file, standing(1, 2000)), { toAdd: rest, there: 2000, events: 2 });
    const middle = ['sale_0_5 from row 1: 1000', ...rest];
    assert.deepEqual(await planned(file, standing(1001, 2000)), { toAdd: middle, there: 1000, events: 2 });
    assert.deepEqual(await planned(rows('1', 3), standing(1, 9)), { toAdd: [], there: 3, events: 1 });
  });

  test('a plan has a flaw for each existing seat of a record that does not exist', async () => {
    const there = [...standing(1, 999), ...standing(2500, 2500)];
    const found = await flaws(file, there);
    assert.equal(found.length, 1000);
    assert.equal(found[0], 'x.csv line 2: the seat is there already: take this line away');
    assert.equal(found[999], 'x.csv line 2501: the seat is there already: take this line away');
  });

  test('a plan has a flaw for a seat whose place is that of another', async () => {
    assert.deepEqual(await flaws(rows('Hamlet', 3), [stands('A', { place: 2 })]), [
      'x.csv line 3: seat "A" stands at this place of the row: take this line away, or change that seat',
    ]);
    assert.deepEqual(await planned(rows('Hamlet', 3), [stands('A', { place: 2, section: 'Box' })]), {
      toAdd: ['sale_0_5 from row 1: 3'],
      there: 0,
      events: 1,
    });
  });

  test('a plan knows seats by their labels, whichever section and row those come from', async () => {
    const given = { ...rows('Hamlet', 1)[0]!, section: 'A-1', rowNumber: '2', seatNumber: '3' };
    assert.deepEqual(await flaws([given], [stands('3', { section: 'A', row: '1-2' })]), [
      'x.csv line 2: the seat is there already: take this line away',
    ]);
  });
});
