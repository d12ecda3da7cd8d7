/** The parent's side of a process of readers. */
import type { Subprocess } from 'bun';
import { fileURLToPath } from 'node:url';
import { spawnBun } from '../processes/children.ts';
import type { ReaderKind, ReadersReply, ReadersReport, ReadersRequest } from './spec.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

export class Readers {
  private readonly child: Subprocess;
  private reply: ((reply: ReadersReply) => void) | null = null;

  constructor(priority: 'usual' | 'idle') {
    this.child = spawnBun([program, priority], {
      stdio: ['ignore', 'ignore', 'inherit'],
      ipc: (message: unknown) => this.settle(message as ReadersReply),
      onExit: () => this.settle({ ok: false, why: 'the process of readers ended' }),
    });
  }

  /** Opens so many more, and waits until each has been told the present. */
  async open(kind: ReaderKind, url: string, path: string, count: number): Promise<void> {
    await this.ask({ ask: 'open', kind, url, path, count });
  }

  async begin(): Promise<void> {
    await this.ask({ ask: 'begin' });
  }

  report(): Promise<ReadersReport> {
    return this.ask({ ask: 'report' });
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null) this.child.disconnect();
    await this.child.exited;
  }

  private async ask(request: ReadersRequest): Promise<ReadersReport> {
    if (this.reply !== null) throw new Error('the process of readers is busy');
    const answered = new Promise<ReadersReply>((resolve) => (this.reply = resolve));
    this.child.send(request);
    const reply = await answered;
    if (!reply.ok) throw new Error(`readers: ${reply.why}`);
    return reply.report;
  }

  private settle(reply: ReadersReply): void {
    const waiting = this.reply;
    this.reply = null;
    waiting?.(reply);
  }
}
