/** Everything the engine knows at a position. All of it comes from the log. */
import { AccessKeyTable } from './tables/access-keys.ts';
import { Cancellations } from './tables/cancellations.ts';
import { CardTable } from './tables/cards.ts';
import { Changes } from './changes.ts';
import { Chosen } from './tables/chosen.ts';
import { CivilTime } from './tables/civil-time.ts';
import type { Command } from './command.ts';
import type { Genesis, Settings } from './commands/running.ts';
import { scopes } from './command.ts';
import { DayNotes } from './tables/day-notes.ts';
import { Days } from './tables/days.ts';
import { Deadlines } from './tables/deadlines.ts';
import { DenyList } from './tables/deny-list.ts';
import { Epochs } from './tables/epochs.ts';
import { KeyedHash } from './base/keyed-hash.ts';
import { Emails } from './tables/emails.ts';
import { GateTable } from './tables/gates.ts';
import { Journal } from './tables/journal.ts';
import { KeyTable } from './tables/keys.ts';
import { SeatTable } from './tables/seats.ts';
import { CustomerTable } from './tables/customers.ts';
import { addressTag, customerTag, heldTag, keyTag, limitTag } from './base/tags.ts';
import { holdStates, HoldTable } from './tables/holds.ts';
import { LimitTable } from './tables/limits.ts';
import { LineTable, OrderTable } from './tables/orders.ts';
import { Passage } from './tables/passage.ts';
import { SaleTable } from './tables/sales.ts';
import type { Table } from './tables/table.ts';
import { TariffTable } from './tables/tariffs.ts';
import { TravelTable } from './tables/travel.ts';
import { WaitlistTable } from './tables/waitlist.ts';
import { Windows } from './tables/windows.ts';

/** The newest rules that this program knows. Only a logged command raises a log's version. */
export const engineVersion = 2;

/** Small fields that belong to no table. */
interface StateHead {
  readonly settings: Settings;
  readonly version: number;
  readonly seeded: boolean;
  readonly owedOffers: readonly number[];
  /** From format 4 on. */
  readonly idleMs: number;
}

export class State implements Table<StateHead> {
  readonly genesis: Genesis;
  settings: Settings;
  version: number;
  seeded = false;
  /** The record that is being applied, or was last: its position and log time, ms. */
  position = 0;
  nowMs = 0;
  readonly epochs = new Epochs();
  readonly civil = new CivilTime();
  /**
   * Total time that the store did not run, ms of log time: from the last record before each start
   * to that start.
   */
  idleMs = 0;
  /** Sales whose returned stock is still to be offered to their waitlist. */
  owedOffers: number[] = [];

  /** Hashes of customers and limits. */
  readonly hash: KeyedHash;
  /** Hashes of idempotency keys alone: a key's hash outlives the checks between look-up and use. */
  readonly keyHash: KeyedHash;
  readonly sales = new SaleTable();
  readonly holds = new HoldTable();
  readonly orders = new OrderTable();
  readonly lines = new LineTable();
  readonly cancellations = new Cancellations();
  readonly customers = new CustomerTable();
  /** Sales with a customer limit: units of active holds plus uncancelled orders. */
  readonly limits: LimitTable;
  /** Units of active holds that were placed under a limit of held units. */
  readonly heldByCustomer: LimitTable;
  readonly heldByAddress: LimitTable;
  readonly keys = new KeyTable();
  readonly waitlist: WaitlistTable;
  readonly seats: SeatTable;
  readonly cards: CardTable;
  readonly tariffs = new TariffTable();
  readonly denyList = new DenyList();
  readonly gates = new GateTable();
  readonly travel = new TravelTable();
  readonly dayNotes = new DayNotes();
  readonly days = new Days();
  readonly journal = new Journal();
  readonly accessKeys = new AccessKeyTable();
  /** Derived. */
  readonly emails: Emails;
  /** The seats that the last check of a command chose. Not state. */
  readonly chosen = new Chosen();
  /** The tap that is being applied. Not state. */
  readonly passage = new Passage();
  /** What the records applied since the last clear changed. Not state. */
  readonly changes = new Changes();

  /** Derived: rebuilt from the tables on restore. */
  readonly deadlines = new Deadlines();
  readonly windows = new Windows();

  constructor(genesis: Genesis) {
    if (genesis.engineVersion > engineVersion) {
      throw new Error(`the log asks for engine version ${genesis.engineVersion}; this program knows ${engineVersion}`);
    }
    this.genesis = genesis;
    this.settings = {
      orderKeyRetentionMs: genesis.orderKeyRetentionMs,
      holdKeyRetentionMs: genesis.holdKeyRetentionMs,
      sweepLimit: genesis.sweepLimit,
      maxKeys: genesis.maxKeys,
      ...(genesis.maxFreeKeys === undefined ? {} : { maxFreeKeys: genesis.maxFreeKeys }),
      ...(genesis.waitingPerUnit === undefined ? {} : { waitingPerUnit: genesis.waitingPerUnit }),
    };
    this.version = genesis.engineVersion;
    this.hash = new KeyedHash(genesis.hashKey);
    this.keyHash = new KeyedHash(genesis.hashKey);
    this.limits = new LimitTable(this.hash, limitTag, 'limits');
    this.heldByCustomer = new LimitTable(this.hash, heldTag, 'heldByCustomer');
    this.heldByAddress = new LimitTable(this.hash, addressTag, 'heldByAddress');
    this.waitlist = new WaitlistTable(this.hash);
    this.seats = new SeatTable(this.hash);
    this.emails = new Emails(this.hash);
    this.cards = new CardTable(this.hash);
  }

  /**
   * All that a snapshot keeps, in the order of its columns there. A derived index comes after the
   * tables that it is derived from. A table that is not named here is lost when the log is trimmed.
   */
  get tables(): readonly Table<object, State>[] {
    const { sales, holds, orders, lines, cancellations, customers, waitlist, seats, keys, epochs, civil } = this;
    const { limits, heldByCustomer, heldByAddress, deadlines, windows, emails } = this;
    const { tariffs, cards, denyList, gates, travel, dayNotes, days, journal, accessKeys } = this;
    const kept = [this, sales, holds, orders, lines, cancellations, customers, waitlist, seats, epochs, civil];
    const counted = [limits, heldByCustomer, heldByAddress, keys];
    // From format 5 on.
    const ofGates = [tariffs, cards, denyList, gates, travel, dayNotes, days, journal, accessKeys];
    return [...kept, ...counted, deadlines, windows, emails, ...ofGates];
  }

  head(): StateHead {
    const { settings, version, seeded, owedOffers, idleMs } = this;
    return { settings, version, seeded, owedOffers, idleMs };
  }

  restore({ settings, version, seeded = false, owedOffers = [], idleMs = 0 }: Partial<StateHead>): void {
    if (settings === undefined || version === undefined) throw new Error('the snapshot has no settings or no version');
    this.settings = settings;
    this.version = version;
    this.seeded = seeded;
    this.owedOffers = [...owedOffers];
    this.idleMs = idleMs;
  }

  /** Whether the limit of kept keys is reached, for keys of free calls or for all others. */
  keysAreFull(ofFreeCall: boolean): boolean {
    const { keys, settings } = this;
    const { maxKeys, maxFreeKeys = Math.ceil(maxKeys / 8) } = settings;
    // Version 1 counted them together.
    if (this.version < 2) return keys.count >= maxKeys;
    return ofFreeCall ? keys.freeCount >= maxFreeKeys : keys.count - keys.freeCount >= maxKeys;
  }

  /** Max number of entries that may wait for a sale at a time. */
  maxWaiting(sale: number): number {
    if (this.version < 2) return Infinity;
    return (this.settings.waitingPerUnit ?? 10) * Math.max(1, this.sales.capacity.get(sale));
  }

  /** Civil time of the record that is being applied, or was last, ms. */
  get civilMs(): number {
    return this.nowMs + this.civil.offsetMs;
  }

  /**
   * Key time, ms: log time minus the time that the store did not run. The retention of keys counts
   * it.
   */
  get keyTimeMs(): number {
    return this.nowMs - this.idleMs;
  }

  /** Log time at which a hold was placed, ms. */
  placedAtMs(hold: number): number {
    return this.holds.createdAtMs.get(hold) - this.civil.offsetAt(this.holds.position.get(hold));
  }

  /**
   * A hold's deadline in civil time, ms, by the offset at a position. Without a position: by the
   * present offset while it is active, and by the offset at its beginning once it has ended.
   */
  civilDeadlineMs(hold: number, position?: number): number {
    const { holds } = this;
    const at = position ?? (holds.state.get(hold) === holdStates.active ? this.position : holds.position.get(hold));
    return holds.deadlineMs.get(hold) + this.civil.offsetAt(at);
  }

  /** The deadline `afterMs` after a hold was placed, in civil time as of a position, ms. */
  civilDeadlineAfterMs(hold: number, afterMs: number, position: number): number {
    return this.placedAtMs(hold) + afterMs + this.civil.offsetAt(position);
  }

  /**
   * Row of the key that the command carries, or -1. Leaves the hash of scope and key in `keyHash`,
   * for `keys.add`.
   */
  findKey(command: Command): number {
    const hash = this.keyHash;
    let caller0 = 0;
    let caller1 = 0;
    if (command.scope === scopes.caller && command.customerLength > 0) {
      hash.prefixed(customerTag, 0, command.text, command.customerStart, command.customerLength);
      caller0 = hash.h0;
      caller1 = hash.h1;
    }
    const scope = keyTag ^ command.scope ^ caller0;
    hash.prefixed(scope, command.scopeId ^ caller1, command.text, command.keyStart, command.keyLength);
    return this.keys.find(hash.h0, hash.h1, hash.h2, hash.h3);
  }

  /**
   * Row of the customer that the command names, or -1 when it is new. Leaves its hash in `hash`.
   */
  findCustomer(text: Uint8Array, start: number, length: number): number {
    const hash = this.hash;
    hash.prefixed(customerTag, 0, text, start, length);
    return this.customers.index.find(hash.h0, hash.h1, hash.h2, hash.h3);
  }

  /** Row of the card with an id, or -1 when it is new. Leaves its hash in `hash`. */
  findCard(text: Uint8Array, start: number, length: number): number {
    return this.cards.find(text, start, length);
  }

  /** The same for an id that is a UUID, by its 16 bytes. */
  findCardByUuid(bytes: Uint8Array, start: number): number {
    return this.cards.findByUuid(bytes, start);
  }
}
