/**
 * The deny list: cards that no gate lets in, as a numbered feed. Each time that a card comes on the
 * list, or leaves it, that change gets the next number. A reader that has all changes up to a
 * number asks for those since; one that is too far behind reads the whole list anew.
 *
 * The changes that are kept are a ring of cards. A card stands in its latest change alone: an
 * earlier one in the ring is passed over.
 */
import { WordColumn } from '../base/columns.ts';
import type { CardTable } from './cards.ts';
import { cardStates } from './cards.ts';
import { stored } from './table.ts';
import type { Stored, Table } from './table.ts';

/** Changes that are kept, with those that took a card off. */
export const keptChanges = 65_536;

interface DenyHead {
  readonly denyChanges: number;
  readonly denyMinimum: number | null;
  readonly denyOwed: number | null;
}

export class DenyList implements Table<DenyHead> {
  /** Number of the last change; 0 before the first. */
  last = 0;
  /** A card with less is on the list, minor units; null while no tariff says so. */
  minimum: number | null = null;
  /** The first card that was not looked at since the minimum changed; null when all were. */
  owedFrom: number | null = null;
  private readonly ring = new WordColumn();

  /** Gives the next change to a card; returns its number. */
  add(card: number): number {
    this.ring.set(this.last % keptChanges, card);
    this.last += 1;
    return this.last;
  }

  /** The card of a change that is kept. */
  card(number: number): number {
    return this.ring.get((number - 1) % keptChanges);
  }

  /** The last number that is no longer kept, 0 while all are: who has it can go on from it. */
  get dropped(): number {
    return Math.max(0, this.last - keptChanges);
  }

  head(): DenyHead {
    return { denyChanges: this.last, denyMinimum: this.minimum, denyOwed: this.owedFrom };
  }

  restore({ denyChanges = 0, denyMinimum = null, denyOwed = null }: Partial<DenyHead>): void {
    this.last = denyChanges;
    this.minimum = denyMinimum;
    this.owedFrom = denyOwed;
  }

  columns(): Stored[] {
    return stored(Math.min(this.last, keptChanges), [this.ring]);
  }
}

/** Why a card is on the list. */
export type DenyReason = 'blocked' | 'low balance';

/** Whether a card belongs on the list, and why. */
export function denialOf(cards: CardTable, denyList: DenyList, card: number): DenyReason | null {
  if (cards.status.get(card) === cardStates.blocked) return 'blocked';
  const { minimum } = denyList;
  return minimum !== null && cards.balanceOf(card) < minimum ? 'low balance' : null;
}
