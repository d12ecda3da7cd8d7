/**
 * Taps, in the order in which they are decided: the gate and its mark, then the card, the station,
 * the time, and then the journey. A tap that moved the mark has its outcome for good, whatever it
 * is; what a gate opened while it was away is a fact, and flagged where it would have been denied.
 */
import { rowOf } from '../base/ref.ts';
import type { Command } from '../command.ts';
import { decisions, directions, noCard, noStation, ownStation, tapBytes, tapsOf } from '../commands/taps.ts';
import type { Outcome } from '../outcome.ts';
import type { State } from '../state.ts';
import { tapFlags, tapReasons, tapResults } from '../tap-outcomes.ts';
import { closedAfterMs } from '../tables/days.ts';
import type { Passage } from '../tables/passage.ts';
import type { TariffVersion } from '../tables/tariff-version.ts';
import { noteDisorder, travelOf } from './charges.ts';
import { versionOf } from './fares.ts';
import { applyExit, beginJourney, endUnfinished, lookAtExit, unfinishedFare } from './journeys.ts';
import { recordTap, takeSequence } from './tap-records.ts';

const aheadMs = 2 * 60_000;
const oldMs = 8 * 86_400_000;
/** Two stations within this time: two people, or a copied card. */
const distantMs = 60_000;

export function taps(state: State, command: Command, outcome: Outcome): void {
  const { count, view, start } = tapsOf(command);
  const { passage } = state;
  let hash = count;
  for (let tap = 0; tap < count; tap += 1) {
    const at = start + tap * tapBytes;
    passage.begin();
    passage.gate = view.getUint32(at, true);
    passage.epoch = view.getUint32(at + 4, true);
    passage.sequence = view.getUint32(at + 8, true);
    passage.card = view.getUint32(at + 12, true);
    passage.station = view.getUint16(at + 16, true);
    const bits = view.getUint8(at + 18);
    passage.direction = bits & 1;
    passage.decided = bits >>> 1;
    passage.atMs = view.getFloat64(at + 20, true);
    if (takeSequence(state)) {
      decide(state);
      state.journal.countTap(passage.result === tapResults.open);
    }
    hash = Math.imul(hash ^ recordTap(state), 0x85ebca6b) ^ (hash >>> 15);
  }
  outcome.thing = count;
  outcome.remaining = hash >>> 0;
}

/** Denies a live tap; returns whether it was. One that the gate opened is flagged and goes on. */
function denies(passage: Passage, reason: number, flag: number): boolean {
  if (passage.decided === decisions.none) {
    passage.result = tapResults.deny;
    passage.reason = reason;
    passage.flags = 0;
    return true;
  }
  passage.flags |= flag;
  return false;
}

function decide(state: State): void {
  const { passage, cards, tariffs } = state;
  passage.result = tapResults.open;
  const { card } = passage;
  const isKnown = card < cards.count;
  if (isKnown) passage.balance = cards.balanceOf(card);
  if (passage.decided === decisions.denied) {
    passage.result = tapResults.deny;
    passage.reason = tapReasons.DENIED_BY_GATE;
    return;
  }
  if (!isKnown) {
    passage.card = noCard;
    denies(passage, tapReasons.UNKNOWN_CARD, tapFlags.UNKNOWN_CARD);
    return;
  }
  rateAt(state);
  const version = tariffs.at(passage.ratedAtMs);
  if (version === null) {
    denies(passage, tapReasons.NO_TARIFF, tapFlags.NO_TARIFF);
    return;
  }
  if (isAtNoStation(state, version) || isOutOfTime(state) || isBlocked(state)) return;
  ride(state, version);
  passage.balance = cards.balanceOf(card);
}

/** The time by which the tap is rated: its own, within bounds. */
function rateAt({ passage, civilMs }: State): void {
  const { atMs } = passage;
  const lowest = civilMs - oldMs;
  passage.ratedAtMs = Math.floor(atMs >= lowest ? Math.min(atMs, civilMs + aheadMs) : lowest);
}

/** Whether the tap ends here since its station is not one. Fills in the gate's own. */
function isAtNoStation({ passage, gates }: State, version: TariffVersion): boolean {
  const own = gates.stationOf(passage.gate);
  if (passage.station === ownStation) passage.station = own;
  if (passage.station === 0 || passage.station === noStation || !version.hasStation(passage.station)) {
    denies(passage, tapReasons.UNKNOWN_STATION, tapFlags.UNKNOWN_STATION);
    return true;
  }
  const isElsewhere = own !== 0 && own !== passage.station;
  return isElsewhere && denies(passage, tapReasons.STATION_MISMATCH, tapFlags.STATION_MISMATCH);
}

function isOutOfTime({ passage, civilMs }: State): boolean {
  const { atMs } = passage;
  if (atMs > civilMs + aheadMs) return denies(passage, tapReasons.TIME_AHEAD, tapFlags.TIME_AHEAD);
  if (atMs >= civilMs - oldMs) return false;
  return denies(passage, tapReasons.TIME_TOO_OLD, tapFlags.TIME_TOO_OLD);
}

function isBlocked({ passage, cards }: State): boolean {
  if (cards.status.get(passage.card) === 0) return false;
  if (passage.direction === directions.in) return denies(passage, tapReasons.CARD_BLOCKED, tapFlags.CARD_BLOCKED);
  // Who is inside must get out.
  passage.flags |= tapFlags.CARD_BLOCKED;
  return false;
}

/** The part of a tap that is about the journey. */
function ride(state: State, version: TariffVersion): void {
  const { passage, cards } = state;
  const table = state.travel;
  let travel = rowOf(cards.travel.get(passage.card));
  const { ratedAtMs, station, direction } = passage;
  let sinceMs = Infinity;
  if (travel >= 0 && table.hasLast(travel)) {
    sinceMs = ratedAtMs - table.lastAtMs(travel);
    const isSame = table.lastStation(travel) === station && table.lastDirection(travel) === direction;
    const isPassback = isSame && sinceMs >= 0 && sinceMs < version.passbackMs;
    if (isPassback && denies(passage, tapReasons.PASSBACK, tapFlags.PASSBACK)) return;
  }
  if (direction === directions.in && isTooPoor(state, travel, version)) return;
  const day = version.dayOf(ratedAtMs);
  if (sinceMs < 0) {
    passage.flags |= tapFlags.OUT_OF_ORDER;
    noteDisorder(state, travel, day);
    return;
  }
  noteDistance(state, travel, version, sinceMs);
  if (direction === directions.out) {
    lookAtExit(state, travel);
    if (isBelowBound(state)) return;
  }
  if (travel < 0) travel = travelOf(state, passage.card, day);
  // The times of the open journey are kept as seen from the newest day: it ends before that moves.
  if (direction === directions.out) {
    if (!table.isOpen(travel) && isBeforeClosing(state, version)) noteDisorder(state, travel, day);
    applyExit(state, travel);
  } else if (table.isOpen(travel)) {
    endByEntry(state, travel);
  }
  table.advance(travel, day);
  if (direction === directions.in) beginJourney(state, travel);
  table.setLast(travel, station, direction, ratedAtMs);
}

/**
 * Whether the tap happened before the last closing of a day, which may have ended the journey that
 * it belongs to.
 */
function isBeforeClosing({ passage, days }: State, version: TariffVersion): boolean {
  const closed = days.closing ?? days.closed;
  return closed !== null && version.dayOf(passage.ratedAtMs - closedAfterMs) - 1 < closed;
}

/** A second entry: whatever became of the first, it has no exit. */
function endByEntry(state: State, travel: number): void {
  const { passage } = state;
  passage.fare = endUnfinished(state, travel, passage.ratedAtMs);
  passage.rule.copyFrom(passage.ending);
  passage.flags |= tapFlags.UNFINISHED;
}

/** Whether a live exit is denied: it would take the balance below minus one maximum fare. */
function isBelowBound({ passage, cards }: State): boolean {
  const { exit, leg, rule } = passage;
  if (exit.total === 0) return false;
  const lowest = -versionOf(leg).maximumFare(leg.category);
  if (cards.balanceOf(passage.card) - exit.total >= lowest) return false;
  if (!denies(passage, tapReasons.LOW_BALANCE, tapFlags.LOW_BALANCE)) return false;
  rule.clear();
  return true;
}

/** Whether a live entry is denied for what is on the card. */
function isTooPoor(state: State, travel: number, version: TariffVersion): boolean {
  const { passage, cards } = state;
  const owed = unfinishedFare(state, travel, cards.category.get(passage.card));
  if (cards.balanceOf(passage.card) - owed >= version.minimumBalance) return false;
  return denies(passage, tapReasons.LOW_BALANCE, tapFlags.LOW_BALANCE);
}

/** Flags a card that is at another station in less time than anybody needs. */
function noteDistance(
  { passage, travel: table }: State,
  travel: number,
  version: TariffVersion,
  sinceMs: number,
): void {
  if (sinceMs >= distantMs) return;
  const last = table.lastStation(travel);
  if (last !== passage.station && version.interchangeMs(last, passage.station) === 0) {
    passage.flags |= tapFlags.DISTANT;
  }
}
