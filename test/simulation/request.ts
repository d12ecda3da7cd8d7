/** Requests of simulated clients, as commands, and their answers, as a door would render them. */
import { kinds, scopes } from '../../src/engine/command.ts';
import type { Command } from '../../src/engine/command.ts';
import { cancellationOf } from '../../src/engine/commands/cancellation.ts';
import { termsOf, extensionOf } from '../../src/engine/commands/holds.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { listedSeats } from '../../src/engine/tables/seats.ts';
import { fingerprintQuantity, fingerprintText } from '../../src/engine/fingerprint.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import type { State } from '../../src/engine/state.ts';

export interface Line {
  readonly sale: number;
  readonly quantity: number;
  /** Of a sale with seats: these, or the best of them. */
  readonly seats?: readonly number[];
  readonly best?: 'together' | 'split';
}

/** One wish of one client. Sent again, it is the same: its key says so. */
export interface Asked {
  readonly kind: 'order' | 'hold' | 'confirm' | 'extend' | 'release' | 'cancel';
  readonly key: string;
  readonly lines: readonly Line[];
  /** Hold or order that it acts upon, by row. */
  readonly target: number;
  readonly holdMs: number;
  readonly untilMs: number;
  readonly cancel: readonly number[];
}

export interface Told {
  readonly code: string;
  readonly ok: boolean;
  readonly position: number;
  /** Log time of a refusal; of an answer from a key it says nothing. */
  readonly timeMs: number;
  readonly thing: number;
  readonly remaining: number;
  /** Log time at which the order or hold was made; NaN where the answer has none. */
  readonly createdMs: number;
  /** Seats of the order or hold. */
  readonly seats: readonly number[];
}

/** `offsetMs`: from log time, in which clients count here, to the dates that a request names. */
export function fill(command: Command, asked: Asked, offsetMs: number): Command {
  const { kind, key, lines, target } = asked;
  command.reset(kinds[kind]);
  if (kind === 'order' || kind === 'hold') {
    const [first] = lines;
    if (lines.length === 1) command.setKey(scopes.sale, first!.sale, key);
    else command.setKey(scopes.caller, 0, key);
    for (const line of lines) addLine(command, line);
    termsOf(command).holdMs = asked.holdMs;
    if (lines.length === 1 && !linesOf(command).asksSeats) fingerprintQuantity(command, first!.quantity, asked.holdMs);
    else fingerprintText(command, JSON.stringify(lines));
    return command;
  }
  command.target = target;
  command.setKey(kind === 'cancel' ? scopes.order : scopes.hold, target, key);
  extensionOf(command).untilMs = asked.untilMs + offsetMs;
  for (const line of asked.cancel) {
    cancellationOf(command).lines[cancellationOf(command).count] = line;
    cancellationOf(command).count += 1;
  }
  fingerprintText(command, JSON.stringify([kind, asked.untilMs, asked.cancel]));
  return command;
}

function addLine(command: Command, { sale, quantity, seats, best }: Line): void {
  if (seats !== undefined) linesOf(command).addSeats(sale, seats);
  else if (best !== undefined) linesOf(command).addBest(sale, quantity, 0, false, best === 'split');
  else linesOf(command).add(sale, quantity);
}

export function render(outcome: Outcome, state: State): Told {
  const { ok, position, timeMs, thing, remaining, kind } = outcome;
  return {
    code: outcome.row.code,
    ok,
    position,
    timeMs,
    thing,
    remaining,
    createdMs: ok ? createdMs(kind, thing, state) : NaN,
    seats: ok ? seatsOf(kind, thing, state) : [],
  };
}

function seatsOf(kind: number, thing: number, state: State): number[] {
  const { holds, orders, lines } = state;
  if (kind === kinds.hold) return listedSeats(state, holds.seats.get(thing), holds.quantity.get(thing));
  if (kind !== kinds.order && kind !== kinds.confirm) return [];
  const first = orders.firstLine.get(thing);
  const all = Array.from({ length: orders.lineCount.get(thing) }, (_, line) => first + line);
  return all.flatMap((line) => listedSeats(state, lines.seats.get(line), lines.quantity.get(line)));
}

function createdMs(kind: number, thing: number, state: State): number {
  const { orders, civil } = state;
  if (kind === kinds.hold) return state.placedAtMs(thing);
  if (kind === kinds.order || kind === kinds.confirm) {
    return orders.createdAtMs.get(thing) - civil.offsetAt(orders.position.get(thing));
  }
  return NaN;
}
