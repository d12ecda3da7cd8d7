/** The arguments of the import commands: a file, and the store that it goes into. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { programFolder } from '../command.ts';
import { UserError } from '../../store/user-error.ts';
import { parseFlags } from '../flags.ts';
import { environmentOf, isLoopback } from '../settings.ts';

/** A file is read whole: a million seats have some 30 MiB. */
export const maxFileBytes = 64 * 1024 * 1024;

/** Of every command that imports. */
const placeFlags = ['data', 'url'] as const;

export interface ImportArguments<Flag extends string> {
  /** The path as given. */
  readonly file: string;
  readonly flags: Readonly<Partial<Record<Flag, string>>>;
  readonly place: Place;
}

/** A stopped folder, or a running store. */
export type Place =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'url'; readonly url: string; readonly operatorKey: string | null };

/**
 * One FILE, `--data` or `--url`, and the command's own flags, each with a value. @throws UserError
 */
export function readImportArguments<Flag extends string>(
  args: readonly string[],
  ownFlags: readonly Flag[],
  usage: string,
): ImportArguments<Flag> {
  const known: Record<string, 'string'> = {};
  for (const flag of [...ownFlags, ...placeFlags]) known[flag] = 'string';
  const { values, positionals } = parseFlags(args, known, { positionals: true });
  const [file, ...more] = positionals;
  if (file === undefined) throw new UserError(`name a file\n\n${usage}`);
  if (more.length > 0) throw new UserError(`name one file: ${more.join(', ')} would be more\n\n${usage}`);
  return { file, flags: values as Readonly<Partial<Record<Flag, string>>>, place: placeOf(values) };
}

/** Where `--data` or `--url` lead. @throws UserError */
export function placeOf({ data, url }: Partial<Record<string, string>>): Place {
  if (data !== undefined && url !== undefined)
    throw new UserError('--data is a stopped folder and --url a running store: pass one of them');
  const environment = environmentOf(programFolder);
  if (url === undefined)
    return { kind: 'folder', folder: path.resolve(data ?? (environment['HOLDFAST_DATA'] || './data')) };
  const operatorKey = environment['HOLDFAST_OPERATOR_KEY'] || null;
  const address = addressOf(url);
  if (operatorKey !== null && address.protocol === 'http:' && !isLoopback(address.hostname.replace(/^\[(.*)\]$/, '$1')))
    console.error(`holdfast: the operator key goes to ${address.host} unencrypted; https:// would hide it`);
  return { kind: 'url', url: `${address.origin}${address.pathname}`.replace(/\/+$/, ''), operatorKey };
}

/** @throws UserError */
function addressOf(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    // It may hold a password in any case.
    const shown = text.replace(/\/\/[^@/]*@/, '//…@');
    throw new UserError(`--url is "${shown}"; it may be the address of a store, such as http://127.0.0.1:3000`);
  }
  return url;
}

/**
 * The name by which a file's format is told: its own, or one with the extension that `--format`
 * gives. @throws UserError
 */
export function nameWithFormat(file: string, format: string | undefined): string {
  if (format === undefined) return file;
  if (format === 'csv' || format === 'json') return `file.${format}`;
  throw new UserError(`--format is "${format}"; it may be csv or json`);
}

export interface ImportFile {
  readonly bytes: Uint8Array;
  /** Hash of its content, 32 hexadecimal digits. The keys of its commands begin with it. */
  readonly hash: string;
}

/** @throws UserError when it is not there, cannot be read, or is too large */
export function readImportFile(file: string): ImportFile {
  const bytes = bytesOf(file);
  return { bytes, hash: hashOf(bytes) };
}

/** SHA-256 over all parts, cut to 32 hexadecimal digits. */
export function hashOf(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}

function bytesOf(file: string): Uint8Array {
  try {
    const stat = fs.statSync(file);
    if (stat.isDirectory()) throw new UserError(`${file} is a folder: name a file`);
    if (stat.size <= maxFileBytes) return fs.readFileSync(file);
    throw new UserError(
      `${file} has ${stat.size} bytes: at most ${maxFileBytes} are read, so make several files of it`,
    );
  } catch (error) {
    if (error instanceof UserError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UserError(code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read (${code})`);
  }
}
