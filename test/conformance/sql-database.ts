/** What every SQL database has to do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { migrationsOf } from '../../src/followers/sql/migrations.ts';
import { cellsTable, tables } from '../../src/followers/sql/schema.ts';
import { tableNames } from '../../src/followers/sql/table.ts';
import { ConstraintError, SchemaError } from '../../src/followers/sql/database.ts';
import type { RowBatch, SqlDatabase } from '../../src/followers/sql/database.ts';
import { allRows, oneSale, positionAt, rowsIn, rowsOf } from '../followers/support/sql-rows.ts';
import type { Row } from '../followers/support/sql-rows.ts';
import { hostileTexts, shop, shopViews, largest } from '../followers/support/sql-samples.ts';
import type { Requirement } from '../support/requires.ts';
import type { Conforms, SqlBackend } from './sql-backend.ts';
import { cardListsConform, cardsConform, retentionConforms } from './sql-cards.ts';
import { contradictionsConform } from './sql-contradictions.ts';
import { listingsConform, readingConforms, rebuildingConforms } from './sql-reading.ts';

export function sqlDatabaseConformance(
  dialect: SqlDatabase['dialect'],
  make: () => Promise<SqlBackend>,
  required: Requirement,
): void {
  const conforms = (sentence: string, check: (database: SqlDatabase, backend: SqlBackend) => Promise<void>): void => {
    test(sentence, required, async () => {
      const backend = await make();
      try {
        const database = backend.open();
        try {
          await check(database, backend);
        } finally {
          await database.close();
        }
      } finally {
        await backend.dispose();
      }
    });
  };
  /** The same on a database with the schema. */
  const databases = (sentence: string, check: (database: SqlDatabase, backend: SqlBackend) => Promise<void>): void =>
    conforms(sentence, async (database, backend) => {
      await database.migrate();
      await check(database, backend);
    });

  describe(`the SQL database, ${dialect}`, () => {
    schemaConforms(dialect, conforms, databases);
    writingConforms(databases);
    contradictionsConform(databases);
    readingConforms(databases);
    rebuildingConforms(databases);
    listingsConform(conforms, databases);
    cardsConform(databases);
    cardListsConform(databases);
    retentionConforms(databases);
    databases(
      'the views of the dialects show the rows under the names that they are known by',
      async (database, backend) => {
        await database.write(shop, null, positionAt(9));
        for (const [name, rows] of Object.entries(shopViews)) assert.deepEqual(await backend.view(name), rows, name);
      },
    );
    databases(
      'a drop has its price by its currency, and by hundredths in an unknown one',
      async (database, backend) => {
        const prices: readonly (readonly [string, number, number])[] = [
          ['USD', 19_999, 199.99],
          ['HUF', 250_000, 2500],
          ['JPY', 2500, 2500],
          ['KWD', 1234, 1.234],
          ['CLF', 12_345, 1.2345],
          ['XYZ', 1250, 12.5],
        ];
        const sales = prices.map(([currency, price_amount], at) => ({
          id: at + 1,
          door: 'drops',
          door_number: at + 1,
          currency,
          price_amount,
        }));
        await database.write([rowsOf('sales', sales)], null, positionAt(9));
        const shown = (await backend.view('drops.drops')).map((row) => row['price']);
        assert.deepEqual(
          shown,
          prices.map(([, , price]) => price),
        );
      },
    );
  });
}

function schemaConforms(dialect: SqlDatabase['dialect'], conforms: Conforms, databases: Conforms): void {
  conforms('migrations run once, in order', async (database, backend) => {
    const names = migrationsOf(dialect).map(({ name }) => name);
    assert.deepEqual(await database.migrate(), names);
    assert.deepEqual(await database.migrate(), []);
    const again = backend.open();
    assert.deepEqual(await again.migrate(), []);
    await again.close();
  });

  databases('the tables are those of the manifest', async (database) => {
    const described = await database.describe();
    for (const name of tableNames) {
      const { columns, generated = [], byDay } = tables[name];
      // Where the rows of a day lie by themselves, their key names the day too.
      const isKey = (column: string): boolean => dialect === 'postgres' && column === byDay;
      const found = described[name] ?? [];
      // Statements name their columns: a column that came later may stand elsewhere in one
      // database.
      const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);
      const written = found.filter((column) => !column.generated);
      assert.deepEqual(
        written.toSorted(byName),
        columns
          .map((column, at) => ({
            name: column.name,
            type: column.type,
            nullable: column.nullable ?? false,
            primaryKey: at === 0 || isKey(column.name),
            generated: false,
            refers:
              column.refers === undefined ? null : { table: column.refers.table, later: column.refers.later ?? false },
          }))
          .toSorted(byName),
        name,
      );
      assert.deepEqual(
        found.filter((column) => column.generated).map((column) => column.name),
        generated,
        name,
      );
    }
    assert.deepEqual(
      described[cellsTable.name]?.map(({ name, type }) => ({ name, type })),
      cellsTable.columns.map(({ name, type }) => ({ name, type })),
    );
  });

  databases('a schema that is newer than the program is left alone', async (database, backend) => {
    const number = migrationsOf(dialect).length + 1;
    await backend.pretendMigrated(number, `000${number}_of_tomorrow`);
    await assert.rejects(database.migrate(), (error) => error instanceof SchemaError && /newer/.test(error.message));
  });

  conforms('without a schema there is nothing to write to, and the error says so', async (database) => {
    await assert.rejects(database.write([oneSale], null, positionAt(2)), SchemaError);
    await database.migrate();
    await database.write([oneSale], null, positionAt(2));
  });
}

function writingConforms(databases: Conforms): void {
  databases('an empty database has no position and no rows', async (database) => {
    assert.equal(await database.position(0), null);
    assert.deepEqual(await allRows(database), {});
    assert.equal(database.durablePosition(), null);
  });

  databases('rows and position come back as they were written, to another database too', async (database, backend) => {
    await database.write(shop, null, positionAt(9));
    const other = backend.open();
    for (const reader of [database, other]) {
      assert.deepEqual(await reader.position(0), positionAt(9));
      assert.deepEqual(await allRows(reader), rowsIn(shop));
    }
    await other.close();
    const safe = database.durablePosition();
    assert.ok(safe === null || safe.position <= 9);
  });

  databases('the position moves without rows, and each cell has its own', async (database) => {
    await database.write([], null, positionAt(1));
    await database.write([], positionAt(1), positionAt(2));
    await database.write([], null, positionAt(7, { cell: 3 }));
    assert.deepEqual(await database.position(0), positionAt(2));
    assert.deepEqual(await database.position(3), positionAt(7, { cell: 3 }));
    assert.equal(await database.position(1), null);
  });

  databases('the largest numbers come back unchanged', async (database) => {
    const last = positionAt(Number.MAX_SAFE_INTEGER, { timeMs: Number.MAX_SAFE_INTEGER });
    await database.write(largest, null, last);
    assert.deepEqual(await allRows(database), rowsIn(largest));
    assert.deepEqual(await database.position(0), last);
  });

  databases('every text is stored as text, whatever it means elsewhere', async (database, backend) => {
    const customers = hostileTexts.map((text, at) => ({ id: at + 1, public_id: text, name: text, email: null }));
    const sales = hostileTexts.map((text, at) => ({
      id: at + 1,
      name: text,
      image: text,
      attributes: JSON.stringify({ status: text, [text]: 'name' }),
      kind: 'seated',
      door: 'seats',
      state: 'closed',
    }));
    // An index holds no text of a hundred thousand characters, nor does a seat have such a name.
    const short = hostileTexts.filter((text) => text.length < 1000);
    const seats = short.map((text, at) => ({ id: at + 1, section: text, row: text, number: text, sale_id: at + 1 }));
    const batch = [rowsOf('sales', sales), rowsOf('customers', customers), rowsOf('seats', seats)];
    await database.write(batch, null, positionAt(2));
    assert.deepEqual(await allRows(database), rowsIn(batch));
    const shown = await backend.view('seats.events');
    assert.deepEqual(
      shown.map(({ status }) => status),
      hostileTexts.map((text) => text),
    );
  });

  databases('a row that is there gets its changing columns, and keeps the others', async (database) => {
    const first = { id: 1, capacity: 100, sold: 1, kind: 'counted', price_amount: 5, currency: 'USD' };
    const order = { id: 1, key: 'as sent', status: 'confirmed' };
    await database.write([rowsOf('sales', [first]), rowsOf('orders', [order])], null, positionAt(2));
    const changed = {
      ...first,
      sold: 0,
      name: 'Renamed',
      price_amount: null,
      created_at_ms: 0,
      hold_ms: 1,
      position: 77,
    };
    await database.write(
      [rowsOf('sales', [changed, { id: 2 }]), rowsOf('orders', [{ ...order, key: null, status: 'cancelled' }])],
      positionAt(2),
      positionAt(3),
    );
    const { sales, orders } = await allRows(database);
    const [sale] = rowsIn([rowsOf('sales', [{ ...first, sold: 0, name: 'Renamed', price_amount: null }])]).sales ?? [];
    assert.deepEqual(sales?.[0], sale);
    assert.equal(sales?.length, 2);
    assert.equal(orders?.[0]?.['key'], 'as sent');
    assert.equal(orders[0]['status'], 'cancelled');
  });

  databases('a hold may name an order, and a waitlist entry, that come after it in the batch', async (database) => {
    await database.write([oneSale, rowsOf('customers', [{ id: 1 }])], null, positionAt(2));
    const hold = { id: 1, status: 'confirmed', order_id: 1, waitlist_id: 1, customer_id: 1 };
    const batch = [
      rowsOf('holds', [hold]),
      rowsOf('orders', [{ id: 1, hold_id: 1, customer_id: 1 }]),
      rowsOf('waitlist', [{ id: 1, status: 'served', hold_id: 1 }]),
    ];
    await database.write(batch, positionAt(2), positionAt(3));
    assert.deepEqual((await allRows(database)).holds, rowsIn(batch).holds);
  });

  databases(
    'a seat that is renamed leaves its name and place to others, in one batch or in several',
    async (database) => {
      const at = (id: number, number: string, place: number, status = 'available'): Row => ({
        id,
        number,
        place,
        status,
      });
      await database.write(
        [oneSale, rowsOf('seats', [at(1, '1', 1), at(2, '2', 2), at(3, '3', 3)])],
        null,
        positionAt(2),
      );
      // The first two change names; the third one goes, another comes in its place and goes as
      // well, and a third one stays.
      await database.write(
        [
          rowsOf('seats', [
            at(1, '1', 1, 'removed'),
            at(2, '2', 2, 'removed'),
            at(3, '3', 3, 'removed'),
            at(4, '2', 2),
            at(5, '1', 1),
            at(6, '3', 3, 'removed'),
            at(7, '3', 3),
          ]),
        ],
        positionAt(2),
        positionAt(3),
      );
      await database.write([rowsOf('seats', [at(4, '2', 2, 'removed'), at(8, '2b', 2)])], positionAt(3), positionAt(4));
      // A hall is renumbered: more rows than a small batch has.
      const ids = Array.from({ length: 600 }, (_, i) => 100 + i);
      await database.write(
        [
          rowsOf(
            'seats',
            ids.map((id) => at(id, `old ${id}`, id)),
          ),
        ],
        positionAt(4),
        positionAt(5),
      );
      const renumbered = [
        ...ids.map((id) => at(id, `old ${id}`, id, 'removed')),
        ...ids.map((id) => at(id + 1000, `old ${id + 1}`, id + 1)),
      ];
      await database.write([rowsOf('seats', renumbered)], positionAt(5), positionAt(6));
      const { seats } = await allRows(database);
      const standing = seats?.filter(({ status }) => status !== 'removed').map(({ id }) => Number(id));
      assert.deepEqual(standing, [5, 7, 8, ...ids.map((id) => id + 1000)]);
      await assert.rejects(
        database.write([rowsOf('seats', [at(2000, '2b', 9)])], positionAt(6), positionAt(7)),
        ConstraintError,
      );
    },
  );

  databases('what a hold or a line was given stays as it was written', async (database) => {
    const batch = [
      oneSale,
      rowsOf('holds', [{ id: 1 }]),
      rowsOf('seats', [{ id: 1, status: 'held', hold_id: 1 }, { id: 2 }]),
      rowsOf('hold_seats', [{ id: 1, hold_id: 1, seat_id: 1 }]),
    ];
    await database.write(batch, null, positionAt(2));
    await database.write([rowsOf('hold_seats', [{ id: 1, hold_id: 1, seat_id: 2 }])], positionAt(2), positionAt(3));
    assert.deepEqual(await allRows(database), rowsIn(batch));
  });

  databases('a large batch is one batch', async (database) => {
    const ids = Array.from({ length: 25_001 }, (_, at) => at + 1);
    const batch: RowBatch = [
      oneSale,
      rowsOf(
        'orders',
        ids.map((id) => ({ id, key: `key ${id}` })),
      ),
      rowsOf(
        'order_lines',
        ids.map((id) => ({ id, order_id: id })),
      ),
    ];
    await database.write(batch, null, positionAt(25_002));
    assert.deepEqual(await allRows(database), rowsIn(batch));
  });

  databases('a large batch has new rows and old ones, in any order, with every text', async (database) => {
    const textOf = (id: number): string => hostileTexts[id % hostileTexts.length] ?? '';
    const order = (id: number, status: string): Row => ({ id, status, key: textOf(id), created_at_ms: id });
    const first = Array.from({ length: 300 }, (_, at) => 3 * (at + 1));
    await database.write(
      [
        rowsOf(
          'orders',
          first.map((id) => order(id, 'confirmed')),
        ),
      ],
      null,
      positionAt(2),
    );
    const ids = Array.from({ length: 1_500 }, (_, at) => (at * 7) % 1_500).map((at) => at + 1);
    const cancelled = ids.map((id) => ({ ...order(id, 'cancelled'), created_at_ms: id + 1 }));
    await database.write([rowsOf('orders', cancelled)], positionAt(2), positionAt(3));
    const expected = ids
      .toSorted((a, b) => a - b)
      .map((id) => ({ ...order(id, 'cancelled'), created_at_ms: first.includes(id) ? id : id + 1 }));
    assert.deepEqual((await allRows(database)).orders, rowsIn([rowsOf('orders', expected)]).orders);
  });

  databases('a large batch that holds a contradiction is refused whole', async (database) => {
    await database.write([oneSale], null, positionAt(2));
    const ids = Array.from({ length: 2_000 }, (_, at) => at + 1);
    const orders = rowsOf(
      'orders',
      ids.map((id) => ({ id, status: id === 1_999 ? 'maybe' : 'confirmed' })),
    );
    await assert.rejects(database.write([orders], positionAt(2), positionAt(3)), ConstraintError);
    await database.write(
      [
        rowsOf(
          'orders',
          ids.map((id) => ({ id })),
        ),
      ],
      positionAt(2),
      positionAt(3),
    );
    assert.equal((await allRows(database)).orders?.length, 2_000);
  });
}
