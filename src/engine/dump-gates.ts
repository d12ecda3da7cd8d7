/** Gates and what is known of cards that travelled lately, as plain objects. */
import { noRef, rowOf } from './base/ref.ts';
import type { State } from './state.ts';
import { noteBits } from './tables/day-notes.ts';
import { ringDays } from './tables/travel.ts';

interface GateDump {
  readonly id: string;
  readonly number: number;
  readonly station: number;
  readonly createdAtMs: number;
  /** Each with its mark, oldest first. */
  readonly epochs: readonly (readonly [epoch: number, mark: number])[];
}

/** What is known of a card that travelled lately. */
interface TravelDump {
  readonly card: number;
  readonly newestDay: number;
  readonly open: {
    readonly number: number;
    readonly gate: number;
    readonly station: number;
    readonly atMs: number;
  } | null;
  /** Whether the open journey goes on with the chain. */
  readonly chained: boolean;
  readonly last: { readonly station: number; readonly direction: number; readonly atMs: number } | null;
  readonly chain: ChainDump | null;
  /** Fares that count, by day, for each range of zones; zeros left out. */
  readonly counted: readonly (readonly [range: number, day: number, amount: number])[];
  /** By day. */
  readonly notes: readonly NoteDump[];
}

interface ChainDump {
  readonly number: number;
  readonly from: number;
  readonly atMs: number;
  readonly exit: number;
  readonly exitAtMs: number;
  readonly base: number;
}

interface NoteDump {
  readonly day: number;
  readonly uncounted: number;
  readonly adjusted: number;
  readonly disordered: boolean;
  readonly settled: boolean;
  /** The last run that booked it; null for none. */
  readonly run: number | null;
}

export interface GatesDump {
  readonly gates: readonly GateDump[];
  /** By card. */
  readonly travel: readonly TravelDump[];
  readonly closedDay: number | null;
  /** Days, and the first position on each. */
  readonly dayStarts: readonly (readonly [day: number, position: number])[];
}

export function dumpGates(state: State): GatesDump {
  const { gates, days } = state;
  return {
    gates: gates.rows.map((_, gate) => dumpGate(state, gate)),
    travel: dumpTravels(state),
    closedDay: days.closed,
    dayStarts: [...days.starts],
  };
}

function dumpGate({ gates }: State, gate: number): GateDump {
  const epochs: [number, number][] = [];
  for (let run = gates.newest.get(gate); run !== noRef; run = gates.epochs.before.get(rowOf(run))) {
    epochs.unshift([gates.epochs.epoch.get(rowOf(run)), gates.epochs.mark.get(rowOf(run))]);
  }
  return { ...gates.rows[gate]!, epochs };
}

function dumpTravels(state: State): TravelDump[] {
  const { travel } = state;
  const rows = Array.from({ length: travel.rows }, (_, row) => row).filter((row) => travel.isLive(row));
  rows.sort((one, other) => travel.cardOf(one) - travel.cardOf(other));
  return rows.map((row) => dumpTravel(state, row));
}

function dumpTravel(state: State, row: number): TravelDump {
  const { travel, tariffs } = state;
  const newestDay = travel.newestDay(row);
  const counted: [number, number, number][] = [];
  for (let range = 0; range < tariffs.ranges.length; range += 1) {
    for (let day = newestDay - ringDays + 1; day <= newestDay; day += 1) {
      const amount = travel.countedBetween(row, range, day, day);
      if (amount !== 0) counted.push([range, day, amount]);
    }
  }
  return {
    card: travel.cardOf(row),
    newestDay,
    open: travel.isOpen(row)
      ? {
          number: travel.openNumber(row),
          gate: travel.openGate(row),
          station: travel.openStation(row),
          atMs: travel.openAtMs(row),
        }
      : null,
    chained: travel.isChained(row),
    last: travel.hasLast(row)
      ? { station: travel.lastStation(row), direction: travel.lastDirection(row), atMs: travel.lastAtMs(row) }
      : null,
    chain: travel.hasChain(row)
      ? {
          number: travel.chainNumber(row),
          from: travel.chainFrom(row),
          atMs: travel.chainAtMs(row),
          exit: travel.chainExit(row),
          exitAtMs: travel.chainExitAtMs(row),
          base: travel.chainBase(row),
        }
      : null,
    counted,
    notes: dumpNotes(state, row),
  };
}

function dumpNotes({ travel, dayNotes }: State, row: number): NoteDump[] {
  const notes: NoteDump[] = [];
  for (let ref = travel.notesOf(row); ref !== noRef; ref = dayNotes.next.get(rowOf(ref))) {
    const note = rowOf(ref);
    const bits = dayNotes.bits.get(note);
    notes.push({
      day: dayNotes.dayOf(note),
      uncounted: dayNotes.uncounted.get(note),
      adjusted: dayNotes.adjusted.get(note),
      disordered: (bits & noteBits.disordered) !== 0,
      settled: (bits & noteBits.settled) !== 0,
      run: (bits & noteBits.adjusted) === 0 ? null : dayNotes.run.get(note),
    });
  }
  return notes.sort((one, other) => one.day - other.day);
}
