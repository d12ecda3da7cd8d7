/** `holdfast key remove ID`: from then on the key opens nothing. */
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { placeFlags, withKeys } from './keys-at.ts';

const usage = `holdfast key remove ID [--data ./data | --url http://127.0.0.1:3000]

  Removes the key of a gate by its id, as \`holdfast key list\` shows it: from then on it opens nothing.
  On a stopped folder, or with --url in a running store, with the operator key from HOLDFAST_OPERATOR_KEY where that has one.`;

export const keyRemove: CliCommand = {
  summary: 'Remove the key of a gate',
  usage,
  run: async (args) => {
    const { values, positionals } = parseFlags(args, placeFlags, { positionals: true });
    const [id, ...more] = positionals;
    if (id === undefined) throw new UserError(`name the key by its id\n\n${usage}`);
    if (more.length > 0) throw new UserError(`name one key: ${more.join(', ')} would be more\n\n${usage}`);
    await withKeys(values, (client) => client.remove(`/v1/keys/${encodeURIComponent(id)}`));
    console.log(`${id} opens nothing any more`);
    return 0;
  },
};
