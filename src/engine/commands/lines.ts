/** The lines of an order, a hold or a join: each names a sale and a number of units, or seats. */
import type { Ask, Command } from '../command.ts';
import { AskType, kindName } from '../command.ts';
import type { Codec } from './codec.ts';
import { limitsFlag, requireBytes, seatsFlag } from './codec.ts';

export const maxLines = 64;
/** Seats that one command can name. */
export const maxSeats = 512;

/** What a line asks for: a number of units, seats by index, or the best available seats. */
export const asks = { count: 0, named: 1, best: 2 } as const;

export class Lines implements Ask {
  count = 0;
  /** Sale index. */
  readonly sale = new Uint32Array(maxLines);
  readonly quantity = new Uint32Array(maxLines);
  /** What a line asks for (`asks`); all `count` unless `asksSeats`. */
  asksSeats = false;
  readonly ask = new Uint8Array(maxLines);
  /** Best: index of the section (`state.seats`) + 1; 0 for any. */
  readonly section = new Uint32Array(maxLines);
  readonly accessible = new Uint8Array(maxLines);
  readonly split = new Uint8Array(maxLines);
  /** Named: seat indexes, line after line, as many as each line's quantity. */
  seatCount = 0;
  readonly seats = new Uint32Array(maxSeats);
  /** order: take what is available, and join the waitlist for the rest. */
  partial = false;

  clear(): void {
    this.count = 0;
    this.asksSeats = false;
    this.seatCount = 0;
    this.partial = false;
  }

  /** Adds a line for a number of units of a sale. */
  add(sale: number, quantity: number): void {
    if (this.count >= maxLines) throw new Error(`an order has at most ${maxLines} lines`);
    this.sale[this.count] = sale;
    this.quantity[this.count] = quantity;
    this.ask[this.count] = asks.count;
    this.count += 1;
  }

  /**
   * Adds a line for the best available seats. `section`: index + 1, 0 for any; 0xffffffff for an
   * unknown one.
   */
  addBest(sale: number, quantity: number, section: number, accessible: boolean, split: boolean): void {
    this.add(sale, quantity);
    const line = this.count - 1;
    this.asksSeats = true;
    this.ask[line] = asks.best;
    this.section[line] = section;
    this.accessible[line] = accessible ? 1 : 0;
    this.split[line] = split ? 1 : 0;
  }

  /** Adds a line for seats by index; 0xffffffff for an unknown one. */
  addSeats(sale: number, seats: readonly number[]): void {
    if (this.seatCount + seats.length > maxSeats) throw new Error(`a command names at most ${maxSeats} seats`);
    this.add(sale, seats.length);
    const line = this.count - 1;
    this.asksSeats = true;
    this.ask[line] = asks.named;
    for (const seat of seats) {
      this.seats[this.seatCount] = seat;
      this.seatCount += 1;
    }
  }
}

const linesAsk = new AskType(() => new Lines());

export function linesOf(command: Command): Lines {
  return command.ask(linesAsk);
}

const lineBytes = 8;
const seatLineBytes = 6;

function hasSeats(lines: Lines): boolean {
  return lines.asksSeats || lines.partial;
}

export function flagsOfLines(lines: Lines): number {
  return lines.count | (hasSeats(lines) ? seatsFlag : 0);
}

/** Bytes of lines and seats together. */
export function bytesOfLines(lines: Lines): number {
  const counts = lineBytes * lines.count;
  return hasSeats(lines) ? counts + seatLineBytes * lines.count + 3 + 4 * lines.seatCount : counts;
}

export function writeLines(lines: Lines, view: DataView, from: number): number {
  let at = from;
  for (let line = 0; line < lines.count; line += 1) {
    view.setUint32(at, lines.sale[line]!, true);
    view.setUint32(at + 4, lines.quantity[line]!, true);
    at += lineBytes;
  }
  return at;
}

/**
 * Writes what the lines ask for and the seats that they name; nothing when no line asks for seats.
 */
export function writeSeats(lines: Lines, view: DataView, from: number): number {
  if (!hasSeats(lines)) return from;
  let at = from;
  for (let line = 0; line < lines.count; line += 1) {
    const ask = lines.asksSeats ? lines.ask[line]! : asks.count;
    const best = ask === asks.best;
    view.setUint8(at, ask);
    view.setUint8(at + 1, best ? lines.accessible[line]! | (lines.split[line]! << 1) : 0);
    view.setUint32(at + 2, best ? lines.section[line]! : 0, true);
    at += seatLineBytes;
  }
  view.setUint8(at, lines.partial ? 1 : 0);
  view.setUint16(at + 1, lines.seatCount, true);
  at += 3;
  for (let seat = 0; seat < lines.seatCount; seat += 1) {
    view.setUint32(at, lines.seats[seat]!, true);
    at += 4;
  }
  return at;
}

export function readLines(lines: Lines, view: DataView, from: number, end: number, flags: number): number {
  const count = flags & ~(seatsFlag | limitsFlag);
  if (count > maxLines) throw new Error(`a record has ${count} lines`);
  requireBytes(from, lineBytes * count, end, 'lines');
  let at = from;
  lines.count = count;
  for (let line = 0; line < count; line += 1) {
    lines.sale[line] = view.getUint32(at, true);
    lines.quantity[line] = view.getUint32(at + 4, true);
    at += lineBytes;
  }
  return at;
}

export function readSeats(lines: Lines, view: DataView, from: number, end: number, flags: number): number {
  if ((flags & seatsFlag) === 0) return from;
  requireBytes(from, seatLineBytes * lines.count + 3, end, 'lines');
  let at = from;
  lines.asksSeats = true;
  let named = 0;
  for (let line = 0; line < lines.count; line += 1) {
    const ask = view.getUint8(at);
    const flagsOfLine = view.getUint8(at + 1);
    if (ask > asks.best || flagsOfLine > 3) throw new Error('a record asks for seats in an unknown way');
    lines.ask[line] = ask;
    lines.accessible[line] = flagsOfLine & 1;
    lines.split[line] = flagsOfLine >>> 1;
    lines.section[line] = view.getUint32(at + 2, true);
    if (ask === asks.named) named += lines.quantity[line]!;
    at += seatLineBytes;
  }
  const partial = view.getUint8(at);
  if (partial > 1) throw new Error('a record asks for seats in an unknown way');
  lines.partial = partial === 1;
  const seatCount = view.getUint16(at + 1, true);
  at += 3;
  if (seatCount > maxSeats || seatCount !== named || at + 4 * seatCount > end)
    throw new Error(`a record names ${seatCount} seats`);
  lines.seatCount = seatCount;
  for (let seat = 0; seat < seatCount; seat += 1) {
    lines.seats[seat] = view.getUint32(at, true);
    at += 4;
  }
  return at;
}

export function describeLines(lines: Lines, words: Record<string, unknown>): void {
  if (lines.count === 0) return;
  words['lines'] = Array.from({ length: lines.count }, (_, line) => ({
    sale: lines.sale[line],
    quantity: lines.quantity[line],
    ...(lines.asksSeats && lines.ask[line] === asks.best ? describeBest(lines, line) : {}),
  }));
  if (lines.seatCount > 0) words['seats'] = Array.from(lines.seats.subarray(0, lines.seatCount));
  if (lines.partial) words['partial'] = true;
}

function describeBest(lines: Lines, line: number): Record<string, unknown> {
  const section = lines.section[line]!;
  return {
    best: true,
    ...(section > 0 ? { section: section - 1 } : {}),
    ...(lines.accessible[line] === 1 ? { accessible: true } : {}),
    ...(lines.split[line] === 1 ? { split: true } : {}),
  };
}

/** Orders and joins. The engine refuses the seats that only some of them may ask for. */
export const linesCodec: Codec = {
  hasBody: false,
  flags: (command) => flagsOfLines(linesOf(command)),
  bytes: (command) => bytesOfLines(linesOf(command)),
  write(command, view, at) {
    const lines = linesOf(command);
    return writeSeats(lines, view, writeLines(lines, view, at));
  },
  read(command, view, at, end, flags) {
    if ((flags & limitsFlag) !== 0) throw new Error(`a record of ${kindName(command.kind)} has limits`);
    const lines = linesOf(command);
    return readSeats(lines, view, readLines(lines, view, at, end, flags), end, flags);
  },
  describe: (command, words) => describeLines(linesOf(command), words),
};
