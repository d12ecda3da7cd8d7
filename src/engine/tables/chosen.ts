import { maxSeats } from '../commands/lines.ts';

/** The seats of the last choices, line after line. */
export class Chosen {
  count = 0;
  /** Whether the caller wants the seats, or only to know whether there are any. */
  isWanted = true;
  readonly seats = new Uint32Array(maxSeats);

  /** Empty, for the next command. */
  begin(isWanted: boolean): void {
    this.count = 0;
    this.isWanted = isWanted;
  }

  add(seat: number): void {
    if (this.count >= maxSeats) throw new Error(`a request has at most ${maxSeats} seats`);
    this.seats[this.count] = seat;
    this.count += 1;
  }
}
