/** A hall's file: every seat spelled out, or every flaw with its place. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { spellFlaw } from '../../../src/cli/import/flaws.ts';
import { readHall } from '../../../src/cli/import/hall.ts';

const read = (value: unknown): ReturnType<typeof readHall> =>
  readHall(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));

function flawsOf(value: unknown): string[] {
  const reading = read(value);
  assert.ok(!reading.ok, 'it was read, though it has flaws');
  return reading.flaws.map((flaw) => spellFlaw('hall.json', flaw));
}

const oneRow = (row: unknown): unknown => ({ sections: [{ name: 'A', rows: [row] }] });

describe('a hall', () => {
  test('a hall has every seat that its file names, each way of naming them', () => {
    const reading = read({
      name: 'Opera',
      sections: [
        {
          name: 'Stalls',
          rows: [
            { name: '1', rank: 2, seats: ['1', '2a', { number: '3', accessible: true, rank: 0 }, { number: '4' }] },
            { name: '2', rank: 7, seats: { from: 9, to: 11 } },
          ],
        },
        { name: 'Balcony', rows: [{ name: '1', seats: { from: 5, to: 5 } }] },
      ],
    });
    assert.ok(reading.ok);
    assert.deepEqual(reading.value, {
      name: 'Opera',
      hall: {
        sections: [
          {
            name: 'Stalls',
            rows: [
              { name: '1', rank: 2, seats: ['1', '2a', { number: '3', accessible: true, rank: 0 }, '4'] },
              { name: '2', rank: 7, seats: { from: 9, to: 11 } },
            ],
          },
          { name: 'Balcony', rows: [{ name: '1', seats: { from: 5, to: 5 } }] },
        ],
      },
    });
  });

  const rows: Readonly<Record<string, [unknown, unknown]>> = {
    'numbers that count up, a range': [['7', { number: '8' }, { number: '9', accessible: false }], { from: 7, to: 9 }],
    'numbers with a gap, a list': [
      ['1', '2', '4'],
      ['1', '2', '4'],
    ],
    'numbers with zeros before them, a list': [
      ['01', '02'],
      ['01', '02'],
    ],
    'numbers from zero, a list': [
      ['0', '1'],
      ['0', '1'],
    ],
    'seats with more than a number, a list': [
      ['1', { number: '2', rank: 1 }],
      ['1', { number: '2', rank: 1 }],
    ],
  };
  for (const [what, [seats, wanted]] of Object.entries(rows)) {
    test(`a hall has, of ${what}`, () => {
      const reading = read(oneRow({ name: '1', seats }));
      assert.ok(reading.ok);
      assert.deepEqual(reading.value.hall.sections[0]?.rows[0]?.seats, wanted);
    });
  }

  test('a hall with the maximum of seats is read, and one with a seat more is not', () => {
    const sizes = [...Array.from({ length: 24 }, () => 4096), 1696];
    const hall = (...more: number[]): unknown => ({
      sections: [
        {
          name: 'A',
          rows: [...sizes, ...more].map((to, i) => ({ name: String(i), seats: { from: 1, to } })),
        },
      ],
    });
    assert.ok(read(hall()).ok);
    assert.deepEqual(flawsOf(hall(1)), ['hall.json at /sections: it has 100001 seats: a hall has at most 100000']);
  });

  test('a row of a hall has a maximum of seats', () => {
    const many = Array.from({ length: 4097 }, (_, i) => `s${i}`);
    assert.ok(read(oneRow({ name: '1', seats: many.slice(1) })).ok);
    assert.deepEqual(flawsOf(oneRow({ name: '1', seats: many })), [
      'hall.json at /sections/0/rows/0/seats: has 4097 seats: a row has at most 4096, so make several of it',
    ]);
  });

  test('a hall of far too many seats is refused before they are made', () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ name: String(i), seats: { from: 1, to: 99_999 } }));
    assert.match(flawsOf({ sections: [{ name: 'A', rows }] }).join(), /it has 499995000 seats/);
  });

  test('a hall whose names give one label by their dashes has each such seat named', () => {
    const sections = [
      { name: 'A', rows: [{ name: '1-2', seats: ['3', '4'] }] },
      { name: 'A-1', rows: [{ name: '2', seats: ['4', '3', '5'] }] },
    ];
    assert.deepEqual(flawsOf({ sections }), [
      'hall.json at /sections/1/rows/0/seats/0: gives the hall a second A-1-2-4',
      'hall.json at /sections/1/rows/0/seats/1: gives the hall a second A-1-2-3',
    ]);
  });

  const cases: Readonly<Record<string, [unknown, (string | RegExp)[]]>> = {
    'that is not JSON': ['{"sections":', [/^hall\.json: it is not JSON \(.*\): write one object with "sections"$/]],
    'that is a list': [[], ['hall.json at /: must be object']],
    'without sections': [{}, ['hall.json at /: lacks: sections']],
    'with no section': [{ sections: [] }, [/^hall\.json at \/sections: must not have fewer than 1 items/]],
    'with a section without rows': [
      { sections: [{ name: 'A', rows: [] }] },
      [/^hall\.json at \/sections\/0\/rows: must not/],
    ],
    'with unknown fields': [
      { sections: [{ name: 'A', rows: [{ name: '1', seats: ['1'], color: 'red' }] }], map: 1 },
      [/at \/: has unknown fields: map/],
    ],
    'with an unknown field of a row': [
      oneRow({ name: '1', seats: ['1'], color: 'red' }),
      ['hall.json at /sections/0/rows/0: has unknown fields: color'],
    ],
    'with a row without seats': [
      oneRow({ name: '1', seats: [] }),
      ['hall.json at /sections/0/rows/0/seats: must have at least one seat'],
    ],
    'with seats that are a number': [
      oneRow({ name: '1', seats: 40 }),
      ['hall.json at /sections/0/rows/0/seats: must be a list of seats, or {"from": 1, "to": 40}'],
    ],
    'with seats that are neither text nor object': [
      oneRow({ name: '1', seats: ['1', 2, null] }),
      [/seats\/1: must be a number in quotes, or \{"number": "3"\}$/, /seats\/2: must be a number in quotes/],
    ],
    'with flaws in several seats': [
      oneRow({
        name: '1',
        seats: ['', { number: '2', accesible: true }, { number: '3', rank: -1 }, { accessible: true }, '5'],
      }),
      [
        /seats\/0: must not have fewer than 1/,
        /seats\/1: has unknown fields: accesible/,
        /seats\/2\/rank: must be >= 0/,
        /seats\/3: lacks: number/,
      ],
    ],
    'with a range the wrong way': [
      oneRow({ name: '1', seats: { from: 5, to: 4 } }),
      ['hall.json at /sections/0/rows/0/seats: goes from 5 to 4: "to" must not be less than "from"'],
    ],
    'with half of a character': [
      oneRow({ name: '1', seats: ['\ud83c'] }),
      [/has half of a character: write the whole/],
    ],
    'with a name that is none': [{ name: '', sections: [] }, [/at \/name: must not/, /at \/sections: must not/]],
    'with half a range': [oneRow({ name: '1', seats: { from: 5 } }), [/at \/sections\/0\/rows\/0\/seats: lacks: to/]],
    'with a range of fractions': [oneRow({ name: '1', seats: { from: 1.5, to: 3 } }), [/seats\/from: must be integer/]],
    'with a section twice': [
      { sections: ['A', 'B', 'A'].map((name) => ({ name, rows: [{ name: '1', seats: ['1'] }] })) },
      ['hall.json at /sections/2: section "A" is there already, at /sections/0: names must differ'],
    ],
    'with a row and a seat twice': [
      {
        sections: [
          {
            name: 'A',
            rows: [
              { name: '1', seats: ['1', { number: '1' }] },
              { name: '1', seats: ['1'] },
            ],
          },
        ],
      },
      [
        /seats\/1: seat "1" is there already, at .*seats\/0/,
        /rows\/1: row "1" is there already, at \/sections\/0\/rows\/0/,
      ],
    ],
    'with a line break in a name': [
      oneRow({ name: '1\n2', seats: ['1'] }),
      [/at \/sections\/0\/rows\/0\/name: must match pattern/],
    ],
  };
  for (const [what, [value, wanted]] of Object.entries(cases)) {
    test(`${what} is refused, each flaw with its place`, () => {
      const flaws = flawsOf(value);
      assert.equal(flaws.length, wanted.length, flaws.join('\n'));
      wanted.forEach((each, i) => {
        if (typeof each === 'string') assert.equal(flaws[i], each);
        else assert.match(flaws[i] ?? '', each);
      });
    });
  }

  test('a hall with many flaws has every one named', () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({ name: String(i), seats: [''] }));
    const sections = Array.from({ length: 100 }, () => ({ name: '', rows: [{ name: '1', seats: ['1'] }] }));
    assert.equal(flawsOf({ sections: [...sections, { name: 'A', rows }] }).length, 400);
  });
});
