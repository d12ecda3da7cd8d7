/**
 * When a store ran last, by the wall clock: a small file in its data folder, written at the start
 * and every minute, and removed by a clean stop. With it a start can tell a wrong clock, far ahead
 * of the last beat, from a long intended stop. A wrong clock would end holds, open sales and forget
 * keys, for good.
 *
 * It belongs to this folder on this machine: copies, backups and restored folders have none.
 */
import fs from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../reason.ts';
import { unfinishedSuffix } from '../log/disk.ts';
import { writeAtomicallyAsync } from './durable-files.ts';
import { heartbeatName } from './folder.ts';
import { UserError } from './user-error.ts';

const everyMs = 60_000;
/** How long a machine may have been off without a clean stop of the store. */
export const maxAheadMs = 7 * 24 * 3600 * 1000;

/**
 * Wall time of the last beat, ms; null for none.
 * @throws Error when the file holds no time, or cannot be read
 */
export function readHeartbeat(folder: string): number | null {
  const file = path.join(folder, heartbeatName);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const ms = Date.parse(text);
  if (!Number.isFinite(ms)) throw new Error(`${file} holds no time`);
  return ms;
}

export interface ClockCheck {
  readonly folder: string;
  /** Wall time of this machine, ms. */
  readonly wallMs: number;
  /** Log time of the last record, ms. */
  readonly lastTimeMs: number;
  /** The newest snapshot is at the end of the log, as a clean stop leaves it. */
  readonly isStoppedCleanly: boolean;
  /** The operator confirms that the clock is right. */
  readonly isAccepted: boolean;
  readonly onNotice: (message: string) => void;
}

/**
 * For a folder that has records, before anything is appended to it.
 * @throws UserError when the operator must check the clock first
 */
export function checkClock(check: ClockCheck): void {
  const { folder, wallMs, lastTimeMs, isAccepted, onNotice } = check;
  let lastMs: number | null;
  let isMissing = true;
  let why = 'it was stopped cleanly, or it is a backup, a copy or older';
  try {
    lastMs = readHeartbeat(folder);
  } catch (error) {
    lastMs = null;
    isMissing = false;
    why = reasonOf(error);
  }
  // A short pause after a clean stop is normal.
  if (isMissing && lastMs === null && check.isStoppedCleanly && wallMs - lastTimeMs <= maxAheadMs) return;
  if (lastMs === null) {
    onNotice(
      `${folder} does not tell when its store ran last (${why}), so this machine's clock is trusted: it says ${timeText(wallMs)}, ` +
        `and the log's last record is of ${timeText(lastTimeMs)}`,
    );
    return;
  }
  if (wallMs - lastMs <= maxAheadMs) return;
  const sentence =
    `this machine's clock says ${timeText(wallMs)}, and the store in ${folder} ran last at ${timeText(lastMs)}: ` +
    `${Math.round((wallMs - lastMs) / (24 * 3600 * 1000))} days are between`;
  if (isAccepted) {
    onNotice(`${sentence}; the clock was accepted`);
    return;
  }
  throw new UserError(
    `${sentence}. A clock that is wrong would end holds, open and close sales and forget keys, for good. Nothing was changed. ` +
      'Set the clock; or, if it is right and the machine was off, start once with --accept-clock (HOLDFAST_ACCEPT_CLOCK=1)',
  );
}

function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isFinite(date.getTime()) ? date.toISOString() : `${ms} ms since 1970`;
}

export class Heartbeat {
  private readonly file: string;
  private readonly wallMs: () => number;
  private readonly timer: ReturnType<typeof setInterval>;
  private isStopped = false;
  private beating: Promise<void> = Promise.resolve();

  private constructor(folder: string, wallMs: () => number) {
    this.file = path.join(folder, heartbeatName);
    this.wallMs = wallMs;
    this.timer = setInterval(() => void this.beat(), everyMs);
    this.timer.unref();
  }

  /** Writes the first beat at once. */
  static async begin(folder: string, wallMs: () => number): Promise<Heartbeat> {
    const heartbeat = new Heartbeat(folder, wallMs);
    await heartbeat.beat();
    return heartbeat;
  }

  /**
   * A beat that cannot be written leaves the one before: the next start knows less, but this store
   * keeps selling.
   */
  beat(): Promise<void> {
    this.beating = this.beating.then(() => (this.isStopped ? undefined : this.write())).catch(() => undefined);
    return this.beating;
  }

  /** Stops beating. The file stays, as after a kill. */
  async halt(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.beating;
  }

  /** A clean stop: removes the file, since the pause that follows is intended. */
  async stop(): Promise<void> {
    await this.halt();
    fs.rmSync(this.file, { force: true });
    fs.rmSync(this.file + unfinishedSuffix, { force: true });
  }

  private async write(): Promise<void> {
    const beat = Buffer.from(`${new Date(this.wallMs()).toISOString()}\n`);
    await writeAtomicallyAsync({ file: this.file, sync: 'content' }, [beat]);
  }
}
