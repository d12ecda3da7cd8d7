/** `holdfast export taps`: the taps of the log in a form that others read. */
import { FileLogReader } from '../log/file/reader.ts';
import { Replay } from '../replica/replay.ts';
import { replayStart } from '../store/replay-start.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { dataFolderOf, requireLog } from './folder-flags.ts';
import { readBehind } from './replayed.ts';
import { TextOutput } from './text-output.ts';
import type { Period } from './tides/fare-transactions.ts';
import { FareTransactions, headerLine } from './tides/fare-transactions.ts';
import { parseDateOrTime, whyNoTime } from './times.ts';

const usage = `holdfast export taps --format tides [--from 2026-06-01] [--to 2026-06-08] [--out FILE] [--data ./data]

  Writes the fare_transactions of TIDES, the Transit ITS Data Exchange Specification, as CSV to stdout or to FILE: a row for each tap
  that a gate opened for, and one (Adjust) for each fare of a journey that a day ended and each adjustment. Their amounts add up to
  the fares, less what adjustments gave back. Taps that were denied are counted on stderr.
  --from and --to: from a time on, and before a time, by the time of the tap; a date is its first moment in UTC.
  The log is replayed by reading alone, also while a server runs. What was trimmed from it is not in the file.`;

export const exportTaps: CliCommand = {
  summary: 'Taps as TIDES fare transactions',
  usage,
  run: async (args) => {
    const known = { format: 'string', from: 'string', to: 'string', out: 'string', data: 'string' } as const;
    const { values } = parseFlags(args, known);
    if (values.format !== 'tides') {
      throw new UserError(
        `--format is ${values.format === undefined ? 'missing' : `"${values.format}"`}; it may be tides`,
      );
    }
    const fromMs = timeOf('from', values.from) ?? -Infinity;
    const toMs = timeOf('to', values.to) ?? Infinity;
    if (toMs <= fromMs) throw new UserError('--to is not after --from');
    const folder = dataFolderOf(values.data);
    requireLog(folder);
    const output = TextOutput.to(values.out);
    try {
      const { rows, denied, firstPosition } = await writeTaps(folder, { fromMs, toMs }, output);
      output.end();
      console.error(`${rows} transactions; ${denied} denied taps are none`);
      if (firstPosition > 1)
        console.error(`what lay before position ${firstPosition} was trimmed and is not among them`);
      return 0;
    } catch (error) {
      output.discard();
      throw error;
    }
  },
};

interface Written {
  readonly rows: number;
  readonly denied: number;
  readonly firstPosition: number;
}

async function writeTaps(folder: string, period: Period, output: TextOutput): Promise<Written> {
  const reader = new FileLogReader({ folder });
  const engine = await replayStart(reader, folder);
  const firstPosition = engine.position + 1;
  const transactions = new FareTransactions(period);
  if (!engine.isEmpty) transactions.beginAt(engine.state);
  const replay = new Replay(engine);
  output.write(headerLine);
  await readBehind(engine, reader, (batch) =>
    replay.apply(batch, () => {
      // From the first record on: the journal keeps what a record did until it was read.
      const { journal } = engine.state;
      journal.collecting = true;
      output.write(transactions.linesOf(engine.state));
      journal.clear();
    }),
  );
  return { rows: transactions.rows, denied: transactions.denied, firstPosition };
}

/** @throws UserError */
function timeOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const ms = parseDateOrTime(text);
  if (ms === null) throw new UserError(`--${name} ${JSON.stringify(text)} ${whyNoTime(text)}`);
  return ms;
}
