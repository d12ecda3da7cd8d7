/** Our tables according to PostgreSQL's catalogue. */
import type { Session } from './connection.ts';
import { schemaName } from './statements.ts';
import type { DescribedColumn } from '../database.ts';

interface CatalogueRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly primary_key: boolean;
  readonly generated: boolean;
  readonly refers: string | null;
  readonly later: boolean | null;
}

/** A reference is a foreign key, or a constraint trigger that stands for one. */
const text = `
  SELECT
    relation.relname AS "table",
    attribute.attname AS name,
    format_type(attribute.atttypid, attribute.atttypmod) AS type,
    NOT attribute.attnotnull AS nullable,
    EXISTS (
      SELECT FROM pg_constraint AS key
      WHERE key.conrelid = relation.oid AND key.contype = 'p' AND attribute.attnum = ANY (key.conkey)
    ) AS primary_key,
    attribute.attgenerated <> '' AS generated,
    referred.relname AS refers,
    coalesce(reference.condeferrable AND reference.condeferred, guard.tgdeferrable AND guard.tginitdeferred) AS later
  FROM pg_attribute AS attribute
  JOIN pg_class AS relation ON relation.oid = attribute.attrelid AND relation.relkind IN ('r', 'p') AND NOT relation.relispartition
  LEFT JOIN pg_constraint AS reference
    ON reference.conrelid = relation.oid AND reference.contype = 'f' AND reference.conkey = ARRAY[attribute.attnum]
  LEFT JOIN pg_trigger AS guard
    ON guard.tgrelid = relation.oid AND NOT guard.tgisinternal AND guard.tgattr[0] = attribute.attnum
  LEFT JOIN pg_class AS referred ON referred.oid = coalesce(reference.confrelid, guard.tgconstrrelid)
  WHERE relation.relnamespace = to_regnamespace('${schemaName}') AND attribute.attnum > 0 AND NOT attribute.attisdropped
  ORDER BY relation.relname, attribute.attnum`;

/** Every table of our schema, its columns in their order. */
export async function describeTables(session: Session): Promise<Record<string, readonly DescribedColumn[]>> {
  const { rows } = await session.query<CatalogueRow>({ text });
  const described: Record<string, DescribedColumn[]> = {};
  for (const row of rows) {
    (described[row.table] ??= []).push({
      name: row.name,
      type: row.type === 'bigint' ? 'integer' : row.type === 'text' ? 'text' : 'other',
      nullable: row.nullable,
      primaryKey: row.primary_key,
      generated: row.generated,
      refers: row.refers === null ? null : { table: row.refers, later: row.later === true },
    });
  }
  return described;
}
