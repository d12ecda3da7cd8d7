/**
 * The binary form of taps and of their outcomes, written down once more for the clients of the
 * proofs: they use nothing of the door that they measure. All numbers are little-endian.
 */
export const tapSize = 48;
export const outcomeSize = 48;
/** A message on the stream begins with the number of its batch; an answer with its status too. */
export const batchHead = 4;
export const answerHead = 8;

export const tapsType = 'application/vnd.holdfast.taps';

/** Offsets in a tap. Card: its form (0: a number), then the number. */
const offsets = { gate: 0, epoch: 4, sequence: 8, direction: 12, decided: 13, card: 16, at: 40 } as const;

/** What a gate sends: gate and card by their numbers, from 1. Its station is the gate's own. */
export interface WireTap {
  gate: number;
  epoch: number;
  sequence: number;
  direction: number;
  decided: number;
  card: number;
  atMs: number;
}

/** Writes one; the bytes at its place are 0 before. */
export function writeTap(view: DataView, at: number, tap: Readonly<WireTap>): void {
  view.setUint32(at + offsets.gate, tap.gate, true);
  view.setUint32(at + offsets.epoch, tap.epoch, true);
  view.setUint32(at + offsets.sequence, tap.sequence, true);
  view.setUint8(at + offsets.direction, tap.direction);
  view.setUint8(at + offsets.decided, tap.decided);
  view.setUint32(at + offsets.card, tap.card, true);
  view.setFloat64(at + offsets.at, tap.atMs, true);
}

/** Reads one into a reused object. */
export function readTap(view: DataView, at: number, into: WireTap): WireTap {
  into.gate = view.getUint32(at + offsets.gate, true);
  into.epoch = view.getUint32(at + offsets.epoch, true);
  into.sequence = view.getUint32(at + offsets.sequence, true);
  into.direction = view.getUint8(at + offsets.direction);
  into.decided = view.getUint8(at + offsets.decided);
  into.card = view.getUint32(at + offsets.card, true);
  into.atMs = view.getFloat64(at + offsets.at, true);
  return into;
}

/** Offsets in an outcome. */
const told = { gate: 0, sequence: 4, result: 8, reason: 9, flags: 10, replayed: 12, fare: 16, balance: 20 } as const;

/** The server's answer to one tap. */
export interface WireOutcome {
  gate: number;
  sequence: number;
  result: number;
  reason: number;
  flags: number;
  replayed: number;
  fare: number;
  balance: number;
}

/** Reads one into a reused object. */
export function readOutcome(view: DataView, at: number, into: WireOutcome): WireOutcome {
  into.gate = view.getUint32(at + told.gate, true);
  into.sequence = view.getUint32(at + told.sequence, true);
  into.result = view.getUint8(at + told.result);
  into.reason = view.getUint8(at + told.reason);
  into.flags = view.getUint16(at + told.flags, true);
  into.replayed = view.getUint8(at + told.replayed);
  into.fare = view.getInt32(at + told.fare, true);
  into.balance = view.getInt32(at + told.balance, true);
  return into;
}

/** Whether two outcomes say the same, but for whether it is a replay. */
export function sameOutcome(one: DataView, at: number, other: DataView, otherAt: number): boolean {
  for (let word = 0; word < outcomeSize; word += 4) {
    if (word !== told.replayed && one.getUint32(at + word) !== other.getUint32(otherAt + word)) return false;
  }
  return true;
}
