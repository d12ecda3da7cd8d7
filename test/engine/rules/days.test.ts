/** From where on the log is needed to settle days. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settlementStarts } from '../../../src/engine/rules/days.ts';
import { City, dayMs, hour, monday, mondayMs, stations } from '../../rating/city.ts';

const { a, b } = stations;

/** The day on which a position lies. */
function dayAt(city: City, position: number): number {
  return city.state.days.starts.findLast(([, start]) => start <= position)![0];
}

function commuter(days: number): City {
  const city = new City();
  for (let day = 0; day < days; day += 1) {
    city.wait(mondayMs + day * dayMs + 2 * hour);
    city.tap({ at: mondayMs + day * dayMs + 8 * hour, station: a });
    city.tap({ at: mondayMs + day * dayMs + 9 * hour, station: b, out: true });
  }
  return city;
}

test('a store without taps needs nothing', () => {
  const city = new City();
  city.wait(mondayMs + 40 * dayMs);
  assert.deepEqual(settlementStarts(city.state), []);
});

test('19 days before the closed one are needed, with a start every four days since then', () => {
  const city = commuter(40);
  const closed = city.state.days.closed!;
  assert.equal(closed, monday + 37);
  const days = settlementStarts(city.state).map((position) => dayAt(city, position));
  assert.equal(days[0], closed - 8 - 2 - 9);
  for (const day of days.slice(1)) assert.equal(day % 4, 0);
  assert.deepEqual(
    days,
    [...days].sort((one, other) => one - other),
  );
  assert.ok(days.length === 6, String(days));
});

test('a day that waits holds the log for as long as it waits', () => {
  const city = commuter(10);
  city.tap({ at: mondayMs + 9 * dayMs + 7 * hour, station: a, decided: 'opened' });
  const waiting = monday + 9;
  for (let day = 10; day < 50; day += 1) city.wait(mondayMs + day * dayMs + 3 * hour);
  assert.equal(settlementStarts(city.state)[0], 1, 'all of it: the tenth day less eleven');
  assert.ok(city.state.dayNotes.owed === 1 && city.state.days.closed! > waiting + 20);
  city.settle();
  assert.equal(dayAt(city, settlementStarts(city.state)[0]!), city.state.days.closed! - 19);
});
