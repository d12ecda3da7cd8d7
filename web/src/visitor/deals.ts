/**
 * The visitor's deals: the buttons' actions, the stream's news of holds and places in line, and the
 * data kept between visits.
 */
import type { Ask, Hold, HoldNews, Price, WaitlistEntry, WaitlistNews } from '../../../sdk/src/index.ts';
import { HoldfastError } from '../../../sdk/src/index.ts';
import { announce } from '../shared/announce.ts';
import { money, ordinal, spokenSpan } from '../shared/format.ts';
import { isRecord, keep, onKeptElsewhere, recall } from '../shared/keep.ts';
import { Signal } from '../shared/signal.ts';
import { api } from '../store/backend.ts';
import { clock } from '../store/clock.ts';
import { live } from '../store/live.ts';
import type { Deal, HeldStock, KeptDeal, Running, Standing } from './deal.ts';
import { keptOf, noDeal, soonestOf } from './deal.ts';
import { OpenKeys } from './open-keys.ts';
import { receipts } from './receipts.ts';
import type { Attempt } from './trouble.ts';
import { explain, isSettled } from './trouble.ts';
import type { Visitor } from './visitor.ts';
import { ensureRegistered } from './visitor.ts';

class Deals {
  private readonly standings = new Map<string, Signal<Standing>>();
  private readonly openKeys = new OpenKeys();
  /** Kept deals of an earlier visit that could not be checked yet. */
  private readonly unasked = new Map<string, KeptDeal>();
  private readonly lapseTimers = new Map<string, ReturnType<typeof setTimeout>>();

  start(): void {
    live.onHold((change) => this.holdChanged(change));
    live.onPlace((change) => this.placeChanged(change));
    onKeptElsewhere('deals', () => this.restore());
    live.connection.subscribe(() => {
      if (live.connection.get() !== 'live') return;
      for (const [sale, deal] of this.unasked) void this.takeUp(sale, deal);
    });
    this.restore();
  }

  of(sale: string): Signal<Standing> {
    let signal = this.standings.get(sale);
    if (signal === undefined) this.standings.set(sale, (signal = new Signal(noDeal)));
    return signal;
  }

  /** The hold that ends first, on any page; null without one. */
  readonly soonest = new Signal<Running | null>(null);

  /**
   * Makes a hold. Returns the store's code if that fails; null when it is held, or there was
   * nothing to do. `spoken`: codes that the caller explains itself.
   */
  async reserve(
    sale: string,
    visitor: Visitor,
    wanted: Ask = { quantity: 1 },
    spoken: readonly string[] = [],
  ): Promise<string | null> {
    if (!['none', 'lapsed', 'bought'].includes(this.dealOf(sale).kind)) return null;
    this.move(sale, { kind: 'reserving' });
    try {
      await ensureRegistered(visitor);
      const hold = await this.openKeys.call(purposeOf(sale, wanted), (key) =>
        api.holds.place(sale, { ...wanted, customer: visitor.id }, { key }),
      );
      this.hold(sale, hold, null);
      const left = spokenSpan(Date.parse(hold.expiresAt) - clock.now());
      announce(`Reserved for you, for ${left}: ${whatOf(sale, hold.seats)}.`);
      return null;
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : 'UNKNOWN';
      if (spoken.includes(code)) this.move(sale, { kind: 'none' });
      else this.fail(sale, { kind: 'none' }, error, 'reserve');
      return code;
    }
  }

  /** Whether the store may have made this hold without our knowing: trying again tells. */
  isOpen(sale: string, wanted: Ask): boolean {
    return this.openKeys.has(purposeOf(sale, wanted));
  }

  async buy(sale: string): Promise<void> {
    const deal = this.dealOf(sale);
    if (deal.kind !== 'held' || deal.busy !== null) return;
    this.move(sale, { ...deal, busy: 'buying' });
    try {
      // The key follows from the hold: sent any number of times, from any window, it buys once.
      const order = await api.holds.confirm(deal.hold.id, { key: `buy-${deal.hold.id}` });
      this.bought(sale, order.id, order.total, order.createdAt, deal.hold);
    } catch (error) {
      const code = error instanceof HoldfastError ? error.code : '';
      if (code === 'HOLD_EXPIRED') this.lapse(sale);
      else if (code === 'HOLD_CONFIRMED' || code === 'HOLD_RELEASED' || code === 'UNKNOWN_HOLD') {
        this.fail(sale, { kind: 'none' }, error, 'buy');
      } else this.fail(sale, { ...deal, busy: null }, error, 'buy');
    }
  }

  async release(sale: string): Promise<void> {
    const deal = this.dealOf(sale);
    if (deal.kind !== 'held' || deal.busy !== null) return;
    this.move(sale, { ...deal, busy: 'releasing' });
    try {
      await api.holds.release(deal.hold.id, { key: `release-${deal.hold.id}` });
      this.move(sale, { kind: 'none' });
      announce(`Let go: ${whatOf(sale, deal.hold.seats)}.`);
    } catch (error) {
      const gone = error instanceof HoldfastError && error.status === 410;
      if (gone) this.move(sale, { kind: 'none' });
      else this.fail(sale, { ...deal, busy: null }, error, 'release');
    }
  }

  async join(sale: string, visitor: Visitor, quantity = 1): Promise<void> {
    if (!['none', 'lapsed', 'bought'].includes(this.dealOf(sale).kind)) return;
    this.move(sale, { kind: 'joining' });
    try {
      await ensureRegistered(visitor);
      const entry = await this.openKeys.call(`join ${sale} ${quantity}`, (key) =>
        api.waitlist.join(sale, { quantity, customer: visitor.id }, { key }),
      );
      await this.enter(sale, entry);
    } catch (error) {
      this.fail(sale, { kind: 'none' }, error, 'join');
    }
  }

  async leave(sale: string, visitor: Visitor): Promise<void> {
    const deal = this.dealOf(sale);
    if (deal.kind !== 'waiting' || deal.leaving) return;
    this.move(sale, { ...deal, leaving: true });
    try {
      await api.waitlist.leave({ id: deal.entry, sale, customer: visitor.id });
      this.move(sale, { kind: 'none' });
      announce('You have left the line.');
    } catch (error) {
      if (isSettled(error)) this.move(sale, { kind: 'none' });
      else this.fail(sale, { ...deal, leaving: false }, error, 'leave');
    }
  }

  /** Clears the trouble. */
  forgive(sale: string): void {
    const { deal, trouble } = this.of(sale).get();
    if (trouble !== null) this.of(sale).set({ deal, trouble: null });
  }

  /** Dismisses a finished deal: a receipt, a lapsed hold. */
  dismiss(sale: string): void {
    const { kind } = this.dealOf(sale);
    if (kind === 'bought' || kind === 'lapsed') this.move(sale, { kind: 'none' });
    else this.forgive(sale);
  }

  /** Resumes the deals of an earlier visit, or of another window. */
  restore(): void {
    const kept = recall('deals');
    if (!isRecord(kept)) return;
    for (const [sale, deal] of Object.entries(kept)) {
      if (!isRecord(deal) || this.dealOf(sale).kind !== 'none') continue;
      this.unasked.set(sale, deal);
      void this.takeUp(sale, deal);
    }
  }

  private async takeUp(sale: string, { hold, entry }: KeptDeal): Promise<void> {
    try {
      if (typeof entry === 'string') await this.enter(sale, await api.waitlist.get(entry));
      else if (typeof hold === 'string') this.judge(sale, await api.holds.get(hold));
    } catch (error) {
      // A deal that is gone for good is forgotten. One that could not be checked is checked when
      // the connection is back.
      if (!isSettled(error)) return;
    }
    this.unasked.delete(sale);
    this.keepAll();
  }

  private judge(sale: string, hold: Hold): void {
    if (hold.status === 'active') this.hold(sale, hold, null);
    else if (hold.status === 'expired') this.move(sale, { kind: 'lapsed', offered: false, seats: hold.seats ?? [] });
    else if (hold.status === 'confirmed' && hold.order !== null)
      this.move(sale, { kind: 'bought', order: hold.order, total: null, seats: hold.seats ?? [] });
    else this.move(sale, { kind: 'none' });
  }

  /** Shows a place in line as it is: waiting, or with an offer. */
  private async enter(sale: string, entry: WaitlistEntry): Promise<void> {
    if (entry.status === 'offered' && entry.hold !== null) {
      const hold = await api.holds.get(entry.hold.id);
      if (hold.status !== 'active') return this.judge(sale, hold);
      this.hold(sale, hold, entry.id);
      const left = spokenSpan(Date.parse(hold.expiresAt) - clock.now());
      announce(`It is your turn. Held for you, for ${left}: ${whatOf(sale, hold.seats)}.`);
      return;
    }
    if (entry.status !== 'waiting') return this.move(sale, { kind: 'none' });
    const before = this.dealOf(sale);
    this.move(sale, { kind: 'waiting', entry: entry.id, place: entry.position, leaving: false });
    if (entry.position !== null && (before.kind !== 'waiting' || before.place !== entry.position)) {
      announce(`You are ${ordinal(entry.position)} in line for ${nameOf(sale)}.`);
    }
  }

  private hold(sale: string, hold: Hold, entry: string | null): void {
    clock.hear(hold.createdAt);
    const { id, quantity, seats = [] } = hold;
    const times = { startedMs: Date.parse(hold.createdAt), expiresAtMs: Date.parse(hold.expiresAt) };
    this.move(sale, { kind: 'held', hold: { id, quantity, seats, ...times, entry }, busy: null });
  }

  private bought(sale: string, order: string, total: Price | null, at: string, { quantity, seats }: HeldStock): void {
    receipts.add({ order, sale, name: nameOf(sale), quantity, seats, total, at });
    this.move(sale, { kind: 'bought', order, total, seats });
    announce(`Bought. ${whatOf(sale, seats)}, ${money(total)}. Your order is ${order}.`);
  }

  private lapse(sale: string): void {
    const deal = this.dealOf(sale);
    if (deal.kind !== 'held') return;
    this.move(sale, { kind: 'lapsed', offered: deal.hold.entry !== null, seats: deal.hold.seats });
    announce(`Time is up. No longer held for you: ${whatOf(sale, deal.hold.seats)}.`);
  }

  private holdChanged({ id, status, expiresAt }: HoldNews): void {
    for (const [sale, signal] of this.standings) {
      const { deal } = signal.get();
      if (deal.kind !== 'held' || deal.hold.id !== id || deal.busy !== null) continue;
      if (status === 'expired') this.lapse(sale);
      else if (status === 'released') this.move(sale, { kind: 'none' });
      else if (status === 'confirmed') void this.takeUpSettled(sale, id);
      else this.move(sale, { ...deal, hold: { ...deal.hold, expiresAtMs: Date.parse(expiresAt) } });
    }
  }

  private async takeUpSettled(sale: string, hold: string): Promise<void> {
    await api.holds.get(hold).then(
      (found) => this.judge(sale, found),
      () => undefined,
    );
  }

  private placeChanged({ id, sale, status, position }: WaitlistNews): void {
    const { deal } = this.of(sale).get();
    const entryOf = deal.kind === 'waiting' ? deal.entry : deal.kind === 'held' ? deal.hold.entry : null;
    if (entryOf !== id) return;
    if (status === 'waiting' && deal.kind === 'waiting' && position !== null) {
      if (deal.place !== position) announce(`You are now ${ordinal(position)} in line for ${nameOf(sale)}.`);
      this.move(sale, { ...deal, place: position });
    } else if (deal.kind === 'waiting') {
      // The stream never carries a token: reading the place brings the offer's token.
      void this.takeUp(sale, { entry: id });
    }
  }

  private dealOf(sale: string): Deal {
    return this.of(sale).get().deal;
  }

  private fail(sale: string, deal: Deal, error: unknown, attempt: Attempt): void {
    const trouble = explain(error, attempt);
    this.move(sale, deal, trouble);
    announce(trouble);
  }

  private move(sale: string, deal: Deal, trouble: string | null = null): void {
    this.unasked.delete(sale);
    this.of(sale).set({ deal, trouble });
    this.timeLapse(sale, deal);
    this.keepAll();
    const all = [...this.standings].map(([id, signal]) => [id, signal.get().deal] as const);
    this.soonest.set(soonestOf(all));
    live.follow(
      all.flatMap(([, one]) => (one.kind === 'held' ? [one.hold.id] : [])),
      all.flatMap(([, one]) => (one.kind === 'waiting' ? [one.entry] : [])),
    );
  }

  /** The stream tells when a hold ends. If it is cut just then, the server's clock decides. */
  private timeLapse(sale: string, deal: Deal): void {
    clearTimeout(this.lapseTimers.get(sale));
    if (deal.kind !== 'held' || deal.busy !== null) return;
    const leftMs = deal.hold.expiresAtMs - clock.now();
    this.lapseTimers.set(
      sale,
      setTimeout(
        () => (clock.now() >= deal.hold.expiresAtMs ? this.lapse(sale) : this.timeLapse(sale, deal)),
        Math.max(0, leftMs) + 20,
      ),
    );
  }

  private keepAll(): void {
    const kept: Record<string, KeptDeal> = Object.fromEntries(this.unasked);
    for (const [sale, signal] of this.standings) {
      const deal = keptOf(signal.get().deal);
      if (deal !== null) kept[sale] = deal;
    }
    keep('deals', Object.keys(kept).length === 0 ? null : kept);
  }
}

function nameOf(sale: string): string {
  return live.find(sale)?.name ?? 'it';
}

/** Equal for the same wish: its key is kept from one press to the next. */
function purposeOf(sale: string, wanted: Ask): string {
  return `reserve ${sale} ${JSON.stringify(wanted)}`;
}

/** The goods of a deal, for screen readers. */
function whatOf(sale: string, seats: readonly string[] = []): string {
  if (seats.length === 0) return nameOf(sale);
  return `${seats.length === 1 ? 'one seat' : `${seats.length} seats`} for ${nameOf(sale)}`;
}

export const deals = new Deals();
