/** The tap that is being applied, and what it comes to. Not state. */
import type { Ref } from '../base/ref.ts';
import { noRef } from '../base/ref.ts';
import { FareRule } from '../tap-outcomes.ts';
import type { TariffVersion } from './tariff-version.ts';

/** A ride from one station to another, as the tariff and the caps see it. */
export class Leg {
  /** In force when it began. */
  version: TariffVersion | null = null;
  category = 0;
  /** Row of the card in `travel`. */
  travel = 0;
  from = 0;
  to = 0;
  /** Device time of its entry, ms, and the day of that. */
  fromAtMs = 0;
  day = 0;
}

/** What is charged to a card. */
export class Charge {
  card = 0;
  travel = 0;
  amount = 0;
  /** Number of the journey. */
  journey = 0;
  /** The day that it is of. */
  day = 0;
  /** Device time of the tap that charges it, ms. */
  atMs = 0;
  /** Whether it counts towards caps. */
  counts = false;
}

/** What an exit comes to, before anything is done. */
export class Exit {
  /** `exits` */
  what = 0;
  /** All that it would charge. */
  total = 0;
  /** complete: what the chain costs so far with it, before caps. */
  base = 0;
}

/** One object is reused for all taps: read it before the next one. */
export class Passage {
  readonly leg = new Leg();
  readonly charge = new Charge();
  readonly exit = new Exit();

  gate = 0;
  epoch = 0;
  sequence = 0;
  /** Row of the card; `noCard` for one that does not exist. */
  card = 0;
  /** Number of the station; 0 or `noStation` for none. */
  station = 0;
  direction = 0;
  decided = 0;
  /** Device time as sent, ms, and the time by which it is rated. */
  atMs = 0;
  ratedAtMs = 0;

  result = 0;
  reason = 0;
  flags = 0;
  replayed = false;
  fare = 0;
  balance = 0;
  /** Number of the journey; 0 for none. */
  journey = 0;
  /** gap: the sequence that is expected. */
  expected = 0;
  /** The gate's window that its outcome goes to; none for an old epoch, or when it is not taken. */
  window: Ref = noRef;
  /** The rule that made the fare. */
  readonly rule = new FareRule();
  /** The rule of a journey that something else ends. */
  readonly ending = new FareRule();

  /** Clears what it comes to. */
  begin(): void {
    this.result = 0;
    this.reason = 0;
    this.flags = 0;
    this.replayed = false;
    this.fare = 0;
    this.balance = 0;
    this.journey = 0;
    this.expected = 0;
    this.window = noRef;
    this.rule.clear();
  }
}
