import type { State } from '../../../engine/state.ts';
import type { JourneyRows } from '../../../engine/tables/journal.ts';
import { journeyStates } from '../../../engine/tables/journal.ts';
import type { Cell } from '../cells.ts';
import { named, namesOf, sqlText, sqlTextOrNull } from '../cells.ts';
import { ruleOf } from '../rule-words.ts';
import type { CellOf, Table } from '../table.ts';
import { id, integer, link, nullable, text } from '../table.ts';

const stateNames = namesOf(journeyStates);

/** The cell of a journey that the journal still has. */
function journey(of: (journeys: JourneyRows, at: number, state: State) => Cell): CellOf {
  return (state, row) => {
    const { journeys } = state.journal;
    return of(journeys, journeys.at(row), state);
  };
}

/** Journeys that ended. An end that is missing is null. */
export const journeys: Table = {
  name: 'journeys',
  of: {
    count: ({ journal }) => journal.journeys.total,
    changes: [],
    firstKept: ({ journal }) => journal.journeys.first,
  },
  columns: [
    id,
    /** Its own number, given when it began: the one in its public id. */
    integer(
      'number',
      journey(({ number }, at) => number[at]!),
    ),
    link(
      'card_id',
      'cards',
      journey(({ card }, at) => card[at]! + 1),
    ),
    text(
      'category',
      journey(({ category }, at, { tariffs }) => sqlText(named(tariffs.categories, category[at]!))),
    ),
    integer(
      'entry_gate_id',
      journey(({ entryStation, entryGate }, at) => (entryStation[at] === 0 ? null : entryGate[at]! + 1)),
      nullable,
    ),
    text(
      'entry_station',
      journey(({ entryStation }, at, { tariffs }) => sqlTextOrNull(tariffs.stationId(entryStation[at]!))),
      nullable,
    ),
    integer(
      'entry_at_ms',
      journey(({ entryStation, entryAtMs }, at) => (entryStation[at] === 0 ? null : Math.floor(entryAtMs[at]!))),
      nullable,
    ),
    integer(
      'exit_gate_id',
      journey(({ exitStation, exitGate }, at) => (exitStation[at] === 0 ? null : exitGate[at]! + 1)),
      nullable,
    ),
    text(
      'exit_station',
      journey(({ exitStation }, at, { tariffs }) => sqlTextOrNull(tariffs.stationId(exitStation[at]!))),
      nullable,
    ),
    integer(
      'exit_at_ms',
      journey(({ exitStation, exitAtMs }, at) => (exitStation[at] === 0 ? null : Math.floor(exitAtMs[at]!))),
      nullable,
    ),
    integer(
      'fare',
      journey(({ fare }, at) => fare[at]!),
    ),
    text(
      'rule',
      journey(({ ruleTerms, ruleEnds, cappedBy }, at, state) =>
        ruleOf(state, ruleTerms[at]!, ruleEnds[at]!, cappedBy[at]!),
      ),
      nullable,
    ),
    /** What a cap took off. */
    integer(
      'capped_by',
      journey(({ cappedBy }, at) => cappedBy[at]!),
    ),
    /** Number of the first journey of its chain: its own when it goes on with none. */
    integer(
      'chain',
      journey(({ chain }, at) => chain[at]!),
    ),
    text(
      'status',
      journey(({ state }, at) => named(stateNames, state[at]!)),
    ),
    integer(
      'position',
      journey(({ position }, at) => position[at]!),
    ),
  ],
};
