/** `holdfast seed hall FILE` puts a hall of the user's own on sale. */
import path from 'node:path';
import type { NewSeatedSale } from '../../sdk/src/index.ts';
import { seatsOfHall } from '../doors/kit/sale-definition.ts';
import { hashOf, readImportArguments, readImportFile } from './import/arguments.ts';
import { readHall } from './import/hall.ts';
import { seedHall as seedSale } from './import/hall-sale.ts';
import { counted, exitCodeOf, soundOr, withTarget } from './import/run.ts';
import { readTerms, termFlags } from './import/terms.ts';
import type { CliCommand } from './command.ts';
import { UserError } from '../store/user-error.ts';

const usage = `holdfast seed hall FILE [flags] [--data ./data | --url http://127.0.0.1:3000]

  Makes a sale of numbered seats from a hall's file, as POST /v1/sales does; docs/import.md has the format. On a stopped folder, which is
  made when it is missing, or with --url in a running store, with the operator key from HOLDFAST_OPERATOR_KEY where that has one.
  Repeatable: a sale of this name with these seats is made once. One of this name with other seats is left alone, and this refused.
  --name NAME           by default what the file says, or what it is called
  --price 12.50         of a seat; with --currency EUR
  --opens TIME          when it goes on sale, such as 2026-12-01T10:00:00+01:00; --closes likewise
  --hold-seconds 300    how long a hold lasts
  --max-per-order N     most seats of one order`;

export const seedHall: CliCommand = {
  summary: 'Make a sale of numbered seats from a file of its hall',
  usage,
  run: (args) =>
    exitCodeOf(async () => {
      const { file, flags, place } = readImportArguments(args, ['name', ...termFlags], usage);
      const terms = readTerms(flags);
      const { bytes } = readImportFile(file);
      const read = soundOr(file, readHall(bytes));
      const name = nameOf(flags.name ?? read.name ?? path.parse(file).name);
      const body: NewSeatedSale = { name, kind: 'seated', hall: read.hall, ...terms };
      const made = await withTarget(place, true, (target) =>
        seedSale(target, body, `seed-hall-${hashOf(bytes, name)}`),
      );
      const hall = `${JSON.stringify(name)} is ${made.sale}, ${counted(seatsOfHall(read.hall), 'seat')}`;
      console.log(made.wasThere ? `${file}: ${hall}; it was there already, and nothing changed` : `${file}: ${hall}`);
      if (made.differs.length > 0)
        console.error(`its ${made.differs.join(', ')} stay as they are; PATCH /v1/sales/${made.sale} changes them`);
    }),
};

/** @throws UserError */
function nameOf(name: string): string {
  if (name.trim() !== '' && name.length <= 200 && name.isWellFormed()) return name;
  throw new UserError('--name may have 1 to 200 characters, and not spaces alone');
}
