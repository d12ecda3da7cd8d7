/** What a table of rows is too short for: full windows, many epochs, a day of many cards. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import type { Tap } from '../../src/engine/commands/taps.ts';
import { maxTaps, tapWindow, tapsOf } from '../../src/engine/commands/taps.ts';
import { Engine } from '../../src/engine/engine.ts';
import { tapReasons, tapResults } from '../../src/engine/tap-outcomes.ts';
import { rowsOf } from './journal-rows.ts';
import { commandOf } from './rows.ts';
import type { Subject } from './subjects.ts';
import { restored, snapshotOf, subjects } from './subjects.ts';
import { assertMoney, beginMs } from './table.ts';

const hourMs = 3_600_000;
/** The midnight at which the first day of every case ends. */
const midnightMs = Date.UTC(2023, 10, 15);

/** A store with a tariff, two gates and cards, applied record by record. */
class City {
  readonly subject: Subject;
  private position = 0;

  constructor(subject: Subject, cards: number) {
    this.subject = subject;
    const rows = ['genesis', 'setTariff', 'addGate a station=A', 'addGate b station=B'];
    for (const row of rows) this.apply(rowOf(row));
    this.apply(rowOf(`issueCards count=${cards} balance=5000EUR`));
  }

  apply(command: Command, nowMs = beginMs): number {
    this.position += 1;
    return this.subject.apply(command, this.position, nowMs).number;
  }

  /** Rows of the journal for taps that are given in part. */
  tap(taps: readonly Partial<Tap>[], nowMs = beginMs): ReturnType<Subject['rows']>['taps'] {
    this.apply(tapsCommand(taps, nowMs), nowMs);
    return this.subject.rows().taps;
  }
}

function rowOf(row: string): Command {
  const [kind = '', ...words] = row.split(' ');
  return commandOf(kind, words, beginMs);
}

function tapsCommand(taps: readonly Partial<Tap>[], atMs: number): Command {
  const command = new Command().reset(kinds.taps);
  const rest = { gate: 0, epoch: 0, sequence: 1, card: 0, station: 0, direction: 0, decided: 0, atMs };
  for (const tap of taps) tapsOf(command).add({ ...rest, ...tap });
  return command;
}

const numbersUpTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

for (const [name, make] of Object.entries(subjects)) {
  describe(name, () => {
    test('the first outcomes of the last 1,024 taps are known, and of no earlier one', () => {
      const city = new City(make(), 1);
      const all = numbersUpTo(tapWindow + 3);
      const first = city.tap(all.map((sequence) => ({ sequence, direction: (sequence + 1) % 2 })));
      assert.deepEqual(new Set(first.map(({ result }) => result)), new Set([tapResults.open, tapResults.deny]));
      const again = city.tap(all.map((sequence) => ({ sequence })));
      for (const [at, row] of again.entries()) {
        const { position: _, bits: __, ...outcome } = row;
        const { position: ___, bits: ____, ...before } = first[at]!;
        if (at >= 3) assert.deepEqual(outcome, { ...before, replayed: 1 }, `tap ${at + 1}`);
        else assert.deepEqual([outcome['result'], outcome['fare']], [tapResults.unknown, 0], `tap ${at + 1}`);
      }
      assertMoney(city.subject.dump());
    });

    test('a gate begins its counter 4,096 times', () => {
      const city = new City(make(), 1);
      const epochs = numbersUpTo(4096);
      const begun = city.tap(epochs.map((epoch) => ({ epoch, decided: 2 })));
      assert.ok(begun.every(({ reason }) => reason === tapReasons.DENIED_BY_GATE));
      const [one, two, zero, gap, known] = city.tap([
        { epoch: 5000 },
        { epoch: 5000, decided: 1 },
        { epoch: 5000, sequence: 0 },
        { epoch: 5000, sequence: 9 },
        { epoch: 1, sequence: 2 },
      ]);
      for (const row of [one, two, zero, gap]) {
        assert.deepEqual([row?.['result'], row?.['reason']], [tapResults.deny, tapReasons.TOO_MANY_EPOCHS]);
      }
      assert.equal(known?.['result'], tapResults.open, 'an epoch that has begun goes on');
      const other = city.tap([{ gate: 1, epoch: 5000 }]);
      assert.equal(other[0]?.['result'], tapResults.open, 'another gate has epochs of its own');
      const skip = new Command().reset(kinds.skipTaps);
      skip.body = { gate: 0, epoch: 5000, from: 1, to: 3, reason: 'lost' };
      assert.equal(city.apply(skip), 100, 'nor does a skip begin another');
    });
  });
}

test('a record closes the day of so many cards, and the next ones are due at once', () => {
  const engine = new Engine();
  const city = new City(
    {
      apply: (command, position, nowMs) => {
        const { row, replayed, thing, remaining, kind } = engine.apply(command, position, nowMs);
        return { number: row.number, replayed, thing, remaining, kind, position };
      },
      dump: () => assert.fail('not asked for'),
      rows: () => rowsOf(engine.state.journal),
    },
    10_000,
  );
  const cards = 9_000;
  for (let from = 0; from < cards; from += maxTaps) {
    const some = numbersUpTo(Math.min(maxTaps, cards - from)).map((at) => from + at - 1);
    city.tap(some.map((card) => ({ sequence: card + 1, card })));
  }
  const closesMs = midnightMs + 26 * hourMs;
  assert.equal(engine.nextDueMs(), closesMs - 24 * hourMs, 'the close of the day before is announced');
  const tick = (nowMs: number): number => {
    city.apply(new Command().reset(kinds.tick), nowMs);
    return rowsOf(engine.state.journal).journeys.length;
  };
  assert.equal(tick(closesMs - 24 * hourMs), 0);
  for (let records = 0; engine.nextDueMs() < closesMs; records += 1) {
    assert.ok(records < 3, 'a day on which nobody began ends soon');
    assert.equal(tick(closesMs - 24 * hourMs), 0);
  }
  assert.equal(engine.nextDueMs(), closesMs, 'the close of the day is announced');
  assert.equal(tick(closesMs - 1), 0);
  assert.deepEqual([tick(closesMs), engine.nextDueMs()], [4096, closesMs], 'more of them are due');
  const halfway = restored(snapshotOf(engine));
  assert.equal(halfway.nextDueMs(), closesMs, 'a snapshot keeps how far it came');
  assert.deepEqual([tick(closesMs), tick(closesMs)], [4096, 9_000 - 2 * 4096]);
  assert.ok(engine.nextDueMs() > closesMs);
  assert.equal(tick(closesMs), 0);
  const { totals } = engine.state.cards;
  assert.equal(totals.fares, 9_000 * 800, 'each for a maximum fare');
});
