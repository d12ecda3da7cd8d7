/** A process of readers, from its parent's side. */
import { fileURLToPath } from 'node:url';
import { WorkerProcess } from '../processes/worker-process.ts';
import type { ReaderKind, ReadersReport, ReadersTask } from './spec.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

export class ReaderProcess {
  private readonly worker: WorkerProcess<ReadersTask, ReadersReport>;

  constructor(priority: 'usual' | 'idle') {
    this.worker = new WorkerProcess('the process of readers', program, [priority]);
  }

  /** Opens this many more, and waits until each has received the present state. */
  async open(kind: ReaderKind, url: string, path: string, count: number): Promise<void> {
    await this.worker.run({ ask: 'open', kind, url, path, count });
  }

  async begin(): Promise<void> {
    await this.worker.run({ ask: 'begin' });
  }

  report(): Promise<ReadersReport> {
    return this.worker.run({ ask: 'report' });
  }

  close(): Promise<void> {
    return this.worker.close();
  }
}
