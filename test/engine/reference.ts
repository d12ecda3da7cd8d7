/**
 * A second engine, written from the engine's DESIGN.md alone: plain objects, obvious code, no
 * speed. Random histories through both must agree after every step, so the two share only the
 * commands and the outcomes.
 */
import type { Command } from '../../src/engine/command.ts';
import type { CustomerChange, CustomerDefinition, CustomerRemoval } from '../../src/engine/commands/customers.ts';
import type {
  ClockChange,
  Genesis,
  SeedDefinition,
  Settings,
  SettingsChange,
  Started,
} from '../../src/engine/commands/running.ts';
import type { SaleChange, SaleDefinition, SaleRemoval } from '../../src/engine/commands/sales.ts';
import type { SeatChange, SeatRemoval, SeatsAddition } from '../../src/engine/commands/seats.ts';
import { kinds, scopes } from '../../src/engine/command.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import { outcomes } from '../../src/engine/outcomes.ts';
import { allEligible, bestSeats } from './reference-best.ts';
import { adoptMinimum, noTransit } from './reference-cards.ts';
import type { JournalRows } from './journal-rows.ts';
import type { JournalCounts } from './reference-rows.ts';
import { countsOf, rowsSince } from './reference-rows.ts';
import { turnDays } from './reference-journeys.ts';
import { effectOnCards } from './reference-transit.ts';
import { dumpModel } from './reference-dump.ts';
import { addLines, endHold, endKeys, setAside, startOrder, stockReturned } from './reference-holds.ts';
import type { Answer, Effect, Key, Model, Request, Wish } from './reference-model.ts';
import { availableOf, civilMs, customerOf, readCommand, saleOf, touchSeats } from './reference-model.ts';
import { ofEmail, refusal } from './reference-rules.ts';
import { addSeats, buildHall, changeSeat, removeSeat } from './reference-seats.ts';
import { join, leave, makeOffers } from './reference-waitlist.ts';

const knownVersion = 2;
const reclaimedPerQueue = 4;

export class Reference {
  private model: Model | null = null;
  /** How many rows the journal had before the last record. */
  private before: JournalCounts = { taps: 0, entries: 0, journeys: 0 };

  apply(command: Command, position: number, nowMs: number): Answer {
    const request = readCommand(command);
    if (this.model === null) {
      if (request.kind !== kinds.genesis) throw new Error('the first record is not a genesis');
      this.model = begin(request.body as Genesis, position, nowMs);
      return answer(request, position, ['OK', 0, 0]);
    }
    const model = this.model;
    this.before = countsOf(model.transit);
    if (position !== model.position + 1 || nowMs < model.nowMs) throw new Error('a record out of order');
    const previousMs = model.nowMs;
    model.position = position;
    model.nowMs = nowMs;
    if (request.kind === kinds.started) model.idleMs += nowMs - previousMs;
    openSales(model, previousMs + (model.offsets.at(-1)?.[1] ?? 0));
    sweep(model);
    turnDays(model);
    adoptMinimum(model);
    makeOffers(model);
    reclaim(model.alive, model.lasting, (nowMs - model.idleMs - model.settings.orderKeyRetentionMs) / 1000);
    reclaim(model.alive, model.ended, (nowMs - model.idleMs - model.settings.holdKeyRetentionMs) / 1000);
    const keyed = request.key !== null;
    const answered = keyed ? decideKeyed(model, request) : answer(request, position, decide(model, request));
    makeOffers(model);
    return answered;
  }

  /** The answer that a command's key has already, or null. */
  replayOf(command: Command): Answer | null {
    if (this.model === null || command.keyLength === 0) return null;
    return replay(this.model, readCommand(command));
  }

  dump(): StateDump {
    if (this.model === null) throw new Error('the log has no genesis record yet');
    return dumpModel(this.model);
  }

  /** The rows that the last record added to the journal. */
  rows(): JournalRows {
    return this.model === null ? { taps: [], entries: [], journeys: [] } : rowsSince(this.model.transit, this.before);
  }

  /** How often each way of finding the best seats was used. */
  get waysUsed(): ReadonlyMap<string, number> {
    return this.model?.waysUsed ?? new Map<string, number>();
  }
}

function begin(genesis: Genesis, position: number, nowMs: number): Model {
  const { engineVersion, cell, hashKey, ...settings } = genesis;
  if (engineVersion > knownVersion) throw new Error(`engine version ${engineVersion} is newer`);
  const lists = {
    sales: [],
    sections: [],
    hallRows: [],
    seats: [],
    holds: [],
    orders: [],
    customers: [],
    waitlist: [],
    owed: [],
    epochs: [],
    cancellations: [],
    offsets: [],
    alive: new Map<string, Key>(),
    lasting: [],
    ended: [],
    waysUsed: new Map<string, number>(),
  };
  const transit = noTransit(hashKey);
  const running = { position, nowMs, idleMs: 0, version: engineVersion, cell, settings, seeded: false, numbered: 0 };
  return { ...running, ...lists, transit };
}

function answer(request: Request, position: number, [code, thing, remaining, kind]: Effect): Answer {
  const { number } = outcomes[code];
  return { number, replayed: false, thing, remaining, kind: kind ?? request.kind, position };
}

/**
 * A sale that opens by time owes its stock to its line, like a changed one. So does a sale that is
 * before its end again because civil time was set back. `previousMs`: civil time before this
 * record.
 */
function openSales(model: Model, previousMs: number): void {
  const nowMs = civilMs(model);
  for (const [number, sale] of model.sales.entries()) {
    if (sale.removed) continue;
    const closesAtMs = sale.closesAtMs ?? Infinity;
    const opens = !sale.opened && sale.opensAtMs !== null && sale.opensAtMs <= nowMs;
    if (opens) sale.opened = true;
    if (opens || (previousMs >= closesAtMs && nowMs < closesAtMs)) stockReturned(model, number);
  }
}

function changeClock(model: Model, offsetMs: number): void {
  const previousMs = civilMs(model);
  model.offsets.push([model.position, offsetMs]);
  openSales(model, previousMs);
}

function sweep(model: Model): void {
  const due = model.holds.filter((hold) => hold.state === 'active' && hold.deadlineMs <= model.nowMs);
  // The sort is stable: equal deadlines stay in the order of the holds' numbers.
  due.sort((one, other) => one.deadlineMs - other.deadlineMs);
  for (const hold of due.slice(0, model.settings.sweepLimit)) endHold(model, hold, 'expired');
}

function reclaim(alive: Map<string, Key>, queue: Key[], untilSeconds: number): void {
  for (let freed = 0; freed < reclaimedPerQueue; freed += 1) {
    const first = queue[0];
    if (first === undefined || first.seconds > untilSeconds) return;
    alive.delete(first.id);
    queue.shift();
  }
}

/** Scope, caller and key as one text. */
function keyId({ scope, scopeId, customer, key }: Request): string {
  return JSON.stringify([scope, scopeId, scope === scopes.caller ? customer : null, key]);
}

function replay(model: Model, request: Request): Answer | null {
  const known = model.alive.get(keyId(request));
  if (known === undefined) return null;
  if (known.fingerprint !== request.fingerprint) return answer(request, model.position, ['KEY_REUSED', 0, 0]);
  return { ...known.answer, replayed: true };
}

function decideKeyed(model: Model, request: Request): Answer {
  const replayed = replay(model, request);
  if (replayed !== null) return replayed;
  const full = answer(request, model.position, ['KEYS_FULL', 0, 0]);
  if (keysAreFull(model, isFreeCall(request.kind))) return full;
  if (model.version >= 2 && joinsOnly(model, request) && keysAreFull(model, true)) return full;
  const first = answer(request, model.position, decide(model, request));
  const success = first.number < 10;
  const remembers = request.lines.some(({ sale }) => saleOf(model, sale)?.made.refusals === 'remember');
  if (!success && (first.number < 20 || !remembers)) return first;
  const id = keyId(request);
  const key: Key = {
    id,
    fingerprint: request.fingerprint,
    answer: first,
    seconds: Math.ceil((model.nowMs - model.idleMs) / 1000),
  };
  model.alive.set(id, key);
  if (success && (request.kind === kinds.hold || request.kind === kinds.extend)) {
    model.holds[first.thing]!.keys.unshift(key);
  } else if (request.scope === scopes.hold) {
    model.ended.push(key);
  } else {
    model.lasting.push(key);
  }
  return first;
}

function isFreeCall(kind: number): boolean {
  return kind === kinds.createCustomer || kind === kinds.joinWaitlist;
}

function freeKeys(model: Model): number {
  return [...model.alive.values()].filter(({ answer: { kind } }) => isFreeCall(kind)).length;
}

/** From version 2 on, keys of free calls and all others have separate limits. */
function keysAreFull(model: Model, ofFreeCall: boolean): boolean {
  const { maxKeys, maxFreeKeys = Math.ceil(maxKeys / 8) } = model.settings;
  const free = freeKeys(model);
  if (model.version < 2) return model.alive.size >= maxKeys;
  return ofFreeCall ? free >= maxFreeKeys : model.alive.size - free >= maxKeys;
}

/** Whether a partial order that nothing refuses finds no stock and so becomes a join. */
function joinsOnly(model: Model, request: Request): boolean {
  if (!request.partial || model.nowMs > request.notAfterMs || refusal(model, request) !== null) return false;
  return part(model, request.lines[0]!).length === 0;
}

function decide(model: Model, request: Request): Effect {
  if (model.nowMs > request.notAfterMs) return ['TOO_LATE', 0, 0];
  const refused = refusal(model, request);
  return refused === null ? effect(model, request) : [refused, 0, 0];
}

function effect(model: Model, request: Request): Effect {
  switch (request.kind) {
    case kinds.tick:
      return ['OK', 0, 0];
    case kinds.genesis:
      return ['NO_EFFECT', 0, 0];
    case kinds.started: {
      const { epoch, offsetMs } = request.body as Started;
      model.epochs.push([model.position, epoch]);
      if (offsetMs !== undefined) changeClock(model, offsetMs);
      return ['OK', Number(`0x${epoch.slice(4)}`), 0];
    }
    case kinds.setClock:
      changeClock(model, (request.body as ClockChange).offsetMs);
      return ['OK', 0, 0];
    case kinds.settings:
      return changeSettings(model, request.body as SettingsChange);
    case kinds.seed:
      return seed(model, request.body as SeedDefinition);
    case kinds.createSale:
      return ['OK', createSale(model, request.body as SaleDefinition), 0];
    case kinds.updateSale:
      return ['OK', changeSale(model, request.body as SaleChange), 0];
    case kinds.createCustomer:
      return ['OK', createCustomer(model, request.customer, request.body as CustomerDefinition), 0];
    case kinds.removeSale:
      return ['OK', removeSale(model, request.body as SaleRemoval), 0];
    case kinds.changeCustomer:
      return ['OK', changeCustomer(model, request.body as CustomerChange), 0];
    case kinds.removeCustomer:
      return ['OK', removeCustomer(model, request.body as CustomerRemoval), 0];
    case kinds.addSeats:
      return ['OK', addSeats(model, request.body as SeatsAddition), 0];
    case kinds.changeSeat:
      return ['OK', changeSeat(model, request.body as SeatChange), 0];
    case kinds.removeSeat:
      return ['OK', removeSeat(model, request.body as SeatRemoval), 0];
    case kinds.order:
      return order(model, request);
    case kinds.hold:
      return placeHold(model, request);
    case kinds.confirm:
      return confirm(model, request);
    case kinds.extend:
      return extend(model, request);
    case kinds.release:
      return release(model, request);
    case kinds.cancel:
      return cancel(model, request);
    case kinds.joinWaitlist: {
      const { sale, quantity } = request.lines[0]!;
      return joined(join(model, { sale, quantity, customer: request.customer!, books: false }));
    }
    case kinds.leaveWaitlist:
      leave(model, request.target);
      return ['OK', request.target, 0];
    default:
      return effectOnCards(model, request);
  }
}

function changeSettings(model: Model, { engineVersion = 0, ...change }: SettingsChange): Effect {
  if (engineVersion > knownVersion) throw new Error(`engine version ${engineVersion} is newer`);
  model.version = Math.max(model.version, engineVersion);
  const settings: Settings = { ...model.settings, ...change };
  model.settings = settings;
  return ['OK', 0, 0];
}

function seed(model: Model, body: SeedDefinition): Effect {
  if (model.seeded) return ['NO_EFFECT', 0, 0];
  model.seeded = true;
  for (const sale of body.sales) createSale(model, sale);
  for (const customer of body.customers) seedCustomer(model, customer);
  return ['OK', 0, 0];
}

/** Nothing refuses a customer of a seed: an e-mail that another customer has alone is left out. */
function seedCustomer(model: Model, made: CustomerDefinition): void {
  const known = model.customers.findIndex(({ id }) => id === made.id);
  const isNumbered = known >= 0 && model.customers[known]!.doorNumber > 0;
  const door = isNumbered ? model.customers[known]!.door : (made.door ?? 0);
  const isTaken = made.uniqueEmail === true && ofEmail(model, made.email, door, known) !== null;
  createCustomer(model, made.id, isTaken ? { ...made, email: null } : made);
}

function createSale(model: Model, made: SaleDefinition): number {
  const doorNumber = model.sales.filter((sale) => sale.made.door === made.door).length + 1;
  const { name, capacity, price, opensAtMs, closesAtMs } = made;
  const currency = price?.currency ?? null;
  const { position } = model;
  const createdAtMs = civilMs(model);
  const opened = opensAtMs === null || opensAtMs <= createdAtMs;
  const image = made.image ?? null;
  const attributes = { ...made.attributes };
  const fields = { name, image, state: 'open' as const, removed: false, capacity, price, currency, attributes };
  const number =
    model.sales.push({ made, createdAtMs, position, doorNumber, opensAtMs, opened, closesAtMs, ...fields }) - 1;
  if (made.hall !== undefined) buildHall(model, number, made.hall);
  return number;
}

function removeSale(model: Model, { sale }: SaleRemoval): number {
  model.sales[sale]!.removed = true;
  return sale;
}

function changeSale(model: Model, change: SaleChange): number {
  const sale = model.sales[change.sale]!;
  if (change.name !== undefined) sale.name = change.name;
  if (change.image !== undefined) sale.image = change.image;
  if (change.price !== undefined) {
    sale.price = change.price;
    sale.currency = change.price?.currency ?? sale.currency;
  }
  if (change.opensAtMs !== undefined) {
    sale.opensAtMs = change.opensAtMs;
    sale.opened = change.opensAtMs === null || change.opensAtMs <= civilMs(model);
  }
  if (change.closesAtMs !== undefined) sale.closesAtMs = change.closesAtMs;
  if (change.status !== undefined) sale.state = change.status;
  if (change.capacity !== undefined) sale.capacity = change.capacity;
  if (change.attributes !== undefined) sale.attributes = { ...change.attributes };
  stockReturned(model, change.sale);
  return change.sale;
}

function createCustomer(model: Model, named: string | null, made: CustomerDefinition): number {
  let id = named;
  while (id === null) {
    model.numbered += 1;
    const next = `customer_${model.cell}_${model.numbered}`;
    if (!model.customers.some((customer) => customer.id === next)) id = next;
  }
  const customer = customerOf(model, id);
  const { name, email, door = 0, uniqueEmail = false } = made;
  // A customer keeps its number, even when a seed registers it again.
  if (customer.doorNumber === 0 && door > 0) {
    customer.doorNumber = model.customers.filter((other) => other.door === door).length + 1;
    customer.door = door;
  }
  customer.names.push([model.position, name]);
  Object.assign(customer, { registered: true, name, email, uniqueEmail, createdAtMs: civilMs(model) });
  return model.customers.indexOf(customer);
}

function changeCustomer(model: Model, change: CustomerChange): number {
  const customer = model.customers[change.customer]!;
  if (change.name !== undefined) customer.name = change.name;
  if (change.email !== undefined) customer.email = change.email;
  customer.names.push([model.position, customer.name]);
  return change.customer;
}

function removeCustomer(model: Model, { customer }: CustomerRemoval): number {
  model.customers[customer]!.removed = true;
  return customer;
}

function order(model: Model, request: Request): Effect {
  const { customer, lines } = request;
  const first = lines[0]!;
  const shares = lines.map((wish) => ({ ...wish, seats: request.partial ? part(model, wish) : seatsFor(model, wish) }));
  const rest = request.partial ? first.quantity - shares[0]!.seats.length : 0;
  const inLine = (): ReturnType<typeof join> =>
    join(model, { sale: first.sale, quantity: rest, customer: customer!, books: true });
  if (request.partial && rest === first.quantity) return [...joined(inLine()), kinds.joinWaitlist];
  if (customer !== null) customerOf(model, customer);
  const made = startOrder(model, customer, null, first.sale);
  for (const { sale, quantity, seats } of shares) {
    const amount = model.sales[sale]!.price?.amount ?? null;
    addLines(model, { sale, quantity: request.partial ? seats.length : quantity, seats }, amount);
  }
  if (rest > 0) model.orders[made]!.entry = inLine().entry;
  return ['OK', made, availableOf(model, first.sale)];
}

/** The seats of a line that nothing refuses; none in a counted sale. */
function seatsFor(model: Model, wish: Wish): readonly number[] {
  if (wish.ask !== 'best') return wish.seats;
  const found = bestSeats(model, wish);
  if (typeof found === 'string') throw new Error(`a line that is ${found} has no effect`);
  return found;
}

/** The seats of a partial order. */
function part(model: Model, wish: Wish): readonly number[] {
  if (model.owed.includes(wish.sale)) return [];
  const eligible = allEligible(model, wish);
  return eligible.length < wish.quantity ? eligible : seatsFor(model, wish);
}

function joined({ entry, ahead, isNew }: ReturnType<typeof join>): readonly [OutcomeCode, number, number] {
  return [isNew ? 'OK' : 'NO_EFFECT', entry, ahead];
}

function placeHold(model: Model, request: Request): Effect {
  const { customer, holdMs } = request;
  const wish = request.lines[0]!;
  const seats = seatsFor(model, wish);
  if (customer !== null) customerOf(model, customer);
  const { door } = model.sales[wish.sale]!.made;
  const marks = {
    placedBy: request.scope === scopes.sale ? 0 : door,
    ofCustomer: request.maxOfCustomer !== null && customer !== null,
    address: request.maxOfAddress === null ? 0 : request.address,
  };
  return ['OK', setAside(model, { ...wish, seats, customer }, holdMs, null, marks), availableOf(model, wish.sale)];
}

function confirm(model: Model, request: Request): Effect {
  const hold = model.holds[request.target]!;
  hold.state = 'confirmed';
  hold.order = startOrder(model, hold.customer, request.target, hold.sale);
  addLines(model, hold, hold.amount);
  if (hold.entry !== null) model.waitlist[hold.entry]!.state = 'served';
  endKeys(model, hold);
  return ['OK', hold.order, availableOf(model, hold.sale)];
}

function extend(model: Model, request: Request): Effect {
  const hold = model.holds[request.target]!;
  const longestMs = Math.max(model.sales[hold.sale]!.made.maxHoldMs, hold.holdMs);
  const untilMs = request.untilMs - (model.offsets.at(-1)?.[1] ?? 0);
  hold.deadlineMs = Math.max(hold.deadlineMs, Math.min(untilMs, hold.placedAtMs + longestMs));
  return ['OK', request.target, hold.deadlineMs - hold.placedAtMs];
}

function release(model: Model, request: Request): Effect {
  const hold = model.holds[request.target]!;
  endHold(model, hold, 'released');
  return ['OK', request.target, availableOf(model, hold.sale)];
}

function cancel(model: Model, request: Request): Effect {
  const { lines } = model.orders[request.target]!;
  // In the order they are named, which is the order in which their sales become owed.
  const named = request.cancel.length === 0 ? lines : request.cancel.map((number) => lines[number]!);
  for (const line of named) {
    if (line.cancelledAt > 0) continue;
    line.cancelledAt = model.position;
    if (model.version >= 2 && model.cancellations.at(-1)?.[0] !== model.position)
      model.cancellations.push([model.position, civilMs(model)]);
    touchSeats(model, line.seats);
    stockReturned(model, line.sale);
  }
  return ['OK', request.target, availableOf(model, lines[0]!.sale)];
}
