/**
 * Compares the rows of the journal's things with a replay of the log from where that begins.
 *
 * - From there on, row by row, and nothing may come behind the last.
 * - Of what lies before a trimmed log nothing can be made. Its entries and journeys are numbered
 *   without a gap; and where the entries begin with the first, those of each card add up to the
 *   balance that it had where the log begins.
 * - Taps of days that were dropped on demand are left out.
 */
import type { Engine } from '../../engine/engine.ts';
import type { SqlReading } from './database.ts';
import { JournalReplay, journaledTables } from './journal-rows.ts';
import type { LogReplica } from './log-replica.ts';
import type { Difference } from './table-comparison.ts';
import { TableComparison } from './table-comparison.ts';
import { tables } from './schema.ts';
import type { Table, TableName } from './table.ts';

type Tell = (difference: Difference) => void;

/** Returns how many rows the log gives. */
export async function compareJournal(
  replica: LogReplica,
  reading: SqlReading,
  position: number,
  tell: Tell,
): Promise<number> {
  const journal = await JournalReplay.begin(replica, position);
  const { engine } = journal;
  if (!engine.isEmpty) await compareTrimmed(engine, reading, tell);
  const fromDay = reading.tapsFromDay;
  const comparisons = new Map(
    journaledTables.map(({ name }) => [
      name,
      new TableComparison(name, { firstKeyed: 0, fromDay, tell, more: () => null }),
    ]),
  );
  for (let taken = await journal.next(); taken !== null; taken = await journal.next()) {
    for (const { rows, after, upTo } of taken) {
      const comparison = comparisons.get(rows.table.name)!;
      comparison.begin(rows);
      await reading.readAll(rows.table.name, (columns, count) => comparison.take(columns, count), { after, upTo });
      comparison.end();
    }
  }
  let compared = 0;
  for (const [name, comparison] of comparisons) {
    await tellBehind(reading, name, tables[name].of.count(engine.state), comparison);
    compared += comparison.rows;
  }
  return compared;
}

/** Rows behind the last one that there is. */
async function tellBehind(
  reading: SqlReading,
  name: TableName,
  last: number,
  comparison: TableComparison,
): Promise<void> {
  comparison.begin(null);
  await reading.readAll(name, (columns, count) => comparison.take(columns, count), {
    after: last,
    upTo: Number.MAX_SAFE_INTEGER,
  });
}

/** `engine`: at the snapshot that a trimmed log continues. */
async function compareTrimmed(engine: Engine, reading: SqlReading, tell: Tell): Promise<void> {
  await tellGaps(reading, tables.journeys, tables.journeys.of.count(engine.state), tell);
  const { cards } = engine.state;
  const sums = new Float64Array(cards.count);
  const cardAt = tables.entries.columns.findIndex(({ name }) => name === 'card_id');
  const amountAt = tables.entries.columns.findIndex(({ name }) => name === 'amount');
  const last = tables.entries.of.count(engine.state);
  const first = await tellGaps(reading, tables.entries, last, tell, (columns, row) => {
    const card = Number(columns[cardAt]![row]) - 1;
    if (card < sums.length) sums[card]! += Number(columns[amountAt]![row]);
  });
  if (first !== 1) return;
  for (let card = 0; card < sums.length; card += 1) {
    const log = cards.balanceOf(card);
    const database = sums[card]!;
    if (log === database) continue;
    const name = `sum of the entries up to ${last}`;
    tell({ table: 'cards', id: card + 1, kind: 'differs', columns: [{ name, log, database }] });
  }
}

/** Tells of rows that are missing between the first that is there and `last`; returns the first. */
async function tellGaps(
  reading: SqlReading,
  { name }: Table,
  last: number,
  tell: Tell,
  onRow: (columns: readonly (readonly unknown[])[], row: number) => void = () => {},
): Promise<number | null> {
  let first: number | null = null;
  let expected = 0;
  const missingTo = (id: number): void => {
    for (; expected < id; expected += 1) tell({ table: name, id: expected, kind: 'missing', columns: [] });
  };
  await reading.readAll(
    name,
    (columns, count) => {
      for (let row = 0; row < count; row += 1) {
        const id = Number(columns[0]![row]);
        if (first === null) expected = id;
        first ??= id;
        missingTo(id);
        expected = id + 1;
        onRow(columns, row);
      }
    },
    { after: 0, upTo: last },
  );
  if (first !== null) missingTo(last + 1);
  return first;
}
