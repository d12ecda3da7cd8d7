/** `holdfast COMMAND …`: finds the command and turns what it throws into one sentence and exit code 1. */
import { RepairNeededError } from '../followers/sql/place-in-log.ts';
import { ConstraintError, SchemaError, StoreUnavailableError } from '../followers/sql/store.ts';
import { LogDamagedError, LogFullError, LogLockedError, LogTrimmedError } from '../log/log.ts';
import { DivergedError } from '../replica/outcome-checks.ts';
import type { CliCommand } from './command.ts';
import { UserError } from './command.ts';
import { SettingsError } from './settings.ts';

/** Loaded when asked for: starting the server does not pay for the benchmarks. */
const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  bench: async () => (await import('./bench.ts')).bench,
  verify: async () => (await import('./verify.ts')).verify,
  seed: async () => (await import('./seed.ts')).seed,
  reset: async () => (await import('./reset.ts')).reset,
  snapshot: async () => (await import('./snapshot.ts')).snapshot,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  inspect: async () => (await import('./inspect.ts')).inspect,
  follow: async () => (await import('./follow.ts')).follow,
  migrate: async () => (await import('./migrate.ts')).migrate,
  reconcile: async () => (await import('./reconcile.ts')).reconcile,
};

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (name === 'help' || name === '--help' || name === '-h') return help(rest[0]);
  const load = commands[name];
  if (load === undefined) {
    console.error(
      `holdfast: there is no command "${name}". The commands are ${Object.keys(commands).join(', ')}, help.`,
    );
    return 1;
  }
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(command.usage);
    return 0;
  }
  return await command.run(rest);
}

async function help(name: string | undefined): Promise<number> {
  const load = name === undefined ? undefined : commands[name];
  if (load !== undefined) {
    console.log((await load()).usage);
    return 0;
  }
  console.log('holdfast COMMAND [flags]\n');
  for (const [known, loadKnown] of Object.entries(commands))
    console.log(`  ${known.padEnd(10)} ${(await loadKnown()).summary}`);
  console.log('  help       This, or the flags of a command: holdfast help COMMAND');
  return name === undefined ? 0 : 1;
}

/** Errors that say all there is to say. Anything else is a fault of ours and comes with its stack. */
const spoken = [
  SettingsError,
  UserError,
  LogLockedError,
  LogDamagedError,
  LogFullError,
  LogTrimmedError,
  DivergedError,
  RepairNeededError,
  ConstraintError,
  SchemaError,
  StoreUnavailableError,
];

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = spoken.some((type) => error instanceof type) || (error instanceof Error && 'code' in error);
  console.error(known && error instanceof Error ? `holdfast: ${error.message}` : error);
  process.exitCode = 1;
}
