/** `serve --trim`: rounds of trimming on a slow timer, and what is said about them. */
import { FileLogReader } from '../log/file/reader.ts';
import type { TrimVerdict } from '../store/trimmer.ts';
import { Trimmer } from '../store/trimmer.ts';
import { describe } from '../http/logging.ts';
import type { Logger } from '../http/logging.ts';
import type { Store } from '../store/open.ts';

const firstAfterMs = 5000;
const everyMs = 60_000;
/** A difference between replicas is said again after so many rounds, for as long as the process lives. */
const roundsBetweenAlarms = 10;

export class Trimming {
  private readonly trimmer: Trimmer;
  private readonly logger: Logger;
  private timer: ReturnType<typeof setTimeout>;
  private stopped = false;
  private rounds = 0;
  /** What was said last: a thing is said when it is new. */
  private said = '';

  constructor({ log, node }: Pick<Store, 'log' | 'node'>, dataFolder: string, logger: Logger) {
    this.trimmer = new Trimmer({
      dataFolder,
      log,
      reader: new FileLogReader({ folder: dataFolder }),
      engine: node.engine,
    });
    this.logger = logger;
    this.timer = setTimeout(() => void this.round(), firstAfterMs);
  }

  /** No round begins any more. One that is under way ends by itself when the log is closed. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async round(): Promise<void> {
    this.rounds += 1;
    try {
      this.say(await this.trimmer.round());
    } catch (error) {
      // A log that was closed under the round is no news.
      if (!this.stopped) this.logger.error({ error: describe(error) }, 'the log could not be trimmed; it goes on');
    }
    if (!this.stopped) this.timer = setTimeout(() => void this.round(), everyMs);
  }

  private say(verdict: TrimVerdict): void {
    if (verdict.kind === 'trimmed') this.logger.info({ start: verdict.start }, 'the log was trimmed');
    if (verdict.kind === 'trimmed' || verdict.kind === 'idle') {
      this.said = '';
      return;
    }
    const { kind, reason } = verdict;
    const isNews = this.said !== reason;
    this.said = reason;
    if (kind === 'held') {
      if (isNews) this.logger.warn({ reason }, 'the log is not trimmed for now');
    } else if (isNews || this.rounds % roundsBetweenAlarms === 0) {
      this.logger.error(
        { reason },
        'replicas differ: nothing is trimmed any more. Keep a copy of the folder, find out which one is wrong (`holdfast inspect` replays the log), and start the store anew',
      );
    }
  }
}
