/** Where a rating of a folder begins, and what it says of a log that was trimmed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openFileLog } from '../../src/log/file/file-log.ts';
import { dateOf, rate } from '../../src/rating/rate.ts';
import { saveSnapshot } from '../../src/store/snapshot-files.ts';
import { withFolder } from '../log/support/folders.ts';
import { City, dayMs, hour, monday, mondayMs, stations } from './city.ts';

const days = 30;

/** A commuter's month in small segments, with a snapshot at the 10th day, and trimmed behind it. */
function withTrimmed(use: (folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const city = new City();
    const log = await openFileLog({ folder, firstSegmentBytes: 4096, maxSegmentBytes: 4096 });
    for (let day = 0; day < days; day += 1) {
      const at = mondayMs + day * dayMs;
      city.wait(at + 2 * hour);
      city.tap({ at: at + 8 * hour, station: stations.a });
      city.tap({ at: at + 9 * hour, station: stations.b, out: true });
      if (day === 10) saveSnapshot(folder, city.engine, null);
    }
    for (const batch of city.batches) await log.append(batch);
    const [, position] = city.state.days.starts.find(([day]) => day === monday + 11)!;
    await log.trim(position);
    assert.ok(log.start() > 1, 'something was trimmed');
    saveSnapshot(folder, city.engine, null);
    await log.close();
    await use(folder);
  });
}

test('days whose log is left are rated from the snapshot before them', () =>
  withTrimmed(async (folder) => {
    const rating = await rate({ folder, from: monday + 15, to: monday + 17, tariff: null });
    const rows = [...rating.rows()].map(({ day, booked, due }) => [day - monday, booked, due]);
    assert.deepEqual(rows, [
      [15, 310, 310],
      [16, 310, 310],
      [17, 310, 310],
    ]);
  }));

test('days whose log was trimmed are refused, and the first one left is named', () =>
  withTrimmed(async (folder) => {
    const first = new RegExp(`was trimmed: .* of days before ${dateOf(monday + 13)} it does not have all`);
    for (const from of [monday, monday + 12]) {
      await assert.rejects(rate({ folder, from, to: from + 3, tariff: null }), first);
    }
    await rate({ folder, from: monday + 13, to: monday + 13, tariff: null });
  }));

test('a folder without a store is said to have none', () =>
  withFolder(async (folder) => {
    await assert.rejects(rate({ folder, from: monday, to: monday, tariff: null }), /has no store in it/);
  }));
