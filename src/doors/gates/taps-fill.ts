/** Taps of a request as the rows of a command. */
import type { Command } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import type { Tap } from '../../engine/commands/taps.ts';
import { noStation, tapsOf, tapWindow } from '../../engine/commands/taps.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { orNoSuchRow } from '../kit/operation.ts';
import { invalidField } from '../kit/validation.ts';
import { BinaryTaps, rowBytes } from './binary.ts';
import type { GateKeys, KeyRow } from './gate-keys.ts';
import { notItsGate } from './gate-keys.ts';
import type { JsonTaps } from './json-taps.ts';
import type { Names } from './names.ts';

export type SentTaps = JsonTaps | BinaryTaps;

/** One object for all taps: the hot path makes none for each. */
const tap: Tap = { gate: 0, epoch: 0, sequence: 0, card: 0, station: 0, direction: 0, decided: 0, atMs: 0 };

export class TapsFiller {
  private readonly names: Names;
  private readonly keys: GateKeys;
  private readonly counts = new GateCounts();

  constructor(names: Names, keys: GateKeys) {
    this.names = names;
    this.keys = keys;
  }

  /**
   * Resets the command and fills it.
   * @throws HttpFailure 400 for too many taps of one gate, 403 for a gate that is not the key's
   */
  fill(command: Command, sent: SentTaps, key: KeyRow): void {
    const taps = tapsOf(command.reset(kinds.taps));
    const own = this.keys.gatesOf(key);
    this.counts.clear();
    for (let i = 0; i < sent.count; i += 1) {
      const gate = sent instanceof BinaryTaps ? this.readBinary(sent, i) : this.readJson(sent, i);
      if (own !== null && !own.has(gate)) throw notItsGate([{ path: placeOf(sent, i), message: 'is not the key’s' }]);
      if (this.counts.add(gate, sent, i) > tapWindow) throw tooManyOfOne(sent, i);
      tap.gate = orNoSuchRow(gate);
      tap.epoch = sent.epoch(i);
      tap.sequence = sent.sequence(i);
      tap.direction = sent.direction(i);
      tap.decided = sent.decided(i);
      tap.atMs = sent.atMs(i);
      taps.add(tap);
    }
  }

  /** Sets card and station; returns the gate's row, or -1. */
  private readBinary(sent: BinaryTaps, i: number): number {
    const { names } = this;
    tap.card = sent.namesUuid(i)
      ? names.cardByUuid(sent.bytes, sent.cardAt(i))
      : names.cardByNumber(sent.cardNumber(i));
    const station = sent.station(i);
    tap.station = station < noStation ? station : noStation;
    return names.gateByNumber(sent.gate(i));
  }

  private readJson(sent: JsonTaps, i: number): number {
    const { names } = this;
    const { gate, card, station } = sent.taps[i]!;
    tap.card = names.card(card);
    tap.station = names.station(station);
    return names.gate(gate);
  }
}

/** How many taps a request has of each gate. */
class GateCounts {
  private readonly counts = new Map<number | string, number>();

  clear(): void {
    this.counts.clear();
  }

  /** `gate`: its row, or -1: then it goes by the name that it was sent with. */
  add(gate: number, sent: SentTaps, i: number): number {
    const named = gate >= 0 ? gate : sent instanceof BinaryTaps ? -1 - sent.gate(i) : sent.taps[i]!.gate;
    const count = (this.counts.get(named) ?? 0) + 1;
    this.counts.set(named, count);
    return count;
  }
}

function tooManyOfOne(sent: SentTaps, i: number): HttpFailure {
  return invalidField(placeOf(sent, i), `is one more than the ${tapWindow} taps of one gate that a request may have`);
}

/** Where a tap's gate stands in its request. */
function placeOf(sent: SentTaps, i: number): string {
  return sent instanceof BinaryTaps ? `/${i} (byte ${i * rowBytes})` : `${sent.pathOf(i)}/gate`;
}
