/** Days on which taps came out of order are settled as if they had come in order. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { City, dayMs, hour, monday, mondayMs, stations } from './city.ts';

const { a, b, c } = stations;
const minute = 60_000;

describe('a day that came out of order', () => {
  test('an exit that comes before its entry costs the ride, once the day is settled', () => {
    const city = new City();
    city.tap({ at: mondayMs + 9 * hour, station: b, out: true });
    assert.equal(city.paid(0, monday), 900);
    city.tap({ at: mondayMs + 8 * hour, station: a, decided: 'opened' });
    assert.deepEqual(city.due(), [], 'not before the day is closed');
    city.close(monday);
    assert.deepEqual(city.settle(), [{ card: 0, day: monday, amount: 590, replaces: 900, run: 0 }]);
    assert.equal(city.paid(0, monday), 310);
    assert.equal(city.state.dayNotes.owed, 0);
    assert.deepEqual(city.due(), [], 'and once alone');
  });

  test('taps of Monday that arrive on Tuesday, after those of Tuesday', () => {
    const city = new City();
    city.tap({ at: mondayMs + dayMs + 8 * hour, station: a });
    city.tap({ at: mondayMs + dayMs + 9 * hour, station: b, out: true });
    city.tap({ at: mondayMs + 8 * hour, station: a, decided: 'opened' });
    city.tap({ at: mondayMs + 8 * hour + minute, station: c, out: true, decided: 'opened' });
    assert.equal(city.paid(0, monday), 0);
    city.close(monday);
    assert.deepEqual(city.settle(), [{ card: 0, day: monday, amount: -400, replaces: 0, run: 0 }]);
    city.close(monday + 1);
    assert.deepEqual(city.settle(), []);
    assert.deepEqual([city.paid(0, monday), city.paid(0, monday + 1)], [400, 310]);
  });

  test('a tap that the gate let in for a denied one, and one that a gate repeats, are no rides', () => {
    const city = new City({ passbackSeconds: 600 });
    city.tap({ at: mondayMs + 8 * hour, station: a });
    city.tap({ at: mondayMs + 8 * hour + minute, station: a });
    city.tap({ at: mondayMs + 9 * hour, station: b, out: true, decided: 'denied' });
    city.tap({ at: mondayMs + 10 * hour, station: c, out: true });
    city.tap({ at: mondayMs + 7 * hour, station: 77, decided: 'opened' });
    city.close(monday);
    const rating = city.rate({ from: monday, to: monday, tariff: null });
    assert.equal(rating.taps, 3, 'two rides, and one at a station that the tariff lacks');
    assert.deepEqual([...rating.rows()], [{ card: 0, day: monday, booked: 400, rerated: 0, due: 400 }]);
  });

  test('an exit after midnight that comes before its entry moves the next day, too', () => {
    const city = new City();
    city.tap({ at: mondayMs + dayMs + 10 * minute, station: b, out: true });
    city.tap({ at: mondayMs + 23 * hour, station: a, decided: 'opened' });
    city.close(monday);
    assert.deepEqual(city.settle(), [{ card: 0, day: monday, amount: -310, replaces: 0, run: 0 }]);
    assert.equal(city.paid(0, monday + 1), 900);
    city.close(monday + 1);
    const [settled, ...more] = city.settle();
    assert.deepEqual([settled?.amount, settled?.replaces, more], [900, 900, []]);
    assert.deepEqual([city.paid(0, monday), city.paid(0, monday + 1)], [310, 0]);
    assert.deepEqual(city.settle(), []);
  });

  test('a chain whose parts came out of order costs the difference alone', () => {
    const interchanges = [{ from: 1, to: 0, minutes: 30 }];
    const city = new City({ interchanges });
    const at = mondayMs + 8 * hour;
    city.tap({ at: at + 40 * minute, station: a, decided: 'opened' });
    city.tap({ at: at + 60 * minute, station: c, out: true, decided: 'opened' });
    city.tap({ at, station: a, decided: 'opened' });
    city.tap({ at: at + 20 * minute, station: b, out: true, decided: 'opened' });
    assert.equal(city.paid(0, monday), 400);
    city.close(monday);
    // a to b, over to a, and on to c: as a to c in all.
    assert.deepEqual(city.settle(), [{ card: 0, day: monday, amount: 0, replaces: 400, run: 0 }]);
    assert.equal(city.state.dayNotes.owed, 0, 'a settlement of nothing is one, too');
  });

  test('a cap binds by the order of the rides, and a cap of a week reaches later days', () => {
    const city = new City({ caps: [{ amount: 700, window: 'week', zones: null }] });
    const ride = (day: number, at: number, decided: 'none' | 'opened'): void => {
      city.tap({ at: mondayMs + day * dayMs + at * hour, station: a, decided });
      city.tap({ at: mondayMs + day * dayMs + (at + 1) * hour, station: b, out: true, decided });
    };
    ride(1, 8, 'none');
    ride(0, 8, 'opened');
    ride(2, 8, 'none');
    assert.deepEqual(
      [0, 1, 2].map((day) => city.paid(0, monday + day)),
      [0, 310, 310],
    );
    for (const day of [0, 1, 2, 3]) {
      city.close(monday + day);
      city.settle();
    }
    assert.deepEqual(
      [0, 1, 2].map((day) => city.paid(0, monday + day)),
      [310, 310, 80],
    );
  });

  test('a re-rating stays what it is when the day is settled later', () => {
    const city = new City();
    city.tap({ at: mondayMs + 8 * hour, station: a });
    city.tap({ at: mondayMs + 9 * hour, station: b, out: true });
    city.close(monday);
    assert.equal(city.adjust({ card: 0, day: monday, amount: 10, replaces: 310, run: 77_777 }), 'OK');
    city.tap({ at: mondayMs + 6 * hour, station: a, decided: 'opened' });
    city.tap({ at: mondayMs + 7 * hour, station: c, out: true, decided: 'opened' });
    assert.deepEqual(city.settle(), [{ card: 0, day: monday, amount: -400, replaces: 300, run: 0 }]);
    assert.equal(city.paid(0, monday), 700);
  });
});

describe('what moves between reckoning and booking', () => {
  test('a fare refuses the settlement, and so does a late tap that costs nothing yet', () => {
    const city = new City();
    city.tap({ at: mondayMs + 9 * hour, station: b, out: true });
    city.tap({ at: mondayMs + 8 * hour, station: a, decided: 'opened' });
    city.close(monday);
    const [first] = city.due();
    const upTo = city.engine.position;
    city.tap({ at: mondayMs + 10 * hour, station: c, out: true, decided: 'opened' });
    assert.equal(city.adjust(first!, upTo), 'SUM_MOVED');
    const [second] = city.due();
    const then = city.engine.position;
    city.tap({ at: mondayMs + 7 * hour, station: a, decided: 'opened' });
    assert.equal(city.adjust(second!, then), 'SUM_MOVED');
    assert.equal(city.state.dayNotes.owed, 1);
    city.settle();
    // a in at 7 without an exit, a to b, and an exit at c.
    assert.equal(city.paid(0, monday), 900 + 310 + 900);
  });

  test('booked twice by two settlers it is booked once', () => {
    const city = new City();
    city.tap({ at: mondayMs + 9 * hour, station: b, out: true });
    city.tap({ at: mondayMs + 8 * hour, station: a, decided: 'opened' });
    city.close(monday);
    const [due] = city.due();
    const upTo = city.engine.position;
    assert.equal(city.adjust(due!, upTo), 'OK');
    assert.equal(city.adjust(due!, upTo), 'ADJUSTED_ALREADY');
    assert.equal(city.adjust({ ...due!, run: 99_999 }, upTo), 'SUM_MOVED');
  });

  test('a journey that began on a closed day and is still open is not due yet', () => {
    const city = new City();
    city.tap({ card: 1, at: mondayMs + 9 * hour, station: b, out: true });
    city.tap({ card: 1, at: mondayMs + 8 * hour, station: a, decided: 'opened' });
    city.close(monday);
    city.tap({ at: mondayMs + 20 * hour, station: a, decided: 'opened' });
    const rating = city.rate({ from: monday, to: monday, tariff: null });
    assert.ok(rating.isUnderWay({ card: 0, day: monday }));
    assert.deepEqual(
      [...rating.differences()].map(({ card }) => card),
      [1],
    );
    city.close(monday + 1);
    assert.equal(city.paid(0, monday), 900);
  });
});
