/** What a SQL database has to do with cards, and with rows that come once and never change. */
import assert from 'node:assert/strict';
import { ConstraintError } from '../../src/followers/sql/database.ts';
import type { IdRange, RowBatch, SqlDatabase } from '../../src/followers/sql/database.ts';
import type { TableName } from '../../src/followers/sql/table.ts';
import { allRows, listedAt, positionAt, rowsIn, rowsOf } from '../followers/support/sql-rows.ts';
import type { Row } from '../followers/support/sql-rows.ts';
import type { Conforms } from './sql-backend.ts';

const most = Number.MAX_SAFE_INTEGER;
/** 2023-11-14 */
const day = 19_675;
const uuid = '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1';

const wallet: RowBatch = [
  rowsOf('gates', [{ id: 1, station: 'a' }, { id: 2 }]),
  rowsOf('cards', [
    { id: 1, public_id: uuid, name: 'Anna', balance: 9_830, created_at_ms: 1_700_000_000_000 },
    { id: 2, public_id: 'bert', status: 'blocked', category: 'child', created_at_ms: 1_700_000_000_001 },
  ]),
  rowsOf('journeys', [
    { id: 1, number: 2, card_id: 1, fare: 170, rule: 'zones 1-3, peak', entry_gate_id: 1, exit_gate_id: 2 },
    { id: 2, number: 1, card_id: 2, entry_station: null, entry_at_ms: null, exit_gate_id: 1, status: 'incomplete' },
  ]),
  rowsOf('entries', [
    { id: 1, kind: 'opening', amount: 10_000, balance: 10_000, booked_at_ms: 1_700_000_000_000 },
    { id: 2, kind: 'fare', amount: -170, balance: 9_830, journey: 2, rule: 'zones 1-3, peak', day, at_ms: 1 },
  ]),
  rowsOf('taps', [
    { id: 1, card_id: 1, journey: 2, station: 'a' },
    {
      id: 3,
      card_id: 1,
      journey: 2,
      station: 'b',
      fare: 170,
      rule: 'zones 1-3, peak',
      balance: 9_830,
      direction: 'out',
    },
    { id: 4, result: 'deny', reason: 'UNKNOWN_CARD', flags: 'DISTANT,OVERTIME' },
  ]),
];

export function cardsConform(databases: Conforms): void {
  databases('cards, journeys, entries and taps come back as they were written', async (database) => {
    await database.write(wallet, null, positionAt(9));
    assert.deepEqual(await allRows(database), rowsIn(wallet));
  });

  databases('the views of the gates dialect show cards and their money', async (database, backend) => {
    await database.write(wallet, null, positionAt(9));
    const created = '2023-11-14T22:13:20.000Z';
    const charged = '2023-11-14T22:13:20.008Z';
    const account = { transactions_table: 'transactions', created_at: created };
    assert.deepEqual(await backend.view('gates.accounts', 'uuid'), [
      { ...account, uuid, active: 1, updated_at: charged, name: 'Anna', balance: 9_830 },
      {
        ...account,
        uuid: 'bert',
        active: 0,
        created_at: '2023-11-14T22:13:20.001Z',
        updated_at: '2023-11-14T22:13:20.001Z',
        name: null,
        balance: 0,
      },
    ]);
    assert.deepEqual(await backend.view('gates.transactions', 'uuid'), [
      { uuid: '00000000-0000-8000-8000-000000000001', account_uuid: uuid, created_at: created, transaction: 10_000 },
      { uuid: '00000000-0000-8000-8000-000000000002', account_uuid: uuid, created_at: charged, transaction: -170 },
    ]);
    const entry = { card: uuid, currency: 'EUR' };
    assert.deepEqual(await backend.view('gates.statements'), [
      {
        ...entry,
        id: 'entry_0_1',
        created_at: created,
        kind: 'opening',
        amount: 10_000,
        balance: 10_000,
        journey: null,
        rule: null,
      },
      {
        ...entry,
        id: 'entry_0_2',
        created_at: charged,
        kind: 'fare',
        amount: -170,
        balance: 9_830,
        journey: 'journey_0_2',
        rule: 'zones 1-3, peak',
      },
    ]);
  });

  databases(
    'a row that comes once is refused the second time, in a small batch and in a large one',
    async (database) => {
      await database.write(wallet, null, positionAt(9));
      const again = (name: TableName, rows: readonly Row[]): Promise<void> =>
        database.write([rowsOf(name, rows)], positionAt(9), positionAt(10));
      const many = Array.from({ length: 700 }, (_, at) => ({ id: 100 + at }));
      for (const name of ['journeys', 'entries'] as const) {
        await assert.rejects(again(name, [{ id: 1, number: 7 }]), ConstraintError, name);
        await assert.rejects(again(name, [{ id: 1, number: 7 }, ...many]), ConstraintError, name);
      }
      for (const day of [19_675, 19_676]) {
        // Where the rows of a day lie by themselves, those of another day are not looked at.
        const repeated = [
          { id: 1, sequence: 900, day: 19_675 },
          { id: 2, sequence: 3, day: 19_675 },
        ];
        for (const one of repeated) {
          await assert.rejects(again('taps', [one]), ConstraintError);
          await assert.rejects(
            again('taps', [one, ...many.map(({ id }) => ({ id, sequence: id + 1000, day }))]),
            ConstraintError,
          );
        }
      }
      assert.deepEqual(await allRows(database), rowsIn(wallet));
    },
  );

  const contradictions: readonly (readonly [sentence: string, batch: RowBatch])[] = [
    ['an entry of a card that is not there', [rowsOf('entries', [{ id: 9, card_id: 9 }])]],
    ['a journey of a card that is not there', [rowsOf('journeys', [{ id: 9, card_id: 9 }])]],
    ['a fare that adds to the balance', [rowsOf('entries', [{ id: 9, kind: 'fare', amount: 1 }])]],
    ['a top-up that takes from it', [rowsOf('entries', [{ id: 9, amount: -1 }])]],
    ['an adjustment of no run', [rowsOf('entries', [{ id: 9, kind: 'adjustment', amount: 1 }])]],
    ['a balance wider than the engine has', [rowsOf('cards', [{ id: 9, balance: 2 ** 31 }])]],
    ['a second card under one id', [rowsOf('cards', [{ id: 9, public_id: uuid }])]],
    [
      'a journey without an end',
      [rowsOf('journeys', [{ id: 9, entry_at_ms: null, exit_at_ms: null, status: 'incomplete' }])],
    ],
    ['a complete journey with one end', [rowsOf('journeys', [{ id: 9, exit_at_ms: null }])]],
    ['a second journey under one number', [rowsOf('journeys', [{ id: 9, number: 2 }])]],
    ['a tap that is denied for no reason', [rowsOf('taps', [{ id: 9, result: 'deny' }])]],
    ['a denied tap that costs', [rowsOf('taps', [{ id: 9, result: 'deny', reason: 'PASSBACK', fare: 1 }])]],
    ['a tap that was only repeated', [rowsOf('taps', [{ id: 9, result: 'gap' }])]],
  ];
  for (const [sentence, batch] of contradictions) {
    databases(`of cards, ${sentence} is refused`, async (database) => {
      await database.write(wallet, null, positionAt(9));
      await assert.rejects(database.write(batch, positionAt(9), positionAt(10)), ConstraintError);
      assert.deepEqual(await allRows(database), rowsIn(wallet));
    });
  }

  databases('the largest numbers of cards come back unchanged', async (database) => {
    const batch = [
      rowsOf('cards', [
        { id: 1, balance: -(2 ** 31) },
        { id: most, balance: 2 ** 31 - 1 },
      ]),
      rowsOf('journeys', [{ id: most, number: most, chain: most, card_id: most, fare: 2 ** 31 - 1, position: most }]),
      rowsOf('entries', [{ id: most, card_id: most, amount: 2 ** 32, journey: most, day: -1, position: most }]),
      rowsOf('taps', [{ id: most, epoch: 2 ** 32 - 1, sequence: 2 ** 32 - 1, at_ms: -most, day: -8, position: most }]),
    ];
    await database.write(batch, null, positionAt(9));
    assert.deepEqual(await allRows(database), rowsIn(batch));
  });

  databases('rows of a range of ids are read, and no other', async (database) => {
    const ids = Array.from({ length: 12_000 }, (_, at) => 2 * at + 1);
    const taps = ids.map((id) => ({ id, day: day + (id % 7) }));
    await database.write([rowsOf('taps', taps)], null, positionAt(9));
    const read = (range?: IdRange): Promise<number[]> => idsOf(database, range);
    assert.deepEqual(await read(), ids);
    assert.deepEqual(await read({ after: 1, upTo: 7 }), [3, 5, 7]);
    assert.deepEqual(await read({ after: 2, upTo: 2 }), []);
    assert.deepEqual(
      await read({ after: 501, upTo: 21_000 }),
      ids.filter((id) => id > 501 && id <= 21_000),
    );
    assert.deepEqual(await read({ after: 23_998, upTo: most }), [23_999]);
  });
}

export function cardListsConform(databases: Conforms): void {
  databases("lists of a card's journeys and entries are newest first, a page at a time", async (database, backend) => {
    const lists = backend.openListings();
    try {
      const nothing = { position: 0, of: null };
      assert.deepEqual(await lists.journeysOfCard(1, { before: null, limit: 5 }), { journeys: [], ...nothing });
      assert.deepEqual(await lists.entriesOfCard(1, { before: null, limit: 5 }), {
        entries: [],
        balance: 0,
        ...nothing,
      });
      await database.write(wallet, null, positionAt(9));
      const { position, of } = listedAt([], 9);
      const [journey] = (await lists.journeysOfCard(1, { before: null, limit: 5 })).journeys;
      assert.deepEqual(journey, {
        id: 1,
        number: 2,
        category: 'adult',
        entry: { gate: 1, station: 'a', atMs: 1_700_000_000_007 },
        exit: { gate: 2, station: 'b', atMs: 1_700_000_600_007 },
        fare: 170,
        rule: 'zones 1-3, peak',
        cappedBy: 0,
        chain: 1,
        status: 'complete',
      });
      const of2 = (await lists.journeysOfCard(2, { before: null, limit: 5 })).journeys;
      assert.deepEqual(
        of2.map(({ entry, exit, status }) => [entry, exit?.station, status]),
        [[null, 'b', 'incomplete']],
      );
      const opening = {
        id: 1,
        kind: 'opening',
        amount: 10_000,
        balance: 10_000,
        journey: null,
        rule: null,
        atMs: null,
      };
      const fare = { id: 2, kind: 'fare', amount: -170, balance: 9_830, journey: 2, rule: 'zones 1-3, peak', atMs: 1 };
      assert.deepEqual(await lists.entriesOfCard(1, { before: null, limit: 5 }), {
        entries: [
          { ...fare, bookedAtMs: 1_700_000_000_008 },
          { ...opening, bookedAtMs: 1_700_000_000_000 },
        ],
        balance: 9_830,
        position,
        of,
      });
      assert.deepEqual(
        (await lists.entriesOfCard(1, { before: 2, limit: 5 })).entries.map(({ id }) => id),
        [1],
      );
      assert.deepEqual(
        (await lists.entriesOfCard(1, { before: null, limit: 1 })).entries.map(({ id }) => id),
        [2],
      );
      assert.deepEqual(await lists.entriesOfCard(2, { before: null, limit: 1 }), {
        entries: [],
        balance: 0,
        position,
        of,
      });
      assert.deepEqual(await lists.entriesOfCard(77, { before: null, limit: 1 }), {
        entries: [],
        balance: 0,
        position,
        of,
      });
    } finally {
      await lists.close();
    }
  });
}

export function retentionConforms(databases: Conforms): void {
  const of = (from: number, count: number, day: number): Row[] =>
    Array.from({ length: count }, (_, at) => ({ id: from + at, day }));

  databases('taps of old days are dropped, and those of the newest are kept', async (database) => {
    assert.deepEqual(await database.retainTaps(0, 10), { fromDay: null });
    const batch = [
      rowsOf('taps', [
        ...of(1, 3, day),
        ...of(4, 11_000, day - 9),
        ...of(20_000, 3, day - 10),
        ...of(30_000, 2, day - 40),
      ]),
    ];
    await database.write(batch, null, positionAt(9));
    assert.deepEqual(await database.retainTaps(0, 100), { fromDay: day - 99 });
    assert.equal((await idsOf(database)).length, 11_008);
    assert.deepEqual(await database.retainTaps(0, 10), { fromDay: day - 9 });
    assert.deepEqual(
      await idsOf(database),
      Array.from({ length: 11_003 }, (_, at) => at + 1),
    );
    assert.equal(await database.reading(0, async ({ tapsFromDay }) => tapsFromDay), day - 9);
    // It never goes back, and the follower's position is as it was.
    assert.deepEqual(await database.retainTaps(0, 100), { fromDay: day - 9 });
    assert.deepEqual(await database.position(0), positionAt(9));
    await database.write([rowsOf('taps', of(40_000, 2, day + 1))], positionAt(9), positionAt(10));
    assert.deepEqual(await database.retainTaps(0, 10), { fromDay: day - 8 });
    assert.deepEqual(await idsOf(database), [1, 2, 3, 40_000, 40_001]);
  });

  databases('a day that was dropped takes rows again, and a rebuild begins with all days', async (database) => {
    await database.write([rowsOf('taps', [...of(1, 1, day - 20), ...of(2, 1, day)])], null, positionAt(9));
    await database.retainTaps(0, 10);
    await database.write([rowsOf('taps', of(3, 1, day - 20))], positionAt(9), positionAt(10));
    assert.deepEqual(await idsOf(database), [2, 3]);
    await database.rebuild(async (write) => {
      await write([rowsOf('taps', [...of(1, 1, day - 20), ...of(2, 1, day)])]);
      return positionAt(11);
    });
    assert.deepEqual(await idsOf(database), [1, 2]);
    assert.equal(await database.reading(0, async ({ tapsFromDay }) => tapsFromDay), null);
  });
}

async function idsOf(database: SqlDatabase, range?: IdRange): Promise<number[]> {
  const ids: number[] = [];
  await database.reading(0, (reading) =>
    reading.readAll('taps', (columns, count) => ids.push(...(columns[0] ?? []).slice(0, count).map(Number)), range),
  );
  return ids;
}
