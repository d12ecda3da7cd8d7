import { maxSeats } from '../command.ts';

/** The seats of the last choices, line after line. */
export class Chosen {
  count = 0;
  readonly seats = new Uint32Array(maxSeats);

  add(seat: number): void {
    if (this.count >= maxSeats) throw new Error(`a request has at most ${maxSeats} seats`);
    this.seats[this.count] = seat;
    this.count += 1;
  }
}
