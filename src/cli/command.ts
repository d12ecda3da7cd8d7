import path from 'node:path';

/** The shape of every command of the command line. */
export interface CliCommand {
  /** One line for `help`. */
  readonly summary: string;
  /** How it is called, and its flags. */
  readonly usage: string;
  /** Returns the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** The program's folder. A module's address would not do, since it spells a blank `%20`. */
export const programFolder = path.resolve(import.meta.dirname, '..', '..');
