/** Events and seats from files: the rows, and every bad line with its column and what to do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Reading } from '../../../src/cli/import/flaws.ts';
import { spellFlaw } from '../../../src/cli/import/flaws.ts';
import { readEvents, readIgnored, readSeats } from '../../../src/cli/import/rows.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function rowsOf<Row>(reading: Reading<Row[]>): Row[] {
  assert.ok(reading.ok, reading.ok ? '' : reading.flaws.map((flaw) => spellFlaw('file', flaw)).join('\n'));
  return reading.value;
}

function flawsOf(reading: Reading<unknown>): string[] {
  assert.ok(!reading.ok, 'it was read, though it has flaws');
  return reading.flaws.map((flaw) => spellFlaw('file', flaw));
}

function assertFlaws(reading: Reading<unknown>, wanted: readonly (string | RegExp)[]): void {
  const flaws = flawsOf(reading);
  assert.equal(flaws.length, wanted.length, flaws.join('\n'));
  wanted.forEach((each, i) => {
    if (typeof each === 'string') assert.equal(flaws[i], each);
    else assert.match(flaws[i] ?? '', each);
  });
}

const night = Date.UTC(2026, 11, 31, 19, 30);
const opening = { line: 2, name: 'Opening night', eventDateMs: night, status: 'active' };

describe('events', () => {
  test('events are read from CSV, with a byte order mark, CRLF, quotes, and columns in any order', () => {
    const text =
      '\ufeffstatus, Event_Date ,NAME\r\nactive,2026-12-31T20:30:00+01:00,Opening night\r\n,2027-01-02,"The ""last"" one, perhaps"\r\n';
    assert.deepEqual(rowsOf(readEvents(bytes(text), 'events.csv')), [
      opening,
      { line: 3, name: 'The "last" one, perhaps', eventDateMs: Date.UTC(2027, 0, 2), status: null },
    ]);
  });

  test('events are read from a JSON array, from JSON lines, and by what a file begins with', () => {
    const [one, two] = [
      '{"name":"Opening night","event_date":"2026-12-31T19:30:00Z","status":"active"}',
      '{"event_date":"2027-01-02","name":"Brackets ] } and \\"quotes\\", [ {"}',
    ];
    const second = { name: 'Brackets ] } and "quotes", [ {', eventDateMs: Date.UTC(2027, 0, 2), status: null };
    const array = `[\n  ${one},\n  {\n    "event_date": "2027-01-02",\n    "name": "Brackets ] } and \\"quotes\\", [ {"\n  }\n]\n`;
    for (const name of ['events.json', 'events', 'EVENTS.JSON'])
      assert.deepEqual(rowsOf(readEvents(bytes(array), name)), [opening, { line: 3, ...second }], name);
    for (const name of ['events.jsonl', 'events.ndjson', 'events.json', 'events'])
      assert.deepEqual(
        rowsOf(readEvents(bytes(`${one}\r\n\n${two}\n`), name)),
        [
          { ...opening, line: 1 },
          { line: 3, ...second },
        ],
        name,
      );
    assert.deepEqual(rowsOf(readEvents(bytes('name,event_date\nOpening night,2026-12-31\n'), 'events')).length, 1);
  });

  const invalid = 'is not a valid date';
  const other = 'is a date in another form';
  const beyond = 'is not within the years 1 to 9999 in UTC';
  const zoneless = 'is a time without its zone';
  const dates: readonly (readonly [string, number | string])[] = [
    ['2026-12-31', Date.UTC(2026, 11, 31)],
    ['2028-02-29', Date.UTC(2028, 1, 29)],
    ['2026-12-31T19:30:00Z', night],
    ['2026-12-31t19:30:00.000z', night],
    ['2026-12-31T14:30:00-05:00', night],
    ['2026-12-31T19:30:00.25Z', night + 250],
    ['2026-02-29', invalid],
    ['2026-02-30T10:00:00Z', invalid],
    ['2026-04-31', invalid],
    ['2026-13-01', invalid],
    ['2026-00-10', invalid],
    ['2026-12-31T24:00:00Z', invalid],
    ['2026-12-31T25:00:00Z', invalid],
    ['2026-12-31T19:30:00', zoneless],
    ['2026-12-31 19:30', zoneless],
    ['31.12.2026', other],
    ['12/31/2026', other],
    ['tomorrow', invalid],
    ['1798745400', invalid],
    // As databases print them.
    ['2026-12-31 19:30:00+00', night],
    ['2026-12-31 20:30:00+01', night],
    ['2026-12-31 20:30:00 +0100', night],
    ['2026-12-31 20:30:00 +01:00', night],
    ['2026-12-31 14:00:00-0530', night],
    ['2026-12-31 19:30:00Z', night],
    ['2026-12-31 19:30:00 UTC', night],
    ['2026-12-31 19:30:00.25 utc', night + 250],
    ['2026-12-31 19:30:00.2500000 +00:00', night + 250],
    ['2026-12-31 20:30:00.250000+01', night + 250],
    ['2026-12-31 19:30 GMT', night],
    ['2026-12-31T19:30Z', night],
    ['2026-12-31T20:30+01', night],
    ['2026-12-31 19:30:00.123', zoneless],
    ['9999-12-31T23:59:59-12:00', beyond],
    ['9999-12-31 23:59:59-12', beyond],
    ['0000-12-31 23:59:59 UTC', beyond],
    ['0001-01-01 00:00:00 +0100', beyond],
    ['9999-12-31 23:59:59.999Z', Date.UTC(9999, 11, 31, 23, 59, 59, 999)],
    ['2026-12-31 24:00:00+00', invalid],
    ['2026-02-30 19:30:00 UTC', invalid],
    ['2026-12-31 19:30:00 +99', invalid],
    ['2026-12-31 19:30:00 CET', other],
    ['31/12/2026 19:30', other],
    ['2026/12/31', other],
    ['1.2.27', other],
    ['31 Dec 2026', other],
    ['31. Dezember 2026', other],
    ['Dec 31, 2026 7:30 PM', other],
    ['Thu Dec 31 2026 19:30:00 GMT+0100', other],
    ['Thu, 31 Dec 2026 19:30:00 GMT', other],
    ['Thu Dec 31 19:30:00 2026', other],
    ['31-DEC-26', other],
    ['20261231', other],
    ['20261231T193000Z', other],
    ['2026-W53-4', other],
    ['46387', invalid],
    ['soon', invalid],
  ];
  for (const [text, wanted] of dates) {
    test(`events take ${text} for ${typeof wanted === 'number' ? 'a date' : `what ${wanted}`}`, () => {
      const reading = readEvents(bytes(`name,event_date\nA,"${text}"\n`), 'x.csv');
      if (typeof wanted === 'number') assert.equal(rowsOf(reading)[0]?.eventDateMs, wanted);
      else
        assertFlaws(reading, [
          `file line 2, column event_date: "${text}" ${wanted}: write 2026-12-31, or 2026-12-31T19:30:00+01:00`,
        ]);
    });
  }

  test('events have the status that is open in any case, and every other one as it is written', () => {
    const words = ['active', 'Active', ' ACTIVE ', 'Draft', 'inactive', ''];
    const text = words.map((word, i) => `N${i},2026-12-31,${word}\n`).join('');
    assert.deepEqual(
      rowsOf(readEvents(bytes(`name,event_date,status\n${text}`), 'x.csv')).map(({ status }) => status),
      ['active', 'active', 'active', 'Draft', 'inactive', null],
    );
  });

  test('events are read as spreadsheets write them', () => {
    const wanted = [{ line: 2, name: 'A; B, C', eventDateMs: night, status: null }];
    const files: Readonly<Record<string, string>> = {
      'with semicolons': 'name;event_date\r\n"A; B, C";2026-12-31T19:30:00Z\r\n',
      'with tabs': 'name\tevent_date\r\nA; B, C\t2026-12-31T19:30:00Z\r\n',
      'with CR': 'name,event_date\r"A; B, C",2026-12-31T19:30:00Z\r',
      'with rows of empty cells': 'name,event_date\n"A; B, C",2026-12-31T19:30:00Z\n,\n, \n"",""\n',
      'with an empty last column': 'name,event_date,\n"A; B, C",2026-12-31T19:30:00Z,\n',
      'with several, not in every row': 'name,event_date,,\n"A; B, C",2026-12-31T19:30:00Z, \n,,,\n',
      'with empty cells behind the last column': 'name,event_date\n"A; B, C",2026-12-31T19:30:00Z,,\n',
      'without the last empty cells': 'name,event_date,status\n"A; B, C",2026-12-31T19:30:00Z\n',
      'with all of that': '\ufeffname;event_date;status;;\r"A; B, C";2026-12-31 19:30:00 UTC;;;\r;;;;\r;;;;\r',
    };
    for (const [what, text] of Object.entries(files))
      assert.deepEqual(rowsOf(readEvents(bytes(text), 'x.csv')), wanted, what);
    assert.deepEqual(
      rowsOf(
        readEvents(
          bytes('sep=;\r\nname;event_date\r\nA; B, C;2026-12-31\r\n'.replace('A;', '"A;').replace('C;', 'C";')),
          'x.csv',
        ),
      ),
      [{ ...wanted[0], line: 3, eventDateMs: Date.UTC(2026, 11, 31) }],
    );
  });

  test('values in a column without a name are reported', () => {
    assertFlaws(readEvents(bytes('name;event_date\nA;2026-12-31;x\n'), 'x.csv'), [
      /^file line 2: it has 3 fields where the header has 2: put fields with semicolons in quotes/,
    ]);
    assertFlaws(readEvents(bytes('name,event_date,\nA,2026-12-31,\nB,2026-12-31,x\n'), 'x.csv'), [
      /^file line 1: column 3 has no name/,
    ]);
  });

  test('ignored columns of events are skipped, in CSV and JSON', () => {
    const ignored = readIgnored(' Venue ,NOTES,,status', 'events');
    const csv = 'name,venue,Event_Date,Notes,venue,status\nOpening night,x,2026-12-31T19:30:00Z,,y,draft\n';
    const json = '[\n{"name":"Opening night","Venue":{"x":1},"event_date":"2026-12-31T19:30:00Z","status":7}]';
    for (const [text, name] of [
      [csv, 'x.csv'],
      [json, 'x.json'],
    ] as const)
      assert.deepEqual(rowsOf(readEvents(bytes(text), name, ignored)), [{ ...opening, status: null }], name);
    assertFlaws(readEvents(bytes('name,venue,event_date\nA,x,2026-12-31\n'), 'x.csv'), [
      /"venue" is no column.*--ignore/,
    ]);
    assert.throws(() => readIgnored('venue, Name', 'events'), /--ignore names name, which events must have/);
    assert.throws(() => readIgnored('row_number', 'seats'), /--ignore names row_number, which seats must have/);
  });

  test('events with many flaws have every one named, and nothing is read', () => {
    const long = 'x'.repeat(256);
    const text = `name,event_date,status\n,2026-12-31,\nA,,\nB,never,\n${long},2026-12-31,${'y'.repeat(51)}\nC,2026-12-31,active,extra\nD\nE,2026-12-31,active\n"F\nG",2026-12-31,\n`;
    assertFlaws(readEvents(bytes(text), 'x.csv'), [
      'file line 2, column name: there is no value: write one',
      'file line 3, column event_date: there is no value: write a date, such as 2026-12-31',
      /^file line 4, column event_date: "never" is not a valid date/,
      /^file line 5, column name: "x{40}…" has 256 characters: at most 255 are allowed/,
      /^file line 5, column status: .* has 51 characters: at most 50/,
      /^file line 6: it has 4 fields where the header has 3: put fields with commas in quotes/,
      /^file line 7: it has 1 field where the header has 3/,
      /^file line 9, column name: "F\\nG" has a line break, a tab or another control character/,
    ]);
  });

  test('a flaw in the quotes of an event names the column, too', () => {
    assertFlaws(
      readEvents(
        bytes('name,event_date\nA,2026-12-31\nB "x",2026-12-31\n"C" y,2026-12-31\n,\nD,2026-12-31\n'),
        'x.csv',
      ),
      [
        /^file line 3, column name: there is a quote in a field/,
        /^file line 4, column name: there is text behind/,
        /^file line 5, column name: there is no value/,
        /^file line 5, column event_date: there is no value/,
      ],
    );
  });
});

describe('a header', () => {
  const cases: Readonly<Record<string, [string, (string | RegExp)[]]>> = {
    'that is missing': [
      '',
      [
        'file: it is empty: begin it with a line of column names. the columns are name, event_date, and there may be status',
      ],
    ],
    'without rows': ['name,event_date\n', ['file: it has no rows']],
    'with an unknown column': [
      'name,event_date,venue\nA,x,y\n',
      [
        'file line 1: "venue" is no column: the columns are name, event_date, and there may be status; --ignore passes over others by name',
      ],
    ],
    'without a column': ['name\nA\n', ['file line 1: column "event_date" is missing: add it']],
    'with a column twice': [
      'name,event_date,Name\nA,2026-12-31,B\n',
      ['file line 1: column "name" is there twice, first and again as 3: keep one'],
    ],
    'with a column without a name': ['name,event_date,\nA,2026-12-31,x\n', [/^file line 1: column 3 has no name/]],
    'with all of that': [
      'name,name,date,\nA,B,C,D\n',
      [/"name" is there twice/, /"date" is no column/, /column 4 has no name/, /"event_date" is missing/],
    ],
    'whose quotes are wrong': ['na"me,event_date\nA,2026-12-31\n', [/^file line 1, column 1: there is a quote/]],
  };
  for (const [what, [text, flaws]] of Object.entries(cases))
    test(`${what} is named`, () => assertFlaws(readEvents(bytes(text), 'x.csv'), flaws));
});

describe('JSON', () => {
  const cases: Readonly<Record<string, [string, (string | RegExp)[]]>> = {
    'that is empty': ['[]', ['file: it has no rows']],
    'of other things than objects': [
      '[1,\n"x",\nnull,\n[]]',
      [/^file line 1: it is no object/, /line 2/, /line 3/, /line 4/],
    ],
    'with flaws in several elements': [
      '[\n{"name":"A"},\n{"name":,"event_date":"2026-12-31"},\n{"name":"C","event_date":"2026-12-31"},\n{"name":7.5,"event_date":20261231}\n]',
      [
        'file line 2, column event_date: there is no value: write a date, such as 2026-12-31',
        /^file line 3: this element of the array is not JSON/,
        'file line 5, column name: "7.5" is no text: write it in quotes',
        /^file line 5, column event_date: "20261231" is a date in another form/,
      ],
    ],
    'with an unknown field': [
      '[{"name":"A","event_date":"2026-12-31","venue":"x"}]',
      [
        'file line 1: "venue" is no column: the columns are name, event_date, and there may be status; --ignore passes over others by name',
      ],
    ],
    'with a comma too many': [
      '[{"name":"A","event_date":"2026-12-31"},\n]',
      [/^file line 2: there is nothing before this comma/],
    ],
    'with a comma too early': ['[,{"name":"A","event_date":"2026-12-31"}]', [/there is nothing before this comma/]],
    'without a comma': [
      '[{"name":"A","event_date":"2026-12-31"}\n{"name":"B","event_date":"2026-12-31"}]',
      [/^file line 1: this element of the array is not JSON: look for a missing comma/],
    ],
    'that is cut short': [
      '[{"name":"A","event_date":"2026-12-31"},\n{"name":"B',
      [/^file line 2: the array is not closed/, /^file line 2: this element/],
    ],
    'with something behind it': [
      '[{"name":"A","event_date":"2026-12-31"}]\n[]',
      [/^file line 2: there is text behind the end/],
    ],
    'that ends with a brace': ['[{"name":"A","event_date":"2026-12-31"}}', [/this brace closes nothing/]],
    'in lines, with a flaw in some': [
      '{"name":"A","event_date":"2026-12-31"}\nB,2026-12-31\n{"name":"C",\n"event_date":"2026-12-31"}\n"D"\n',
      [
        /^file line 2: it is not JSON: write one whole object in each line/,
        /line 3/,
        /line 4/,
        /^file line 5: it is no object/,
      ],
    ],
    'with half a character': [
      '[{"name":"\\ud83c","event_date":"2026-12-31"}]',
      [/column name: .* has half of a character/],
    ],
  };
  for (const [what, [text, flaws]] of Object.entries(cases))
    test(`${what} is named with its lines`, () => assertFlaws(readEvents(bytes(text), 'x.json'), flaws));
});

describe('a file that is not text', () => {
  test('a file that is not UTF-8 is reported with its lines', () => {
    const text = Buffer.concat([
      bytes('name,event_date\nA,2026-12-31\n'),
      Buffer.from([0x4d, 0xfc, 0x6c]),
      bytes(',2026-12-31\nC,2026-12-31\n'),
      Buffer.from([0xff]),
    ]);
    const message = 'it is not UTF-8: save the file as UTF-8';
    assertFlaws(readEvents(text, 'x.csv'), [`file line 3: ${message}`, `file line 5: ${message}`]);
  });

  test('a file that is not text is reported with its lines, also if these end in CR', () => {
    const text = Buffer.from('name;event_date\rA;2026-12-31\rM\xfcl;2026-12-31\r\nB;\xff\n', 'latin1');
    const message = 'it is not UTF-8: save the file as UTF-8';
    assertFlaws(readEvents(text, 'x.csv'), [`file line 3: ${message}`, `file line 4: ${message}`]);
  });

  test('a file that is not text is named by its kind, despite its name', () => {
    const csv = 'name,event_date\nA,2026-12-31\n';
    const zip = (part: string): Buffer => Buffer.from(`PK\x03\x04\x14\0\x06\0${part}\0\0`, 'latin1');
    const files: readonly (readonly [Uint8Array, RegExp])[] = [
      [gzipSync(csv), /^file: it is compressed with gzip: unpack it/],
      [zstdCompressSync(csv), /^file: it is compressed with zstd: unpack it/],
      [zip('[Content_Types].xml xl/workbook.xml'), /^file: it is an Excel workbook \(\.xlsx\): save the sheet as CSV/],
      [zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet'), /^file: it is an OpenDocument spreadsheet/],
      [zip('events.csv'), /^file: it is a zip archive: unpack it/],
      [Buffer.from('d0cf11e0a1b11ae1', 'hex'), /^file: it is an old Office file, such as an Excel workbook \(\.xls\)/],
      [Buffer.from('%PDF-1.7'), /^file: it is a PDF/],
      [Buffer.from('name,event_date', 'utf16le'), /^file: it has zero bytes, as UTF-16/],
    ];
    for (const [content, wanted] of files)
      for (const name of ['x.csv', 'x.json', 'x'])
        for (const reading of [readEvents(content, name), readSeats(content, name)]) assertFlaws(reading, [wanted]);
  });

  test('a UTF-16 file is named as such', () => {
    assertFlaws(readEvents(Buffer.from('\ufeffname,event_date', 'utf16le'), 'x.csv'), [
      'file: it is UTF-16: save it as UTF-8',
    ]);
  });
});

describe('seats', () => {
  test('seats are read from CSV and JSON alike', () => {
    const wanted = [
      { event: 'Opening night', section: 'Stalls', rowNumber: '1', seatNumber: '7', accessible: true, rank: 5 },
      { event: '12', section: null, rowNumber: 'AA', seatNumber: '007', accessible: false, rank: null },
    ];
    const csv =
      'event,section,row_number,seat_number,accessible,rank\nOpening night, Stalls ,1,7,Yes,5\n12,,AA,007,,\n';
    const json =
      '[{"event":"Opening night","section":"Stalls","row_number":1,"seat_number":7,"accessible":true,"rank":5},\n{"event":12,"row_number":"AA","seat_number":"007","section":null}]';
    for (const [text, name] of [
      [csv, 'x.csv'],
      [json, 'x.json'],
    ] as const) {
      const rows = rowsOf(readSeats(bytes(text), name)).map(({ line: _, ...row }) => row);
      assert.deepEqual(rows, wanted, name);
    }
  });

  test('seats are marked accessible by some words, and by no others', () => {
    const words = ['true', 'TRUE', 'yes', '1', 'false', 'No', '0', '', ' '];
    const text = words.map((word, i) => `E,1,${i},${word}\n`).join('');
    const rows = rowsOf(readSeats(bytes(`event,row_number,seat_number,accessible\n${text}`), 'x.csv'));
    assert.deepEqual(
      rows.map(({ accessible }) => accessible),
      [true, true, true, true, false, false, false, false, false],
    );
    assertFlaws(readSeats(bytes('event,row_number,seat_number,accessible\nE,1,1,wheelchair\n'), 'x.csv'), [
      'file line 2, column accessible: "wheelchair" is neither true nor false: write one of the two, or nothing for false',
    ]);
  });

  test('seats have a rank that is a whole number, or none', () => {
    const ranks = ['-1', '1.5', '1e3', 'best', '1000001'];
    const text = ranks.map((rank, i) => `E,1,${i},${rank}\n`).join('');
    assertFlaws(
      readSeats(bytes(`event,row_number,seat_number,rank\n${text}`), 'x.csv'),
      ranks.map(
        (rank, i) =>
          `file line ${i + 2}, column rank: "${rank}" is no whole number from 0 to 1000000: write one, or nothing`,
      ),
    );
  });

  test('a seat may occur once: the second one is named with the line of the first', () => {
    const text =
      'event,section,row_number,seat_number\nE,A,1,1\nE,A,1,2\nE,B,1,1\nF,A,1,1\nE,A,1,1\nE,,1,1\nE, A ,1, 1\n';
    assertFlaws(readSeats(bytes(text), 'x.csv'), [
      'file line 6: the same seat is on line 2: keep one of them',
      'file line 8: the same seat is on line 2: keep one of them',
    ]);
  });

  test('seats with flaws of all kinds have them in the order of the lines', () => {
    const text = 'event,row_number,seat_number,rank\nE,1,1,\nE,1,1,\nE,,2,\nE,1,"3,\n';
    assertFlaws(readSeats(bytes(text), 'x.csv'), [
      'file line 3: the same seat is on line 2: keep one of them',
      'file line 4, column row_number: there is no value: write one',
      /^file line 5, column seat_number: the quote that opens this field is never closed/,
    ]);
  });
});
