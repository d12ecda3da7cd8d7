import type { EntryRows } from '../../../engine/tables/journal.ts';
import { entryKinds } from '../../../engine/tables/journal.ts';
import type { State } from '../../../engine/state.ts';
import type { CellOf, Table } from '../table.ts';
import { id, integer, link, nullable, text } from '../table.ts';
import type { Cell } from '../cells.ts';
import { named, namesOf } from '../cells.ts';
import { ruleOf } from '../rule-words.ts';

const kindNames = namesOf(entryKinds);

/** The cell of an entry that the journal still has. */
function entry(of: (entries: EntryRows, at: number, state: State) => Cell): CellOf {
  return (state, row) => {
    const { entries } = state.journal;
    return of(entries, entries.at(row), state);
  };
}

/** Movements of money on cards: those of a card add up to its balance. */
export const entries: Table = {
  name: 'entries',
  of: {
    count: ({ journal }) => journal.entries.total,
    changes: [],
    firstKept: ({ journal }) => journal.entries.first,
  },
  columns: [
    id,
    link(
      'card_id',
      'cards',
      entry(({ card }, at) => card[at]! + 1),
    ),
    text(
      'kind',
      entry(({ kind }, at) => named(kindNames, kind[at]!)),
    ),
    /** Added to the balance: negative for a fare. */
    integer(
      'amount',
      entry(({ amount }, at) => amount[at]!),
    ),
    text(
      'currency',
      entry((_, __, { tariffs }) => tariffs.currency),
    ),
    /** Right after it. */
    integer(
      'balance',
      entry(({ balance }, at) => balance[at]!),
    ),
    /** Number of the journey that a fare or refund is for. */
    integer(
      'journey',
      entry(({ journey }, at) => journey[at]! || null),
      nullable,
    ),
    text(
      'rule',
      entry(({ ruleTerms, ruleEnds, cappedBy }, at, state) =>
        ruleOf(state, ruleTerms[at]!, ruleEnds[at]!, cappedBy[at]!),
      ),
      nullable,
    ),
    /** Of a fare or adjustment: the day that it counts for, in the tariff's time zone. */
    integer(
      'day',
      entry(({ kind, day }, at) => (isOfDay(kind[at]!) ? day[at]! : null)),
      nullable,
    ),
    /** Of an adjustment: 0 for a day's settlement, else which computation it is of. */
    integer(
      'run',
      entry(({ kind, run }, at) => (kind[at] === entryKinds.adjustment ? run[at]! : null)),
      nullable,
    ),
    /** Of a fare: device time of the tap that charged it. */
    integer(
      'at_ms',
      entry(({ kind, atMs }, at) => (kind[at] === entryKinds.fare ? Math.floor(atMs[at]!) : null)),
      nullable,
    ),
    integer(
      'booked_at_ms',
      entry(({ bookedAtMs }, at) => bookedAtMs[at]!),
    ),
    integer(
      'position',
      entry(({ position }, at) => position[at]!),
    ),
  ],
};

function isOfDay(kind: number): boolean {
  return kind === entryKinds.fare || kind === entryKinds.adjustment;
}
