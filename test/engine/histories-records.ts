/** The records of a random history, as a log would have them. */
import type { Command } from '../../src/engine/command.ts';
import { RecordReader, RecordWriter } from '../../src/engine/record.ts';

export class Records {
  /** Every record so far, encoded. */
  readonly records: Uint8Array[] = [];
  private readonly writer = new RecordWriter(4096);
  private readonly reader = new RecordReader();

  /** Adds the command to the log and decodes it from there. */
  record(command: Command, decoded: Command): void {
    this.writer.clear();
    this.writer.add(command);
    this.records.push(this.writer.bytes().slice());
    this.read(decoded, this.records.length - 1);
  }

  /** Decodes a record from a copy, which the command's owner may overwrite. */
  read(command: Command, record: number): void {
    this.reader.reset(this.records[record]!.slice());
    if (!this.reader.next(command)) throw new Error('a record is empty');
  }
}
