/**
 * What a journey costs: by the tables of the tariff, as a difference on a chain, and within the
 * caps. A fare never depends on a balance, so the same taps give the same fares at any time.
 */
import type { State } from '../state.ts';
import type { FareRule } from '../tap-outcomes.ts';
import { capShift, categoryShift, fareBases, peakShift } from '../tap-outcomes.ts';
import type { Leg } from '../tables/passage.ts';
import type { TariffVersion } from '../tables/tariff-version.ts';

/** The tariff of a leg. */
export function versionOf({ version }: Leg): TariffVersion {
  if (version === null) throw new Error('the leg has no tariff');
  return version;
}

/**
 * The maximum fare of a journey that is not complete; fills the rule. `from`, `to`: numbers of its
 * stations, 0 for an end that is missing.
 */
export function maximumFare(leg: Leg, rule: FareRule): number {
  beginRule(leg, fareBases.maximum, rule);
  return versionOf(leg).maximumFare(leg.category);
}

/** Both maximum fares of an entry and an exit that are too far apart; fills the rule. */
export function overtimeFare(leg: Leg, rule: FareRule): number {
  beginRule(leg, fareBases.overtime, rule);
  return 2 * versionOf(leg).maximumFare(leg.category);
}

/** The fee of an exit at the station of the entry, `tookMs` later; fills the rule. */
export function sameStationFare(leg: Leg, tookMs: number, rule: FareRule): number {
  const version = versionOf(leg);
  const isGrace = version.sameStation !== null && tookMs <= version.sameStation.graceMs;
  beginRule(leg, isGrace ? fareBases.grace : fareBases.sameStation, rule);
  return version.feeOf(leg.category, isGrace);
}

/** The fare of the tables; -1 for none. Fills the rule. */
export function tableFare(leg: Leg, rule: FareRule): number {
  const version = versionOf(leg);
  const peak = version.peakAt(leg.fromAtMs);
  beginRule(leg, version.byStations ? fareBases.stations : fareBases.zones, rule);
  rule.terms |= peak << peakShift;
  return version.baseFare(leg.from, leg.to, leg.category, peak);
}

/** What is left of a fare under the caps; notes in the rule which one bound. */
export function capped(state: State, leg: Leg, fare: number, rule: FareRule): number {
  const { caps } = versionOf(leg);
  const { day } = leg;
  let lowest = fare;
  let binding = 0;
  for (let index = 0; index < caps.length; index += 1) {
    const cap = caps[index]!;
    if (!isWithin(state, leg, cap.range)) continue;
    const first = cap.week ? day - daysSinceMonday(day) : day - cap.days + 1;
    const counted = state.travel.countedBetween(leg.travel, cap.range, first, day);
    const left = Math.max(0, versionOf(leg).capAmount(index, leg.category) - counted);
    if (left >= lowest) continue;
    lowest = left;
    binding = index + 1;
  }
  if (binding > 0) {
    rule.terms |= binding << capShift;
    rule.cappedBy = fare - lowest;
  }
  return lowest;
}

/** Adds what was charged to the sums of all ranges of zones that hold the leg. */
export function countFare(state: State, leg: Leg, charged: number): void {
  if (charged === 0) return;
  const { ranges } = state.tariffs;
  for (let range = 0; range < ranges.length; range += 1) {
    if (isWithin(state, leg, range)) state.travel.count(leg.travel, range, leg.day, charged);
  }
}

/** Begins a rule. Its ends are zones, or stations where the tariff has pairs of them. */
function beginRule(leg: Leg, base: number, rule: FareRule): void {
  const version = versionOf(leg);
  const { from, to, category } = leg;
  rule.clear();
  rule.terms = base | (category << categoryShift);
  // Number 0, an end that is missing, has no zone.
  const first = version.byStations ? from : version.zoneOf(from);
  const last = version.byStations ? to : version.zoneOf(to);
  rule.ends = (first | (last << 16)) >>> 0;
}

function isWithin(state: State, leg: Leg, range: number): boolean {
  if (range === 0) return true;
  const [lowest, highest] = state.tariffs.ranges[range]!;
  const version = versionOf(leg);
  const first = version.zoneOf(leg.from);
  const last = version.zoneOf(leg.to);
  return Math.min(first, last) >= lowest && Math.max(first, last) <= highest;
}

/** 0 for a Monday. Day 0, 1970-01-01, was a Thursday. */
function daysSinceMonday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
