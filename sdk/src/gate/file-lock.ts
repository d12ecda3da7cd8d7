/**
 * A lock against two users of one queue: `PATH.lock`, which names its holder. It is renewed while
 * it is held. One is stale when its holder's process is gone, or has not renewed it for a while.
 */
import { newKey } from '../keys.ts';
import type { NodeFiles, NodeMachine } from './node-files.ts';
import { codeOf } from './node-files.ts';

const renewMs = 2000;
const staleMs = 15_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/** Tokens of the locks that this process holds: its own number may be that of a dead one, too. */
const held = new Set<string>();

export class FileLock {
  private readonly files: NodeFiles;
  private readonly path: string;
  private readonly text: string;
  private readonly token = newKey();
  private timer: ReturnType<typeof setInterval> | null = null;

  /** @throws Error when another one holds it */
  constructor(files: NodeFiles, machine: NodeMachine, path: string) {
    this.files = files;
    this.path = path;
    const { pid, host } = machine;
    this.text = JSON.stringify({ pid, host, token: this.token } satisfies Holder);
    if (!this.take()) {
      const holder = holderOf(files, path);
      if (holder !== null && this.isHeldBy(holder, machine)) {
        throw new Error(
          `process ${holder.pid} on ${holder.host} uses this queue (${path}): a queue has one gate, in one process`,
        );
      }
      this.removeStale(holder);
      if (!this.take()) throw new Error(`another process has just taken this queue (${path})`);
    }
    held.add(this.token);
    this.timer = setInterval(() => this.renew(), renewMs);
    // A lock alone keeps no process alive.
    (this.timer as { unref?: () => void }).unref?.();
  }

  /** Whether it is still held: a process that stood still for long may have lost it. */
  isMine(): boolean {
    return held.has(this.token) && holderOf(this.files, this.path)?.token === this.token;
  }

  release(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    const isMine = this.isMine();
    held.delete(this.token);
    if (isMine) this.files.unlinkSync(this.path);
  }

  /** Makes the lock's file in one step, with all that it says. False: there is one. */
  private take(): boolean {
    const draft = `${this.path}.${this.token}`;
    this.files.writeFileSync(draft, this.text, { flag: 'wx' });
    try {
      this.files.linkSync(draft, this.path);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      this.files.unlinkSync(draft);
    }
  }

  private isHeldBy(holder: Holder, machine: NodeMachine): boolean {
    const isRecent = this.renewedMsAgo() < staleMs;
    if (holder.host !== machine.host) return isRecent;
    if (holder.pid === machine.pid) return held.has(holder.token);
    return isRecent && machine.isRunning(holder.pid);
  }

  private renewedMsAgo(): number {
    try {
      return Date.now() - this.files.statSync(this.path).mtimeMs;
    } catch {
      return Infinity;
    }
  }

  /** Moves the stale lock away, and looks whether it was that one: two may do this at once. */
  private removeStale(stale: Holder | null): void {
    const aside = `${this.path}.stale-${this.token}`;
    try {
      this.files.renameSync(this.path, aside);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    const moved = holderOf(this.files, aside);
    if (moved !== null && moved.token !== stale?.token) {
      this.files.renameSync(aside, this.path);
      throw new Error(`another process has just taken this queue (${this.path})`);
    }
    this.files.unlinkSync(aside);
  }

  private renew(): void {
    try {
      const now = new Date();
      if (this.isMine()) this.files.utimesSync(this.path, now, now);
    } catch {
      // The next write to the queue finds that the lock is gone.
    }
  }
}

/** Who holds the lock; null for a file that is gone, or says nothing. */
function holderOf(files: NodeFiles, path: string): Holder | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(files.readFileSync(path)));
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value && 'host' in value && 'token' in value)) return null;
    const { pid, host, token } = value;
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof token !== 'string') return null;
    return { pid, host, token };
  } catch {
    return null;
  }
}
