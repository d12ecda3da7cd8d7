/**
 * What goes into the engine. One `Command` object is reused for every command: on the way in a door
 * fills it and `record.ts` encodes it, on the way out `record.ts` decodes into it and the engine
 * applies it. The hot path allocates no object for a command. Text stays bytes, a range of `text`
 * in UTF-8: the engine only hashes and stores it.
 *
 * This file has the fields of all commands. The fields of one noun are in `commands/`: reused
 * objects for hot commands, a JSON body for cold ones (a handful a sale).
 */

export const kinds = {
  genesis: 1,
  tick: 2,
  settings: 3,
  seed: 4,
  started: 5,
  setClock: 6,
  createSale: 10,
  updateSale: 11,
  createCustomer: 12,
  removeSale: 13,
  changeCustomer: 14,
  removeCustomer: 15,
  addSeats: 16,
  changeSeat: 17,
  removeSeat: 18,
  order: 20,
  hold: 21,
  confirm: 22,
  extend: 23,
  release: 24,
  cancel: 25,
  joinWaitlist: 26,
  leaveWaitlist: 27,
  createCard: 30,
  issueCards: 31,
  topUp: 32,
  refund: 33,
  blockCard: 34,
  unblockCard: 35,
  adjust: 36,
  setTariff: 40,
  addGate: 41,
  skipTaps: 42,
  taps: 43,
  addKey: 45,
  removeKey: 46,
} as const;

/**
 * Whether a command of this kind takes no stock and leaves a row for good: a stranger can make any
 * number of them.
 */
export function isFree(kind: number): boolean {
  return kind === kinds.createCustomer || kind === kinds.joinWaitlist;
}

export type KindName = keyof typeof kinds;
export type Kind = (typeof kinds)[KindName];

const kindNames: string[] = [];
for (const [name, number] of Object.entries(kinds)) kindNames[number] = name;

export function kindName(kind: number): string {
  return kindNames[kind] ?? `kind ${kind}`;
}

/** What an idempotency key is scoped to: the target as the client names it. */
export const scopes = {
  none: 0,
  /** `scopeId`: sale index. */
  sale: 1,
  /** `scopeId`: hold index. */
  hold: 2,
  /** `scopeId`: order index. */
  order: 3,
  /** The command's customer; without one, a scope of its own. */
  caller: 4,
  /** `scopeId`: door number. */
  door: 5,
  /** The operator: creating sales. */
  operator: 6,
  /** `scopeId`: card row. */
  card: 7,
} as const;

/** Dialects with a namespace of their own. Numbers are in the log and never change. */
export const doors = { v1: 0, tickets: 1, drops: 2, seats: 3, flash: 4, gates: 5 } as const;

/**
 * Bytes of key and customer that a command's own `text` can hold: 255 characters each, at most 3
 * bytes of UTF-8 a unit.
 */
export const textBytes = 2 * 255 * 3 + 64;

/**
 * The fields of one noun's commands (`commands/`). The object is made when a command first needs it
 * and emptied for each later command. So the commands of one noun do not widen those of another.
 */
export interface Ask {
  clear(): void;
}

let askTypes = 0;

export class AskType<Kind extends Ask> {
  readonly slot = askTypes;
  readonly make: () => Kind;

  constructor(make: () => Kind) {
    this.make = make;
    askTypes += 1;
  }
}

export class Command {
  kind: number = kinds.tick;
  /** The latest log time, ms, at which the command may still take effect; Infinity for none. */
  notAfterMs = Infinity;

  scope: number = scopes.none;
  scopeId = 0;
  text: Uint8Array = new Uint8Array(textBytes);
  /** Idempotency key: `keyLength` bytes of `text` from `keyStart`; length 0 for none. */
  keyStart = 0;
  keyLength = 0;
  /** Hash of what the client named, two unsigned 32-bit halves (see `fingerprint.ts`). */
  fingerprintLow = 0;
  fingerprintHigh = 0;
  /** Customer id: `customerLength` bytes of `text` from `customerStart`; length 0 for none. */
  customerStart = 0;
  customerLength = 0;
  /** Row of the hold, order or entry that a command is about, where it is about one. */
  target = 0;
  /** Cold commands: their fields (`commands/`), JSON in the log. */
  body: object | null = null;

  private readonly asks: (Ask | null)[] = [];
  /** For each ask, the command (as `reset` counts them) for which it was last emptied. */
  private readonly emptiedFor: number[] = [];
  private number = 0;

  /** Back to an empty command of this kind. */
  reset(kind: Kind): this {
    this.kind = kind;
    this.notAfterMs = Infinity;
    this.scope = scopes.none;
    this.scopeId = 0;
    this.keyStart = 0;
    this.keyLength = 0;
    this.fingerprintLow = 0;
    this.fingerprintHigh = 0;
    this.customerStart = 0;
    this.customerLength = 0;
    this.target = 0;
    this.body = null;
    this.number += 1;
    return this;
  }

  /** This command's fields of that type; empty until they are filled. */
  ask<Kind extends Ask>(type: AskType<Kind>): Kind {
    const { slot } = type;
    // A slot belongs to one type, so the object in it is of this type.
    const ask = (this.asks[slot] ?? this.addAsk(type)) as Kind;
    if (this.emptiedFor[slot] !== this.number) {
      this.emptiedFor[slot] = this.number;
      ask.clear();
    }
    return ask;
  }

  /** Writes the key into the command's own text. The text must not be a decoded record's. */
  setKey(scope: number, scopeId: number, key: string): void {
    this.scope = scope;
    this.scopeId = scopeId;
    this.keyStart = 0;
    this.keyLength = writeText(this.text, 0, key);
    // The customer lies behind the longest possible key: the two may be set in either order.
  }

  setCustomer(id: string): void {
    this.customerStart = customerOffset;
    this.customerLength = writeText(this.text, customerOffset, id);
  }

  private addAsk(type: AskType<Ask>): Ask {
    const ask = type.make();
    // No holes: an array that had one stays slow to read.
    while (this.asks.length <= type.slot) {
      this.asks.push(null);
      this.emptiedFor.push(-1);
    }
    this.asks[type.slot] = ask;
    return ask;
  }
}

const customerOffset = 255 * 3;
const encoder = new TextEncoder();

/**
 * UTF-8 bytes of `value` into `into` at `at`; returns their number. The common case, ASCII, needs
 * no encoder.
 */
function writeText(into: Uint8Array, at: number, value: string): number {
  const length = value.length;
  if (length > 255) throw new Error('keys and customer ids have at most 255 characters');
  for (let i = 0; i < length; i += 1) {
    const unit = value.charCodeAt(i);
    if (unit > 127) return encoder.encodeInto(value, into.subarray(at)).written;
    into[at + i] = unit;
  }
  return length;
}
