/**
 * Runs tables of commands and expected outcomes. A line without indent names a case; each indented
 * line below it is a row:
 *
 *     a hold that expired cannot be confirmed
 *       createSale capacity=5
 *       hold 0x2 for=60s → OK thing=0 remaining=3
 *       tick 60s
 *       confirm 0 → HOLD_EXPIRED
 *       state holds.0.state=expired sales.0.held=0
 *
 * A row is a command, its arguments and, after the arrow, what is expected: the code (OK without an
 * arrow), and any of `thing`, `remaining`, `position`, `kind`; a replay must be named by
 * `replayed`, and `throws` takes words of the message. A command that begins with a time
 * (`tick 60s`, `wait 500ms`) moves the clock on first; `wait` applies nothing. `state` compares
 * paths in the dump. `rows-taps.ts` has the rows of taps. Times are durations since the case began.
 * The first row may be a genesis; else one is given.
 */
import assert from 'node:assert/strict';
import { kindName } from '../../src/engine/command.ts';
import { outcomeOf } from '../../src/engine/outcomes.ts';
import type { Answer } from './reference-model.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import { commandOf, durationOf } from './rows.ts';
import { assertEntries, assertJourneys, assertTaps, completed, tapsIn } from './rows-taps.ts';
import type { Subject } from './subjects.ts';

export interface Case {
  readonly name: string;
  readonly rows: readonly string[];
}

/**
 * When every case begins, ms. A whole second: then the rounding of keys' times shows only where a
 * row asks for it.
 */
export const beginMs = 1_700_000_000_000;

export function casesOf(table: string): Case[] {
  const cases: { name: string; rows: string[] }[] = [];
  for (const line of table.split('\n').filter((line) => line.trim() !== '')) {
    if (line.startsWith(' ')) cases.at(-1)!.rows.push(line.trim());
    else cases.push({ name: line, rows: [] });
  }
  return cases;
}

/** The codes that a case expects. */
export function codesOf(tested: Case): string[] {
  return tested.rows.map((row) => split(row).code);
}

export function runCase(tested: Case, subject: Subject): void {
  let position = 0;
  let nowMs = beginMs;
  const given = tested.rows[0]?.startsWith('genesis') ? tested.rows : ['genesis', ...tested.rows];
  const rows = completed(given, beginMs, durationOf);
  for (const [number, row] of rows.entries()) {
    try {
      const { name, words, code, expected } = split(row);
      if (/^\d/.test(words[0] ?? '') && ['tick', 'wait'].includes(name)) nowMs += durationOf(words.shift()!);
      if (name === 'wait') continue;
      if (name === 'state') {
        for (const word of words) assertState(subject, word);
        continue;
      }
      if (name === 'entries' || name === 'journeys') {
        (name === 'entries' ? assertEntries : assertJourneys)(subject.rows(), words);
        continue;
      }
      position += 1;
      if (name === 'in' || name === 'out') {
        const { number } = subject.apply(tapsIn([name, ...words], beginMs), position, nowMs);
        assert.equal(outcomeOf(number).code, 'OK');
        assertTaps(subject.rows(), [code, ...expected].join(' '));
        assertMoney(subject.dump());
        continue;
      }
      const command = commandOf(name, words, beginMs);
      if (code === 'throws') {
        assert.throws(() => subject.apply(command, position, nowMs), { message: new RegExp(expected.join(' ')) });
        return;
      }
      assertAnswer(subject.apply(command, position, nowMs), code, expected);
    } catch (error) {
      const at = `row ${number + 1} of "${tested.name}", "${row}", ${nowMs - beginMs} ms in`;
      throw new Error(`${at}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

function split(row: string): { name: string; words: string[]; code: string; expected: string[] } {
  const [left = '', right = 'OK'] = row.split('→').map((half) => half.trim().split(/\s+/).join(' '));
  const [name = '', ...words] = left.split(' ');
  const [code = '', ...expected] = right.split(' ');
  return { name, words, code, expected };
}

function assertAnswer(answer: Answer, code: string, expected: readonly string[]): void {
  assert.equal(outcomeOf(answer.number).code, code);
  assert.equal(answer.replayed, expected.includes('replayed'), 'replayed');
  if (answer.number >= 10) assert.deepEqual([answer.thing, answer.remaining], [0, 0], 'a refusal names nothing');
  const shown: Record<string, string> = {
    thing: String(answer.thing),
    remaining: String(answer.remaining),
    position: String(answer.position),
    kind: kindName(answer.kind),
  };
  for (const word of expected.filter((word) => word !== 'replayed')) {
    const [field = '', value] = word.split('=');
    assert.ok(field in shown, `an answer has no ${field}`);
    assert.equal(shown[field], value, field);
  }
}

/** Of all money that cards ever had, none is lost and none is made. */
export function assertMoney({ cards, cardTotals }: StateDump): void {
  const { opened, toppedUp, fares, refunded, adjusted } = cardTotals;
  const balances = cards.reduce((sum, { balance }) => sum + balance, 0);
  assert.equal(balances, opened + toppedUp - fares + refunded + adjusted, 'the sum of all balances');
}

function assertState(subject: Subject, word: string): void {
  const [path = '', value] = word.split('=');
  let found: unknown = subject.dump();
  for (const step of path.split('.')) found = (found as Record<string, unknown>)[step];
  const shown = typeof found === 'object' && found !== null ? JSON.stringify(found) : String(found);
  assert.equal(shown, value, path);
}
