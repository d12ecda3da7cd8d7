/** Transactions of a log whose beginning was trimmed: they go on where its snapshot ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FareTransactions } from '../../../src/cli/tides/fare-transactions.ts';
import type { Kind } from '../../../src/engine/command.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { decisions, directions, tapsOf } from '../../../src/engine/commands/taps.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { restored, snapshotOf } from '../../engine/subjects.ts';
import { beginMs } from '../../engine/table.ts';
import { TariffStore } from '../../engine/tariffs-support.ts';

function apply(engine: Engine, kind: Kind, fill: (command: Command) => void): void {
  const command = new Command().reset(kind);
  fill(command);
  const { ok, row } = engine.apply(command, engine.position + 1, beginMs);
  assert.ok(ok, row.code);
}

function tap(engine: Engine, sequence: number, direction: keyof typeof directions, station: number): void {
  const place = { gate: 0, epoch: 0, sequence, card: 0, station, decided: decisions.opened, atMs: beginMs + sequence };
  apply(engine, kinds.taps, (command) => tapsOf(command).add({ ...place, direction: directions[direction] }));
}

const whole = { fromMs: -Infinity, toMs: Infinity };
const idsIn = (lines: string): string[] => lines.split('\n').map((line) => line.split(',', 1)[0]!);

test('transactions are numbered as they are in the whole log', () => {
  const store = new TariffStore();
  const { engine } = store;
  assert.equal(store.set(), 'OK 0');
  apply(engine, kinds.addGate, (command) => (command.body = { id: 'gate', number: null, station: null }));
  const opening = { category: 'adult', balance: 1000, currency: 'EUR' };
  apply(engine, kinds.createCard, (command) => (command.body = { id: 'anna', name: null, ...opening }));
  const all = new FareTransactions(whole);
  all.beginAt(engine.state);
  tap(engine, 1, 'in', 1);
  assert.deepEqual(idsIn(all.linesOf(engine.state)), ['tap_1_1', '']);
  const later = restored(snapshotOf(engine));
  const rest = new FareTransactions(whole);
  rest.beginAt(later.state);
  for (const one of [engine, later]) tap(one, 2, 'out', 2);
  const line = rest.linesOf(later.state);
  assert.deepEqual(idsIn(line), ['tap_1_2', '']);
  assert.equal(line, all.linesOf(engine.state));
  assert.match(line, /,3\.10,EUR,Exit,/);
  assert.equal(rest.linesOf(later.state), '', 'each is told once');
});
