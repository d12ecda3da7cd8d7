/**
 * Orders of a log that was begun under engine version 1: what was cancelled then is answered in the
 * form of then.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelledOrderText, madeOrderText, orderText } from '../../../src/doors/v1/order-views.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { cancellationOf } from '../../../src/engine/commands/cancellation.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { defaultGenesis, defaultSale } from '../../engine/rows.ts';
import { restored, snapshotOf } from '../../engine/subjects.ts';

const startMs = Date.UTC(2026, 5, 1, 12);

class Log {
  readonly engine = new Engine();
  private readonly command = new Command();

  /** Applies a record, a second after the one before it; returns its position. */
  add(fill: (command: Command) => void): number {
    fill(this.command);
    const position = this.engine.position + 1;
    this.engine.apply(this.command, position, startMs + position * 1000);
    assert.equal(this.engine.outcome.ok, true);
    return position;
  }

  cancel(line: number): number {
    return this.add((command) => {
      command.reset(kinds.cancel).target = 0;
      cancellationOf(command).lines[0] = line;
      cancellationOf(command).count = 1;
    });
  }
}

/** An order of three lines, of 1, 2 and 3 units at 10 each. */
function begun(): Log {
  const log = new Log();
  log.add((command) => {
    command.reset(kinds.genesis).body = { ...defaultGenesis, engineVersion: 1 };
  });
  log.add((command) => {
    const price = { amount: 10, currency: 'EUR' };
    command.reset(kinds.createSale).body = { ...defaultSale, capacity: 100, price, maxPerOrder: null };
  });
  log.add((command) => {
    command.reset(kinds.order);
    for (const quantity of [1, 2, 3]) linesOf(command).add(0, quantity);
  });
  return log;
}

test('a cancellation of then has its old answer, and the order shows no time of it', () => {
  const log = begun();
  const position = log.cancel(0);
  const { state } = log.engine;
  const then = cancelledOrderText(state, 0, position);
  assert.deepEqual(Object.keys(JSON.parse(then) as object).slice(-4), ['status', 'total', 'createdAt', 'position']);
  assert.match(then, /"status":"confirmed","total":\{"amount":60,"currency":"EUR"\}/);
  const now = JSON.parse(orderText(state, 0, Infinity)) as Record<string, unknown>;
  assert.deepEqual(
    [now['status'], now['cancelledTotal'], now['cancelledAt']],
    ['partially_cancelled', { amount: 10, currency: 'EUR' }, null],
  );

  log.add((command) => {
    command.reset(kinds.settings).body = { engineVersion: 2 };
  });
  assert.equal(cancelledOrderText(state, 0, position), then, 'the newer version answers as before');
  const later = log.cancel(1);
  const answer = JSON.parse(cancelledOrderText(state, 0, later)) as Record<string, unknown>;
  assert.deepEqual(
    [answer['status'], answer['cancelledTotal'], answer['cancelledAt']],
    ['partially_cancelled', { amount: 30, currency: 'EUR' }, '2026-06-01T12:00:06.000Z'],
  );
  assert.equal(cancelledOrderText(state, 0, position), then);
  assert.match(madeOrderText(state, 0, 3, false), /"status":"confirmed","total":\{"amount":60,/);

  const again = restored(snapshotOf(log.engine)).state;
  for (const at of [position, later]) assert.equal(cancelledOrderText(again, 0, at), cancelledOrderText(state, 0, at));
});
