/**
 * `holdfast reconcile`: compares the SQL views with the log, row by row; with `--repair` it builds
 * them anew.
 */
import { openSqlDatabase } from '../followers/sql/open.ts';
import type { LogReplica } from '../followers/sql/log-replica.ts';
import type { Reconciled } from '../followers/sql/reconcile.ts';
import { reconcile as compare, repair } from '../followers/sql/reconcile.ts';
import type { SqlDatabase } from '../followers/sql/database.ts';
import type { Difference } from '../followers/sql/table-comparison.ts';
import { FileLogReader } from '../log/file/reader.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { requireLog } from './folder-flags.ts';
import { environmentOf, readSqlSettings } from './settings.ts';

/** Differences that are printed one by one. */
const maxShown = 100;

export const reconcile: CliCommand = {
  summary: 'Compare the SQL views with the log, and repair them',
  usage: `holdfast reconcile [--data ./data] [--sql sqlite] [--repair] [--json]

  Replays the log and compares every row of every table, as of the position that the tables have. Server and follower may run. Exit code 1
  when anything differs.
  --repair    builds the tables anew from the log, in one transaction
  --json      one JSON object`,
  run: async (args) => {
    const { dataFolder, sql, flags } = readSqlSettings(args, environmentOf(programFolder), ['repair', 'json']);
    requireLog(dataFolder);
    const log = new FileLogReader({ folder: dataFolder });
    const replica = { folder: dataFolder, log, onNotice: (message: string) => console.error(message) };
    const database = await openSqlDatabase(sql);
    try {
      await database.migrate();
      return flags['repair'] === true
        ? await runRepair(replica, database, flags['json'] === true)
        : await runCompare(replica, database, flags['json'] === true);
    } finally {
      await database.close();
    }
  },
};

async function runCompare(replica: LogReplica, database: SqlDatabase, json: boolean): Promise<number> {
  const shown: Difference[] = [];
  const found = await compare(replica, database, (difference) => {
    if (shown.length < maxShown) shown.push(difference);
  });
  if (json) console.log(JSON.stringify({ place: database.place, ...found, shown }, null, 2));
  else speak(database.place, found, shown);
  return found.refusal === null && found.differences === 0 ? 0 : 1;
}

async function runRepair(replica: LogReplica, database: SqlDatabase, json: boolean): Promise<number> {
  const position = await repair(replica, database);
  if (json) console.log(JSON.stringify({ place: database.place, repaired: position }, null, 2));
  else console.log(`${database.place} was built anew, as of position ${position.position}`);
  return 0;
}

function speak(place: string, found: Reconciled, shown: readonly Difference[]): void {
  const { position, refusal, rows, differences } = found;
  if (refusal !== null) return console.log(refusal);
  if (position === null) return console.log(`${place} has no position yet: nothing was followed into it`);
  for (const difference of shown) console.log(`  ${sentence(difference)}`);
  if (differences > shown.length) console.log(`  … and ${differences - shown.length} more`);
  const result =
    differences === 0 ? 'no difference' : `${differences} ${differences === 1 ? 'row differs' : 'rows differ'}`;
  console.log(`${place}: ${result} in ${rows} rows, at position ${position.position}`);
  if (differences > 0) console.log('`holdfast reconcile --repair` builds the tables anew from the log');
}

function sentence({ table, id, kind, columns }: Difference): string {
  if (kind === 'missing') return `${table} ${id}: is not in the database`;
  if (kind === 'extra') return `${table} ${id}: is in the database and not in the log`;
  const parts = columns.map(
    ({ name, log, database }) => `${name} is ${JSON.stringify(database)}, the log says ${JSON.stringify(log)}`,
  );
  return `${table} ${id}: ${parts.join('; ')}`;
}
