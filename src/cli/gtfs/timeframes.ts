/** Which timeframes of a feed hold at which minute of the week. */
import type { Feed } from './feed.ts';
import type { Notes } from './notes.ts';
import { named } from './notes.ts';

const minutesPerDay = 1440;
const minutesPerWeek = 7 * minutesPerDay;
const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export interface Week {
  readonly activeGroups: readonly ReadonlySet<string>[];
  groupAt(minute: number): number;
}

/** `used`: the timeframes that fares depend on. */
export function readWeek(feed: Feed, used: ReadonlySet<string>, notes: Notes): Week {
  const calendar = new Map(feed.rows('calendar.txt').map((row) => [row('service_id'), row]));
  const active = Array.from({ length: minutesPerWeek }, () => new Set<string>());
  const without: string[] = [];
  for (const row of feed.rows('timeframes.txt')) {
    const group = row('timeframe_group_id');
    if (!used.has(group)) continue;
    const service = calendar.get(row('service_id'));
    if (service === undefined) without.push(group);
    const from = minuteOf(row('start_time') || '0:00', Math.floor);
    const to = minuteOf(row('end_time') || '24:00', Math.ceil);
    for (const [day, name] of days.entries()) {
      if (service?.(name) !== '1') continue;
      for (let minute = from; minute < to; minute += 1) active[day * minutesPerDay + minute]!.add(group);
    }
  }
  if (without.length > 0) notes.add(`timeframes of single dates, which no peak window has: ${named(without)}`);
  const known = new Map<string, number>();
  const sets: ReadonlySet<string>[] = [];
  const numbers = active.map((groups) => {
    const key = JSON.stringify([...groups].toSorted());
    if (!known.has(key)) known.set(key, sets.push(groups) - 1);
    return known.get(key)!;
  });
  return { activeGroups: sets, groupAt: (minute) => numbers[minute]! };
}

/** "7:05:30", to a whole minute, at most the end of the day. */
function minuteOf(text: string, round: (minutes: number) => number): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  const minute = round(60 * hours + minutes + seconds / 60);
  return Number.isFinite(minute) ? Math.min(minutesPerDay, Math.max(0, minute)) : 0;
}
