/** `holdfast import events FILE`: a list of events becomes sales of the seats dialect. */
import { nameWithFormat, readImportArguments, readImportFile } from './import/arguments.ts';
import { closedNote, makeEvents, pastNote, planEvents } from './import/events.ts';
import { readEvents, readIgnored } from './import/rows.ts';
import { exitCodeOf, soundOr, summary, withTarget } from './import/run.ts';
import type { CliCommand } from './command.ts';

const usage = `holdfast import events FILE [--format csv|json] [--ignore COLUMN,COLUMN] [--data ./data | --url http://127.0.0.1:3000]

  Makes an event of each row, as POST /api/events does: name, event_date, and status where there is one. The file is CSV or JSON, by its
  name or --format; docs/import.md has examples. --ignore names columns that are passed over.
  On a stopped folder, which is made when it is missing, or with --url in a running store, with the operator key from
  HOLDFAST_OPERATOR_KEY where that has one.
  All or nothing: each flaw of the file is named with its line, and then nothing is imported. Repeatable: an event of the same name
  and date is not made again, so an import that was cut short goes on when it is run again.`;

export const importEvents: CliCommand = {
  summary: 'Make events of a CSV or JSON file',
  usage,
  run: (args) =>
    exitCodeOf(async () => {
      const { file, flags, place } = readImportArguments(args, ['format', 'ignore'], usage);
      const name = nameWithFormat(file, flags.format);
      const read = readImportFile(file);
      const rows = soundOr(file, readEvents(read.bytes, name, readIgnored(flags.ignore, 'events')));
      const { toMake, there } = await withTarget(place, true, async (target) => {
        const plan = soundOr(file, planEvents(rows, await target.events()));
        await makeEvents(target, read, plan);
        return plan;
      });
      console.log(summary(file, rows.length, there, 'event'));
      const closed = closedNote(toMake);
      if (closed !== null) console.log(`${file}: ${closed}`);
      const past = pastNote(toMake, Date.now());
      if (past !== null) console.error(`${file}: ${past}`);
    }),
};
