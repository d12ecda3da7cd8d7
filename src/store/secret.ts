/**
 * The secret that signs tokens: given, or made once in the data folder and readable by its owner
 * only.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../reason.ts';
import { writeAtomically } from './durable-files.ts';
import { secretName } from './folder.ts';
import { UserError } from './user-error.ts';

const minCharacters = 32;

/** @throws UserError when the folder's secret is invalid */
export function deploymentSecret(given: string | null, folder: string | null): string {
  if (given !== null) return given;
  if (folder === null) return randomBytes(32).toString('base64url');
  const known = readSecret(folder);
  if (known !== null) return known;
  // On the disk before the first token is issued.
  const made = Buffer.from(randomBytes(32).toString('base64url'));
  writeAtomically({ file: path.join(folder, secretName), sync: 'name' }, [made]);
  return deploymentSecret(null, folder);
}

/**
 * The folder's own secret; null for none.
 * @throws UserError when it cannot be used
 */
export function readSecret(folder: string): string | null {
  const file = path.join(folder, secretName);
  let secret: string;
  try {
    secret = fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    const reason = reasonOf(error);
    throw new UserError(`${file}, which signs tokens, cannot be read (${reason}): ${advice}`);
  }
  if (secret.length < minCharacters)
    throw new UserError(
      `${file} does not hold a secret of at least ${minCharacters} characters, but of ${secret.length}: ${advice}`,
    );
  return secret;
}

const advice =
  'restore it from a backup, or remove it to have a new one made; tokens that were given before then open nothing any more';
