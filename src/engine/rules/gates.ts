/** Gates: made known, and what they lost. */
import { noRef, rowOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import type { Command } from '../command.ts';
import type { GateDefinition, TapsSkip } from '../commands/gates.ts';
import { tapWindow } from '../commands/taps.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import { tapResults } from '../tap-outcomes.ts';
import { maxEpochs, windowWords } from '../tables/gates.ts';

export function refusalOfGate({ gates, tariffs }: State, { id, number, station }: GateDefinition): OutcomeRow | null {
  if (station !== null && tariffs.stationNumber(station) === 0) return outcomes.UNKNOWN_STATION;
  if (gates.find(id) >= 0 || (number !== null && gates.byNumber(number) >= 0)) return outcomes.GATE_EXISTS;
  return null;
}

export function addGate(state: State, { id, number, station }: GateDefinition): number {
  const { gates, tariffs } = state;
  const made = {
    id,
    number: number ?? gates.nextNumber,
    station: station === null ? 0 : tariffs.stationNumber(station),
    createdAtMs: state.civilMs,
  };
  const gate = gates.add(made, state.position);
  state.changes.add(changeKinds.gate, gate, state.position);
  return gate;
}

export function refusalOfSkip({ gates }: State, { gate, epoch, from, to }: TapsSkip): OutcomeRow | null {
  if (gate >= gates.count) return outcomes.UNKNOWN_GATE;
  const isNew = gates.epochOf(gate, epoch) === noRef;
  if (isNew && gates.begun.get(gate) >= maxEpochs) return outcomes.MARK_MOVED;
  return from === gates.markOf(gate, epoch) + 1 && to >= from ? null : outcomes.MARK_MOVED;
}

/** The taps that were skipped have no outcome: who sends one after all is told `unknown`. */
export function skipTaps(state: State, command: Command, outcome: Outcome): void {
  const { gates } = state;
  const { gate, epoch, from, to } = command.body as TapsSkip;
  const known = gates.epochOf(gate, epoch);
  const run = rowOf(known === noRef ? gates.beginEpoch(gate, epoch) : known);
  gates.epochs.mark.set(run, to);
  const window = gates.epochs.window.get(run);
  // The first outcomes that they take the place of are gone with them.
  for (let sequence = Math.max(from, to - tapWindow + 1); window !== noRef && sequence <= to; sequence += 1) {
    gates.windows.words.set(gates.windows.at(window, sequence) + windowWords.what, tapResults.unknown);
  }
  outcome.thing = gate;
  outcome.remaining = to;
  state.changes.add(changeKinds.gate, gate, state.position);
}
