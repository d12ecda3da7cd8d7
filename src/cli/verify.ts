/**
 * `holdfast verify`: the proof by load and kill -9. It starts a server of its own on a temporary folder, loads it with clients that keep
 * what they were told, kills it again and again, and holds three things against each other: the clients' record, an independent
 * replay of the log, and the server's state.
 */
import type { CliCommand } from './command.ts';
import { Run } from '../proof/verify/run.ts';
import type { VerifyResult } from '../proof/verify/run.ts';
import { killAll } from '../proof/processes/server-process.ts';
import { readVerifySettings, usage } from '../proof/verify/settings.ts';

export const verify: CliCommand = {
  summary: 'Prove by load and kill -9 that nothing answered is lost, doubled or sold twice',
  usage,
  run: async (args) => {
    const settings = readVerifySettings(args);
    console.error(`verify: ${settings.rounds} rounds, seed ${settings.seed}`);
    const run = new Run(settings, (line) => console.error(line));
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      process.once(signal, () => {
        killAll();
        run.abandon();
        process.exit(code);
      });
    }
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
