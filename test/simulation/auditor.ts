/**
 * Knows only requests and answers. It walks the answers by the positions they name and keeps its
 * own books. It is exact: the remaining stock, whether a refusal was right, and when a hold may
 * have expired all follow from earlier answers.
 */
import assert from 'node:assert/strict';
import { hallRows } from './hall.ts';
import type { Asked, Line, Told } from './request.ts';

interface Entry {
  readonly asked: Asked;
  readonly told: Told;
}

interface OpenHold {
  readonly sale: number;
  readonly quantity: number;
  readonly seats: readonly number[];
  /** Log time. */
  readonly createdMs: number;
  deadlineMs: number;
}

interface OpenOrder {
  readonly lines: Asked['lines'];
  /** Of the one line that has any. */
  readonly seats: readonly number[];
}

function isSeated({ seats, best }: Line): boolean {
  return seats !== undefined || best !== undefined;
}

/** Whether seats stand side by side in one row. */
function areTogether(seats: readonly number[]): boolean {
  const row = hallRows.find((row) => row.includes(seats[0]!));
  return seats.every((seat, at) => row?.includes(seat) === true && seat === seats[0]! + at);
}

export interface Counts {
  readonly sold: number;
  readonly held: number;
}

export class Auditor {
  readonly entries: Entry[] = [];
  private readonly capacities: readonly number[];
  private readonly sold: number[];
  private readonly open = new Map<number, OpenHold>();
  private readonly orders = new Map<number, OpenOrder>();
  /** Seats that are held or sold. */
  private readonly taken = new Set<number>();
  private readonly cancelled = new Map<number, Set<number>>();

  constructor(capacities: readonly number[]) {
    this.capacities = capacities;
    this.sold = capacities.map(() => 0);
  }

  /** The first answer to a request that can be relied on. */
  note(asked: Asked, told: Told): void {
    this.entries.push({ asked, told });
  }

  /** Asserts that another answer to the same request is the same. */
  again(asked: Asked, first: Told, told: Told): void {
    const { timeMs: _, ...wanted } = first;
    const { timeMs: __, ...got } = told;
    assert.deepEqual(got, wanted, `${asked.kind} ${asked.key} was answered otherwise`);
  }

  /** Walks everything. Returns the counts that each sale must have at a log time after it. */
  audit(nowMs: number): Counts[] {
    const rank = ({ told }: Entry): number => (told.ok ? 0 : 1);
    this.entries.sort((one, other) => one.told.position - other.told.position || rank(one) - rank(other));
    let position = 0;
    let timeMs = 0;
    for (const entry of this.entries) {
      const { asked, told } = entry;
      const knownMs = told.ok ? told.createdMs : told.timeMs;
      if (!Number.isNaN(knownMs)) {
        assert.ok(knownMs >= timeMs, `log time went back from ${timeMs} to ${knownMs} at position ${told.position}`);
        timeMs = knownMs;
        this.expire(timeMs);
      }
      if (told.ok) {
        assert.ok(told.position > position, `two effects at position ${position}: ${asked.kind} ${asked.key}`);
        position = told.position;
        this.apply(asked, told);
      } else {
        this.judgeRefusal(asked, told);
      }
    }
    this.expire(nowMs);
    return this.capacities.map((_, sale) => ({ sold: this.sold[sale]!, held: this.heldOf(sale) }));
  }

  /** Seats that are held or sold, after `audit`. */
  takenSeats(): number[] {
    return [...this.taken].toSorted((one, other) => one - other);
  }

  private expire(timeMs: number): void {
    for (const [hold, { deadlineMs, seats }] of this.open) {
      if (deadlineMs > timeMs) continue;
      this.open.delete(hold);
      for (const seat of seats) this.taken.delete(seat);
    }
  }

  private apply(asked: Asked, told: Told): void {
    const what = `${asked.kind} ${asked.key} at position ${told.position}`;
    switch (asked.kind) {
      case 'order':
        this.makeOrder(told.thing, { lines: asked.lines, seats: told.seats }, what);
        this.takeSeats(asked, told, what);
        for (const { sale, quantity } of asked.lines) this.sold[sale]! += quantity;
        return this.judgeStock(asked, told, what);
      case 'hold': {
        const { sale, quantity } = asked.lines[0]!;
        assert.ok(!this.open.has(told.thing), `${what} got a hold that somebody has`);
        const { seats, createdMs } = told;
        this.takeSeats(asked, told, what);
        this.open.set(told.thing, { sale, quantity, seats, createdMs, deadlineMs: createdMs + asked.holdMs });
        return this.judgeStock(asked, told, what);
      }
      case 'confirm': {
        const hold = this.end(asked.target, what);
        assert.deepEqual(told.seats, hold.seats, `${what} sold other seats than were held`);
        this.makeOrder(told.thing, { lines: [hold], seats: hold.seats }, what);
        this.sold[hold.sale]! += hold.quantity;
        return;
      }
      case 'release':
        for (const seat of this.end(asked.target, what).seats) this.taken.delete(seat);
        return;
      case 'extend': {
        const hold = this.open.get(asked.target);
        assert.ok(hold !== undefined, `${what} extended a hold that had ended`);
        const deadlineMs = hold.createdMs + told.remaining;
        assert.ok(deadlineMs >= hold.deadlineMs, `${what} shortened a hold`);
        hold.deadlineMs = deadlineMs;
        return;
      }
      case 'cancel':
        return this.cancelLines(asked, what);
    }
  }

  private makeOrder(row: number, order: OpenOrder, what: string): void {
    assert.ok(!this.orders.has(row), `${what} got an order that somebody has`);
    this.orders.set(row, order);
  }

  /** Asserts that the seats are the requested ones, in the requested number, and free. */
  private takeSeats({ lines }: Asked, { seats }: Told, what: string): void {
    const line = lines.find(isSeated);
    assert.equal(seats.length, line?.quantity ?? 0, `what ${what} got`);
    if (line?.seats !== undefined) assert.deepEqual(seats, line.seats, `${what} got other seats than it named`);
    if (line?.best === 'together') assert.ok(areTogether(seats), `${what} got seats apart: ${seats.join()}`);
    for (const seat of seats) {
      assert.ok(!this.taken.has(seat), `${what} got seat ${seat} that somebody has`);
      this.taken.add(seat);
    }
  }

  private end(row: number, what: string): OpenHold {
    const hold = this.open.get(row);
    assert.ok(hold !== undefined, `${what} ended a hold that had ended`);
    this.open.delete(row);
    return hold;
  }

  private cancelLines(asked: Asked, what: string): void {
    const order = this.orders.get(asked.target);
    assert.ok(order !== undefined, `${what} cancelled an order that nobody has`);
    const { lines, seats } = order;
    const cancelled = this.cancelled.get(asked.target) ?? new Set<number>();
    this.cancelled.set(asked.target, cancelled);
    const named = asked.cancel.length > 0 ? asked.cancel : [...lines.keys()].filter((line) => !cancelled.has(line));
    for (const line of new Set(named)) {
      assert.ok(!cancelled.has(line), `${what} cancelled line ${line} again`);
      cancelled.add(line);
      const { sale, quantity } = lines[line]!;
      this.sold[sale]! -= quantity;
      if (sale === this.capacities.length - 1) for (const seat of seats) this.taken.delete(seat);
    }
  }

  private judgeStock(asked: Asked, told: Told, what: string): void {
    for (const { sale } of asked.lines)
      assert.ok(this.leftOf(sale) >= 0, `${what} sold more than there is of sale ${sale}`);
    assert.equal(told.remaining, this.leftOf(asked.lines[0]!.sale), `what ${what} left`);
  }

  private judgeRefusal(asked: Asked, told: Told): void {
    const what = `${asked.kind} ${asked.key} at position ${told.position}`;
    if (told.code === 'SOLD_OUT') {
      const demand = new Map<number, number>();
      for (const { sale, quantity } of asked.lines) demand.set(sale, (demand.get(sale) ?? 0) + quantity);
      const short = [...demand].some(([sale, quantity]) => this.leftOf(sale) < quantity);
      assert.ok(short, `${what} was refused, and fits`);
    } else if (told.code === 'SEAT_TAKEN') {
      const named = asked.lines.flatMap(({ seats = [] }) => seats);
      assert.ok(
        named.some((seat) => this.taken.has(seat)),
        `${what} was refused, and its seats are free`,
      );
    } else if (told.code === 'NOT_TOGETHER') {
      const { quantity } = asked.lines.find(isSeated)!;
      assert.ok(!this.haveTogether(quantity), `${what} was refused, and ${quantity} are free side by side`);
    } else if (told.code.startsWith('HOLD_')) {
      assert.ok(!this.open.has(asked.target), `${what} was told ${told.code} of a hold that stands`);
    } else {
      assert.ok(['ORDER_CANCELLED', 'LINE_CANCELLED'].includes(told.code), `${what} was told ${told.code}`);
    }
  }

  private haveTogether(quantity: number): boolean {
    return hallRows.some((row) => {
      const starts = row.slice(0, row.length - quantity + 1);
      return starts.some((_, at) => row.slice(at, at + quantity).every((seat) => !this.taken.has(seat)));
    });
  }

  private leftOf(sale: number): number {
    return this.capacities[sale]! - this.sold[sale]! - this.heldOf(sale);
  }

  private heldOf(sale: number): number {
    let held = 0;
    for (const hold of this.open.values()) if (hold.sale === sale) held += hold.quantity;
    return held;
  }
}
