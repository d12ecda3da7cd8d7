/**
 * How much a gate that is offline risks on one card: so many entries within any hour, by the gate's
 * clock. Exits are never counted, and never refused.
 */
const hourMs = 3_600_000;

/** A limit by count, or by what the entries may come to. */
export type RiskLimit =
  | { readonly entries: number }
  /**
   * Minor units: what a card may come to owe within an hour, if each entry costs `perEntry`, such
   * as the tariff's maximum fare.
   */
  | { readonly amount: number; readonly perEntry: number };

/** @throws RangeError for a limit that is no whole number of at least 0 */
export function entriesOf(limit: RiskLimit): number {
  const entries = 'entries' in limit ? limit.entries : Math.floor(limit.amount / limit.perEntry);
  if (Number.isInteger(entries) && entries >= 0) return entries;
  throw new RangeError(`the risk limit is ${JSON.stringify(limit)}, and must come to a whole number from 0`);
}

export class Risk {
  private readonly entries: number;
  /** Times of the entries that were let in offline, by card. */
  private readonly opened = new Map<string | number, number[]>();
  private sweptMs = -Infinity;

  constructor(limit: RiskLimit) {
    this.entries = entriesOf(limit);
  }

  /** Whether the card may go in at this time; counted by `note`. */
  allows(card: string | number, atMs: number): boolean {
    return this.recent(card, atMs).length < this.entries;
  }

  note(card: string | number, atMs: number): void {
    this.sweep(atMs);
    this.opened.set(card, [...this.recent(card, atMs), atMs]);
  }

  private recent(card: string | number, atMs: number): number[] {
    return (this.opened.get(card) ?? []).filter((openedMs) => Math.abs(atMs - openedMs) < hourMs);
  }

  /** Forgets cards that were not let in within the hour, once an hour. */
  private sweep(atMs: number): void {
    if (Math.abs(atMs - this.sweptMs) < hourMs) return;
    this.sweptMs = atMs;
    for (const card of this.opened.keys()) {
      if (this.recent(card, atMs).length === 0) this.opened.delete(card);
    }
  }
}
