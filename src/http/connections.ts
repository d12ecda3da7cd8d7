/**
 * Limits the number of connections. Each takes a descriptor of the process; the log, snapshots and
 * databases need some too and keep a reserve.
 *
 *     accepted by the runtime -> counted ten times a second -> over the limit: the silent, then the idle are closed
 *
 * The runtime's server has no such limit, so connections are counted by their descriptors. Between
 * two counts there may be more, at worst until descriptors run out. Then new ones wait, open ones
 * go on, and the log retries.
 */
import fs from 'node:fs';
import type { Logger } from './logging.ts';
import { SilentSockets } from './silent-sockets.ts';

const lookMs = 100;
/** Descriptors reserved for everything but connections: an eighth, within these bounds. */
const minReserve = 32;
const maxReserve = 1024;
/** A new connection is about to send something. */
const graceMs = 1000;
/** At most one warning in this time. */
const betweenWarningsMs = 60_000;
const ownDescriptors = '/proc/self/fd';

/** A listener of connections. */
export interface Connected {
  readonly port: number;
  /** Closes connections without a request; returns how many. */
  closeIdle(): number;
}

/** Maximum of descriptors in this process; null where it cannot be known. */
export function descriptorLimit(): number | null {
  try {
    const limits = fs.readFileSync('/proc/self/limits', 'latin1');
    const [, soft] = /^Max open files +(\d+)/m.exec(limits) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** How many descriptors connections may take, out of this maximum. */
export function connectionLimitOf(descriptors: number): number {
  const reserve = Math.min(maxReserve, Math.max(minReserve, Math.floor(descriptors / 8)));
  return Math.max(1, descriptors - reserve);
}

export class Connections {
  /**
   * Open descriptors beyond which connections are closed; null where descriptors cannot be counted.
   */
  readonly limit: number | null;
  private readonly descriptors: number;
  private readonly logger: Logger;
  private readonly silent = new SilentSockets();
  private readonly timer: ReturnType<typeof setInterval> | null;
  private listeners: readonly Connected[] = [];
  private closedSinceWarning = 0;
  private warnedAtMs = -Infinity;

  constructor(logger: Logger, descriptors: number | null = descriptorLimit()) {
    this.logger = logger;
    this.descriptors = descriptors ?? 0;
    this.limit = descriptors === null || !fs.existsSync(ownDescriptors) ? null : connectionLimitOf(descriptors);
    this.timer = this.limit === null ? null : setInterval(() => this.look(), lookMs);
    this.timer?.unref();
  }

  watch(listeners: readonly Connected[]): void {
    this.listeners = listeners;
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private look(): void {
    let over = this.openDescriptors() - (this.limit ?? Infinity);
    if (over <= 0) return;
    const ports = new Set(this.listeners.map(({ port }) => port));
    const first = this.silent.end(over, graceMs, ports, this.descriptors);
    over -= first;
    let closed = first;
    if (over > 0) for (const listener of this.listeners) closed += listener.closeIdle();
    over -= closed - first;
    if (over > 0) closed += this.silent.end(over, 0, ports, this.descriptors);
    this.warn(closed);
  }

  /** Number of open descriptors. Newer kernels have the number at hand; older ones list them. */
  private openDescriptors(): number {
    try {
      return fs.statSync(ownDescriptors).size || fs.readdirSync(ownDescriptors).length;
    } catch {
      // No descriptor is left to list them with.
      return this.descriptors;
    }
  }

  private warn(closed: number): void {
    this.closedSinceWarning += closed;
    const nowMs = performance.now();
    if (nowMs - this.warnedAtMs < betweenWarningsMs) return;
    const fields = { limit: this.limit, descriptors: this.descriptors, closed: this.closedSinceWarning };
    this.logger.warn(
      fields,
      'too many connections: those without a request are closed; raise the limit of descriptors (ulimit -n)',
    );
    this.warnedAtMs = nowMs;
    this.closedSinceWarning = 0;
  }
}
