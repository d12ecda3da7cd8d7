/**
 * The auditor's own books of the native API's sales. It knows only requests and answers, and walks
 * them by the positions that the answers name. Of expiry it knows only what follows from deadlines
 * and from how holds ended.
 */
import { numberOf, objectsOf, parseObject, textOf, timeOf } from '../load/json.ts';
import type { Line, Operation } from './operation.ts';
import { isOk, nameOf, positionOf } from './operation.ts';
import type { Problems } from './problems.ts';

/** A sale's counts as they were read. */
export interface SaleRead {
  readonly sale: string;
  readonly position: number;
  readonly sold: number;
  readonly held: number;
  readonly available: number;
  readonly callNs: number;
  readonly returnNs: number;
}

/** What the auditor knows of a hold that no request has ended. */
interface OpenHold {
  readonly quantity: number;
  deadlineMs: number;
}

export interface Book {
  readonly capacity: number;
  sold: number;
  readonly open: Map<Operation, OpenHold>;
}

interface Item {
  readonly position: number;
  /** Effects come before what was seen at the same position. */
  readonly rank: 0 | 1;
  readonly callNs: number;
  readonly returnNs: number;
  readonly happened: Operation | SaleRead;
}

export class Ledger {
  readonly books = new Map<string, Book>();
  /** Numbers of cancelled lines, by order. */
  readonly cancelled = new Map<Operation, Set<number>>();
  /** What each cancellation gave back, without lines that were cancelled before it. */
  readonly returned = new Map<Operation, readonly Line[]>();
  /** What clients read of sales under load. */
  readonly reads: SaleRead[] = [];
  private readonly problems: Problems;
  /**
   * By hold: the last position at which a request about it succeeded, or a read showed it active.
   * It had not expired there.
   */
  private readonly aliveUntil = new Map<Operation, number>();
  /** Log times that answers name, by position, ascending. */
  private times: { readonly position: number; readonly ms: number }[] = [];

  constructor(capacities: ReadonlyMap<string, number>, problems: Problems) {
    for (const [sale, capacity] of capacities) this.books.set(sale, { capacity, sold: 0, open: new Map() });
    this.problems = problems;
  }

  /**
   * Walks everything that happened. `seenActive`: holds that a read showed active, with the
   * position.
   */
  audit(
    operations: readonly Operation[],
    reads: readonly SaleRead[],
    seenActive: ReadonlyMap<Operation, number>,
  ): void {
    for (const operation of operations) {
      const position = isOk(operation) ? positionOf(operation) : null;
      if (operation.of === null || position === null) continue;
      this.aliveUntil.set(operation.of, Math.max(position, this.aliveUntil.get(operation.of) ?? 0));
    }
    for (const [hold, position] of seenActive) {
      this.aliveUntil.set(hold, Math.max(position, this.aliveUntil.get(hold) ?? 0));
    }
    this.times = timesOf(operations);
    this.auditTimes();
    const items = [...operations.flatMap(itemOf), ...reads.map(readItem)];
    for (const { happened } of items) if (!('kind' in happened)) this.reads.push(happened);
    items.sort((one, other) => one.position - other.position || one.rank - other.rank);
    this.walk(items);
  }

  private walk(items: readonly Item[]): void {
    let latestCallNs = 0;
    // Two observations at one position have no order between them.
    let latestSeenNs = 0;
    let position = 0;
    for (const item of items) {
      if (item.position > position) latestCallNs = Math.max(latestCallNs, latestSeenNs);
      position = item.position;
      if (item.returnNs < latestCallNs) {
        const what = 'kind' in item.happened ? nameOf(item.happened) : `a read of ${item.happened.sale}`;
        this.problems.add(
          'the order of the log contradicts time',
          `${what}, at position ${item.position}, was answered before an earlier one was asked for`,
        );
      }
      if (item.rank === 0) latestCallNs = Math.max(latestCallNs, item.callNs);
      else latestSeenNs = Math.max(latestSeenNs, item.callNs);
      if (!('kind' in item.happened)) this.see(item.happened);
      else if (item.rank === 0) this.apply(item.happened, item.position);
      else this.judgeRefusal(item.happened);
    }
  }

  private apply(operation: Operation, position: number): void {
    const { kind, of } = operation;
    if (kind === 'order' || kind === 'basket') {
      for (const { sale, quantity } of operation.lines) this.sell(sale, quantity);
    } else if (kind === 'hold') {
      const { sale, quantity } = operation.lines[0]!;
      const deadlineMs = timeOf(bodyOf(operation), 'expiresAt');
      this.books.get(sale)?.open.set(operation, { quantity, deadlineMs });
    } else if (of !== null && kind === 'cancel') {
      this.cancel(operation, of);
    } else if (of !== null) {
      this.onHold(operation, of);
    }
    for (const sale of new Set(operation.lines.map((line) => line.sale))) this.judgeStock(sale, operation, position);
  }

  private sell(sale: string, quantity: number): void {
    const book = this.books.get(sale);
    if (book !== undefined) book.sold += quantity;
  }

  private onHold(operation: Operation, hold: Operation): void {
    const { sale } = hold.lines[0]!;
    const book = this.books.get(sale);
    const open = book?.open.get(hold);
    if (book === undefined || open === undefined) {
      this.problems.add('a hold ended twice', `${nameOf(operation)} succeeded after another end of it`);
      return;
    }
    if (operation.kind === 'extend') {
      const deadlineMs = timeOf(bodyOf(operation), 'expiresAt');
      if (deadlineMs < open.deadlineMs) this.problems.add('a hold was shortened', nameOf(operation));
      open.deadlineMs = Math.max(open.deadlineMs, deadlineMs);
      return;
    }
    book.open.delete(hold);
    if (operation.kind !== 'confirm') return;
    book.sold += open.quantity;
    const confirmedMs = timeOf(bodyOf(operation), 'createdAt');
    if (confirmedMs >= open.deadlineMs) {
      const late = confirmedMs - open.deadlineMs;
      this.problems.add('an expired hold became an order', `${nameOf(operation)}, ${late} ms after its deadline`);
    }
  }

  private cancel(operation: Operation, order: Operation): void {
    const cancelled = this.cancelled.get(order) ?? new Set<number>();
    this.cancelled.set(order, cancelled);
    const named = parseObject(operation.body ?? '{}')['lines'];
    const lines = Array.isArray(named) ? named.map(Number) : order.lines.map((_, at) => at);
    const returned = lines.filter((line) => !cancelled.has(line)).map((line) => order.lines[line]!);
    for (const line of lines) cancelled.add(line);
    for (const { sale, quantity } of returned) this.sell(sale, -quantity);
    this.returned.set(operation, returned);
    const told = cancelledIn(operation);
    if (told.join() !== [...cancelled].sort((one, other) => one - other).join()) {
      this.problems.add(
        'a cancellation says something else',
        `${nameOf(operation)} was told that lines ${told.join()} are cancelled`,
      );
    }
  }

  /** What must be held at a position, even if every hold that could expire has expired. */
  private surelyHeld(book: Book, position: number): number {
    const latestMs = this.latestTimeAt(position);
    let held = 0;
    for (const [hold, { quantity, deadlineMs }] of book.open) {
      if (position <= (this.aliveUntil.get(hold) ?? 0) || deadlineMs > latestMs) held += quantity;
    }
    return held;
  }

  private judgeStock(sale: string, operation: Operation, position: number): void {
    const book = this.books.get(sale);
    if (book === undefined) return;
    const held = this.surelyHeld(book, position);
    if (book.sold + held > book.capacity) {
      const account = `${book.sold} sold and ${held} held of ${book.capacity} of ${sale} after ${nameOf(operation)} at position ${position}`;
      this.problems.add('more was sold than there is', account);
    }
  }

  /**
   * For a request over several sales, one short sale is enough. Expired holds still count as held:
   * a request that fits even then was refused wrongly.
   */
  private judgeRefusal(operation: Operation): void {
    const demand = new Map<string, number>();
    for (const { sale, quantity } of operation.lines) demand.set(sale, (demand.get(sale) ?? 0) + quantity);
    const lefts: string[] = [];
    for (const [sale, quantity] of demand) {
      const book = this.books.get(sale);
      if (book === undefined) return;
      const left = book.capacity - book.sold - heldAtMost(book);
      if (left < quantity) return;
      lefts.push(`${left} of ${sale}`);
    }
    const account = `${nameOf(operation)}, while ${lefts.join(' and ')} were left at position ${positionOf(operation)}`;
    this.problems.add('a request that fits was refused', account);
  }

  private see(read: SaleRead): void {
    const book = this.books.get(read.sale);
    if (book === undefined) return;
    const least = this.surelyHeld(book, read.position);
    const most = heldAtMost(book);
    const sums = read.sold + read.held + read.available === book.capacity;
    if (!sums || read.sold !== book.sold || read.held < least || read.held > most) {
      const own = `by the clients' record ${book.sold} sold, ${least === most ? least : `${least} to ${most}`} held of ${book.capacity}`;
      const account = `${read.sale} at position ${read.position}: ${read.sold} sold, ${read.held} held, ${read.available} available; ${own}`;
      this.problems.add("the state differs from the clients' record", account);
    }
  }

  private latestTimeAt(position: number): number {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return this.times[low]?.ms ?? Infinity;
  }

  private auditTimes(): void {
    let latest = { position: 0, ms: 0 };
    for (const time of this.times) {
      if (time.ms < latest.ms) {
        this.problems.add(
          'log time went back',
          `from ${latest.ms} at position ${latest.position} to ${time.ms} at ${time.position}`,
        );
      }
      latest = time;
    }
  }
}

function itemOf(operation: Operation): Item[] {
  const { kind, answer, callNs } = operation;
  const position = positionOf(operation);
  if (answer === null || position === null || kind === 'create') return [];
  const item = { position, callNs, returnNs: operation.returnNs ?? Infinity };
  if (kind === 'read') return isOk(operation) ? [{ ...item, rank: 1, happened: saleReadOf(operation, position) }] : [];
  if (isOk(operation)) return [{ ...item, rank: 0, happened: operation }];
  return isSoldOut(operation) ? [{ ...item, rank: 1, happened: operation }] : [];
}

export function isSoldOut(operation: Operation): boolean {
  return operation.answer?.status === 409 && operation.answer.body.includes('"SOLD_OUT"');
}

function readItem(read: SaleRead): Item {
  return { position: read.position, rank: 1, callNs: read.callNs, returnNs: read.returnNs, happened: read };
}

/** The counts in an answer to a read of a sale. */
export function saleReadOf(operation: Operation, position: number): SaleRead {
  const body = bodyOf(operation);
  return {
    sale: textOf(body, 'id'),
    position,
    sold: numberOf(body, 'sold'),
    held: numberOf(body, 'held'),
    available: numberOf(body, 'available'),
    callNs: operation.callNs,
    returnNs: operation.returnNs ?? Infinity,
  };
}

function heldAtMost(book: Book): number {
  let held = 0;
  for (const { quantity } of book.open.values()) held += quantity;
  return held;
}

function cancelledIn(operation: Operation): number[] {
  const lines = objectsOf(bodyOf(operation), 'lines');
  return lines.flatMap((line, at) => (textOf(line, 'status') === 'cancelled' ? [at] : []));
}

function timesOf(operations: readonly Operation[]): { position: number; ms: number }[] {
  const timed = ['order', 'basket', 'hold', 'confirm'];
  const times = operations.flatMap((operation) => {
    const position = positionOf(operation);
    if (position === null || !isOk(operation) || !timed.includes(operation.kind)) return [];
    return [{ position, ms: timeOf(bodyOf(operation), 'createdAt') }];
  });
  return times.sort((one, other) => one.position - other.position);
}

function bodyOf(operation: Operation): ReturnType<typeof parseObject> {
  return parseObject(operation.answer?.body ?? '');
}
