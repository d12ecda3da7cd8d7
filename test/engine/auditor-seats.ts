/**
 * Checks the seats of a state, and their step from the one before; shares no code with any engine.
 */
import assert from 'node:assert/strict';
import type { SaleDump, SeatDump, StateDump } from '../../src/engine/dump.ts';
import { civilMsOf } from './civil.ts';

const maxPlaces = 4096;

/** The holders of seats: numbers of active holds, and of standing lines over all orders. */
interface Holders {
  readonly held: Map<number, number[]>;
  readonly sold: Map<number, number[]>;
}

export function auditSeats(state: StateDump): void {
  const holders: Holders = { held: new Map(), sold: new Map() };
  const note = (into: Map<number, number[]>, seats: readonly number[], holder: number): void => {
    for (const seat of seats) into.set(seat, [...(into.get(seat) ?? []), holder]);
  };
  for (const [number, hold] of state.holds.entries()) {
    auditShare(state, hold, `hold ${number}`);
    if (hold.state === 'active') note(holders.held, hold.seats, number);
  }
  const lines = state.orders.flatMap((order) => order.lines);
  for (const [number, line] of lines.entries()) {
    auditShare(state, line, `line ${number}`);
    if (line.cancelledAt === 0) note(holders.sold, line.seats, number);
  }
  const all = state.sales.flatMap(({ seats }) => seats.map(({ seat }) => seat)).toSorted((one, other) => one - other);
  const inOne = all.every((seat, at) => seat === at);
  assert.ok(inOne, 'every seat is in one sale');
  for (const [number, sale] of state.sales.entries()) auditHall(sale, holders, `sale ${number}`);
  auditNumbers(state);
}

/** A hold or line of a seated sale has as many seats as units; of a counted sale it has none. */
function auditShare(
  state: StateDump,
  { sale, quantity, seats }: { readonly sale: number; readonly quantity: number; readonly seats: readonly number[] },
  what: string,
): void {
  const { kind, linePerSeat, seats: ofSale } = state.sales[sale]!;
  assert.equal(seats.length, kind === 'seated' ? quantity : 0, `${what} has as many seats as units`);
  assert.equal(new Set(seats).size, seats.length, `${what} has a seat twice`);
  const known = new Set(ofSale.map(({ seat }) => seat));
  assert.ok(
    seats.every((seat) => known.has(seat)),
    `${what} has seats of its sale`,
  );
  if (linePerSeat && what.startsWith('line')) assert.equal(quantity, 1, `${what} is of one seat`);
}

function auditHall({ kind, seats, capacity, sold, held, hallRows }: SaleDump, holders: Holders, what: string): void {
  if (kind === 'counted') assert.deepEqual([seats.length, hallRows.length], [0, 0], `${what} has no hall`);
  else {
    const count = (...states: SeatDump['state'][]): number =>
      seats.filter(({ state }) => states.includes(state)).length;
    const counts = [count('available', 'held', 'sold'), count('held'), count('sold')];
    assert.deepEqual([capacity, held, sold], counts, `${what} counts its seats`);
  }
  const labels = new Set<string>();
  const spots = new Set<string>();
  for (const seat of seats) {
    const { section, row, number, place, state } = seat;
    const label = `${section}-${row}-${number}`;
    assert.ok(place >= 1 && place <= maxPlaces, `seat ${label} of ${what} is at place ${place}`);
    const isKnown = hallRows.some((known) => known.section === section && known.name === row);
    assert.ok(isKnown, `the row of seat ${label} is one of ${what}`);
    auditHolder(seat, holders, `seat ${label} of ${what}`);
    if (state === 'removed') continue;
    const spot = JSON.stringify([section, row, place]);
    assert.ok(!labels.has(label) && !spots.has(spot), `${label} of ${what} stands twice`);
    labels.add(label);
    spots.add(spot);
  }
}

/** A seat is held by one hold, sold to one line, or free; and it names its holder. */
function auditHolder({ seat, state, holder }: SeatDump, { held, sold }: Holders, what: string): void {
  const isOnly = (holders: readonly number[] | undefined, expected: boolean): boolean =>
    expected ? holders?.length === 1 && holders[0] === holder : holders === undefined;
  assert.ok(isOnly(held.get(seat), state === 'held'), `the hold of ${what}`);
  assert.ok(isOnly(sold.get(seat), state === 'sold'), `the line of ${what}`);
  if (state !== 'held' && state !== 'sold') assert.equal(holder, null, `${what} is nobody's`);
}

/** Standing seats have unique numbers within their door, without gaps over all rows ever made. */
function auditNumbers({ sales }: StateDump): void {
  for (const door of new Set(sales.map((sale) => sale.door))) {
    const seats = sales.filter((sale) => sale.door === door).flatMap((sale) => sale.seats);
    const numbers = [...new Set(seats.map(({ doorNumber }) => doorNumber))].toSorted((one, other) => one - other);
    const inTurn = numbers.every((number, at) => number === (door === 0 ? 0 : at + 1));
    assert.ok(inTurn, `numbers of the seats of door ${door}`);
    const standing = seats.filter(({ state }) => state !== 'removed').map(({ doorNumber }) => doorNumber);
    if (door > 0) assert.equal(new Set(standing).size, standing.length, `a number of door ${door} stands twice`);
  }
}

/** What may not change of halls and seats from one state to the next, and what must. */
export function auditSeatsStep(before: StateDump, after: StateDump): void {
  for (const [number, sale] of before.sales.entries()) {
    const next = after.sales[number]!;
    const rows = next.hallRows.slice(0, sale.hallRows.length);
    assert.equal(JSON.stringify(rows), JSON.stringify(sale.hallRows), `the rows of sale ${number} stay`);
    assert.deepEqual([next.kind, next.linePerSeat], [sale.kind, sale.linePerSeat], `sale ${number} stays what it is`);
    if (sale.removed) assert.deepEqual(next, sale, `sale ${number} was removed, and nothing of it changes`);
    if (next.removed) assert.deepEqual([next.sold, next.held], [0, 0], `sale ${number} was removed while it was empty`);
    for (const [at, seat] of sale.seats.entries()) auditSeatStep(seat, next.seats[at]!, after);
    const retired = sale.seats.filter((seat, at) => seat.state !== 'removed' && next.seats[at]!.state === 'removed');
    for (const seat of next.seats.slice(sale.seats.length)) {
      assert.equal(seat.changedAt, after.position, `seat ${seat.seat} was made now`);
      // A seat that replaces another keeps its time of creation.
      const times = [civilMsOf(after), ...retired.map(({ createdAtMs }) => createdAtMs)];
      assert.ok(times.includes(seat.createdAtMs), `the time of creation of seat ${seat.seat}`);
    }
  }
}

function auditSeatStep(before: SeatDump, after: SeatDump, { position }: StateDump): void {
  const { state, holder, changedAt, ...fixed } = before;
  const { state: nextState, holder: nextHolder, changedAt: nextChangedAt, ...nextFixed } = after;
  assert.equal(JSON.stringify(nextFixed), JSON.stringify(fixed), `seat ${before.seat} stays what it is`);
  if (state === 'removed') assert.equal(nextState, state, `seat ${before.seat} was removed, and stays so`);
  const isChanged = state !== nextState || holder !== nextHolder;
  const expected = isChanged ? [position] : [changedAt, position];
  assert.ok(expected.includes(nextChangedAt), `seat ${before.seat} notes when it changed`);
}
