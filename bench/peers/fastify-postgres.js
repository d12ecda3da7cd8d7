// Fastify with PostgreSQL: one row holds the stock, and each purchase locks it with SELECT … FOR
// UPDATE. Arguments: host and port of PostgreSQL, connections in the pool.
//
// As quick as this design allows: a key is looked up before the lock, the lock is held for two
// round trips and the commit, the statements are prepared.
import pg from 'pg';
import { servePurchases } from './purchase-routes.js';

const [, , host, port, poolSize] = process.argv;
const pool = new pg.Pool({ host, port: Number(port), user: 'postgres', database: 'postgres', max: Number(poolSize) });

await pool.query(`
  CREATE TABLE events (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, total bigint NOT NULL, sold bigint NOT NULL DEFAULT 0);
  CREATE TABLE purchases (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    event bigint NOT NULL REFERENCES events,
    quantity int NOT NULL,
    idempotency_key text NOT NULL UNIQUE,
    remaining bigint NOT NULL
  );
`);

const statements = {
  seen: 'SELECT quantity, remaining FROM purchases WHERE idempotency_key = $1',
  lock: 'SELECT total - sold AS left FROM events WHERE id = $1 FOR UPDATE',
  sell: `WITH sold AS (UPDATE events SET sold = sold + $2 WHERE id = $1)
         INSERT INTO purchases (event, quantity, idempotency_key, remaining) VALUES ($1, $2, $3, $4)`,
};
const run = (client, name, values) => client.query({ name, text: statements[name], values });
const uniqueViolation = '23505';
let event = 0;

async function answerOf(key, quantity) {
  const { rows } = await run(pool, 'seen', [key]);
  if (rows.length === 0) return undefined;
  return rows[0].quantity === quantity ? Number(rows[0].remaining) : 'KEY_REUSED';
}

async function sell(key, quantity) {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('BEGIN');
    const { rows } = await run(client, 'lock', [event]);
    const left = Number(rows[0].left) - quantity;
    if (left < 0) {
      await client.query('ROLLBACK');
      return 'SOLD_OUT';
    }
    await run(client, 'sell', [event, quantity, key, left]);
    await client.query('COMMIT');
    return left;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw error;
  } finally {
    client.release(broken);
  }
}

await servePurchases({
  async begin(seats) {
    const { rows } = await pool.query('INSERT INTO events (total) VALUES ($1) RETURNING id', [seats]);
    event = rows[0].id;
  },
  async counts() {
    const { rows } = await pool.query('SELECT total, sold FROM events WHERE id = $1', [event]);
    const [total, sold] = [Number(rows[0].total), Number(rows[0].sold)];
    return { totalSeats: total, seatsSold: sold, seatsRemaining: total - sold };
  },
  async purchase(key, quantity) {
    const known = await answerOf(key, quantity);
    if (known !== undefined) return known;
    try {
      return await sell(key, quantity);
    } catch (error) {
      // Another request used the key in between.
      if (error.code === uniqueViolation) return answerOf(key, quantity);
      throw error;
    }
  },
  close: () => pool.end(),
});
