/** The parent's side of the load process. */
import type { Subprocess } from 'bun';
import { fileURLToPath } from 'node:url';
import { spawnBun } from '../processes/children.ts';
import type { LoadReply, LoadResult, LoadSpec } from './spec.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

export class Generator {
  private readonly child: Subprocess;
  private reply: ((reply: LoadReply) => void) | null = null;

  constructor() {
    this.child = spawnBun([program], {
      stdio: ['ignore', 'ignore', 'inherit'],
      ipc: (message: unknown) => this.settle(message as LoadReply),
      onExit: () => this.settle({ ok: false, why: 'the load process ended' }),
    });
  }

  /** One run; one at a time. @throws when the run could not be made. */
  async run(spec: LoadSpec): Promise<LoadResult> {
    if (this.reply !== null) throw new Error('the load process is busy');
    const answered = new Promise<LoadReply>((resolve) => (this.reply = resolve));
    this.child.send(spec);
    const reply = await answered;
    if (!reply.ok) throw new Error(`the load could not be run: ${reply.why}`);
    return reply.result;
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null) this.child.disconnect();
    await this.child.exited;
  }

  private settle(reply: LoadReply): void {
    const waiting = this.reply;
    this.reply = null;
    waiting?.(reply);
  }
}
