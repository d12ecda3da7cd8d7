/**
 * What a test needs from the machine besides this repository. Pass the result as the test's
 * options:
 *
 *     test('the lua peer answers', requireProgram('redis-server'), async () => { … });
 *
 * When it is missing, the test is skipped and one loud line says so, at once and again at the end
 * of `npm test`. In CI (`CI` set) nothing may be missing: the requirement throws and the file
 * fails.
 */
import { appendFileSync, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type Requirement = { readonly skip: string | false };

const told = new Set<string>();

/**
 * Requires a program by name. Debian keeps the programs of PostgreSQL outside of the PATH; they are
 * found too.
 */
export function requireProgram(name: string): Requirement {
  return requireThat(findProgram(name) !== undefined, `${name} is not installed`);
}

/** Requires anything else; `missing` names it for when `available` is false. */
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
