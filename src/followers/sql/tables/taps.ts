import { decisions, directions, noCard } from '../../../engine/commands/taps.ts';
import type { State } from '../../../engine/state.ts';
import type { TapRows } from '../../../engine/tables/journal.ts';
import { tapFlags, tapReasons, tapResults } from '../../../engine/tap-outcomes.ts';
import type { Cell } from '../cells.ts';
import { named, namesOf, sqlTextOrNull } from '../cells.ts';
import { ruleOf } from '../rule-words.ts';
import type { CellOf, Table } from '../table.ts';
import { id, integer, nullable, text } from '../table.ts';

const resultNames = namesOf(tapResults);
const reasonNames = namesOf(tapReasons);
const directionNames = namesOf(directions);
const decisionNames = namesOf(decisions);

const dayMs = 86_400_000;
/** A device's time is believed this far from the time of the record. */
const maxAheadMs = 2 * 60_000;
const maxBehindMs = 8 * dayMs;

/** The cell of a tap that the journal still has. */
function tap(of: (taps: TapRows, at: number, state: State) => Cell): CellOf {
  return (state, row) => {
    const { taps } = state.journal;
    return of(taps, taps.at(row), state);
  };
}

/**
 * Taps that moved a mark: each counted once. Replays, gaps, and taps of gates or epochs that are
 * not known have no row: they changed nothing, and a sender may repeat them without end.
 */
export const taps: Table = {
  name: 'taps',
  of: {
    count: ({ journal }) => journal.taps.total,
    changes: [],
    firstKept: ({ journal }) => journal.taps.first,
  },
  rows: {
    count: ({ journal: { taps } }, thing) => (movedMark(taps, taps.at(thing)) ? 1 : 0),
    first: (_, thing) => thing,
  },
  byDay: 'day',
  columns: [
    id,
    integer(
      'day',
      tap((taps, at) => Math.floor(believedMs(taps, at) / dayMs)),
    ),
    integer(
      'gate_id',
      tap(({ gate }, at) => gate[at]! + 1),
    ),
    integer(
      'epoch',
      tap(({ epoch }, at) => epoch[at]!),
    ),
    integer(
      'sequence',
      tap(({ sequence }, at) => sequence[at]!),
    ),
    /** Null for a card that does not exist. */
    integer(
      'card_id',
      tap(({ card }, at) => (card[at] === noCard ? null : card[at]! + 1)),
      nullable,
    ),
    text(
      'station',
      tap(({ station }, at, { tariffs }) => sqlTextOrNull(tariffs.stationId(station[at]!))),
      nullable,
    ),
    text(
      'direction',
      tap(({ bits }, at) => named(directionNames, bits[at]! & 1)),
    ),
    text(
      'decided',
      tap(({ bits }, at) => named(decisionNames, (bits[at]! >>> 1) & 3)),
    ),
    /** By the device's clock. */
    integer(
      'at_ms',
      tap(({ atMs }, at) => wholeMs(atMs[at]!)),
    ),
    /** Civil time of the record. */
    integer(
      'booked_at_ms',
      tap(({ bookedAtMs }, at) => bookedAtMs[at]!),
    ),
    text(
      'result',
      tap(({ result }, at) => named(resultNames, result[at]!)),
    ),
    text(
      'reason',
      tap(({ reason }, at) => (reason[at] === 0 ? null : named(reasonNames, reason[at]!))),
      nullable,
    ),
    /** Names with commas between them; empty for none. */
    text(
      'flags',
      tap(({ flags }, at) => flagsText(flags[at]!)),
    ),
    integer(
      'fare',
      tap(({ fare }, at) => fare[at]!),
    ),
    /** Of the card, right after it. */
    integer(
      'balance',
      tap(({ balance, card }, at) => (card[at] === noCard ? null : balance[at]!)),
      nullable,
    ),
    /** Number of the journey. */
    integer(
      'journey',
      tap(({ journey }, at) => journey[at]! || null),
      nullable,
    ),
    text(
      'rule',
      tap(({ ruleTerms, ruleEnds, cappedBy }, at, state) =>
        ruleOf(state, ruleTerms[at]!, ruleEnds[at]!, cappedBy[at]!),
      ),
      nullable,
    ),
    integer(
      'position',
      tap(({ position }, at) => position[at]!),
    ),
  ],
};

function movedMark(taps: TapRows, at: number): boolean {
  const result = taps.result[at];
  const reason = taps.reason[at];
  if (taps.replayed[at] === 1 || result === tapResults.gap || result === tapResults.unknown) return false;
  return reason !== tapReasons.UNKNOWN_GATE && reason !== tapReasons.TOO_MANY_EPOCHS;
}

function believedMs({ atMs, bookedAtMs }: TapRows, at: number): number {
  const bookedMs = bookedAtMs[at]!;
  return Math.min(Math.max(atMs[at]!, bookedMs - maxBehindMs), bookedMs + maxAheadMs);
}

/** A clock may say anything. */
function wholeMs(ms: number): number {
  return Math.floor(Math.min(Math.max(ms, -Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER));
}

const flagNames = Object.entries(tapFlags);
/** By what the flags come to: a few combinations are all that occur. */
const flagTexts = new Map([[0, '']]);

function flagsText(flags: number): string {
  const known = flagTexts.get(flags);
  if (known !== undefined) return known;
  const made = flagNames.flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : name)).join(',');
  flagTexts.set(flags, made);
  return made;
}
