/**
 * Fare transactions as TIDES has them, the open specification of transit data: a row for each tap
 * that a gate opened for, and one for each movement of money that no tap made. Their amounts add up
 * to the fares, less what adjustments gave back.
 */
import { toDecimal } from '../../../sdk/src/money.ts';
import { directions, noCard } from '../../engine/commands/taps.ts';
import type { State } from '../../engine/state.ts';
import { cardId } from '../../engine/tables/cards.ts';
import type { EntryRows, TapRows } from '../../engine/tables/journal.ts';
import { entryKinds } from '../../engine/tables/journal.ts';
import { chainedBit, fareBases, peakShift, tapResults } from '../../engine/tap-outcomes.ts';

/** In the order of the published schema. */
const columns = [
  'transaction_id',
  'service_date',
  'event_timestamp',
  'location_ping_id',
  'amount',
  'currency_type',
  'fare_action',
  'trip_id_performed',
  'trip_id_scheduled',
  'pattern_id',
  'trip_stop_sequence',
  'scheduled_stop_sequence',
  'vehicle_id',
  'device_id',
  'fare_id',
  'stop_id',
  'num_riders',
  'fare_media_id',
  'rider_category',
  'fare_product',
  'fare_period',
  'fare_capped',
  'token_id',
  'balance',
] as const;

type Transaction = Partial<Record<(typeof columns)[number], string>>;

/** Of the times of events, ms; the end is not within. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

const dayMs = 86_400_000;
/** A device's time is believed this far from the time of the record. */
const maxAheadMs = 2 * 60_000;
const maxBehindMs = 8 * dayMs;

export const headerLine = `${columns.join(',')}\n`;

/** Reads the journal record by record, and makes lines of what is new. */
export class FareTransactions {
  rows = 0;
  /** Taps that were denied, which are no transactions. */
  denied = 0;
  private readonly period: Period;
  private taps = 0;
  private entries = 0;

  constructor(period: Period) {
    this.period = period;
  }

  /** What lies before is another reader's: the rows that come after `state` follow. */
  beginAt({ journal }: State): void {
    this.taps = journal.taps.total;
    this.entries = journal.entries.total;
  }

  /** The lines of the record that was applied last. */
  linesOf(state: State): string {
    const { taps, entries } = state.journal;
    const booked = this.entries;
    const tapped = this.tapped(state, booked);
    let lines = '';
    for (; this.entries < entries.total; this.entries += 1) {
      const at = entries.at(this.entries);
      const isFare = entries.kind[at] === entryKinds.fare && this.entries < tapped;
      if (!isFare && entries.kind[at] !== entryKinds.adjustment) continue;
      lines += this.line(entries.bookedAtMs[at]!, () => ofEntry(state, entries, at, this.entries));
    }
    for (; this.taps < taps.total; this.taps += 1) {
      const at = taps.at(this.taps);
      if (taps.replayed[at] === 1) continue;
      if (taps.result[at] === tapResults.deny) this.denied += 1;
      if (taps.result[at] !== tapResults.open) continue;
      lines += this.line(believedMs(taps, at), () => ofTap(state, taps, at, this.taps));
    }
    return lines;
  }

  /**
   * The number of the first entry that the record's taps made. What ended by itself was booked
   * before them; no entry is 0, so the sum of the taps' fares says where theirs begin.
   */
  private tapped({ journal: { taps, entries } }: State, from: number): number {
    let left = 0;
    for (let tap = this.taps; tap < taps.total; tap += 1) {
      const at = taps.at(tap);
      if (taps.replayed[at] === 0) left += taps.fare[at]!;
    }
    let entry = entries.total;
    while (left > 0 && entry > from) {
      entry -= 1;
      left += entries.amount[entries.at(entry)]!;
    }
    if (left !== 0) throw new Error('the fares of a record are not those of its taps');
    return entry;
  }

  private line(atMs: number, make: () => Transaction): string {
    if (atMs < this.period.fromMs || atMs >= this.period.toMs) return '';
    this.rows += 1;
    const made = make();
    return `${columns.map((column) => field(made[column] ?? '')).join(',')}\n`;
  }
}

function ofTap(state: State, taps: TapRows, at: number, number: number): Transaction {
  const { genesis, gates, tariffs } = state;
  const atMs = believedMs(taps, at);
  const card = taps.card[at]!;
  const terms = taps.ruleTerms[at]!;
  const base = terms & 0xf;
  const byPair = base === fareBases.zones || base === fareBases.stations;
  const isOut = (taps.bits[at]! & 1) === directions.out;
  const isFree = (terms & chainedBit) !== 0 && taps.fare[at] === 0;
  return {
    transaction_id: `tap_${genesis.cell}_${number + 1}`,
    service_date: dateText(tariffs.at(atMs)?.dayOf(atMs) ?? Math.floor(atMs / dayMs)),
    event_timestamp: timeText(atMs),
    ...ofMoney(state, taps.fare[at]!),
    fare_action: isOut ? (isFree ? 'Transfer exit' : 'Exit') : 'Enter',
    device_id: gates.idOf(taps.gate[at]!),
    stop_id: tariffs.stationId(taps.station[at]!) ?? '',
    num_riders: '1',
    ...(byPair ? { fare_period: ((terms >>> peakShift) & 0x1f) > 0 ? 'Peak' : 'Off-peak' } : {}),
    fare_capped: taps.cappedBy[at]! > 0 ? 'true' : 'false',
    ...(card === noCard ? {} : ofCard(state, card, taps.balance[at]!)),
  };
}

/** Money that moved without a tap: a journey that a day ended, or an adjustment. */
function ofEntry(state: State, entries: EntryRows, at: number, number: number): Transaction {
  return {
    transaction_id: `entry_${state.genesis.cell}_${number + 1}`,
    service_date: dateText(entries.day[at]!),
    event_timestamp: timeText(entries.bookedAtMs[at]!),
    ...ofMoney(state, -entries.amount[at]!),
    fare_action: 'Adjust',
    fare_capped: 'false',
    ...ofCard(state, entries.card[at]!, entries.balance[at]!),
  };
}

function ofMoney({ tariffs: { currency } }: State, amount: number): Transaction {
  return { amount: decimal(amount, currency), currency_type: currency ?? '' };
}

function ofCard(state: State, card: number, balance: number): Transaction {
  const { cards, tariffs } = state;
  return {
    fare_media_id: 'Smart card or ticket',
    rider_category: tariffs.categories[cards.category.get(card)] ?? '',
    fare_product: 'Stored value',
    token_id: cardId(state, card),
    balance: decimal(balance, tariffs.currency),
  };
}

function decimal(amount: number, currency: string | null): string {
  const text = toDecimal({ amount: Math.abs(amount), currency: currency ?? '' });
  return amount < 0 ? `-${text}` : text;
}

/** The time that the tap was rated by. */
function believedMs(taps: TapRows, at: number): number {
  const bookedAtMs = taps.bookedAtMs[at]!;
  return Math.min(bookedAtMs + maxAheadMs, Math.max(bookedAtMs - maxBehindMs, taps.atMs[at]!));
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function dateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function field(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
