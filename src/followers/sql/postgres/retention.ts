/** From which day on taps are kept, in PostgreSQL. */
import type { Session } from './connection.ts';
import { qualified, readInteger } from './statements.ts';

const cells = qualified('cells');

export async function tapsFromDayOf(session: Session, cell: number): Promise<number | null> {
  const { rows } = await session.query<{ day: string | null }>({
    name: 'taps_from_day',
    text: `SELECT taps_from_day AS day FROM ${cells} WHERE id = $1`,
    values: [cell],
  });
  const day = rows[0]?.day ?? null;
  return day === null ? null : readInteger(day);
}

/** Notes that the newest days are kept; it never goes back. Null while there is no tap. */
export async function noteTapsFromDay(session: Session, cell: number, days: number): Promise<number | null> {
  await session.query({
    text: `UPDATE ${cells} SET taps_from_day = greatest(taps_from_day, newest.day - $2::bigint + 1)
      FROM (SELECT max(day) AS day FROM ${qualified('taps')}) AS newest
      WHERE id = $1 AND newest.day IS NOT NULL`,
    values: [cell, days],
  });
  return await tapsFromDayOf(session, cell);
}
