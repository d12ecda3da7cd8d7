/**
 * Settles days while the store serves. A process of its own reads the log and reckons, since that
 * takes seconds of a core and much memory; this one only books what it says. Nothing is kept
 * between rounds: what was not booked is found again, by the state and the log.
 *
 *     idle --a day is closed or waits--> reckoning --its lines--> booking --> idle
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import os from 'node:os';
import { createInterface } from 'node:readline';
import type { Logger } from '../http/logging.ts';
import type { Node } from '../node/node.ts';
import type { Settlement } from '../rating/settlement.ts';
import { settlementTerms } from '../rating/settlement.ts';
import { reasonOf } from '../reason.ts';
import { bookAll, bookOn } from './bookings.ts';
import { ownCommand } from './follower-process.ts';
import { settlementIn } from './settle.ts';

const everyMs = 60_000;
/** After a round that settled nothing of what waits, and after one that failed. */
const restMs = 10 * 60_000;

export interface SettlerOptions {
  readonly node: Node;
  readonly dataFolder: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** For tests. */
  readonly everyMs?: number;
  readonly command?: readonly string[];
}

export class Settler {
  private readonly options: SettlerOptions;
  private readonly timer: ReturnType<typeof setInterval>;
  private child: ChildProcess | null = null;
  private isBusy = false;
  private isStopped = false;
  /** The closed day up to which all was compared. */
  private lookedAt: number | null = null;
  private notBeforeMs = 0;

  constructor(options: SettlerOptions) {
    this.options = options;
    this.timer = setInterval(() => void this.look(), options.everyMs ?? everyMs);
    this.timer.unref();
  }

  /** Begins no more rounds, and ends one that is under way. */
  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
    this.child?.kill('SIGTERM');
  }

  /** Settles if there is something to settle; a round at a time. */
  async look(): Promise<void> {
    if (this.isBusy || this.isStopped || performance.now() < this.notBeforeMs || !this.isDue()) return;
    this.isBusy = true;
    try {
      await this.round();
    } catch (error) {
      this.notBeforeMs = performance.now() + restMs;
      const reason = reasonOf(error);
      if (!this.isStopped)
        this.options.logger.warn({ reason }, 'days of cards could not be settled; it is tried again');
    } finally {
      this.isBusy = false;
    }
  }

  /**
   * Something waits; or another day was closed, and a disordered one before it may have moved it.
   */
  private isDue(): boolean {
    const { node } = this.options;
    if (!node.isServing) return false;
    const { state } = node.engine;
    const terms = settlementTerms(state);
    return terms !== null && (terms.owed.size > 0 || state.days.closed !== this.lookedAt);
  }

  private async round(): Promise<void> {
    const { node, logger } = this.options;
    const { closed } = node.engine.state.days;
    const settlements = await this.reckon();
    const upTo = settlements[0]?.upTo ?? 0;
    const tally = await bookAll(settlements, upTo, bookOn(node), () => this.isStopped || !node.isServing);
    this.lookedAt = closed;
    if (tally.booked + tally.moved === 0) this.notBeforeMs = performance.now() + this.restMs();
    if (settlements.length > 0) logger.info({ ...tally, closed }, 'days of cards were settled');
  }

  /** What waits though it was looked at, as for a journey under way, need not be hurried. */
  private restMs(): number {
    const terms = settlementTerms(this.options.node.engine.state);
    return terms !== null && terms.owed.size > 0 ? restMs : 0;
  }

  private async reckon(): Promise<(Settlement & { readonly upTo: number })[]> {
    const [file, ...args] = this.options.command ?? ownCommand;
    const child = spawn(file!, [...args, 'settle', '--list', '--data', this.options.dataFolder], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOLDFAST_DATA: '' },
    });
    this.child = child;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-500)));
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) =>
        code === 0 ? resolve() : reject(new Error(said.trim() || `the settling process ended by ${signal ?? code}`)),
      );
    });
    // Awaited below; until then a failure must not count as one that nobody sees.
    ended.catch(() => undefined);
    giveWay(child);
    const settlements = [];
    for await (const line of createInterface({ input: child.stdout })) settlements.push(settlementIn(line));
    await ended;
    this.child = null;
    return settlements;
  }
}

/** The sale comes first. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended, or the system does not allow it.
  }
}
