/**
 * What a stopped server's log says of the stock, computed twice: from its records alone, without
 * the engine, and by an engine that replays them and must reach the server's outcomes. Each key may
 * have sold once; a confirmation sells what its hold held.
 *
 * It is for the logs of benchmarks. There every sale has enough units and each request has its own
 * key, so every record had its effect. By the records alone, an expired hold still counts as held.
 */
import type { Command } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { HashIndex } from '../../engine/base/hash-index.ts';
import { KeyedHash } from '../../engine/base/keyed-hash.ts';
import type { Engine } from '../../engine/engine.ts';
import { holdStates } from '../../engine/tables/holds.ts';
import { replayLog } from './log-replay.ts';

export interface StockAudit {
  readonly records: number;
  readonly unitsSold: number;
  readonly unitsHeld: number;
  readonly complaints: readonly string[];
}

/**
 * @throws LogDamagedError, DivergedError, and what the engine throws where the log contradicts
 * itself
 */
export async function auditStock(folder: string): Promise<StockAudit> {
  const books = new RecordBooks();
  const engine = await replayLog(folder, (command) => books.note(command));
  const { records, unitsSold, unitsHeld, twice } = books;
  const complaints: string[] = [];
  if (twice > 0) complaints.push(`${twice} records in the log have a key that was there before`);
  const { sold, held, expired } = unitsIn(engine);
  if (sold !== unitsSold || held + expired !== unitsHeld) {
    complaints.push(
      `the log's records sell ${unitsSold} and hold ${unitsHeld}, its replay comes to ${sold} sold, ${held} held and ${expired} expired`,
    );
  }
  return { records, unitsSold, unitsHeld, complaints };
}

function unitsIn({ state: { sales, holds } }: Engine): { sold: number; held: number; expired: number } {
  const units = { sold: 0, held: 0, expired: 0 };
  for (let sale = 0; sale < sales.count; sale += 1) {
    units.sold += sales.sold.get(sale);
    units.held += sales.held.get(sale);
  }
  for (let hold = 0; hold < holds.count; hold += 1) {
    if (holds.state.get(hold) === holdStates.expired) units.expired += holds.quantity.get(hold);
  }
  return units;
}

/** Knows the form of records, but no tables and no rules. */
class RecordBooks {
  records = 0;
  unitsSold = 0;
  unitsHeld = 0;
  /** Records whose key was there before. */
  twice = 0;
  private readonly hash = new KeyedHash([1, 2, 3, 4]);
  private readonly keys = new HashIndex();
  private readonly heldUnits: number[] = [];
  private readonly confirmed = new Set<number>();
  private keyCount = 0;

  note(command: Command): void {
    this.records += 1;
    if (command.keyLength > 0 && !this.isNewKey(command)) this.twice += 1;
    else this.count(command);
  }

  private count(command: Command): void {
    if (command.kind === kinds.order) this.unitsSold += unitsOf(command);
    if (command.kind === kinds.hold) {
      const units = unitsOf(command);
      this.heldUnits.push(units);
      this.unitsHeld += units;
    }
    if (command.kind === kinds.confirm && !this.confirmed.has(command.target)) {
      this.confirmed.add(command.target);
      const held = this.heldUnits[command.target] ?? 0;
      this.unitsHeld -= held;
      this.unitsSold += held;
    }
  }

  private isNewKey({ text, keyStart, keyLength }: Command): boolean {
    const { hash, keys } = this;
    hash.plain(text, keyStart, keyLength);
    const { h0, h1, h2, h3 } = hash;
    if (keys.find(h0, h1, h2, h3) >= 0) return false;
    keys.insert(this.keyCount, h0, h1, h2, h3);
    this.keyCount += 1;
    return true;
  }
}

function unitsOf(command: Command): number {
  const { count, quantity } = linesOf(command);
  let units = 0;
  for (let line = 0; line < count; line += 1) units += quantity[line] ?? 0;
  return units;
}
