/**
 * An independent reading of a stopped server's log: it knows records and nothing of the engine. Each key may have sold once;
 * a confirmation sells what its hold held. It serves logs of benchmarks, in which every sale has units enough, nothing expires,
 * and each request has a key of its own, so that every record had its effect.
 */
import { Command, kinds } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { openFileLog } from '../../log/file/file-log.ts';
import { RecordReader } from '../../engine/record.ts';
import { HashIndex } from '../../engine/base/hash-index.ts';
import { KeyedHash } from '../../engine/base/keyed-hash.ts';

export interface LogAudit {
  readonly records: number;
  readonly unitsSold: number;
  readonly unitsHeld: number;
  readonly complaints: readonly string[];
}

export async function auditLog(folder: string): Promise<LogAudit> {
  const auditor = new Auditor();
  const log = await openFileLog({ folder });
  try {
    const subscription = await log.subscribe(1, (batch) => auditor.read(batch.records));
    subscription.cancel();
  } finally {
    await log.close();
  }
  return auditor.result();
}

class Auditor {
  private readonly reader = new RecordReader();
  private readonly command = new Command();
  private readonly hash = new KeyedHash([1, 2, 3, 4]);
  private readonly keys = new HashIndex();
  private readonly holdQuantity: number[] = [];
  private readonly confirmed = new Set<number>();
  private keyCount = 0;
  private records = 0;
  private unitsSold = 0;
  private unitsHeld = 0;
  private twice = 0;

  read(records: Uint8Array): void {
    const { reader, command } = this;
    reader.reset(records);
    while (reader.next(command)) {
      this.records += 1;
      if (command.keyLength > 0 && !this.isNewKey()) this.twice += 1;
      else this.count();
    }
  }

  result(): LogAudit {
    const complaints = this.twice === 0 ? [] : [`${this.twice} records in the log have a key that was there before`];
    return { records: this.records, unitsSold: this.unitsSold, unitsHeld: this.unitsHeld, complaints };
  }

  private count(): void {
    const { command } = this;
    const quantity = linesOf(command).quantity[0] ?? 0;
    if (command.kind === kinds.order) this.unitsSold += quantity;
    if (command.kind === kinds.hold) {
      this.holdQuantity.push(quantity);
      this.unitsHeld += quantity;
    }
    if (command.kind === kinds.confirm && !this.confirmed.has(command.target)) {
      this.confirmed.add(command.target);
      const held = this.holdQuantity[command.target] ?? 0;
      this.unitsHeld -= held;
      this.unitsSold += held;
    }
  }

  private isNewKey(): boolean {
    const { hash, keys, command } = this;
    hash.plain(command.text, command.keyStart, command.keyLength);
    const { h0, h1, h2, h3 } = hash;
    if (keys.find(h0, h1, h2, h3) >= 0) return false;
    keys.insert(this.keyCount, h0, h1, h2, h3);
    this.keyCount += 1;
    return true;
  }
}
