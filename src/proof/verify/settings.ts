/** The flags of `verify`, checked in one place. */
import { parseArgs } from 'node:util';
import path from 'node:path';
import { UserError } from '../../store/user-error.ts';

export interface VerifySettings {
  readonly rounds: number;
  readonly json: boolean;
  /** Absolute path of the history to write; null for none. */
  readonly historyFile: string | null;
  readonly seed: number;
  /** A program that is started in place of our server; null for ours. */
  readonly serverProgram: string | null;
}

export const usage = `holdfast verify [flags]      proves by load and kill -9 that nothing answered is lost, doubled or sold twice

  --rounds 20         how often the server is loaded, killed and started again
  --json              print the result as one JSON object
  --history FILE      write what the clients saw as JSON lines, for an outside checker
  --seed N            repeat the same requests and instants (who wins a race still differs)
  --server PROGRAM    a TypeScript program to start instead of our server, with the flags of serve`;

const options = {
  rounds: { type: 'string', default: '20' },
  json: { type: 'boolean', default: false },
  history: { type: 'string' },
  seed: { type: 'string' },
  server: { type: 'string' },
} as const;

/** @throws UserError with the first flag that is wrong */
export function readVerifySettings(args: readonly string[]): VerifySettings {
  const given = parse(args);
  return {
    rounds: wholeNumber('--rounds', given.rounds, 1, 100_000),
    json: given.json,
    historyFile: given.history === undefined ? null : path.resolve(given.history),
    seed: given.seed === undefined ? freshSeed() : wholeNumber('--seed', given.seed, 0, 2 ** 32 - 1),
    serverProgram: given.server === undefined ? null : path.resolve(given.server),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.?\s*\n|\. /);
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new UserError(`${sentence}; the flags of verify are ${known.join(', ')}`);
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UserError(`${name} is "${text}"; it may be a whole number from ${least} to ${most}`);
  }
  return value;
}

function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
