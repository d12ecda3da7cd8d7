/**
 * The rush for seats with everything at once: five hundred clients of the seats dialect book and
 * give back seats while server, follower and database are killed. The tables have exactly the
 * answered bookings, and the same log gives the same rows in both databases.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readFollowerRecord } from '../../src/store/follower-records.ts';
import { followerNameOf, ownSqliteFile } from '../../src/followers/sql/open.ts';
import type { SqlPlace } from '../../src/followers/sql/open.ts';
import type { TableName } from '../../src/followers/sql/table.ts';
import { bookedSeats, KilledStore, rush, stock } from '../doors/seats/rush-clients.ts';
import { Ledger } from '../doors/seats/rush-ledger.ts';
import { listIn } from '../doors/seats/support.ts';
import type { ChildStore } from '../http/support/child.ts';
import { requirePostgres, sharedPostgres } from '../followers/support/postgres.ts';
import type { PostgresServer } from '../followers/support/postgres.ts';
import { follow } from '../followers/support/shop.ts';
import { fileBackend, postgresAt, sqliteBackend } from '../followers/support/sql-backends.ts';
import { allRows } from '../followers/support/sql-rows.ts';
import type { Row } from '../followers/support/sql-rows.ts';
import type { SqlBackend } from '../conformance/sql-backend.ts';
import { runToEnd, temporaryFolder } from './support/servers.ts';

const shared = sharedPostgres();
const patienceMs = 30_000;
const rounds = 3;
/** Makes some thousand requests a second in all, as long as the kills go on. */
const thinkMs = 200;
const views = { 'seats.users': '/api/users', 'seats.events': '/api/events', 'seats.seats': '/api/seats' } as const;

type Rows = Partial<Record<TableName, Row[]>>;

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await holds())) {
    assert.ok(performance.now() < endMs, `in vain: ${what}`);
    await pause(20);
  }
}

/** Kills the follower in the middle of its work, and resolves when another one works. */
async function killFollower(folder: string, name: string): Promise<void> {
  const working = (last: number): boolean => {
    const { pid = 0, state = 'starting' } = readFollowerRecord(folder, name) ?? {};
    return pid !== last && state !== 'starting' && state !== 'stopped' && isAlive(pid);
  };
  await until('the follower works', () => working(0));
  const { pid = 0 } = readFollowerRecord(folder, name) ?? {};
  process.kill(pid, 'SIGKILL');
  await until('the next follower works', () => working(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** All pages of a list of the dialect. */
async function listed(store: ChildStore, path: string): Promise<readonly object[]> {
  const records: object[] = [];
  for (let page = 1; ; page += 1) {
    const found = listIn(await store.ask('GET', `${path}?limit=1000&page=${page}`));
    records.push(...found);
    if (found.length < 1000) return records;
  }
}

/**
 * Asserts that the tables have each answered booking with its seats, no other one, and no seat
 * twice.
 */
function assertBooked(rows: Rows, ledger: Ledger): void {
  const { orders = [], order_lines: lines = [], order_line_seats: given = [], seats = [] } = rows;
  const numbers = new Map(seats.map(({ id, door_number: number }) => [id, number]));
  const seatsOfLine = new Map(given.map(({ order_line_id: line, seat_id: seat }) => [line, numbers.get(seat ?? 0)]));
  assert.equal(given.length, lines.length, 'each seat is a line');
  const linesOf = Map.groupBy(lines, ({ order_id: order }) => order);
  const found = orders.map(({ id, door_number: number, status }) => ({
    id: Number(number),
    seats: (linesOf.get(id) ?? []).map((line) => Number(seatsOfLine.get(line['id'] ?? 0))),
    stands: status !== 'cancelled',
  }));
  const told = ledger.bookings().toSorted((one, other) => one.id - other.id);
  assert.deepEqual(
    found.map((booking) => ({ ...booking, seats: booking.seats.toSorted((one, other) => one - other) })),
    told.map((booking) => ({ ...booking, seats: booking.seats.toSorted((one, other) => one - other) })),
  );
  const sold = lines.filter(({ cancelled_position: cancelled }) => cancelled === null).map(({ id }) => id);
  const standing = sold.map((line) => seatsOfLine.get(line));
  assert.equal(new Set(standing).size, standing.length, 'no seat is sold twice');
  assert.deepEqual(
    new Set(seats.filter(({ status }) => status === 'sold').map(({ order_line_id: line }) => line)),
    new Set(sold),
    'each sold seat names the line that stands',
  );
}

interface Scene {
  readonly place: SqlPlace;
  readonly address: string;
  readonly backend: SqlBackend;
  /** Killed once in the middle; null when the database is no server. */
  readonly database: PostgresServer | null;
  readonly seed: number;
}

/** The rush with all its deaths; resolves with the tables afterwards. */
async function rushThrough(folder: string, { place, address, backend, database, seed }: Scene): Promise<Rows> {
  const name = followerNameOf(place, folder);
  const store = new KilledStore(folder, [], { HOLDFAST_SQL: address });
  try {
    const users = await stock(await store.now());
    const ledger = new Ledger();
    let troubled = true;
    const goesOn = (request: number): boolean => troubled || request < 8;
    const running = rush({ store, users, seed, goesOn, thinkMs }, ledger);
    const goneOn = async (): Promise<void> => {
      const before = ledger.bookings().length;
      await until('the rush goes on', () => ledger.bookings().length >= before + 50);
    };
    const trouble = async (): Promise<void> => {
      for (let round = 0; round < rounds; round += 1) {
        await killFollower(folder, name);
        await goneOn();
        if (round === 1 && database !== null) {
          await database.kill();
          await goneOn();
          await database.restart();
        }
        await store.kill();
      }
    };
    await Promise.all([running, trouble().finally(() => (troubled = false))]);
    assert.equal(store.starts, 1 + rounds);
    const child = await store.now();
    const { sold } = (await child.ask('GET', '/v1/sales/sale_0_1')).body;
    assert.deepEqual(await bookedSeats(child), ledger.standingSeats(), `seed ${seed}`);
    assert.equal(sold, ledger.standingSeats().size);

    const { position } = (await child.ask('GET', '/readyz')).body;
    await until('the follower has caught up', () => {
      const record = readFollowerRecord(folder, name);
      return record?.state === 'following' && String(record.position) === String(position).split('.')[1];
    });
    const { code, stdout } = await runToEnd(['reconcile', '--data', folder, '--sql', address]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /no difference in \d+ rows/);
    for (const [view, path] of Object.entries(views)) {
      assert.deepEqual(await backend.view(view), await listed(child, path), `${view}, seed ${seed}`);
    }
    const rows = await rowsIn(backend);
    assertBooked(rows, ledger);
    assert.ok(ledger.successes.length > 1000, `${ledger.successes.length} of ${ledger.requests.length}`);
    return rows;
  } finally {
    await (await store.now()).kill('SIGKILL');
  }
}

/** The tables that a new follower makes in another database from the whole log. */
async function followedAnew(t: TestContext, folder: string, backend: SqlBackend): Promise<Rows> {
  const following = await follow(t, folder, async () => backend.open());
  await following.catchUp();
  await following.end();
  return await rowsIn(backend);
}

async function rowsIn(backend: SqlBackend): Promise<Rows> {
  const store = backend.open();
  try {
    return await allRows(store);
  } finally {
    await store.close();
  }
}

describe('500 clients for 2,000 seats', { timeout: 120_000 }, () => {
  test('the tables in SQLite are right through three deaths of the server and three of the follower', async (t) => {
    const folder = temporaryFolder(t);
    const file = ownSqliteFile(folder);
    const place = { kind: 'sqlite', file } as const;
    const scene = { place, address: 'sqlite', backend: fileBackend(file), database: null, seed: 20_261_122 };
    await rushThrough(folder, scene);
  });

  test('the tables in PostgreSQL, which is killed as well, and in SQLite are right', requirePostgres(), async (t) => {
    const folder = temporaryFolder(t);
    const address = await shared().createDatabase();
    const place = { kind: 'postgres', url: address, sslMode: null } as const;
    const backend = postgresAt(shared(), address);
    const rows = await rushThrough(folder, { place, address, backend, database: shared(), seed: 20_261_123 });
    const other = sqliteBackend();
    try {
      assert.deepEqual(await followedAnew(t, folder, other), rows);
      for (const view of Object.keys(views)) assert.deepEqual(await other.view(view), await backend.view(view), view);
    } finally {
      await other.dispose();
    }
  });
});
