/** From which day on taps are kept, in SQLite. */
import type { DatabaseSync } from 'node:sqlite';

export function tapsFromDayOf(database: DatabaseSync, cell: number): number | null {
  const day = database.prepare('select taps_from_day as day from cells where id = ?').get(cell)?.['day'];
  return typeof day === 'number' ? day : null;
}

/** Notes that the newest days are kept; it never goes back. Null while there is no tap. */
export function noteTapsFromDay(database: DatabaseSync, cell: number, days: number): number | null {
  const newest = database.prepare('select max(day) as day from taps').get()?.['day'];
  const noted = tapsFromDayOf(database, cell);
  if (typeof newest !== 'number') return noted;
  const fromDay = Math.max(newest - days + 1, noted ?? -Infinity);
  database.prepare('update cells set taps_from_day = ? where id = ?').run(fromDay, cell);
  return fromDay;
}
