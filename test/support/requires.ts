/**
 * What a test needs from the machine besides this repository. Pass the answer as the test's
 * options:
 *
 *     test('the lua peer answers', requireProgram('redis-server'), async () => { … });
 *
 * Where it is missing, the test is skipped and one loud line says so, on the spot and again at the
 * end of `npm test`. In CI (`CI` set) nothing may be missing: the requirement throws, and the file
 * fails.
 */
import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Requirement = { readonly skip: string | false };

const told = new Set<string>();

/**
 * Requires a program by name; Debian's PostgreSQL keeps its own beside the PATH, and is found there
 * too.
 */
export function requireProgram(name: string): Requirement {
  return requireThat(findProgram(name) !== undefined, `${name} is not installed`);
}

/** Requires anything else; `missing` says what is not there when `available` is false. */
export function requireThat(available: boolean, missing: string): Requirement {
  if (available) return { skip: false };
  if (process.env['CI']) throw new Error(`${missing}, and in CI no test is skipped`);
  if (!told.has(missing)) {
    told.add(missing);
    process.stderr.write(`NOT RUN: ${missing}: the tests that need it are skipped\n`);
    const collected = process.env['HOLDFAST_NOT_RUN'];
    if (collected !== undefined) appendFileSync(collected, `${missing}: the tests that need it are skipped\n`);
  }
  return { skip: missing };
}

/** The program's full path, or undefined. */
export function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders, ...postgresFolders()].map((folder) => join(folder, name)).find((file) => existsSync(file));
}

function postgresFolders(): string[] {
  const home = '/usr/lib/postgresql';
  if (!existsSync(home)) return [];
  return readdirSync(home).map((version) => join(home, version, 'bin'));
}
