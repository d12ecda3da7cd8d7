/** The cards in one's hand, and what came of tapping them. */
import type { Card, Holdfast, KnownGate, TapDirection, TapOutcome } from '../../../sdk/src/index.ts';
import { announce } from '../shared/announce.ts';
import { Signal } from '../shared/signal.ts';
import { clock } from '../store/clock.ts';
import type { City } from './city.ts';
import { Counters } from './counters.ts';
import { spoken, troubleWords } from './words.ts';

/** Cards that fit in a hand, and passages that are listed. */
const mostCards = 5;
const mostPassages = 8;

export interface Passage {
  readonly number: number;
  readonly gate: string;
  readonly station: string;
  readonly card: Card;
  readonly direction: TapDirection;
  readonly atMs: number;
  readonly outcome: TapOutcome;
}

/** Where a card is, as far as this page saw. */
export type Whereabouts = { readonly station: string; readonly isInside: boolean } | null;

export class Hand {
  readonly cards: Signal<readonly Card[]>;
  readonly chosen: Signal<string>;
  /** Newest first. */
  readonly passages = new Signal<readonly Passage[]>([]);
  /** What is under way, as `GATE DIRECTION`, or what is done to the card; null for nothing. */
  readonly busy = new Signal<string | null>(null);
  readonly trouble = new Signal<string | null>(null);
  private readonly store: Holdfast;
  private readonly counters: Counters;
  private readonly city: City;

  constructor(store: Holdfast, city: City) {
    this.store = store;
    this.city = city;
    this.counters = new Counters(store);
    const cards = pick(city);
    this.cards = new Signal(cards);
    this.chosen = new Signal(cards[0]?.id ?? '');
  }

  card(): Card | null {
    return this.cards.get().find(({ id }) => id === this.chosen.get()) ?? null;
  }

  /** The journey that a card is on, by its taps here. */
  whereabouts(id: string): Whereabouts {
    const last = this.passages.get().find(({ card, outcome }) => card.id === id && outcome.result === 'open');
    return last === undefined ? null : { station: last.station, isInside: last.direction === 'in' };
  }

  async tap(gate: KnownGate, direction: TapDirection): Promise<void> {
    const card = this.card();
    if (card === null) return;
    await this.doing(`${gate.id} ${direction}`, 'the gate', async () => {
      // By the store's clock, since this device's may be wrong.
      const at = new Date(clock.now());
      const outcome = await this.counters.tap(gate.id, { card: card.id, direction, at });
      this.see({ gate, direction, atMs: at.getTime(), outcome, card });
      announce(spoken(gate.id, direction, outcome));
    });
  }

  async topUp(amount: number): Promise<void> {
    const card = this.card();
    const { currency } = this.city.tariff;
    if (card === null) return;
    await this.doing('top-up', 'Top up', async () => {
      const { balance } = await this.store.cards.topUp(card.id, { amount: { amount, currency } });
      this.change(card.id, { balance });
      announce('Topped up.');
    });
  }

  async setBlocked(isBlocked: boolean): Promise<void> {
    const card = this.card();
    if (card === null) return;
    await this.doing('block', isBlocked ? 'Block' : 'Unblock', async () => {
      const { status } = await (isBlocked ? this.store.cards.block(card.id) : this.store.cards.unblock(card.id));
      this.change(card.id, { status });
      announce(isBlocked ? 'The card is blocked.' : 'The card is active again.');
    });
  }

  /** Issues a new card, which is chosen. */
  async issue(balance: number): Promise<void> {
    const { currency } = this.city.tariff;
    await this.doing('issue', 'New card', async () => {
      const made = await this.store.cards.create({ balance: { amount: balance, currency } });
      this.cards.set([made, ...this.cards.get()].slice(0, mostCards));
      this.chosen.set(made.id);
      announce('A new card is in your hand.');
    });
  }

  /** Reads the cards anew, when others may have used them. */
  async refresh(): Promise<void> {
    const cards = await Promise.all(this.cards.get().map((card) => this.store.cards.get(card.id).catch(() => card)));
    this.cards.set(cards);
  }

  private see(seen: Omit<Passage, 'number' | 'gate' | 'station'> & { readonly gate: KnownGate }): void {
    const { gate, card, outcome } = seen;
    if (outcome.balance !== null) this.change(card.id, { balance: outcome.balance });
    const before = this.passages.get();
    const number = (before[0]?.number ?? 0) + 1;
    const passage = { ...seen, number, gate: gate.id, station: gate.station ?? '' };
    this.passages.set([passage, ...before].slice(0, mostPassages));
  }

  private change(id: string, change: Partial<Card>): void {
    this.cards.set(this.cards.get().map((card) => (card.id === id ? { ...card, ...change } : card)));
  }

  private async doing(what: string, again: string, run: () => Promise<void>): Promise<void> {
    if (this.busy.get() !== null) return;
    this.busy.set(what);
    this.trouble.set(null);
    try {
      await run();
    } catch (error) {
      const words = troubleWords(error, again);
      this.trouble.set(words);
      announce(words);
    } finally {
      this.busy.set(null);
    }
  }
}

/** One of each category, adults first; one that has too little to go in; and others. */
function pick({ cards, tariff }: City): Card[] {
  const adultsFirst = cards.toSorted((one, other) => rank(one) - rank(other));
  const rich = adultsFirst.filter(({ balance }) => balance.amount >= tariff.minimumBalance);
  const ofCategory = [...new Map(rich.toReversed().map((card) => [card.category, card])).values()].toReversed();
  const poor = cards.filter(({ balance }) => balance.amount < tariff.minimumBalance).slice(0, 1);
  const first = new Set([...ofCategory.slice(0, mostCards - 1), ...poor]);
  return [...first, ...cards.filter((card) => !first.has(card))].slice(0, mostCards);
}

function rank({ category }: Card): number {
  return category === 'adult' ? 0 : 1;
}
