/** Peak windows: texts of local time outside, minutes of the day within. */
import type { Static } from 'typebox';
import type { Peak } from '../../engine/commands/tariff.ts';
import { minutesPerDay, tariffLimits } from '../../engine/commands/tariff.ts';
import { invalidField } from '../kit/validation.ts';
import type { FareReader } from './tariff-fares.ts';
import type { tariffRequest } from './tariff-schemas.ts';

type PeaksJson = NonNullable<Static<typeof tariffRequest>['peaks']>;

/**
 * A window that goes on past midnight becomes two.
 * @throws HttpFailure 400 where two overlap, with the place of the second
 */
export function readPeaks(peaks: PeaksJson, fares: FareReader): Peak[] {
  const takenBy = new Map<number, number>();
  const windows = peaks.flatMap(({ days, from, to, fares: table }, index): Peak[] => {
    const path = `/peaks/${index}`;
    const [fromMinute, toMinute] = [minuteOf(from), minuteOf(to)];
    if (fromMinute === toMinute) throw invalidField(path, `has no minute: it goes from ${from} to ${to}`);
    const read = fares.read(table, `${path}/fares`);
    const parts: Peak[] =
      fromMinute < toMinute
        ? [{ days, fromMinute, toMinute, fares: read }]
        : [
            { days, fromMinute, toMinute: minutesPerDay, fares: read },
            { days: days.map((day) => (day % 7) + 1), fromMinute: 0, toMinute, fares: read },
          ].filter((part) => part.fromMinute < part.toMinute);
    for (const part of parts) take(part, index, takenBy);
    return parts;
  });
  if (windows.length > tariffLimits.peaks) {
    const flaw = `are ${windows.length} windows, those past midnight counted twice`;
    throw invalidField('/peaks', `${flaw}; at most ${tariffLimits.peaks} are taken`);
  }
  return windows;
}

function take({ days, fromMinute, toMinute }: Peak, index: number, takenBy: Map<number, number>): void {
  for (const day of days) {
    for (let minute = fromMinute; minute < toMinute; minute += 1) {
      const at = day * minutesPerDay + minute;
      const other = takenBy.get(at);
      if (other !== undefined) {
        throw invalidField(`/peaks/${index}`, `overlaps /peaks/${other} on day ${day} at ${timeText(minute)}`);
      }
      takenBy.set(at, index);
    }
  }
}

function minuteOf(text: string): number {
  return 60 * Number(text.slice(0, 2)) + Number(text.slice(3));
}

/** 390 as "06:30". */
export function timeText(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}
