/**
 * Rows for the databases, by hand: a table's columns filled from objects, and read back as objects.
 */
import type { TableName } from '../../../src/followers/sql/table.ts';
import { tableNames } from '../../../src/followers/sql/table.ts';
import { tables } from '../../../src/followers/sql/schema.ts';
import type { Listed } from '../../../src/followers/sql/listing.ts';
import type { Cell } from '../../../src/followers/sql/cells.ts';
import type { RowBatch, SqlDatabase, StoredPosition, TableRows } from '../../../src/followers/sql/database.ts';

export type Row = Readonly<Record<string, Cell>>;

/** A valid row of each table, for cells that a test does not set, except its links. */
const usual: Readonly<Record<TableName, Row>> = {
  sales: {
    name: 'Opening night',
    kind: 'counted',
    line_per_seat: 0,
    state: 'open',
    removed: 0,
    capacity: 100,
    sold: 0,
    held: 0,
    hold_ms: 60_000,
    max_hold_ms: 600_000,
    refusals: 'forget',
    attributes: '{}',
    door: 'v1',
    created_at_ms: 1_700_000_000_000,
    position: 2,
  },
  customers: { status: 'known', door: 'v1', created_at_ms: 1_700_000_000_001 },
  holds: {
    sale_id: 1,
    quantity: 1,
    status: 'active',
    created_at_ms: 1_700_000_000_002,
    hold_ms: 60_000,
    expires_at_ms: 1_700_000_060_002,
    position: 3,
  },
  orders: {
    status: 'confirmed',
    quantity: 1,
    total_amount: 0,
    active_quantity: 1,
    active_amount: 0,
    created_at_ms: 1_700_000_000_003,
    position: 4,
  },
  order_lines: { line: 0, sale_id: 1, quantity: 1, remaining: 99 },
  waitlist: {
    sale_id: 1,
    customer_id: 1,
    quantity: 1,
    status: 'waiting',
    place: 0,
    books: 0,
    created_at_ms: 1_700_000_000_004,
    position: 5,
  },
  seats: {
    sale_id: 1,
    section: 'Stalls',
    row: '1',
    rank: 1,
    accessible: 0,
    status: 'available',
    created_at_ms: 1_700_000_000_005,
    changed_position: 6,
  },
  hold_seats: {},
  order_line_seats: {},
  gates: { created_at_ms: 1_700_000_000_011, position: 10 },
  cards: { category: 'adult', status: 'active', balance: 0, created_at_ms: 1_700_000_000_006 },
  journeys: {
    card_id: 1,
    category: 'adult',
    entry_station: 'a',
    entry_at_ms: 1_700_000_000_007,
    exit_station: 'b',
    exit_at_ms: 1_700_000_600_007,
    fare: 0,
    capped_by: 0,
    status: 'complete',
    position: 7,
  },
  entries: {
    card_id: 1,
    kind: 'topUp',
    amount: 100,
    currency: 'EUR',
    balance: 100,
    booked_at_ms: 1_700_000_000_008,
    position: 8,
  },
  taps: {
    day: 19_675,
    gate_id: 1,
    epoch: 0,
    direction: 'in',
    decided: 'none',
    at_ms: 1_700_000_000_009,
    booked_at_ms: 1_700_000_000_010,
    result: 'open',
    flags: '',
    fare: 0,
    position: 9,
  },
};

/**
 * Rows of one table, whole: usual values, then those of each row. `door_number` of a sale,
 * `public_id` of a customer or card, number and place of a seat, number of a journey and sequence
 * of a tap follow the id.
 */
export function rowsOf(name: TableName, rows: readonly Row[]): TableRows {
  const table = tables[name];
  const whole = rows.map((row): Row => ({ ...usual[name], ...ownOf(name, row), ...row }));
  const columns = table.columns.map((column) => whole.map((row) => row[column.name] ?? null));
  return { table, count: rows.length, columns };
}

function ownOf(name: TableName, { id = null }: Row): Row {
  if (name === 'sales') return { door_number: id };
  if (name === 'seats') return { number: String(id), place: id };
  if (name === 'journeys') return { number: id, chain: id };
  if (name === 'taps') return { sequence: id };
  if (name === 'gates') return { public_id: `gate ${id}`, number: id };
  if (name === 'cards') return { public_id: `card ${id}` };
  return name === 'customers' ? { public_id: `customer ${id}` } : {};
}

export function positionAt(position: number, rest: Partial<StoredPosition> = {}): StoredPosition {
  const hash = position.toString(16).padStart(16, '0');
  return {
    cell: 0,
    log: '0123456789abcdef0123456789abcdef',
    position,
    epoch: position % 2 === 0 ? '0123456789ab' : null,
    hash,
    timeMs: 1_700_000_000_000 + position,
    ...rest,
  };
}

/** A list that is true at such a position. */
export function listedAt(ids: readonly number[], position: number): Listed {
  const { log, epoch } = positionAt(position);
  return { ids, position, of: { log, epoch } };
}

/** A list before there is any position. */
export const nothingListed: Listed = { ids: [], position: 0, of: null };

/** Everything that a database holds: each table's rows by id. Tables without a row are left out. */
export async function allRows(database: SqlDatabase): Promise<Partial<Record<TableName, Row[]>>> {
  return await database.reading(0, async (reading) => {
    const all: Partial<Record<TableName, Row[]>> = {};
    for (const name of tableNames) {
      const rows: Row[] = [];
      await reading.readAll(name, (columns, count) => {
        const { columns: named } = tables[name];
        for (let at = 0; at < count; at += 1) {
          rows.push(Object.fromEntries(named.map((column, i) => [column.name, columns[i]?.[at] ?? null])));
        }
      });
      if (rows.length > 0) all[name] = rows;
    }
    return all;
  });
}

/** The rows of a batch as objects, as `allRows` gives them. */
export function rowsIn(batch: RowBatch): Partial<Record<TableName, Row[]>> {
  return Object.fromEntries(
    batch.map(({ table, count, columns }) => [
      table.name,
      Array.from({ length: count }, (_, at) =>
        Object.fromEntries(table.columns.map((column, i) => [column.name, columns[i]?.[at] ?? null])),
      ),
    ]),
  );
}

export const oneSale = rowsOf('sales', [{ id: 1 }]);
