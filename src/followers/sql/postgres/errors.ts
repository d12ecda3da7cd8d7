/**
 * PostgreSQL's failures as errors of `SqlDatabase`, each with a sentence that tells an operator
 * what to do.
 */
import { DatabaseError } from 'pg';
import { reasonOf } from '../../../reason.ts';
import { ConstraintError, FollowedElsewhereError, SchemaError, DatabaseUnavailableError } from '../database.ts';

/** Sentences for conditions that an operator must mend, by SQLSTATE or network code. */
const sentences: Readonly<Record<string, string>> = {
  '28P01': 'refuses the password',
  '28000': 'does not admit this user from here, or not without encryption (pg_hba.conf)',
  '3D000': 'has no such database: create it first',
  '53300': 'has no connection left',
  '42501': 'does not permit this user what it needs',
  '57P03': 'is starting or stopping',
  '57P01': 'was told to stop',
  '57014': 'took too long',
  '55P03': 'has somebody else holding a lock for too long',
  '53100': 'has a full disk',
  '25006': 'is a standby that only reads',
  ECONNREFUSED: 'does not listen',
  ENOTFOUND: 'is a host that nobody knows',
  EAI_AGAIN: 'is a host that cannot be looked up now',
  ENOENT: 'has no such socket',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'does not answer',
};

/** By the first two characters of the SQLSTATE. */
const contradictions = ['22', '23', '44'];
const schemaFaults = ['2B', '3F', '42', '0A'];

/** A schema, table or column is missing. */
const missing = ['3F000', '42P01', '42703'];

export function isMissingSchema(error: unknown): boolean {
  return error instanceof SchemaError && missing.includes(codeOf(error.cause));
}

/**
 * A driver's error as one of `SqlDatabase`. Unless it is a contradiction or the schema's fault, it
 * may be retried: a database comes back.
 */
export function storeError(error: unknown, place: string): Error {
  if (isStoreError(error)) return error;
  const code = codeOf(error);
  const words = reasonOf(error);
  if (error instanceof DatabaseError) {
    const kind = (error.code ?? '').slice(0, 2);
    if (contradictions.includes(kind))
      return new ConstraintError(`${place}: ${words}${detailOf(error)}`, { cause: error });
    if (schemaFaults.includes(kind) && code !== '42501') return new SchemaError(`${place}: ${words}`, { cause: error });
  }
  const known = sentences[code];
  const sentence = known === undefined ? `${place}: ${words}` : `${place} ${known}: ${words}`;
  return new DatabaseUnavailableError(code === '' ? sentence : `${sentence} (${code})`, { cause: error });
}

function isStoreError(error: unknown): error is Error {
  return [ConstraintError, FollowedElsewhereError, SchemaError, DatabaseUnavailableError].some(
    (kind) => error instanceof kind,
  );
}

/**
 * A broken reference shows the missing key. Other details quote whole rows, and with them people's
 * names.
 */
function detailOf(error: DatabaseError): string {
  const where = [error.table, error.constraint].filter((part) => part !== undefined).join(', ');
  const missing = error.code === '23503' && error.detail !== undefined ? `: ${error.detail}` : '';
  return `${where === '' ? '' : ` (${where})`}${missing}`;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}
