/**
 * What a `postgres://` address asks for. Names and meanings are those of PostgreSQL's own clients:
 * an address that works with `psql` works here and means the same. What is not supported is
 * refused, never ignored.
 *
 *     postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=/path/ca.pem
 *
 * What the address leaves out comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE or a
 * password file, as there.
 */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { ClientConfig } from 'pg';
import { reasonOf } from '../../../reason.ts';

export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const;
export type SslMode = (typeof sslModes)[number];

export interface PostgresAddress {
  /** For messages: without user and password. */
  readonly place: string;
  readonly config: ClientConfig;
  /** Whether an unencrypted connection is accepted when the server has no encryption. */
  readonly plainWillDo: boolean;
}

/** The address cannot be used. The message names the part and never shows a password. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
}

/**
 * @param url `postgres://…` or `postgresql://…`
 * @param sslMode PGSSLMODE, for an address without `sslmode`; null where that is not set
 * @throws AddressError
 */
export function readPostgresAddress(url: string, sslMode: string | null): PostgresAddress {
  if (!URL.canParse(url))
    throw new AddressError('the address of PostgreSQL is not postgres://USER:PASSWORD@HOST:PORT/DATABASE');
  const parsed = new URL(url);
  if (!['postgres:', 'postgresql:'].includes(parsed.protocol)) {
    throw new AddressError(`${parsed.protocol}// is not the address of a PostgreSQL database`);
  }
  const named = parsed.searchParams;
  const part = (parameter: string, text: string): string | undefined =>
    named.get(parameter) ?? (text === '' ? undefined : decoded(text));
  const host = part('host', parsed.hostname.replace(/^\[(.*)\]$/, '$1')) ?? process.env['PGHOST'] ?? 'localhost';
  if (host.includes(',')) throw new AddressError('an address of PostgreSQL names one host');
  const port = portOf(part('port', parsed.port) ?? process.env['PGPORT'] ?? '5432');
  const database = part('dbname', parsed.pathname.replace(/^\//, ''));
  const user = part('user', parsed.username);
  const password = part('password', parsed.password);
  const socket = host.startsWith('/');
  const mode = modeOf(named, sslMode);
  refuseUnknown(named);
  return {
    place: `postgres://${socket ? '' : `${bracketed(host)}:${port}`}/${database ?? ''}${socket ? `?host=${host}` : ''}`,
    // A Unix socket stays on this machine: there is nothing to encrypt.
    config: {
      host,
      port,
      ...(database === undefined ? {} : { database }),
      ...(user === undefined ? {} : { user }),
      ...(password === undefined ? {} : { password }),
      ssl: socket || mode === 'disable' ? false : encryption(mode, named),
    },
    plainWillDo: mode === 'prefer' || mode === 'allow',
  };
}

function modeOf(named: URLSearchParams, fromEnvironment: string | null): SslMode {
  // As in PostgreSQL's own clients, where JDBC's `ssl=true` means this.
  const short = named.get('ssl');
  const said = named.get('sslmode') ?? (short === 'true' || short === '1' ? 'require' : null) ?? fromEnvironment;
  if (said === null || said === '') return 'prefer';
  const mode = sslModes.find((known) => known === said);
  if (mode === undefined) throw new AddressError(`sslmode (PGSSLMODE) is "${said}"; it may be ${sslModes.join(', ')}`);
  return mode;
}

/**
 * `require` encrypts and trusts any server, unless a root certificate is named; the `verify` modes
 * check the server's identity.
 */
function encryption(mode: SslMode, named: URLSearchParams): ConnectionOptions {
  const root = named.get('sslrootcert');
  const system = root === null || root === 'system';
  const files = {
    ...(system ? {} : { ca: content('sslrootcert', root) }),
    ...(named.has('sslcert') ? { cert: content('sslcert', named.get('sslcert')) } : {}),
    ...(named.has('sslkey') ? { key: content('sslkey', named.get('sslkey')) } : {}),
  };
  if (mode === 'verify-full') return files;
  const anyHost = { checkServerIdentity: () => undefined };
  if (mode === 'verify-ca' && system) {
    throw new AddressError(
      'sslmode=verify-ca needs sslrootcert=FILE: with public authorities anybody has such a certificate',
    );
  }
  if (mode === 'verify-ca' || (mode === 'require' && !system)) return { ...files, ...anyHost };
  return { ...files, ...anyHost, rejectUnauthorized: false };
}

/** Other programs' parameters are ignored. Any that concern security are obeyed or refused. */
function refuseUnknown(named: URLSearchParams): void {
  for (const [name, value] of named) {
    const known = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'].includes(name);
    const refused =
      (name.startsWith('ssl') && !known) ||
      (name === 'ssl' && !['true', '1'].includes(value)) ||
      (name === 'sslnegotiation' && value !== 'postgres') ||
      (name === 'channel_binding' && value === 'require') ||
      (name === 'gssencmode' && value === 'require');
    if (refused) {
      throw new AddressError(
        `the address of PostgreSQL has ${name}=${value}, which is not supported; sslmode=verify-full protects as well`,
      );
    }
  }
}

function content(name: string, file: string | null): string {
  try {
    return readFileSync(file ?? '', 'utf8');
  } catch (error) {
    throw new AddressError(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new AddressError(`${text} is not the port of a PostgreSQL`);
  return port;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AddressError('the address of PostgreSQL has a % that encodes nothing: write it as %25');
  }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
