/**
 * Records: one command each, little-endian, back to back in a batch.
 *
 *     offset  bytes
 *     0       4      length of the whole record
 *     4       1      kind
 *     5       1      scope of the key
 *     6       2      length of the key, bytes
 *     8       2      length of the customer id, bytes
 *     10      2      number of lines (order, hold, cancel); its highest bit: seats are asked for
 *     12      4      scope id
 *     16      8      fingerprint
 *     24      8      latest log time of effect, ms (float; Infinity for none)
 *                    and the one below it: a hold has what limits it
 *     32      …      order, joinWaitlist: (sale, quantity) a line   hold: the same, then 8: duration, ms
 *                    with seats (or partial): 1 a line: what it asks; 1: flags; 4: section + 1 or 0; behind all lines and the hold's duration
 *                    1: flags of the command, 2: number of seats, 4 a seat
 *                    a hold with limits, behind all that: 4: most units of its customer, 4: of its address, 4: hash of the address
 *                    confirm, release: 4: hold; leaveWaitlist: 4: entry; extend: 4: hold, 8: new deadline, ms
 *                    cancel: 4: order, then 4 a line         others: nothing
 *             …      key as sent, UTF-8; customer id, UTF-8; for cold commands: the body as JSON, to the end
 *
 * Hot commands are fixed fields, since they are millions; cold ones are JSON, since they are few and change most.
 */
import type { ColdBody, Command } from './command.ts';
import { asks, kindName, kinds, maxLines, maxSeats } from './command.ts';

const headerBytes = 32;
/** In the number of lines: the record has what `asksSeats` commands have more. Records without it are as they always were. */
const seatsFlag = 0x8000;
/** The same of a hold that is limited by what its customer or address holds. */
const limitFlag = 0x4000;
const limitBytes = 12;
const lineSeatBytes = 6;
/** A body of 64 KiB and everything around it fits; what is longer was never written by us. */
export const maxRecordBytes = 1 << 20;

const encoder = new TextEncoder();
/** A byte order mark is part of a key as sent. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Collects encoded records. The buffer is reused: take `bytes()` before `clear()`. */
export class RecordWriter {
  count = 0;
  private buffer: Uint8Array;
  private view: DataView;
  private used = 0;

  constructor(initialBytes = 64 * 1024) {
    this.buffer = new Uint8Array(initialBytes);
    this.view = new DataView(this.buffer.buffer);
  }

  get byteLength(): number {
    return this.used;
  }

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  clear(): void {
    this.used = 0;
    this.count = 0;
  }

  add(command: Command): void {
    const body = command.body === null ? null : encoder.encode(JSON.stringify(command.body));
    const withSeats = hasLines(command.kind) && (command.asksSeats || command.partial);
    const seatBytes = withSeats ? lineSeatBytes * command.lineCount + 3 + 4 * command.seatCount : 0;
    const limited = isLimited(command);
    const more = seatBytes + (limited ? limitBytes : 0);
    const fixed = headerBytes + 8 * command.lineCount + 4 * command.cancelCount + 12 + more;
    const most = fixed + command.keyLength + command.customerLength + (body?.length ?? 0);
    if (most > maxRecordBytes) throw new Error(`a record has at most ${maxRecordBytes} bytes`);
    if (this.used + most > this.buffer.length) this.growTo(this.used + most);
    const { view, buffer } = this;
    const start = this.used;
    view.setUint8(start + 4, command.kind);
    view.setUint8(start + 5, command.scope);
    view.setUint16(start + 6, command.keyLength, true);
    view.setUint16(start + 8, command.customerLength, true);
    const lines = command.kind === kinds.cancel ? command.cancelCount : command.lineCount;
    view.setUint16(start + 10, lines | (withSeats ? seatsFlag : 0) | (limited ? limitFlag : 0), true);
    view.setUint32(start + 12, command.scopeId, true);
    view.setUint32(start + 16, command.fingerprintLow, true);
    view.setUint32(start + 20, command.fingerprintHigh, true);
    view.setFloat64(start + 24, command.notAfterMs, true);
    let at = this.addFields(command, start + headerBytes, withSeats);
    if (limited) at = this.addLimits(command, at);
    at = copy(command.text, command.keyStart, command.keyLength, buffer, at);
    at = copy(command.text, command.customerStart, command.customerLength, buffer, at);
    if (body !== null) {
      buffer.set(body, at);
      at += body.length;
    }
    view.setUint32(start, at - start, true);
    this.used = at;
    this.count += 1;
  }

  private addFields(command: Command, from: number, withSeats: boolean): number {
    const { view } = this;
    let at = from;
    switch (command.kind) {
      case kinds.order:
      case kinds.hold:
      case kinds.joinWaitlist:
        for (let line = 0; line < command.lineCount; line += 1) {
          view.setUint32(at, command.lineSale[line]!, true);
          view.setUint32(at + 4, command.lineQuantity[line]!, true);
          at += 8;
        }
        if (command.kind === kinds.hold) {
          view.setFloat64(at, command.holdMs, true);
          at += 8;
        }
        return withSeats ? this.addSeats(command, at) : at;
      case kinds.confirm:
      case kinds.release:
      case kinds.leaveWaitlist:
        view.setUint32(at, command.target, true);
        return at + 4;
      case kinds.extend:
        view.setUint32(at, command.target, true);
        view.setFloat64(at + 4, command.untilMs, true);
        return at + 12;
      case kinds.cancel:
        view.setUint32(at, command.target, true);
        at += 4;
        for (let line = 0; line < command.cancelCount; line += 1) {
          view.setUint32(at, command.cancelLine[line]!, true);
          at += 4;
        }
        return at;
      default:
        return at;
    }
  }

  private addLimits(command: Command, at: number): number {
    const { view } = this;
    view.setUint32(at, command.mostOfCustomer, true);
    view.setUint32(at + 4, command.mostOfAddress, true);
    view.setUint32(at + 8, command.address, true);
    return at + limitBytes;
  }

  private addSeats(command: Command, from: number): number {
    const { view } = this;
    let at = from;
    for (let line = 0; line < command.lineCount; line += 1) {
      const ask = command.asksSeats ? command.lineAsk[line]! : asks.count;
      const best = ask === asks.best;
      view.setUint8(at, ask);
      view.setUint8(at + 1, best ? command.lineAccessible[line]! | (command.lineSplit[line]! << 1) : 0);
      view.setUint32(at + 2, best ? command.lineSection[line]! : 0, true);
      at += lineSeatBytes;
    }
    view.setUint8(at, command.partial ? 1 : 0);
    view.setUint16(at + 1, command.seatCount, true);
    at += 3;
    for (let seat = 0; seat < command.seatCount; seat += 1) {
      view.setUint32(at, command.seats[seat]!, true);
      at += 4;
    }
    return at;
  }

  private growTo(bytes: number): void {
    const grown = new Uint8Array(Math.max(bytes, 2 * this.buffer.length));
    grown.set(this.bytes());
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** Whether commands of a kind have lines; the engine refuses the seats that only some of them may ask for. */
function hasLines(kind: number): boolean {
  return kind === kinds.order || kind === kinds.hold || kind === kinds.joinWaitlist;
}

function isLimited(command: Command): boolean {
  return command.kind === kinds.hold && (command.mostOfCustomer > 0 || command.mostOfAddress > 0);
}

/** Short texts are copied by hand: `set` with a subarray costs an object for each. */
function copy(from: Uint8Array, start: number, length: number, into: Uint8Array, at: number): number {
  for (let i = 0; i < length; i += 1) into[at + i] = from[start + i]!;
  return at + length;
}

/** Walks the records of a batch, decoding each into one reused command whose text is the batch itself. */
export class RecordReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  reset(records: Uint8Array): void {
    this.bytes = records;
    this.view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    this.at = 0;
  }

  /** Decodes the next record; false at the end. @throws when the bytes are not what `RecordWriter` writes. */
  next(command: Command): boolean {
    const { view } = this;
    const start = this.at;
    const left = this.bytes.length - start;
    if (left === 0) return false;
    const length = left < headerBytes ? 0 : view.getUint32(start, true);
    if (length < headerBytes || length > left)
      throw new Error(`a record at byte ${start} of its batch has no valid length`);
    command.reset(view.getUint8(start + 4) as Parameters<Command['reset']>[0]);
    command.text = this.bytes;
    command.scope = view.getUint8(start + 5);
    command.keyLength = view.getUint16(start + 6, true);
    command.customerLength = view.getUint16(start + 8, true);
    command.scopeId = view.getUint32(start + 12, true);
    command.fingerprintLow = view.getUint32(start + 16, true);
    command.fingerprintHigh = view.getUint32(start + 20, true);
    command.notAfterMs = view.getFloat64(start + 24, true);
    const end = start + length;
    const lineField = view.getUint16(start + 10, true);
    let at = this.readFields(command, start + headerBytes, lineField & ~limitFlag, end);
    if ((lineField & limitFlag) !== 0) at = this.readLimits(command, at, end);
    command.keyStart = at;
    command.customerStart = at + command.keyLength;
    const bodyStart = command.customerStart + command.customerLength;
    if (bodyStart > end) throw new Error(`the record at byte ${start} of its batch is shorter than its fields`);
    if (bodyStart < end) {
      if (command.kind >= kinds.order)
        throw new Error(`the record at byte ${start} of its batch is longer than its fields`);
      command.body = parseBody(this.bytes.subarray(bodyStart, end));
    }
    this.at = end;
    return true;
  }

  private readFields(command: Command, from: number, lineField: number, end: number): number {
    const { view } = this;
    const lineCount = lineField & ~seatsFlag;
    let at = from;
    if (lineField >= seatsFlag && !hasLines(command.kind))
      throw new Error(`a record of kind ${command.kind} asks for seats`);
    if (lineCount > maxLines || from + 4 * lineCount > end) throw new Error(`a record has ${lineCount} lines`);
    switch (command.kind) {
      case kinds.order:
      case kinds.hold:
      case kinds.joinWaitlist:
        if (from + 8 * lineCount > end) throw new Error('a record is shorter than its lines');
        command.lineCount = lineCount;
        for (let line = 0; line < lineCount; line += 1) {
          command.lineSale[line] = view.getUint32(at, true);
          command.lineQuantity[line] = view.getUint32(at + 4, true);
          at += 8;
        }
        if (command.kind === kinds.hold) {
          command.holdMs = view.getFloat64(at, true);
          at += 8;
        }
        return lineField >= seatsFlag ? this.readSeats(command, at, end) : at;
      case kinds.confirm:
      case kinds.release:
      case kinds.leaveWaitlist:
        command.target = view.getUint32(at, true);
        return at + 4;
      case kinds.extend:
        command.target = view.getUint32(at, true);
        command.untilMs = view.getFloat64(at + 4, true);
        return at + 12;
      case kinds.cancel:
        command.target = view.getUint32(at, true);
        command.cancelCount = lineCount;
        at += 4;
        for (let line = 0; line < lineCount; line += 1) {
          command.cancelLine[line] = view.getUint32(at, true);
          at += 4;
        }
        return at;
      default:
        return at;
    }
  }

  private readLimits(command: Command, at: number, end: number): number {
    if (command.kind !== kinds.hold) throw new Error(`a record of kind ${command.kind} has limits`);
    if (at + limitBytes > end) throw new Error('a record is shorter than its limits');
    command.mostOfCustomer = this.view.getUint32(at, true);
    command.mostOfAddress = this.view.getUint32(at + 4, true);
    command.address = this.view.getUint32(at + 8, true);
    return at + limitBytes;
  }

  private readSeats(command: Command, from: number, end: number): number {
    const { view } = this;
    let at = from;
    if (at + lineSeatBytes * command.lineCount + 3 > end) throw new Error('a record is shorter than its lines');
    command.asksSeats = true;
    let named = 0;
    for (let line = 0; line < command.lineCount; line += 1) {
      const ask = view.getUint8(at);
      const flagsOfLine = view.getUint8(at + 1);
      if (ask > asks.best || flagsOfLine > 3) throw new Error('a record asks for seats in an unknown way');
      command.lineAsk[line] = ask;
      command.lineAccessible[line] = flagsOfLine & 1;
      command.lineSplit[line] = flagsOfLine >>> 1;
      command.lineSection[line] = view.getUint32(at + 2, true);
      if (ask === asks.named) named += command.lineQuantity[line]!;
      at += lineSeatBytes;
    }
    const flags = view.getUint8(at);
    if (flags > 1) throw new Error('a record asks for seats in an unknown way');
    command.partial = flags === 1;
    const seatCount = view.getUint16(at + 1, true);
    at += 3;
    if (seatCount > maxSeats || seatCount !== named || at + 4 * seatCount > end)
      throw new Error(`a record names ${seatCount} seats`);
    command.seatCount = seatCount;
    for (let seat = 0; seat < seatCount; seat += 1) {
      command.seats[seat] = view.getUint32(at, true);
      at += 4;
    }
    return at;
  }
}

function parseBody(bytes: Uint8Array): ColdBody {
  // Written by `RecordWriter` from a checked body and guarded by the batch's checksum.
  const body = JSON.parse(decoder.decode(bytes)) as ColdBody | null;
  if (typeof body !== 'object' || body === null) throw new Error('the body of a record is not an object');
  return body;
}

/** The key of a command, as sent. */
export function keyText(command: Command): string {
  return decoder.decode(command.text.subarray(command.keyStart, command.keyStart + command.keyLength));
}

/** The customer id of a command. */
export function customerText(command: Command): string {
  return decoder.decode(command.text.subarray(command.customerStart, command.customerStart + command.customerLength));
}

function describeAsk(command: Command, line: number): Record<string, unknown> {
  if (command.lineAsk[line] !== asks.best) return {};
  const section = command.lineSection[line]!;
  return {
    best: true,
    ...(section > 0 ? { section: section - 1 } : {}),
    ...(command.lineAccessible[line] === 1 ? { accessible: true } : {}),
    ...(command.lineSplit[line] === 1 ? { split: true } : {}),
  };
}

/** What the target of a command of this kind is. */
function targetNoun(kind: number): 'hold' | 'order' | 'entry' | null {
  if (kind === kinds.cancel) return 'order';
  if (kind === kinds.leaveWaitlist) return 'entry';
  return kind === kinds.confirm || kind === kinds.extend || kind === kinds.release ? 'hold' : null;
}

/** A command in words, for people and for JSON. */
export function describeCommand(command: Command): Record<string, unknown> {
  const words: Record<string, unknown> = { kind: kindName(command.kind) };
  if (command.keyLength > 0) words['key'] = keyText(command);
  if (command.customerLength > 0) words['customer'] = customerText(command);
  if (command.lineCount > 0) {
    words['lines'] = Array.from({ length: command.lineCount }, (_, line) => ({
      sale: command.lineSale[line],
      quantity: command.lineQuantity[line],
      ...(command.asksSeats ? describeAsk(command, line) : {}),
    }));
    if (command.seatCount > 0) words['seats'] = Array.from(command.seats.subarray(0, command.seatCount));
    if (command.partial) words['partial'] = true;
  }
  if (command.kind === kinds.hold) words['holdMs'] = command.holdMs;
  if (command.mostOfCustomer > 0) words['mostOfCustomer'] = command.mostOfCustomer;
  if (command.mostOfAddress > 0) words['mostOfAddress'] = command.mostOfAddress;
  const noun = targetNoun(command.kind);
  if (noun !== null) words[noun] = command.target;
  if (command.kind === kinds.extend) words['untilMs'] = command.untilMs;
  if (command.cancelCount > 0) words['cancel'] = Array.from(command.cancelLine.subarray(0, command.cancelCount));
  if (command.body !== null) words['body'] = command.body;
  return words;
}
