/**
 * A time zone as its offsets. The engine has no data of time zones, and two machines' data may
 * differ: whoever sets a tariff resolves it, once.
 */
const dayMs = 86_400_000;
/** Taps come up to 8 days late. */
const backMs = 10 * dayMs;
const aheadMs = 12 * 366 * dayMs;

type Offset = readonly [fromMs: number, minutes: number];

/** Null for a name that this machine does not know. */
export function offsetsOf(timeZone: string, civilMs: number): Offset[] | null {
  const read = readerOf(timeZone);
  if (read === null) return null;
  // Changes of offset happen at whole minutes.
  const beginMs = Math.floor((civilMs - backMs) / 60_000) * 60_000;
  const offsets: [number, number][] = [[beginMs, read(beginMs)]];
  for (let dayStart = beginMs; dayStart < beginMs + backMs + aheadMs; dayStart += dayMs) {
    const before = offsets.at(-1)![1];
    const after = read(dayStart + dayMs);
    if (after !== before) offsets.push([changeIn(read, dayStart, before), after]);
  }
  return offsets;
}

/** The first minute within a day whose offset is not `before`. */
function changeIn(read: (ms: number) => number, dayStart: number, before: number): number {
  let low = 0;
  let high = dayMs / 60_000;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (read(dayStart + middle * 60_000) === before) low = middle;
    else high = middle;
  }
  return dayStart + high * 60_000;
}

function readerOf(timeZone: string): ((ms: number) => number) | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return null;
  }
  return (ms) => {
    const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(format.format(ms)) ?? [];
    const size = 60 * Number(hours) + Number(minutes);
    return sign === '-' ? -size : size;
  };
}
