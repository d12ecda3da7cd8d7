/** The answers that the clients of a rush got, and whether all of them can be true at once. */
import assert from 'node:assert/strict';
import type { Answer } from '../../http/support/client.ts';
import type { Fields } from './support.ts';
import { dataIn, seatsIn } from './support.ts';

/** A request with its key, sent until it was answered. */
export interface Request {
  readonly key: string;
  readonly method: 'POST' | 'DELETE';
  readonly json: Fields;
  /** When it was first sent, and when it was answered, by the clock of the test. */
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly answer: Answer;
}

interface Holding {
  readonly seats: readonly number[];
  /** When a client learned of it. */
  readonly toldMs: number;
  /** When its cancelling was first asked for; null while it stands. */
  givenBackMs: number | null;
}

export class Ledger {
  readonly requests: Request[] = [];
  /** By small id, which is the order of the log. */
  private readonly holdings = new Map<number, Holding>();

  /** Refusals are no holdings: they stay what they are until something changes. */
  get successes(): readonly Request[] {
    return this.requests.filter(({ answer }) => answer.status === 200);
  }

  note(request: Request): void {
    const { method, answer, answeredMs, sentMs, json } = request;
    this.requests.push(request);
    if (answer.status !== 200) return;
    if (method === 'POST') {
      const { bookingId } = dataIn(answer);
      if (bookingId !== null)
        this.book(
          Number(bookingId),
          seatsIn(answer).map(({ id }) => id),
          answeredMs,
        );
      return;
    }
    const cancelled = this.holdings.get(Number(json['bookingId']));
    assert.ok(cancelled !== undefined && cancelled.givenBackMs === null, `${answer.text} of what nobody has`);
    assert.deepEqual(new Set(seatsIn(answer).map(({ id }) => id)), new Set(cancelled.seats));
    cancelled.givenBackMs = sentMs;
    for (const given of dataIn(answer)['reallocated'] as readonly Fields[]) {
      assert.equal(given['status'], 'booked');
      this.book(Number(given['bookingId']), given['seats'] as readonly number[], answeredMs);
    }
  }

  /** Every booking that a client learned of: its seats, and whether it still exists. */
  bookings(): { readonly id: number; readonly seats: readonly number[]; readonly stands: boolean }[] {
    return [...this.holdings].map(([id, { seats, givenBackMs }]) => ({ id, seats, stands: givenBackMs === null }));
  }

  /**
   * Seats of bookings that stand. No seat is in two of them, nor was it sold again before it was
   * asked back.
   */
  standingSeats(): Set<number> {
    const standing = new Set<number>();
    const before = new Map<number, Holding>();
    const inOrder = [...this.holdings].sort(([one], [other]) => one - other);
    for (const [id, holding] of inOrder) {
      for (const seat of holding.seats) {
        const earlier = before.get(seat);
        if (earlier !== undefined) {
          const { givenBackMs } = earlier;
          assert.ok(givenBackMs !== null, `seat ${seat} was sold twice, again by booking ${id}`);
          assert.ok(givenBackMs <= holding.toldMs, `seat ${seat} was sold by booking ${id} before it was back`);
        }
        before.set(seat, holding);
        if (holding.givenBackMs === null) standing.add(seat);
      }
    }
    return standing;
  }

  private book(id: number, seats: readonly number[], toldMs: number): void {
    assert.ok(!this.holdings.has(id), `booking ${id} was told twice`);
    assert.equal(new Set(seats).size, seats.length);
    this.holdings.set(id, { seats, toldMs, givenBackMs: null });
  }
}
