/**
 * A second engine, written from the engine's DESIGN.md alone: plain objects, obvious code, nothing fast. Random histories
 * through both must agree after every step, so what is shared with the real one is only the commands and the outcomes.
 */
import type {
  Command,
  CustomerDefinition,
  Genesis,
  SaleChange,
  SaleDefinition,
  SeedDefinition,
  Settings,
  SettingsChange,
} from '../../src/engine/command.ts';
import { kinds, scopes } from '../../src/engine/command.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import { outcomes } from '../../src/engine/outcomes.ts';
import { endHold, endKeys, setAside, startOrder, stockReturned } from './reference-holds.ts';
import type { Answer, Key, Model, Request } from './reference-model.ts';
import { availableOf, customerOf, dumpModel, readCommand } from './reference-model.ts';
import { refusal } from './reference-rules.ts';
import { join, leave, makeOffers } from './reference-waitlist.ts';

const knownVersion = 1;
const reclaimedPerQueue = 4;

/** What a command comes to: its code, the thing, what remains. */
type Effect = readonly [OutcomeCode, number, number];

export class Reference {
  private model: Model | null = null;

  apply(command: Command, position: number, nowMs: number): Answer {
    const request = readCommand(command);
    if (this.model === null) {
      if (request.kind !== kinds.genesis) throw new Error('the first record is not a genesis');
      this.model = begin(request.body as Genesis, position, nowMs);
      return answer(request, position, ['OK', 0, 0]);
    }
    const model = this.model;
    if (position !== model.position + 1 || nowMs < model.nowMs) throw new Error('a record out of order');
    const previousMs = model.nowMs;
    model.position = position;
    model.nowMs = nowMs;
    openSales(model, previousMs);
    sweep(model);
    makeOffers(model);
    reclaim(model.alive, model.lasting, (nowMs - model.settings.orderKeyRetentionMs) / 1000);
    reclaim(model.alive, model.ended, (nowMs - model.settings.holdKeyRetentionMs) / 1000);
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
}

function begin(genesis: Genesis, position: number, nowMs: number): Model {
  const { engineVersion, cell, hashKey: _, ...settings } = genesis;
  if (engineVersion > knownVersion) throw new Error(`engine version ${engineVersion} is newer`);
  const lists = {
    sales: [],
    holds: [],
    orders: [],
    customers: [],
    waitlist: [],
    owed: [],
    alive: new Map<string, Key>(),
    lasting: [],
    ended: [],
  };
  return { position, nowMs, version: engineVersion, cell, settings, seeded: false, numbered: 0, ...lists };
}

function answer(request: Request, position: number, [code, thing, remaining]: Effect): Answer {
  return { number: outcomes[code].number, replayed: false, thing, remaining, kind: request.kind, position };
}

/** A sale that opens by time owes its line what it has, as one that was changed. */
function openSales(model: Model, previousMs: number): void {
  for (const [number, { opensAtMs }] of model.sales.entries()) {
    if (opensAtMs !== null && opensAtMs > previousMs && opensAtMs <= model.nowMs) stockReturned(model, number);
  }
}

function sweep(model: Model): void {
  const due = model.holds.filter((hold) => hold.state === 'active' && hold.deadlineMs <= model.nowMs);
  // The sort is stable, so that equal deadlines stay in the order of the holds' numbers.
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
  if (model.alive.size >= model.settings.maxKeys) return answer(request, model.position, ['KEYS_FULL', 0, 0]);
  const first = answer(request, model.position, decide(model, request));
  const success = first.number < 10;
  const remembers = request.lines.some(({ sale }) => model.sales[sale]?.made.refusals === 'remember');
  if (!success && (first.number < 20 || !remembers)) return first;
  const id = keyId(request);
  const key: Key = { id, fingerprint: request.fingerprint, answer: first, seconds: Math.ceil(model.nowMs / 1000) };
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
      const { entry, ahead, isNew } = join(model, request);
      return [isNew ? 'OK' : 'NO_EFFECT', entry, ahead];
    }
    case kinds.leaveWaitlist:
      leave(model, request.target);
      return ['OK', request.target, 0];
    default:
      throw new Error(`no command has the kind ${request.kind}`);
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
  for (const customer of body.customers) createCustomer(model, customer.id, customer);
  return ['OK', 0, 0];
}

function createSale(model: Model, made: SaleDefinition): number {
  const doorNumber = model.sales.filter((sale) => sale.made.door === made.door).length + 1;
  const { name, capacity, price, opensAtMs, closesAtMs } = made;
  const currency = price?.currency ?? null;
  const { position, nowMs: createdAtMs } = model;
  const image = made.image ?? null;
  const fields = { name, image, state: 'open' as const, capacity, price, currency, opensAtMs, closesAtMs };
  model.sales.push({ made, createdAtMs, position, doorNumber, ...fields });
  return model.sales.length - 1;
}

function changeSale(model: Model, change: SaleChange): number {
  const sale = model.sales[change.sale]!;
  if (change.name !== undefined) sale.name = change.name;
  if (change.image !== undefined) sale.image = change.image;
  if (change.price !== undefined) {
    sale.price = change.price;
    sale.currency = change.price?.currency ?? sale.currency;
  }
  if (change.opensAtMs !== undefined) sale.opensAtMs = change.opensAtMs;
  if (change.closesAtMs !== undefined) sale.closesAtMs = change.closesAtMs;
  if (change.status !== undefined) sale.state = change.status;
  if (change.capacity !== undefined) sale.capacity = change.capacity;
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
  const { name, email, door = 0 } = made;
  // A number once given stays, even when a seed registers the customer again.
  if (customer.doorNumber === 0 && door > 0) {
    customer.doorNumber = model.customers.filter((other) => other.door === door).length + 1;
    customer.door = door;
  }
  Object.assign(customer, { registered: true, name, email, createdAtMs: model.nowMs });
  return model.customers.indexOf(customer);
}

function order(model: Model, request: Request): Effect {
  const { customer, lines } = request;
  if (customer !== null) customerOf(model, customer);
  const first = lines[0]!.sale;
  const made = startOrder(model, customer, null, first);
  for (const { sale, quantity } of lines) addLine(model, sale, quantity, model.sales[sale]!.price?.amount ?? null);
  return ['OK', made, availableOf(model, first)];
}

/** A line of the newest order; it keeps what its sale has left right after it. */
function addLine(model: Model, sale: number, quantity: number, amount: number | null): void {
  const remaining = availableOf(model, sale) - quantity;
  model.orders.at(-1)!.lines.push({ sale, quantity, amount, remaining, cancelledAt: 0 });
}

function placeHold(model: Model, request: Request): Effect {
  const { customer, holdMs } = request;
  const line = request.lines[0]!;
  if (customer !== null) customerOf(model, customer);
  return ['OK', setAside(model, { ...line, customer }, holdMs, null), availableOf(model, line.sale)];
}

function confirm(model: Model, request: Request): Effect {
  const hold = model.holds[request.target]!;
  hold.state = 'confirmed';
  hold.order = startOrder(model, hold.customer, request.target, hold.sale);
  addLine(model, hold.sale, hold.quantity, hold.amount);
  if (hold.entry !== null) model.waitlist[hold.entry]!.state = 'served';
  endKeys(model, hold);
  return ['OK', hold.order, availableOf(model, hold.sale)];
}

function extend(model: Model, request: Request): Effect {
  const hold = model.holds[request.target]!;
  const longestMs = Math.max(model.sales[hold.sale]!.made.maxHoldMs, hold.holdMs);
  hold.deadlineMs = Math.max(hold.deadlineMs, Math.min(request.untilMs, hold.createdAtMs + longestMs));
  return ['OK', request.target, hold.deadlineMs - hold.createdAtMs];
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
    stockReturned(model, line.sale);
  }
  return ['OK', request.target, availableOf(model, lines[0]!.sale)];
}
