/**
 * Taps: many in one command, as fixed rows of bytes. The engine applies them from these bytes,
 * without an object for each.
 *
 *     offset  bytes
 *     0       4      gate, by its row
 *     4       4      epoch: which run of the gate's counter
 *     8       4      sequence, from 1
 *     12      4      card, by its row; 0xffffffff for one that does not exist
 *     16      2      number of the station; 0 for the gate's own, 0xffff for one that does not exist
 *     18      1      direction (bit 0) and what the gate decided (bits 1 and 2)
 *     19      1      0
 *     20      8      device time, ms since the epoch (float)
 */
import type { Ask, Command } from '../command.ts';
import { AskType } from '../command.ts';
import type { Codec } from './codec.ts';
import { limitsFlag, requireBytes, seatsFlag } from './codec.ts';

/** Taps of one command. */
export const maxTaps = 8192;
/** Taps of one gate in one request, and outcomes that are kept for a gate. */
export const tapWindow = 1024;
export const tapBytes = 28;

export const directions = { in: 0, out: 1 } as const;
export const decisions = { none: 0, opened: 1, denied: 2 } as const;

export const noCard = 0xffffffff;
/** The gate's own station. */
export const ownStation = 0;
export const noStation = 0xffff;

/** A tap in numbers, as the rows have it. */
export interface Tap {
  gate: number;
  epoch: number;
  sequence: number;
  card: number;
  station: number;
  direction: number;
  decided: number;
  atMs: number;
}

export class Taps implements Ask {
  count = 0;
  /** The rows: `count` of them from byte `start` on. A decoded command's are the record itself. */
  view: DataView;
  start = 0;
  private own: DataView | null = null;

  constructor() {
    this.view = new DataView(new ArrayBuffer(0));
  }

  clear(): void {
    this.count = 0;
    this.start = 0;
  }

  /** Adds a tap to a command that is being filled. */
  add({ gate, epoch, sequence, card, station, direction, decided, atMs }: Readonly<Tap>): void {
    if (this.count >= maxTaps) throw new Error(`a command has at most ${maxTaps} taps`);
    if (this.own === null) this.own = new DataView(new ArrayBuffer(maxTaps * tapBytes));
    if (this.count === 0) this.view = this.own;
    const { view } = this;
    const at = this.count * tapBytes;
    view.setUint32(at, gate, true);
    view.setUint32(at + 4, epoch, true);
    view.setUint32(at + 8, sequence, true);
    view.setUint32(at + 12, card, true);
    view.setUint16(at + 16, station, true);
    view.setUint8(at + 18, direction | (decided << 1));
    view.setUint8(at + 19, 0);
    view.setFloat64(at + 20, atMs, true);
    this.count += 1;
  }

  /** Takes the rows from a record. */
  readFrom(view: DataView, start: number, count: number): void {
    this.view = view;
    this.start = start;
    this.count = count;
  }
}

const tapsAsk = new AskType(() => new Taps());

export function tapsOf(command: Command): Taps {
  return command.ask(tapsAsk);
}

export const tapsCodec: Codec = {
  hasBody: false,
  flags: (command) => tapsOf(command).count,
  bytes: (command) => tapsOf(command).count * tapBytes,
  write(command, view, at) {
    const taps = tapsOf(command);
    const bytes = taps.count * tapBytes;
    const from = taps.view;
    new Uint8Array(view.buffer, view.byteOffset + at, bytes).set(
      new Uint8Array(from.buffer, from.byteOffset + taps.start, bytes),
    );
    return at + bytes;
  },
  read(command, view, at, end, flags) {
    if ((flags & (seatsFlag | limitsFlag)) !== 0) throw new Error('a record of taps has lines');
    if (flags > maxTaps) throw new Error(`a record has ${flags} taps`);
    requireBytes(at, flags * tapBytes, end, 'taps');
    tapsOf(command).readFrom(view, at, flags);
    return at + flags * tapBytes;
  },
  describe(command, words) {
    const { count, view, start } = tapsOf(command);
    words['taps'] = Array.from({ length: count }, (_, tap) => describeTap(view, start + tap * tapBytes));
  },
};

function describeTap(view: DataView, at: number): Record<string, unknown> {
  const bits = view.getUint8(at + 18);
  const decided = bits >>> 1;
  return {
    gate: view.getUint32(at, true),
    epoch: view.getUint32(at + 4, true),
    sequence: view.getUint32(at + 8, true),
    card: view.getUint32(at + 12, true),
    station: view.getUint16(at + 16, true),
    direction: (bits & 1) === directions.in ? 'in' : 'out',
    ...(decided === decisions.none ? {} : { decided: decided === decisions.opened ? 'opened' : 'denied' }),
    atMs: view.getFloat64(at + 20, true),
  };
}
