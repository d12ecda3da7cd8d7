/** A process of our own that does one task at a time: the parent's side, and the worker's. */
import type { Subprocess } from 'bun';
import { reasonOf } from '../../reason.ts';
import { spawnBun } from './children.ts';

type Reply<Result> = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly why: string };

export class WorkerProcess<Task, Result> {
  private readonly name: string;
  private readonly child: Subprocess;
  private reply: ((reply: Reply<Result>) => void) | null = null;

  /** Starts a program, by its path. `name`: what errors call it. */
  constructor(name: string, program: string, args: readonly string[] = []) {
    this.name = name;
    this.child = spawnBun([program, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      // `answerTasks` is the only one that speaks on this channel.
      ipc: (message: unknown) => this.settle(message as Reply<Result>),
      onExit: () => this.settle({ ok: false, why: 'the process ended' }),
    });
  }

  /** @throws when the task failed, or the process has ended */
  async run(task: Task): Promise<Result> {
    if (this.reply !== null) throw new Error(`${this.name} is busy`);
    const answered = new Promise<Reply<Result>>((resolve) => (this.reply = resolve));
    this.child.send(task);
    const reply = await answered;
    if (!reply.ok) throw new Error(`${this.name}: ${reply.why}`);
    return reply.result;
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null) this.child.disconnect();
    await this.child.exited;
  }

  private settle(reply: Reply<Result>): void {
    const waiting = this.reply;
    this.reply = null;
    waiting?.(reply);
  }
}

/**
 * In the worker: does the tasks of the parent, and ends when the channel closes. Only the parent
 * sends on this channel.
 */
export function answerTasks(execute: (task: unknown) => Promise<unknown>): void {
  const answer = async (task: unknown): Promise<Reply<unknown>> => {
    try {
      return { ok: true, result: await execute(task) };
    } catch (error) {
      return { ok: false, why: reasonOf(error) };
    }
  };
  process.on('message', (task: unknown) => void answer(task).then((reply) => process.send?.(reply)));
  process.on('disconnect', () => process.exit(0));
}
