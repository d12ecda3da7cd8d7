/**
 * Journeys of cards: begun by an entry, ended by an exit, by the next entry, or when their day is
 * closed. Only a journey with both ends is complete; any other costs the maximum fare.
 */
import type { State } from '../state.ts';
import type { FareRule } from '../tap-outcomes.ts';
import { chainedBit, tapFlags } from '../tap-outcomes.ts';
import { journeyStates } from '../tables/journal.ts';
import type { TariffVersion } from '../tables/tariff-version.ts';
import { charge } from './charges.ts';
import { capped, countFare, maximumFare, overtimeFare, sameStationFare, tableFare, versionOf } from './fares.ts';

/** What an exit comes to, before anything is done. */
const exits = { complete: 0, sameStation: 1, withoutFare: 2, tooLate: 3, withoutEntry: 4 } as const;

/** The maximum fare that ending the open journey without an exit costs; 0 when none is open. */
export function unfinishedFare(state: State, travel: number, category: number): number {
  if (travel < 0 || !state.travel.isOpen(travel)) return 0;
  return versionAt(state, state.travel.openAtMs(travel)).maximumFare(category);
}

/**
 * Ends the open journey without an exit, for the maximum fare; returns what was charged. `atMs`:
 * time of what ends it.
 */
export function endUnfinished(state: State, travel: number, atMs: number): number {
  const { leg, ending } = state.passage;
  legOfOpen(state, travel);
  leg.to = 0;
  const maximum = maximumFare(leg, ending);
  return endWithoutExit(state, maximum, atMs, ending);
}

/** Ends the journey of the leg, which is open. */
function endWithoutExit(state: State, maximum: number, atMs: number, rule: Readonly<FareRule>): number {
  const { leg } = state.passage;
  const table = state.travel;
  fillCharge(state, table.openNumber(leg.travel), maximum, atMs);
  const charged = charge(state, rule);
  const row = addJourney(state, charged, journeyStates.incomplete, rule);
  setEntry(state, row);
  table.close(leg.travel);
  table.endChain(leg.travel);
  return charged;
}

function versionAt(state: State, ms: number): TariffVersion {
  const version = state.tariffs.at(ms);
  if (version === null) throw new Error('a card travels without a tariff');
  return version;
}

/** The leg of the open journey; its exit is the passage's. */
function legOfOpen(state: State, travel: number): void {
  const { passage, cards } = state;
  const table = state.travel;
  const { leg } = passage;
  leg.fromAtMs = table.openAtMs(travel);
  leg.version = versionAt(state, leg.fromAtMs);
  leg.category = cards.category.get(table.cardOf(travel));
  leg.travel = travel;
  leg.from = table.openStation(travel);
  leg.to = passage.station;
  leg.day = leg.version.dayOf(leg.fromAtMs);
}

/** The leg of an exit without an entry. */
function legOfExit(state: State, travel: number): void {
  const { passage, cards } = state;
  const { leg } = passage;
  leg.fromAtMs = passage.ratedAtMs;
  leg.version = versionAt(state, leg.fromAtMs);
  leg.category = cards.category.get(passage.card);
  leg.travel = travel;
  leg.from = 0;
  leg.to = passage.station;
  leg.day = leg.version.dayOf(leg.fromAtMs);
}

/** Begins a journey with the passage's entry. */
export function beginJourney(state: State, travel: number): void {
  const { passage, journal } = state;
  const table = state.travel;
  const version = versionAt(state, passage.ratedAtMs);
  journal.begunJourneys += 1;
  const chained = goesOn(state, travel, version);
  if (!chained) table.endChain(travel);
  table.open(travel, passage.gate, passage.station, passage.ratedAtMs, journal.begunJourneys, chained);
  passage.journey = journal.begunJourneys;
}

/** Whether an entry at the passage's station goes on with the card's chain. */
function goesOn(state: State, travel: number, version: TariffVersion): boolean {
  const { passage } = state;
  const table = state.travel;
  if (!table.hasChain(travel)) return false;
  const limitMs = version.interchangeMs(table.chainExit(travel), passage.station);
  return limitMs > 0 && passage.ratedAtMs - table.chainExitAtMs(travel) <= limitMs;
}

/** What the passage's exit comes to: fills its leg, its exit and its rule, and nothing else. */
export function lookAtExit(state: State, travel: number): void {
  const { passage } = state;
  const table = state.travel;
  const { rule, leg, exit } = passage;
  exit.base = 0;
  if (travel < 0 || !table.isOpen(travel)) {
    legOfExit(state, travel);
    exit.what = exits.withoutEntry;
    exit.total = maximumFare(leg, rule);
    return;
  }
  legOfOpen(state, travel);
  const tookMs = passage.ratedAtMs - leg.fromAtMs;
  const version = versionOf(leg);
  const sameStation = leg.from === leg.to ? version.sameStation : null;
  const limitMs = sameStation === null ? version.journeyLimitMs(leg.from, leg.to) : sameStation.untilMs;
  if (tookMs > limitMs) {
    exit.what = exits.tooLate;
    exit.total = overtimeFare(leg, rule);
  } else if (sameStation !== null) {
    exit.what = exits.sameStation;
    exit.total = capped(state, leg, sameStationFare(leg, tookMs, rule), rule);
  } else {
    lookAtRide(state);
  }
}

/** A ride from one station to another by the tables: alone, or as a difference on the chain. */
function lookAtRide(state: State): void {
  const { passage } = state;
  const table = state.travel;
  const { rule, leg, exit } = passage;
  const isChained = table.isChained(leg.travel);
  const fare = isChained ? chainFare(state, rule) : tableFare(leg, rule);
  if (fare < 0) {
    exit.what = exits.withoutFare;
    exit.total = maximumFare(leg, rule);
    return;
  }
  exit.what = exits.complete;
  const before = isChained ? table.chainBase(leg.travel) : 0;
  exit.base = Math.max(fare, before);
  exit.total = capped(state, leg, exit.base - before, rule);
}

/**
 * What the chain with this leg costs as if it were one ride, from the chain's first entry and by
 * the tariff and the peak of then; -1 when there is no such fare. Fills the rule; the leg stays.
 */
function chainFare(state: State, rule: FareRule): number {
  const table = state.travel;
  const { leg } = state.passage;
  const { version, from, fromAtMs, travel } = leg;
  leg.fromAtMs = table.chainAtMs(travel);
  leg.from = table.chainFrom(travel);
  leg.version = versionAt(state, leg.fromAtMs);
  const fare = tableFare(leg, rule);
  rule.terms |= chainedBit;
  leg.version = version;
  leg.from = from;
  leg.fromAtMs = fromAtMs;
  return fare;
}

/** Does what `lookAtExit` found. `travel`: the card's row, which may be new. */
export function applyExit(state: State, travel: number): void {
  const { passage } = state;
  const { exit, rule } = passage;
  passage.leg.travel = travel;
  if (exit.what === exits.withoutEntry) {
    passage.flags |= tapFlags.NO_ENTRY;
    passage.fare = exitAlone(state, exit.total, rule);
  } else if (exit.what === exits.tooLate) {
    passage.flags |= tapFlags.OVERTIME;
    passage.fare = endWithoutExit(state, exit.total / 2, passage.ratedAtMs, rule);
    legOfExit(state, travel);
    passage.fare += exitAlone(state, exit.total / 2, rule);
  } else {
    passage.fare = exitWithEntry(state, rule);
  }
}

function exitWithEntry(state: State, rule: Readonly<FareRule>): number {
  const { passage } = state;
  const table = state.travel;
  const { leg, exit } = passage;
  const { travel } = leg;
  const number = table.openNumber(travel);
  const isComplete = exit.what !== exits.withoutFare;
  fillCharge(state, number, exit.total, passage.ratedAtMs);
  passage.charge.counts = isComplete;
  const charged = charge(state, rule);
  passage.journey = number;
  const row = addJourney(state, charged, isComplete ? journeyStates.complete : journeyStates.incomplete, rule);
  setEntry(state, row);
  setExit(state, row);
  if (isComplete) countFare(state, leg, charged);
  if (exit.what === exits.complete) {
    if (!table.isChained(travel)) table.beginChain(travel, number, leg.from, leg.fromAtMs);
    table.extendChain(travel, leg.to, passage.ratedAtMs, exit.base);
  } else {
    table.endChain(travel);
  }
  if (!isComplete) passage.flags |= tapFlags.NO_FARE;
  table.close(travel);
  return charged;
}

function exitAlone(state: State, maximum: number, rule: Readonly<FareRule>): number {
  const { passage, journal } = state;
  journal.begunJourneys += 1;
  fillCharge(state, journal.begunJourneys, maximum, passage.ratedAtMs);
  const charged = charge(state, rule);
  passage.journey = journal.begunJourneys;
  const row = addJourney(state, charged, journeyStates.incomplete, rule);
  journal.journeys.chain[row] = passage.journey;
  setExit(state, row);
  state.travel.endChain(passage.leg.travel);
  return charged;
}

/** What is charged for a journey of the leg; it does not count towards caps. */
function fillCharge({ passage, travel }: State, journey: number, amount: number, atMs: number): void {
  const { charge: terms, leg } = passage;
  terms.card = travel.cardOf(leg.travel);
  terms.travel = leg.travel;
  terms.amount = amount;
  terms.journey = journey;
  terms.day = leg.day;
  terms.atMs = atMs;
  terms.counts = false;
}

/** A journey's row in the journal, of what `passage.charge` says; without its ends. */
function addJourney(state: State, fare: number, journeyState: number, rule: Readonly<FareRule>): number {
  const { journal, position } = state;
  const { charge: terms, leg } = state.passage;
  const { journeys } = journal;
  const row = journeys.add();
  journeys.number[row] = terms.journey;
  journeys.card[row] = terms.card;
  journeys.category[row] = leg.category;
  journeys.entryGate[row] = 0;
  journeys.entryStation[row] = 0;
  journeys.entryAtMs[row] = 0;
  journeys.exitGate[row] = 0;
  journeys.exitStation[row] = 0;
  journeys.exitAtMs[row] = 0;
  journeys.fare[row] = fare;
  journeys.state[row] = journeyState;
  journeys.ruleTerms[row] = rule.terms;
  journeys.ruleEnds[row] = rule.ends;
  journeys.cappedBy[row] = rule.cappedBy;
  journeys.position[row] = position;
  return row;
}

/** The entry of a journey's row: that of the open one. */
function setEntry(state: State, row: number): void {
  const { journeys } = state.journal;
  const { leg } = state.passage;
  const table = state.travel;
  const { travel } = leg;
  journeys.entryGate[row] = table.openGate(travel);
  journeys.entryStation[row] = table.openStation(travel);
  journeys.entryAtMs[row] = leg.fromAtMs;
  journeys.chain[row] = table.isChained(travel) ? table.chainNumber(travel) : table.openNumber(travel);
}

function setExit(state: State, row: number): void {
  const { journeys } = state.journal;
  const { gate, station, ratedAtMs } = state.passage;
  journeys.exitGate[row] = gate;
  journeys.exitStation[row] = station;
  journeys.exitAtMs[row] = ratedAtMs;
}
