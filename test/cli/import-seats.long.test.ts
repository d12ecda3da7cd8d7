/**
 * `import seats` on stopped folders: the imported seats, the named flaws, and that a flaw stops the
 * whole import.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { withFolder } from '../log/support/folders.ts';
import { startServer } from '../crash/support/servers.ts';
import {
  assertSeats,
  foundIn,
  labelsOf,
  run,
  runRefused,
  runSound,
  seatLines,
  storeIn,
  written,
} from './import/support.ts';

const events = [
  'name,event_date,status',
  'Hamlet,2027-01-31,',
  'Lear,2027-02-01,',
  'Twice,2027-02-02,',
  'Twice,2027-02-03,',
];

interface Places {
  readonly folder: string;
  readonly data: string;
}

/** A stopped store with four events, two of one name. */
function withEvents(use: (places: Places) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    await runSound(['import', 'events', written(folder, 'events.csv', events), '--data', data]);
    await use({ folder, data });
  });
}

describe('seats', () => {
  test('seats come into the events that are named by id or by name, as they are written', () =>
    withEvents(async ({ folder, data }) => {
      const file = written(folder, 'seats.csv', [
        'event,section,row_number,seat_number,accessible,rank',
        'Hamlet,,1,7,yes,',
        '1,Balcony,02,4096,,5',
        'Lear,,0,1,,',
        '4,,3,3,no,',
      ]);
      assert.equal(await runSound(['import', 'seats', file, '--data', data]), `${file}: 4 seats imported\n`);
      const { seats, events: known } = await foundIn(data);
      const seat = (section: string, row: string, number: string, rank: number, accessible = false): object => ({
        section,
        row,
        number,
        place: Number(number),
        rank,
        accessible,
      });
      assert.deepEqual(
        known.map(({ sale }) => seats[sale]),
        [
          [seat('Hall', '1', '7', 1, true), seat('Balcony', '2', '4096', 5)],
          [seat('Hall', '0', '1', 0)],
          [],
          [seat('Hall', '3', '3', 3)],
        ],
      );
    }));

  test('seats come in from JSON, by its name or by --format', () =>
    withEvents(async ({ folder, data }) => {
      const row = (seat: number): string => `{"event":1,"row_number":1,"seat_number":${seat},"accessible":true}`;
      for (const [name, text, ...flags] of [
        ['a.json', `[${row(1)},${row(2)}]`],
        ['a.jsonl', `${row(3)}\n${row(4)}\n`],
        ['a.txt', `${row(5)}\n`, '--format', 'json'],
      ] as const)
        await runSound(['import', 'seats', written(folder, name, text), '--data', data, ...flags]);
      assert.deepEqual(
        labelsOf(await foundIn(data), 'Hamlet'),
        [1, 2, 3, 4, 5].map((seat) => `Hall-1-${seat}`),
      );
    }));

  test('seats of 50,000 lines come in with bounded memory, and exist when the file is run again', () =>
    withEvents(async ({ folder, data }) => {
      const file = written(folder, 'seats.csv', seatLines('Hamlet', 100, 500));
      const first = await run(['import', 'seats', file, '--data', data]);
      assert.deepEqual([first.code, first.stdout], [0, `${file}: 50000 seats imported\n`], first.stderr);
      assert.ok(first.memoryBytes > 0 && first.memoryBytes < 700 * 1024 * 1024, `${first.memoryBytes} bytes`);
      const before = storeIn(data);
      const again = await runSound(['import', 'seats', file, '--data', data]);
      assert.equal(again, `${file}: all 50000 seats were there already; nothing changed\n`);
      assert.deepEqual(storeIn(data), before);
      assertSeats(labelsOf(await foundIn(data), 'Hamlet'), 100, 500);
    }));

  test('seats that are more than a hall may have are refused with the line of the first one too many', () =>
    withEvents(async ({ folder, data }) => {
      const lines = [...seatLines('Hamlet', 25, 4000), 'Hamlet,,26,1', 'Hamlet,,26,2', 'Lear,,1,1'];
      const file = written(folder, 'seats.csv', lines);
      assert.deepEqual(await runRefused(['import', 'seats', file, '--data', data]), [
        `${file} line 100002: "Hamlet" has more than 100000 seats with this one: put the rest into another event`,
        `holdfast: ${file} has one flaw; nothing was imported`,
      ]);
      const most = written(folder, 'most.csv', lines.slice(0, 100_001));
      await runSound(['import', 'seats', most, '--data', data]);
      const more = written(folder, 'more.csv', ['event,row_number,seat_number', 'Lear,1,1', '1,26,1', '1,26,2']);
      assert.match(
        (await runRefused(['import', 'seats', more, '--data', data])).join('\n'),
        /line 3: "Hamlet" has more/,
      );
      const found = await foundIn(data);
      assertSeats(labelsOf(found, 'Hamlet'), 25, 4000);
      assert.deepEqual(labelsOf(found, 'Lear'), []);
    }));
});

describe('a file of seats with flaws', () => {
  test('flaws that only the store can see are named beside those of the file', () =>
    withEvents(async ({ folder, data }) => {
      const there = written(folder, 'there.csv', ['event,row_number,seat_number', '1,1,1', '1,1,2']);
      await runSound(['import', 'seats', there, '--data', data]);
      const file = written(folder, 'seats.csv', [
        'event,section,row_number,seat_number,rank',
        '1,,9,9,',
        'Othello,,1,3,',
        'Twice,,1,1,',
        '99,,1,1,',
        'Hamlet,,AA,1,',
        '1,,1,0,',
        '1,,1,4097,',
        '1,,-1,1,',
        '1,,2147483648,1,',
        '1,,1000001,1,',
        '1,,1000001,2,7',
        'Hamlet,,9,09,',
        'Hamlet,,1,2,',
        'Lear,Hall,5,5,',
        '2,,5,5,',
      ]);
      const before = storeIn(data);
      const said = await runRefused(['import', 'seats', file, '--data', data]);
      const wanted = [
        'line 3, column event: there is no event "Othello": write the id or the name of one that is there',
        'line 4, column event: 2 events are called "Twice": write the id, which is 3 or 4',
        'line 5, column event: there is no event "99": write the id or the name of one that is there',
        'line 6, column row_number: "AA" is no whole number from 0 to 2147483647: rows and seats of events are such numbers',
        'line 7, column seat_number: "0" is no whole number from 1 to 4096: rows and seats of events are such numbers',
        'line 8, column seat_number: "4097" is no whole number from 1 to 4096: rows and seats of events are such numbers',
        'line 9, column row_number: "-1" is no whole number from 0 to 2147483647: rows and seats of events are such numbers',
        'line 10, column row_number: "2147483648" is no whole number from 0 to 2147483647: rows and seats of events are such numbers',
        'line 11, column rank: rank is the row where none is written, and 1000001 is too high for one: write a rank, at most 1000000',
        'line 13: the same seat is on line 2: keep one of them',
        'line 14: the seat is there already: take this line away',
        'line 16: the same seat is on line 15: keep one of them',
      ].map((each) => `${file} ${each}`);
      assert.deepEqual(said, [...wanted, `holdfast: ${file} has ${wanted.length} flaws; nothing was imported`]);
      assert.deepEqual(storeIn(data), before);
    }));

  test('each seat of a file that exists already is named, and no other', () =>
    withEvents(async ({ folder, data }) => {
      const some = seatLines('Hamlet', 2, 10);
      await runSound(['import', 'seats', written(folder, 'some.csv', some), '--data', data]);
      const file = written(folder, 'more.csv', [...some.slice(0, 11), 'Hamlet,,3,1', ...some.slice(11)]);
      const said = await runRefused(['import', 'seats', file, '--data', data]);
      assert.equal(said.length, 21);
      assert.equal(said[9], `${file} line 11: the seat is there already: take this line away`);
      assert.equal(said[10], `${file} line 13: the seat is there already: take this line away`);
      assertSeats(labelsOf(await foundIn(data), 'Hamlet'), 2, 10);
    }));

  test('a file whose seats all exist in another form has each one named', () =>
    withEvents(async ({ folder, data }) => {
      const [header, ...rows] = ['event,row_number,seat_number,rank,accessible', '1,1,1,5,', '1,1,2,5,yes'];
      await runSound(['import', 'seats', written(folder, 'a.csv', [header, ...rows]), '--data', data]);
      for (const row of ['1,1,1,6,', '1,1,1,5,yes', '1,1,1,,']) {
        const file = written(folder, 'b.csv', [header, row]);
        assert.match((await runRefused(['import', 'seats', file, '--data', data]))[0]!, /line 2: the seat is there al/);
      }
    }));

  test('a name that is also the id of another event is refused', () =>
    withEvents(async ({ folder, data }) => {
      await runSound([
        'import',
        'events',
        written(folder, 'more.csv', ['name,event_date', '2,2027-03-01']),
        '--data',
        data,
      ]);
      const file = written(folder, 'seats.csv', ['event,row_number,seat_number', '2,1,1', '5,1,1']);
      assert.deepEqual(await runRefused(['import', 'seats', file, '--data', data]), [
        `${file} line 2, column event: "2" is the id of one event and the name of another: rename the other, or write its id, 5`,
        `holdfast: ${file} has one flaw; nothing was imported`,
      ]);
    }));

  test("flaws of rows on one line name the row's number", () =>
    withEvents(async ({ folder, data }) => {
      const rows = [1, 2, 3].map((seat) => ({ event: seat === 3 ? 'Nobody' : 1, row_number: 1, seat_number: seat }));
      const file = written(folder, 'seats.json', JSON.stringify([...rows, rows[1]]));
      assert.deepEqual(await runRefused(['import', 'seats', file, '--data', data]), [
        `${file} line 1, element 4: the same seat is on line 1, element 2: keep one of them`,
        `holdfast: ${file} has one flaw; nothing was imported`,
      ]);
      const other = written(folder, 'other.json', JSON.stringify(rows));
      assert.match(
        (await runRefused(['import', 'seats', other, '--data', data]))[0]!,
        /line 1, element 3, column event/,
      );
    }));
});

describe('a refused import of seats', () => {
  test('a file that is missing, a folder, empty, unreadable, too large or of unknown format is refused', () =>
    withEvents(async ({ folder, data }) => {
      const import_ = (file: string, ...flags: string[]): Promise<string[]> =>
        runRefused(['import', 'seats', file, '--data', data, ...flags]);
      const missing = path.join(folder, 'missing.csv');
      assert.deepEqual(await import_(missing), [`holdfast: there is no file ${missing}`]);
      assert.deepEqual(await import_(folder), [`holdfast: ${folder} is a folder: name a file`]);
      const file = path.join(folder, 'events.csv', 'x.csv');
      assert.deepEqual(await import_(file), [`holdfast: ${file} cannot be read (ENOTDIR)`]);
      const loop = path.join(folder, 'loop.csv');
      fs.symlinkSync(loop, loop);
      assert.deepEqual(await import_(loop), [`holdfast: ${loop} cannot be read (ELOOP)`]);
      assert.match((await import_(written(folder, 'empty.csv', '')))[0]!, /empty\.csv: it is empty: begin it with a/);
      assert.match(
        (await import_(written(folder, 'no-rows.csv', 'event,row_number,seat_number')))[0]!,
        /it has no rows/,
      );
      const large = path.join(folder, 'large.csv');
      fs.truncateSync(written(folder, 'large.csv', ''), 64 * 1024 * 1024 + 1);
      assert.match((await import_(large))[0]!, /large\.csv has 67108865 bytes: at most 67108864 are read/);
      assert.match(
        (await import_(file, '--format', 'xml'))[0]!,
        /^holdfast: --format is "xml"; it may be csv or json$/,
      );
    }));

  test('a folder without a store is refused, and stays without one', () =>
    withFolder(async (folder) => {
      const data = path.join(folder, 'data');
      const file = written(folder, 'seats.csv', seatLines('Hamlet', 1, 1));
      assert.match(
        (await runRefused(['import', 'seats', file, '--data', data]))[0]!,
        /has no store in it; name another/,
      );
      assert.equal(fs.existsSync(data), false);
    }));

  test('a folder that a server holds is refused', (t) =>
    withFolder(async (folder) => {
      await startServer(t, folder);
      const data = path.join(folder, 'data');
      for (const [what, text] of [
        ['import seats', 'event,row_number,seat_number\n1,1,1\n'],
        ['import events', 'name,event_date\nHamlet,2027-01-31\n'],
        ['seed hall', '{"sections":[{"name":"A","rows":[{"name":"1","seats":["1"]}]}]}'],
      ] as const) {
        const file = written(folder, 'file', text);
        const [said] = await runRefused([...what.split(' '), file, '--data', data]);
        assert.match(said!, /^holdfast: another process is writing in .*A running store takes it with --url, such as/);
      }
    }));

  test('arguments that are too few, too many or contradict each other are refused', async () => {
    const cases: readonly (readonly [RegExp, ...string[]])[] = [
      [/^holdfast: name a file$/, 'import', 'seats'],
      [/^holdfast: name one file: b\.csv would be more$/, 'import', 'seats', 'a.csv', 'b.csv'],
      [/pass one of them$/, 'import', 'seats', 'a.csv', '--data', 'd', '--url', 'http://localhost'],
      [/^holdfast: Unknown option '--folder'/, 'import', 'seats', 'a.csv', '--folder', 'd'],
      [/^holdfast: --url is "localhost:3000"; it may be/, 'import', 'seats', 'a.csv', '--url', 'localhost:3000'],
      [/^holdfast: --url is "http:\/\/…@h"; it may be/, 'import', 'seats', 'a.csv', '--url', 'http://me:secret@h'],
      [/^holdfast: there is no command "import people"\. .*import events, import seats/, 'import', 'people', 'a.csv'],
      [/^holdfast: there is no command "import"\./, 'import'],
    ];
    for (const [wanted, ...args] of cases) assert.match((await runRefused(args))[0]!, wanted);
  });
});
