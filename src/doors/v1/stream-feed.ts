/**
 * The content of `/v1/stream`: each sale's latest state and last buyers, and the holds and waitlist
 * places that a reader asked for.
 *
 * Sending news and resuming a reader are the same question: what changed after this position?
 * Events carry whole states, so a reader that missed some is right after the next one, and no list
 * of old events is kept. The feed keeps the position of each sale's last change, and finds
 * purchases by theirs.
 */
import type { Changes } from '../../engine/changes.ts';
import { changeKinds } from '../../engine/changes.ts';
import { customerProfileAt } from '../../engine/tables/customers.ts';
import { none } from '../../engine/tables/keys.ts';
import type { State } from '../../engine/state.ts';
import type { StreamEvent } from '../kit/event-stream.ts';
import { writePosition } from '../kit/positions.ts';
import type { Node } from '../../node/node.ts';
import { formatId, formatTime } from '../kit/ids.ts';
import type { SeatMaps } from './seat-map.ts';
import { RecentChanges, WatchedRows } from './stream-changes.ts';
import { reloadText, SeatFeed } from './stream-seats.ts';
import { entryView, holdStatus, saleView } from './views.ts';

/** Maximum of purchases of one sale in one chunk; the rest show in the counts. */
export const maxPurchases = 3;
/** Maximum of missed purchases that a resuming reader gets; beyond it the reader is reset. */
const maxMissed = 1000;

/** Rows of sales; null for all. */
export type ChosenSales = ReadonlySet<number> | null;

/**
 * What readers share, and so each chunk: sales, and the sale whose hall they watch; -1 for none.
 */
export interface Topics {
  readonly sales: ChosenSales;
  readonly hall: number;
}

/** A reader's own holds and places, by row. */
export interface Own {
  readonly holds: ReadonlySet<number>;
  readonly entries: ReadonlySet<number>;
}

/** An event with the position at which it became true. */
interface Placed {
  readonly position: number;
  readonly event: string;
  readonly data: string;
}

export class StreamFeed {
  /** Position of the newest change that concerns any reader. */
  lastChange: number;
  private readonly node: Node;
  private readonly sales = new RecentChanges();
  /** By hold. */
  private readonly holds = new WatchedRows();
  /** Waitlists by sale: a place moves when anyone before it does. */
  private readonly lines = new WatchedRows();
  private readonly seats: SeatFeed;
  /** Sales that have not changed since then have no position here. */
  private readonly startedAt: number;

  constructor(node: Node, maps: SeatMaps) {
    this.node = node;
    this.seats = new SeatFeed(maps);
    this.startedAt = node.engine.position;
    this.lastChange = this.startedAt;
  }

  get position(): number {
    return this.node.engine.position;
  }

  private get state(): State {
    return this.node.engine.state;
  }

  private get cell(): number {
    return this.state.genesis.cell;
  }

  /** Takes in the changes of a batch. An order changes its sales too, and is found through them. */
  collect(changes: Changes): void {
    const { waitlist, holds } = this.state;
    for (let at = 0; at < changes.count; at += 1) {
      const row = changes.row(at);
      const position = changes.position(at);
      let isWatched = false;
      switch (changes.kind(at)) {
        case changeKinds.sale:
          this.sales.note(row, position);
          isWatched = true;
          break;
        case changeKinds.hold:
          if (this.holds.size > 0) isWatched = this.holds.note(row, position);
          // An offer's deadline is part of the place in line that got it.
          if (this.lines.size > 0 && holds.entry.get(row) > 0) {
            isWatched = this.lines.note(holds.sale.get(row), position) || isWatched;
          }
          break;
        case changeKinds.waitlist:
          if (this.lines.size > 0) isWatched = this.lines.note(waitlist.sale.get(row), position);
          break;
        case changeKinds.seat:
          if (this.seats.size > 0) isWatched = this.seats.note(this.state, row, position);
          break;
        default:
      }
      if (isWatched) this.lastChange = position;
    }
  }

  watch({ hall }: Topics, { holds, entries }: Own): void {
    if (hall >= 0) this.seats.watch(hall, this.position);
    for (const hold of holds) this.holds.watch(hold);
    for (const entry of entries) this.lines.watch(this.state.waitlist.sale.get(entry));
  }

  unwatch({ hall }: Topics, { holds, entries }: Own): void {
    if (hall >= 0) this.seats.unwatch(hall);
    for (const hold of holds) this.holds.unwatch(hold);
    for (const entry of entries) this.lines.unwatch(this.state.waitlist.sale.get(entry));
  }

  /** The present state. No id in between: a cut before `ready` starts over. */
  present({ sales, hall }: Topics): StreamEvent[] {
    const events: StreamEvent[] = [];
    const { removed } = this.state.sales;
    for (const sale of sales ?? this.allSales()) {
      if (sales === null && removed.get(sale) === 1) continue;
      const { event, data } = this.saleEvent(sale, 0);
      events.push({ event, data });
    }
    if (hall >= 0) events.push({ event: 'seats', data: reloadText(this.state, hall, this.position) });
    return events;
  }

  /** What changed after a position, conflated. */
  news(from: number, { sales, hall }: Topics): StreamEvent[] {
    const placed: Placed[] = [];
    for (const [sale, position] of this.changed(from, sales)) {
      placed.push(this.saleEvent(sale, position), ...this.purchases(sale, from, maxPurchases));
    }
    return this.afterSeats(from, hall, this.inOrder(placed));
  }

  /** What a reader missed since a position, with purchases; null when it is too much. */
  missed(since: number, { sales, hall }: Topics): StreamEvent[] | null {
    const states: Placed[] = [];
    const purchases: Placed[] = [];
    for (const [sale, position] of this.changed(since, sales)) {
      states.push(this.saleEvent(sale, position));
      purchases.push(...this.purchases(sale, since, maxMissed + 1 - purchases.length));
      if (purchases.length > maxMissed) return null;
    }
    return this.afterSeats(since, hall, this.inOrder([...states, ...purchases]));
  }

  /**
   * The news, preceded by that of a hall's seats. Seats changed at positions before and after those
   * of the other events, so theirs come first and without an id: a cut after them repeats them.
   */
  private afterSeats(from: number, hall: number, events: StreamEvent[]): StreamEvent[] {
    const data = hall < 0 ? null : this.seats.news(this.state, hall, from, this.position);
    if (data === null) return events;
    if (events.length > 0) return [{ event: 'seats', data }, ...events];
    return [{ event: 'seats', data, id: writePosition(this.state, this.position) }];
  }

  /** A reader's own things that changed after a position. */
  ownNews(from: number, { holds, entries }: Own): StreamEvent[] {
    const { waitlist } = this.state;
    return this.ownPresent({
      holds: new Set([...holds].filter((hold) => this.holds.changedAfter(hold, from))),
      entries: new Set([...entries].filter((entry) => this.lines.changedAfter(waitlist.sale.get(entry), from))),
    });
  }

  /** No ids: every connection begins with these states. */
  ownPresent({ holds, entries }: Own): StreamEvent[] {
    return [
      ...Array.from(holds, (hold) => this.holdEvent(hold)),
      ...Array.from(entries, (entry) => this.entryEvent(entry)),
    ];
  }

  timeEvent(): StreamEvent {
    return { event: 'time', data: `{"now":"${formatTime(Math.floor(this.node.civil.nowMs()))}"}` };
  }

  /** Everything up to here was sent. */
  readyEvent(): StreamEvent {
    const position = writePosition(this.state, this.position);
    return { event: 'ready', id: position, data: `{"position":"${position}"}` };
  }

  /** The sales that changed after a position, each with the position of its last change. */
  private *changed(from: number, chosen: ChosenSales): Generator<readonly [sale: number, position: number]> {
    // Positions of changes before this process started are unknown. Then the state is sent, which
    // is never wrong.
    const rows = chosen ?? (from < this.startedAt ? this.allSales() : this.sales.after(from));
    for (const sale of rows) {
      const position = this.sales.positionOf(sale) || this.startedAt;
      if (position > from) yield [sale, position];
    }
  }

  private *allSales(): Generator<number> {
    for (let sale = 0; sale < this.state.sales.count; sale += 1) yield sale;
  }

  /** A sale as it is, or an event that it is gone. */
  private saleEvent(sale: number, position: number): Placed {
    const { engine } = this.node;
    if (this.state.sales.removed.get(sale) === 1) {
      const data = { id: formatId('sale', this.cell, sale), position: writePosition(this.state, engine.position) };
      return { position, event: 'removed', data: JSON.stringify(data) };
    }
    return { position, event: 'sale', data: JSON.stringify(saleView(this.state, sale, engine.position)) };
  }

  /** The newest purchases of a sale after a position, oldest first. */
  private purchases(sale: number, from: number, max: number): Placed[] {
    const { sales, lines, orders } = this.state;
    const found: Placed[] = [];
    let line = sales.lastLine.get(sale);
    while (line !== none && found.length < max) {
      const order = lines.order.get(line);
      const position = orders.position.get(order);
      if (position <= from) break;
      const data = {
        sale: formatId('sale', this.cell, sale),
        order: formatId('order', this.cell, order),
        ...buyerView(this.state, line),
      };
      found.push({ position, event: 'purchase', data: JSON.stringify(data) });
      line = lines.previousOfSale.get(line);
    }
    return found.reverse();
  }

  private holdEvent(hold: number): StreamEvent {
    const status = holdStatus(this.state, hold, this.node.engine.nowMs);
    const id = formatId('hold', this.cell, hold);
    const data = { id, status, expiresAt: formatTime(this.state.civilDeadlineMs(hold)) };
    return { event: 'hold', data: JSON.stringify(data) };
  }

  private entryEvent(entry: number): StreamEvent {
    const { id, sale, status, position, hold } = entryView(this.state, entry, null);
    return { event: 'waitlist', data: JSON.stringify({ id, sale, status, position, hold }) };
  }

  /**
   * By position; of several at one position only the last carries it, so a cut in between repeats
   * rather than loses.
   */
  private inOrder(placed: Placed[]): StreamEvent[] {
    placed.sort((one, other) => one.position - other.position);
    return placed.map(({ position, event, data }, at) =>
      placed[at + 1]?.position === position
        ? { event, data }
        : { event, data, id: writePosition(this.state, position) },
    );
  }
}

/**
 * A buyer's public form: the display name at the time of the purchase, never an id or an e-mail.
 */
export function buyerView(state: State, line: number): { name: string | null; quantity: number; at: string } {
  const { lines, orders } = state;
  const order = lines.order.get(line);
  const customer = orders.customer.get(order);
  const isShown = customer > 0 && state.customers.removed.get(customer - 1) === 0;
  return {
    name: isShown ? (customerProfileAt(state, customer - 1, orders.position.get(order))?.name ?? null) : null,
    quantity: lines.quantity.get(line),
    at: formatTime(orders.createdAtMs.get(order)),
  };
}
