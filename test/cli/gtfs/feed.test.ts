/** Zips of feeds: sound ones, and those that are damaged or mean harm. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFeed } from '../../../src/cli/gtfs/feed.ts';
import { UserError } from '../../../src/store/user-error.ts';
import type { Tables } from './feeds.ts';
import { olderFeed, withFeed, withFile, zipOf } from './feeds.ts';

async function refused(bytes: Uint8Array, message: RegExp): Promise<void> {
  await withFile(bytes, (file) =>
    assert.rejects(readFeed(file), (error) => error instanceof UserError && message.test(error.message)),
  );
}

const refusedFeed = async (tables: Tables, message: RegExp): Promise<void> => refused(await zipOf(tables), message);

test('tables are read by their columns, whatever else is in the zip', () =>
  withFeed({ ...olderFeed, 'shapes.txt': 'x', 'notes/README': '"' }, async (file) => {
    const feed = await readFeed(file);
    assert.deepEqual([feed.has('stops.txt'), feed.has('areas.txt')], [true, false]);
    const stops = feed.rows('stops.txt');
    assert.deepEqual([stops.length, stops[4]!('stop_name'), stops[4]!('no_such')], [7, 'Middle, upper', '']);
    assert.equal(feed.hasColumn('stops.txt', 'zone_id'), true);
    assert.equal(feed.hasColumn('stops.txt', 'rule_priority'), false);
  }));

test('a byte order mark, blanks and missing fields at the end of a row do no harm', () =>
  withFeed({ 'stops.txt': '\u{feff}stop_id , stop_name,zone_id\n a , A \n\nb,B,2\n' }, async (file) => {
    const rows = (await readFeed(file)).rows('stops.txt');
    assert.deepEqual(
      rows.map((row) => [row('stop_id'), row('stop_name'), row('zone_id')]),
      [
        ['a', 'A', ''],
        ['b', 'B', '2'],
      ],
    );
  }));

test('what is no zip, or a piece of one, is refused', async () => {
  await refused(Buffer.from('stop_id,stop_name\n'), /cannot be read as a zip/);
  await refused(new Uint8Array(0), /cannot be read as a zip/);
  const whole = await zipOf(olderFeed);
  for (const part of [1, 30, whole.length >> 1, whole.length - 1]) {
    await refused(whole.subarray(0, part), /cannot be read as a zip|is damaged/);
  }
  await assert.rejects(readFeed('/no/such/feed.zip'), /cannot be read as a zip: .*ENOENT/);
});

test('a byte that changed is noticed', async () => {
  const whole = await zipOf({
    'stops.txt': ['stop_id,stop_name', ...Array.from({ length: 50 }, (_, at) => `s${at},S`)],
  });
  const begin = whole.indexOf('stops.txt') + 'stops.txt'.length;
  let noticed = 0;
  for (let at = begin; at < whole.indexOf(Buffer.from('PK\x01\x02', 'latin1')); at += 5) {
    const changed = Buffer.from(whole);
    changed[at] = changed[at]! ^ 0x10;
    await withFile(changed, async (file) => {
      await readFeed(file).catch((error: unknown) => {
        assert.ok(error instanceof UserError, String(error));
        noticed += 1;
      });
    });
  }
  assert.ok(noticed > 10);
});

test('a table that unpacks to more than such a table has is refused before it is unpacked', async () => {
  const zeros = '0'.repeat(33 * 1024 * 1024);
  await refusedFeed({ 'stops.txt': zeros }, /stops.txt has 34603008 bytes, which is too much/);
  const large = `stop_id\n${'0'.repeat(25 * 1024 * 1024)}`;
  const tables = { 'stops.txt': large, 'areas.txt': large, 'agency.txt': large, 'calendar.txt': large };
  await refusedFeed(tables, /calendar.txt has .*too much/);
});

test('a table that says it is small, and is not, is refused', async () => {
  const zip = await zipOf({ 'stops.txt': 'stop_id\n'.repeat(1_000_000) });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(8_000_000);
  const small = Buffer.alloc(4);
  small.writeUInt32LE(100);
  let at = zip.indexOf(size);
  let found = 0;
  for (; at >= 0; at = zip.indexOf(size, at + 1), found += 1) small.copy(zip, at);
  assert.ok(found > 0);
  await refused(zip, /is damaged: too many bytes/);
});

test('more files than any feed has are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`f${at}`, '']));
  await refusedFeed({ ...many, ...olderFeed }, /more than 10000 files/);
});

test('a zip that is no feed is refused, and one in a folder says so', async () => {
  await refusedFeed({ 'readme.txt': 'hello' }, /has no stops.txt, so it is no GTFS feed$/);
  const inside = Object.fromEntries(Object.entries(olderFeed).map(([name, table]) => [`city/${name}`, table]));
  await refusedFeed(inside, /in the folder "city", and belong at the top/);
});

test('a flaw in a table is named with its line', async () => {
  const flawed = ['stop_id,stop_name', 'a,"A" b', 'c,C"'];
  await refusedFeed({ 'stops.txt': flawed }, /stops.txt line 2, column 2: .*\n.*stops.txt line 3, column 2: /);
  await refusedFeed({ 'stops.txt': Array.from({ length: 9 }, () => 'a"') }, /and 4 more$/);
});
