/**
 * Keeps civil time at the wall clock, by records: at the start of a process, and while it runs,
 * once the two have been apart for a while. Deadlines are log time and do not move.
 */
import { Command, kinds } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import { toleratedDriftMs } from './clock.ts';
import type { LogClock } from './clock.ts';

export interface CivilClockOptions {
  readonly clock: LogClock;
  readonly engine: Engine;
  /** Submits a command; resolves with its outcome. */
  readonly submit: (command: Command) => Promise<unknown>;
  /** Called with what an operator should know. */
  readonly onNotice: (message: string) => void;
}

export class CivilClock {
  private readonly options: CivilClockOptions;
  private setting = false;
  private isTold = false;

  constructor(options: CivilClockOptions) {
    this.options = options;
  }

  get offsetMs(): number {
    const { engine } = this.options;
    return engine.isEmpty ? 0 : engine.state.civil.offsetMs;
  }

  /** Civil time now, ms. */
  nowMs(): number {
    return this.options.clock.nowMs() + this.offsetMs;
  }

  /** How far the machine's wall clock is ahead of civil time, ms. */
  get driftMs(): number {
    return this.options.clock.driftMs(this.offsetMs);
  }

  /**
   * The record of a start: a process continues the log, and from here on dates are those of the
   * wall clock.
   */
  started(epoch: string): Command {
    const { clock, onNotice } = this.options;
    const command = new Command().reset(kinds.started);
    const { driftMs } = this;
    const isApart = Math.abs(driftMs) > toleratedDriftMs;
    command.body = isApart ? { epoch, offsetMs: clock.offsetToWallMs() } : { epoch };
    if (isApart) {
      // Log time never follows the wall clock back; dates do.
      onNotice(
        `the log goes on ${inWords(-driftMs)} ahead of the clock of this machine, which was set back since it was written; ` +
          'dates follow the clock, deadlines go on',
      );
    }
    return command;
  }

  /** To be called often: corrects civil time once it has differed from the wall clock for long. */
  look(): void {
    const { clock, engine, submit, onNotice } = this.options;
    if (this.setting || engine.isEmpty) return;
    const { driftMs } = this;
    const isApart = clock.isApart(this.offsetMs);
    if (Math.abs(driftMs) <= toleratedDriftMs) {
      this.isTold = false;
    } else if (!this.isTold) {
      this.isTold = true;
      onNotice(
        `the clock of this machine is ${inWords(driftMs)} ahead of the store's dates; they follow it if it stays so`,
      );
    }
    if (!isApart) return;
    this.setting = true;
    const command = new Command().reset(kinds.setClock);
    command.body = { offsetMs: clock.offsetToWallMs() };
    const said = `the clock of this machine was set by ${inWords(driftMs)}: dates follow it from now on, deadlines go on as they were`;
    submit(command)
      .then(
        () => onNotice(said),
        // The next call tries again.
        () => {},
      )
      .finally(() => (this.setting = false));
  }
}

function inWords(ms: number): string {
  const seconds = ms / 1000;
  return Math.abs(seconds) < 7200 ? `${seconds.toFixed(1)} s` : `${(seconds / 3600).toFixed(1)} h`;
}
