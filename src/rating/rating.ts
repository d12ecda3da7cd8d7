/** Rates a period again: what is due by its taps beside what was booked. */
import type { TariffDefinition } from '../engine/commands/tariff.ts';
import type { Engine } from '../engine/engine.ts';
import type { State } from '../engine/state.ts';
import { closedAfterMs, contextDays } from '../engine/tables/days.ts';
import { dayMs, openJourneyOf } from '../engine/tables/travel.ts';
import type { Batch } from '../log/log.ts';
import type { DaySum } from './day-sums.ts';
import { DaySums } from './day-sums.ts';
import { Happened } from './happened.ts';
import { LogStory } from './log-story.ts';
import { SecondEngine } from './second-engine.ts';
import { compiledAlone, StationNumbers } from './tariffs-then.ts';

/** Days of one rating. */
export const maxDays = 31;
/** A local day is at most that far from one of UTC. */
const zoneMs = 15 * 3_600_000;

/** Local days, both included: days since 1970-01-01. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export interface RatingTerms extends Period {
  /** The tariff for journeys that begin in the period; null for those that held. */
  readonly tariff: TariffDefinition | null;
  /** Rows of the cards that matter; null for all. */
  readonly cards?: ReadonlySet<number> | null;
}

/** What was booked for a card's day, and what is due. */
export interface Difference {
  readonly card: number;
  readonly day: number;
  readonly booked: number;
  readonly due: number;
}

/** A rating that reads: give it the batches of the log, then ask for its result. */
export class RatingInProgress {
  private readonly terms: RatingTerms;
  private readonly happened: Happened;
  private readonly sums: DaySums;
  private readonly story: LogStory;

  /**
   * `engine`: before the first record that matters.
   * @throws RangeError for too many days
   */
  constructor(engine: Engine, terms: RatingTerms) {
    const { from, to, cards = null } = terms;
    if (to < from || to - from >= maxDays) throw new RangeError(`a rating is of 1 to ${maxDays} days`);
    this.terms = terms;
    this.sums = new DaySums(from, to);
    // What began in the period has ended when its last day is closed.
    this.happened = new Happened((from - contextDays) * dayMs - zoneMs, (to + 1) * dayMs + closedAfterMs + zoneMs);
    this.story = new LogStory({ engine, happened: this.happened, sums: this.sums, cards });
  }

  get engine(): Engine {
    return this.story.engine;
  }

  /** How many taps it keeps. */
  get taps(): number {
    return this.happened.count;
  }

  take(batch: Batch): void {
    this.story.take(batch);
  }

  /** Rates what it has read. To be called once. */
  finish(): Rating {
    const { happened, sums, engine } = this;
    const taps = happened.count;
    const { state } = engine;
    const rows = new SecondRows(state, happened);
    const second = new SecondEngine(this.tariffs(), (card, day, amount) => sums.addDue(rows.live[card]!, day, amount));
    rows.issue(state, second);
    happened.drain((card, atMs, station, direction) => second.ride(rows.second[card]!, atMs, station, direction));
    if (state.days.closed !== null) second.closeThrough(state.days.closed);
    return new Rating(engine, sums, taps);
  }

  private tariffs() {
    const { state } = this.engine;
    const { from, to, tariff } = this.terms;
    const numbers = new StationNumbers(state);
    const beginMs = (from - contextDays) * dayMs - zoneMs;
    const endMs = (to + 1) * dayMs + closedAfterMs + zoneMs;
    let instead = null;
    if (tariff !== null) {
      const version = compiledAlone(tariff);
      const effectiveFromMs = version.endOfDay(from - 1);
      instead = { effectiveFromMs, untilMs: version.endOfDay(to), definition: tariff };
    }
    return this.story.tariffs
      .between(beginMs, endMs, instead)
      .map(({ effectiveFromMs, definition }) => ({ effectiveFromMs, definition: numbers.numbered(definition) }));
  }
}

/** The rows of cards in the second engine: of those alone that travelled, by category. */
class SecondRows {
  /** By row in the store. */
  readonly second: Uint32Array;
  /** By row in the second engine: the row in the store. */
  live = new Uint32Array(0);
  private readonly travelled: Uint8Array;

  constructor({ cards }: State, happened: Happened) {
    this.second = new Uint32Array(cards.count);
    this.travelled = new Uint8Array(cards.count);
    const { travelled } = this;
    happened.eachCard((card) => (travelled[card] = 1));
  }

  issue({ cards, tariffs }: State, second: SecondEngine): void {
    const { travelled } = this;
    const counts = new Map<number, number>();
    let all = 0;
    for (let card = 0; card < travelled.length; card += 1) {
      if (travelled[card] === 0) continue;
      const category = cards.category.get(card);
      counts.set(category, (counts.get(category) ?? 0) + 1);
      all += 1;
    }
    this.live = new Uint32Array(all);
    const next = new Map<number, number>();
    for (const [category, count] of counts) next.set(category, second.issue(count, tariffs.categories[category]!));
    for (let card = 0; card < travelled.length; card += 1) {
      if (travelled[card] === 0) continue;
      const category = cards.category.get(card);
      const row = next.get(category)!;
      next.set(category, row + 1);
      this.second[card] = row;
      this.live[row] = card;
    }
  }
}

export class Rating {
  /** The store's replica at the end of what was read. */
  readonly engine: Engine;
  /** Taps that were rated. */
  readonly taps: number;
  private readonly sums: DaySums;

  constructor(engine: Engine, sums: DaySums, taps: number) {
    this.engine = engine;
    this.sums = sums;
    this.taps = taps;
  }

  /** The log was read up to here. */
  get position(): number {
    return this.engine.position;
  }

  of(card: number, day: number): DaySum {
    return this.sums.of(card, day);
  }

  /** All days of cards for which something was booked or is due, by card and day. */
  *rows(): Generator<DaySum> {
    for (const sum of this.sums.rows()) if (!this.isUnderWay(sum)) yield sum;
  }

  /** Those that differ. */
  *differences(): Generator<Difference> {
    for (const sum of this.rows()) if (sum.booked !== sum.due) yield sum;
  }

  /**
   * Whether the card is on a journey that began on that day, though the day is closed: its entry
   * came late. What it costs is not known yet.
   */
  isUnderWay({ card, day }: Pick<DaySum, 'card' | 'day'>): boolean {
    const { state } = this.engine;
    if (state.days.closed === null || day > state.days.closed) return false;
    const open = openJourneyOf(state, card);
    return open !== null && state.tariffs.at(open.atMs)?.dayOf(open.atMs) === day;
  }
}
