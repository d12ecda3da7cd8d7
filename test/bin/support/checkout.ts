/**
 * Checkouts for tests of the launcher: a copy of bin/, a small program in place of the server, and
 * links to the modules of this repository.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { findProgram, requireThat } from '../../support/requires.ts';
import { root } from '../../support/sources.ts';

/** The Node that runs the launcher. */
export const node = findProgram('node') ?? '';

/** What each test of the launcher needs. */
export const here = requireThat(
  node !== '' && process.platform !== 'win32',
  'a Node on the PATH, on a system with signals, is not there',
);

/** The modules that are installed here, for a checkout to link to. */
export const modules = join(root, 'node_modules');

/** A folder for checkouts, removed after the tests of the file. */
export function folderOfCheckouts(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'holdfast-bin-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Makes a checkout whose program is `main`, with links to `installed` modules; returns its folder.
 */
export function checkoutIn(folder: string, main: string, installed: readonly string[]): string {
  const place = mkdtempSync(join(folder, 'checkout-'));
  cpSync(join(root, 'bin'), join(place, 'bin'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json', 'bunfig.toml']) cpSync(join(root, file), join(place, file));
  write(place, 'src/cli/main.ts', main);
  mkdirSync(join(place, 'node_modules'));
  for (const name of installed) symlinkSync(join(modules, name), join(place, 'node_modules', name));
  return place;
}

/**
 * The modules of this repository without the launcher's stamp, which a checkout has to make for
 * itself.
 */
export function installedHere(): string[] {
  return readdirSync(modules).filter((name) => name !== '.holdfast.json');
}

export function write(place: string, name: string, text: string): void {
  const file = join(place, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** The environment of a start of the launcher without npm. */
export function withoutNpm(): NodeJS.ProcessEnv {
  const { npm_execpath: _, npm_lifecycle_event: __, ...env } = process.env;
  return env;
}
