/** `holdfast retain`: drops the taps of old days from the SQL views. */
import { openSqlDatabase } from '../followers/sql/open.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { wholeNumber } from './flags.ts';
import { environmentOf, readSqlSettings } from './settings.ts';

/**
 * A gate may send taps of eight days back: those days must not go while their taps may still come.
 */
const leastDays = 10;
const dayMs = 86_400_000;
const cell = 0;

export const retain: CliCommand = {
  summary: 'Drop the taps of old days from the SQL views',
  usage: `holdfast retain --taps DAYS [--data ./data] [--sql sqlite]

  Keeps the taps of the newest DAYS days (at least ${leastDays}) for which there are any, and drops those before: in PostgreSQL a day's partition at
  once, in SQLite some thousands of rows at a time. Journeys and movements of money stay. The log is not touched: \`reconcile\` leaves dropped
  days out, and \`reconcile --repair\` writes again what the log still has. Server and follower may run; run it daily, as by cron.`,
  run: async (args) => {
    const { sql, texts } = readSqlSettings(args, environmentOf(programFolder), [], ['taps']);
    if (texts['taps'] === undefined) throw new UserError('say how many days of taps are kept: --taps DAYS');
    const days = wholeNumber('--taps', texts['taps'], leastDays);
    const database = await openSqlDatabase(sql);
    try {
      await database.migrate();
      const { fromDay } = await database.retainTaps(cell, days);
      console.log(
        fromDay === null
          ? `${database.place} has no taps yet`
          : `${database.place} keeps the taps from ${dateOf(fromDay)} on`,
      );
      return 0;
    } finally {
      await database.close();
    }
  },
};

function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
