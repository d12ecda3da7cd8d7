/**
 * `holdfast migrate`: brings the schema of the SQL views up to date. The follower does this itself
 * when it starts.
 */
import fs from 'node:fs';
import path from 'node:path';
import { openSqlDatabase } from '../followers/sql/open.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { environmentOf, readSqlSettings } from './settings.ts';

export const migrate: CliCommand = {
  summary: 'Bring the schema of the SQL views up to date',
  usage: `holdfast migrate [--data ./data] [--sql sqlite]

  Runs the numbered files of src/followers/sql/migrations that the database does not have yet, each in one transaction. A schema that is newer
  than this program is refused. The follower does the same when it starts.`,
  run: async (args) => {
    const { sql } = readSqlSettings(args, environmentOf(programFolder));
    if (sql.kind === 'sqlite') fs.mkdirSync(path.dirname(sql.file), { recursive: true, mode: 0o700 });
    const database = await openSqlDatabase(sql);
    try {
      const applied = await database.migrate();
      for (const name of applied) console.log(`${database.place}: ${name}`);
      if (applied.length === 0) console.log(`${database.place} is up to date`);
      return 0;
    } finally {
      await database.close();
    }
  },
};
