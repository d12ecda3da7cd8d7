/** Cards: accounts that are loaded, and debited at gates. A card that rests is these columns. */
import { Arena } from '../base/arena.ts';
import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { HashIndex } from '../base/hash-index.ts';
import { KeyedHash } from '../base/keyed-hash.ts';
import type { RefColumn } from '../base/ref.ts';
import { noRef } from '../base/ref.ts';
import { cardTag, derivedTag } from '../base/tags.ts';
import { uuidBytes, uuidText } from '../base/uuid.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

export const cardStates = { active: 0, blocked: 1 } as const;

/**
 * All money that cards ever had, minor units. The sum of all balances is `opened + toppedUp - fares
 * + refunded + adjusted`.
 */
export interface CardTotals {
  opened: number;
  toppedUp: number;
  fares: number;
  refunded: number;
  adjusted: number;
}

interface CardHead {
  readonly cards: number;
  readonly cardTotals: CardTotals;
  readonly cardArenaUsed: number;
}

const noMoney: CardTotals = { opened: 0, toppedUp: 0, fares: 0, refunded: 0, adjusted: 0 };

export class CardTable implements Table<CardHead> {
  count = 0;
  readonly index = new HashIndex();
  /** Reference to the text of id and name: see `record`. */
  private readonly text = new NumberColumn();
  private readonly arena = new Arena();
  /** Minor units, as the word of a signed number: read it with `balanceOf`. */
  readonly balance = new WordColumn();
  /** `cardStates` */
  readonly status = new ByteColumn();
  /** Number of the rider category, in the table of tariffs. */
  readonly category = new ByteColumn();
  /** Civil time, ms. */
  readonly createdAtMs = new NumberColumn();
  /** Row of what it travelled lately; 0 while it rests. */
  readonly travel = new WordColumn() as RefColumn;
  /** Number of its latest change in the deny list; 0 when it never was there. */
  readonly denied = new NumberColumn();
  /** 1 while it is on the deny list. */
  readonly listed = new ByteColumn();
  readonly totals: CardTotals = { ...noMoney };
  private readonly hash: KeyedHash;
  /** Makes the ids of issued cards. It has a key of its own: clients see what comes of it. */
  private readonly idHash: KeyedHash;
  /** The UUID that was looked for or made last. */
  private readonly uuid = new Uint8Array(uuidLength);
  private readonly uuidView = new DataView(this.uuid.buffer);
  /** Whether the last look-up was for a UUID. */
  private isUuid = false;

  constructor(hash: KeyedHash) {
    this.hash = hash;
    hash.pair(derivedTag, 0, 0);
    this.idHash = new KeyedHash([hash.h0, hash.h1, hash.h2, hash.h3]);
  }

  /** The card with an id, or -1. Leaves the id's hash in `hash`, for `add`. */
  find(text: Uint8Array, start: number, length: number): number {
    if (uuidBytes(text, start, length, this.uuid)) return this.findUuid();
    const { hash, index } = this;
    this.isUuid = false;
    hash.prefixed(cardTag, 0, text, start, length);
    return index.find(hash.h0, hash.h1, hash.h2, hash.h3);
  }

  /** The card whose id is the UUID of the 16 bytes from `start` on, or -1. */
  findByUuid(bytes: Uint8Array, start: number): number {
    for (let i = 0; i < uuidLength; i += 1) this.uuid[i] = bytes[start + i]!;
    return this.findUuid();
  }

  /** Looks for an id that no card has, made from the number of the next card. */
  findUnused(): void {
    const { uuid, uuidView: view, idHash } = this;
    // A caller may have used an id already, though hardly by chance: then the next one.
    for (let attempt = 0; ; attempt += 1) {
      idHash.pair(derivedTag, this.count, attempt);
      view.setInt32(0, idHash.h0);
      view.setInt32(4, idHash.h1);
      view.setInt32(8, idHash.h2);
      view.setInt32(12, idHash.h3);
      uuid[6] = (uuid[6]! & 0x0f) | 0x80;
      uuid[8] = (uuid[8]! & 0x3f) | 0x80;
      if (this.findUuid() < 0) return;
    }
  }

  private findUuid(): number {
    const { hash, index } = this;
    this.isUuid = true;
    hash.prefixed(cardTag, 1, this.uuid, 0, uuidLength);
    return index.find(hash.h0, hash.h1, hash.h2, hash.h3);
  }

  balanceOf(card: number): number {
    return this.balance.get(card) | 0;
  }

  /** Adds a resting card without money, whose id was looked for last and is `text` in full. */
  add(text: Uint8Array, name: string | null, category: number, createdAtMs: number): number {
    const { hash, isUuid } = this;
    const row = this.count;
    this.count += 1;
    this.index.insert(row, hash.h0, hash.h1, hash.h2, hash.h3);
    const record = recordOf(isUuid ? this.uuid : text, isUuid, name);
    this.text.set(row, this.arena.add(record, 0, record.length));
    this.balance.add(row, 0);
    this.status.add(row, cardStates.active);
    this.category.add(row, category);
    this.createdAtMs.set(row, createdAtMs);
    this.travel.add(row, noRef);
    this.denied.add(row, 0);
    this.listed.add(row, 0);
    return row;
  }

  /** Bytes of a card's id and name in the arena. */
  record(card: number): Uint8Array {
    return this.arena.bytes(this.text.get(card));
  }

  head(): CardHead {
    return { cards: this.count, cardTotals: this.totals, cardArenaUsed: this.arena.used };
  }

  restore({ cards = 0, cardTotals = noMoney, cardArenaUsed = 1 }: Partial<CardHead>): void {
    this.count = cards;
    Object.assign(this.totals, cardTotals);
    this.arena.used = cardArenaUsed;
  }

  columns(): Stored[] {
    const { text, balance, status, category, createdAtMs, travel, denied, listed } = this;
    return [
      ...stored(this.count, [text, balance, status, category, createdAtMs, travel, denied, listed]),
      ...stored(this.count * 4, [this.index.hashes]),
    ];
  }

  arenas(): Arena[] {
    return [this.arena];
  }

  rebuild(): void {
    this.index.rebuild(this.count, () => true);
  }
}

/** The first byte of a record: what the id is, and whether a name follows it. */
const uuidBit = 1;
const namedBit = 2;
const uuidLength = 16;

const encoder = new TextEncoder();
/** Keeps the byte order mark: two ids that differ only by it are different ids. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * One byte of what follows; for an id that is text its length, two bytes; the id; the name, to the
 * end.
 */
function recordOf(id: Uint8Array, isUuid: boolean, name: string | null): Uint8Array {
  const nameBytes = name === null ? null : encoder.encode(name);
  const idStart = isUuid ? 1 : 3;
  const record = new Uint8Array(idStart + id.length + (nameBytes?.length ?? 0));
  record[0] = (isUuid ? uuidBit : 0) | (nameBytes === null ? 0 : namedBit);
  if (!isUuid) {
    record[1] = id.length & 255;
    record[2] = id.length >>> 8;
  }
  record.set(id, idStart);
  if (nameBytes !== null) record.set(nameBytes, idStart + id.length);
  return record;
}

/** The tables that these functions read. */
interface Cards {
  readonly cards: CardTable;
}

export function cardId({ cards }: Cards, card: number): string {
  const record = cards.record(card);
  if ((record[0]! & uuidBit) !== 0) return uuidText(record, 1);
  return decoder.decode(record.subarray(3, 3 + textLength(record)));
}

export function cardName({ cards }: Cards, card: number): string | null {
  const record = cards.record(card);
  if ((record[0]! & namedBit) === 0) return null;
  const isUuid = (record[0]! & uuidBit) !== 0;
  return decoder.decode(record.subarray(isUuid ? 1 + uuidLength : 3 + textLength(record)));
}

function textLength(record: Uint8Array): number {
  return record[1]! | (record[2]! << 8);
}
