/**
 * The days of a table that lie by themselves. A partition is made in the transaction that writes
 * its first row, so none is ever missing. There is no partition for all other days: it would have
 * to be locked and looked through for each new day, and readers would stand in the way.
 */
import { escapeIdentifier } from 'pg';
import type { TableRows } from '../database.ts';
import type { Session } from './connection.ts';
import { qualified, readInteger, schemaName } from './statements.ts';

const dayMs = 86_400_000;

/** Makes the partitions that rows need. Excludes other writers while the transaction lasts. */
export async function requirePartitions(session: Session, { table, columns }: TableRows): Promise<void> {
  const at = table.columns.findIndex(({ name }) => name === table.byDay);
  if (at < 0) return;
  const there = await daysOf(session, table.name);
  for (const day of new Set(columns[at] as readonly number[])) {
    if (!there.has(day)) await makePartition(session, table.name, day);
  }
}

/** The days of which there is a partition. */
export async function daysOf(session: Session, table: string): Promise<ReadonlySet<number>> {
  const { rows } = await session.query<{ day: string }>({
    name: `days_of_${table}`,
    text: `SELECT substring(pg_get_expr(part.relpartbound, part.oid) from 'FROM \\(''(-?\\d+)''\\)') AS day
      FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
      WHERE inhparent = to_regclass('${qualified(table)}')`,
  });
  return new Set(rows.map(({ day }) => readInteger(day)));
}

export async function dropPartition(session: Session, table: string, day: number): Promise<void> {
  await session.query({ text: `DROP TABLE IF EXISTS ${partitionName(table, day)}` });
}

/** Made beside the table and then attached: readers need not wait, nor be waited for. */
async function makePartition(session: Session, table: string, day: number): Promise<void> {
  const name = partitionName(table, day);
  await session.query({
    text: `CREATE TABLE ${name} (LIKE ${qualified(table)} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
      ALTER TABLE ${qualified(table)} ATTACH PARTITION ${name} FOR VALUES FROM (${day}) TO (${day + 1})`,
  });
}

/** `taps_2026_11_30` */
function partitionName(table: string, day: number): string {
  const date = new Date(day * dayMs).toISOString().replace(/T.*/, '').replaceAll('-', '_');
  return `${schemaName}.${escapeIdentifier(`${table}_${date}`)}`;
}
