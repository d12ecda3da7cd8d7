/** `holdfast import seats FILE`: a list of seats is added to the events that it names. */
import { nameWithFormat, readImportArguments, readImportFile } from './import/arguments.ts';
import { readSeats, readIgnored } from './import/rows.ts';
import { exitCodeOf, soundOr, summary, withTarget } from './import/run.ts';
import { addSeats } from './import/seats.ts';
import { planSeats } from './import/seats-plan.ts';
import type { CliCommand } from './command.ts';

const usage = `holdfast import seats FILE [--format csv|json] [--ignore COLUMN,COLUMN] [--data ./data | --url http://127.0.0.1:3000]

  Adds a seat of each row to the event that it names by id or by name, as POST /api/seats does: event, row_number, seat_number, and
  section, rank and accessible where there are some. The file is CSV or JSON, by its name or --format; docs/import.md has examples.
  --ignore names columns that are passed over.
  On a stopped folder, or with --url in a running store, with the operator key from HOLDFAST_OPERATOR_KEY where that has one.
  All or nothing: each flaw of the file is named with its line, and then nothing is imported. Seats go into the store a thousand at a
  time; an import that was cut short goes on when it is run again, and adds no seat twice.`;

export const importSeats: CliCommand = {
  summary: 'Add the seats of a CSV or JSON file to events',
  usage,
  run: (args) =>
    exitCodeOf(async () => {
      const { file, flags, place } = readImportArguments(args, ['format', 'ignore'], usage);
      const name = nameWithFormat(file, flags.format);
      const read = readImportFile(file);
      const rows = soundOr(file, readSeats(read.bytes, name, readIgnored(flags.ignore, 'seats')));
      const there = await withTarget(place, false, async (target) => {
        const plan = soundOr(file, await planSeats(rows, await target.events(), ({ sale }) => target.seats(sale)));
        await addSeats(target, read, plan);
        return plan.there;
      });
      console.log(summary(file, rows.length, there, 'seat'));
    }),
};
