/**
 * Taps and their outcomes as bytes, little-endian, 48 each. A tap:
 *
 *     0  u32 gate      8  u32 sequence     13 u8 decided        16 the card    36 u32 0
 *     4  u32 epoch     12 u8 direction     14 u8 form of card   32 u32 station 40 f64 time, ms
 *
 * A card is its UUID in 16 bytes (form 1), or its number and 12 zeros (form 0). An outcome:
 *
 *     0 u32 gate       9  u8 reason     16 i32 fare             32 u32 expected     44 u32 capped by
 *     4 u32 sequence   10 u16 flags     20 i32 balance          36 u32 rule terms
 *     8 u8 result      12 u8 replayed   24 f64 journey          40 u32 rule ends
 */
import type { TapDecision, TapDirection, TapResult } from '../tap-shapes.ts';

/** Bytes of a tap, and of an outcome. */
export const tapBytes = 48;
/** The type of a body of taps by HTTP. */
export const tapsType = 'application/vnd.holdfast.taps';
/** Taps of one gate that the store takes in one batch, and outcomes that it keeps for a gate. */
export const tapWindow = 1024;

export interface WireTap {
  /** Numbers of the gate and of its station; station 0 is the gate's own. */
  readonly gate: number;
  readonly epoch: number;
  readonly sequence: number;
  /** A UUID, or the card's number. */
  readonly card: string | number;
  readonly station: number;
  readonly direction: TapDirection;
  readonly decided: TapDecision;
  /** By the gate's clock, ms since the epoch. */
  readonly atMs: number;
}

/** What a fare is made of; `none` for a tap that charged nothing. */
export type FareBase = 'none' | 'zones' | 'stations' | 'maximum' | 'grace' | 'sameStation' | 'overtime';

export interface WireRule {
  readonly base: FareBase;
  /** Number of the peak window, and of the cap that bound, from 1; 0 for none. */
  readonly peak: number;
  readonly cap: number;
  /** The difference on a chain of journeys. */
  readonly chained: boolean;
  /** Number of the rider category; 0 is adult. */
  readonly category: number;
  /** Zones, or numbers of stations where fares are by stations. */
  readonly entry: number;
  readonly exit: number;
  /** What the cap took off, minor units. */
  readonly cappedBy: number;
}

export interface WireOutcome {
  readonly gate: number;
  readonly sequence: number;
  readonly result: TapResult;
  readonly reason: TapReason | null;
  readonly flags: readonly TapFlag[];
  readonly replayed: boolean;
  /** Minor units. */
  readonly fare: number;
  readonly balance: number;
  /** Number of the journey; null for none. */
  readonly journey: number | null;
  /** Of a gap: the sequence to go on from. */
  readonly expected: number;
  readonly rule: WireRule;
}

const decisions: readonly TapDecision[] = ['none', 'opened', 'denied'];
const results: readonly TapResult[] = ['open', 'deny', 'gap', 'unknown'];
const bases: readonly FareBase[] = ['none', 'zones', 'stations', 'maximum', 'grace', 'sameStation', 'overtime'];

/** By their numbers, from 1. */
export const tapReasons = [
  'UNKNOWN_GATE',
  'UNKNOWN_CARD',
  'UNKNOWN_STATION',
  'STATION_MISMATCH',
  'NO_TARIFF',
  'CARD_BLOCKED',
  'LOW_BALANCE',
  'PASSBACK',
  'TIME_AHEAD',
  'TIME_TOO_OLD',
  'DENIED_BY_GATE',
  'TOO_MANY_EPOCHS',
  'NO_FARE',
] as const;
export type TapReason = (typeof tapReasons)[number];

/** By their bits, from the lowest. */
export const tapFlags = [
  'UNKNOWN_CARD',
  'UNKNOWN_STATION',
  'STATION_MISMATCH',
  'CARD_BLOCKED',
  'LOW_BALANCE',
  'PASSBACK',
  'TIME_AHEAD',
  'TIME_TOO_OLD',
  'NO_ENTRY',
  'OUT_OF_ORDER',
  'DISTANT',
  'OVERTIME',
  'NO_TARIFF',
  'BALANCE_LIMIT',
  'UNFINISHED',
  'NO_FARE',
] as const;
export type TapFlag = (typeof tapFlags)[number];

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const maxWord = 0xffffffff;

/** The card in one form. @throws RangeError for what no binary tap can name */
export function cardOf(card: string | number): string | number {
  if (typeof card === 'string' && uuid.test(card)) return card.toLowerCase();
  if (typeof card === 'number' && isWord(card) && card > 0) return card;
  throw new RangeError(`${card} is neither a UUID nor the number of a card: for a card of another id, give its number`);
}

/** Writes one tap. @throws RangeError for a number that its field does not hold */
export function writeTap(view: DataView, at: number, tap: WireTap): void {
  const { gate, epoch, sequence, station, atMs } = tap;
  for (const word of [gate, epoch, sequence, station]) {
    if (!isWord(word)) throw new RangeError(`${word} is not a whole number from 0 to ${maxWord}`);
  }
  if (!Number.isFinite(atMs)) throw new RangeError(`the time of a tap is ${atMs}`);
  view.setUint32(at, gate, true);
  view.setUint32(at + 4, epoch, true);
  view.setUint32(at + 8, sequence, true);
  view.setUint8(at + 12, tap.direction === 'in' ? 0 : 1);
  view.setUint8(at + 13, decisions.indexOf(tap.decided));
  view.setUint16(at + 14, 0, true);
  writeCard(view, at + 14, cardOf(tap.card));
  view.setUint32(at + 32, station, true);
  view.setUint32(at + 36, 0, true);
  view.setFloat64(at + 40, atMs, true);
}

function writeCard(view: DataView, at: number, card: string | number): void {
  const from = at + 2;
  for (let offset = 0; offset < 16; offset += 4) view.setUint32(from + offset, 0, true);
  if (typeof card === 'number') {
    view.setUint32(from, card, true);
    return;
  }
  view.setUint8(at, 1);
  const digits = card.replaceAll('-', '');
  for (let byte = 0; byte < 16; byte += 1) {
    view.setUint8(from + byte, Number.parseInt(digits.slice(2 * byte, 2 * byte + 2), 16));
  }
}

/** Reads back what `writeTap` wrote. */
export function readTap(view: DataView, at: number): WireTap {
  return {
    gate: view.getUint32(at, true),
    epoch: view.getUint32(at + 4, true),
    sequence: view.getUint32(at + 8, true),
    card: readCard(view, at + 14),
    station: view.getUint32(at + 32, true),
    direction: view.getUint8(at + 12) === 0 ? 'in' : 'out',
    decided: decisions[view.getUint8(at + 13)] ?? 'none',
    atMs: view.getFloat64(at + 40, true),
  };
}

function readCard(view: DataView, at: number): string | number {
  if (view.getUint8(at) === 0) return view.getUint32(at + 2, true);
  let digits = '';
  for (let byte = 0; byte < 16; byte += 1)
    digits += view
      .getUint8(at + 2 + byte)
      .toString(16)
      .padStart(2, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * Reads one outcome. Numbers that this client does not know yet have no name: they are left out.
 */
export function readOutcome(view: DataView, at: number): WireOutcome {
  const bits = view.getUint16(at + 10, true);
  const journey = view.getFloat64(at + 24, true);
  return {
    gate: view.getUint32(at, true),
    sequence: view.getUint32(at + 4, true),
    result: results[view.getUint8(at + 8)] ?? 'unknown',
    reason: tapReasons[view.getUint8(at + 9) - 1] ?? null,
    flags: bits === 0 ? [] : tapFlags.filter((_, bit) => (bits & (1 << bit)) !== 0),
    replayed: view.getUint8(at + 12) !== 0,
    fare: view.getInt32(at + 16, true),
    balance: view.getInt32(at + 20, true),
    journey: journey === 0 ? null : journey,
    expected: view.getUint32(at + 32, true),
    rule: ruleOf(view.getUint32(at + 36, true), view.getUint32(at + 40, true), view.getUint32(at + 44, true)),
  };
}

function ruleOf(terms: number, ends: number, cappedBy: number): WireRule {
  return {
    base: bases[terms & 0xf] ?? 'none',
    peak: (terms >>> 4) & 0x1f,
    cap: (terms >>> 9) & 0x1f,
    chained: (terms & (1 << 14)) !== 0,
    category: (terms >>> 16) & 0xff,
    entry: ends & 0xffff,
    exit: ends >>> 16,
    cappedBy,
  };
}

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maxWord;
}
