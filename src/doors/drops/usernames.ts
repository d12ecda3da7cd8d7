/**
 * Which names of users look alike: by case, spaces, or Unicode composition. A user's name is an id,
 * and the engine compares ids byte by byte. So a name that looks like a user's is submitted in that
 * user's spelling. The engine then says that it is taken, or repeats a known key's answer.
 *
 * Invariant: `looks` has the first `count` users, each by a keyed hash of how its name looks. It is
 * derived, and filled on first use.
 */
import { randomInt } from 'node:crypto';
import { doors } from '../../engine/command.ts';
import type { State } from '../../engine/state.ts';
import { composed, lookOf } from '../kit/texts.ts';
import { findUser, username } from './users.ts';

/** Users scanned before other requests have their turn. */
const sliceUsers = 250;

export class Usernames {
  private readonly looks = new RowsByHash();
  private count = 0;
  private filling: Promise<void> | null = null;
  /** Requests in flight, by looks: another request for the same waits for the result. */
  private readonly asked = new Map<string, Promise<unknown>>();
  /** Secrets of the hash, and of its shard: nobody can choose names that all collide. */
  private readonly factors = [secretFactor(), secretFactor()] as const;

  /**
   * Calls `submit` with the id to submit for a name, in turn with all names that look like it.
   * `submit` fills a command and submits it synchronously, so nothing is registered between the
   * look-up and the command.
   */
  async register<Made>(state: State, name: string, submit: (id: string) => Made | Promise<Made>): Promise<Made> {
    const look = lookOf(name);
    for (;;) {
      const other = this.count < usersOf(state) ? this.fill(state) : this.asked.get(look);
      if (other === undefined) break;
      await other;
    }
    const answer = submit(this.idFor(state, name, look));
    if (!(answer instanceof Promise)) return answer;
    const end = (): void => {
      this.asked.delete(look);
    };
    this.asked.set(look, answer.then(end, end));
    return answer;
  }

  /** The name itself if no user's name looks like it. */
  private idFor(state: State, name: string, look: string): string {
    const [shard, hash] = this.hashOf(look);
    const alike = this.looks
      .find(shard, hash)
      .map((row) => username(state, row))
      .filter((other) => lookOf(other) === look);
    const own = composed(name);
    // Of several older ones, the one that was sent: its key may be known.
    return alike.find((other) => other === name) ?? alike.find((other) => other === own) ?? alike[0] ?? own;
  }

  /** Adds the users registered since, some at a time. */
  private fill(state: State): Promise<void> {
    this.filling ??= this.fillNow(state).finally(() => {
      this.filling = null;
    });
    return this.filling;
  }

  private async fillNow(state: State): Promise<void> {
    for (let added = 1; this.count < usersOf(state); added += 1) {
      const row = findUser(state, this.count + 1);
      const [shard, hash] = this.hashOf(lookOf(username(state, row)));
      this.looks.add(shard, hash, row);
      this.count += 1;
      if (added % sliceUsers === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private hashOf(look: string): [shard: number, hash: number] {
    return [hashBy(this.factors[0], look) % shardCount, hashBy(this.factors[1], look)];
  }
}

/** So that the product of two smaller numbers is exact. */
const prime = 67_108_859;

function secretFactor(): number {
  return randomInt(2 ** 20, prime);
}

/**
 * The text as a polynomial at a secret point, modulo a prime: two texts rarely agree, even chosen
 * ones.
 */
function hashBy(factor: number, text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i += 1) hash = (hash * factor + text.charCodeAt(i) + 1) % prime;
  return hash;
}

function usersOf(state: State): number {
  return state.customers.namespaces.count(doors.drops);
}

/** Small tables, so none takes long to grow. */
const shardCount = 1024;

/** Rows by a hash, which several may share. Twelve to twenty-four bytes a row. */
class RowsByHash {
  private readonly shards: Shard[] = Array.from({ length: shardCount }, () => ({
    count: 0,
    slots: new Uint32Array(16),
  }));

  add(shard: number, hash: number, row: number): void {
    const table = this.shards[shard]!;
    if (3 * table.count >= table.slots.length) grow(table);
    place(table.slots, hash, row + 1);
    table.count += 1;
  }

  find(shard: number, hash: number): number[] {
    const { slots } = this.shards[shard]!;
    const rows: number[] = [];
    for (let at = slotOf(slots, hash); slots[at + 1] !== 0; at = (at + 2) % slots.length)
      if (slots[at] === hash) rows.push(slots[at + 1]! - 1);
    return rows;
  }
}

interface Shard {
  count: number;
  /** Pairs of a hash and row + 1, or 0. */
  slots: Uint32Array<ArrayBuffer>;
}

function slotOf({ length }: Uint32Array, hash: number): number {
  return (2 * hash) % length;
}

function place(slots: Uint32Array, hash: number, value: number): void {
  let at = slotOf(slots, hash);
  while (slots[at + 1] !== 0) at = (at + 2) % slots.length;
  slots[at] = hash;
  slots[at + 1] = value;
}

function grow(table: Shard): void {
  const { slots } = table;
  table.slots = new Uint32Array(2 * slots.length);
  for (let at = 0; at < slots.length; at += 2) if (slots[at + 1] !== 0) place(table.slots, slots[at]!, slots[at + 1]!);
}
