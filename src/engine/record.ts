/**
 * Records: one command each, little-endian, back to back in a batch.
 *
 *     offset  bytes
 *     0       4      length of the whole record
 *     4       1      kind
 *     5       1      scope of the key
 *     6       2      length of the key, bytes
 *     8       2      length of the customer id, bytes
 *     10      2      number of lines (order, hold, joinWaitlist, cancel), else 0;
 *                    its highest bit: seats are asked for; the one below it: a hold has limits
 *     12      4      scope id
 *     16      8      fingerprint
 *     24      8      latest log time of effect, ms (float; Infinity for none)
 *     32      …      fields of the kind, by its codec (`commands/`):
 *                    order, joinWaitlist: 8 a line: sale, quantity;
 *                      with seats (or partial) behind them 6 a line: what it asks, flags,
 *                      section + 1 or 0; then 1: flags, 2: number of seats, 4 a seat
 *                    hold: its line, 8: duration, ms; seats as above;
 *                      with limits 4: max units of its customer, 4: of its address,
 *                      4: hash of the address
 *                    confirm, release: 4: hold
 *                    leaveWaitlist: 4: entry
 *                    extend: 4: hold, 8: new deadline, ms
 *                    cancel: 4: order, then 4 a line
 *                    others: nothing
 *             …      key as sent, UTF-8; customer id, UTF-8;
 *                    cold commands: the body as JSON, to the end
 *
 * Hot commands are fixed fields, since there are millions of them. Cold ones are JSON, since they
 * are few and change most.
 */
import type { Command } from './command.ts';
import { kindName } from './command.ts';
import { codecOf } from './rules/kinds.ts';

const headerBytes = 32;
/**
 * Room for a body of 64 KiB and everything around it. `RecordWriter` never wrote a longer record.
 */
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
    const codec = codecOf(command.kind);
    const body = command.body === null ? null : encoder.encode(JSON.stringify(command.body));
    const texts = command.keyLength + command.customerLength;
    const maxBytes = headerBytes + codec.bytes(command) + texts + (body?.length ?? 0);
    if (maxBytes > maxRecordBytes) throw new Error(`a record has at most ${maxRecordBytes} bytes`);
    if (this.used + maxBytes > this.buffer.length) this.growTo(this.used + maxBytes);
    const { view, buffer } = this;
    const start = this.used;
    view.setUint8(start + 4, command.kind);
    view.setUint8(start + 5, command.scope);
    view.setUint16(start + 6, command.keyLength, true);
    view.setUint16(start + 8, command.customerLength, true);
    view.setUint16(start + 10, codec.flags(command), true);
    view.setUint32(start + 12, command.scopeId, true);
    view.setUint32(start + 16, command.fingerprintLow, true);
    view.setUint32(start + 20, command.fingerprintHigh, true);
    view.setFloat64(start + 24, command.notAfterMs, true);
    let at = codec.write(command, view, start + headerBytes);
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

  private growTo(bytes: number): void {
    const grown = new Uint8Array(Math.max(bytes, 2 * this.buffer.length));
    grown.set(this.bytes());
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** Copies short texts by hand: `set` with a subarray allocates an object for each. */
function copy(from: Uint8Array, start: number, length: number, into: Uint8Array, at: number): number {
  for (let i = 0; i < length; i += 1) into[at + i] = from[start + i]!;
  return at + length;
}

/**
 * Walks the records of a batch, decoding each into one reused command whose text is the batch
 * itself.
 */
export class RecordReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  reset(records: Uint8Array): void {
    this.bytes = records;
    this.view = new DataView(records.buffer, records.byteOffset, records.byteLength);
    this.at = 0;
  }

  /**
   * Decodes the next record; false at the end. @throws when the bytes are not what `RecordWriter`
   * writes.
   */
  next(command: Command): boolean {
    const { view } = this;
    const start = this.at;
    const left = this.bytes.length - start;
    if (left === 0) return false;
    const length = left < headerBytes ? 0 : view.getUint32(start, true);
    if (length < headerBytes || length > left)
      throw new Error(`a record at byte ${start} of its batch has no valid length`);
    const kind = view.getUint8(start + 4);
    const codec = codecOf(kind);
    command.reset(kind as Parameters<Command['reset']>[0]);
    command.text = this.bytes;
    command.scope = view.getUint8(start + 5);
    command.keyLength = view.getUint16(start + 6, true);
    command.customerLength = view.getUint16(start + 8, true);
    command.scopeId = view.getUint32(start + 12, true);
    command.fingerprintLow = view.getUint32(start + 16, true);
    command.fingerprintHigh = view.getUint32(start + 20, true);
    command.notAfterMs = view.getFloat64(start + 24, true);
    const end = start + length;
    command.keyStart = codec.read(command, view, start + headerBytes, end, view.getUint16(start + 10, true));
    command.customerStart = command.keyStart + command.keyLength;
    const bodyStart = command.customerStart + command.customerLength;
    if (bodyStart > end) throw new Error(`the record at byte ${start} of its batch is shorter than its fields`);
    if (bodyStart < end) {
      if (!codec.hasBody) throw new Error(`the record at byte ${start} of its batch is longer than its fields`);
      command.body = parseBody(this.bytes.subarray(bodyStart, end));
    }
    this.at = end;
    return true;
  }
}

function parseBody(bytes: Uint8Array): object {
  // Written by `RecordWriter` from a checked body and guarded by the batch's checksum.
  const body = JSON.parse(decoder.decode(bytes)) as object | null;
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

/** A command as plain words, for people and for JSON. */
export function describeCommand(command: Command): Record<string, unknown> {
  const words: Record<string, unknown> = { kind: kindName(command.kind) };
  if (command.keyLength > 0) words['key'] = keyText(command);
  if (command.customerLength > 0) words['customer'] = customerText(command);
  codecOf(command.kind).describe(command, words);
  return words;
}
