/**
 * How many journeys begin in each minute of a day: few at night, a peak in the morning and one in
 * the evening.
 */
export const minutesOfDay = 1440;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

/** Nobody enters in the day's last minutes: each journey ends within the day. */
export const lastEntry = minutesOfDay - 60;

interface Peak {
  /** Minute of the day. */
  readonly at: number;
  /** Minutes from its middle to where it has some 60 % of its height. */
  readonly width: number;
  /** Times the traffic between the peaks. */
  readonly height: number;
}

const peaks: readonly Peak[] = [
  { at: 8 * 60, width: 50, height: 4 },
  { at: 18 * 60, width: 75, height: 3 },
];

/** From here on, and until then, the city is awake; at night there is a tenth of its traffic. */
const awake = { from: 5 * 60, until: 23 * 60 };
const nightly = 0.1;

function weightOf(minute: number): number {
  if (minute >= lastEntry) return 0;
  let weight = minute >= awake.from && minute < awake.until ? 1 : nightly;
  for (const { at, width, height } of peaks) weight += height * Math.exp(-(((minute - at) / width) ** 2) / 2);
  return weight;
}

/** Journeys that begin in each minute; they add up to `journeys`. */
export function entriesByMinute(journeys: number): Int32Array {
  const weights = Array.from({ length: minutesOfDay }, (_, minute) => weightOf(minute));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const entries = new Int32Array(minutesOfDay);
  let passed = 0;
  let given = 0;
  for (let minute = 0; minute < minutesOfDay; minute += 1) {
    passed += weights[minute]!;
    // Rounded as a running sum, so that nothing is lost.
    const until = Math.round((journeys * passed) / whole);
    entries[minute] = until - given;
    given = until;
  }
  return entries;
}
