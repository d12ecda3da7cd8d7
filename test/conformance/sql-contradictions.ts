/**
 * What a SQL database must refuse: rows that contradict the engine's invariants, and a position
 * that another follower has moved.
 */
import assert from 'node:assert/strict';
import { ConstraintError, FollowedElsewhereError } from '../../src/followers/sql/database.ts';
import type { RowBatch } from '../../src/followers/sql/database.ts';
import { allRows, oneSale, positionAt, rowsIn, rowsOf } from '../followers/support/sql-rows.ts';
import type { Conforms } from './sql-backend.ts';

export function contradictionsConform(databases: Conforms): void {
  const contradictions: readonly (readonly [sentence: string, batch: RowBatch])[] = [
    ['more sold than there is', [rowsOf('sales', [{ id: 2, capacity: 1, sold: 2 }])]],
    ['less than nothing sold', [rowsOf('sales', [{ id: 2, sold: -1 }])]],
    ['a confirmed hold without an order', [rowsOf('holds', [{ id: 1, status: 'confirmed' }])]],
    ['a hold that names an order that never comes', [rowsOf('holds', [{ id: 1, status: 'confirmed', order_id: 9 }])]],
    ['an order line of an order that is not there', [rowsOf('order_lines', [{ id: 1, order_id: 9 }])]],
    ['an order of a customer who is not there', [rowsOf('orders', [{ id: 1, customer_id: 9 }])]],
    [
      'one customer under two numbers',
      [
        rowsOf('customers', [
          { id: 1, public_id: 'a' },
          { id: 2, public_id: 'a' },
        ]),
      ],
    ],
    ['a hold that was shortened', [rowsOf('holds', [{ id: 1, expires_at_ms: 1_700_000_000_003 }])]],
    ['a status that does not exist', [rowsOf('orders', [{ id: 1, status: 'maybe' }])]],
    ['a name that is missing', [rowsOf('sales', [{ id: 2, name: null }])]],
    ['a sale that is removed while something of it is sold', [rowsOf('sales', [{ id: 2, removed: 1, sold: 1 }])]],
    ['attributes that are no JSON', [rowsOf('sales', [{ id: 2, attributes: '{"status":' }])]],
    ['a seat that is held by nobody', [rowsOf('seats', [{ id: 1, status: 'held' }])]],
    [
      'a seat that a hold has and that is not held',
      [rowsOf('holds', [{ id: 1 }]), rowsOf('seats', [{ id: 1, hold_id: 1 }])],
    ],
    ['a seat that is sold to nobody', [rowsOf('seats', [{ id: 1, status: 'sold' }])]],
    [
      'a seat that is sold and held',
      [
        rowsOf('holds', [{ id: 1 }]),
        rowsOf('orders', [{ id: 1 }]),
        rowsOf('order_lines', [{ id: 1, order_id: 1 }]),
        rowsOf('seats', [{ id: 1, status: 'sold', hold_id: 1, order_line_id: 1 }]),
      ],
    ],
    [
      'a seat that is sold to a line that is not there',
      [rowsOf('seats', [{ id: 1, status: 'sold', order_line_id: 9 }])],
    ],
    ['a seat in a state that does not exist', [rowsOf('seats', [{ id: 1, status: 'taken' }])]],
    ['a seat of a sale that is not there', [rowsOf('seats', [{ id: 1, sale_id: 9 }])]],
    ['a seat beyond the end of its row', [rowsOf('seats', [{ id: 1, place: 4097 }])]],
    [
      'two seats under one name',
      [
        rowsOf('seats', [
          { id: 1, number: '7' },
          { id: 2, number: '7' },
        ]),
      ],
    ],
    [
      'two seats whose names are spelled alike',
      [
        rowsOf('seats', [
          { id: 1, section: 'A-1', row: '2', number: '3' },
          { id: 2, section: 'A', row: '1-2', number: '3' },
        ]),
      ],
    ],
    [
      'two seats at one place',
      [
        rowsOf('seats', [
          { id: 1, place: 7 },
          { id: 2, place: 7 },
        ]),
      ],
    ],
    [
      'a hold with a seat that is not there',
      [rowsOf('holds', [{ id: 1 }]), rowsOf('hold_seats', [{ id: 1, hold_id: 1, seat_id: 9 }])],
    ],
    [
      'a line with one seat twice',
      [
        rowsOf('orders', [{ id: 1 }]),
        rowsOf('order_lines', [{ id: 1, order_id: 1 }]),
        rowsOf('seats', [{ id: 1 }]),
        rowsOf('order_line_seats', [
          { id: 1, order_line_id: 1, seat_id: 1 },
          { id: 2, order_line_id: 1, seat_id: 1 },
        ]),
      ],
    ],
    ['an order for whose rest nobody waits', [rowsOf('orders', [{ id: 1, waitlist_id: 9 }])]],
    ['an offer without a hold', [rowsOf('customers', [{ id: 1 }]), rowsOf('waitlist', [{ id: 1, status: 'offered' }])]],
    [
      'somebody in line who is served with nothing',
      [rowsOf('customers', [{ id: 1 }]), rowsOf('waitlist', [{ id: 1, status: 'served', books: 1 }])],
    ],
    [
      'somebody in line who is served twice',
      [
        rowsOf('customers', [{ id: 1 }]),
        rowsOf('holds', [{ id: 1 }]),
        rowsOf('orders', [{ id: 1 }]),
        rowsOf('waitlist', [{ id: 1, status: 'served', books: 1, hold_id: 1, order_id: 1 }]),
      ],
    ],
    [
      'somebody who waits and has an order',
      [
        rowsOf('customers', [{ id: 1 }]),
        rowsOf('orders', [{ id: 1 }]),
        rowsOf('waitlist', [{ id: 1, books: 1, order_id: 1 }]),
      ],
    ],
    [
      'a hold for somebody who is to be sold what comes back',
      [
        rowsOf('customers', [{ id: 1 }]),
        rowsOf('holds', [{ id: 1 }]),
        rowsOf('waitlist', [{ id: 1, status: 'offered', books: 1, hold_id: 1 }]),
      ],
    ],
  ];
  for (const [sentence, batch] of contradictions) {
    databases(`${sentence} is refused, with everything beside it`, async (database) => {
      await database.write([oneSale], null, positionAt(2));
      const lawful = rowsOf('sales', [{ id: 1, name: 'Written with it' }, { id: 3 }]);
      const beside = batch[0]?.table.name === 'sales' ? batch : [lawful, ...batch];
      await assert.rejects(database.write(beside, positionAt(2), positionAt(3)), ConstraintError);
      assert.deepEqual(await database.position(0), positionAt(2));
      assert.deepEqual(await allRows(database), rowsIn([oneSale]));
      await database.write([lawful], positionAt(2), positionAt(3));
      assert.equal((await allRows(database)).sales?.length, 2);
    });
  }

  databases('who finds the position moved writes nothing', async (database, backend) => {
    const other = backend.open();
    await database.write([oneSale], null, positionAt(2));
    const elsewhere = [
      null,
      positionAt(1),
      positionAt(3),
      positionAt(2, { hash: 'f'.repeat(16) }),
      positionAt(2, { log: 'f'.repeat(32) }),
      positionAt(2, { cell: 1 }),
    ];
    for (const from of elsewhere) {
      const to = positionAt(4, { cell: from?.cell ?? 0 });
      await assert.rejects(other.write([rowsOf('sales', [{ id: 2 }])], from, to), FollowedElsewhereError);
    }
    await other.write([], positionAt(2), positionAt(3));
    await assert.rejects(database.write([], positionAt(2), positionAt(3)), FollowedElsewhereError);
    assert.deepEqual(await allRows(database), rowsIn([oneSale]));
    await other.close();
  });
}
