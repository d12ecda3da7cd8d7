/**
 * The whole list of an event's available seats, by row and seat. It may be some megabytes: one copy
 * is made at a time, and shared by all readers while nothing changes.
 */
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { Node } from '../../node/node.ts';
import { jsonHeaders } from '../kit/answers.ts';
import { readId } from '../kit/input.ts';
import { OneAtATime } from '../kit/one-at-a-time.ts';
import type { Read } from '../kit/operation.ts';
import { SharedBody } from '../kit/shared-body.ts';
import { answer } from './answers.ts';
import { seatWith } from './reallocated.ts';
import { events, seats } from './records.ts';

/** Seats whose text is made in one turn of the event loop: some 5 ms. */
const sliceSeats = 2000;
const listEnd = ']}';

const encoder = new TextEncoder();

interface Copy {
  readonly event: number;
  readonly position: number;
  readonly body: SharedBody;
}

interface Asked {
  readonly eventId: number;
  /** Says whether the list is sent compressed. */
  readonly taker: Pick<Call, 'header'>;
}

/** An event that does not exist has no seats. */
export function availableSeats(node: Node): Read<Asked> {
  const copies = new Copies(node);
  return {
    read: (call) => ({ eventId: readId(call.param('eventId')), taker: call }),
    answer: ({ eventId, taker }, state) => {
      const event = events.find(state, eventId);
      return event < 0 ? answer([]) : copies.answer(taker, event);
    },
  };
}

class Copies {
  private readonly node: Node;
  /** By the event's row. */
  private readonly making = new Map<number, OneAtATime<Copy>>();
  private last: Copy | null = null;

  constructor(node: Node) {
    this.node = node;
  }

  /** `event`: row. */
  async answer(taker: Pick<Call, 'header'>, event: number): Promise<Answer> {
    const { body } = await this.copyOf(event);
    return body.answer(taker, listEnd, jsonHeaders);
  }

  private async copyOf(event: number): Promise<Copy> {
    const { last } = this;
    if (last?.event === event && last.position === this.node.engine.position) return last;
    const making = this.making.get(event) ?? new OneAtATime(() => this.make(event));
    this.making.set(event, making);
    return making.get();
  }

  /**
   * The rows are read in one turn. What is shown of a seat never changes while its row is the same,
   * so its text may be made later.
   */
  private async make(event: number): Promise<Copy> {
    const { position, state } = this.node.engine;
    const rows = rowsOfAvailable(state, event);
    const chunks = [encoder.encode('{"success":true,"data":[')];
    for (let at = 0; at < rows.length; at += sliceSeats) {
      if (at > 0) await new Promise((resolve) => setImmediate(resolve));
      const texts = rows.slice(at, at + sliceSeats).map((seat) => JSON.stringify(seatWith(state, seat, 'available')));
      chunks.push(encoder.encode(`${at > 0 ? ',' : ''}${texts.join(',')}`));
    }
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.last = { event, position, body: new SharedBody(size, size, () => chunks) };
    return this.last;
  }
}

/** By row and seat; where those have no numbers, in the order of the hall, behind the others. */
function rowsOfAvailable(state: State, event: number): number[] {
  const byRow = new Map<number | string, number[]>();
  for (const row of state.seats.hall(event).rows) {
    for (let place = 1; place <= row.width; place += 1) {
      if (!row.isAvailable(place)) continue;
      const seat = row.seatAt(place);
      const key = numberOf(state, 'row_number', seat) ?? `row ${row.row}`;
      const found = byRow.get(key);
      if (found === undefined) byRow.set(key, [seat]);
      else found.push(seat);
    }
  }
  const rank = (key: number | string): number => (typeof key === 'number' ? key : Infinity);
  const keys = [...byRow.keys()].sort((one, other) => order(rank(one), rank(other)));
  const seatRank = (seat: number): number => numberOf(state, 'seat_number', seat) ?? Infinity;
  return keys.flatMap((key) => byRow.get(key)!.sort((one, other) => order(seatRank(one), seatRank(other))));
}

/** Two seats without a number keep their order: infinities have no difference. */
function order(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

function numberOf(state: State, column: 'row_number' | 'seat_number', seat: number): number | null {
  const value = seats.columns[column]!(state, seat);
  return typeof value === 'number' ? value : null;
}
