/**
 * What the readers of `/v1/stream` are told, conflated: for each sale its latest state, the last buyers, and the holds and
 * waitlist places that a reader asked for.
 *
 * Events carry whole states, so a reader that missed some is right again with the next one, and resuming at a position needs
 * no list of old events: the feed remembers at which position each sale changed last, and orders are found in the engine by theirs.
 */
import type { Changes } from '../../engine/changes.ts';
import { changeKinds } from '../../engine/changes.ts';
import { customerProfile } from '../../engine/dump.ts';
import type { State } from '../../engine/state.ts';
import type { StreamEvent } from '../../http/event-stream.ts';
import type { Node } from '../../node/node.ts';
import { formatId, formatPosition, formatTime } from '../ids.ts';
import { entryView, holdStatus, saleView } from './views.ts';

/** Purchases of one sale that one chunk tells of; the rest are in the counts. */
export const mostPurchases = 3;
/** Purchases that a resuming reader is told of; further back it is reset. */
const mostMissedOrders = 1000;

/** An event with the position it became true at. */
interface Placed {
  readonly position: number;
  readonly event: string;
  readonly data: string;
}

/** What is waiting to be told since the last chunk. */
export interface Pending {
  /** Sale row to the position of its last change. */
  readonly sales: Map<number, number>;
  /** Sale row to its newest order lines. */
  readonly purchases: Map<number, number[]>;
  readonly holds: Map<number, number>;
  readonly entries: Map<number, number>;
}

export function emptyPending(): Pending {
  return { sales: new Map(), purchases: new Map(), holds: new Map(), entries: new Map() };
}

export class StreamFeed {
  private readonly node: Node;
  /** Position of each sale's last change; sales that did not change since the start are not in it. */
  private readonly changedAt = new Map<number, number>();
  private readonly startedAt: number;

  constructor(node: Node) {
    this.node = node;
    this.startedAt = node.engine.position;
  }

  private get state(): State {
    return this.node.engine.state;
  }

  private get cell(): number {
    return this.state.genesis.cell;
  }

  /** Takes in the changes of a batch. */
  collect(changes: Changes, pending: Pending): void {
    for (let at = 0; at < changes.count; at += 1) {
      const row = changes.row(at);
      const position = changes.position(at);
      switch (changes.kind(at)) {
        case changeKinds.sale:
          this.changedAt.set(row, position);
          pending.sales.set(row, position);
          break;
        case changeKinds.order:
          this.collectOrder(row, pending);
          break;
        case changeKinds.hold:
          pending.holds.set(row, position);
          break;
        case changeKinds.waitlist:
          pending.entries.set(row, position);
          // Everybody behind has moved up: places are asked for anew when the chunk is made.
          pending.sales.set(this.state.waitlist.sale.get(row), position);
          break;
        default:
      }
    }
  }

  private collectOrder(order: number, pending: Pending): void {
    const { orders, lines } = this.state;
    const first = orders.firstLine.get(order);
    for (let line = first; line < first + orders.lineCount.get(order); line += 1) {
      const sale = lines.sale.get(line);
      const newest = pending.purchases.get(sale);
      if (newest === undefined) pending.purchases.set(sale, [line]);
      else if (newest.push(line) > mostPurchases) newest.shift();
    }
  }

  /** The events of what is pending, for readers of these sales (null: all). */
  events(pending: Pending, sales: ReadonlySet<number> | null): StreamEvent[] {
    const placed: Placed[] = [];
    for (const [sale, position] of pending.sales) {
      if (sales === null || sales.has(sale)) placed.push(this.saleEvent(sale, position));
    }
    for (const [sale, lines] of pending.purchases) {
      if (sales !== null && !sales.has(sale)) continue;
      for (const line of lines) placed.push(this.purchaseEvent(line));
    }
    return this.inOrder(placed);
  }

  /** The present state, and where it is true. */
  present(sales: ReadonlySet<number> | null): StreamEvent[] {
    const { engine } = this.node;
    const events: StreamEvent[] = [];
    for (let sale = 0; sale < this.state.sales.count; sale += 1) {
      if (sales === null || sales.has(sale)) events.push(without(this.saleEvent(sale, engine.position)));
    }
    return [...events, this.ready()];
  }

  /** What a reader missed since a position; null when that is too far back. */
  missed(since: number, sales: ReadonlySet<number> | null): StreamEvent[] | null {
    const { engine } = this.node;
    if (since > engine.position) return null;
    const { orders, lines } = this.state;
    const firstOrder = this.firstOrderAfter(since);
    if (orders.count - firstOrder > mostMissedOrders) return null;
    const placed: Placed[] = [];
    for (let sale = 0; sale < this.state.sales.count; sale += 1) {
      if (sales !== null && !sales.has(sale)) continue;
      // What changed before this process started is not known by position: the state is told, which is never wrong.
      const position = this.changedAt.get(sale) ?? (since < this.startedAt ? this.startedAt : 0);
      if (position > since) placed.push(this.saleEvent(sale, position));
    }
    for (
      let line = firstOrder < orders.count ? orders.firstLine.get(firstOrder) : lines.count;
      line < lines.count;
      line += 1
    ) {
      if (sales === null || sales.has(lines.sale.get(line))) placed.push(this.purchaseEvent(line));
    }
    return [...this.inOrder(placed), this.ready()];
  }

  holdEvent(hold: number): StreamEvent {
    const { holds } = this.state;
    const status = holdStatus(this.state, hold, this.node.engine.nowMs);
    const id = formatId('hold', this.cell, hold);
    const data = { id, status, expiresAt: formatTime(holds.deadlineMs.get(hold)) };
    return { event: 'hold', data: JSON.stringify(data) };
  }

  entryEvent(entry: number): StreamEvent {
    const { id, sale, status, position, hold } = entryView(this.state, entry, null);
    return { event: 'waitlist', data: JSON.stringify({ id, sale, status, position, hold }) };
  }

  timeEvent(): StreamEvent {
    return { event: 'time', data: `{"now":"${formatTime(Math.floor(this.node.clock.nowMs()))}"}` };
  }

  private ready(): StreamEvent {
    const position = formatPosition(this.cell, this.node.engine.position);
    return { event: 'ready', id: position, data: `{"position":"${position}"}` };
  }

  private saleEvent(sale: number, position: number): Placed {
    const { engine } = this.node;
    return { position, event: 'sale', data: JSON.stringify(saleView(this.state, sale, engine.position, engine.nowMs)) };
  }

  private purchaseEvent(line: number): Placed {
    const { lines, orders } = this.state;
    const order = lines.order.get(line);
    const data = {
      sale: formatId('sale', this.cell, lines.sale.get(line)),
      order: formatId('order', this.cell, order),
      ...buyerView(this.state, line),
    };
    return { position: orders.position.get(order), event: 'purchase', data: JSON.stringify(data) };
  }

  /** By position; of several at one position only the last carries it, so that a cut in between repeats rather than loses. */
  private inOrder(placed: Placed[]): StreamEvent[] {
    placed.sort((one, other) => one.position - other.position);
    return placed.map(({ position, event, data }, at) =>
      placed[at + 1]?.position === position
        ? { event, data }
        : { event, data, id: formatPosition(this.cell, position) },
    );
  }

  private firstOrderAfter(position: number): number {
    const { orders } = this.state;
    let low = 0;
    let high = orders.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (orders.position.get(middle) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function without({ event, data }: Placed): StreamEvent {
  return { event, data };
}

/** A buyer as everybody may see them: the display name they registered with, never an id or an e-mail. */
export function buyerView(state: State, line: number): { name: string | null; quantity: number; at: string } {
  const { lines, orders } = state;
  const order = lines.order.get(line);
  const customer = orders.customer.get(order);
  return {
    name: customer === 0 ? null : customerProfile(state, customer - 1).name,
    quantity: lines.quantity.get(line),
    at: formatTime(orders.createdAtMs.get(order)),
  };
}
