/**
 * The fingerprint of a request: 64 bits over what the client named, and only that. Defaults that a
 * node filled in and targets that it chose (the newest event) are left out: a retry is recognised
 * even after a default has changed. The key is fixed: the fingerprint is in the log and must come
 * out the same on every node.
 */
import type { Command } from './command.ts';
import { KeyedHash } from './base/keyed-hash.ts';

const hash = new KeyedHash([0x686f6c64, 0x66617374, 0x66696e67, 0x65727072]);
const numbers = new Uint32Array(3);
const numberBytes = new Uint8Array(numbers.buffer);

/**
 * Fingerprint of an order or hold of a quantity, with the customer the command names. `named`: the
 * hold time or 0.
 */
export function fingerprintQuantity(command: Command, quantity: number, named: number): void {
  let customer0 = 0;
  let customer1 = 0;
  if (command.customerLength > 0) {
    hash.prefixed(command.kind, 1, command.text, command.customerStart, command.customerLength);
    customer0 = hash.h0;
    customer1 = hash.h1;
  }
  numbers[0] = named;
  numbers[1] = customer0;
  numbers[2] = customer1;
  hash.prefixed(command.kind, quantity, numberBytes, 0, command.customerLength > 0 ? 12 : 4);
  command.fingerprintLow = hash.h0 >>> 0;
  command.fingerprintHigh = hash.h1 >>> 0;
}

const encoder = new TextEncoder();

/**
 * Fingerprint of any other command: of its canonical text, which the door makes from what the
 * client named. `kind` is hashed too. A door passes one itself when a request can become commands
 * of several kinds: the fingerprint must not depend on which it became.
 */
export function fingerprintText(command: Command, canonical: string, kind: number = command.kind): void {
  const bytes = encoder.encode(canonical);
  hash.prefixed(kind, 0, bytes, 0, bytes.length);
  command.fingerprintLow = hash.h0 >>> 0;
  command.fingerprintHigh = hash.h1 >>> 0;
}
