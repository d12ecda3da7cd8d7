/** `holdfast key list`: the keys of gates that open. */
import type { Static } from 'typebox';
import type { accessKey } from '../doors/gates/keys.ts';
import { accessKeyList } from '../doors/gates/keys.ts';
import { checkOf } from '../doors/kit/validation.ts';
import type { CliCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import type { StoreClient } from './import/client.ts';
import { placeFlags, withKeys } from './keys-at.ts';

const checkKeys = checkOf(accessKeyList);
const perPage = 100;

export const keyList: CliCommand = {
  summary: 'List the keys of gates',
  usage: `holdfast key list [--json] [--data ./data | --url http://127.0.0.1:3000]

  Prints id, time, gates and label of each key of a gate that opens, newest first. No key can be read from the store.
  On a stopped folder, or with --url of a running store, with the operator key from HOLDFAST_OPERATOR_KEY where that has one.`,
  run: async (args) => {
    const { values } = parseFlags(args, { json: 'boolean', ...placeFlags });
    const keys = await withKeys(values, allKeys);
    if (values.json === true) {
      console.log(JSON.stringify(keys));
      return 0;
    }
    for (const { id, gates, label, createdAt } of keys) {
      console.log(`${id}  ${createdAt}  ${gates.join(',')}${label === null ? '' : `  ${label}`}`);
    }
    if (keys.length === 0) console.error('no gate has a key; `holdfast key create` makes one');
    return 0;
  },
};

async function allKeys(client: StoreClient): Promise<Static<typeof accessKey>[]> {
  const keys: Static<typeof accessKey>[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await client.get(`/v1/keys?limit=${perPage}${after}`, checkKeys);
    keys.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return keys;
}
