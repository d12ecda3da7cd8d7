/**
 * `holdfast COMMAND …`: finds the command, and turns its errors into one sentence and exit code 1.
 */
import { RepairNeededError } from '../followers/sql/place-in-log.ts';
import { ConstraintError, SchemaError, DatabaseUnavailableError } from '../followers/sql/database.ts';
import { LogDamagedError, LogFolderError, LogFullError, LogLockedError, LogTrimmedError } from '../log/log.ts';
import { DivergedError } from '../replica/outcome-checks.ts';
import type { CliCommand } from './command.ts';
import { UserError } from '../store/user-error.ts';

/**
 * Commands by name, of one or two words. They are loaded on demand: starting the server does not
 * load the benchmarks.
 */
const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  bench: async () => (await import('./bench.ts')).bench,
  verify: async () => (await import('./verify.ts')).verify,
  seed: async () => (await import('./seed.ts')).seed,
  'seed cards': async () => (await import('./seed-cards.ts')).seedCards,
  'try card': async () => (await import('./try-card.ts')).tryCard,
  'db make': async () => (await import('./db.ts')).makeDb,
  'db remove': async () => (await import('./db.ts')).removeDb,
  'seed hall': async () => (await import('./seed-hall.ts')).seedHall,
  'import events': async () => (await import('./import-events.ts')).importEvents,
  'import seats': async () => (await import('./import-seats.ts')).importSeats,
  'key create': async () => (await import('./key-create.ts')).keyCreate,
  'key list': async () => (await import('./key-list.ts')).keyList,
  'key remove': async () => (await import('./key-remove.ts')).keyRemove,
  'export taps': async () => (await import('./export-taps.ts')).exportTaps,
  'tariff import': async () => (await import('./tariff-import.ts')).tariffImport,
  reset: async () => (await import('./reset.ts')).reset,
  rerate: async () => (await import('./rerate.ts')).rerate,
  settle: async () => (await import('./settle.ts')).settle,
  snapshot: async () => (await import('./snapshot.ts')).snapshot,
  backup: async () => (await import('./backup.ts')).backup,
  restore: async () => (await import('./restore.ts')).restore,
  names: async () => (await import('./names.ts')).names,
  inspect: async () => (await import('./inspect.ts')).inspect,
  follow: async () => (await import('./follow.ts')).follow,
  migrate: async () => (await import('./migrate.ts')).migrate,
  reconcile: async () => (await import('./reconcile.ts')).reconcile,
  retain: async () => (await import('./retain.ts')).retain,
  statement: async () => (await import('./statement.ts')).statement,
};

async function main(args: readonly string[]): Promise<number> {
  const [word = 'help', ...rest] = args;
  if (word === 'help' || word === '--help' || word === '-h') return help(rest);
  const name = named(args);
  if (name === undefined) {
    if (rest.some(isHelp)) return help([word]);
    console.error(`holdfast: there is no command "${asked(args)}". The commands are ${commandNames.join(', ')}, help.`);
    return 1;
  }
  const command = await commands[name]!();
  const flags = args.slice(name.split(' ').length);
  if (flags.some(isHelp)) {
    console.log(command.usage);
    return 0;
  }
  return await command.run(flags);
}

const commandNames = Object.keys(commands);

/** The command that arguments begin with: the longest name wins. */
function named([first = '', second = '']: readonly string[]): string | undefined {
  return [`${first} ${second}`, first].find((name) => Object.hasOwn(commands, name));
}

/**
 * The unknown command in the user's words: the first word, and the second too if there are commands
 * that begin with the first.
 */
function asked([first = '', second]: readonly string[]): string {
  const isBeginning = commandNames.some((name) => name.startsWith(`${first} `));
  return isBeginning && second !== undefined ? `${first} ${second}` : first;
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}

/** Help on one command, on those that begin with a word, or on all. */
async function help(words: readonly string[]): Promise<number> {
  const name = named(words);
  const found =
    words.length > 1 && name !== undefined ? [name] : commandNames.filter((each) => each.split(' ')[0] === words[0]);
  if (found.length > 0) {
    const usages = await Promise.all(found.map(async (each) => (await commands[each]!()).usage));
    console.log(usages.join('\n\n'));
    return 0;
  }
  console.log('holdfast COMMAND [flags]\n');
  for (const [known, loadKnown] of Object.entries(commands))
    console.log(`  ${known.padEnd(14)} ${(await loadKnown()).summary}`);
  console.log('  help           This, or the flags of a command: holdfast help COMMAND');
  return words.length === 0 ? 0 : 1;
}

/**
 * Errors whose message is complete. Any other error is a fault of ours, and is printed with its
 * stack.
 */
const spoken = [
  UserError,
  LogLockedError,
  LogFolderError,
  LogDamagedError,
  LogFullError,
  LogTrimmedError,
  DivergedError,
  RepairNeededError,
  ConstraintError,
  SchemaError,
  DatabaseUnavailableError,
];

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const known = spoken.some((type) => error instanceof type) || (error instanceof Error && 'code' in error);
  console.error(known && error instanceof Error ? `holdfast: ${error.message}` : error);
  process.exitCode = 1;
}
