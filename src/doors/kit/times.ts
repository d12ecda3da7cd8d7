/**
 * Times in requests, files and flags. All use this one reader. It accepts only what every door,
 * table and export can write back: a time of the years 1 to 9999 in UTC.
 */

/** ISO 8601: a date, or a time with or without seconds and zone. */
export const timePattern =
  '^(\\d{4})-(\\d\\d)-(\\d\\d)(?:[Tt ](\\d\\d):(\\d\\d)(?::(\\d\\d)(\\.\\d{1,9})?)?([Zz]|[+-]\\d\\d:\\d\\d)?)?$';
/** RFC 3339, complete. */
export const fullTimePattern = '^\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})$';
const time = new RegExp(timePattern);

const earliestMs = Date.parse('0001-01-01T00:00:00.000Z');
const latestMs = Date.parse('9999-12-31T23:59:59.999Z');
const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Ms of a time that fits `timePattern`, in UTC without a zone; null for any other, and for one that
 * cannot be written back.
 */
export function timeMsOf(text: string): number | null {
  const ms = parsedMs(text);
  return ms !== null && isSayable(ms) ? ms : null;
}

/** The reason for refusing a time that exists but cannot be written back. */
export const beyondYears = 'is not within the years 1 to 9999 in UTC';

/** The reason for refusing a text for which `timeMsOf` returns null. */
export function timeFlaw(text: string): string {
  return parsedMs(text) === null ? 'is no time that exists' : beyondYears;
}

function isSayable(ms: number): boolean {
  return ms >= earliestMs && ms < latestMs + 1;
}

/** Null for a date that does not exist. */
function parsedMs(text: string): number | null {
  const parts = time.exec(text);
  if (parts === null) return null;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] =
    parts;
  // The runtime would read 31 February as 3 March, and the hour 24 as the next day.
  if (Number(day) > daysOf(Number(year), Number(month)) || Number(hour) > 23) return null;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone.toUpperCase()}`);
  return Number.isFinite(ms) ? ms : null;
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (lengths[month - 1] ?? 0);
}

/**
 * A kept time as it is shown. Older logs may have times that `timeMsOf` would refuse; they are
 * shown as the first or last time that can be written.
 */
export function sayableMs(ms: number): number {
  return ms >= earliestMs ? Math.min(ms, latestMs) : earliestMs;
}

/** The same for a time kept as text. */
export function sayableTime(text: string): string {
  if (text.length === 24 && !text.startsWith('0000')) return text;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(sayableMs(ms)).toISOString();
}
