/**
 * Taps and their outcomes as rows of bytes: `application/vnd.holdfast.taps`. All numbers are
 * little-endian; DESIGN.md has the tables and a vector.
 */
import type { TapRows } from '../../engine/tables/journal.ts';
import { maxTaps } from '../../engine/commands/taps.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Bytes } from '../../http/answer.ts';
import { uuidText } from '../../engine/base/uuid.ts';

export const tapsType = 'application/vnd.holdfast.taps';
/** Bytes of a tap, and of an outcome. */
export const rowBytes = 48;
export const maxBinaryBytes = maxTaps * rowBytes;

/** How a card is named. */
export const cardForms = { number: 0, uuid: 1 } as const;

/** Times outside of it cannot be written back: those of the years 1 to 9999. */
const earliestMs = -62_135_596_800_000;
const latestMs = 253_402_300_799_999;

/** Taps as they were sent: a view on the bytes. */
export class BinaryTaps {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly count: number;

  /**
   * Checks the form of every tap. `start`: where the first begins.
   * @throws HttpFailure 400, 413, which names the first byte that is not as it should be
   */
  constructor(bytes: Uint8Array, start = 0) {
    this.bytes = start === 0 ? bytes : bytes.subarray(start);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    const { length } = this.bytes;
    if (length > maxBinaryBytes) {
      throw new HttpFailure(
        problems.BODY_TOO_LARGE,
        `The batch has ${length} bytes; at most ${maxTaps} taps of ${rowBytes} bytes are taken, which end at byte ${maxBinaryBytes}.`,
      );
    }
    if (length === 0) throw flaw(0, 'the batch is empty: a tap has 48 bytes');
    if (length % rowBytes !== 0) {
      const at = length - (length % rowBytes);
      throw flaw(at, `the batch is cut off: a tap has ${rowBytes} bytes, and ${length - at} are left here`);
    }
    this.count = length / rowBytes;
    for (let tap = 0; tap < this.count; tap += 1) checkTap(this.view, tap * rowBytes);
  }

  gate(tap: number): number {
    return this.view.getUint32(tap * rowBytes, true);
  }

  epoch(tap: number): number {
    return this.view.getUint32(tap * rowBytes + 4, true);
  }

  sequence(tap: number): number {
    return this.view.getUint32(tap * rowBytes + 8, true);
  }

  direction(tap: number): number {
    return this.bytes[tap * rowBytes + 12]!;
  }

  decided(tap: number): number {
    return this.bytes[tap * rowBytes + 13]!;
  }

  namesUuid(tap: number): boolean {
    return this.bytes[tap * rowBytes + 14] === cardForms.uuid;
  }

  /** Where the card's bytes begin. */
  cardAt(tap: number): number {
    return tap * rowBytes + 16;
  }

  cardNumber(tap: number): number {
    return this.view.getUint32(tap * rowBytes + 16, true);
  }

  cardUuid(tap: number): string {
    return uuidText(this.bytes, this.cardAt(tap));
  }

  station(tap: number): number {
    return this.view.getUint32(tap * rowBytes + 32, true);
  }

  /** Whole ms. */
  atMs(tap: number): number {
    return Math.floor(this.view.getFloat64(tap * rowBytes + 40, true));
  }
}

/** The first byte of a tap that is not as it should be. @throws HttpFailure 400 */
function checkTap(view: DataView, at: number): void {
  if (view.getUint32(at + 8, true) === 0) throw flaw(at + 8, 'the sequence is 0: sequences count from 1');
  // Direction, decision, form and a byte that is 0, all at once: one look in the usual case.
  const word = view.getUint32(at + 12, true);
  if ((word & 0xfffefcfe) !== 0 || (word & 0x300) === 0x300) throw flawOfBytes(view, at);
  const isUuid = (word & 0x10000) !== 0;
  if (!isUuid) {
    const more = view.getUint32(at + 20, true) | view.getUint32(at + 24, true) | view.getUint32(at + 28, true);
    if (more !== 0) throw flaw(firstByte(view, at + 20), 'the bytes behind a card number must be 0');
  }
  if (view.getUint32(at + 36, true) !== 0) throw flaw(firstByte(view, at + 36), 'the reserved bytes must be 0');
  const atMs = view.getFloat64(at + 40, true);
  if (!(atMs >= earliestMs && atMs <= latestMs)) {
    throw flaw(at + 40, 'the time is no number of milliseconds in the years 1 to 9999');
  }
}

function flawOfBytes(view: DataView, at: number): HttpFailure {
  const [direction, decided, form, zero] = [12, 13, 14, 15].map((byte) => view.getUint8(at + byte));
  if (direction! > 1) return flaw(at + 12, `the direction is ${direction}: it is 0 for in, 1 for out`);
  if (decided! > 2) return flaw(at + 13, `the decision is ${decided}: it is 0 for none, 1 for opened, 2 for denied`);
  if (form! > 1) return flaw(at + 14, `the form of the card is ${form}: it is 0 for a number, 1 for a UUID`);
  return flaw(at + 15, `the reserved byte is ${zero}: it must be 0`);
}

/** The first byte from `at` on that is not 0. */
function firstByte(view: DataView, at: number): number {
  let byte = at;
  while (view.getUint8(byte) === 0) byte += 1;
  return byte;
}

function flaw(offset: number, message: string): HttpFailure {
  const path = `/${Math.floor(offset / rowBytes)}`;
  return new HttpFailure(problems.INVALID_REQUEST, `Byte ${offset} of the batch: ${message}. Nothing was done.`, [
    { path, message: `byte ${offset}: ${message}` },
  ]);
}

/** What is written of a record's outcomes, and where. */
interface OutcomesToWrite {
  readonly taps: TapRows;
  /** Number of the first tap in the journal, and how many there are. */
  readonly first: number;
  readonly count: number;
  /** The number of each tap's gate, as the request named it; 0 for a gate that does not exist. */
  gate(tap: number): number;
}

/** Outcomes in the order of their taps, behind `start` bytes that are left to the caller. */
export function writeOutcomes(outcomes: OutcomesToWrite, start = 0): Bytes {
  const { taps, first, count } = outcomes;
  const bytes = new Uint8Array(start + count * rowBytes);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i += 1) {
    const row = taps.at(first) + i;
    const at = start + i * rowBytes;
    view.setUint32(at, outcomes.gate(i), true);
    view.setUint32(at + 4, taps.sequence[row]!, true);
    bytes[at + 8] = taps.result[row]!;
    bytes[at + 9] = taps.reason[row]!;
    view.setUint16(at + 10, taps.flags[row]!, true);
    bytes[at + 12] = taps.replayed[row]!;
    view.setInt32(at + 16, taps.fare[row]!, true);
    view.setInt32(at + 20, taps.balance[row]!, true);
    view.setFloat64(at + 24, taps.journey[row]!, true);
    view.setUint32(at + 32, taps.expected[row]!, true);
    view.setUint32(at + 36, taps.ruleTerms[row]!, true);
    view.setUint32(at + 40, taps.ruleEnds[row]!, true);
    view.setUint32(at + 44, taps.cappedBy[row]!, true);
  }
  return bytes;
}
