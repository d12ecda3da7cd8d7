/** One connection of a run, with the request that it repeats. */
import type { Answers } from './connection.ts';
import { Connection } from './connection.ts';
import type { RequestBytes } from './request-bytes.ts';

export interface LaneOwner {
  onAnswer(lane: Lane, status: number, bytes: Uint8Array, bodyStart: number, end: number): void;
  onLost(lane: Lane, waiting: boolean, fault: Error | null): void;
}

export class Lane implements Answers {
  readonly request: RequestBytes;
  readonly connection: Connection;
  /** Open loop: when the request in flight was due, ms; and its number. */
  dueMs = 0;
  number = 0;
  private readonly owner: LaneOwner;

  constructor(request: RequestBytes, owner: LaneOwner) {
    this.request = request;
    this.owner = owner;
    this.connection = new Connection(this);
  }

  onAnswer(status: number, bytes: Uint8Array, bodyStart: number, end: number): void {
    this.owner.onAnswer(this, status, bytes, bodyStart, end);
  }

  onLost(waiting: boolean, fault: Error | null): void {
    this.owner.onLost(this, waiting, fault);
  }
}
