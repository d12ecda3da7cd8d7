/**
 * The taps of a city's day in the order of their device times: who enters is chosen at random among
 * those who do not travel, and leaves after some minutes at another gate. The same seed gives the
 * same day.
 *
 * Some riders leave without an exit tap, some enter without an entry tap.
 */
import { directions } from '../../engine/commands/taps.ts';
import { entriesByMinute, minuteMs, minutesOfDay } from './day-curve.ts';
import { Random } from './random.ts';

export interface TrafficPlan {
  readonly cards: number;
  readonly gates: number;
  /** Gate g (from 0) stands at station g modulo this (from 0). */
  readonly stations: number;
  /** Taps of the day; at most one less, and what `oddShare` leaves out. */
  readonly taps: number;
  /** Part of the journeys that lack their entry tap, and as many that lack their exit tap. */
  readonly oddShare: number;
  /** Midnight at which the day begins, ms since the epoch. */
  readonly fromMs: number;
  readonly seed: number;
}

/** Minutes of a journey: from the shortest, below shortest + spread. */
const shortest = 5;
const spread = 45;

/**
 * At most this share of the cards travels at a time, or the search for one that rests takes long.
 */
const maxTravelling = 0.8;

const none = -1;

export class Traffic {
  /** The tap that `next` found: card and gate by number from 0. */
  card = 0;
  gate = 0;
  direction: number = directions.in;
  atMs = 0;

  private readonly plan: TrafficPlan;
  private readonly random: Random;
  private readonly entries: Int32Array;
  /** Those who leave in a minute, as a chain of cards: its first one, then the next of each. */
  private readonly leaving = new Int32Array(minutesOfDay).fill(none);
  private readonly following: Int32Array;
  private readonly leavingCount = new Int32Array(minutesOfDay);
  /** By card: the gate of its entry plus 1; 0 while it does not travel. */
  private readonly entered: Uint16Array;
  private readonly withoutExit: Uint8Array;
  private travelling = 0;

  private minute = none;
  /** Of this minute: entries and exits in all, and how many of each have been. */
  private inMinute = 0;
  private exits = 0;
  private exitsDone = 0;
  private done = 0;

  /** @throws for a city that is too small for its traffic */
  constructor(plan: TrafficPlan) {
    if (plan.gates < 2 || plan.gates > 0xfffe) throw new Error(`${plan.gates} gates: it may be 2 to 65534`);
    this.plan = plan;
    this.random = new Random(plan.seed);
    this.entries = entriesByMinute(Math.floor(plan.taps / 2));
    this.following = new Int32Array(plan.cards).fill(none);
    this.entered = new Uint16Array(plan.cards);
    this.withoutExit = new Uint8Array(plan.cards);
  }

  /** Goes to the next tap; false when the day is over. */
  next(): boolean {
    for (;;) {
      while (this.done === this.inMinute) if (!this.nextMinute()) return false;
      const at = this.done;
      this.done += 1;
      this.atMs = this.plan.fromMs + this.minute * minuteMs + Math.floor((at * minuteMs) / this.inMinute);
      // Exits and entries are mixed evenly.
      const exitsUntilHere = Math.floor((this.done * this.exits) / this.inMinute);
      if (this.exitsDone < exitsUntilHere ? this.leave() : this.enter()) return true;
    }
  }

  private nextMinute(): boolean {
    this.minute += 1;
    if (this.minute >= minutesOfDay) return false;
    this.done = 0;
    this.exitsDone = 0;
    this.exits = this.leavingCount[this.minute]!;
    this.inMinute = this.exits + this.entries[this.minute]!;
    return true;
  }

  /** False when the rider leaves without a tap. */
  private leave(): boolean {
    const { leaving, minute, entered, withoutExit, plan, random } = this;
    const card = leaving[minute]!;
    leaving[minute] = this.following[card]!;
    this.exitsDone += 1;
    this.travelling -= 1;
    const from = entered[card]! - 1;
    entered[card] = 0;
    this.card = card;
    this.direction = directions.out;
    let gate = random.below(plan.gates);
    if (gate % plan.stations === from % plan.stations) gate = (gate + 1) % plan.gates;
    this.gate = gate;
    return withoutExit[card] === 0;
  }

  /** False when the rider enters without a tap. */
  private enter(): boolean {
    const { random, plan, entered, leaving, leavingCount, minute } = this;
    if (this.travelling >= maxTravelling * plan.cards) {
      throw new Error(`${plan.cards} cards are too few for ${plan.taps} taps a day`);
    }
    let card = random.below(plan.cards);
    while (entered[card] !== 0) card = random.below(plan.cards);
    this.card = card;
    this.gate = random.below(plan.gates);
    this.direction = directions.in;
    entered[card] = this.gate + 1;
    this.travelling += 1;
    const until = minute + shortest + random.below(spread);
    this.following[card] = leaving[until]!;
    leaving[until] = card;
    leavingCount[until]! += 1;
    this.withoutExit[card] = random.happens(plan.oddShare) ? 1 : 0;
    return !random.happens(plan.oddShare);
  }
}
