/**
 * A small city, record by record: a log in memory with any times, the engine that wrote it, and its
 * batches for who rates it again.
 */
import assert from 'node:assert/strict';
import { Command, kinds } from '../../src/engine/command.ts';
import type { Kind } from '../../src/engine/command.ts';
import { adjustmentOf } from '../../src/engine/commands/adjustments.ts';
import type { CardsIssue } from '../../src/engine/commands/cards.ts';
import type { TariffDefinition } from '../../src/engine/commands/tariff.ts';
import { decisions, directions, tapsOf } from '../../src/engine/commands/taps.ts';
import { Engine } from '../../src/engine/engine.ts';
import { RecordWriter } from '../../src/engine/record.ts';
import { openFileLog } from '../../src/log/file/file-log.ts';
import type { Batch } from '../../src/log/log.ts';
import { RatingInProgress } from '../../src/rating/rating.ts';
import type { Rating, RatingTerms } from '../../src/rating/rating.ts';
import { settlementsOf, settlementTerms } from '../../src/rating/settlement.ts';
import type { Settlement } from '../../src/rating/settlement.ts';
import { genesis } from '../crash/support/commands.ts';
import { cityTariff } from '../engine/tariffs-support.ts';

export const hour = 3_600_000;
export const dayMs = 24 * hour;
/** A Monday. */
export const monday = 20_423;
export const mondayMs = monday * dayMs;
/** Stations of the city by their numbers. */
export const stations = { a: 1, b: 2, c: 3 } as const;

export interface TapWords {
  readonly card?: number;
  readonly at: number;
  readonly station: number;
  readonly out?: boolean;
  readonly decided?: keyof typeof decisions;
}

export class City {
  readonly engine = new Engine();
  readonly batches: Batch[] = [];
  nowMs: number;
  private readonly command = new Command();
  private readonly writer = new RecordWriter();
  private sequence = 0;

  /** With cards of 100,000 each, and one gate that stands at no station. */
  constructor(
    tariff: Partial<TariffDefinition> = {},
    { cards = 3, beginMs = mondayMs }: { cards?: number; beginMs?: number } = {},
  ) {
    this.nowMs = beginMs;
    this.cold(kinds.genesis, genesis);
    this.cold(kinds.setTariff, cityTariff(tariff));
    this.cold(kinds.addGate, { id: 'gate', number: null, station: null });
    this.issue({ count: cards, category: 'adult', balance: 100_000, currency: 'EUR' });
  }

  get state() {
    return this.engine.state;
  }

  issue(issue: CardsIssue): void {
    this.cold(kinds.issueCards, issue);
  }

  cold(kind: Kind, body: object): void {
    const command = this.command.reset(kind);
    command.body = body;
    assert.equal(this.append(command), 'OK');
  }

  /** A tap that arrives now, which is its own time unless `nowMs` is later. */
  tap({ card = 0, at, station, out = false, decided = 'none' }: TapWords): void {
    this.nowMs = Math.max(this.nowMs, at);
    this.sequence += 1;
    const command = this.command.reset(kinds.taps);
    const direction = out ? directions.out : directions.in;
    tapsOf(command).add({
      gate: 0,
      epoch: 1,
      sequence: this.sequence,
      card,
      station,
      direction,
      decided: decisions[decided],
      atMs: at,
    });
    assert.equal(this.append(command), 'OK');
  }

  /** Time passes until a moment; what becomes due is done. */
  wait(untilMs: number): void {
    this.nowMs = Math.max(this.nowMs, untilMs);
    do this.append(this.command.reset(kinds.tick));
    while (this.engine.nextDueMs() <= this.nowMs);
  }

  /** Closes a day and those before it. */
  close(day: number): void {
    this.wait((day + 1) * dayMs + 26 * hour);
    assert.ok(this.state.days.closed! >= day);
  }

  adjust(settlement: Settlement, upTo = Infinity): string {
    const { card, ...terms } = settlement;
    const command = this.command.reset(kinds.adjust);
    command.target = card;
    Object.assign(adjustmentOf(command), terms, { upTo });
    return this.append(command);
  }

  rate(terms: RatingTerms): Rating {
    const rating = new RatingInProgress(new Engine(), terms);
    for (const batch of this.batches) rating.take(batch);
    return rating.finish();
  }

  /** What a settlement would book. */
  due(): Settlement[] {
    const terms = settlementTerms(this.state);
    if (terms === null) return [];
    const { from, to, since } = terms;
    return settlementsOf(this.rate({ from, to, tariff: null, cards: new Set(since.keys()) }), terms);
  }

  /** Books what is due; returns it. */
  settle(): Settlement[] {
    const due = this.due();
    for (const settlement of due) assert.equal(this.adjust(settlement, this.engine.position), 'OK');
    return due;
  }

  /** Writes its log into a folder, as a store would have. */
  async writeTo(folder: string): Promise<void> {
    const log = await openFileLog({ folder });
    for (const batch of this.batches) await log.append(batch);
    await log.close();
  }

  /** What a card paid for a day, by the log. */
  paid(card: number, day: number): number {
    return this.rate({ from: day, to: day, tariff: null }).of(card, day).booked;
  }

  private append(command: Command): string {
    const { engine, writer, batches } = this;
    writer.clear();
    writer.add(command);
    const { position: checkPosition, hashLow: checkLow, hashHigh: checkHigh } = engine;
    const { row } = engine.apply(command, checkPosition + 1, this.nowMs);
    batches.push({
      first: engine.position,
      count: 1,
      timeMs: this.nowMs,
      nodeId: 1,
      firstNumber: engine.position,
      checkPosition,
      checkLow,
      checkHigh,
      records: writer.bytes().slice(),
    });
    return row.code;
  }
}
