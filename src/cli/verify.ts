/**
 * `holdfast verify`: the proof by load and kill -9. It starts a server of its own on a temporary
 * folder, loads it with clients that record their answers, and kills it again and again. Then it
 * compares three things: the clients' record, an independent replay of the log, and the server's
 * state.
 */
import path from 'node:path';
import { endOnSignals } from '../proof/processes/children.ts';
import type { VerifyResult, VerifySettings } from '../proof/verify/run.ts';
import { Run } from '../proof/verify/run.ts';
import type { CliCommand } from './command.ts';
import { parseFlags, wholeNumber } from './flags.ts';

const usage = `holdfast verify [flags]      proves by load and kill -9 that nothing answered is lost, doubled or sold twice

  --rounds 20         how often the server is loaded, killed and started again
  --json              print the result as one JSON object
  --history FILE      write what the clients saw as JSON lines, for an outside checker
  --seed N            repeat the same requests and instants (who wins a race still differs)
  --server PROGRAM    a TypeScript program to start instead of our server, with the flags of serve`;

const flags = { rounds: 'string', json: 'boolean', history: 'string', seed: 'string', server: 'string' } as const;

/** @throws UserError with the first flag that is wrong */
export function readVerifySettings(args: readonly string[]): VerifySettings {
  const { values: given } = parseFlags(args, flags);
  return {
    rounds: wholeNumber('--rounds', given.rounds ?? '20', 1, 100_000),
    json: given.json ?? false,
    historyFile: given.history === undefined ? null : path.resolve(given.history),
    seed: given.seed === undefined ? freshSeed() : wholeNumber('--seed', given.seed, 0, 2 ** 32 - 1),
    serverProgram: given.server === undefined ? null : path.resolve(given.server),
  };
}

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

export const verify: CliCommand = {
  summary: 'Prove by load and kill -9 that nothing answered is lost, doubled or sold twice',
  usage,
  run: async (args) => {
    const settings = readVerifySettings(args);
    console.error(`verify: ${settings.rounds} rounds, seed ${settings.seed}`);
    const run = new Run(settings, (line) => console.error(line));
    endOnSignals();
    const result = await run.run();
    console.log(settings.json ? JSON.stringify(result) : account(result));
    return result.ok ? 0 : 1;
  },
};

function account(result: VerifyResult): string {
  const { ok, rounds, operations, effects, unknown, replays, duplicates, expiries, kills, seconds, seed } = result;
  const figures =
    `${rounds} rounds in ${seconds} s, seed ${seed}: ${operations} operations with ${effects} effects, ${kills} kills, ` +
    `${unknown} requests of unknown result retried, ${duplicates} sent twice at once, ${replays} keys replayed, ${expiries} holds expired.`;
  if (ok)
    return `${figures}\nNo answered yes lost, none doubled, nothing oversold; the clients' record, the log and the state agree.`;
  return [
    figures,
    'NOT fine:',
    ...result.problems.map((problem) => `  - ${problem}`),
    `Everything is kept in ${result.folder}`,
  ].join('\n');
}
