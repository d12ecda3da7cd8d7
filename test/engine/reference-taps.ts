/** Taps of the reference engine: a gate's count, and what each tap comes to. */
import { fareBases, tapFlags, tapReasons, tapResults } from '../../src/engine/tap-outcomes.ts';
import type { Rule, Travel } from './reference-cards.ts';
import { balanceOf, noRule } from './reference-cards.ts';
import {
  advance,
  endUnfinished,
  fareOfExit,
  leave,
  noteDisorder,
  owedFor,
  startRide,
  travelOf,
} from './reference-journeys.ts';
import type { Gate } from './reference-gates.ts';
import { epochOf, firstOutcome, isTooManyEpochs, markOf } from './reference-gates.ts';
import type { Model } from './reference-model.ts';
import { civilMs } from './reference-model.ts';
import { Fares, versionAt } from './reference-tariff.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const unknownCard = 0xffffffff;
const unknownStation = 0xffff;

/** A tap as its command has it. */
export interface Tap {
  readonly gate: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly card: number;
  readonly station: number;
  readonly direction: 'in' | 'out';
  readonly decided: 'none' | 'opened' | 'denied';
  readonly bits: number;
  readonly atMs: number;
}

/** A tap with what it comes to, as the journal has it. */
export interface TapRow {
  readonly gate: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly card: number;
  readonly station: number;
  readonly bits: number;
  readonly atMs: number;
  readonly result: number;
  readonly reason: number;
  readonly flags: number;
  readonly replayed: number;
  readonly fare: number;
  readonly balance: number;
  readonly journey: number;
  readonly expected: number;
  readonly ruleTerms: number;
  readonly ruleEnds: number;
  readonly cappedBy: number;
  readonly position: number;
  readonly bookedAtMs: number;
}

/** A card's tap that was applied. */
export interface CardTap {
  readonly station: number;
  readonly direction: 'in' | 'out';
  readonly atMs: number;
}

/** What a tap comes to. */
interface Passage {
  result: keyof typeof tapResults;
  reason: keyof typeof tapReasons | null;
  readonly flags: Set<keyof typeof tapFlags>;
  fare: number;
  journey: number;
  expected: number;
  rule: Rule;
}

/** Applies the taps of a record; returns a hash over what they come to. */
export function applyTaps(model: Model, taps: readonly Tap[]): number {
  let hash = taps.length;
  for (const tap of taps) {
    applyTap(model, tap);
    const row = model.transit.taps.at(-1)!;
    hash = Math.imul(hash ^ hashOf(row), hashFactor) ^ (hash >>> 15);
  }
  return hash >>> 0;
}

const hashFactor = 0x85ebca6b;

function hashOf(row: TapRow): number {
  const { result, reason, replayed, flags, card, fare, balance, journey, expected, ruleTerms, ruleEnds, cappedBy } =
    row;
  const what = result + 4 * reason + 128 * replayed + 65_536 * flags;
  const words = [what, card, fare, balance, journey % 2 ** 32, expected, ruleTerms, ruleEnds, cappedBy];
  return words.reduce((hash, word) => {
    const product = Math.imul(hash ^ word, hashFactor);
    return product ^ (product >>> 13);
  }, 0);
}

/** Applies a tap, and adds its row. */
function applyTap(model: Model, tap: Tap): void {
  const { gates, cards, taps } = model.transit;
  const gate = gates[tap.gate];
  if (gate === undefined) return add(model, tap, denied('UNKNOWN_GATE'), 0);
  if (isTooManyEpochs(gate, tap.epoch)) return add(model, tap, denied('TOO_MANY_EPOCHS'), 0);
  const mark = markOf(gate, tap.epoch);
  if (tap.sequence <= mark) {
    const first = firstOutcome(gate, tap.epoch, tap.sequence);
    if (first === undefined) return add(model, tap, { ...passage(), result: 'unknown' }, 0, true);
    const { card, result, reason, flags, fare, balance, journey, ruleTerms, ruleEnds, cappedBy } = first;
    const again = { result, reason, flags, fare, balance, journey, ruleTerms, ruleEnds, cappedBy };
    taps.push({ ...rowOf(model, { ...tap, card }), ...again, replayed: 1 });
    return;
  }
  if (tap.sequence > mark + 1) return add(model, tap, { ...passage(), result: 'gap', expected: mark + 1 }, 0);
  const epoch = epochOf(gate, tap.epoch);
  epoch.mark = tap.sequence;
  const outcome = decide(model, tap, gate);
  const card = cards[tap.card];
  add(model, tap, outcome, card === undefined ? 0 : balanceOf(card));
  epoch.outcomes.set(tap.sequence, taps.at(-1)!);
  if (outcome.result === 'open') model.transit.opened += 1;
  else model.transit.denied += 1;
}

function passage(): Passage {
  return { result: 'open', reason: null, flags: new Set(), fare: 0, journey: 0, expected: 0, rule: noRule };
}

function denied(reason: keyof typeof tapReasons): Passage {
  return { ...passage(), result: 'deny', reason };
}

function add(model: Model, tap: Tap, outcome: Passage, balance: number, replayed = false): void {
  const { result, reason, flags, fare, journey, expected, rule } = outcome;
  model.transit.taps.push({
    ...rowOf(model, tap),
    result: tapResults[result],
    reason: reason === null ? 0 : tapReasons[reason],
    flags: [...flags].reduce((bits, flag) => bits | tapFlags[flag], 0),
    replayed: replayed ? 1 : 0,
    fare,
    balance,
    journey,
    expected,
    ...ruleWords(rule),
  });
}

function rowOf(model: Model, tap: Tap): TapRow {
  const { gate, epoch, sequence, bits, atMs } = tap;
  const own = tap.station === 0 ? (model.transit.gates[gate]?.station ?? 0) : tap.station;
  const none = { result: 0, reason: 0, flags: 0, replayed: 0, fare: 0, balance: 0, journey: 0, expected: 0 };
  return {
    gate,
    epoch,
    sequence,
    card: model.transit.cards[tap.card] === undefined ? unknownCard : tap.card,
    station: own === unknownStation ? 0 : own,
    bits,
    atMs,
    ...none,
    ...ruleWords(noRule),
    position: model.position,
    bookedAtMs: civilMs(model),
  };
}

export function ruleWords(rule: Rule): Pick<TapRow, 'ruleTerms' | 'ruleEnds' | 'cappedBy'> {
  const { base, category, peak, cap, cappedBy, chained, from, to } = rule;
  const terms = fareBases[base] + 16 * peak + 512 * cap + (chained ? 16_384 : 0) + 65_536 * category;
  return { ruleTerms: terms, ruleEnds: from + 65_536 * to, cappedBy };
}

/** Decides a tap whose sequence is the one that its gate's mark expects. */
function decide(model: Model, tap: Tap, gate: Gate): Passage {
  const { cards, tariffs } = model.transit;
  const live = tap.decided === 'none';
  if (tap.decided === 'denied') return denied('DENIED_BY_GATE');
  const opened = (flag: keyof typeof tapFlags): Passage => ({ ...passage(), flags: new Set([flag]) });
  const card = cards[tap.card];
  if (card === undefined) return live ? denied('UNKNOWN_CARD') : opened('UNKNOWN_CARD');
  const nowMs = civilMs(model);
  const oldestMs = nowMs - 8 * dayMs;
  const newestMs = nowMs + 2 * minuteMs;
  const ratedMs = Math.floor(Math.max(oldestMs, Math.min(newestMs, tap.atMs)));
  const version = versionAt(tariffs, ratedMs);
  if (version === null) return live ? denied('NO_TARIFF') : opened('NO_TARIFF');
  const fares = new Fares(tariffs, version);
  const station = tap.station === 0 ? gate.station : tap.station;
  if (fares.zoneOf(station) === 0) return live ? denied('UNKNOWN_STATION') : opened('UNKNOWN_STATION');
  const isEntry = tap.direction === 'in';
  const last = card.travel?.last ?? null;
  const sinceMs = last === null ? Infinity : ratedMs - last.atMs;
  const isRepeat = last !== null && last.station === station && last.direction === tap.direction && sinceMs >= 0;
  /** What would deny a live tap, in order, and what flags an opened one. */
  const doubts: readonly (readonly [boolean, keyof typeof tapReasons & keyof typeof tapFlags])[] = [
    [gate.station !== 0 && station !== gate.station, 'STATION_MISMATCH'],
    [tap.atMs > newestMs, 'TIME_AHEAD'],
    [tap.atMs < oldestMs, 'TIME_TOO_OLD'],
    [card.blocked && (isEntry || !live), 'CARD_BLOCKED'],
    [isRepeat && sinceMs < fares.passbackMs, 'PASSBACK'],
    [isEntry && balanceOf(card) - owedFor(model, card) < fares.minimumBalance, 'LOW_BALANCE'],
  ];
  const doubtful = doubts.filter(([holds]) => holds).map(([, code]) => code);
  if (live && doubtful.length > 0) return denied(doubtful[0]!);
  const outcome = passage();
  for (const code of doubtful) outcome.flags.add(code);
  if (card.blocked) outcome.flags.add('CARD_BLOCKED');
  const day = fares.dayOf(ratedMs);
  if (sinceMs < 0) {
    outcome.flags.add('OUT_OF_ORDER');
    noteDisorder(model, card.travel!, day);
    return outcome;
  }
  const isDistant = last !== null && last.station !== station && sinceMs < minuteMs;
  if (isDistant && fares.interchangeMs(last.station, station) === 0) outcome.flags.add('DISTANT');
  const place = { card: tap.card, gate: tap.gate, station, atMs: ratedMs };
  const fare = isEntry ? null : fareOfExit(model, place);
  if (fare !== null && fare.total > 0 && balanceOf(card) - fare.total < -fare.most) {
    if (live) return denied('LOW_BALANCE');
    outcome.flags.add('LOW_BALANCE');
  }
  const travel = travelOf(model, tap.card, day);
  if (fare !== null) {
    const { closedDay } = model.transit;
    const wasClosed = closedDay !== null && fares.dayOf(ratedMs - 26 * 60 * minuteMs) - 1 < closedDay;
    if (travel.open === null && wasClosed) noteDisorder(model, travel, day);
    const { charged, journey, cut } = leave(model, travel, place, fare);
    Object.assign(outcome, { fare: charged, journey, rule: fare.rule });
    if (fare.flag !== null) outcome.flags.add(fare.flag);
    if (cut) outcome.flags.add('BALANCE_LIMIT');
  } else if (travel.open !== null) {
    const { charged, rule, cut } = endUnfinished(model, travel, ratedMs);
    Object.assign(outcome, { fare: charged, rule });
    outcome.flags.add('UNFINISHED');
    if (cut) outcome.flags.add('BALANCE_LIMIT');
  }
  advance(travel, day);
  if (isEntry) {
    const goesOn = goesOnFrom(travel, fares, station, ratedMs);
    outcome.journey = startRide(model, travel, place, goesOn);
  }
  travel.last = { station, direction: tap.direction, atMs: ratedMs };
  return outcome;
}

/** Whether an entry goes on with the card's chain. */
function goesOnFrom({ chain }: Travel, fares: Fares, station: number, atMs: number): boolean {
  if (chain === null) return false;
  const limitMs = fares.interchangeMs(chain.exit, station);
  return limitMs > 0 && atMs - chain.exitAtMs <= limitMs;
}
