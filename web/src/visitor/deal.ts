/**
 * Where the visitor stands with one sale:
 *
 *     none ──► reserving ──► held ──► bought
 *      │            (refused)  ├──► lapsed (its time is up) ──► none
 *      │                       └──► none (let go)
 *      └─► joining ──► waiting ──offer──► held, with `offered`
 */
import type { Price } from '../../../sdk/src/index.ts';

export interface HeldStock {
  readonly id: string;
  readonly quantity: number;
  /** Ids of the seats; empty for a sale without seats. */
  readonly seats: readonly string[];
  readonly startedMs: number;
  readonly expiresAtMs: number;
  /** The place in line that brought it; null when it was reserved. */
  readonly entry: string | null;
}

export interface Receipt {
  readonly order: string;
  readonly sale: string;
  readonly name: string;
  readonly quantity: number;
  /** Missing in data of older versions. */
  readonly seats?: readonly string[];
  readonly total: Price | null;
  readonly at: string;
}

export type Deal =
  | { readonly kind: 'none' }
  | { readonly kind: 'reserving' }
  | { readonly kind: 'held'; readonly hold: HeldStock; readonly busy: 'buying' | 'releasing' | null }
  | { readonly kind: 'bought'; readonly order: string; readonly total: Price | null; readonly seats: readonly string[] }
  | { readonly kind: 'lapsed'; readonly offered: boolean; readonly seats: readonly string[] }
  | { readonly kind: 'joining' }
  | { readonly kind: 'waiting'; readonly entry: string; readonly place: number | null; readonly leaving: boolean };

export interface Standing {
  readonly deal: Deal;
  /** Why the last action failed, and what to do next. */
  readonly trouble: string | null;
}

export const noDeal: Standing = { deal: { kind: 'none' }, trouble: null };

/** The part of a deal that outlives the page. */
export interface KeptDeal {
  readonly hold?: string;
  readonly entry?: string;
}

export function keptOf(deal: Deal): KeptDeal | null {
  if (deal.kind === 'held')
    return deal.hold.entry === null ? { hold: deal.hold.id } : { hold: deal.hold.id, entry: deal.hold.entry };
  return deal.kind === 'waiting' ? { entry: deal.entry } : null;
}

/** A hold whose time is running. */
export interface Running {
  readonly sale: string;
  readonly hold: HeldStock;
}

/** The hold that ends first. */
export function soonestOf(deals: readonly (readonly [sale: string, deal: Deal])[]): Running | null {
  const held = deals.flatMap(([sale, deal]) => (deal.kind === 'held' ? [{ sale, hold: deal.hold }] : []));
  held.sort((one, other) => one.hold.expiresAtMs - other.hold.expiresAtMs);
  return held[0] ?? null;
}
