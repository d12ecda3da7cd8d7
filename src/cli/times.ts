/** Times as people write them. */

const pattern = /^(\d{4}-\d\d-\d\d)(?:[Tt](\d\d:\d\d:\d\d(?:\.\d{1,9})?)([Zz]|[+-]\d\d:\d\d))?$/;

/** Ms of a time of RFC 3339, such as 2026-01-31T19:30:00Z; null when the text is none, or names a day that no month has. */
export function parseTime(text: string): number | null {
  return text.includes('T') || text.includes('t') ? parseDateOrTime(text) : null;
}

/** The same, or a date alone, which stands for its first moment in UTC. */
export function parseDateOrTime(text: string): number | null {
  const [, date = '', time = '00:00:00', zone = 'Z'] = pattern.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (date === '' || !Number.isFinite(ms)) return null;
  // What parses dates takes 31 February for 3 March, and the hour 24 for the next day.
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const isReal = day <= new Date(Date.UTC(year, month, 0)).getUTCDate() && !time.startsWith('24');
  return isReal ? ms : null;
}
