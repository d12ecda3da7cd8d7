/**
 * Reads the server's state over HTTP after a round, every sale, hold and order of it, and compares
 * it with the clients' record.
 */
import type { Client } from './client.ts';
import { nowNs } from './clock.ts';
import { objectsOf, parseObject, textOf, timeOf } from '../load/json.ts';
import type { Ledger, SaleRead } from '../audit/ledger.ts';
import { saleReadOf } from '../audit/ledger.ts';
import { readOf } from './mixes.ts';
import type { Operation } from '../audit/operation.ts';
import { isOk, nameOf } from '../audit/operation.ts';
import type { Problems } from '../audit/problems.ts';

export interface HoldRead {
  readonly operation: Operation;
  readonly id: string;
  readonly status: string;
  readonly position: number;
}

export interface OrderRead {
  readonly operation: Operation;
  readonly id: string;
  /** Numbers of its cancelled lines, ascending. */
  readonly cancelled: readonly number[];
  readonly position: number;
}

export interface StateReads {
  readonly sales: readonly SaleRead[];
  readonly holds: readonly HoldRead[];
  readonly orders: readonly OrderRead[];
}

/** How late an expiry may be, ms, on a busy machine. */
const lateMs = 5000;
const earlyMs = 500;

/** @throws Error when the server does not answer a plain read */
export async function readState(
  clients: readonly Client[],
  sales: readonly string[],
  operations: readonly Operation[],
): Promise<StateReads> {
  const reads: StateReads & { sales: SaleRead[]; holds: HoldRead[]; orders: OrderRead[] } = {
    sales: [],
    holds: [],
    orders: [],
  };
  const work: ((client: Client) => Promise<void>)[] = sales.map((sale) => async (client) => {
    const read = await readOne(client, sale, `/v1/sales/${sale}`);
    reads.sales.push(saleReadOf(read, read.loggedAt ?? 0));
  });
  for (const operation of operations) {
    if (!isOk(operation)) continue;
    const { kind } = operation;
    if (kind === 'hold') work.push(async (client) => collect(reads.holds, await readHold(client, operation)));
    if (kind === 'order' || kind === 'basket' || kind === 'confirm') {
      work.push(async (client) => collect(reads.orders, await readOrder(client, operation)));
    }
  }
  await Promise.all(
    clients.map(async (client) => {
      for (let read = work.pop(); read !== undefined; read = work.pop()) await read(client);
    }),
  );
  return reads;
}

function collect<Read>(reads: Read[], read: Read | null): void {
  if (read !== null) reads.push(read);
}

async function readHold(client: Client, operation: Operation): Promise<HoldRead | null> {
  const id = textOf(parseObject(operation.answer?.body ?? ''), 'id');
  const read = await readThing(client, operation, `/v1/holds/${id}`);
  if (read === null) return null;
  const status = textOf(parseObject(read.answer?.body ?? ''), 'status');
  return { operation, id, status, position: read.loggedAt ?? 0 };
}

async function readOrder(client: Client, operation: Operation): Promise<OrderRead | null> {
  const id = textOf(parseObject(operation.answer?.body ?? ''), 'id');
  const read = await readThing(client, operation, `/v1/orders/${id}`);
  if (read === null) return null;
  const lines = objectsOf(parseObject(read.answer?.body ?? ''), 'lines');
  const cancelled = lines.flatMap((line, at) => (textOf(line, 'status') === 'cancelled' ? [at] : []));
  return { operation, id, cancelled, position: read.loggedAt ?? 0 };
}

/** Every thing that a client was given must be there. */
async function readThing(client: Client, operation: Operation, path: string): Promise<Operation | null> {
  const read = await readOne(client, '', path);
  if (read.answer?.status === 200) return read;
  client.record.problems.add('what was given is not there', `${path} of ${nameOf(operation)}: ${read.answer?.body}`);
  return null;
}

/** Sent by the operator, and not recorded. @throws Error without an answer */
async function readOne(client: Client, sale: string, path: string): Promise<Operation> {
  const request = { ...readOf(sale, path), byOperator: true };
  const callNs = nowNs();
  const answer = await client.send(request);
  if (answer === null) throw new Error(`GET ${path} was not answered`);
  return { ...request, client: client.number, callNs, returnNs: nowNs(), answer, loggedAt: answer.position };
}

/**
 * Each hold and order must be as the requests about it left it. A hold that no request ended lasts
 * until its deadline and no longer.
 */
export function auditThings(
  reads: StateReads,
  ledger: Ledger,
  deadlines: ReadonlyMap<Operation, number>,
  problems: Problems,
): void {
  for (const { operation, cancelled } of reads.orders) {
    const own = [...(ledger.cancelled.get(operation) ?? [])].sort((one, other) => one - other);
    if (own.join() === cancelled.join()) continue;
    problems.add(
      "the state differs from the clients' record",
      `${nameOf(operation)} has cancelled lines [${cancelled.join()}], not [${own.join()}]`,
    );
  }
  for (const { operation, status } of reads.holds) {
    const open = ledger.books.get(operation.lines[0]?.sale ?? '')?.open.get(operation);
    const deadlineMs = deadlines.get(operation) ?? 0;
    const nowMs = Date.now();
    const ended = open === undefined;
    const right = ended
      ? status === 'confirmed' || status === 'released'
      : (status === 'active' && nowMs < deadlineMs + lateMs) || (status === 'expired' && nowMs > deadlineMs - earlyMs);
    if (!right) {
      const account = `${nameOf(operation)} is ${status}, ${Math.round(nowMs - deadlineMs)} ms after its deadline${ended ? ', and a request had ended it' : ''}`;
      problems.add("the state differs from the clients' record", account);
    }
  }
}

/** The last deadline of each hold, ms since the epoch. */
export function deadlinesOf(operations: readonly Operation[]): Map<Operation, number> {
  const deadlines = new Map<Operation, number>();
  for (const operation of operations) {
    const hold = operation.kind === 'hold' ? operation : operation.kind === 'extend' ? operation.of : null;
    if (hold === null || !isOk(operation)) continue;
    const ms = timeOf(parseObject(operation.answer?.body ?? ''), 'expiresAt');
    deadlines.set(hold, Math.max(ms, deadlines.get(hold) ?? 0));
  }
  return deadlines;
}
