/**
 * The state as bytes, and back: a JSON head (everything small) and then every column, raw, in a fixed order. The same state gives the
 * same bytes on every machine (little-endian, which all supported ones are). Indexes that are not state (hash buckets, the
 * deadline heap, the windows) are left out and rebuilt.
 *
 * The engine knows no files: the node pulls chunks to write and feeds bytes to restore, and adds the checksum.
 */
import type { Arena } from './base/arena.ts';
import type { Column } from './base/columns.ts';
import { ByteColumn, NumberColumn, segmentRows, WordColumn } from './base/columns.ts';
import type { Genesis, Settings } from './commands/running.ts';
import type { Attributes, SaleDefinition } from './commands/sales.ts';
import { customerProfile } from './tables/customers.ts';
import type { Engine } from './engine.ts';
import { State } from './state.ts';
import { holdStates } from './tables/holds.ts';

/**
 * Raised whenever the layout changes. Snapshots of `oldestFormat` on are read: a trimmed log has nothing else to begin with. What an
 * older one lacks is what it was when that was written.
 */
export const snapshotFormat = 4;
const oldestFormat = 3;

interface Head {
  readonly format: number;
  readonly position: number;
  readonly nowMs: number;
  readonly hashLow: number;
  readonly hashHigh: number;
  readonly genesis: Genesis;
  readonly settings: Settings;
  readonly version: number;
  readonly seeded: boolean;
  readonly sales: number;
  readonly made: readonly SaleDefinition[];
  readonly names: readonly string[];
  readonly images: readonly (string | null)[];
  readonly currencies: readonly (string | null)[];
  readonly attributes: readonly Attributes[];
  readonly ofDoor: readonly (readonly number[] | null)[];
  readonly holds: number;
  readonly orders: number;
  readonly lines: number;
  readonly customers: number;
  readonly numbered: number;
  readonly arenaUsed: number;
  readonly limits: number;
  readonly seats: number;
  readonly listed: number;
  readonly seatArenaUsed: number;
  readonly sectionSales: readonly number[];
  readonly sectionNames: readonly string[];
  readonly rowSections: readonly number[];
  readonly rowNames: readonly string[];
  readonly rowRanks: readonly number[];
  readonly waitlist: number;
  readonly owedOffers: readonly number[];
  readonly keyLinks: readonly number[];
  /** From format 4 on. */
  readonly idleMs?: number;
  readonly heldByCustomer?: number;
  readonly heldByAddress?: number;
  readonly formerProfiles?: number;
  readonly epochs?: readonly (readonly [number, string])[];
  readonly offsets?: readonly (readonly [number, number])[];
  readonly cancellations?: number;
}

/** What a snapshot is of. */
export type SnapshotHead = Pick<Head, 'position' | 'nowMs' | 'hashLow' | 'hashHigh'>;

/** Asks for exactly so many bytes. */
export type Pull = (bytes: number) => Uint8Array;

export function* writeSnapshot(engine: Engine): Generator<Uint8Array> {
  assertLittleEndian();
  const { state } = engine;
  const { sales, customers, seats } = state;
  const head: Head = {
    format: snapshotFormat,
    position: engine.position,
    nowMs: engine.nowMs,
    hashLow: engine.hashLow,
    hashHigh: engine.hashHigh,
    genesis: state.genesis,
    settings: state.settings,
    version: state.version,
    seeded: state.seeded,
    sales: sales.count,
    made: sales.made,
    names: sales.name,
    images: sales.image,
    currencies: sales.currency,
    attributes: sales.attributes,
    ofDoor: Array.from(sales.ofDoor, (list) => list ?? null),
    holds: state.holds.count,
    orders: state.orders.count,
    lines: state.lines.count,
    customers: customers.count,
    numbered: customers.numbered,
    arenaUsed: customers.arena.used,
    limits: state.limits.rows,
    seats: seats.count,
    listed: seats.listed,
    seatArenaUsed: seats.arena.used,
    sectionSales: seats.sectionSale,
    sectionNames: seats.sectionName,
    rowSections: seats.rowSection,
    rowNames: seats.rowName,
    rowRanks: seats.rowRank,
    waitlist: state.waitlist.count,
    owedOffers: state.owedOffers,
    keyLinks: state.keys.links(),
    idleMs: state.idleMs,
    heldByCustomer: state.heldByCustomer.rows,
    heldByAddress: state.heldByAddress.rows,
    formerProfiles: customers.former.count,
    epochs: state.epochs.entries(),
    offsets: state.civil.entries(),
    cancellations: state.cancellations.count,
  };
  const json = new TextEncoder().encode(JSON.stringify(head));
  yield new Uint8Array(Uint32Array.of(json.length).buffer);
  yield json;
  for (const [column, rows] of columnsOf(state, snapshotFormat)) yield* columnBytes(column, rows);
  yield* arenaBytes(customers.arena);
  yield* arenaBytes(seats.arena);
}

function* arenaBytes(arena: Arena): Generator<Uint8Array> {
  let left = arena.used;
  for (const segment of arena.segments) {
    yield segment.subarray(0, Math.min(segment.length, left));
    left -= segment.length;
  }
}

/** Fills an empty engine. @throws when the format is another one or the bytes run out. */
export function restoreSnapshot(engine: Engine, pull: Pull): void {
  assertLittleEndian();
  if (!engine.isEmpty) throw new Error('a snapshot is restored into an empty engine');
  const head = readHead(pull);
  const state = new State(head.genesis);
  const { sales, customers, holds, seats } = state;
  state.settings = head.settings;
  state.version = head.version;
  state.seeded = head.seeded;
  sales.count = head.sales;
  sales.made.push(...head.made);
  sales.name.push(...head.names);
  sales.image.push(...head.images);
  sales.currency.push(...head.currencies);
  sales.attributes.push(...head.attributes);
  head.ofDoor.forEach((list, door) => {
    if (list !== null) sales.ofDoor[door] = [...list];
  });
  holds.count = head.holds;
  state.orders.count = head.orders;
  state.lines.count = head.lines;
  customers.count = head.customers;
  customers.numbered = head.numbered;
  customers.arena.used = head.arenaUsed;
  state.limits.rows = head.limits;
  seats.count = head.seats;
  seats.listed = head.listed;
  seats.arena.used = head.seatArenaUsed;
  fill(seats.sectionSale, head.sectionSales);
  fill(seats.sectionName, head.sectionNames);
  fill(seats.rowSection, head.rowSections);
  fill(seats.rowName, head.rowNames);
  fill(seats.rowRank, head.rowRanks);
  state.waitlist.count = head.waitlist;
  state.owedOffers = [...head.owedOffers];
  state.keys.restoreLinks(head.keyLinks);
  state.idleMs = head.idleMs ?? 0;
  state.heldByCustomer.rows = head.heldByCustomer ?? 0;
  state.heldByAddress.rows = head.heldByAddress ?? 0;
  customers.former.count = head.formerProfiles ?? 0;
  for (const [position, mark] of head.epochs ?? []) state.epochs.add(position, mark);
  for (const [position, offsetMs] of head.offsets ?? []) state.civil.set(position, offsetMs);
  state.cancellations.count = head.cancellations ?? 0;
  for (const [column, rows] of columnsOf(state, head.format)) fillColumn(column, rows, pull);
  fillMissing(state, head);
  customers.arena.restore(pull);
  seats.arena.restore(pull);
  rebuild(state, head.nowMs + state.civil.offsetMs);
  engine.restore(state, head.position, head.nowMs, head.hashLow, head.hashHigh);
}

/** Says what a snapshot is of, without restoring it. @throws when the format is another one */
export function readSnapshotHead(pull: Pull): SnapshotHead {
  const { position, nowMs, hashLow, hashHigh } = readHead(pull);
  return { position, nowMs, hashLow, hashHigh };
}

function readHead(pull: Pull): Head {
  const headBytes = new DataView(pull(4).slice().buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(pull(headBytes))) as Head;
  if (head.format < oldestFormat || head.format > snapshotFormat) {
    throw new Error(`the snapshot has format ${head.format}; this program reads ${oldestFormat} to ${snapshotFormat}`);
  }
  return head;
}

/** One by one: spread into a call, a hall's rows could pass the most arguments there may be. */
function fill<Item>(into: Item[], from: readonly Item[]): void {
  for (const item of from) into.push(item);
}

/** What an older format did not have, as its rules had it. */
function fillMissing({ sales, holds, customers }: State, { format, nowMs }: Head): void {
  if (format >= 4) return;
  for (let sale = 0; sale < sales.count; sale += 1) sales.opened.set(sale, sales.opensAtMs.get(sale) <= nowMs ? 1 : 0);
  // A dialect took any hold on its sales, but for offers.
  for (let hold = 0; hold < holds.count; hold += 1) {
    holds.placedBy.set(hold, holds.entry.get(hold) > 0 ? 0 : sales.door.get(holds.sale.get(hold)));
    holds.ofCustomer.add(hold, 0);
    holds.address.add(hold, 0);
  }
  // A name counted for whatever came before it.
  for (let row = 0; row < customers.count; row += 1) {
    customers.profileAt.add(row, 0);
    customers.formerProfile.add(row, 0);
  }
}

function rebuild(state: State, civilMs: number): void {
  const { seats, emails, heldByCustomer, heldByAddress } = state;
  const { sales, holds, orders, customers, limits, keys, waitlist, deadlines, windows } = state;
  customers.index.rebuild(customers.count, () => true);
  limits.index.rebuild(limits.rows, () => true);
  heldByCustomer.index.rebuild(heldByCustomer.rows, () => true);
  heldByAddress.index.rebuild(heldByAddress.rows, () => true);
  keys.rebuild();
  for (let hold = 0; hold < holds.count; hold += 1) {
    if (holds.state.get(hold) === holdStates.active) deadlines.push(holds.deadlineMs.get(hold), hold);
  }
  for (let hold = 0; hold < holds.count; hold += 1) {
    holds.namespaces.add(sales.door.get(holds.sale.get(hold)), hold);
  }
  for (let order = 0; order < orders.count; order += 1) {
    orders.namespaces.add(sales.door.get(state.lines.sale.get(orders.firstLine.get(order))), order);
  }
  restoreCustomerNumbers(state);
  for (let row = 0; row < customers.count; row += 1) {
    if (customers.uniqueEmail.get(row) === 0 || customers.removed.get(row) === 1) continue;
    emails.add(customers.door.get(row), customerProfile(state, row).email, row);
  }
  const seated: number[] = [];
  for (let sale = 0; sale < sales.count; sale += 1) if (sales.seated.get(sale) === 1) seated.push(sale);
  seats.rebuild(seated);
  for (let seat = 0; seat < seats.count; seat += 1) {
    seats.namespaces.take(sales.door.get(seats.sale.get(seat)), seat, seats.doorNumber.get(seat));
  }
  waitlist.rebuild();
  for (let sale = 0; sale < sales.count; sale += 1) {
    if (sales.opened.get(sale) === 0) windows.add(sales.opensAtMs.get(sale));
    windows.add(sales.closesAtMs.get(sale));
  }
  windows.dropUntil(civilMs);
}

/** Customers get their number when they register, which is not the order of their rows. */
function restoreCustomerNumbers({ customers }: State): void {
  const numbered: number[] = [];
  for (let row = 0; row < customers.count; row += 1) if (customers.doorNumber.get(row) > 0) numbered.push(row);
  numbered.sort((one, other) => customers.doorNumber.get(one) - customers.doorNumber.get(other));
  for (const row of numbered) customers.namespaces.add(customers.door.get(row), row);
}

/** Every column with its rows, in the order of a snapshot of this format. New ones stand at the end of their table. */
function columnsOf(state: State, format: number): [Column, number][] {
  const { sales, holds, orders, lines, cancellations, customers, limits, keys, waitlist, seats } = state;
  const { heldByCustomer, heldByAddress } = state;
  const { former } = customers;
  const isNew = format >= 4;
  const table = (rows: number, ...columns: Column[]): [Column, number][] => columns.map((column) => [column, rows]);
  return [
    ...table(sales.count, sales.capacity, sales.sold, sales.held, sales.opensAtMs, sales.closesAtMs, sales.state),
    ...table(sales.count, sales.remembers, sales.maxPerOrder, sales.maxPerCustomer, sales.holdMs, sales.maxHoldMs),
    ...table(sales.count, sales.amount, sales.createdAtMs, sales.position, sales.lastLine, sales.lineCount),
    ...table(sales.count, sales.door, sales.doorNumber, sales.seated, sales.linePerSeat, sales.removed),
    ...table(sales.count, ...(isNew ? [sales.opened] : [])),
    ...table(holds.count, holds.sale, holds.quantity, holds.customer, holds.state, holds.amount, holds.createdAtMs),
    ...table(holds.count, holds.holdMs, holds.deadlineMs, holds.position, holds.order, holds.firstKey),
    ...table(holds.count, holds.entry, holds.doorNumber, holds.seats),
    ...table(holds.count, ...(isNew ? [holds.placedBy, holds.ofCustomer, holds.address] : [])),
    ...table(orders.count, orders.firstLine, orders.lineCount, orders.customer, orders.createdAtMs, orders.position),
    ...table(orders.count, orders.hold, orders.doorNumber, orders.entry),
    ...table(lines.count, lines.order, lines.sale, lines.quantity, lines.amount, lines.remaining, lines.cancelledAt),
    ...table(lines.count, lines.previousOfSale, lines.seats),
    ...table(cancellations.count, cancellations.position, cancellations.timeMs),
    ...table(
      customers.count,
      customers.id,
      customers.profile,
      customers.createdAtMs,
      customers.door,
      customers.doorNumber,
      customers.madeProfile,
      customers.removed,
      customers.uniqueEmail,
    ),
    ...table(customers.count, ...(isNew ? [customers.profileAt, customers.formerProfile] : [])),
    ...table(customers.former.count, former.profile, former.position, former.before),
    ...table(customers.count * 4, customers.index.hashes),
    ...table(waitlist.count, waitlist.sale, waitlist.customer, waitlist.quantity, waitlist.state, waitlist.createdAtMs),
    ...table(waitlist.count, waitlist.position, waitlist.place, waitlist.hold, waitlist.books, waitlist.order),
    ...table(seats.count, seats.sale, seats.row, seats.place, seats.rank, seats.accessible, seats.state),
    ...table(seats.count, seats.madeState, seats.holder, seats.changedAt, seats.createdAtMs, seats.doorNumber),
    ...table(seats.count, seats.numberText),
    ...table(seats.count * 4, seats.index.hashes),
    ...table(seats.listed, seats.lists),
    ...table(limits.rows, limits.units),
    ...table(limits.rows * 4, limits.index.hashes),
    ...table(heldByCustomer.rows, heldByCustomer.units),
    ...table(heldByCustomer.rows * 4, heldByCustomer.index.hashes),
    ...table(heldByAddress.rows, heldByAddress.units),
    ...table(heldByAddress.rows * 4, heldByAddress.index.hashes),
    ...table(keys.rows, keys.fingerprintLow, keys.fingerprintHigh, keys.position, keys.seconds, keys.remaining),
    ...table(keys.rows, keys.thing, keys.kind, keys.outcome, keys.next),
    ...table(keys.rows * 4, keys.index.hashes),
  ];
}

function* columnBytes(column: Column, rows: number): Generator<Uint8Array> {
  let left = rows;
  for (const segment of column.segments) {
    if (left <= 0) return;
    const used = segment.subarray(0, Math.min(left, segmentRows));
    yield new Uint8Array(used.buffer, used.byteOffset, used.byteLength);
    left -= segmentRows;
  }
}

function fillColumn(column: Column, rows: number, pull: Pull): void {
  for (let left = rows; left > 0; left -= segmentRows) {
    const used = Math.min(left, segmentRows);
    const segment = addSegment(column);
    const bytes = used * segment.BYTES_PER_ELEMENT;
    new Uint8Array(segment.buffer).set(pull(bytes));
  }
}

function addSegment(column: Column): Uint8Array | Uint32Array | Float64Array {
  if (column instanceof ByteColumn) return append(column.segments, new Uint8Array(segmentRows));
  if (column instanceof WordColumn) return append(column.segments, new Uint32Array(segmentRows));
  if (column instanceof NumberColumn) return append(column.segments, new Float64Array(segmentRows));
  throw new Error('a column of an unknown type');
}

function append<Segment>(segments: Segment[], segment: Segment): Segment {
  segments.push(segment);
  return segment;
}

function assertLittleEndian(): void {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) throw new Error('snapshots need a little-endian machine');
}
