/** Makes commands from the rows of a table. Every argument that a row may have is in here. */
import type { KindName } from '../../src/engine/command.ts';
import { cancellationOf } from '../../src/engine/commands/cancellation.ts';
import { termsOf, extensionOf } from '../../src/engine/commands/holds.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import type { CustomerDefinition } from '../../src/engine/commands/customers.ts';
import type { Genesis, SettingsChange } from '../../src/engine/commands/running.ts';
import type { Price, SaleChange, SaleDefinition } from '../../src/engine/commands/sales.ts';
import type { SeatChange } from '../../src/engine/commands/seats.ts';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { fillOfCards } from './rows-cards.ts';
import { fillOfGates } from './rows-taps.ts';
import { addLineOf, additionOf, hallOf, sizeOf } from './rows-seats.ts';

export const defaultGenesis: Genesis = {
  engineVersion: 1,
  cell: 1,
  hashKey: [1, 2, 3, 4],
  orderKeyRetentionMs: 24 * 3_600_000,
  holdKeyRetentionMs: 600_000,
  sweepLimit: 1000,
  maxKeys: 1000,
};

export const defaultSale: SaleDefinition = {
  name: 'sale',
  kind: 'counted',
  capacity: 10,
  price: null,
  opensAtMs: null,
  closesAtMs: null,
  holdMs: 60_000,
  maxHoldMs: 120_000,
  maxPerOrder: null,
  maxPerCustomer: null,
  refusals: 'forget',
  door: 0,
};

/** A command of a kind; `words` are its arguments, times count from `beginMs`. */
export function commandOf(kind: string, words: readonly string[], beginMs: number): Command {
  const kindNumber = kinds[kind as KindName];
  if (kindNumber === undefined) throw new Error(`${kind} is no command`);
  const args = new Arguments(words, beginMs);
  const command = new Command().reset(kindNumber);
  const customer = args.take('by');
  if (customer !== undefined) command.setCustomer(customer);
  const key = args.take('key');
  if (key !== undefined) {
    const [scope = '', scopeId = '0'] = (args.take('scope') ?? 'none').split(':');
    command.setKey(scopes[scope as keyof typeof scopes], Number(scopeId), key);
    command.fingerprintLow = Number(args.take('print') ?? 1);
    command.fingerprintHigh = Number(args.take('printHigh') ?? 0);
  }
  command.notAfterMs = args.time('notAfter') ?? Infinity;
  fill(command, args, customer ?? null);
  args.assertEmpty();
  return command;
}

function fill(command: Command, args: Arguments, customer: string | null): void {
  switch (command.kind) {
    case kinds.order:
    case kinds.hold:
    case kinds.joinWaitlist:
      for (let word = args.word(); word !== undefined; word = args.word()) addLineOf(command, word);
      linesOf(command).partial = args.isSet('partial');
      if (command.kind !== kinds.hold) return;
      termsOf(command).holdMs = args.duration('for') ?? defaultSale.holdMs;
      termsOf(command).maxOfCustomer = args.numberOf('maxOfCustomer') ?? 0;
      termsOf(command).maxOfAddress = args.numberOf('maxOfAddress') ?? 0;
      termsOf(command).address = args.numberOf('address') ?? 0;
      return;
    case kinds.extend:
      extensionOf(command).untilMs = args.time('until') ?? 0;
      command.target = args.number();
      return;
    case kinds.confirm:
    case kinds.release:
    case kinds.leaveWaitlist:
      command.target = args.number();
      return;
    case kinds.cancel:
      for (const line of (args.take('lines') ?? '').split(',').filter((line) => line !== '')) {
        cancellationOf(command).lines[cancellationOf(command).count] = Number(line);
        cancellationOf(command).count += 1;
      }
      command.target = args.number();
      return;
    default:
      if (fillOfCards(command, args) || fillOfGates(command, args, args.beginMs)) return;
      command.body = bodyOf(command.kind, args, customer);
  }
}

function bodyOf(kind: number, args: Arguments, customer: string | null): object | null {
  switch (kind) {
    case kinds.genesis:
      return { ...defaultGenesis, ...settingsOf(args), cell: Number(args.take('cell') ?? 1) };
    case kinds.settings:
      return settingsOf(args);
    case kinds.started:
      return { epoch: args.take('epoch') ?? '0123456789ab', ...defined({ offsetMs: args.duration('offset') }) };
    case kinds.setClock:
      return { offsetMs: args.duration('offset') ?? 0 };
    case kinds.createSale:
      return { ...defaultSale, ...saleOf(args) };
    case kinds.updateSale:
      return { ...saleOf(args), sale: args.number() };
    case kinds.removeSale:
      return { sale: args.number() };
    case kinds.createCustomer:
      return customerOf(args, customer);
    case kinds.changeCustomer:
      return {
        customer: args.number(),
        ...defined({ name: args.textOrNone('name'), email: args.textOrNone('email') }),
      };
    case kinds.removeCustomer:
      return { customer: args.number() };
    case kinds.addSeats: {
      const sale = args.number();
      const words: string[] = [];
      for (let word = args.word(); word !== undefined; word = args.word()) words.push(word);
      return { sale, seats: words.map(additionOf) };
    }
    case kinds.changeSeat:
      return { sale: args.number(), seat: args.number(), ...seatOf(args) };
    case kinds.removeSeat:
      return { sale: args.number(), seat: args.number() };
    case kinds.seed:
      return {
        sales: salesOf(args),
        customers: customersOf(args),
      };
    default:
      return null;
  }
}

function settingsOf(args: Arguments): SettingsChange {
  return defined({
    engineVersion: args.numberOf('version'),
    orderKeyRetentionMs: args.duration('orderKeys'),
    holdKeyRetentionMs: args.duration('holdKeys'),
    sweepLimit: args.numberOf('sweepLimit'),
    maxKeys: args.numberOf('maxKeys'),
    maxFreeKeys: args.numberOf('maxFreeKeys'),
    waitingPerUnit: args.numberOf('waitingPerUnit'),
  });
}

function salesOf(args: Arguments): SaleDefinition[] {
  const made = { ...defaultSale, ...saleOf(args) };
  return Array.from({ length: Number(args.take('sales') ?? 0) }, (_, number) => ({ ...made, name: `sale${number}` }));
}

/** Fields of a sale, as its creation and its change share them; `none` for null. */
function saleOf(args: Arguments): Partial<SaleDefinition & SaleChange> {
  const refusals = args.take('refusals');
  const hall = args.take('hall');
  const seated = hall === undefined ? undefined : hallOf(hall);
  return defined({
    name: args.take('name'),
    image: args.textOrNone('image'),
    kind: (args.take('kind') as SaleDefinition['kind'] | undefined) ?? (seated && ('seated' as const)),
    hall: seated,
    linePerSeat: args.isSet('linePerSeat') || undefined,
    attributes: attributesOf(args.take('attributes')),
    capacity: seated === undefined ? args.numberOf('capacity') : sizeOf(seated),
    price: priceOf(args.take('price')),
    opensAtMs: args.timeOrNone('opens'),
    closesAtMs: args.timeOrNone('closes'),
    holdMs: args.duration('hold'),
    maxHoldMs: args.duration('maxHold'),
    maxPerOrder: args.numberOf('perOrder'),
    maxPerCustomer: args.numberOf('perCustomer'),
    refusals: refusals as SaleDefinition['refusals'] | undefined,
    door: args.numberOf('door'),
    status: args.take('status') as SaleChange['status'] | undefined,
  });
}

/** "venue:Ōpera,city:Wien"; nothing behind the sign for none. */
function attributesOf(word: string | undefined): Record<string, string> | undefined {
  if (word === undefined) return undefined;
  const pairs = word === '' ? [] : word.split(',').map((pair) => pair.split(':'));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]));
}

function seatOf(args: Arguments): Omit<SeatChange, 'sale' | 'seat'> {
  return defined({
    section: args.take('section'),
    row: args.take('row'),
    number: args.take('number'),
    place: args.numberOf('place'),
    rank: args.numberOf('rank'),
    accessible: args.yesOrNo('accessible'),
    blocked: args.yesOrNo('blocked'),
  });
}

/** "1000EUR", or "none". */
function priceOf(word: string | undefined): Price | null | undefined {
  if (word === undefined || word === 'none') return word === 'none' ? null : undefined;
  return { amount: Number.parseInt(word, 10), currency: word.slice(-3) };
}

function customerOf(args: Arguments, id: string | null): CustomerDefinition {
  const door = args.numberOf('door');
  const uniqueEmail = args.isSet('uniqueEmail') || undefined;
  const onlyNew = args.isSet('onlyNew') || undefined;
  const [name, email] = [args.take('name') ?? null, args.take('email') ?? null];
  return { id, name, email, ...defined({ door, uniqueEmail, onlyNew }) };
}

/** "anna,bert", with the door that registers them behind a colon: "anna:1,bert". */
function customersOf(args: Arguments): CustomerDefinition[] {
  const email = args.take('email') ?? null;
  const uniqueEmail = args.isSet('uniqueEmail') || undefined;
  return listOf(args.take('customers')).map((word) => {
    const [id = '', ofDoor] = word.split(':');
    const door = ofDoor === undefined ? undefined : Number(ofDoor);
    return { id, name: null, email, ...defined({ door, uniqueEmail }) };
  });
}

function listOf(word: string | undefined): string[] {
  return word === undefined ? [] : word.split(',');
}

type Defined<Fields> = { [Field in keyof Fields]?: Exclude<Fields[Field], undefined> };

function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}

/** "90s", "500ms", "24h" in ms. */
export function durationOf(word: string): number {
  const [, number, unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(word) ?? [];
  const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit];
  if (number === undefined || unitMs === undefined) throw new Error(`${word} is no duration`);
  return Number(number) * unitMs;
}

/** The words after a command, taken one by one: a misspelt one is noticed. */
class Arguments {
  private readonly plain: string[];
  private readonly named = new Map<string, string>();
  readonly beginMs: number;

  constructor(words: readonly string[], beginMs: number) {
    this.beginMs = beginMs;
    this.plain = words.filter((word) => !word.includes('='));
    for (const word of words) {
      const at = word.indexOf('=');
      if (at >= 0) this.named.set(word.slice(0, at), word.slice(at + 1));
    }
  }

  take(name: string): string | undefined {
    const value = this.named.get(name);
    this.named.delete(name);
    return value;
  }

  number(): number {
    const word = this.plain.shift();
    if (word === undefined || !/^\d+$/.test(word)) throw new Error(`${word} is no number`);
    return Number(word);
  }

  numberOf(name: string): number | undefined {
    const word = this.take(name);
    return word === undefined ? undefined : Number(word);
  }

  duration(name: string): number | undefined {
    const word = this.take(name);
    return word === undefined ? undefined : durationOf(word);
  }

  time(name: string): number | undefined {
    const duration = this.duration(name);
    return duration === undefined ? undefined : this.beginMs + duration;
  }

  timeOrNone(name: string): number | null | undefined {
    if (this.named.get(name) !== 'none') return this.time(name);
    this.take(name);
    return null;
  }

  /** True for "name=yes". */
  isSet(name: string): boolean {
    return this.yesOrNo(name) ?? false;
  }

  yesOrNo(name: string): boolean | undefined {
    const word = this.take(name);
    if (word !== undefined && word !== 'yes' && word !== 'no') throw new Error(`${name} is yes or no, not ${word}`);
    return word === undefined ? undefined : word === 'yes';
  }

  /** "none" for null. */
  textOrNone(name: string): string | null | undefined {
    const word = this.take(name);
    return word === 'none' ? null : word;
  }

  /** The next word that is no name with a value. */
  word(): string | undefined {
    return this.plain.shift();
  }

  assertEmpty(): void {
    const left = [...this.plain, ...this.named.keys()];
    if (left.length > 0) throw new Error(`nothing is known of ${left.join(', ')}`);
  }
}
