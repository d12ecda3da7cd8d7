/** The command that books the difference between what a card paid for a day and what it owes. */
import type { Ask, Command } from '../command.ts';
import { AskType } from '../command.ts';
import type { Codec } from './codec.ts';
import { refuseFlags, requireBytes } from './codec.ts';

/** Of one card (the command's `target`) and one day. */
export class Adjustment implements Ask {
  /** The day, days since 1970-01-01 in the tariff's time zone. */
  day = 0;
  /** What the card paid more than it owed (positive: given back), minor units. */
  amount = 0;
  /** The sum of the day's fares, with earlier adjustments, that the amount was computed from. */
  replaces = 0;
  /**
   * Which computation it is of: 0 for the settlement of a day, else a hash of a re-rating's terms.
   * One run books a card and day once.
   */
  run = 0;
  /**
   * Log position that it was computed from: what moved the day since then refuses it. Infinity for
   * one that asks for no such thing.
   */
  upTo = Infinity;

  clear(): void {
    this.upTo = Infinity;
    this.day = 0;
    this.amount = 0;
    this.replaces = 0;
    this.run = 0;
  }
}

const adjustmentAsk = new AskType(() => new Adjustment());

export function adjustmentOf(command: Command): Adjustment {
  return command.ask(adjustmentAsk);
}

const adjustmentBytes = 36;

export const adjustmentCodec: Codec = {
  hasBody: false,
  flags: () => 0,
  bytes: () => adjustmentBytes,
  write(command, view, at) {
    const { day, amount, replaces, run, upTo } = adjustmentOf(command);
    view.setUint32(at, command.target, true);
    view.setInt32(at + 4, day, true);
    view.setFloat64(at + 8, amount, true);
    view.setFloat64(at + 16, replaces, true);
    view.setUint32(at + 24, run, true);
    view.setFloat64(at + 28, upTo, true);
    return at + adjustmentBytes;
  },
  read(command, view, at, end, flags) {
    refuseFlags(command, flags);
    requireBytes(at, adjustmentBytes, end, 'adjustment');
    const adjustment = adjustmentOf(command);
    command.target = view.getUint32(at, true);
    adjustment.day = view.getInt32(at + 4, true);
    adjustment.amount = view.getFloat64(at + 8, true);
    adjustment.replaces = view.getFloat64(at + 16, true);
    adjustment.run = view.getUint32(at + 24, true);
    adjustment.upTo = view.getFloat64(at + 28, true);
    return at + adjustmentBytes;
  },
  describe(command, words) {
    const { day, amount, replaces, run, upTo } = adjustmentOf(command);
    Object.assign(words, { card: command.target, day, amount, replaces, run });
    if (upTo !== Infinity) words['upTo'] = upTo;
  },
};
