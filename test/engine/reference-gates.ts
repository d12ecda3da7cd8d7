/** Gates of the reference engine, and how far each has counted. */
import type { GateDefinition, TapsSkip } from '../../src/engine/commands/gates.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import type { Transit } from './reference-cards.ts';
import { lowestFree } from './reference-tariff.ts';
import type { TapRow } from './reference-taps.ts';

const maxEpochs = 4096;
const keptOutcomes = 1024;
const keptEpochs = 2;

export interface Gate {
  readonly id: string;
  readonly number: number;
  /** 0 for a gate that stands at none. */
  readonly station: number;
  readonly createdAtMs: number;
  /** In the order in which they began. */
  readonly epochs: Epoch[];
}

interface Epoch {
  readonly epoch: number;
  mark: number;
  /** First outcomes, by sequence; none for one that was skipped. */
  readonly outcomes: Map<number, TapRow>;
}

/** A key that opens for some gates. */
export interface GateKey {
  readonly hash: string;
  readonly gates: readonly string[];
  readonly label: string | null;
  readonly createdAtMs: number;
  readonly position: number;
  removed: boolean;
}

/** The key with that hash that opens; undefined for none. */
export function openingKey({ gateKeys }: Transit, hash: string): GateKey | undefined {
  return gateKeys.find((key) => key.hash === hash && !key.removed);
}

export function refusalOfGate({ gates, tariffs }: Transit, made: GateDefinition): OutcomeCode | null {
  if (made.station !== null && !tariffs.stations.has(made.station)) return 'UNKNOWN_STATION';
  return gates.some(({ id, number }) => id === made.id || number === made.number) ? 'GATE_EXISTS' : null;
}

export function addGate({ gates, tariffs }: Transit, createdAtMs: number, made: GateDefinition): number {
  const number = made.number ?? lowestFree(gates.map((gate) => gate.number));
  const station = made.station === null ? 0 : tariffs.stations.get(made.station)!;
  return gates.push({ id: made.id, number, station, createdAtMs, epochs: [] }) - 1;
}

export function refusalOfSkip({ gates }: Transit, skip: TapsSkip): OutcomeCode | null {
  const gate = gates[skip.gate];
  if (gate === undefined) return 'UNKNOWN_GATE';
  const isNext = skip.from === markOf(gate, skip.epoch) + 1 && skip.to >= skip.from;
  return isNext && !isTooManyEpochs(gate, skip.epoch) ? null : 'MARK_MOVED';
}

export function skipTaps({ gates }: Transit, { gate, epoch, to }: TapsSkip): void {
  epochOf(gates[gate]!, epoch).mark = to;
}

/** The mark of a gate and epoch; 0 for one that has not begun. */
export function markOf({ epochs }: Gate, epoch: number): number {
  return epochs.find((known) => known.epoch === epoch)?.mark ?? 0;
}

export function isTooManyEpochs({ epochs }: Gate, epoch: number): boolean {
  return epochs.length >= maxEpochs && !epochs.some((known) => known.epoch === epoch);
}

/** A gate's epoch, begun now where it is new. */
export function epochOf({ epochs }: Gate, epoch: number): Epoch {
  const known = epochs.find((one) => one.epoch === epoch);
  if (known !== undefined) return known;
  const begun = { epoch, mark: 0, outcomes: new Map<number, TapRow>() };
  epochs.push(begun);
  return begun;
}

/** What a tap came to first, as far back as it is known. */
export function firstOutcome({ epochs }: Gate, epoch: number, sequence: number): TapRow | undefined {
  const known = epochs.slice(-keptEpochs).find((one) => one.epoch === epoch);
  if (known === undefined || sequence <= known.mark - keptOutcomes) return undefined;
  return known.outcomes.get(sequence);
}
