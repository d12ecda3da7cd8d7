/**
 * What a stretch of the log says, replayed by an engine: the taps that happened, what was booked
 * for days, and the tariffs. What a gate was told cannot be read from the records alone: whether a
 * tap opened depends on all before it.
 */
import type { Command } from '../engine/command.ts';
import { kinds } from '../engine/command.ts';
import { noCard } from '../engine/commands/taps.ts';
import type { Engine } from '../engine/engine.ts';
import { tapResults } from '../engine/tap-outcomes.ts';
import { entryKinds } from '../engine/tables/journal.ts';
import type { Batch } from '../log/log.ts';
import { Replay } from '../replica/replay.ts';
import type { DaySums } from './day-sums.ts';
import type { Happened } from './happened.ts';
import { TariffsThen } from './tariffs-then.ts';

/** Runs of adjustments below it are settlements, all others are re-ratings. */
export const firstRerating = 0x1_0000;

const oldMs = 8 * 86_400_000;
const aheadMs = 2 * 60_000;

export interface StoryOptions {
  /** At the beginning of the stretch. */
  readonly engine: Engine;
  readonly happened: Happened;
  readonly sums: DaySums;
  /** Rows of the cards that matter; null for all. */
  readonly cards: ReadonlySet<number> | null;
}

export class LogStory {
  readonly engine: Engine;
  readonly tariffs = new TariffsThen();
  private readonly replay: Replay;
  private readonly happened: Happened;
  private readonly sums: DaySums;
  private readonly cards: ReadonlySet<number> | null;

  constructor({ engine, happened, sums, cards }: StoryOptions) {
    this.engine = engine;
    this.happened = happened;
    this.sums = sums;
    this.cards = cards;
    this.replay = new Replay(engine);
    if (!engine.isEmpty) this.tariffs.note(engine.state);
  }

  take(batch: Batch): void {
    this.replay.apply(batch, this.onApplied);
  }

  private readonly onApplied = ({ kind }: Command): void => {
    const { state } = this.engine;
    // Without a reader the journal has the rows of this record alone.
    if (state.journal.entries.count > 0) this.takeEntries();
    if (kind === kinds.taps) this.takeTaps();
    else if (kind === kinds.setTariff) this.tariffs.note(state);
  };

  private takeEntries(): void {
    const { sums, cards } = this;
    const { entries } = this.engine.state.journal;
    const { count, kind, card, day, amount, run } = entries;
    for (let row = 0; row < count; row += 1) {
      if (cards !== null && !cards.has(card[row]!)) continue;
      if (kind[row] === entryKinds.fare) sums.addBooked(card[row]!, day[row]!, -amount[row]!);
      else if (kind[row] !== entryKinds.adjustment) continue;
      else if (run[row]! < firstRerating) sums.addBooked(card[row]!, day[row]!, -amount[row]!);
      else sums.addRerated(card[row]!, day[row]!, amount[row]!);
    }
  }

  private takeTaps(): void {
    const { happened, cards } = this;
    const { civilMs } = this.engine.state;
    const { count, card, station, bits, atMs, result, replayed } = this.engine.state.journal.taps;
    for (let row = 0; row < count; row += 1) {
      if (result[row] !== tapResults.open || replayed[row] === 1) continue;
      if (card[row] === noCard || station[row] === 0) continue;
      if (cards !== null && !cards.has(card[row]!)) continue;
      happened.add(card[row]!, ratedMs(atMs[row]!, civilMs), station[row]!, bits[row]! & 1);
    }
  }
}

/** The time by which a tap is rated, as the engine takes it: its own, within bounds. */
function ratedMs(atMs: number, civilMs: number): number {
  const lowest = civilMs - oldMs;
  return Math.floor(atMs >= lowest ? Math.min(atMs, civilMs + aheadMs) : lowest);
}
