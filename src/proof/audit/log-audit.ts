/**
 * Compares the clients' record with the log: the same effects, under the same keys, at the same
 * positions, and no others.
 */
import { doors, scopes } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import { nameOf as stateName } from '../../engine/base/names.ts';
import { holdStates } from '../../engine/tables/holds.ts';
import { formatId, parseId } from '../../doors/kit/ids.ts';
import type { Noun } from '../../doors/kit/ids.ts';
import { parseObject, textOf } from '../load/json.ts';
import type { AtPosition, LoggedEffect } from './logged-effects.ts';
import { effectKey } from './logged-effects.ts';
import type { HoldRead, OrderRead } from '../verify/state-reads.ts';
import { isSoldOut } from './ledger.ts';
import type { SaleRead } from './ledger.ts';
import type { Operation } from './operation.ts';
import { isOk, nameOf, positionOf } from './operation.ts';
import type { Problems } from './problems.ts';

const cell = 0;

export function rowOf(noun: Noun, id: string): number {
  return parseId(noun, cell, id);
}

/**
 * Every success that a client saw is in the log, and every effect in the log belongs to a client.
 * Notes positions in the operations.
 */
export function auditEffects(
  operations: readonly Operation[],
  effects: readonly LoggedEffect[],
  problems: Problems,
): void {
  const byKey = new Map<string, LoggedEffect>();
  for (const effect of effects) {
    if (effect.key === null)
      problems.add('the log has an effect without a key', `${effect.kind} at position ${effect.position}`);
    else if (byKey.has(effect.key))
      problems.add('the log has an effect twice', `${effect.kind} ${effect.key} at position ${effect.position}`);
    else byKey.set(effect.key, effect);
  }
  for (const operation of operations) {
    if (!isOk(operation) || operation.key === null) continue;
    const key = keyOf(operation, operation.key);
    const effect = byKey.get(key);
    if (effect === undefined) {
      problems.add('an answered yes is not in the log', `${nameOf(operation)}, answered ${operation.answer?.body}`);
      continue;
    }
    byKey.delete(key);
    operation.loggedAt = effect.position;
    auditEffect(operation, effect, problems);
  }
  for (const effect of byKey.values()) {
    problems.add(
      'the log has an effect that no client was told of',
      `${effect.kind} ${effect.key} at position ${effect.position}`,
    );
  }
}

function auditEffect(operation: Operation, effect: LoggedEffect, problems: Problems): void {
  const position = positionOf(operation);
  const told = operation.answer?.body ?? '';
  if (operation.kind === 'purchase') {
    const expected = `{"success":true,"seatsRemaining":${effect.remaining}}`;
    if (told !== expected)
      problems.add(
        'an answer differs from the log',
        `${nameOf(operation)} was told ${told}, by the log it is ${expected}`,
      );
    return;
  }
  const noun = nouns[operation.kind];
  if (noun === undefined) return;
  const id = formatId(noun, cell, effect.thing);
  if (textOf(parseObject(told), 'id') !== id || position !== effect.position) {
    const account = `${nameOf(operation)} was told ${told} at position ${position}, by the log it is ${id} at ${effect.position}`;
    problems.add('an answer differs from the log', account);
  }
}

const nouns: Readonly<Record<string, Noun>> = {
  order: 'order',
  basket: 'order',
  confirm: 'order',
  cancel: 'order',
  hold: 'hold',
  extend: 'hold',
  release: 'hold',
};

/** The scope that a request's key has in the log. */
function keyOf(operation: Operation, key: string): string {
  const { kind, of } = operation;
  const [{ sale } = { sale: '' }] = operation.lines;
  switch (kind) {
    case 'purchase':
      return effectKey(scopes.door, doors.tickets, key);
    case 'order':
    case 'hold':
      return effectKey(scopes.sale, rowOf('sale', sale), key);
    case 'create':
      return effectKey(scopes.operator, operation.path.startsWith('/api/') ? doors.tickets : 0, key);
    case 'cancel':
      return effectKey(scopes.order, rowOf('order', targetOf(of)), key);
    case 'confirm':
    case 'extend':
    case 'release':
      return effectKey(scopes.hold, rowOf('hold', targetOf(of)), key);
    case 'basket':
    case 'read':
    default:
      return effectKey(scopes.caller, 0, key);
  }
}

function targetOf(of: Operation | null): string {
  return textOf(parseObject(of?.answer?.body ?? ''), 'id');
}

/**
 * An engine that replays the log up to a position must agree with what was read and refused there.
 */
export class LogLooks {
  private readonly looks = new Map<number, ((engine: Engine) => void)[]>();
  private readonly problems: Problems;
  private looked = 0;
  private asked = 0;

  constructor(problems: Problems) {
    this.problems = problems;
  }

  get at(): AtPosition {
    return this.looks;
  }

  /** Each position that an answer named must exist. */
  finish(): void {
    const missing = this.asked - this.looked;
    if (missing > 0) this.problems.add('answers name positions that are not in the log', `${missing} of ${this.asked}`);
  }

  saleRead(read: SaleRead): void {
    this.look(read.position, ({ state: { sales } }) => {
      const row = rowOf('sale', read.sale);
      const [sold, held] = [sales.sold.get(row), sales.held.get(row)];
      if (sold === read.sold && held === read.held) return;
      const account = `${read.sale} at position ${read.position}: ${read.sold} sold, ${read.held} held; by the log ${sold} and ${held}`;
      this.problems.add('the state differs from the log', account);
    });
  }

  refusal(operation: Operation): void {
    const position = positionOf(operation);
    if (position === null || !isSoldOut(operation)) return;
    this.look(position, ({ state: { sales } }) => {
      const demand = new Map<number, number>();
      for (const { sale, quantity } of operation.lines) {
        const row = rowOf('sale', sale);
        demand.set(row, (demand.get(row) ?? 0) + quantity);
      }
      if ([...demand].some(([row, quantity]) => sales.available(row) < quantity)) return;
      this.problems.add('a request that fits was refused', `${nameOf(operation)}, by the log at position ${position}`);
    });
  }

  holdRead({ operation, id, status, position }: HoldRead): void {
    this.look(position, ({ state: { holds }, nowMs }) => {
      const row = rowOf('hold', id);
      const stored = stateName(holdStates, holds.state.get(row));
      const due = stored === 'active' && nowMs >= holds.deadlineMs.get(row);
      const expected = due ? 'expired' : stored;
      if (status === expected) return;
      this.problems.add('the state differs from the log', `${nameOf(operation)} is ${status}, by the log ${expected}`);
    });
  }

  orderRead({ operation, id, cancelled, position }: OrderRead): void {
    this.look(position, ({ state: { orders, lines } }) => {
      const row = rowOf('order', id);
      const first = orders.firstLine.get(row);
      const expected: number[] = [];
      for (let line = 0; line < orders.lineCount.get(row); line += 1) {
        if (lines.cancelledAt.get(first + line) > 0) expected.push(line);
      }
      if (cancelled.join() === expected.join()) return;
      const account = `${nameOf(operation)} has cancelled lines [${cancelled.join()}], by the log [${expected.join()}]`;
      this.problems.add('the state differs from the log', account);
    });
  }

  private look(position: number, look: (engine: Engine) => void): void {
    this.asked += 1;
    const looks = this.looks.get(position) ?? [];
    looks.push((engine) => {
      this.looked += 1;
      look(engine);
    });
    this.looks.set(position, looks);
  }
}
