import path from 'node:path';

/** What each command of the command line is. */
export interface CliCommand {
  /** One line for `help`. */
  readonly summary: string;
  /** How it is called, and its flags. */
  readonly usage: string;
  /** Returns the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Where the program lies. A module's address would not do: a blank is written `%20` in it. */
export const programFolder = path.resolve(import.meta.dirname, '..', '..');
