/**
 * Best available in halls that are wider than a word of bits and fuller than those of the random
 * histories: the engine and the reference must choose the same seats. `HOLDFAST_SEED=7` runs one
 * hall, `HOLDFAST_RUNS=500` more of them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HallDefinition, RowDefinition } from '../../src/engine/commands/sales.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { termsOf } from '../../src/engine/commands/holds.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { outcomeOf } from '../../src/engine/outcomes.ts';
import { describeCommand } from '../../src/engine/record.ts';
import { auditSeats } from './auditor-seats.ts';
import { Random, seedsFor } from './random.ts';
import { Reference } from './reference.ts';
import { defaultGenesis, defaultSale } from './rows.ts';
import { answerOf, restored, snapshotOf } from './subjects.ts';

const stepsPerRun = 120;
const sectionNames = ['A', 'B', 'C'];

/** Rows of a few seats and of more than a word of bits, mostly ordinary seats, tied ranks. */
function hallOf(random: Random): HallDefinition {
  const ranked = random.chance(60);
  const row = (name: string): RowDefinition => ({
    name,
    ...(ranked ? { rank: random.below(4) } : {}),
    seats: Array.from({ length: random.pick([3, 20, 31, 32, 33, 64, 70, 140]) }, (_, at) => ({
      number: String(at + 1),
      accessible: random.chance(12),
      ...(ranked && random.chance(50) ? { rank: random.below(6) } : {}),
    })),
  });
  const sections = sectionNames.slice(0, 1 + random.below(3));
  return { sections: sections.map((name) => ({ name, rows: ['1', '2', '3'].map(row) })) };
}

class Run {
  engine = new Engine();
  readonly reference = new Reference();
  private readonly random: Random;
  private readonly hall: HallDefinition;
  private readonly command = new Command();
  private seats = 0;
  private orders = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.hall = hallOf(this.random);
    this.command.reset(kinds.genesis).body = defaultGenesis;
    this.apply();
    this.command.reset(kinds.createSale).body = { ...defaultSale, kind: 'seated', capacity: 0, hall: this.hall };
    this.apply();
    this.seats = this.engine.state.seats.count;
    this.fill();
  }

  /** Takes seats at random: few long runs are left. */
  private fill(): void {
    const { random, command, seats } = this;
    const percent = random.pick([10, 40, 60, 85]);
    for (let from = 0; from < seats; from += 100) {
      const all = Array.from({ length: Math.min(100, seats - from) }, (_, at) => from + at);
      const taken = all.filter(() => random.chance(percent));
      linesOf(command.reset(kinds.order)).addSeats(0, taken);
      this.apply();
    }
  }

  step(): void {
    const { random, command } = this;
    const roll = random.below(100);
    if (roll < 70) {
      command.reset(random.chance(80) ? kinds.order : kinds.hold);
      const section = random.chance(30) ? 1 + random.below(this.hall.sections.length) : 0;
      const quantity = random.pick([1, 1, 2, 2, 3, 4, 5, 8, 13, 34]);
      linesOf(command).addBest(0, quantity, section, random.chance(15), random.chance(40));
      termsOf(command).holdMs = 1000;
    } else if (roll < 85 && this.orders > 0) {
      command.reset(kinds.cancel).target = random.below(this.orders);
    } else if (roll < 90) {
      const seat = random.below(this.seats);
      command.reset(kinds.changeSeat).body = { sale: 0, seat, blocked: random.chance(50) };
    } else {
      const seat = random.below(this.seats);
      command.reset(kinds.changeSeat).body = { sale: 0, seat, rank: random.below(6), accessible: random.chance(20) };
    }
    this.apply();
    if (random.chance(5)) this.engine = restored(snapshotOf(this.engine));
  }

  private apply(): void {
    const { engine, reference, command } = this;
    const position = engine.position + 1;
    const expected = reference.apply(command, position, 0);
    const told = `${JSON.stringify(describeCommand(command)).slice(0, 200)} → ${outcomeOf(expected.number).code}`;
    assert.deepEqual(answerOf(engine.apply(command, position, 0)), expected, told);
    if (expected.kind === kinds.genesis) return;
    this.orders = engine.state.orders.count;
    this.seats = engine.state.seats.count;
    const found = dump(engine);
    const wanted = reference.dump();
    assert.deepEqual(found.orders.at(-1), wanted.orders.at(-1), told);
    assert.deepEqual(found.holds.at(-1), wanted.holds.at(-1), told);
  }

  finish(): void {
    const found = dump(this.engine);
    auditSeats(found);
    assert.equal(stateHash(found), stateHash(this.reference.dump()));
  }
}

const waysUsed = new Map<string, number>();
const seeds = seedsFor(12);

for (const seed of seeds) {
  test(`engine and reference choose the same seats in hall ${seed}`, () => {
    const run = new Run(seed);
    for (let step = 0; step < stepsPerRun; step += 1) run.step();
    run.finish();
    for (const [way, count] of run.reference.waysUsed) waysUsed.set(way, (waysUsed.get(way) ?? 0) + count);
  });
}

test('the halls have best seats of many kinds', { skip: seeds.length < 12 && 'too few halls for that' }, () => {
  for (const way of ['ordinary pass', 'open pass', 'accessible pass', 'orphan avoided', 'split across sections']) {
    assert.ok((waysUsed.get(way) ?? 0) > 0, way);
  }
});
