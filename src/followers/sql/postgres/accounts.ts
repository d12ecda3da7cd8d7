/** One account out of the views in PostgreSQL, and the end of their schema. */
import { requireNoOther } from '../place-in-log.ts';
import type { PostgresAddress } from './address.ts';
import { PostgresConnection } from './connection.ts';
import { begin } from './database.ts';
import { qualified, readInteger, schemaName } from './statements.ts';

/** Minor units; null when the views have no such account. */
export function balanceInPostgres(address: PostgresAddress, account: string): Promise<number | null> {
  return connected(address, async (connection) => {
    const text = 'SELECT balance FROM gates.accounts WHERE uuid = $1';
    const { rows } = await connection.query<{ balance: string }>({ text, values: [account] });
    return rows[0] === undefined ? null : readInteger(rows[0].balance);
  });
}

/**
 * Drops our schema, and with it the views of the dialects, which read it.
 * @throws RepairNeededError, and drops nothing, when the views are of another log
 */
export function removeFromPostgres(address: PostgresAddress, log: string | null): Promise<void> {
  return connected(address, async (connection) => {
    await connection.transaction(begin, async (session) => {
      const cells = qualified('cells');
      const known = await session.query<{ cells: string | null }>({
        text: `SELECT to_regclass('${cells}')::text AS cells`,
      });
      if (known.rows[0]?.cells != null) {
        const { rows } = await session.query<{ log: string }>({ text: `SELECT log FROM ${cells}` });
        requireNoOther(
          rows.map((row) => row.log),
          log,
          connection.place,
        );
      }
      await session.query({ text: `DROP SCHEMA IF EXISTS ${schemaName} CASCADE` });
    });
  });
}

async function connected<Result>(
  address: PostgresAddress,
  use: (connection: PostgresConnection) => Promise<Result>,
): Promise<Result> {
  const connection = new PostgresConnection(address, 'holdfast accounts');
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
