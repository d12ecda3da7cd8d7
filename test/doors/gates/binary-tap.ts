/** A tap as bytes, made apart from the store's own code. */

export interface TapToSend {
  readonly gate?: number;
  readonly epoch?: number;
  readonly sequence: number;
  readonly direction?: 'in' | 'out';
  readonly decided?: 0 | 1 | 2;
  /** A number, or a UUID. */
  readonly card?: number | string;
  readonly station?: number;
  readonly atMs?: number;
}

export const noonMs = Date.parse('2026-06-01T12:00:00.000Z');

export function binaryTap(tap: TapToSend): Uint8Array {
  const { gate = 1, epoch = 1, sequence, direction = 'in', decided = 0, card = 1, station = 0, atMs = noonMs } = tap;
  const bytes = Buffer.alloc(48);
  bytes.writeUInt32LE(gate, 0);
  bytes.writeUInt32LE(epoch, 4);
  bytes.writeUInt32LE(sequence, 8);
  bytes[12] = direction === 'in' ? 0 : 1;
  bytes[13] = decided;
  if (typeof card === 'number') bytes.writeUInt32LE(card, 16);
  else {
    bytes[14] = 1;
    Buffer.from(card.replaceAll('-', ''), 'hex').copy(bytes, 16);
  }
  bytes.writeUInt32LE(station, 32);
  bytes.writeDoubleLE(atMs, 40);
  return bytes;
}

export function binaryTaps(taps: readonly TapToSend[]): Uint8Array {
  return Buffer.concat(taps.map(binaryTap));
}

/** An outcome's bytes, read apart from the store's own code. */
export function readOutcomes(bytes: Uint8Array): Record<string, number>[] {
  const buffer = Buffer.from(bytes);
  if (buffer.length % 48 !== 0) throw new Error(`${buffer.length} bytes are no outcomes`);
  return Array.from({ length: buffer.length / 48 }, (_, i) => {
    const at = i * 48;
    return {
      gate: buffer.readUInt32LE(at),
      sequence: buffer.readUInt32LE(at + 4),
      result: buffer[at + 8]!,
      reason: buffer[at + 9]!,
      flags: buffer.readUInt16LE(at + 10),
      replayed: buffer[at + 12]!,
      fare: buffer.readInt32LE(at + 16),
      balance: buffer.readInt32LE(at + 20),
      journey: buffer.readDoubleLE(at + 24),
      expected: buffer.readUInt32LE(at + 32),
      terms: buffer.readUInt32LE(at + 36),
      ends: buffer.readUInt32LE(at + 40),
      cappedBy: buffer.readUInt32LE(at + 44),
    };
  });
}
