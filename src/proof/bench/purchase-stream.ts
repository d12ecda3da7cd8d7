/** Purchases into a log, batch by batch, applied as the log brings them back: what a node does, without callers. */
import { Engine } from '../../engine/engine.ts';
import { Command } from '../../engine/command.ts';
import { openFileLog } from '../../log/file/file-log.ts';
import type { FileLog } from '../../log/file/file-log.ts';
import { RecordReader, RecordWriter } from '../../engine/record.ts';
import type { Batch, Log } from '../../log/log.ts';
import { NotProvenError } from '../audit/claim.ts';
import { Commands } from './stock.ts';

/** Records of a batch, as a node under load writes them. */
export const logBatch = 512;

/** Applies what a log brings, and checks nothing but that each record is the next one. */
export class Replay {
  readonly engine = new Engine();
  refused = 0;
  private readonly reader = new RecordReader();
  private readonly command = new Command();

  onBatch(batch: Batch): void {
    const { engine, reader, command } = this;
    reader.reset(batch.records);
    let position = batch.first;
    while (reader.next(command)) {
      if (!engine.apply(command, position, batch.timeMs).ok) this.refused += 1;
      position += 1;
    }
  }

  get sold(): number {
    return this.engine.state.sales.sold.get(0);
  }
}

export class PurchaseStream {
  readonly replay = new Replay();
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
    await log.subscribe(1, (batch) => stream.replay.onBatch(batch));
    stream.writer.add(stream.commands.genesis());
    stream.writer.add(stream.commands.sale());
    await stream.append();
    return stream;
  }

  /** One batch: made, encoded, durable, and applied when this resolves. */
  async purchase(count: number): Promise<void> {
    const { writer, commands } = this;
    for (let i = 0; i < count; i += 1) writer.add(commands.purchase());
    await this.append();
    this.appended += count;
  }

  /** @throws NotProvenError when the engine has not sold exactly what was appended */
  async close(): Promise<void> {
    await this.log.close();
    const { sold, refused } = this.replay;
    if (sold !== this.appended || refused > 0) {
      throw new NotProvenError(`${this.appended} bought, ${sold} sold, ${refused} refused`);
    }
  }

  private async append(): Promise<void> {
    const { writer, replay } = this;
    const { engine } = replay;
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
