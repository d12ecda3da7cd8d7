/** Cards of the reference engine, their money, the deny list, gates and their keys. */
import type { CardDefinition, CardsIssue } from '../../src/engine/commands/cards.ts';
import { KeyedHash } from '../../src/engine/base/keyed-hash.ts';
import { derivedTag } from '../../src/engine/base/tags.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import type { Model, Request } from './reference-model.ts';
import { civilMs } from './reference-model.ts';
import type { Tariffs } from './reference-tariff.ts';
import { Fares, noTariffs, versionAt } from './reference-tariff.ts';
import type { JourneyRow, Ride } from './reference-journeys.ts';
import type { Gate, GateKey } from './reference-gates.ts';
import type { CardTap, TapRow } from './reference-taps.ts';

export const mostMoney = 2 ** 31 - 1;
export const leastMoney = -(2 ** 31);

export type EntryKind = 'opening' | 'topUp' | 'fare' | 'refund' | 'adjustment';

/** What made a fare. */
export interface Rule {
  readonly base: 'none' | 'zones' | 'stations' | 'maximum' | 'grace' | 'sameStation' | 'overtime';
  readonly category: number;
  /** From 1; 0 for none. */
  readonly peak: number;
  readonly cap: number;
  readonly cappedBy: number;
  readonly chained: boolean;
  /** Zones, or stations where the tariff has pairs of them. */
  readonly from: number;
  readonly to: number;
}

export const noRule: Rule = {
  base: 'none',
  category: 0,
  peak: 0,
  cap: 0,
  cappedBy: 0,
  chained: false,
  from: 0,
  to: 0,
};

/** A movement of money. */
export interface Entry {
  readonly kind: EntryKind;
  readonly card: number;
  readonly amount: number;
  readonly balance: number;
  readonly position: number;
  readonly bookedAtMs: number;
  readonly journey: number;
  readonly atMs: number;
  readonly day: number;
  readonly counts: boolean;
  readonly run: number;
  readonly rule: Rule;
}

/** What happened to a card on a day that was out of the ordinary. */
export interface DayNote {
  readonly day: number;
  /** Fares of the day that count towards no cap, and what adjustments gave back. */
  uncounted: number;
  adjusted: number;
  /** Taps came out of order; the day was settled since. */
  disordered: boolean;
  settled: boolean;
  /** Position of the last tap out of order, or adjustment. */
  movedAt: number;
  /** The last run but a settlement that booked it; null for none. */
  run: number | null;
  /** The day on which something of this was noted last. */
  changedOn: number;
}

/** A fare that counts towards caps. */
interface Counted {
  readonly day: number;
  readonly amount: number;
  /** The zones of caps that it is within. */
  readonly ranges: readonly string[];
}

export interface Card {
  readonly id: string;
  readonly name: string | null;
  readonly category: number;
  readonly createdAtMs: number;
  blocked: boolean;
  readonly entries: Entry[];
  /** Number of its last change on the deny list, 0 for none, and whether it is there. */
  denied: number;
  listed: boolean;
  /** What is known of it while it travels; null while it rests. */
  travel: Travel | null;
}

export interface Travel {
  readonly card: number;
  /** Its newest day with an applied tap. */
  newestDay: number;
  last: CardTap | null;
  open: Ride | null;
  /** What an interchange may go on with. */
  chain: Chain | null;
  counted: Counted[];
  notes: DayNote[];
}

export interface Chain {
  /** Number of its first journey, and where and when that began. */
  readonly number: number;
  readonly from: number;
  readonly fromAtMs: number;
  /** What it comes to so far, before caps. */
  readonly base: number;
  readonly exit: number;
  readonly exitAtMs: number;
}

export interface Transit {
  readonly tariffs: Tariffs;
  /** Of all money; null before the first. */
  currency: string | null;
  readonly cards: Card[];
  readonly cardIds: Map<string, number>;
  readonly gates: Gate[];
  readonly gateKeys: GateKey[];
  /** All rows of the whole log. */
  readonly taps: TapRow[];
  readonly entries: Entry[];
  readonly journeys: JourneyRow[];
  begunJourneys: number;
  /** Taps that moved a mark, and were opened or denied. */
  opened: number;
  denied: number;
  /** Changes of the deny list so far, and the minimum balance that it goes by. */
  denyChanges: number;
  minimum: number | null;
  /** What is known of cards that travel, in places that are used again. */
  readonly travels: (Travel | null)[];
  readonly freePlaces: number[];
  /** The last day that is closed; null before the first tariff. */
  closedDay: number | null;
  /** Days and the first position on each, and when the next begins. */
  readonly dayStarts: [number, number][];
  nextDayMs: number;
  readonly idHash: KeyedHash;
}

export function noTransit(hashKey: readonly [number, number, number, number]): Transit {
  const lists = {
    cards: [],
    cardIds: new Map<string, number>(),
    gates: [],
    gateKeys: [],
    taps: [],
    entries: [],
    journeys: [],
  };
  const keyed = new KeyedHash(hashKey);
  keyed.pair(derivedTag, 0, 0);
  const idHash = new KeyedHash([keyed.h0, keyed.h1, keyed.h2, keyed.h3]);
  const days = { travels: [], freePlaces: [], closedDay: null, dayStarts: [], nextDayMs: 0 };
  const none = { currency: null, begunJourneys: 0, opened: 0, denied: 0, denyChanges: 0, minimum: null };
  return { tariffs: noTariffs(), ...lists, ...days, ...none, idHash };
}

export function balanceOf({ entries }: Card): number {
  return entries.reduce((sum, { amount }) => sum + amount, 0);
}

type Refusal = OutcomeCode | null;

function refusalOfCurrency({ transit }: Model, currency: string | null): Refusal {
  const differs = currency !== null && transit.currency !== null && currency !== transit.currency;
  return differs ? 'CURRENCY_MISMATCH' : null;
}

export function refusalOfCard(model: Model, made: CardDefinition): Refusal {
  const mismatch = refusalOfCurrency(model, made.currency);
  if (mismatch !== null) return mismatch;
  if (model.transit.cardIds.has(made.id)) return 'CARD_EXISTS';
  return refusalOfOpening(model, made);
}

export function refusalOfIssue(model: Model, issue: CardsIssue): Refusal {
  if (!Number.isInteger(issue.count) || issue.count < 1 || issue.count > 10_000) return 'INVALID_QUANTITY';
  return refusalOfCurrency(model, issue.currency) ?? refusalOfOpening(model, issue);
}

function refusalOfOpening({ transit }: Model, { category, balance }: CardsIssue | CardDefinition): Refusal {
  if (!transit.tariffs.categories.includes(category)) return 'UNKNOWN_CATEGORY';
  if (balance > mostMoney) return 'BALANCE_LIMIT';
  return Number.isInteger(balance) && balance >= 0 ? null : 'INVALID_AMOUNT';
}

export function refusalOfMoney(model: Model, { target, amount, currency }: Request): Refusal {
  const mismatch = refusalOfCurrency(model, currency);
  if (mismatch !== null) return mismatch;
  const card = model.transit.cards[target];
  if (card === undefined) return 'UNKNOWN_CARD';
  if (balanceOf(card) + amount > mostMoney) return 'BALANCE_LIMIT';
  return Number.isInteger(amount) && amount > 0 ? null : 'INVALID_AMOUNT';
}

export function createCard(model: Model, made: Omit<CardDefinition, 'category'> & { category: string }): number {
  const { transit } = model;
  const number = transit.cards.length;
  transit.currency ??= made.currency;
  transit.cardIds.set(made.id, number);
  transit.cards.push({
    id: made.id,
    name: made.name,
    category: transit.tariffs.categories.indexOf(made.category),
    createdAtMs: civilMs(model),
    blocked: false,
    entries: [],
    denied: 0,
    listed: false,
    travel: null,
  });
  if (made.balance > 0) addEntry(model, number, 'opening', made.balance);
  else lookAt(model, number);
  return number;
}

export function issueCards(model: Model, { count, ...opening }: CardsIssue): number {
  const first = model.transit.cards.length;
  for (let made = 0; made < count; made += 1) createCard(model, { ...opening, id: unusedId(model), name: null });
  return first;
}

/** An id made of the number of the next card. */
function unusedId({ transit }: Model): string {
  const { idHash, cards, cardIds } = transit;
  for (let attempt = 0; ; attempt += 1) {
    idHash.pair(derivedTag, cards.length, attempt);
    const words = [idHash.h0, idHash.h1, idHash.h2, idHash.h3];
    const digits = words.flatMap((word) => Array.from((word >>> 0).toString(16).padStart(8, '0')));
    digits[12] = '8';
    digits[16] = '89ab'[Number.parseInt(digits[16]!, 16) & 3]!;
    const id = digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    if (!cardIds.has(id)) return id;
  }
}

/** Moves money; nothing else does. */
export function addEntry(
  model: Model,
  number: number,
  kind: EntryKind,
  amount: number,
  more: Partial<Pick<Entry, 'journey' | 'atMs' | 'day' | 'counts' | 'run' | 'rule'>> = {},
): void {
  const card = model.transit.cards[number]!;
  const entry: Entry = {
    kind,
    card: number,
    amount,
    balance: balanceOf(card) + amount,
    position: model.position,
    bookedAtMs: civilMs(model),
    journey: 0,
    atMs: 0,
    day: 0,
    counts: false,
    run: 0,
    rule: noRule,
    ...more,
  };
  card.entries.push(entry);
  model.transit.entries.push(entry);
  lookAt(model, number);
}

/** Whether the card comes on the deny list, or leaves it: that is the next change. */
function lookAt({ transit }: Model, number: number): void {
  const card = transit.cards[number]!;
  const { minimum } = transit;
  const belongs = card.blocked || (minimum !== null && balanceOf(card) < minimum);
  if (belongs === card.listed) return;
  card.listed = belongs;
  transit.denyChanges += 1;
  card.denied = transit.denyChanges;
}

/** The deny list goes by the tariff in force: where its minimum is another, all are looked at. */
export function adoptMinimum(model: Model): void {
  const { transit } = model;
  const version = versionAt(transit.tariffs, civilMs(model));
  const minimum = version === null ? null : new Fares(transit.tariffs, version).minimumBalance;
  if (minimum === transit.minimum) return;
  transit.minimum = minimum;
  for (const number of transit.cards.keys()) lookAt(model, number);
}

/** Whether the card's state is another one now. */
export function setBlocked(model: Model, number: number, blocked: boolean): boolean {
  const card = model.transit.cards[number]!;
  if (card.blocked === blocked) return false;
  card.blocked = blocked;
  lookAt(model, number);
  return true;
}
