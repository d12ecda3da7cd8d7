/**
 * `import events` on stopped folders: events as POST /api/events makes them, once each, or every
 * flaw and none.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openStopped } from '../../src/cli/opened.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { withFolder } from '../log/support/folders.ts';
import { foundIn, run, runRefused, runSound, storeIn, written } from './import/support.ts';

function withPlaces(use: (folder: string, data: string) => Promise<void>): Promise<void> {
  return withFolder((folder) => use(folder, path.join(folder, 'data')));
}

async function namesIn(data: string): Promise<(readonly [number, string, string | null])[]> {
  const { events } = await foundIn(data);
  return events.map(({ id, name, date }) => [id, name, date] as const);
}

describe('events', () => {
  test('events of CSV, of a JSON array and of JSON lines come in, numbered in the order of the file', () =>
    withPlaces(async (folder, data) => {
      const csv = written(folder, 'a.csv', [
        'event_date,name',
        '2027-01-31,One',
        '2027-01-31T19:30:00+01:00,"Two, too"',
      ]);
      const json = written(folder, 'b.json', '[{"name":"Three","event_date":"2027-02-01"}]');
      const lines = written(folder, 'c.jsonl', '{"name":"Four","event_date":"2027-02-01","status":"draft"}\n');
      for (const file of [csv, json, lines]) await runSound(['import', 'events', file, '--data', data]);
      assert.deepEqual(await namesIn(data), [
        [1, 'One', '2027-01-31T00:00:00.000Z'],
        [2, 'Two, too', '2027-01-31T18:30:00.000Z'],
        [3, 'Three', '2027-02-01T00:00:00.000Z'],
        [4, 'Four', '2027-02-01T00:00:00.000Z'],
      ]);
      const { sales } = await foundIn(data);
      assert.deepEqual(
        sales.map(({ kind, status, capacity, door }) => [kind, status, capacity, door].join(' ')),
        [...Array.from({ length: 3 }, () => 'seated sold_out 0 seats'), 'seated closed 0 seats'],
      );
    }));

  test('existing events of the same name and date are not made again, from any file', () =>
    withPlaces(async (folder, data) => {
      const file = written(folder, 'a.csv', ['name,event_date', 'One,2027-01-31', 'Two,2027-01-31']);
      assert.equal(await runSound(['import', 'events', file, '--data', data]), `${file}: 2 events imported\n`);
      const before = storeIn(data);
      const again = await runSound(['import', 'events', file, '--data', data]);
      assert.equal(again, `${file}: all 2 events were there already; nothing changed\n`);
      assert.deepEqual(storeIn(data), before);
      const one = written(folder, 'one.csv', ['name,event_date', 'Two,2027-01-31T01:00:00+01:00']);
      assert.equal(
        await runSound(['import', 'events', one, '--data', data]),
        `${one}: its event was there already; nothing changed\n`,
      );
      const more = written(folder, 'more.csv', [
        'name,event_date',
        'Two,2027-01-31',
        'Two,2027-02-01',
        'Three,2027-02-01',
      ]);
      assert.equal(
        await runSound(['import', 'events', more, '--data', data]),
        `${more}: 2 events imported, 1 was there already\n`,
      );
      assert.deepEqual(
        (await namesIn(data)).map(([id, name, date]) => `${id} ${name} ${date?.slice(0, 10)}`),
        ['1 One 2027-01-31', '2 Two 2027-01-31', '3 Two 2027-02-01', '4 Three 2027-02-01'],
      );
    }));

  test('thousands of events come in at once, in order', () =>
    withPlaces(async (folder, data) => {
      const names = Array.from({ length: 2000 }, (_, i) => `Night ${i + 1}`);
      const file = written(folder, 'a.csv', ['name,event_date', ...names.map((name) => `${name},2027-01-31`)]);
      await runSound(['import', 'events', file, '--data', data]);
      assert.deepEqual(
        (await namesIn(data)).map(([id, name]) => [id, name]),
        names.map((name, i) => [i + 1, name]),
      );
    }));
});

test('events that take no bookings are counted in the report, with their status', () =>
  withPlaces(async (folder, data) => {
    const header = 'name;event_date;status;venue';
    const rows = ['A;2027-01-31;Active;x', 'B;2027-01-31;draft;x', 'C;2027-01-31;;x', 'D;2027-01-31;Sold;x'];
    const file = written(folder, 'a.csv', [
      'sep=;',
      header,
      ...rows,
      'E;2027-01-31;draft;x',
      'F;2027-01-31;ACTIVE;',
      ';;;',
    ]);
    assert.deepEqual((await runSound(['import', 'events', file, '--ignore', 'Venue', '--data', data])).split('\n'), [
      `${file}: 6 events imported`,
      `${file}: 3 of 6 take no bookings: their status is "draft" (2), "Sold" (1); only "active" is open`,
      '',
    ]);
    assert.deepEqual(
      (await foundIn(data)).sales.map((sale) => sale.status),
      ['sold_out', 'closed', 'sold_out', 'closed', 'closed', 'sold_out'],
    );
    const refused = await runRefused(['import', 'events', file, '--ignore', 'venue,name', '--data', data]);
    assert.deepEqual(refused, ['holdfast: --ignore names name, which events must have: leave it out']);
    const one = written(folder, 'one.csv', ['name,event_date,status', 'G,2027-01-31,cancelled']);
    assert.match(await runSound(['import', 'events', one, '--data', data]), /1 of 1 takes no bookings: its status is/);
  }));

test('events in the past come in with a warning', () =>
  withPlaces(async (folder, data) => {
    const rows = ['A,2020-01-31', 'B,9990-01-31', 'C,2020-02-01'];
    const file = written(folder, 'a.csv', ['name,event_date', ...rows]);
    const { code, stdout, stderr } = await run(['import', 'events', file, '--data', data]);
    assert.deepEqual([code, stdout], [0, `${file}: 3 events imported\n`]);
    assert.ok(
      stderr.includes(`${file}: 2 of 3 have dates in the past (line 2; line 4), which does not close an event\n`),
      stderr,
    );
    const again = await run(['import', 'events', file, '--data', data]);
    assert.ok(!again.stderr.includes('past'), again.stderr);
  }));

describe('a file of events with flaws', () => {
  test('a file of events with flaws has each one named, and makes no store where none is', () =>
    withPlaces(async (folder, data) => {
      const file = written(folder, 'a.csv', ['name,event_date,status', 'One,2027-02-30,', ',2027-01-31,', 'Two,,x']);
      assert.deepEqual(await runRefused(['import', 'events', file, '--data', data]), [
        `${file} line 2, column event_date: "2027-02-30" is not a valid date: write 2026-12-31, or 2026-12-31T19:30:00+01:00`,
        `${file} line 3, column name: there is no value: write one`,
        `${file} line 4, column event_date: there is no value: write a date, such as 2026-12-31`,
        `holdfast: ${file} has 3 flaws; nothing was imported`,
      ]);
      assert.equal(fs.existsSync(data), false);
    }));

  test('nothing comes in from a file that has an event twice', () =>
    withPlaces(async (folder, data) => {
      const rows = ['One,2027-01-31', 'Two,2027-01-31', 'One,2027-01-31T00:00:00Z', 'One,2027-02-01'];
      const file = written(folder, 'a.csv', ['name,event_date', ...rows]);
      assert.deepEqual(await runRefused(['import', 'events', file, '--data', data]), [
        `${file} line 4: an event of this name and date is on line 2: keep one of them, or name them apart`,
        `holdfast: ${file} has one flaw; nothing was imported`,
      ]);
      assert.deepEqual(await namesIn(data), []);
    }));

  test('an unreadable file of events is named by its kind: UTF-16, no rows, gzip', () =>
    withPlaces(async (folder, data) => {
      const files: readonly (readonly [Buffer | string, RegExp])[] = [
        [Buffer.from('\ufeffname,event_date', 'utf16le'), /it is UTF-16: save it as UTF-8$/],
        ['name,event_date\n', /it has no rows$/],
        ['', /it is empty/],
        [gzipSync('name,event_date\nOne,2027-01-31\n'), /it is compressed with gzip/],
      ];
      for (const [content, wanted] of files) {
        const file = path.join(folder, 'a.csv');
        fs.writeFileSync(file, content);
        assert.match((await runRefused(['import', 'events', file, '--data', data]))[0]!, wanted);
      }
    }));
});

test('a removed event is made anew by the file that first made it', () =>
  withPlaces(async (folder, data) => {
    const file = written(folder, 'a.csv', ['name,event_date', 'One,2027-01-31', 'Two,2027-01-31']);
    await runSound(['import', 'events', file, '--data', data]);
    const store = await openStopped(data);
    const command = new Command().reset(kinds.removeSale);
    command.body = { sale: 0 };
    assert.ok(await store.node.submit(command, ({ ok }) => ok, undefined));
    await store.close();
    assert.equal(
      await runSound(['import', 'events', file, '--data', data]),
      `${file}: 1 event imported, 1 was there already\n`,
    );
    assert.deepEqual(
      (await namesIn(data)).map(([id, name]) => `${id} ${name}`),
      ['2 Two', '3 One'],
    );
  }));
