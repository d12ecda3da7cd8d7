/**
 * Appends purchases to a log batch by batch, and applies them as the log delivers them: what a node
 * does, without callers.
 */
import { Engine } from '../../engine/engine.ts';
import { openFileLog } from '../../log/file/file-log.ts';
import type { FileLog } from '../../log/file/file-log.ts';
import { RecordWriter } from '../../engine/record.ts';
import type { Log } from '../../log/log.ts';
import { Replay } from '../../replica/replay.ts';
import { NotProvenError } from '../audit/claim.ts';
import { Commands } from './commands.ts';

/** Records of a batch, as a node under load writes them. */
export const logBatch = 512;

export class PurchaseStream {
  readonly engine = new Engine();
  appended = 0;
  private readonly log: Log;
  private readonly commands = new Commands();
  private readonly writer = new RecordWriter(1 << 20);
  private firstNumber = 1;

  private constructor(log: Log) {
    this.log = log;
  }

  /** An empty log in this folder, begun and ready for purchases. */
  static async open(folder: string): Promise<PurchaseStream> {
    const log: FileLog = await openFileLog({ folder });
    const stream = new PurchaseStream(log);
    const replay = new Replay(stream.engine);
    await log.subscribe(1, (batch) => replay.apply(batch));
    stream.writer.add(stream.commands.genesis());
    stream.writer.add(stream.commands.sale());
    await stream.append();
    return stream;
  }

  /** Makes and encodes one batch. It is durable and applied when this resolves. */
  async purchase(count: number): Promise<void> {
    const { writer, commands } = this;
    for (let i = 0; i < count; i += 1) writer.add(commands.purchase());
    await this.append();
    this.appended += count;
  }

  /** @throws NotProvenError when the engine has not sold exactly what was appended */
  async close(): Promise<void> {
    await this.log.close();
    const sold = soldBy(this.engine);
    if (sold !== this.appended) throw new NotProvenError(`${this.appended} were bought, ${sold} sold`);
  }

  private async append(): Promise<void> {
    const { writer, engine } = this;
    await this.log.append({
      count: writer.count,
      timeMs: Date.now(),
      nodeId: 1,
      firstNumber: this.firstNumber,
      checkPosition: engine.position,
      checkLow: engine.hashLow,
      checkHigh: engine.hashHigh,
      records: writer.bytes(),
    });
    this.firstNumber += writer.count;
    writer.clear();
  }
}

/** Units of the stream's sale that are sold. */
export function soldBy({ state }: Engine): number {
  return state.sales.sold.get(0);
}

/** A log of so many purchases, and the two records before them, without a snapshot. */
export async function buildLog(folder: string, records: number, progress: (sentence: string) => void): Promise<void> {
  const stream = await PurchaseStream.open(folder);
  let toldMs = performance.now();
  while (stream.appended < records) {
    await stream.purchase(Math.min(logBatch, records - stream.appended));
    if (performance.now() - toldMs < 1000) continue;
    toldMs = performance.now();
    progress(`building the log: ${stream.appended} of ${records}`);
  }
  await stream.close();
}
