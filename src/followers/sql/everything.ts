/**
 * All rows of a state, in stretches: to rebuild tables, and to compare them. Rows of the journal
 * are not in a state: `journal-rows.ts` has them.
 */
import type { State } from '../../engine/state.ts';
import type { KeyOf } from './cells.ts';
import type { RowBatch } from './database.ts';
import { FillableBatch } from './row-batch.ts';
import { tables } from './schema.ts';
import type { Table } from './table.ts';
import { isJournaled, tableNames } from './table.ts';

const rowsAtOnce = 20_000;

/**
 * Every row of a state, tables in write order, ids ascending. A batch is valid until the next one
 * is asked for.
 */
export function* everything(state: State, keyOf: KeyOf): Generator<RowBatch> {
  const into = new FillableBatch();
  for (const name of tableNames) {
    const table = tables[name];
    if (isJournaled(table)) continue;
    const rows = into.rows[name];
    const count = table.of.count(state);
    for (let from = 0, to = 0; from < count; from = to) {
      to = stretchEnd(state, table, from, count);
      const first = from;
      rows.fill(
        state,
        Float64Array.from({ length: to - first }, (_, at) => first + at),
        keyOf,
      );
      if (rows.count > 0) yield [rows];
    }
  }
}

/**
 * End of a stretch of things that makes about this many rows; a thing may make none, or some
 * hundreds.
 */
function stretchEnd(state: State, { rows }: Table, from: number, count: number): number {
  const max = Math.min(count, from + rowsAtOnce);
  if (rows === undefined) return max;
  let made = 0;
  for (let thing = from; thing < max; thing += 1) {
    made += rows.count(state, thing);
    if (made >= rowsAtOnce) return thing + 1;
  }
  return max;
}
