/** The log as a follower reads it: `FileLogReader` is one. */
import type { FileLogReading } from '../log/file/reader.ts';
import type { OnBatch } from '../log/log.ts';

export interface LogSource {
  read(from: number, onBatch: OnBatch, stopped?: () => boolean): Promise<FileLogReading>;
}
