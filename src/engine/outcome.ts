/** The outcome of a command. One object is reused: read it before the next command is applied. */
import type { OutcomeRow } from './outcomes.ts';
import { outcomes } from './outcomes.ts';

export class Outcome {
  row: OutcomeRow = outcomes.OK;
  /** Kind of the command that had the effect; for a replay, of the first one. */
  kind = 0;
  /**
   * Position of the effect in the log; for a refusal from memory, the position at which it is true.
   */
  position = 0;
  /** Log time, ms. */
  timeMs = 0;
  /**
   * The row that the command made or changed, by kind: order, confirm, cancel: order row; hold,
   * extend, release: hold row; createSale, updateSale: sale row; createCustomer: customer row;
   * joinWaitlist, leaveWaitlist: entry row; createCard, topUp, refund, blockCard, unblockCard: card
   * row; issueCards: the first card's row; addKey, removeKey: key row.
   */
  thing = 0;
  /**
   * order, hold: units left in the (first line's) sale right after. extend: the deadline, ms after
   * the hold's creation. joinWaitlist: how many wait before the entry. issueCards: how many cards.
   * createCard, topUp, refund: the balance right after, as an unsigned word: `| 0` gives the
   * number.
   */
  remaining = 0;
  /** An earlier command with the same key had the effect. */
  replayed = false;

  get ok(): boolean {
    return this.row.number < 10;
  }

  /** Begins the outcome of a command of this kind, as OK. */
  begin(kind: number, position: number, timeMs: number): void {
    this.refuse(outcomes.OK, kind, position, timeMs);
  }

  refuse(row: OutcomeRow, kind: number, position: number, timeMs: number): void {
    this.row = row;
    this.kind = kind;
    this.position = position;
    this.timeMs = timeMs;
    this.thing = 0;
    this.remaining = 0;
    this.replayed = false;
  }

  copyFrom(other: Outcome): this {
    this.row = other.row;
    this.kind = other.kind;
    this.position = other.position;
    this.timeMs = other.timeMs;
    this.thing = other.thing;
    this.remaining = other.remaining;
    this.replayed = other.replayed;
    return this;
  }
}
