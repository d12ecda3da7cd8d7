/**
 * Appends commands to a log batch by batch, and applies them as the log delivers them: what a node
 * does, without callers.
 */
import type { Command } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import { RecordWriter } from '../../engine/record.ts';
import { openFileLog } from '../../log/file/file-log.ts';
import type { FileLog } from '../../log/file/file-log.ts';
import type { Log } from '../../log/log.ts';
import { Replay } from '../../replica/replay.ts';

export class LoggedStream {
  readonly engine = new Engine();
  private readonly log: Log;
  private readonly writer = new RecordWriter(1 << 20);
  private firstNumber = 1;

  private constructor(log: Log) {
    this.log = log;
  }

  /** An empty log in this folder. */
  static async open(folder: string): Promise<LoggedStream> {
    const log: FileLog = await openFileLog({ folder });
    const stream = new LoggedStream(log);
    const replay = new Replay(stream.engine);
    await log.subscribe(1, (batch) => replay.apply(batch));
    return stream;
  }

  /** Encodes a command into the next batch. */
  add(command: Command): void {
    this.writer.add(command);
  }

  /** Bytes of the next batch so far. */
  get byteLength(): number {
    return this.writer.byteLength;
  }

  /** The batch is durable and applied when this resolves. */
  async append(): Promise<void> {
    const { writer, engine } = this;
    if (writer.count === 0) return;
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

  async close(): Promise<void> {
    await this.log.close();
  }
}
