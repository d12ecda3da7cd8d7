/** What `serve --trim` says. */
import type { Logger } from '../http/logging.ts';
import { describe } from '../http/logging.ts';
import type { TrimEvents } from '../store/trimming.ts';

export function trimWords(logger: Logger): TrimEvents {
  return {
    trimmed: (start) => logger.info({ start }, 'the log was trimmed'),
    held: (reason) => logger.warn({ reason }, 'the log is not trimmed for now'),
    stopped: (reason) =>
      logger.error(
        { reason },
        'replicas differ: nothing is trimmed any more. Keep a copy of the folder, find out which one is wrong ' +
          '(`holdfast inspect` replays the log), and start the store anew',
      ),
    failed: (error) => logger.error({ error: describe(error) }, 'the log could not be trimmed; it goes on'),
  };
}
