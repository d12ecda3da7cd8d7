/** What happens to the SQL database when PostgreSQL, or the way to it, fails. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPatience } from '../../../../src/followers/sql/postgres/connection.ts';
import type { Patience } from '../../../../src/followers/sql/postgres/connection.ts';
import { openPostgresListings } from '../../../../src/followers/sql/postgres/listings.ts';
import { openPostgresDatabase } from '../../../../src/followers/sql/postgres/database.ts';
import { DatabaseUnavailableError } from '../../../../src/followers/sql/database.ts';
import type { SqlDatabase } from '../../../../src/followers/sql/database.ts';
import { PostgresServer, requirePostgres, sharedPostgres } from '../../support/postgres.ts';
import { allRows, listedAt, oneSale, positionAt, rowsIn, rowsOf } from '../../support/sql-rows.ts';
import { once, Wire } from '../../support/wire.ts';

const required = { ...requirePostgres(), timeout: 60_000 };
const shared = sharedPostgres();
/** Patience for something that will not come. */
const hasty: Patience = { connectMs: 500, statementMs: 400, lockMs: 200, answerMs: 600 };
const twoSales = rowsOf('sales', [{ id: 1, sold: 3 }, { id: 2 }]);

interface Setup {
  readonly database: SqlDatabase;
  /** The database's address, past the wire. */
  readonly url: string;
  readonly wire: Wire;
}

/** A database that has one sale at position 2, on a wire of its own. */
async function onWire(use: (setup: Setup) => Promise<void>, patience: Patience = defaultPatience): Promise<void> {
  const server = shared();
  const url = await server.createDatabase();
  const wire = await Wire.to(server.port);
  const direct = openPostgresDatabase({ url, sslMode: null });
  await direct.migrate();
  await direct.write([oneSale], null, positionAt(2));
  await direct.close();
  const database = openPostgresDatabase(
    { url: url.replace(`:${server.port}/`, `:${wire.port}/`), sslMode: null },
    patience,
  );
  try {
    await use({ database, url, wire });
  } finally {
    await database.close();
    await wire.close();
  }
}

async function assertAway(asked: Promise<unknown>, sentence = /./): Promise<void> {
  await assert.rejects(asked, (error) => {
    assert.ok(error instanceof DatabaseUnavailableError, String(error));
    assert.match(error.message, sentence);
    return true;
  });
}

test(
  'a server that is down is named in a sentence, and the same database goes on when it is there',
  required,
  async () => {
    const server = shared();
    const url = await server.createDatabase();
    await server.stop();
    const database = openPostgresDatabase({ url, sslMode: null });
    const lists = openPostgresListings({ url, sslMode: null });
    await assertAway(
      database.migrate(),
      new RegExp(`^postgres://127\\.0\\.0\\.1:${server.port}/\\w+ does not listen.*ECONNREFUSED`),
    );
    await assertAway(lists.ordersOfSale(1, { before: null, limit: 1 }), /does not listen/);
    await server.restart();
    assert.ok((await database.migrate()).length > 0);
    await database.write([oneSale], null, positionAt(2));
    await database.close();
    // Lists rest a moment after a failure.
    for (let tries = 0; ; tries += 1) {
      const answer = await lists.ordersOfSale(1, { before: null, limit: 1 }).catch((error: unknown) => error);
      if (!(answer instanceof DatabaseUnavailableError)) {
        assert.deepEqual(answer, listedAt([], 2));
        break;
      }
      assert.ok(tries < 100, answer.message);
      await sleep(50);
    }
    await lists.close();
  },
);

test('a server that is stopped and started between two writes costs one attempt at most', required, async () => {
  await onWire(async ({ database }) => {
    await database.write([], positionAt(2), positionAt(3));
    await shared().stop();
    await assertAway(database.write([twoSales], positionAt(3), positionAt(4)));
    await shared().restart();
    await database.write([twoSales], positionAt(3), positionAt(4));
    assert.deepEqual(await allRows(database), rowsIn([twoSales]));
    assert.deepEqual(database.durablePosition(), positionAt(4));
  });
});

test('a server that is killed in the middle of a transaction has nothing of it', required, async () => {
  await onWire(async ({ database }) => {
    const killed = database.rebuild(async (write) => {
      await write([twoSales]);
      await shared().kill();
      await write([rowsOf('sales', [{ id: 3 }])]);
      return positionAt(9);
    });
    await assertAway(killed);
    await assertAway(database.position(0));
    await shared().restart();
    assert.deepEqual(await database.position(0), positionAt(2));
    assert.deepEqual(await allRows(database), rowsIn([oneSale]));
  });
});

test(
  'whenever a server is killed, position and rows belong together, and what is written again is there once',
  required,
  async () => {
    const ids = Array.from({ length: 4_000 }, (_, at) => at + 1);
    const batchAt = (round: number): ReturnType<typeof rowsOf>[] => [
      rowsOf(
        'orders',
        ids.map((id) => ({ id: round * ids.length + id, key: `${round}` })),
      ),
      rowsOf(
        'order_lines',
        ids.map((id) => ({ id: round * ids.length + id, order_id: round * ids.length + id })),
      ),
    ];
    await onWire(async ({ database }) => {
      let at = 2;
      for (let round = 0; round < 6; round += 1) {
        const writing = database.write(batchAt(round), positionAt(at), positionAt(at + 1));
        const outcome = writing.then(
          () => 'written',
          (error: unknown) => error,
        );
        await sleep(Math.random() * 120);
        await shared().kill();
        await shared().restart();
        const ended = await outcome;
        const position = (await database.position(0))?.position;
        assert.ok(ended === 'written' || ended instanceof DatabaseUnavailableError, String(ended));
        if (ended === 'written') assert.equal(position, at + 1, 'what was said to be written is there');
        const { orders = [], order_lines: lines = [] } = await allRows(database);
        const rounds = position === at + 1 ? round + 1 : round;
        assert.ok(position === at || position === at + 1, `position ${position}`);
        assert.equal(orders.length, rounds * ids.length);
        assert.equal(lines.length, rounds * ids.length);
        if (position === at) await database.write(batchAt(round), positionAt(at), positionAt(at + 1));
        at += 1;
      }
      assert.equal((await allRows(database)).orders?.length, 6 * ids.length);
    });
  },
);

test(
  'a connection that is cut before the commit arrives: nothing was written, and the position says so',
  required,
  async () => {
    await onWire(async ({ database, wire }) => {
      await database.position(0);
      wire.onSent = once('COMMIT', 'cut');
      await assertAway(database.write([twoSales], positionAt(2), positionAt(3)));
      assert.deepEqual(await database.position(0), positionAt(2));
      await database.write([twoSales], positionAt(2), positionAt(3));
      assert.deepEqual(await allRows(database), rowsIn([twoSales]));
    });
  },
);

test(
  'a connection that is cut after the commit was sent: all was written, and the position says so',
  required,
  async () => {
    await onWire(async ({ database, wire }) => {
      await database.position(0);
      wire.onSent = once('COMMIT', 'pass and cut');
      await assertAway(database.write([twoSales], positionAt(2), positionAt(3)));
      assert.deepEqual(await database.position(0), positionAt(3));
      assert.deepEqual(database.durablePosition(), positionAt(3), 'what is seen of a commit is on the disk');
      await database.write([], positionAt(3), positionAt(4));
      assert.deepEqual(await allRows(database), rowsIn([twoSales]));
    });
  },
);

test('a commit that is still on its way is waited for by whoever asks for the position', required, async () => {
  await onWire(async ({ database, url, wire }) => {
    // A commit takes its time: this runs in it.
    await shared().query(
      url,
      `CREATE FUNCTION public.dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END'`,
    );
    await shared().query(
      url,
      `CREATE CONSTRAINT TRIGGER dawdle AFTER UPDATE ON holdfast.cells DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION public.dawdle()`,
    );
    await database.position(0);
    wire.onSent = once('COMMIT', 'pass and cut');
    await assertAway(database.write([twoSales], positionAt(2), positionAt(3)));
    const [{ position = 0 } = {}] = await shared().query(url, 'SELECT position FROM holdfast.cells');
    assert.equal(position, 2, 'a bystander sees the old one still');
    assert.deepEqual(await database.position(0), positionAt(3));
  });
});

test('a wire that goes dead is given up in time, and what was begun over it does not stay', required, async () => {
  await onWire(async ({ database, wire }) => {
    await database.position(0);
    wire.onSent = (bytes) => {
      wire.dead ||= bytes.includes('order_lines');
      return 'pass';
    };
    const batch = [twoSales, rowsOf('orders', [{ id: 1 }]), rowsOf('order_lines', [{ id: 1, order_id: 1 }])];
    const before = performance.now();
    await assertAway(database.write(batch, positionAt(2), positionAt(3)), /read timeout/);
    assert.ok(performance.now() - before < 5_000);
    wire.dead = false;
    wire.onSent = () => 'pass';
    // The server ends the idle transaction by itself, and its locks with it.
    for (let tries = 0; ; tries += 1) {
      const failure = await database.write(batch, positionAt(2), positionAt(3)).then(
        () => null,
        (error: unknown) => error,
      );
      if (failure === null) break;
      assert.ok(failure instanceof DatabaseUnavailableError && tries < 50);
      await sleep(50);
    }
    assert.deepEqual(await allRows(database), rowsIn(batch));
  }, hasty);
});

test('a server that takes connections and says nothing is given up in time', required, async () => {
  await onWire(async ({ database, wire }) => {
    wire.onSent = () => 'swallow';
    const before = performance.now();
    await assertAway(database.position(0), /timeout/);
    assert.ok(performance.now() - before < 5_000);
    wire.onSent = () => 'pass';
    assert.deepEqual(await database.position(0), positionAt(2));
  }, hasty);
});

test('an idle connection that the server ends is replaced without anybody noticing', required, async () => {
  await onWire(async ({ database, url, wire }) => {
    await database.position(0);
    const connections = wire.connections;
    await shared().query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdfast follower'`,
    );
    await sleep(200);
    await database.write([twoSales], positionAt(2), positionAt(3));
    assert.equal(wire.connections, 2 * connections);
  });
});

test('a lock that somebody else holds is waited for, within limits', required, async () => {
  await onWire(async ({ database, url }) => {
    const locked = shared().query(url, 'BEGIN; LOCK TABLE holdfast.sales; SELECT pg_sleep(0.8); COMMIT');
    await sleep(100);
    await assertAway(database.write([twoSales], positionAt(2), positionAt(3)), /lock/);
    await locked;
    await database.write([twoSales], positionAt(2), positionAt(3));
    assert.deepEqual(await allRows(database), rowsIn([twoSales]));
  }, hasty);
});

test('the settings of a role do not change what is written, nor make it less durable', required, async () => {
  await onWire(async ({ database, url }) => {
    const settings = [
      `default_transaction_isolation = 'serializable'`,
      'default_transaction_read_only = on',
      'default_transaction_deferrable = on',
      'synchronous_commit = off',
      `search_path = 'nowhere'`,
      `timezone = 'Pacific/Auckland'`,
      `datestyle = 'German, DMY'`,
      `bytea_output = 'escape'`,
      'standard_conforming_strings = off',
      'transform_null_equals = on',
      'row_security = on',
    ];
    const name = new URL(url).pathname.slice(1);
    for (const setting of settings) await shared().query(shared().url(), `ALTER DATABASE ${name} SET ${setting}`);
    const names = rowsOf('sales', [{ id: 1, name: `'; \\ "{}`, sold: 1 }]);
    await database.write([names], positionAt(2), positionAt(3));
    assert.deepEqual(await allRows(database), rowsIn([names]));
    assert.deepEqual(database.durablePosition(), positionAt(3));
  });
});

test('a server that does not sync promises nothing', required, async () => {
  const server = await PostgresServer.start({ settings: { fsync: 'off' } });
  try {
    const database = openPostgresDatabase({ url: server.url(), sslMode: null });
    await database.migrate();
    await database.write([oneSale], null, positionAt(2));
    assert.equal(database.durablePosition(), null);
    await database.position(0);
    assert.equal(database.durablePosition(), null);
    await database.close();
  } finally {
    await server.close();
  }
});

test('lists do not wait for a database that is slow or gone', required, async () => {
  await onWire(async ({ url, wire }) => {
    const lists = openPostgresListings({ url: url.replace(`:${shared().port}/`, `:${wire.port}/`), sslMode: null });
    const page = { before: null, limit: 5 };
    assert.deepEqual(await lists.ordersOfSale(1, page), listedAt([], 2));
    const locked = shared().query(url, 'BEGIN; LOCK TABLE holdfast.orders; SELECT pg_sleep(2); COMMIT');
    await sleep(100);
    await assertAway(lists.ordersOfCustomer('anyone', page), /lock/);
    assert.deepEqual(await lists.ordersOfSale(1, page), listedAt([], 2));
    await locked;
    // More than may queue at once: some are refused, and none waits for ever.
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => lists.ordersOfCustomer('anyone', page).catch((error: unknown) => error)),
    );
    assert.ok(answers.some((answer) => answer instanceof DatabaseUnavailableError && /too many/.test(answer.message)));
    assert.ok(answers.filter((answer) => !(answer instanceof Error)).length >= 90);
    wire.cut();
    await wire.close();
    const before = performance.now();
    await assertAway(lists.ordersOfSale(1, page));
    await assertAway(lists.ordersOfSale(1, page));
    assert.ok(performance.now() - before < 2_500);
    await lists.close();
  });
});
