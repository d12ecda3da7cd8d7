/** A server that answers first and writes some milliseconds later. */
import { setTimeout as pause } from 'node:timers/promises';
import { runServer } from '../../../src/cli/serve.ts';
import { readSettings } from '../../../src/cli/settings.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { LyingLog } from './lying-log.ts';

class HastyLog extends LyingLog {
  private written: Promise<void> = Promise.resolve();

  override async append(batch: AppendBatch): Promise<void> {
    const later = { ...batch, records: batch.records.slice() };
    const before = this.written;
    this.written = pause(20).then(async () => {
      await before;
      await this.inner.append(later);
    });
    this.deliver(batch);
  }

  override async close(): Promise<void> {
    await this.written;
    await this.inner.close();
  }
}

const settings = readSettings(process.argv.slice(2), process.env);
process.exitCode = await runServer(settings, { wrapLog: (log) => new HastyLog(log) });
