/** A server that acknowledges and applies every tenth batch without writing it. */
import { runServer } from '../../../src/cli/serve.ts';
import { readSettings } from '../../../src/cli/settings.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { LyingLog } from './lying-log.ts';

class ForgetfulLog extends LyingLog {
  private batches = 0;

  override async append(batch: AppendBatch): Promise<void> {
    this.batches += 1;
    // Disables the check of outcomes, which would expose it at the next start: here the clients'
    // record has to.
    if (this.batches % 10 !== 0) await this.inner.append({ ...batch, checkPosition: 2 ** 50 });
    this.deliver(batch);
  }
}

const settings = readSettings(process.argv.slice(2), process.env);
process.exitCode = await runServer(settings, { wrapLog: (log) => new ForgetfulLog(log) });
