/**
 * The dialect's live events, over Socket.IO: `connected`, `stockUpdate`, `newPurchase`.
 *
 *     batch applied -> what changed is collected -> flush, at most one in 50 ms -> every listener that keeps up
 *                                                                              \-> one that does not: told the latest later
 *
 * A flush sends a drop's stock as it is then: values in between are conflated away, the last value
 * never is. When a flush takes long, flushes come less often, so listeners never take more than a
 * tenth of the process.
 */
import type { Socket } from 'socket.io';
import { Server as SocketServer } from 'socket.io';
import type { Changes } from '../../engine/changes.ts';
import { changeKinds } from '../../engine/changes.ts';
import { doors } from '../../engine/command.ts';
import type { State } from '../../engine/state.ts';
import type { SessionOutput } from '../../http/socket-io-transport.ts';
import { SocketIoTransport } from '../../http/socket-io-transport.ts';
import type { Node } from '../../node/node.ts';
import { formatTime } from '../kit/ids.ts';
import { buyer } from './users.ts';

/** Minimum time between two flushes, ms. */
const flushMs = 50;
/** A flush may take this share of the time to the next one… */
const flushShare = 0.1;
/**
 * …and this many messages may be sent a millisecond, over all listeners: each costs the kernel some
 * 3 µs.
 */
const sendsPerMs = 40;
/** A listener with more bytes than this in flight is sent nothing until it has taken them. */
const maxBehindBytes = 16 * 1024;
/**
 * Messages of one flush, some 16 KiB; the rest come in the next ones. So a listener that reads
 * nothing has at most twice that in flight.
 */
const flushMessages = 200;
/** Bytes in flight to all listeners together: past it, those with the most are cut off. */
const maxUnsentBytes = 64 * 1024 * 1024;
/**
 * A new listener gets the stock of this many drops, the newest. It may be a reconnect that missed
 * changes.
 */
const presentDrops = 50;
/** Purchases in one flush, over all listeners: a feed shows the last few of a drop. */
const purchaseSends = 4000;
const minPurchases = 3;
/** A socket that says nothing is closed after this time, ms. */
const silentMs = 15_000;
/** Listeners that keep up on a WebSocket; that poll; that are behind. */
const topic = 'drops';
const pollingRoom = 'polling';
const behindRoom = 'behind';

interface Events {
  connected: (said: { message: string }) => void;
  stockUpdate: (update: StockUpdate) => void;
  newPurchase: (purchase: Purchase) => void;
}

interface StockUpdate {
  readonly dropId: number;
  readonly availableStock: number;
}

interface Purchase {
  readonly dropId: number;
  readonly userId: number | null;
  readonly username: string | null;
  readonly timestamp: string;
}

/** Messages from clients are ignored. */
type Io = SocketServer<Record<string, never>, Events>;
type Client = Socket<Record<string, never>, Events>;

export class Live {
  readonly sockets = new SocketIoTransport({
    path: '/socket.io/',
    pingIntervalMs: 25_000,
    pingTimeoutMs: 20_000,
    maxMessageBytes: 64 * 1024,
    maxSessions: 20_000,
    maxSessionsPerAddress: 5000,
  });
  private readonly node: Node;
  private readonly maxUnsent: number;
  private readonly io: Io = new SocketServer({ serveClient: false, connectTimeout: silentMs });
  private readonly unwatch: () => void;
  /** Sale row to the stock that was last sent, and in which flush. */
  private readonly lastSent = new Map<number, { available: number; flush: number }>();
  private readonly changed = new Set<number>();
  private readonly purchases = new Map<number, Purchase[]>();
  /** Listeners that are behind, and since which flush. */
  private readonly behind = new Map<string, number>();
  private flushes = 0;
  /** Sent in this flush. */
  private messages = 0;
  private nextFlushMs = 0;
  private lastTookMs = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(node: Node, maxUnsent: number = maxUnsentBytes) {
    this.node = node;
    this.maxUnsent = maxUnsent;
    for (const row of this.state.sales.namespaces.rowsOf(doors.drops)) this.take(row);
    this.io.bind(this.sockets.engine);
    this.io.on('connection', (client) => this.welcome(client));
    this.unwatch = node.watch((changes) => this.collect(changes));
  }

  /** Sends what is pending, and ends all connections. */
  close(): void {
    this.unwatch();
    if (this.timer !== null) clearTimeout(this.timer);
    do this.flush();
    while (this.isOwed);
    if (this.timer !== null) clearTimeout(this.timer);
    void this.io.close();
  }

  private get state(): State {
    return this.node.engine.state;
  }

  private welcome(client: Client): void {
    const output = this.sockets.output(client.conn);
    this.tellPresent(client);
    client.emit('connected', { message: 'Connected to inventory system' });
    if (output === undefined) return;
    client.once('disconnect', () => {
      this.behind.delete(client.id);
      output.unsubscribe(topic);
    });
    if (output.subscribe(topic)) return;
    void client.join(pollingRoom);
    output.onUpgraded(() => {
      void client.leave(pollingRoom);
      if (client.connected && !this.behind.has(client.id)) output.subscribe(topic);
    });
  }

  /**
   * A connection does not know the previous one, or the history that it showed: so each begins with
   * the present state.
   */
  private tellPresent(client: Client): void {
    const { sales } = this.state;
    const { namespaces } = sales;
    const first = Math.max(1, namespaces.count(doors.drops) - presentDrops + 1);
    for (const sale of namespaces.rowsOf(doors.drops, first)) {
      if (sales.removed.get(sale) === 1) continue;
      client.emit('stockUpdate', { dropId: sales.doorNumber.get(sale), availableStock: sales.available(sale) });
    }
  }

  private collect(changes: Changes): void {
    const { sales } = this.state;
    for (let at = 0; at < changes.count; at += 1) {
      const row = changes.row(at);
      const kind = changes.kind(at);
      if (kind === changeKinds.sale && sales.door.get(row) === doors.drops) this.changed.add(row);
      else if (kind === changeKinds.order) this.collectPurchase(row);
    }
    this.schedule();
  }

  private get isOwed(): boolean {
    return this.changed.size > 0 || this.purchases.size > 0;
  }

  private schedule(): void {
    if (this.timer !== null || !this.isOwed) return;
    // Not within the batch: its callers are answered first.
    this.timer = setTimeout(() => this.flush(), Math.max(0, this.nextFlushMs - performance.now()));
  }

  private collectPurchase(order: number): void {
    const { orders, lines, sales } = this.state;
    const { sessionCount } = this.sockets;
    if (sessionCount === 0) return;
    const most = Math.max(minPurchases, Math.floor(purchaseSends / sessionCount));
    const first = orders.firstLine.get(order);
    for (let line = first; line < first + orders.lineCount.get(order); line += 1) {
      const sale = lines.sale.get(line);
      if (sales.door.get(sale) !== doors.drops) continue;
      const newest = this.purchases.get(sale) ?? [];
      newest.push({
        dropId: sales.doorNumber.get(sale),
        ...buyer(this.state, orders.customer.get(order), orders.position.get(order)),
        timestamp: formatTime(orders.createdAtMs.get(order)),
      });
      if (newest.length > most) newest.shift();
      this.purchases.set(sale, newest);
    }
  }

  private flush(): void {
    this.timer = null;
    const startedMs = performance.now();
    this.flushes += 1;
    this.findBehind();
    // A purchase comes with the stock, which it leaves as the reservation made it: first the stock,
    // then the buyer.
    for (const sale of this.purchases.keys()) this.changed.add(sale);
    for (const sale of this.changed) {
      if (this.messages >= flushMessages) break;
      this.changed.delete(sale);
      const isNews = this.take(sale);
      if (isNews || this.purchases.has(sale)) this.tell('stockUpdate', this.stockUpdate(sale));
    }
    for (const [sale, purchases] of this.purchases) {
      // Its stock is sent first, if need be in the next flush.
      if (this.messages >= 2 * flushMessages || this.changed.has(sale)) continue;
      this.purchases.delete(sale);
      for (const purchase of purchases) this.tell('newPurchase', purchase);
    }
    const tookMs = performance.now() - startedMs;
    // A single interruption does not count: two flushes in a row must be long.
    const steadyMs = Math.min(tookMs, this.lastTookMs);
    this.lastTookMs = tookMs;
    const sends = this.messages * this.sockets.sessionCount;
    this.messages = 0;
    this.nextFlushMs = startedMs + Math.max(flushMs, steadyMs / flushShare, sends / sendsPerMs);
    this.schedule();
  }

  /**
   * To all listeners that keep up: WebSockets by the runtime's own publishing, in Socket.IO's
   * packet; the others one by one.
   */
  private tell<Name extends 'stockUpdate' | 'newPurchase'>(name: Name, said: Parameters<Events[Name]>[0]): void {
    this.messages += 1;
    this.sockets.publish(topic, `42${JSON.stringify([name, said])}`);
    const polling = this.io.to(pollingRoom).except(behindRoom);
    if (name === 'stockUpdate') polling.emit('stockUpdate', said as StockUpdate);
    else polling.emit('newPurchase', said as Purchase);
  }

  /**
   * Notes the present stock of a drop; returns whether it is news. For a drop never sent before,
   * the stock at its creation is the old value.
   */
  private take(sale: number): boolean {
    const available = this.state.sales.available(sale);
    const before = this.lastSent.get(sale);
    if (before?.available === available) return false;
    this.lastSent.set(sale, { available, flush: this.flushes });
    return before !== undefined;
  }

  private stockUpdate(sale: number): StockUpdate {
    return { dropId: this.state.sales.doorNumber.get(sale), availableStock: this.lastSent.get(sale)!.available };
  }

  /** A listener with too much in flight is skipped from now on, until it has taken that. */
  private findBehind(): void {
    const waiting: { readonly output: SessionOutput; readonly bytes: number }[] = [];
    let unsent = 0;
    for (const client of this.io.sockets.sockets.values()) {
      const output = this.sockets.output(client.conn);
      const bytes = output?.unsentBytes ?? 0;
      if (output === undefined || bytes === 0) continue;
      unsent += bytes;
      waiting.push({ output, bytes });
      if (bytes > maxBehindBytes && !this.behind.has(client.id)) this.leaveOut(client, output);
    }
    if (unsent <= this.maxUnsent) return;
    waiting.sort((one, other) => other.bytes - one.bytes);
    for (const { output, bytes } of waiting) {
      output.cut();
      unsent -= bytes;
      if (unsent <= this.maxUnsent) return;
    }
  }

  private leaveOut(client: Client, output: SessionOutput): void {
    this.behind.set(client.id, this.flushes);
    output.unsubscribe(topic);
    void client.join(behindRoom);
    output.onceDrained(() => this.catchUp(client, output));
  }

  /** Sends a listener the latest stock of each drop that changed while it was skipped. */
  private catchUp(client: Client, output: SessionOutput): void {
    const since = this.behind.get(client.id);
    if (since === undefined) return;
    this.behind.delete(client.id);
    void client.leave(behindRoom);
    output.subscribe(topic);
    for (const [sale, { flush }] of this.lastSent) {
      if (flush >= since) client.emit('stockUpdate', this.stockUpdate(sale));
    }
  }
}
