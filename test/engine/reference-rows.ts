/** The journal of the reference engine, with the names and numbers of the engine's columns. */
import { entryKinds, journeyStates } from '../../src/engine/tables/journal.ts';
import type { JournalRows } from './journal-rows.ts';
import type { Entry, Transit } from './reference-cards.ts';
import type { JourneyRow } from './reference-journeys.ts';
import { ruleWords } from './reference-taps.ts';

/** How many rows there are. */
export interface JournalCounts {
  readonly taps: number;
  readonly entries: number;
  readonly journeys: number;
}

export function countsOf({ taps, entries, journeys }: Transit): JournalCounts {
  return { taps: taps.length, entries: entries.length, journeys: journeys.length };
}

/** What was added since there were so many. */
export function rowsSince({ taps, entries, journeys }: Transit, before: JournalCounts): JournalRows {
  return {
    taps: taps.slice(before.taps).map((tap) => ({ ...tap })),
    entries: entries.slice(before.entries).map(entryRow),
    journeys: journeys.slice(before.journeys).map(journeyRow),
  };
}

function entryRow({ kind, rule, counts, ...entry }: Entry): Readonly<Record<string, number>> {
  return { kind: entryKinds[kind], ...entry, counts: counts ? 1 : 0, ...ruleWords(rule) };
}

function journeyRow({ entry, exit, complete, rule, ...journey }: JourneyRow): Readonly<Record<string, number>> {
  return {
    ...journey,
    entryGate: entry?.gate ?? 0,
    entryStation: entry?.station ?? 0,
    entryAtMs: entry?.atMs ?? 0,
    exitGate: exit?.gate ?? 0,
    exitStation: exit?.station ?? 0,
    exitAtMs: exit?.atMs ?? 0,
    state: complete ? journeyStates.complete : journeyStates.incomplete,
    ...ruleWords(rule),
  };
}
