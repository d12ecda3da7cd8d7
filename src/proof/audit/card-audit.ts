/**
 * What a log says of cards, by books of its own: each tap counted once, each fare explained, and
 * the money that adds up to the unit. The log is applied to a fresh engine, and its journal is
 * added up here, without the engine's sums.
 */
import type { State } from '../../engine/state.ts';
import { entryKinds } from '../../engine/tables/journal.ts';
import type { EntryRows, Journal, JourneyRows, TapRows } from '../../engine/tables/journal.ts';
import { tapReasons, tapResults } from '../../engine/tap-outcomes.ts';
import { replayLog } from './log-replay.ts';
import { Problems } from './problems.ts';

/** Sums over the whole log, minor units. */
export interface CardBooks {
  /** Records in the log. */
  readonly records: number;
  readonly cards: number;
  readonly taps: number;
  readonly open: number;
  readonly denied: number;
  /** That ended. */
  readonly journeys: number;
  readonly balances: number;
  readonly openings: number;
  readonly topUps: number;
  readonly fares: number;
  readonly refunds: number;
  readonly adjustments: number;
  /** The sum of what taps charged: fares without those of journeys that the store ended. */
  readonly tapFares: number;
  /** The last number of each gate and epoch, as `gate epoch`. */
  readonly marks: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

/** @throws LogDamagedError, DivergedError */
export async function auditCards(folder: string): Promise<CardBooks> {
  const audit = new CardAudit();
  const engine = await replayLog(folder, (_, __, at) => audit.take(at.state.journal));
  return { records: engine.position, ...audit.end(engine.state) };
}

/** A growing column of numbers. */
class Amounts {
  private values = new Float64Array(1024);

  get(index: number): number {
    return index < this.values.length ? this.values[index]! : 0;
  }

  add(index: number, amount: number): void {
    if (index >= this.values.length) {
      const grown = new Float64Array(Math.max(index + 1, 2 * this.values.length));
      grown.set(this.values);
      this.values = grown;
    }
    this.values[index]! += amount;
  }
}

export class CardAudit {
  private readonly problems = new Problems();
  private readonly balances = new Amounts();
  /** By the number of a journey: what its fares took, and what it says that it cost. */
  private readonly taken = new Amounts();
  private readonly sums = { openings: 0, topUps: 0, fares: 0, refunds: 0, adjustments: 0 };
  private readonly marks = new Map<number, Uint32Array>();
  private readonly seen = { taps: 0, entries: 0, journeys: 0 };
  private taps = 0;
  private open = 0;
  private denied = 0;
  private tapFares = 0;

  /** Right after a record was applied: its rows of the journal. */
  take(journal: Journal): void {
    const { seen } = this;
    for (; seen.taps < journal.taps.total; seen.taps += 1) this.tap(journal.taps, journal.taps.at(seen.taps));
    for (; seen.entries < journal.entries.total; seen.entries += 1)
      this.entry(journal.entries, journal.entries.at(seen.entries));
    for (; seen.journeys < journal.journeys.total; seen.journeys += 1)
      this.journey(journal.journeys, journal.journeys.at(seen.journeys));
  }

  private tap(rows: TapRows, at: number): void {
    const [result, reason] = [rows.result[at]!, rows.reason[at]!];
    const isCounted = result === tapResults.open || result === tapResults.deny;
    if (rows.replayed[at] === 1 || !isCounted || unmoved.has(reason)) return;
    const [gate, epoch, sequence] = [rows.gate[at]!, rows.epoch[at]!, rows.sequence[at]!];
    const last = this.markOf(gate, epoch, sequence);
    if (sequence !== last + 1)
      this.problems.add('a tap is counted twice, or out of turn', `number ${sequence} of gate ${gate} after ${last}`);
    this.taps += 1;
    if (result === tapResults.open) this.open += 1;
    else this.denied += 1;
    this.tapFares += rows.fare[at]!;
  }

  /** The mark before this tap, which moves it. */
  private markOf(gate: number, epoch: number, sequence: number): number {
    let marks = this.marks.get(gate);
    if (marks === undefined || epoch >= marks.length) {
      const grown = new Uint32Array(Math.max(4, 2 * epoch));
      grown.set(marks ?? []);
      this.marks.set(gate, (marks = grown));
    }
    const last = marks[epoch]!;
    marks[epoch] = sequence;
    return last;
  }

  private entry(rows: EntryRows, at: number): void {
    const { problems, balances, sums } = this;
    const [kind, card, amount] = [rows.kind[at]!, rows.card[at]!, rows.amount[at]!];
    balances.add(card, amount);
    if (balances.get(card) !== rows.balance[at]) {
      problems.add(
        'a balance is not the sum of its entries',
        `card ${card} has ${rows.balance[at]}, not ${balances.get(card)}`,
      );
    }
    if (kind === entryKinds.opening) sums.openings += amount;
    else if (kind === entryKinds.topUp) sums.topUps += amount;
    else if (kind === entryKinds.refund) sums.refunds += amount;
    else if (kind === entryKinds.adjustment) sums.adjustments += amount;
    else this.fare(rows, at);
  }

  private fare(rows: EntryRows, at: number): void {
    const [amount, journey] = [rows.amount[at]!, rows.journey[at]!];
    this.sums.fares -= amount;
    this.taken.add(journey, -amount);
    const isExplained = (rows.ruleTerms[at]! & 15) !== 0 && journey > 0;
    if (!isExplained) this.problems.add('a fare names no rule, or no journey', `entry ${rows.first + at} of ${amount}`);
  }

  private journey(rows: JourneyRows, at: number): void {
    const number = rows.number[at]!;
    const fare = rows.fare[at]!;
    if (this.taken.get(number) !== fare) {
      this.problems.add(
        'a journey is not what its card paid for it',
        `journey ${number} costs ${fare}, and ${this.taken.get(number)} was paid`,
      );
    }
  }

  /** After the last record. */
  end({ cards, journal }: Pick<State, 'cards' | 'journal'>): Omit<CardBooks, 'records'> {
    const { problems, sums, marks, taps, open, denied, tapFares } = this;
    let balances = 0;
    for (let card = 0; card < cards.count; card += 1) {
      const balance = cards.balanceOf(card);
      balances += balance;
      if (balance !== this.balances.get(card))
        problems.add(
          'a card holds what no entry gave it',
          `card ${card} has ${balance}, not ${this.balances.get(card)}`,
        );
    }
    const expected = sums.openings + sums.topUps - sums.fares + sums.refunds + sums.adjustments;
    if (balances !== expected)
      problems.add('the money does not add up', `the balances are ${balances}, and all movements come to ${expected}`);
    return {
      cards: cards.count,
      taps,
      open,
      denied,
      journeys: journal.journeys.total,
      balances,
      ...sums,
      tapFares,
      marks: new Map([...marks].flatMap(([gate, of]) => [...of].map((mark, epoch) => [`${gate} ${epoch}`, mark]))),
      problems: problems.sentences(),
    };
  }
}

/** Denied without a place in the order of any gate. */
const unmoved: ReadonlySet<number> = new Set([tapReasons.UNKNOWN_GATE, tapReasons.TOO_MANY_EPOCHS]);
