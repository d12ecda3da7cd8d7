/**
 * Halls followed into both databases: made in one record, sold, rebuilt seat by seat, compared with
 * the log, and built anew.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Command as Sent, Kind } from '../../../src/engine/command.ts';
import { termsOf } from '../../../src/engine/commands/holds.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { HallDefinition } from '../../../src/engine/commands/sales.ts';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import { none } from '../../../src/engine/tables/keys.ts';
import { reconcile, repair } from '../../../src/followers/sql/reconcile.ts';
import type { Difference } from '../../../src/followers/sql/table-comparison.ts';
import { ConstraintError } from '../../../src/followers/sql/database.ts';
import type { SqlDatabase } from '../../../src/followers/sql/database.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import type { SqlBackend } from '../../conformance/sql-backend.ts';
import { outcomeOf } from '../../crash/support/commands.ts';
import { requirePostgres, sharedPostgres } from '../support/postgres.ts';
import { follow, Shop } from '../support/shop.ts';
import type { Following } from '../support/shop.ts';
import { postgresBackend, sqliteBackend } from '../support/sql-backends.ts';
import { allRows, positionAt, rowsOf } from '../support/sql-rows.ts';
import type { Row } from '../support/sql-rows.ts';

const shared = sharedPostgres();
const dialects = {
  sqlite: { make: async (): Promise<SqlBackend> => sqliteBackend(), required: {} },
  postgres: { make: (): Promise<SqlBackend> => postgresBackend(shared()), required: requirePostgres() },
} as const;

/** Sections of rows with this many seats each. */
function hallOf(sections: number, rows: number, seats: number): HallDefinition {
  return {
    sections: Array.from({ length: sections }, (_, section) => ({
      name: `S${section + 1}`,
      rows: Array.from({ length: rows }, (__, row) => ({ name: String(row + 1), seats: { from: 1, to: seats } })),
    })),
  };
}

function sizeOf({ sections }: HallDefinition): number {
  return sections.flatMap(({ rows }) => rows).reduce((sum, { seats }) => sum + ('to' in seats ? seats.to : 0), 0);
}

/** A shop with a hall, a follower, and the database that it follows into. */
class Scene {
  readonly shop: Shop;
  readonly backend: SqlBackend;
  readonly following: Following;
  readonly database: SqlDatabase;

  private constructor(shop: Shop, backend: SqlBackend, following: Following) {
    this.shop = shop;
    this.backend = backend;
    this.following = following;
    this.database = backend.open();
  }

  static async open(t: TestContext, make: () => Promise<SqlBackend>, shop?: Shop): Promise<Scene> {
    const opened = shop ?? (await Shop.open(t));
    const backend = await make();
    const scene = new Scene(opened, backend, await follow(t, opened.folder, async () => backend.open()));
    t.after(async () => {
      await scene.following.end();
      await scene.database.close();
      await backend.dispose();
    });
    return scene;
  }

  /** Returns the sale's row. */
  hall(hall: HallDefinition, linePerSeat = true): Promise<number> {
    const more = { hall, linePerSeat, attributes: { status: 'active', event_date: '2027-01-31T20:00:00.000Z' } };
    return this.shop.sale({ kind: 'seated', capacity: sizeOf(hall), door: doors.seats, ...more });
  }

  async done(command: Sent): Promise<number> {
    const outcome = await outcomeOf(this.shop.node, command);
    assert.ok(outcome.ok, outcome.row.code);
    return outcome.thing;
  }

  change(kind: Kind, body: object): Promise<number> {
    const command = new Command().reset(kind);
    command.body = body;
    return this.done(command);
  }

  book(sale: number, quantity: number, customer = ''): Promise<number> {
    const command = new Command().reset(kinds.order);
    linesOf(command).addBest(sale, quantity, 0, false, true);
    if (customer !== '') {
      command.setCustomer(customer);
      linesOf(command).partial = true;
    }
    return this.done(command);
  }

  hold(sale: number, seats: readonly number[]): Promise<number> {
    const command = new Command().reset(kinds.hold);
    linesOf(command).addSeats(sale, seats);
    termsOf(command).holdMs = 60_000;
    return this.done(command);
  }

  /** Row of a seat by its label. */
  seat(sale: number, label: string): number {
    const seat = this.shop.node.engine.state.seats.find(sale, label);
    assert.notEqual(seat, none, label);
    return seat;
  }

  /** What differs between the log and the database, which must be as far as the log. */
  async differences(): Promise<Difference[]> {
    await this.following.catchUp();
    const { folder } = this.shop;
    const replica = { folder, log: new FileLogReader({ folder }), onNotice: () => {} };
    const found: Difference[] = [];
    const compared = await reconcile(replica, this.database, (difference) => found.push(difference));
    assert.equal(compared.refusal, null);
    assert.equal(compared.position?.position, this.shop.position);
    return found;
  }

  async seats(): Promise<readonly Row[]> {
    return (await allRows(this.database)).seats ?? [];
  }
}

for (const [dialect, { make, required }] of Object.entries(dialects)) {
  const scenes = (sentence: string, check: (scene: Scene, t: TestContext) => Promise<void>): void => {
    test(sentence, { ...required, timeout: 120_000 }, async (t) => await check(await Scene.open(t, make), t));
  };

  describe(`halls in ${dialect}`, () => {
    scenes('of 100,000 seats, made by one record, are there whole, and so is what is sold of them', async (scene) => {
      const sale = await scene.hall(hallOf(10, 100, 100));
      assert.deepEqual(await scene.differences(), []);
      assert.equal((await scene.seats()).length, 100_000);
      await Promise.all(Array.from({ length: 300 }, (_, i) => scene.book(sale, 1 + (i % 10))));
      assert.deepEqual(await scene.differences(), []);
      const { seats = [], order_line_seats: given = [] } = await allRows(scene.database);
      const sold = seats.filter(({ status }) => status === 'sold');
      assert.equal(sold.length, 1650);
      assert.equal(given.length, 1650);
      assert.equal(new Set(given.map(({ seat_id: seat }) => seat)).size, 1650, 'no seat is in two orders');
    });

    scenes('are numbered anew, and have seats taken out and put in, one by one or many at a time', async (scene) => {
      const sale = await scene.hall(hallOf(1, 2, 5));
      const { state } = scene.shop.node.engine;
      assert.deepEqual(await scene.differences(), []);
      // Each seat of the first row gets the name of the one behind it, from the last one on.
      for (let number = 5; number >= 1; number -= 1) {
        const seat = scene.seat(sale, `S1-1-${number}`);
        await scene.change(kinds.changeSeat, { sale, seat, number: String(number + 1) });
        if (number % 2 === 0) assert.deepEqual(await scene.differences(), []);
      }
      await scene.change(kinds.removeSeat, { sale, seat: scene.seat(sale, 'S1-1-3') });
      await scene.change(kinds.addSeats, {
        sale,
        seats: [
          { section: 'S1', row: '1', number: '3', accessible: true },
          { section: 'S1', row: 'new', number: "1'; drop table seats; --", blocked: true },
        ],
      });
      await scene.change(kinds.changeSeat, { sale, seat: scene.seat(sale, 'S1-2-1'), blocked: true });
      await scene.change(kinds.changeSeat, { sale, seat: scene.seat(sale, 'S1-2-2'), row: 'new', number: '2' });
      assert.deepEqual(await scene.differences(), []);
      const standing = (await scene.seats()).filter(({ status }) => status !== 'removed');
      assert.deepEqual(
        standing.map(({ section, row, number }) => `${section}-${row}-${number}`).toSorted(),
        ['S1-1-2', 'S1-1-3', 'S1-1-4', 'S1-1-5', 'S1-1-6', 'S1-2-1', 'S1-2-3', 'S1-2-4', 'S1-2-5'].concat(
          "S1-new-1'; drop table seats; --",
          'S1-new-2',
        ),
      );
      const { capacity } = (await allRows(scene.database)).sales?.[0] ?? {};
      assert.equal(capacity, state.sales.capacity.get(sale));
      const shown = await scene.backend.view('seats.seats');
      assert.equal(shown.length, standing.length);
      assert.equal(shown.filter(({ status }) => status === 'blocked').length, 2);
    });

    scenes('show who was given what, whatever has become of it', async (scene) => {
      const sale = await scene.hall(hallOf(1, 1, 6));
      const held = await scene.hold(sale, [scene.seat(sale, 'S1-1-3'), scene.seat(sale, 'S1-1-1')]);
      const booked = await scene.book(sale, 2);
      assert.deepEqual(await scene.differences(), []);
      await scene.shop.target(kinds.release, held);
      // Four are left for six: ann waits for two, and gets them when they come back.
      const partial = await scene.book(sale, 6, 'ann');
      assert.deepEqual(await scene.differences(), []);
      await scene.shop.target(kinds.cancel, booked);
      assert.deepEqual(await scene.differences(), []);
      const rows = await allRows(scene.database);
      assert.deepEqual(
        rows.hold_seats?.map(({ seat_id: seat }) => seat),
        [3, 1],
        'in the order in which they were asked for',
      );
      const entry = rows.waitlist?.[0];
      assert.deepEqual([entry?.['status'], entry?.['books'], entry?.['hold_id']], ['served', 1, null]);
      assert.equal(rows.orders?.find(({ id }) => id === entry?.['order_id'])?.['status'], 'confirmed');
      assert.equal(rows.orders?.find(({ waitlist_id: waits }) => waits === entry?.['id'])?.['id'], partial + 1);
      const given = rows.order_line_seats ?? [];
      assert.equal(given.length, 2 + 4 + 2);
      for (const { id, status, order_line_id: line } of rows.seats ?? []) {
        assert.equal(status, 'sold');
        assert.ok(
          given.some((row) => row['order_line_id'] === line && row['seat_id'] === id),
          `seat ${id} is its line's`,
        );
      }
    });

    scenes('leave the views with what was removed, and stay in the tables', async (scene) => {
      const sale = await scene.hall(hallOf(1, 1, 3));
      const order = await scene.book(sale, 2);
      await scene.following.catchUp();
      assert.equal((await scene.backend.view('seats.events')).length, 1);
      await scene.shop.target(kinds.cancel, order);
      await scene.change(kinds.removeSale, { sale });
      assert.deepEqual(await scene.differences(), []);
      assert.deepEqual(await scene.backend.view('seats.events'), []);
      assert.deepEqual(await scene.backend.view('seats.seats'), []);
      const { seats, order_line_seats: given, sales } = await allRows(scene.database);
      assert.deepEqual([seats?.length, given?.length, sales?.[0]?.['removed']], [3, 2, 1]);
    });

    scenes('are listed with the orders of their sale, each order once however many seats it has', async (scene) => {
      const sale = await scene.hall(hallOf(1, 10, 10));
      const orders = await Promise.all([10, 1, 7, 3].map((quantity) => scene.book(sale, quantity)));
      await scene.following.catchUp();
      const lists = scene.backend.openListings();
      try {
        const ids = orders.map((order) => order + 1).toSorted((one, other) => other - one);
        const { of: _, ...first } = await lists.ordersOfSale(sale + 1, { before: null, limit: 3 });
        assert.deepEqual(first, { ids: ids.slice(0, 3), position: scene.shop.position });
        assert.deepEqual((await lists.ordersOfSale(sale + 1, { before: ids[2]!, limit: 3 })).ids, ids.slice(3));
      } finally {
        await lists.close();
      }
    });

    scenes('that somebody has changed are named by `reconcile`, and built anew', async (scene) => {
      const sale = await scene.hall(hallOf(1, 2, 4));
      await scene.hold(sale, [scene.seat(sale, 'S1-1-1')]);
      await scene.book(sale, 2);
      assert.deepEqual(await scene.differences(), []);
      const { seats = [], order_line_seats: given = [] } = await allRows(scene.database);
      const at = await scene.database.position(0);
      assert.ok(at !== null);
      const free = seats.find(({ status }) => status === 'available');
      const wrong = [
        rowsOf('seats', [
          { ...free, status: 'blocked' },
          { id: 99, sale_id: sale + 1 },
        ]),
        rowsOf('order_line_seats', [{ id: 9999, order_line_id: 1, seat_id: Number(free?.['id']) }]),
      ];
      await scene.database.write(wrong, at, at);
      const found = await scene.differences();
      assert.deepEqual(
        found.map(({ table, id, kind, columns }) => [table, id, kind, columns.map(({ name }) => name)]),
        [
          ['seats', free?.['id'], 'differs', ['status']],
          ['seats', 99, 'extra', []],
          ['order_line_seats', 9999, 'extra', []],
        ],
      );
      const { folder } = scene.shop;
      await repair({ folder, log: new FileLogReader({ folder }), onNotice: () => {} }, scene.database);
      assert.deepEqual(await scene.differences(), []);
      assert.deepEqual((await allRows(scene.database)).order_line_seats, given);
    });

    scenes('that contradict the tables stop the follower, which names the positions', async (scene) => {
      const sale = await scene.hall(hallOf(1, 1, 3));
      await scene.following.catchUp();
      const at = await scene.database.position(0);
      // Somebody has written the next seat's name already.
      await scene.database.write(
        [rowsOf('seats', [{ id: 50, section: 'S1', number: '9', place: 90 }])],
        at,
        at ?? positionAt(1),
      );
      const stood = scene.shop.position;
      await scene.change(kinds.addSeats, { sale, seats: [{ section: 'S1', row: '1', number: '9' }] });
      await scene.book(sale, 1);
      await assert.rejects(scene.following.catchUp(), (error) => {
        assert.ok(error instanceof ConstraintError, String(error));
        assert.match(error.message, new RegExp(`positions ${stood + 1} to ${stood + 2} break a rule`));
        assert.match(error.message, /one_seat_a_label|seats\.label/);
        return true;
      });
      assert.equal((await scene.database.position(0))?.position, stood);
    });

    test('begin with a snapshot where the log was trimmed', { ...required, timeout: 120_000 }, async (t) => {
      const shop = await Shop.open(t);
      const before = await Scene.open(t, make, shop);
      const sale = await before.hall(hallOf(2, 10, 20));
      await before.hold(sale, [before.seat(sale, 'S2-1-1')]);
      for (let round = 0; round < 20; round += 1)
        await Promise.all(
          Array.from({ length: 8 }, async () => await shop.target(kinds.cancel, await before.book(sale, 3))),
        );
      await shop.buyMany(await shop.sale(), 2000);
      shop.snapshot();
      await shop.log.trim(shop.position);
      assert.ok(shop.log.start() > 1, 'something was trimmed');
      await before.book(sale, 5);
      const after = await Scene.open(t, make, shop);
      assert.match(after.following.notices.join(), /begin with the snapshot/);
      assert.deepEqual(await after.differences(), []);
      const { order_line_seats: given } = await allRows(after.database);
      assert.equal(given?.length, 20 * 8 * 3 + 5);
    });
  });
}
