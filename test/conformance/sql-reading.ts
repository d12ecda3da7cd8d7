/** What reading from a SQL database, building it anew, and its lists have to do. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ConstraintError } from '../../src/followers/sql/database.ts';
import type { RowBatch } from '../../src/followers/sql/database.ts';
import {
  allRows,
  listedAt,
  nothingListed,
  oneSale,
  positionAt,
  rowsIn,
  rowsOf,
} from '../followers/support/sql-rows.ts';
import { shop } from '../followers/support/sql-samples.ts';
import type { Conforms } from './sql-backend.ts';

export function readingConforms(databases: Conforms): void {
  databases('a reading is of one instant, whatever is written meanwhile', async (database, backend) => {
    await database.write([oneSale], null, positionAt(2));
    const reader = backend.open();
    await reader.reading(0, async (reading) => {
      assert.deepEqual(reading.position, positionAt(2));
      await database.write([rowsOf('sales', [{ id: 1, sold: 5 }, { id: 2 }])], positionAt(2), positionAt(3));
      const sold: unknown[] = [];
      await reading.readAll('sales', (columns) => sold.push(...(columns[5] ?? [])));
      assert.deepEqual(sold, [0]);
    });
    await reader.reading(0, async ({ position }) => assert.deepEqual(position, positionAt(3)));
    await reader.close();
  });

  databases('a reading is of one instant beside a rebuild, too', async (database, backend) => {
    await database.write([oneSale], null, positionAt(2));
    const reader = backend.open();
    const anew = rowsOf('sales', [{ id: 1, name: 'Anew' }]);
    let rebuilt = Promise.resolve();
    await reader.reading(0, async (reading) => {
      rebuilt = database.rebuild(async (write) => {
        await write([anew]);
        return positionAt(3);
      });
      // Time for it, if it does not wait.
      await Promise.race([rebuilt, sleep(300)]);
      const names: unknown[] = [];
      await reading.readAll('sales', (columns) => names.push(...(columns[1] ?? [])));
      assert.deepEqual(names, ['Opening night']);
    });
    await rebuilt;
    assert.deepEqual(await allRows(reader), rowsIn([anew]));
    await reader.close();
  });

  databases(
    'a reading that begins in the middle of a rebuild is of before it or after it',
    async (database, backend) => {
      await database.write([oneSale], null, positionAt(2));
      const reader = backend.open();
      const read = (): Promise<unknown> =>
        reader.reading(0, async (reading) => {
          const names: unknown[] = [];
          await reading.readAll('sales', (columns) => names.push(...(columns[1] ?? [])));
          return { at: reading.position?.position, names };
        });
      let reading: Promise<unknown> = Promise.resolve();
      await database.rebuild(async (write) => {
        await write([rowsOf('sales', [{ id: 1, name: 'Anew' }])]);
        reading = read();
        await Promise.race([reading, sleep(300)]);
        return positionAt(3);
      });
      const found = await reading;
      const instants = [
        { at: 2, names: ['Opening night'] },
        { at: 3, names: ['Anew'] },
      ];
      assert.ok(
        instants.some((instant) => isDeepStrictEqual(found, instant)),
        JSON.stringify(found),
      );
      await reader.close();
    },
  );

  databases('rows are read by id, in stretches', async (database) => {
    const ids = Array.from({ length: 30_000 }, (_, at) => at + 1);
    await database.write(
      [
        rowsOf(
          'orders',
          ids.map((id) => ({ id })),
        ),
      ],
      null,
      positionAt(2),
    );
    // Changed rows lie elsewhere in the file.
    await database.write([rowsOf('orders', [{ id: 7, status: 'cancelled' }])], positionAt(2), positionAt(3));
    const read: unknown[] = [];
    let stretches = 0;
    await database.reading(0, (reading) =>
      reading.readAll('orders', (columns, count) => {
        stretches += 1;
        assert.equal(columns[0]?.length, count);
        read.push(...(columns[0] ?? []));
      }),
    );
    assert.deepEqual(read, ids);
    assert.ok(stretches > 1, `${stretches} stretches`);
  });

  databases('what a reader throws ends the reading, and the database goes on', async (database) => {
    await database.write([oneSale], null, positionAt(2));
    const failure = new Error('enough');
    await assert.rejects(
      database.reading(0, (reading) =>
        reading.readAll('sales', () => {
          throw failure;
        }),
      ),
      (error) => error === failure,
    );
    await database.write([], positionAt(2), positionAt(3));
    assert.deepEqual(await allRows(database), rowsIn([oneSale]));
  });
}

export function rebuildingConforms(databases: Conforms): void {
  databases('a rebuild leaves what it wrote and nothing else', async (database) => {
    await database.write(shop, null, positionAt(9));
    const first = rowsOf('sales', [{ id: 1, name: 'Anew' }]);
    const second = rowsOf('orders', [{ id: 5, key: 'five' }]);
    await database.rebuild(async (write) => {
      await write([first]);
      await write([second]);
      return positionAt(4, { log: 'f'.repeat(32) });
    });
    assert.deepEqual(await allRows(database), rowsIn([first, second]));
    assert.deepEqual(await database.position(0), positionAt(4, { log: 'f'.repeat(32) }));
    await database.write([oneSale], positionAt(4, { log: 'f'.repeat(32) }), positionAt(5, { log: 'f'.repeat(32) }));
  });

  databases('a rebuild that fails has changed nothing', async (database) => {
    await database.write(shop, null, positionAt(9));
    const failure = new Error('the log could not be read');
    await assert.rejects(
      database.rebuild(async (write) => {
        await write([rowsOf('sales', [{ id: 1, name: 'Anew' }])]);
        throw failure;
      }),
      (error) => error === failure,
    );
    const contradictory = database.rebuild(async (write) => {
      await write([rowsOf('order_lines', [{ id: 1, order_id: 1 }])]);
      return positionAt(4);
    });
    await assert.rejects(contradictory, ConstraintError);
    assert.deepEqual(await allRows(database), rowsIn(shop));
    await database.write([], positionAt(9), positionAt(10));
  });
}

export function listingsConform(conforms: Conforms, databases: Conforms): void {
  const newest = { before: null, limit: 10 };

  conforms('lists are empty until there is a schema, and then show what is there', async (database, backend) => {
    const lists = backend.openListings();
    try {
      assert.deepEqual(await lists.ordersOfCustomer('anyone', newest), nothingListed);
      assert.deepEqual([...(await lists.keysOfOrders([1])).keys], []);
      await database.migrate();
      assert.deepEqual(await lists.ordersOfSale(1, newest), nothingListed);
      await database.write(
        [oneSale, rowsOf('orders', [{ id: 1 }]), rowsOf('order_lines', [{ id: 1, order_id: 1 }])],
        null,
        positionAt(6),
      );
      assert.deepEqual(await lists.ordersOfSale(1, newest), listedAt([1], 6));
    } finally {
      await lists.close();
    }
  });

  databases('keys are told of the orders that are there and have one', async (database, backend) => {
    const lists = backend.openListings();
    try {
      const before = await lists.keysOfOrders([1, 2]);
      assert.deepEqual([[...before.keys], before.position, before.of], [[], 0, null]);
      const keys = ['plain', null, "odd' OR '1'='1", '{"a","b"}', 'NULL', '\\'];
      const orders = keys.map((key, at) => ({ id: at + 1, key }));
      await database.write([rowsOf('orders', orders)], null, positionAt(8));
      const told = await lists.keysOfOrders([6, 4, 3, 2, 99, 5]);
      const expected = new Map([3, 4, 5, 6].map((id) => [id, keys[id - 1]] as const));
      assert.deepEqual(new Map([...told.keys].toSorted(([one], [other]) => one - other)), expected);
      assert.deepEqual({ position: told.position, of: told.of }, { position: 8, of: listedAt([], 8).of });
      assert.equal((await lists.keysOfOrders([])).keys.size, 0);
      const all = await lists.keysOfOrders(Array.from({ length: 100 }, (_, at) => at + 1));
      assert.equal(all.keys.size, 5);
    } finally {
      await lists.close();
    }
  });

  databases('lists are newest first, a page at a time, each thing once', async (database, backend) => {
    const ids = Array.from({ length: 60 }, (_, at) => at + 1);
    const customerOf = (id: number): number => 1 + (id % 2);
    const batch: RowBatch = [
      rowsOf('sales', [{ id: 1 }, { id: 2 }]),
      rowsOf('customers', [
        { id: 1, public_id: 'even' },
        { id: 2, public_id: "odd' OR '1'='1" },
      ]),
      rowsOf(
        'holds',
        ids.map((id) => ({ id, customer_id: customerOf(id) })),
      ),
      rowsOf(
        'orders',
        ids.map((id) => ({ id, customer_id: customerOf(id) })),
      ),
      // Each order has two lines in the first sale; every third has one in the second.
      rowsOf(
        'order_lines',
        ids.flatMap((id) => [
          { id: 3 * id - 2, order_id: id, line: 0 },
          { id: 3 * id - 1, order_id: id, line: 1, sale_id: id % 3 === 0 ? 2 : 1 },
          { id: 3 * id, order_id: id, line: 2 },
        ]),
      ),
    ];
    await database.write(batch, null, positionAt(70));
    const lists = backend.openListings();
    try {
      const newestIds = (which: (id: number) => boolean): number[] => ids.filter(which).reverse();
      for (const list of [lists.ordersOfCustomer.bind(lists), lists.holdsOfCustomer.bind(lists)]) {
        const even = newestIds((id) => id % 2 === 0);
        assert.deepEqual(await list('even', { before: null, limit: 4 }), listedAt(even.slice(0, 4), 70));
        assert.deepEqual((await list('even', { before: even[3] ?? 0, limit: 100 })).ids, even.slice(4));
        assert.deepEqual((await list("odd' OR '1'='1", { before: 4, limit: 100 })).ids, [3, 1]);
        assert.deepEqual((await list('nobody', newest)).ids, []);
      }
      assert.deepEqual(
        (await lists.ordersOfSale(1, { before: null, limit: 100 })).ids,
        newestIds(() => true),
      );
      assert.deepEqual((await lists.ordersOfSale(1, { before: 31, limit: 3 })).ids, [30, 29, 28]);
      assert.deepEqual((await lists.ordersOfSale(2, { before: 31, limit: 3 })).ids, [30, 27, 24]);
      assert.deepEqual(await lists.ordersOfSale(3, newest), listedAt([], 70));
    } finally {
      await lists.close();
    }
  });
}
