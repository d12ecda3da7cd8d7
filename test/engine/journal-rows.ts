/**
 * The rows of the journal, as both engines give them: plain objects with the names of the engine's
 * columns.
 */
import type { Journal } from '../../src/engine/tables/journal.ts';

type Row = Readonly<Record<string, number>>;

export interface JournalRows {
  readonly taps: readonly Row[];
  readonly entries: readonly Row[];
  readonly journeys: readonly Row[];
}

/** The rows that an engine keeps: those of its last record, unless it collects more. */
export function rowsOf({ taps, entries, journeys }: Journal): JournalRows {
  return { taps: columnsOf(taps), entries: columnsOf(entries), journeys: columnsOf(journeys) };
}

/** Every column of a table, whatever its name: none can be left out of a comparison. */
function columnsOf(table: { readonly count: number }): Row[] {
  const columns = Object.entries<unknown>({ ...table }).filter((named): named is [string, Float64Array] =>
    ArrayBuffer.isView(named[1]),
  );
  return Array.from({ length: table.count }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column[row]!])),
  );
}
