/**
 * `seed hall` on stopped folders: one sale for a hall after any number of runs, its terms, and
 * refusals.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { withFolder } from '../log/support/folders.ts';
import { foundIn, runRefused, runSound, storeIn, written } from './import/support.ts';

const opera = {
  name: 'Opera house',
  sections: [
    {
      name: 'Stalls',
      rows: [
        { name: 'A', rank: 3, seats: { from: 5, to: 7 } },
        { name: 'B', seats: ['1', '2a', { number: '3', accessible: true }, { number: '4', rank: 0 }] },
      ],
    },
    { name: 'Balcony', rows: [{ name: 'A', seats: ['1', { number: '2', accessible: false }] }] },
  ],
};

function withHall(hall: unknown, use: (file: string, data: string, folder: string) => Promise<void>): Promise<void> {
  return withFolder((folder) =>
    use(written(folder, 'hall.json', JSON.stringify(hall)), path.join(folder, 'data'), folder),
  );
}

describe('a hall', () => {
  test('a hall is a sale of its seats, with the terms that were asked for', () =>
    withHall(opera, async (file, data) => {
      const terms = [
        '--price',
        '12.29',
        '--currency',
        'EUR',
        '--opens',
        '2026-12-01',
        '--closes',
        '2027-01-31T20:00:00+01:00',
      ];
      const limits = ['--hold-seconds', '90', '--max-per-order', '6'];
      const said = await runSound(['seed', 'hall', file, '--data', data, ...terms, ...limits]);
      assert.equal(said, `${file}: "Opera house" is sale_0_1, 9 seats\n`);
      const { sales, seats } = await foundIn(data);
      assert.equal(sales.length, 1, 'no demonstration');
      const { name, kind, door, capacity, price, opensAt, closesAt, holdSeconds, maxPerOrder } = sales[0]!;
      assert.deepEqual(
        { name, kind, door, capacity, price, opensAt, closesAt, holdSeconds, maxPerOrder },
        {
          name: 'Opera house',
          kind: 'seated',
          door: 'v1',
          capacity: 9,
          price: { amount: 1229, currency: 'EUR' },
          opensAt: '2026-12-01T00:00:00.000Z',
          closesAt: '2027-01-31T19:00:00.000Z',
          holdSeconds: 90,
          maxPerOrder: 6,
        },
      );
      assert.deepEqual(
        seats['sale_0_1']?.map(({ section, row, number, place, rank, accessible }) =>
          [section, row, number, place, rank, ...(accessible ? ['accessible'] : [])].join(' '),
        ),
        [
          'Stalls A 5 1 3',
          'Stalls A 6 2 3',
          'Stalls A 7 3 3',
          'Stalls B 1 1 2',
          'Stalls B 2a 2 2',
          'Stalls B 3 3 2 accessible',
          'Stalls B 4 4 0',
          'Balcony A 1 1 3',
          'Balcony A 2 2 3',
        ],
      );
    }));

  test('a hall is made once, in any form of its file, and its terms stay', () =>
    withHall(opera, async (file, data, folder) => {
      await runSound(['seed', 'hall', file, '--data', data]);
      const before = storeIn(data);
      const there = (name: string): string =>
        `${name}: "Opera house" is sale_0_1, 9 seats; it was there already, and nothing changed\n`;
      assert.equal(await runSound(['seed', 'hall', file, '--data', data]), there(file));
      const pretty = written(folder, 'pretty.json', JSON.stringify(opera, null, 2));
      const terms = ['--price', '5', '--currency', 'JPY'];
      assert.equal(await runSound(['seed', 'hall', pretty, '--data', data, ...terms]), there(pretty));
      assert.deepEqual(storeIn(data), before);
    }));

  test('a hall of another name is another sale; the name is the flag, or the file says it, or what its file is called', () =>
    withHall(opera, async (file, data, folder) => {
      const nameless = written(folder, 'Town hall.json', JSON.stringify({ sections: opera.sections }));
      await runSound(['seed', 'hall', file, '--data', data]);
      await runSound(['seed', 'hall', file, '--data', data, '--name', 'Tosca, 3 May']);
      await runSound(['seed', 'hall', nameless, '--data', data]);
      const { sales } = await foundIn(data);
      assert.deepEqual(
        sales.map(({ name }) => name),
        ['Opera house', 'Tosca, 3 May', 'Town hall'],
      );
    }));

  test('a hall with other seats under a name that is taken is refused', () =>
    withHall(opera, async (file, data, folder) => {
      await runSound(['seed', 'hall', file, '--data', data]);
      const before = storeIn(data);
      const changes: readonly ((hall: typeof opera) => void)[] = [
        (hall) => (hall.sections[0]!.rows[0]!.rank = 4),
        (hall) => (hall.sections[1]!.rows[0]!.seats = ['1', '3']),
        (hall) => hall.sections.pop(),
        (hall) => (hall.sections[1]!.rows[0]!.seats = ['1', '2', '3']),
        (hall) => (hall.sections[1]!.name = 'Circle'),
      ];
      for (const change of changes) {
        const hall = structuredClone(opera);
        change(hall);
        const other = written(folder, 'other.json', JSON.stringify(hall));
        assert.deepEqual(await runRefused(['seed', 'hall', other, '--data', data]), [
          'holdfast: there is a sale "Opera house" with other seats, sale_0_1: name this one otherwise with --name',
        ]);
      }
      assert.deepEqual(storeIn(data), before);
    }));

  test('a hall with the maximum of seats fits, each spelled out; one with a seat more is refused', () => {
    const row = (name: number, count: number): object => ({
      name: String(name),
      seats: Array.from({ length: count }, (_, i) => ({ number: String(i + 1), accessible: false })),
    });
    const rows = Array.from({ length: 25 }, (_, i) => row(i, 4000));
    return withHall({ sections: [{ name: 'A', rows }] }, async (file, data, folder) => {
      const more = written(
        folder,
        'more.json',
        JSON.stringify({ sections: [{ name: 'A', rows: [...rows, row(25, 1)] }] }),
      );
      assert.deepEqual(await runRefused(['seed', 'hall', more, '--data', data]), [
        `${more} at /sections: it has 100001 seats: a hall has at most 100000`,
        `holdfast: ${more} has one flaw; nothing was imported`,
      ]);
      assert.equal(fs.existsSync(data), false);
      assert.equal(
        await runSound(['seed', 'hall', file, '--data', data]),
        `${file}: "hall" is sale_0_1, 100000 seats\n`,
      );
      assert.match(await runSound(['seed', 'hall', file, '--data', data]), /it was there already/);
    });
  });

  test('a hall too large for a record is refused with what to do', () => {
    const seats = Array.from({ length: 4000 }, (_, i) => ({ number: `seat ${i}`, accessible: true }));
    const rows = Array.from({ length: 10 }, (_, i) => ({ name: String(i), seats }));
    return withHall({ sections: [{ name: 'A', rows }] }, async (file, data) => {
      const [said] = await runRefused(['seed', 'hall', file, '--data', data]);
      assert.match(said!, /^holdfast: the hall takes \d{7} bytes of the 1000000 .*: write seats that are only numbers/);
      assert.deepEqual((await foundIn(data)).sales, []);
    });
  });
});

test('a hall with seats twice has each of them named, and nothing is made', () => {
  const sections = [
    {
      name: 'A',
      rows: [
        { name: '1', seats: ['1', '2', '1', { number: '2' }] },
        { name: '2', seats: ['7', '7'] },
      ],
    },
    {
      name: 'B',
      rows: [
        { name: '1', seats: ['1'] },
        { name: '1', seats: ['2'] },
      ],
    },
  ];
  return withHall({ sections }, async (file, data) => {
    const at = '/sections/0/rows';
    assert.deepEqual(await runRefused(['seed', 'hall', file, '--data', data]), [
      `${file} at ${at}/0/seats/2: seat "1" is there already, at ${at}/0/seats/0: names must differ`,
      `${file} at ${at}/0/seats/3: seat "2" is there already, at ${at}/0/seats/1: names must differ`,
      `${file} at ${at}/1/seats/1: seat "7" is there already, at ${at}/1/seats/0: names must differ`,
      `${file} at /sections/1/rows/1: row "1" is there already, at /sections/1/rows/0: names must differ`,
      `holdfast: ${file} has 4 flaws; nothing was imported`,
    ]);
    assert.equal(fs.existsSync(data), false);
  });
});

test('a file that is missing, empty, a folder or no JSON is named, and so is an invalid term', () =>
  withHall(opera, async (file, data, folder) => {
    const cases: readonly (readonly [RegExp, ...string[]])[] = [
      [/^holdfast: there is no file /, path.join(folder, 'missing.json')],
      [/^holdfast: .* is a folder: name a file$/, folder],
      [/empty\.json: it is not JSON \(.*\): write one object with "sections"$/, written(folder, 'empty.json', '')],
      [/half\.json: it is not JSON/, written(folder, 'half.json', '{"sections":[')],
      [/^holdfast: --price and --currency go together/, file, '--price', '5'],
      [/^holdfast: --price and --currency go together/, file, '--currency', 'EUR'],
      [
        /^holdfast: --price is "5\.001"; it may be an amount of EUR, such as 12\.50/,
        file,
        '--price',
        '5.001',
        '--currency',
        'EUR',
      ],
      [/^holdfast: --currency is "eur"/, file, '--price', '5', '--currency', 'eur'],
      [/^holdfast: --opens is "tomorrow"/, file, '--opens', 'tomorrow'],
      [/^holdfast: --closes is "2027-02-30"/, file, '--closes', '2027-02-30'],
      [
        /^holdfast: --closes is 2027-01-01, which is not behind --opens/,
        file,
        '--opens',
        '2027-01-02',
        '--closes',
        '2027-01-01',
      ],
      [/^holdfast: --hold-seconds is "0"; it may be a whole number from 1 to 86400$/, file, '--hold-seconds', '0'],
      [/^holdfast: --max-per-order is "many"/, file, '--max-per-order', 'many'],
      [/^holdfast: --name may have 1 to 200 characters/, file, '--name', ' '],
      [/^holdfast: --name may have 1 to 200 characters/, file, '--name', 'x'.repeat(201)],
    ];
    for (const [wanted, ...args] of cases) {
      assert.match((await runRefused(['seed', 'hall', ...args, '--data', data]))[0]!, wanted);
      assert.equal(fs.existsSync(data), false, args.join(' '));
    }
  }));

describe('help', () => {
  test('help lists the commands of two words, and describes one, or those with one first word', async () => {
    const all = await runSound(['help']);
    for (const name of ['seed', 'seed hall', 'import events', 'import seats', 'help'])
      assert.match(all, new RegExp(`^  ${name} {2,}\\S`, 'm'));
    assert.match(await runSound(['help', 'seed', 'hall']), /^holdfast seed hall FILE/);
    assert.match(await runSound(['seed', 'hall', '--help']), /^holdfast seed hall FILE/);
    assert.match(await runSound(['seed', '--help']), /^holdfast seed \[/);
    for (const args of [
      ['help', 'import'],
      ['import', '--help'],
    ]) {
      const usage = await runSound(args);
      assert.match(usage, /^holdfast import events FILE/);
      assert.match(usage, /^holdfast import seats FILE/m);
    }
  });
});
