/**
 * Taps, gates and adjustments, made from the words of a row, and rows with times of the week:
 *
 *     until Wed@08:00             waits until then
 *     in 0 card=1 → open          a tap in at gate 0, now, with the gate's next sequence
 *     out 1 at=Wed@07:55 opened   a tap out that the gate opened by itself, of an earlier time
 *     in 0 #7 epoch=5 station=3   of another epoch, with its sequence and station
 *     in 0 + out 1 → open / open  two taps in one record
 *     city minimum=0              a tariff, gates 0 to 4 at stations A to E, gate 5 at none, and card 0
 *                                 with 2000
 *     entries fare:-200:1         what the last record added: kind, amount, journey, day, counts
 *     journeys 1:complete:200     number, state, fare, chain, stations
 *
 * The first week is that in which every case begins, on a Tuesday at 22:13:20; `Mon2` is of the
 * next. A day alone (`day=Wed`) is its number.
 */
import assert from 'node:assert/strict';
import type { Command } from '../../src/engine/command.ts';
import { Command as NewCommand, kinds } from '../../src/engine/command.ts';
import { adjustmentOf } from '../../src/engine/commands/adjustments.ts';
import { decisions, directions, noCard, tapsOf } from '../../src/engine/commands/taps.ts';
import { entryKinds, journeyStates } from '../../src/engine/tables/journal.ts';
import { fareBases, tapFlags, tapReasons, tapResults } from '../../src/engine/tap-outcomes.ts';
import type { JournalRows } from './journal-rows.ts';
import type { Words } from './rows-cards.ts';
import { tariffOf } from './rows-tariff.ts';

const dayMs = 86_400_000;
/** Day number of the Monday before every case begins. */
const monday = 19_674;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Fills a command about tariffs, gates or adjustments; false where it is about none. */
export function fillOfGates(command: Command, words: Words, beginMs: number): boolean {
  switch (command.kind) {
    case kinds.setTariff:
      command.body = tariffOf(words, beginMs);
      return true;
    case kinds.addGate: {
      const id = words.word() ?? '';
      command.body = { id, number: words.numberOf('number') ?? null, station: words.take('station') ?? null };
      return true;
    }
    case kinds.skipTaps: {
      const gate = words.number();
      const [epoch = 0, from = 0, to = 0] = ['epoch', 'from', 'to'].map((name) => words.numberOf(name));
      command.body = { gate, epoch, from, to, reason: 'lost' };
      return true;
    }
    case kinds.adjust: {
      command.target = words.number();
      const [day = 0, amount = 0, replaces = 0, run = 0] = ['day', 'amount', 'replaces', 'run'].map((name) =>
        words.numberOf(name),
      );
      const upTo = words.numberOf('upTo') ?? Infinity;
      Object.assign(adjustmentOf(command), { day, amount, replaces, run, upTo });
      return true;
    }
    default:
      return false;
  }
}

/** A record of taps: "in 0 card=1 + out 1". */
export function tapsIn(words: readonly string[], beginMs: number): Command {
  const command = new NewCommand().reset(kinds.taps);
  const taps = words
    .join(' ')
    .split(' + ')
    .map((tap) => tap.split(' '));
  for (const [direction, gate, ...rest] of taps) {
    const named = new Map(
      rest.map((word) => (word.split('=') as [string, string?]).map((part) => part ?? '') as [string, string]),
    );
    const number = (name: string, otherwise: number): number => {
      const word = named.get(name);
      named.delete(name);
      return word === undefined ? otherwise : Number(word);
    };
    const at = named.get('at') ?? '0ms';
    const decided = (['opened', 'denied'] as const).find((word) => named.has(word)) ?? 'none';
    const sequence = rest.find((word) => word.startsWith('#')) ?? '#0';
    for (const word of ['at', decided, sequence]) named.delete(word);
    tapsOf(command).add({
      gate: Number(gate),
      epoch: number('epoch', 0),
      sequence: Number(sequence.slice(1)),
      card: named.get('card') === 'none' ? noCard : number('card', 0),
      station: number('station', 0),
      direction: directions[direction as keyof typeof directions],
      decided: decisions[decided],
      atMs: beginMs + Number.parseFloat(at),
    });
    named.delete('card');
    if (named.size > 0) throw new Error(`a tap has no ${[...named.keys()].join(', ')}`);
  }
  return command;
}

/** Replaces what rows say in short by what a single row needs: times, sequences, waits. */
export function completed(rows: readonly string[], beginMs: number, durationOf: (word: string) => number): string[] {
  let nowMs = beginMs;
  const marks = new Map<string, number>();
  return rows.flatMap(settled).map((row) => {
    let words = row.replaceAll(
      /\b([A-Z][a-z]{2})(\d?)@([\d:.]+)/g,
      (_, ...time: string[]) => `${momentOf(time) - beginMs}ms`,
    );
    words = words.replaceAll(
      /\bday=([A-Z][a-z]{2})(\d?)/g,
      (_, name: string, week: string) => `day=${dayOf(name, week)}`,
    );
    words = words.replaceAll(
      /:([A-Z][a-z]{2})(\d?)(?=[: ]|$)/g,
      (_, name: string, week: string) => `:${dayOf(name, week)}`,
    );
    const [name = '', time = ''] = words.split(' ');
    if (name === 'until') words = `wait ${Number.parseInt(time, 10) - (nowMs - beginMs)}ms`;
    if (name === 'until') nowMs = beginMs + Number.parseInt(time, 10);
    else if (/^\d/.test(time) && ['wait', 'tick'].includes(name)) nowMs += durationOf(time);
    if (name === 'in' || name === 'out') words = numbered(words, marks, nowMs - beginMs);
    const skipped = /^skipTaps (\d+)(?: epoch=(\d+))? from=\d+ to=(\d+) → OK/.exec(words);
    if (skipped !== null) marks.set(`${skipped[1]}/${skipped[2] ?? 0}`, Number(skipped[3]));
    return words;
  });
}

/** "city" with the words of a tariff: that, a gate at each station, one at none, and a card. */
function settled(row: string): string[] {
  if (!/^city\b/.test(row)) return [row];
  const gates = ['A', 'B', 'C', 'D', 'E'].map((station) => `addGate gate${station} station=${station}`);
  return [row.replace('city', 'setTariff'), ...gates, 'addGate bus', 'createCard anna balance=2000EUR'];
}

function dayOf(name: string, week: string): number {
  const weekday = weekdays.indexOf(name);
  if (weekday < 0) throw new Error(`${name} is no day of the week`);
  return monday + weekday + 7 * (Number(week || '1') - 1);
}

/** "Wed@08:00:00.001" in ms. */
function momentOf([name = '', week = '', time = '']: readonly string[]): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return dayOf(name, week) * dayMs + Math.round(1000 * (60 * (60 * hours + minutes) + seconds));
}

/** Gives taps without a sequence the next one, and those without a time that of the record. */
function numbered(row: string, marks: Map<string, number>, nowMs: number): string {
  const [taps = '', ...expected] = row.split('→');
  const all = taps
    .trim()
    .split(' + ')
    .map((tap) => {
      const [, gate = ''] = tap.split(' ');
      const place = `${gate}/${/epoch=(\d+)/.exec(tap)?.[1] ?? 0}`;
      const next = (marks.get(place) ?? 0) + 1;
      const given = /#(\d+)/.exec(tap)?.[1];
      if (given === undefined || Number(given) === next) marks.set(place, next);
      const sequence = given === undefined ? ` #${next}` : '';
      return `${tap}${sequence}${tap.includes('at=') ? '' : ` at=${nowMs}ms`}`;
    });
  return [all.join(' + '), ...expected].join(' →');
}

type Row = JournalRows['taps'][number];

/** Compares the rows of a record's taps: "open fare=200 / deny LOW_BALANCE". */
export function assertTaps({ taps }: JournalRows, expected: string): void {
  if (expected === 'OK')
    return assert.ok(
      taps.every((tap) => tap['result'] === tapResults.open),
      'every tap is open',
    );
  const all = expected.split(' / ');
  assert.equal(taps.length, all.length, 'taps');
  for (const [at, tap] of taps.entries()) assertTap(tap, all[at]!.trim().split(' '));
}

function assertTap(tap: Row, [result, ...words]: readonly string[]): void {
  const flags = Object.entries(tapFlags).filter(([, bit]) => (tap['flags']! & bit) !== 0);
  const shown: Record<string, string> = {
    fare: String(tap['fare']),
    balance: String(tap['balance']),
    journey: String(tap['journey']),
    expected: String(tap['expected']),
    card: String(tap['card']),
    station: String(tap['station']),
    flags: flags
      .map(([name]) => name)
      .toSorted()
      .join(','),
    rule: ruleIn(tap),
  };
  const reason = nameIn(tapReasons, tap['reason']!);
  const said = [nameIn(tapResults, tap['result']!), ...(reason === '' ? [] : [reason])];
  const plain = words.filter((word) => !word.includes('=') && word !== 'replayed');
  assert.deepEqual(said, [result, ...plain], 'result and reason');
  assert.equal(tap['replayed'] === 1, words.includes('replayed'), 'replayed');
  const named = new Map([['flags', ''], ['fare', '0'], ...words.map((word) => word.split('=') as [string, string])]);
  for (const name of [...plain, 'replayed']) named.delete(name);
  named.set('flags', named.get('flags')!.split(',').toSorted().join(','));
  for (const [name, value] of named) assert.equal(shown[name], value, name);
}

function nameIn(table: Readonly<Record<string, number>>, number: number): string {
  return Object.keys(table).find((name) => table[name] === number) ?? '';
}

/** "zones:1-3/peak1/cap2:120/chain/category1"; "none" for none. */
function ruleIn(row: Row): string {
  const terms = row['ruleTerms']!;
  const ends = row['ruleEnds']!;
  const parts: readonly [number, string][] = [
    [(terms >> 4) & 31, `peak${(terms >> 4) & 31}`],
    [(terms >> 9) & 31, `cap${(terms >> 9) & 31}:${row['cappedBy']}`],
    [(terms >> 14) & 1, 'chain'],
    [(terms >> 16) & 255, `category${(terms >> 16) & 255}`],
  ];
  const base = nameIn(fareBases, terms & 15);
  const where = ends === 0 ? '' : `:${ends % 65_536}-${Math.floor(ends / 65_536)}`;
  return [base + where, ...parts.filter(([number]) => number > 0).map(([, part]) => part)].join('/');
}

/** Compares the last record's entries: "fare:-200:1 refund:50"; nothing for none. */
export function assertEntries({ entries }: JournalRows, words: readonly string[]): void {
  assertRows(
    entries.map((row) => [
      nameIn(entryKinds, row['kind']!),
      row['amount']!,
      row['journey']!,
      row['day']!,
      row['counts'] === 1 ? 'counts' : 'apart',
      ruleIn(row),
    ]),
    words,
  );
}

/** Compares the journeys that the last record ended: "1:complete:200:1:2-3". */
export function assertJourneys({ journeys }: JournalRows, words: readonly string[]): void {
  assertRows(
    journeys.map((row) => [
      row['number']!,
      nameIn(journeyStates, row['state']!),
      row['fare']!,
      row['chain']!,
      `${row['entryStation']}-${row['exitStation']}`,
      ruleIn(row),
    ]),
    words,
  );
}

/** As much of each row as its word says. */
function assertRows(rows: readonly (readonly (string | number)[])[], words: readonly string[]): void {
  const said = rows.map((row, at) => row.join(':').slice(0, words[at]?.length));
  assert.deepEqual(said, [...words]);
}
