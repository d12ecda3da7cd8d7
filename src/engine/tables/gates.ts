/**
 * Gates, and how far each has counted. A gate numbers its taps within an epoch: a new one begins
 * when it loses its counter. The mark of an epoch is the last sequence that was taken.
 *
 *     sequence <= mark: a repeat · mark + 1: taken, the mark moves · more: a gap
 *
 * The first outcomes of the last `tapWindow` taps are kept for the newest two epochs of a gate, in
 * blocks of that many rows. A block goes from an epoch to the one after the next.
 */
import { NumberColumn, segmentRows, WordColumn } from '../base/columns.ts';
import type { Ref, RefColumn } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import { tapWindow } from '../commands/taps.ts';
import type { Stored, Table } from './table.ts';
import { fill, stored } from './table.ts';

/** A gate may begin its counter anew so often. */
export const maxEpochs = 4096;
/** Numbers of gates are 1 to this. */
export const maxGateNumber = 0xffffffff;

export interface GateRow {
  readonly id: string;
  /** In binary taps. */
  readonly number: number;
  /** Number of the station that it stands at; 0 for none. */
  readonly station: number;
  readonly createdAtMs: number;
}

/** Words of an outcome in a window, side by side. */
export const windowWords = {
  card: 0,
  /** Bits 0-1: result; 2-6: reason; 8-15: highest bits of the journey; 16-31: flags. */
  what: 1,
  fare: 2,
  balance: 3,
  /** Lowest 32 bits of the journey's number. */
  journey: 4,
  ruleTerms: 5,
  ruleEnds: 6,
  cappedBy: 7,
} as const;
const outcomeWords = 8;

/** The first outcomes of taps, by block and sequence: 32 bytes each. */
export class TapWindows {
  blocks = 0;
  readonly words = new WordColumn();

  /** A new block; returns its link. */
  add(): Ref {
    const block = refOf(this.blocks);
    this.blocks += 1;
    // All of it exists, whatever is written first.
    this.words.set(this.at(block, 0), 0);
    return block;
  }

  /** The first word of the outcome of a sequence. */
  at(block: Ref, sequence: number): number {
    return (rowOf(block) * tapWindow + (sequence & (tapWindow - 1))) * outcomeWords;
  }

  /** The segment of a word, and where in it the word is. An outcome lies in one segment. */
  segmentOf(at: number): Uint32Array {
    return this.words.segments[Math.floor(at / segmentRows)]!;
  }

  within(at: number): number {
    return at & (segmentRows - 1);
  }

  columns(): Stored[] {
    return [[this.words, this.blocks * tapWindow * outcomeWords]];
  }
}

/** Runs of gates' counters. */
export class EpochTable {
  count = 0;
  readonly epoch = new WordColumn();
  readonly mark = new WordColumn();
  /** The gate's epoch before it. */
  readonly before = new WordColumn() as RefColumn;
  /** Its block in the windows; none once two newer epochs have begun. */
  readonly window = new WordColumn() as RefColumn;

  add(epoch: number, before: Ref, window: Ref): Ref {
    const row = this.count;
    this.count += 1;
    this.epoch.set(row, epoch);
    this.mark.set(row, 0);
    this.before.set(row, before);
    this.window.set(row, window);
    return refOf(row);
  }

  columns(): Stored[] {
    return stored(this.count, [this.epoch, this.mark, this.before, this.window]);
  }
}

interface GateHead {
  readonly gates: readonly GateRow[];
  readonly gateEpochs: number;
  readonly tapWindows: number;
  readonly nextGateNumber: number;
}

export class GateTable implements Table<GateHead> {
  readonly rows: GateRow[] = [];
  readonly epochs = new EpochTable();
  readonly windows = new TapWindows();
  /** The newest epoch of each gate; none before its first tap. */
  readonly newest = new WordColumn() as RefColumn;
  /** How many epochs each gate has begun. */
  readonly begun = new WordColumn();
  /** Position of the record that made it known. */
  readonly position = new NumberColumn();
  nextNumber = 1;
  private readonly byId = new Map<string, number>();
  private readonly numbers = new Map<number, number>();

  get count(): number {
    return this.rows.length;
  }

  idOf(gate: number): string {
    return this.rows[gate]!.id;
  }

  numberOf(gate: number): number {
    return this.rows[gate]!.number;
  }

  stationOf(gate: number): number {
    return this.rows[gate]!.station;
  }

  /** The row of an id, or -1. */
  find(id: string): number {
    return this.byId.get(id) ?? -1;
  }

  /** The row of a number, or -1. */
  byNumber(number: number): number {
    return this.numbers.get(number) ?? -1;
  }

  add(made: GateRow, position: number): number {
    const gate = this.rows.length;
    this.rows.push(made);
    this.index(made, gate);
    this.newest.set(gate, noRef);
    this.begun.set(gate, 0);
    this.position.set(gate, position);
    while (this.numbers.has(this.nextNumber)) this.nextNumber += 1;
    return gate;
  }

  /** The run of a gate's counter; none when it has not begun. */
  epochOf(gate: number, epoch: number): Ref {
    let ref = this.newest.get(gate);
    while (ref !== noRef && this.epochs.epoch.get(rowOf(ref)) !== epoch) ref = this.epochs.before.get(rowOf(ref));
    return ref;
  }

  /** The last sequence that was taken of a gate and epoch; 0 for none. */
  markOf(gate: number, epoch: number): number {
    const ref = this.epochOf(gate, epoch);
    return ref === noRef ? 0 : this.epochs.mark.get(rowOf(ref));
  }

  /** The epoch that a gate began last, with its mark; null before its first tap. */
  newestOf(gate: number): { readonly epoch: number; readonly mark: number } | null {
    const row = rowOf(this.newest.get(gate));
    return row < 0 ? null : { epoch: this.epochs.epoch.get(row), mark: this.epochs.mark.get(row) };
  }

  /** Begins an epoch. The window of the one before the last goes to it. */
  beginEpoch(gate: number, epoch: number): Ref {
    const last = this.newest.get(gate);
    const before = last === noRef ? noRef : this.epochs.before.get(rowOf(last));
    let window = noRef;
    if (before !== noRef) {
      window = this.epochs.window.get(rowOf(before));
      this.epochs.window.set(rowOf(before), noRef);
    }
    const added = this.epochs.add(epoch, last, window === noRef ? this.windows.add() : window);
    this.newest.set(gate, added);
    this.begun.set(gate, this.begun.get(gate) + 1);
    return added;
  }

  head(): GateHead {
    const { rows, epochs, windows, nextNumber } = this;
    return { gates: rows, gateEpochs: epochs.count, tapWindows: windows.blocks, nextGateNumber: nextNumber };
  }

  restore({ gates = [], gateEpochs = 0, tapWindows = 0, nextGateNumber = 1 }: Partial<GateHead>): void {
    fill(this.rows, gates);
    for (const [gate, made] of this.rows.entries()) this.index(made, gate);
    this.epochs.count = gateEpochs;
    this.windows.blocks = tapWindows;
    this.nextNumber = nextGateNumber;
  }

  columns(): Stored[] {
    return [
      ...stored(this.count, [this.newest, this.begun, this.position]),
      ...this.epochs.columns(),
      ...this.windows.columns(),
    ];
  }

  private index({ id, number }: GateRow, gate: number): void {
    this.byId.set(id, gate);
    this.numbers.set(number, gate);
  }
}
