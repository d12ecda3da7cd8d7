/**
 * Random commands that collide: few sales with little stock, few customers and keys, targets among
 * the newest, time that often stops right before, at and after deadlines, retries of earlier
 * commands, and rows that make no sense.
 */
import type { Genesis, Settings } from '../../src/engine/commands/running.ts';
import type { Price, SaleChange, SaleDefinition } from '../../src/engine/commands/sales.ts';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { cancellationOf } from '../../src/engine/commands/cancellation.ts';
import { termsOf, extensionOf } from '../../src/engine/commands/holds.ts';
import { asks, linesOf } from '../../src/engine/commands/lines.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import { offsetOf } from './civil.ts';
import { Records } from './histories-records.ts';
import { Halls } from './histories-seats.ts';
import { Random } from './random.ts';
import { beginMs } from './table.ts';

const customers = ['anna', 'bert', 'çarl', 'customer_1_1', 'customer_1_2', 'customer_1_4'];
const crowd = [...customers, 'dora', 'emil', 'fred', 'gina', 'hugo', 'ines'];
const keys = ['a', 'b', 'c', 'key-d', 'ключ'];
const moreKeys = [...keys, 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
const prices: readonly (Price | null)[] = [
  null,
  { amount: 1000, currency: 'EUR' },
  { amount: 0, currency: 'EUR' },
  { amount: 2550, currency: 'USD' },
];

/** What kind of history a seed makes. */
const moods = {
  mixed: { order: 20, hold: 20, confirm: 12, extend: 10, release: 6, cancel: 12, createCustomer: 4, updateSale: 6 },
  holds: { order: 4, hold: 40, confirm: 8, extend: 24, release: 6, cancel: 2, createCustomer: 1, updateSale: 2 },
  /**
   * Many holds side by side, extended past each other, and then a while in which more of them end
   * than one record sweeps.
   */
  rush: { order: 2, hold: 50, confirm: 4, extend: 30, release: 4, cancel: 0, createCustomer: 0, updateSale: 1 },
  /** Many keys to a hold. */
  chains: { order: 2, hold: 8, confirm: 3, extend: 60, release: 3, cancel: 1, createCustomer: 0, updateSale: 1 },
  orders: { order: 40, hold: 6, confirm: 6, extend: 1, release: 1, cancel: 24, createCustomer: 4, updateSale: 10 },
} as const;
/** Few customers wait, or many wait for little stock, in a history of any mood. */
const aFew = { joinWaitlist: 1, leaveWaitlist: 1 } as const;
const crowds = {
  order: 14,
  hold: 24,
  confirm: 10,
  extend: 3,
  release: 8,
  cancel: 8,
  createCustomer: 1,
  updateSale: 7,
  joinWaitlist: 28,
  leaveWaitlist: 4,
} as const;
/** With seats, in a history of any mood. */
const seating = { addSeats: 4, changeSeat: 9, removeSeat: 3 } as const;
/** A box office: little else than seats that go and come back. */
const boxOffice = {
  order: 36,
  hold: 14,
  confirm: 5,
  extend: 1,
  release: 8,
  cancel: 22,
  createCustomer: 1,
  updateSale: 1,
  joinWaitlist: 4,
  leaveWaitlist: 1,
} as const;
const without = { addSeats: 0, changeSeat: 0, removeSeat: 0 } as const;
const emails = [null, 'a@example.com', 'a@example.com', 'A@example.com', 'ä@example.com'];
const crowdHoldsMs = [500, 5_000, 30_000, 60_000] as const;
const rare = {
  createSale: 3,
  removeSale: 1,
  changeCustomer: 2,
  removeCustomer: 1,
  settings: 1,
  seed: 1,
  genesis: 1,
  tick: 8,
} as const;

export class History extends Records {
  readonly genesis: Genesis;
  nowMs = beginMs;

  private readonly random: Random;
  private readonly mood: keyof typeof moods;
  private readonly rush: boolean;
  private readonly keyedPercent: number;
  private readonly windows: boolean;
  /** Little stock and many who wait for it. */
  private readonly crowded: boolean;
  /** Most of its sales have seats. */
  private readonly seated: boolean;
  private readonly boxOffice: boolean;
  /**
   * Starts and clocks, in one of three histories. A generator of their own: the other histories
   * stay the same.
   */
  private readonly interruptions: Random | null;
  private readonly halls: Halls;

  constructor(random: Random) {
    super();
    this.random = random;
    this.mood = random.pick(['mixed', 'mixed', 'holds', 'rush', 'chains', 'orders']);
    this.rush = this.mood === 'rush';
    this.keyedPercent = this.rush ? 10 : random.pick([20, 60, 90]);
    this.crowded = random.chance(50);
    this.seated = random.chance(60);
    this.boxOffice = this.seated && random.chance(70);
    this.windows = random.chance(this.boxOffice ? 0 : this.crowded ? 25 : 60);
    this.halls = new Halls(random);
    this.genesis = {
      engineVersion: 1,
      cell: 1,
      hashKey: [random.word(), random.word(), random.word(), random.word()],
      orderKeyRetentionMs: random.pick([0, 3_000, 20_000, 86_400_000]),
      holdKeyRetentionMs: random.pick([0, 1_500, 10_000, 600_000]),
      sweepLimit: random.pick(this.rush ? [2, 3, 4] : [0, 1, 2, 3, 3, 1000]),
      maxKeys: random.pick([2, 6, 12, 1000, 1000]),
    };
    const [word] = this.genesis.hashKey;
    this.interruptions = word % 3 === 0 ? new Random(word) : null;
  }

  /** Fills in the next command and moves the time on. */
  next(command: Command, state: StateDump | null): void {
    command.text = new Command().text;
    if (state === null) {
      command.reset(kinds.genesis).body = this.genesis;
    } else {
      this.nowMs += this.pause(state);
      this.halls.note(state);
      // Two sales at least, before anything else.
      if (state.sales.length < 2) command.reset(kinds.createSale).body = this.sale();
      else if (this.interrupt(command)) return;
      else if (this.random.chance(8) && this.records.length > 4) this.retry(command);
      else this.invent(command, state);
    }
  }

  private retry(command: Command): void {
    const back = 1 + this.random.below(Math.min(25, this.records.length - 1));
    this.read(command, this.records.length - back);
  }

  private pause(state: StateDump): number {
    const { random } = this;
    const dueMs = [
      ...state.holds.filter((hold) => hold.state === 'active').map((hold) => hold.deadlineMs),
      ...state.sales.flatMap((sale) => [sale.opensAtMs ?? 0, sale.closesAtMs ?? 0]).map((ms) => ms - offsetOf(state)),
    ].filter((timeMs) => timeMs > this.nowMs + 1);
    const due = dueMs.length > 0 ? 12 : 0;
    const calm = { none: 50, short: 20, whole: 5, due, seconds: 10, long: 3 };
    const rush = { none: 75, short: 14, whole: 1, due: due / 6, seconds: 8, long: 1 };
    const crowded = { none: 60, short: 25, whole: 4, due: due / 2, seconds: 4, long: 0.3 };
    switch (random.weighted(this.rush ? rush : this.crowded ? crowded : calm)) {
      case 'none':
        return 0;
      case 'short':
        return random.below(900);
      case 'whole':
        return 1000 - (this.nowMs % 1000);
      case 'due':
        return random.pick(dueMs) - this.nowMs + random.pick([-1, 0, 0, 1]);
      case 'seconds':
        return random.below(12_000);
      default:
        return random.pick([60_000, 600_000, 86_400_000]);
    }
  }

  private invent(command: Command, state: StateDump): void {
    const { random } = this;
    const usual = this.boxOffice ? boxOffice : this.crowded ? crowds : { ...moods[this.mood], ...aFew };
    const kind = random.weighted({ ...rare, ...usual, ...(this.seated ? seating : without) });
    command.reset(kinds[kind]);
    this.fill(command, state);
    if (this.crowded && kind === 'hold') termsOf(command).holdMs = random.pick(crowdHoldsMs);
    if (random.chance(3)) command.notAfterMs = this.nowMs + random.pick([-1, 0, 1]);
    if (!random.chance(this.crowded || this.boxOffice ? 10 : this.keyedPercent)) return;
    const scope = random.pick(Object.values(scopes));
    const scopeId = scope === scopes.hold ? command.target : random.below(2);
    command.setKey(scope, scopeId, random.pick(this.mood === 'chains' ? moreKeys : keys));
    // Mostly the same for similar commands: keys meet both their own fingerprint and another one.
    command.fingerprintLow = random.chance(80) ? command.kind : random.word();
    command.fingerprintHigh = random.chance(90) ? 0xffffffff : random.below(2);
  }

  private fill(command: Command, state: StateDump): void {
    const { random } = this;
    switch (command.kind) {
      case kinds.order:
        this.name(command, 70);
        this.lines(command, state, random.pick([0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 5]));
        linesOf(command).partial = random.chance(this.isBest(command) ? 35 : 1);
        return;
      case kinds.hold:
        this.name(command, 70);
        this.lines(command, state, random.chance(98) ? 1 : random.pick([0, 2]));
        if (this.records.length % 4 === 0) {
          termsOf(command).maxOfCustomer = this.records.length % 3;
          termsOf(command).maxOfAddress = 3;
          termsOf(command).address = 1 + (this.records.length % 5);
        }
        termsOf(command).holdMs = this.rush
          ? random.below(6_000)
          : random.pick([0, 1, 500, 2_000, 5_000, 5_000, 30_000]);
        return;
      case kinds.confirm:
      case kinds.release:
      case kinds.extend:
        this.name(command, 25);
        command.target = this.hold(state);
        extensionOf(command).untilMs =
          this.nowMs + random.pick([-5_000, 0, 1, 700, 3_000, 9_000, 1_000_000, random.below(9_000)]);
        return;
      case kinds.joinWaitlist:
        this.name(command, 97);
        this.lines(command, state, random.chance(98) ? 1 : random.pick([0, 2]));
        return;
      case kinds.leaveWaitlist:
        command.target = this.entry(state);
        return;
      case kinds.cancel:
        command.target = this.recent(state.orders.length);
        cancellationOf(command).count = random.pick([0, 0, 1, 1, 2, 3]);
        for (let i = 0; i < cancellationOf(command).count; i += 1)
          cancellationOf(command).lines[i] = random.pick([0, 0, 0, 1, 1, 2, 4]);
        return;
      case kinds.createCustomer:
        this.name(command, 60);
        command.body = {
          id: null,
          name: random.pick([null, 'Ännä']),
          email: random.pick(emails),
          ...this.door(),
          ...(random.chance(60) ? { uniqueEmail: random.chance(80) } : {}),
          ...(this.records.length % 3 === 0 ? { onlyNew: true } : {}),
        };
        return;
      default:
        command.body = this.body(command.kind, state);
    }
  }

  private body(kind: number, state: StateDump): Command['body'] {
    switch (kind) {
      case kinds.createSale:
        return this.sale();
      case kinds.updateSale:
        return this.change(state);
      case kinds.removeSale:
        return { sale: this.emptySale(state) };
      case kinds.changeCustomer:
        return {
          customer: this.recent(state.customers.length),
          ...(this.random.chance(50) ? { name: this.random.pick([null, 'Bert']) } : {}),
          ...(this.random.chance(70) ? { email: this.random.pick(emails) } : {}),
        };
      case kinds.removeCustomer:
        return { customer: this.recent(state.customers.length) };
      case kinds.addSeats:
        return this.halls.addition(state);
      case kinds.changeSeat:
        return this.halls.change(state);
      case kinds.removeSeat:
        return this.halls.removal(state);
      case kinds.settings:
        return this.settings();
      case kinds.seed:
        return {
          sales: [this.sale()],
          customers: [1, 2, 3].map(() => ({
            id: this.random.pick(customers),
            name: 'Seed',
            email: this.random.pick(emails),
            uniqueEmail: this.random.chance(50),
            ...this.door(),
          })),
        };
      case kinds.genesis:
        return { ...this.genesis, maxKeys: 1, cell: 9 };
      default:
        return null;
    }
  }

  /** Whether the process restarts or its clock changes; then fills in that command. */
  private interrupt(command: Command): boolean {
    const { interruptions } = this;
    if (interruptions === null || !interruptions.chance(3)) return false;
    const offset = { offsetMs: interruptions.pick([0, 0, 3_000, -3_000, 40_000, -40_000, 86_400_000, -86_400_000]) };
    if (interruptions.chance(50)) {
      command.reset(kinds.setClock).body = offset;
    } else {
      const epoch = `beef${interruptions.word().toString(16).padStart(8, '0')}`;
      command.reset(kinds.started).body = { epoch, ...(interruptions.chance(50) ? {} : offset) };
    }
    return true;
  }

  private name(command: Command, percent: number): void {
    if (this.random.chance(this.boxOffice && percent > 50 ? 97 : percent))
      command.setCustomer(this.random.pick(this.crowded ? crowd : customers));
  }

  private door(): { door?: number } {
    return this.random.chance(30) ? {} : { door: this.random.pick([0, 1, 1, 3]) };
  }

  private image(): { image?: string | null } {
    return this.random.chance(80) ? {} : { image: this.random.pick([null, 'https://example.com/a.webp']) };
  }

  /** In a crowd mostly a hold that is active, else a recent one. */
  private hold({ holds }: StateDump): number {
    const active = [...holds.keys()].filter((hold) => this.crowded && holds[hold]!.state === 'active');
    return active.length > 0 && this.random.chance(70) ? this.random.pick(active) : this.recent(holds.length);
  }

  /** Mostly an entry that waits or is offered, else any. */
  private entry({ waitlist }: StateDump): number {
    const open = [...waitlist.keys()].filter((entry) => ['waiting', 'offered'].includes(waitlist[entry]!.state));
    return open.length > 0 && this.random.chance(70) ? this.random.pick(open) : this.recent(waitlist.length);
  }

  private capacity(): number {
    const few = this.rush ? [6, 12] : [1, 2, 3, 4, 6];
    return this.random.pick(this.crowded ? few : this.rush ? [1000] : [0, 1, 4, 10, 10, 40]);
  }

  private lines(command: Command, state: StateDump, count: number): void {
    const sales = Array.from({ length: count }, () => this.wanted(state, command.kind === kinds.joinWaitlist));
    for (const sale of sales) this.line(command, state, sale, sales.filter((other) => other === sale).length === 1);
  }

  /** `scarce`: mostly a sale that has nothing left, where there is one. */
  private wanted({ sales }: StateDump, scarce: boolean): number {
    const { random } = this;
    const standing = [...sales.keys()].filter((sale) => !sales[sale]!.removed);
    const soldOut = standing.filter((sale) => sales[sale]!.sold + sales[sale]!.held === sales[sale]!.capacity);
    if (random.chance(3) || standing.length === 0) return random.pick([sales.length, 0xffffffff]);
    if (scarce && soldOut.length > 0 && random.chance(70)) return random.pick(soldOut);
    if (random.chance(1)) return random.below(sales.length);
    return this.crowded && random.chance(80) ? random.pick(standing.slice(0, 2)) : random.pick(standing);
  }

  private line(command: Command, { sales }: StateDump, sale: number, alone: boolean): void {
    const { random } = this;
    const known = sales[sale];
    const asksSeats = known?.kind === 'seated' || random.chance(1);
    if (known !== undefined && asksSeats && command.kind !== kinds.joinWaitlist) {
      this.halls.line(command, sale, known, alone);
      return;
    }
    const quantity = random.chance(4) ? random.pick([0, 65, 513, 1000, 0xffffffff]) : random.pick([1, 1, 1, 2, 2, 3]);
    linesOf(command).add(sale, quantity);
  }

  /** Whether a command is for one line of best seats. */
  private isBest(command: Command): boolean {
    const { asksSeats, count, ask } = linesOf(command);
    return asksSeats && count === 1 && ask[0] === asks.best;
  }

  /** Mostly a sale of which nothing is sold or held, when there are more than two. */
  private emptySale({ sales }: StateDump): number {
    const { random } = this;
    const standing = [...sales.keys()].filter((sale) => !sales[sale]!.removed);
    const empty = standing.filter((sale) => sales[sale]!.sold + sales[sale]!.held === 0);
    if (standing.length > 2 && empty.length > 0 && random.chance(70)) return random.pick(empty);
    const taken = standing.filter((sale) => !empty.includes(sale));
    return taken.length > 0 && random.chance(80) ? random.pick(taken) : sales.length;
  }

  /** Mostly one of the last few, sometimes any, rarely an unknown one. */
  private recent(count: number): number {
    const { random } = this;
    if (count === 0 || random.chance(3)) return random.pick([count, count + 7, 0xffffffff]);
    return random.chance(70) ? count - 1 - random.below(Math.min(count, this.rush ? 16 : 4)) : random.below(count);
  }

  private sale(): SaleDefinition {
    const { random } = this;
    return {
      name: random.pick(['opera', 'ballet', 'Ōpera']),
      ...(this.seated && random.chance(80)
        ? this.halls.terms()
        : { kind: 'counted' as const, capacity: this.capacity() }),
      price: random.pick(prices),
      opensAtMs: this.windows && random.chance(30) ? this.nowMs + random.below(5_000) : null,
      closesAtMs: this.windows && random.chance(30) ? this.nowMs + 5_000 + random.below(60_000) : null,
      holdMs: this.crowded ? random.pick([0, 800, 5_000, 20_000, 60_000]) : 5_000,
      maxHoldMs: this.rush ? 20_000 : random.pick([1_000, 8_000, 20_000]),
      maxPerOrder: random.pick(this.boxOffice ? [null, null, null, null, 6] : [null, null, 2, 4]),
      maxPerCustomer: random.pick(this.rush || this.boxOffice ? [null, null, 50] : [null, null, 3, 6]),
      refusals: random.pick(['forget', 'remember']),
      door: random.pick([0, 1, 1, 3]),
      ...this.image(),
      ...this.attributes(),
    };
  }

  private attributes(): Pick<SaleDefinition, 'attributes'> {
    return this.random.chance(80) ? {} : { attributes: this.random.pick([{}, { venue: 'Ōpera', '': '' }, { b: '1' }]) };
  }

  private change(state: StateDump): SaleChange {
    const { random } = this;
    const sale = random.chance(3) ? state.sales.length : random.below(state.sales.length);
    const known = state.sales[sale];
    const reopens = this.crowded && known !== undefined && known.state !== 'open';
    const taken = known === undefined ? 0 : known.sold + known.held;
    return {
      sale,
      ...(random.chance(20) ? { name: 'renamed' } : {}),
      ...this.image(),
      ...this.attributes(),
      ...(random.chance(25) ? { price: random.pick(prices) } : {}),
      ...(random.chance(50) && known?.price != null ? { price: { ...known.price, amount: random.below(5000) } } : {}),
      ...(this.windows && random.chance(25) ? { opensAtMs: this.window() } : {}),
      ...(this.windows && random.chance(25) ? { closesAtMs: this.window() } : {}),
      ...(random.chance(reopens ? 90 : this.boxOffice ? 5 : 30)
        ? { status: random.pick(['open', 'open', 'open', 'paused', 'closed']) }
        : {}),
      ...(random.chance(known?.kind === 'seated' ? 8 : 50) ? { capacity: this.roomFor(taken) } : {}),
    };
  }

  private roomFor(taken: number): number {
    const { random } = this;
    return this.crowded
      ? Math.max(2, taken + random.pick([-1, 0, 1, 2, 5]))
      : Math.max(0, taken + random.pick([-1, 0, 1, 5, 10]));
  }

  private window(): number | null {
    return this.random.pick([null, null, this.nowMs, this.nowMs + 1, this.nowMs + 3_000, this.nowMs + 30_000]);
  }

  private settings(): Partial<Settings> & { engineVersion?: number } {
    const { random } = this;
    return {
      ...(random.chance(40) ? { sweepLimit: random.pick([0, 1, 2, 3]) } : {}),
      ...(random.chance(40) ? { maxKeys: random.pick([3, 8, 1000]) } : {}),
      ...(this.records.length % 2 === 0 ? { waitingPerUnit: 1 } : {}),
      ...(this.records.length % 5 === 0 ? { maxFreeKeys: 1 } : {}),
      ...(random.chance(40) ? { orderKeyRetentionMs: random.pick([0, 5_000, 3_600_000]) } : {}),
      ...(random.chance(40) ? { holdKeyRetentionMs: random.pick([0, 2_000, 60_000]) } : {}),
      ...(random.chance(40) ? { engineVersion: random.pick([0, 1, 2]) } : {}),
    };
  }
}
