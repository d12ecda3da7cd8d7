/**
 * A random history through the engine and the reference: after every record both must have given
 * the same outcome and be in the same state, and the state must obey the invariants. On the way the
 * engine is swapped for one restored from its snapshot; at the end the whole log is replayed.
 */
import assert from 'node:assert/strict';
import type { SeedDefinition } from '../../src/engine/commands/running.ts';
import type { SaleDefinition } from '../../src/engine/commands/sales.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { outcomeOf, outcomes } from '../../src/engine/outcomes.ts';
import { describeCommand, RecordReader } from '../../src/engine/record.ts';
import { auditState, auditStep } from './auditor.ts';
import { auditLines, auditLinesStep } from './auditor-lines.ts';
import { auditSeats, auditSeatsStep } from './auditor-seats.ts';
import { History } from './histories.ts';
import type { Records } from './histories-records.ts';
import { rowsOf } from './journal-rows.ts';
import { Random } from './random.ts';
import { Reference } from './reference.ts';
import type { Answer } from './reference-model.ts';
import { answerOf, restored, snapshotOf } from './subjects.ts';
import { assertMoney } from './table.ts';

const stepsPerRun = 160;

/** What makes the commands of a history. */
interface Story extends Records {
  readonly nowMs: number;
  /** Fills in the next command and moves the time on. */
  next(command: Command, state: StateDump | null): void;
}

/** The history of one seed: two engines, and everything to replay it. */
class Run {
  engine = new Engine();
  readonly seen = new Map<string, number>();
  readonly story: string[] = [];
  /** How often each result of a tap came: its result, reason, flags, whether replayed, rule. */
  readonly taps = new Map<string, number>();
  private readonly random: Random;
  private readonly history: Story;
  private readonly reference = new Reference();
  private readonly command = new Command();
  private readonly decoded = new Command();
  private readonly times: number[] = [];
  /** Max units of a customer, by sale. */
  private readonly limits: (number | null)[] = [];
  private readonly restores: boolean;
  private state: StateDump | null = null;

  constructor(seed: number, story: (random: Random) => Story) {
    this.random = new Random(seed);
    this.history = story(this.random);
    this.restores = seed % 2 === 0;
  }

  get waysUsed(): ReadonlyMap<string, number> {
    return this.reference.waysUsed;
  }

  step(): void {
    const { command, decoded, history, reference } = this;
    if (this.restores && this.state !== null && this.random.chance(6)) this.restore();
    const position = this.engine.position + 1;
    history.next(command, this.state);
    const { nowMs } = history;
    this.times.push(nowMs);
    const foreseen = this.foresee(nowMs);
    const expected = reference.apply(command, position, nowMs);
    history.record(command, decoded);
    const { code } = outcomeOf(expected.number);
    this.story.push(`${position} at ${nowMs}: ${JSON.stringify(describeCommand(command))} → ${code}`);
    const outcome = this.engine.apply(decoded, position, nowMs);
    assert.deepEqual(answerOf(outcome), expected, 'the outcome');
    this.compareForeseen(foreseen, expected);
    const keysBefore = this.state?.keys ?? 0;
    this.compare(reference.dump(), code);
    this.compareRows();
    if (this.engine.state.keys.count < keysBefore || this.random.chance(5)) this.compareKeys();
    // Decisions must not depend on bytes that the caller reuses.
    decoded.text.fill(0);
  }

  private compare(expected: StateDump, code: string): void {
    const { command } = this;
    const state = dump(this.engine);
    const hash = stateHash(state);
    const expectedHash = stateHash(expected);
    if (hash !== expectedHash) assert.deepEqual(state, expected);
    assert.equal(hash, expectedHash);
    this.noteLimits(command, code);
    auditState(state, this.limits);
    auditLines(state, this.limits);
    auditSeats(state);
    if (this.state !== null) {
      auditStep(this.state, state);
      auditLinesStep(this.state, state, this.limits);
      auditSeatsStep(this.state, state);
    }
    this.compareDerived(state);
    this.state = state;
    this.seen.set(code, (this.seen.get(code) ?? 0) + 1);
  }

  /** What the engine derives from its state. */
  private compareDerived(state: StateDump): void {
    const { engine } = this;
    const deadlines = state.holds.filter((hold) => hold.state === 'active').map((hold) => hold.deadlineMs);
    assert.ok(engine.nextDueMs() <= Math.max(engine.nowMs, Math.min(...deadlines)), 'no deadline comes unannounced');
    if (state.owedOffers.length > 0) assert.equal(engine.nextDueMs(), engine.nowMs, 'what is owed is due now');
    const { waitlist, changes, customers, holds, orders } = engine.state;
    for (const sale of state.sales.keys()) {
      const waiting = state.waitlist.filter((entry) => entry.sale === sale && entry.state === 'waiting');
      assert.equal(waitlist.waitingOf(sale), waiting.length, `how many wait for sale ${sale}`);
    }
    assert.equal(changes.count, 0, 'nothing is collected unless asked');
    for (const [row, { door, doorNumber }] of state.customers.entries()) {
      if (door > 0) assert.equal(customers.namespaces.row(door, doorNumber), row, 'a customer is found by number');
    }
    for (const [row, { sale, doorNumber }] of state.holds.entries()) {
      const { door } = state.sales[sale]!;
      if (door > 0) assert.equal(holds.namespaces.row(door, doorNumber), row, 'a hold is found by number');
    }
    for (const [row, { lines, doorNumber }] of state.orders.entries()) {
      const { door } = state.sales[lines[0]!.sale]!;
      if (door > 0) assert.equal(orders.namespaces.row(door, doorNumber), row, 'an order is found by number');
    }
  }

  /**
   * The engine's answer from memory; a refusal only when neither time nor lateness can come in
   * between.
   */
  private foresee(nowMs: number): Answer | null {
    const { engine, command } = this;
    if (engine.isEmpty) return null;
    const kept = command.keyLength > 0 ? engine.replayOf(command) : null;
    if (kept !== null) return answerOf(kept);
    if (engine.nowMs !== nowMs || engine.nextDueMs() <= nowMs || command.notAfterMs < nowMs) return null;
    const refusal = engine.refusal(command);
    return refusal === null ? null : answerOf(refusal);
  }

  private compareForeseen(foreseen: Answer | null, outcome: Answer): void {
    const { number, replayed } = outcome;
    // A record can free a key that memory still knows, but never make one known.
    if (replayed) assert.deepEqual(foreseen, outcome, 'the replay foreseen from memory');
    if (number === outcomes.KEY_REUSED.number)
      assert.equal(foreseen?.number, number, 'the other use foreseen from memory');
    const refused = foreseen !== null && foreseen.number >= 20 && !foreseen.replayed;
    if (refused) assert.equal(number, foreseen.number, 'the refusal foreseen from memory');
  }

  /** Asserts that of all keys ever used both engines know the same, with the same answers. */
  compareKeys(): void {
    const { engine, reference, decoded, history } = this;
    for (let record = 0; record < history.records.length; record += 1) {
      history.read(decoded, record);
      if (decoded.keyLength === 0) continue;
      const known = engine.replayOf(decoded);
      assert.deepEqual(known && answerOf(known), reference.replayOf(decoded), `the key of record ${record + 1}`);
    }
  }

  /** What the record did to cards, tap by tap. */
  private compareRows(): void {
    const rows = rowsOf(this.engine.state.journal);
    assert.deepEqual(rows, this.reference.rows(), 'the rows of the journal');
    for (const tap of rows.taps) {
      const said = `${tap['result']} ${tap['reason']} ${tap['flags']} ${tap['replayed']} ${tap['ruleTerms']}`;
      this.taps.set(said, (this.taps.get(said) ?? 0) + 1);
    }
    if (this.state !== null) assertMoney(this.state);
  }

  private noteLimits({ kind, body }: Command, code: string): void {
    if (this.engine.state.sales.count === this.limits.length || code !== 'OK') return;
    const made = kind === kinds.seed ? (body as SeedDefinition).sales : [body as SaleDefinition];
    for (const sale of made) this.limits.push(sale.maxPerCustomer);
  }

  private restore(): void {
    const snapshot = snapshotOf(this.engine);
    const { hashLow, hashHigh } = this.engine;
    this.engine = restored(snapshot);
    assert.deepEqual(snapshotOf(this.engine), snapshot, 'the same bytes of a second snapshot');
    assert.deepEqual([this.engine.hashLow, this.engine.hashHigh], [hashLow, hashHigh], 'the same outcome hash');
    this.story.push('restored from its snapshot');
  }

  /** Replays the whole log, all records in one batch, into a new engine. */
  replay(): void {
    const { records } = this.history;
    const log = new Uint8Array(records.reduce((total, record) => total + record.length, 0));
    let at = 0;
    for (const record of records) {
      log.set(record, at);
      at += record.length;
    }
    const replayed = new Engine();
    const reader = new RecordReader();
    reader.reset(log);
    const command = new Command();
    for (const nowMs of this.times) {
      assert.ok(reader.next(command), 'a record for each time');
      replayed.apply(command, replayed.position + 1, nowMs);
    }
    assert.ok(!reader.next(command), 'a time for each record');
    const { hashLow, hashHigh } = this.engine;
    assert.deepEqual([replayed.hashLow, replayed.hashHigh], [hashLow, hashHigh], 'the same rolling hash of outcomes');
    assert.equal(stateHash(dump(replayed)), stateHash(dump(this.engine)));
    assert.deepEqual(snapshotOf(replayed), snapshotOf(this.engine), 'the same bytes of a snapshot');
  }
}

/** What the histories of one process covered. */
export class Findings {
  /** How often each outcome came. */
  readonly seen = new Map<string, number>();
  /** How often each way of finding the best seats was used. */
  readonly waysUsed = new Map<string, number>();
  /** Of taps: results, reasons, flags and bases of fares that came, as in `tapsSeen`. */
  readonly taps = new Map<string, number>();
}

/**
 * Runs the history of a seed through engine and reference.
 * @throws Error with the end of the history when they differ
 */
export function agree(
  seed: number,
  { seen, waysUsed, taps }: Findings,
  story: (random: Random) => Story = (random) => new History(random),
): void {
  const run = new Run(seed, story);
  try {
    for (let step = 0; step < stepsPerRun; step += 1) run.step();
    run.compareKeys();
    run.replay();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const story = run.story.slice(-25).join('\n');
    throw new Error(`HOLDFAST_SEED=${seed}, step ${run.engine.position}: ${said}\nthe end of its story:\n${story}`, {
      cause: error,
    });
  }
  for (const [code, count] of run.seen) seen.set(code, (seen.get(code) ?? 0) + count);
  for (const [said, count] of run.taps) taps.set(said, (taps.get(said) ?? 0) + count);
  for (const [way, count] of run.waysUsed) waysUsed.set(way, (waysUsed.get(way) ?? 0) + count);
}
