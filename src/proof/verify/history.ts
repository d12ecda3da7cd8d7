/**
 * The clients' record as JSON lines for an external linearizability checker. One line for each
 * operation and sale. A request that was sent again after a crash, or twice, is one operation, from
 * its first call to the answer that settled it. Replays of answered requests have no effect and no
 * line.
 */
import fs from 'node:fs';
import { nowNs, nsOfWallMs } from './clock.ts';
import { isSoldOut } from '../audit/ledger.ts';
import { rowOf } from '../audit/log-audit.ts';
import type { LoggedExpiry } from '../audit/logged-effects.ts';
import { numberOf, parseObject, textOf } from '../load/json.ts';
import type { Line, Operation } from '../audit/operation.ts';
import { isOk, isOkStatus, positionOf } from '../audit/operation.ts';
import { deadlinesOf } from './state-reads.ts';

type Outcome = 'ok' | 'sold_out' | 'gone' | 'refused';

interface HistoryLine {
  readonly client: number | null;
  readonly call_ns: number;
  readonly return_ns: number | null;
  readonly kind: string;
  readonly sale: string;
  readonly key: string | null;
  readonly quantity: number;
  readonly outcome: Outcome | null;
  readonly remaining: number | null;
  readonly seq: number | null;
  readonly expires_ns?: number;
  /** Key of the hold or order that this acts upon. */
  readonly of?: string | null;
}

/** The names of operations in the history. Extensions only move `expires_ns` of their hold. */
const kinds: Readonly<Record<string, string>> = {
  purchase: 'purchase',
  order: 'purchase',
  basket: 'purchase',
  hold: 'hold',
  confirm: 'confirm',
  release: 'cancel',
  cancel: 'cancel',
  read: 'read',
};

export class History {
  private readonly file: number;

  constructor(path: string) {
    this.file = fs.openSync(path, 'w');
  }

  /** `returned`: what each cancellation gave back. */
  writeRound(
    sales: ReadonlyMap<string, number>,
    operations: readonly Operation[],
    returned: ReadonlyMap<Operation, readonly Line[]>,
    expiries: readonly LoggedExpiry[],
  ): void {
    const lines: unknown[] = [...sales].map(([sale, quantity]) => ({ kind: 'stock', sale, quantity }));
    const deadlines = deadlinesOf(operations);
    const seen = operations.flatMap((operation) =>
      linesOf(operation, returned.get(operation) ?? operation.lines, deadlines),
    );
    const all = [...seen, ...expiryLines(operations, expiries, seen)];
    all.sort((one, other) => one.call_ns - other.call_ns);
    fs.writeSync(this.file, [...lines, ...all].map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  close(): void {
    fs.closeSync(this.file);
  }
}

function linesOf(
  operation: Operation,
  lines: readonly Line[],
  deadlines: ReadonlyMap<Operation, number>,
): HistoryLine[] {
  const kind = kinds[operation.kind];
  // A read without an answer says nothing.
  if (kind === undefined || (kind === 'read' && !isOk(operation))) return [];
  const bySale = new Map<string, number>();
  for (const { sale, quantity } of lines) bySale.set(sale, (bySale.get(sale) ?? 0) + quantity);
  const deadlineMs = deadlines.get(operation);
  return [...bySale].map(([sale, quantity]) => ({
    client: operation.client,
    call_ns: operation.callNs,
    return_ns: operation.answer === null ? null : operation.returnNs,
    kind,
    sale,
    key: operation.key,
    quantity,
    outcome: outcomeOf(operation, bySale.size > 1),
    remaining: remainingOf(operation),
    seq: operation.loggedAt ?? positionOf(operation),
    ...(operation.kind === 'hold' && deadlineMs !== undefined ? { expires_ns: nsOfWallMs(deadlineMs) } : {}),
    ...(operation.of === null ? {} : { of: operation.of.key }),
  }));
}

function outcomeOf(operation: Operation, several: boolean): Outcome | null {
  const { answer } = operation;
  if (answer === null) return null;
  if (isOkStatus(answer.status)) return 'ok';
  // Of several sales, the answer does not say which one was short.
  if (isSoldOut(operation)) return several ? 'refused' : 'sold_out';
  const ended = ['HOLD_EXPIRED', 'HOLD_RELEASED', 'HOLD_CONFIRMED', 'ORDER_CANCELLED', 'LINE_CANCELLED'];
  return ended.some((code) => answer.body.includes(`"${code}"`)) ? 'gone' : 'refused';
}

function remainingOf(operation: Operation): number | null {
  if (!isOk(operation)) return null;
  const body = parseObject(operation.answer?.body ?? '');
  if (operation.kind === 'purchase') return numberOf(body, 'seatsRemaining');
  if (operation.kind !== 'read') return null;
  return numberOf(body, 'seatsRemaining' in body ? 'seatsRemaining' : 'available');
}

/**
 * An expiry has a known position in the log. In time it lies after the call of the operation before
 * it in the log, and before the return of the first answer that names its position or a later one.
 */
function expiryLines(
  operations: readonly Operation[],
  expiries: readonly LoggedExpiry[],
  seen: readonly HistoryLine[],
): HistoryLine[] {
  const holds = new Map<number, Operation>();
  for (const operation of operations) {
    if (operation.kind !== 'hold' || !isOk(operation)) continue;
    holds.set(rowOf('hold', textOf(parseObject(operation.answer?.body ?? ''), 'id')), operation);
  }
  return expiries.flatMap(({ position, hold }) => {
    const operation = holds.get(hold);
    if (operation === undefined) return [];
    let callNs = operation.callNs;
    let returnNs = nowNs();
    for (const { seq, call_ns, return_ns } of seen) {
      if (seq !== null && seq < position) callNs = Math.max(callNs, call_ns);
      if (seq !== null && seq >= position && return_ns !== null) returnNs = Math.min(returnNs, return_ns);
    }
    const { sale, quantity } = operation.lines[0]!;
    const times = { call_ns: Math.min(callNs, returnNs), return_ns: returnNs };
    const line = { client: null, ...times, kind: 'expire', sale, key: operation.key, quantity };
    return [{ ...line, outcome: 'ok', remaining: null, seq: position, of: operation.key } as const];
  });
}
