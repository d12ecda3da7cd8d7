/**
 * CSV by RFC 4180: the records with the lines on which they begin, and every flaw with its line.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCsv } from '../../../src/cli/import/csv.ts';
import { seededRandom } from '../../../src/log/memory/random.ts';

/** Records as [line, ...fields]. */
function read(text: string, known: readonly string[] = []): { records: unknown[][]; flaws: string[] } {
  const { records, flaws } = readCsv(text, new Set(known));
  return {
    records: records.map(({ line, fields }) => [line, ...fields]),
    flaws: flaws.map(({ line, column, message }) => `${line}:${column} ${message}`),
  };
}

describe('a valid file', () => {
  const cases: Readonly<Record<string, [string, unknown[][]]>> = {
    'of nothing': ['', []],
    'of blank lines': ['\n\r\n  \n', []],
    'with LF': [
      'a,b\n1,2\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    'with CRLF': [
      'a,b\r\n1,2\r\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    'with both': [
      'a,b\n1,2\r\n3,4\n',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [3, '3', '4'],
      ],
    ],
    'with CR': [
      'a,b\r1,2\r\r3,4',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
        [4, '3', '4'],
      ],
    ],
    'with CR, and CR in quotes': [
      '"a\rb",c\r"d\r\n\re",f\rg,h',
      [
        [1, 'a\rb', 'c'],
        [3, 'd\r\n\re', 'f'],
        [6, 'g', 'h'],
      ],
    ],
    'with semicolons, and commas in its fields': [
      'a;b;c\n1,5;"x;y";2,5\n',
      [
        [1, 'a', 'b', 'c'],
        [2, '1,5', 'x;y', '2,5'],
      ],
    ],
    'with tabs': [
      'a\tb\n1,2;3\t"x\ty"\n',
      [
        [1, 'a', 'b'],
        [2, '1,2;3', 'x\ty'],
      ],
    ],
    'whose first line names a semicolon': [
      'sep=;\r\na,b;c\r\n1;2\r\n',
      [
        [2, 'a,b', 'c'],
        [3, '1', '2'],
      ],
    ],
    'whose first line names a tab in quotes': ['"SEP=\t"\ra;b,c\td\r', [[2, 'a;b,c', 'd']]],
    'whose first line names another sign': [
      'sep=|\na|b\n1,2|3;4\n',
      [
        [2, 'a', 'b'],
        [3, '1,2', '3;4'],
      ],
    ],
    'whose first line names no sign': [
      'sep=x,b\n1,2\n',
      [
        [1, 'sep=x', 'b'],
        [2, '1', '2'],
      ],
    ],
    'without an end to its last line': [
      'a,b\n1,2',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    'with a CR at its very end': [
      'a,b\r\n1,2\r',
      [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
    ],
    'with blank lines between': [
      'a\n\n\r\nb\n',
      [
        [1, 'a'],
        [4, 'b'],
      ],
    ],
    'with empty fields': [
      'a,,c\n,,\n',
      [
        [1, 'a', '', 'c'],
        [2, '', '', ''],
      ],
    ],
    'with quoted fields': [
      '"a","b,c"\n"","x"\n',
      [
        [1, 'a', 'b,c'],
        [2, '', 'x'],
      ],
    ],
    'with doubled quotes': ['"say ""hi""",""""\n', [[1, 'say "hi"', '"']]],
    'with line breaks in quotes': [
      '"a\r\nb","c\nd\n"\r\ne,f\n',
      [
        [1, 'a\r\nb', 'c\nd\n'],
        [5, 'e', 'f'],
      ],
    ],
    'with a quote in the last line': [
      'a\n"b"',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    'with other letters': ['Müller,東京,🎟\n', [[1, 'Müller', '東京', '🎟']]],
  };
  for (const [what, [text, records]] of Object.entries(cases)) {
    test(`${what} is read`, () => assert.deepEqual(read(text), { records, flaws: [] }));
  }

  test('spaces belong to the fields of a file, and are kept', () =>
    assert.deepEqual(read(' a ,b \n'), { records: [[1, ' a ', 'b ']], flaws: [] }));

  test('a file is split at the delimiter that finds its column names, however many others its first line has', () =>
    assert.deepEqual(read('Place,town,land,more; NAME ;date\n1,2,3,4;A;B\n', ['name', 'date']), {
      records: [
        [1, 'Place,town,land,more', ' NAME ', 'date'],
        [2, '1,2,3,4', 'A', 'B'],
      ],
      flaws: [],
    }));

  test('a file is read as it was written, for any content of its fields', () => {
    const seed = 20_261_121;
    const random = seededRandom(seed);
    const letters = ['a', 'ü', '"', ',', '\n', '\r\n', '\r', ' ', ';', '1', '\t'];
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let round = 0; round < 500; round += 1) {
      const delimiter = [',', ';', '\t'][below(3)]!;
      const end = ['\n', '\r\n', '\r'][below(3)]!;
      let text = `sep=${delimiter}${end}`;
      let line = 2;
      const wanted: unknown[][] = [];
      for (let row = 0; row < 1 + below(5); row += 1) {
        // A first field that is not blank, to keep the record from counting as empty.
        const fields = [
          `r${row}`,
          ...Array.from({ length: below(4) }, () =>
            Array.from({ length: below(6) }, () => letters[below(letters.length)]).join(''),
          ),
        ];
        wanted.push([line, ...fields]);
        text += fields
          .map((field) => (/["\n\r,;\t]/.test(field) || random() < 0.2 ? `"${field.replaceAll('"', '""')}"` : field))
          .join(delimiter);
        text += end;
        line = text.split(/\r\n|\n|\r/).length;
      }
      assert.deepEqual(
        read(text),
        { records: wanted, flaws: [] },
        `seed ${seed}, round ${round}: ${JSON.stringify(text)}`,
      );
    }
  });
});

describe('a flaw', () => {
  const cases: Readonly<Record<string, [string, unknown[][], RegExp[]]>> = {
    'of a quote inside of a field': [
      'a,b\n1,x"y\n2,z\n',
      [
        [1, 'a', 'b'],
        [3, '2', 'z'],
      ],
      [/^2:2 there is a quote in a field/],
    ],
    'of text behind a quote': [
      'a,b\n"1"x,y\n2,z\n',
      [
        [1, 'a', 'b'],
        [3, '2', 'z'],
      ],
      [/^2:1 there is text behind the closing/],
    ],
    'of text behind a quote of an earlier line': [
      'a,b\n1,"x\ny"z\n2,z\n',
      [
        [1, 'a', 'b'],
        [4, '2', 'z'],
      ],
      [/^3:2 there is text behind .*, which began on line 2:/],
    ],
    'of a quote that is never closed': [
      'a,b\n1,"x\n2,y\n3,z\n',
      [
        [1, 'a', 'b'],
        [3, '2', 'y'],
        [4, '3', 'z'],
      ],
      [/^2:2 the quote that opens this field is never closed/],
    ],
    'of two such quotes': ['"a\n"b\n', [], [/^2:1 there is text behind/]],
    'of a lone quote at the end': ['a\n"', [[1, 'a']], [/^2:1 .* never closed/]],
    'on each of several lines': [
      'a,b\nx"y,1\nok,2\n"q"r,3\nok,4\n5,"\n',
      [
        [1, 'a', 'b'],
        [3, 'ok', '2'],
        [5, 'ok', '4'],
      ],
      [/^2:1 there is a quote/, /^4:1 there is text/, /^6:2 .* never closed/],
    ],
  };
  for (const [what, [text, records, flaws]] of Object.entries(cases)) {
    test(`${what} is named with its line and field, and the lines around it are read`, () => {
      const reading = read(text);
      assert.deepEqual(reading.records, records);
      assert.equal(reading.flaws.length, flaws.length, reading.flaws.join('\n'));
      flaws.forEach((flaw, i) => assert.match(reading.flaws[i] ?? '', flaw));
    });
  }

  test('flaws never make the reading endless or slow, however many there are', () => {
    for (const line of ['"\n', 'a"\n', '"a"b\n', '"x,""\n', ',"\n']) {
      const { flaws } = readCsv(line.repeat(20_001));
      assert.ok(flaws.length > 0);
    }
  });
});
