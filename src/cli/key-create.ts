/** `holdfast key create`: a key for gates, shown once. The store keeps its hash alone. */
import { createHash, randomBytes } from 'node:crypto';
import { accessKey } from '../doors/gates/keys.ts';
import { checkOf } from '../doors/kit/validation.ts';
import { UserError } from '../store/user-error.ts';
import type { CliCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { placeFlags, withKeys } from './keys-at.ts';

const usage = `holdfast key create --gates GATE,GATE [--label TEXT] [--data ./data | --url http://127.0.0.1:3000]

  Makes a key that taps cards at these gates and does nothing else, and prints it: once, since the store keeps its hash alone.
  A gate sends it as Authorization: Bearer KEY. The gates must be known (POST /v1/gates).
  On a stopped folder, or with --url in a running store, with the operator key from HOLDFAST_OPERATOR_KEY where that has one.
  --gates GATE,GATE     ids of the gates
  --label TEXT          for people: whose it is`;

/** By it a key is known for what it is wherever it turns up. */
const keyPrefix = 'hf_tap_';
const keyBytes = 32;

const checkKey = checkOf(accessKey);

export const keyCreate: CliCommand = {
  summary: 'Make a key for gates',
  usage,
  run: async (args) => {
    const { values } = parseFlags(args, { gates: 'string', label: 'string', ...placeFlags });
    const gates = (values.gates ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '');
    if (gates.length === 0) throw new UserError(`name the gates of the key with --gates\n\n${usage}`);
    const key = keyPrefix + randomBytes(keyBytes).toString('base64url');
    const hash = createHash('sha256').update(key).digest('hex');
    const label = values.label ?? null;
    // The hash is an idempotency key too: a retry of the same request makes one key.
    const made = await withKeys(values, (client) =>
      client.post('/v1/keys', { hash, gates: [...new Set(gates)], label }, `key-${hash}`, checkKey),
    );
    console.error(`${made.value.id} taps at ${made.value.gates.join(', ')}; it is shown this once:`);
    console.log(key);
    return 0;
  },
};
