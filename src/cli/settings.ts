/**
 * Every setting, checked here and nowhere else. Flags come first, then the environment, then `.env`
 * beside the program, then the default. A wrong setting stops the start, with its name and its
 * valid values.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { isCurrency } from '../../sdk/src/money.ts';
import { readPostgresAddress } from '../followers/sql/postgres/address.ts';
import type { IpNetwork } from '../http/ip.ts';
import type { LogLevel } from '../http/logging.ts';
import type { SqlPlace } from '../followers/sql/open.ts';
import { defaultSnapshotEvery } from '../followers/snapshots/snapshot-writer.ts';
import { ownSqliteFile } from '../followers/sql/open.ts';
import { isOneHost } from '../http/hosts.ts';
import { parseNetwork } from '../http/ip.ts';
import { defaultFreeCalls } from '../http/free-calls.ts';
import { logLevels } from '../http/logging.ts';
import { defaultMaxKeys } from '../store/genesis.ts';
import type { LogPlace } from '../store/log-place.ts';
import { reasonOf } from '../reason.ts';
import { UserError } from '../store/user-error.ts';
import { parseFlags, wholeNumber } from './flags.ts';

export const openableDoors = ['v1', 'tickets', 'drops', 'seats', 'gates'] as const;
export type DoorName = (typeof openableDoors)[number];

export interface Settings {
  readonly port: number;
  /** Port of the drops dialect; 0 for none. */
  readonly dropsPort: number;
  readonly host: string;
  /** Where the log is; a folder by its absolute path. */
  readonly log: LogPlace;
  /** Where the log is followed into SQL; null for no follower. */
  readonly sql: SqlPlace | null;
  /** The follower writes a snapshot after this many records. */
  readonly snapshotEvery: number;
  /** Whether the beginning of the log is deleted once no reader needs it. */
  readonly trim: boolean;
  readonly doors: readonly DoorName[];
  readonly open: boolean;
  /**
   * ISO 4217 code of prices at doors whose requests name no currency, which is the drops dialect.
   */
  readonly currency: string;
  /** Whether to stock the store: `fresh` when its log is empty. */
  readonly demo: 'fresh' | 'yes' | 'no';
  readonly maxKeys: number;
  /** Trusts the machine's clock, however far it is ahead of the store's last run. */
  readonly acceptClock: boolean;
  /** Limits of one address for calls that cost nothing and leave data behind. */
  readonly freeCalls: { readonly perSecond: number; readonly burst: number };
  /**
   * The maximum share of a sale that one customer, and one address, may hold at a time, percent;
   * null for no limit.
   */
  readonly holdShares: { readonly ofCustomer: number | null; readonly ofAddress: number | null };
  readonly logLevel: LogLevel;
  readonly operatorKey: string | null;
  /** Null for a secret that is made once and kept in the data folder. */
  readonly secret: string | null;
  readonly previousSecret: string | null;
  readonly corsOrigins: readonly string[];
  /** Proxies whose forwarded client addresses are trusted. */
  readonly trustedProxies: readonly IpNetwork[];
  /**
   * Hosts besides loopback that a store without a key answers to, and whose pages may send writes.
   */
  readonly publicHosts: readonly string[];
  /** How long an idle connection is kept. */
  readonly idleSeconds: number;
}

const flags = {
  port: 'string',
  'drops-port': 'string',
  host: 'string',
  data: 'string',
  log: 'string',
  sql: 'string',
  'snapshot-every': 'string',
  trim: 'boolean',
  doors: 'string',
  currency: 'string',
  open: 'boolean',
  demo: 'boolean',
  'max-keys': 'string',
  'accept-clock': 'boolean',
  'idle-seconds': 'string',
  'free-rate': 'string',
  'free-burst': 'string',
  'held-by-customer': 'string',
  'held-by-address': 'string',
  'log-level': 'string',
} as const;

/** The environment variable of each flag. */
const environmentNames: Readonly<Record<keyof typeof flags, string>> = {
  port: 'PORT',
  'drops-port': 'HOLDFAST_DROPS_PORT',
  host: 'HOLDFAST_HOST',
  data: 'HOLDFAST_DATA',
  log: 'HOLDFAST_LOG',
  sql: 'HOLDFAST_SQL',
  'snapshot-every': 'HOLDFAST_SNAPSHOT_EVERY',
  trim: 'HOLDFAST_TRIM',
  doors: 'HOLDFAST_DOORS',
  currency: 'HOLDFAST_CURRENCY',
  open: 'HOLDFAST_OPEN',
  demo: 'HOLDFAST_DEMO',
  'max-keys': 'HOLDFAST_MAX_KEYS',
  'accept-clock': 'HOLDFAST_ACCEPT_CLOCK',
  'idle-seconds': 'HOLDFAST_IDLE_SECONDS',
  'free-rate': 'HOLDFAST_FREE_RATE',
  'free-burst': 'HOLDFAST_FREE_BURST',
  'held-by-customer': 'HOLDFAST_HELD_BY_CUSTOMER',
  'held-by-address': 'HOLDFAST_HELD_BY_ADDRESS',
  'log-level': 'LOG_LEVEL',
};

const [freeRate, freeBurst] = [String(defaultFreeCalls.perSecond), String(defaultFreeCalls.burst)];

type Environment = Readonly<Record<string, string | undefined>>;

/** The environment, completed by `.env` of a folder: real variables win. @throws UserError */
export function environmentOf(programFolder: string, real: Environment = process.env): Environment {
  const file = path.join(programFolder, '.env');
  if (!fs.existsSync(file)) return real;
  try {
    return { ...parseEnv(fs.readFileSync(file, 'utf8')), ...real };
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

/** @throws UserError with the first setting that is wrong */
export function readSettings(args: readonly string[], environment: Environment): Settings {
  const { values: given } = parseFlags(args, flags, { negated: ['demo'] });
  const text = (name: keyof typeof flags): string | undefined => {
    const flag = given[name];
    const value = typeof flag === 'string' ? flag : environment[environmentNames[name]];
    return value === '' ? undefined : value;
  };
  const truth = (name: 'open' | 'demo' | 'trim' | 'accept-clock'): boolean | undefined => {
    const flag = given[name];
    return typeof flag === 'boolean' ? flag : truthOf(environment, environmentNames[name]);
  };
  const host = text('host') ?? '127.0.0.1';
  const open = truth('open') ?? false;
  const operatorKey = secretOf(environment, 'HOLDFAST_OPERATOR_KEY', 16);
  if (!isLoopback(host) && operatorKey === null && !open) {
    throw new UserError(
      `--host ${host} would open the store to others than this machine: set HOLDFAST_OPERATOR_KEY to a secret of at least 16 characters, ` +
        'or pass --open if the port is published on loopback only',
    );
  }
  const demo = truth('demo');
  const port = wholeNumber('--port (PORT)', text('port') ?? '3000', 0, 65_535);
  const dropsPort = wholeNumber('--drops-port (HOLDFAST_DROPS_PORT)', text('drops-port') ?? '4000', 0, 65_535);
  const doors = listOf('--doors (HOLDFAST_DOORS)', text('doors'), openableDoors);
  if (port === dropsPort && dropsPlace({ doors, dropsPort }) === 'own') {
    throw new UserError(
      `--port and --drops-port are both ${port}: give one of them another port, close the drops door with --drops-port 0, ` +
        'or open it alone on --port with --doors drops',
    );
  }
  const dataFolder = path.resolve(text('data') ?? './data');
  const log = placeOf(oneOf('--log (HOLDFAST_LOG)', text('log') ?? 'file', ['file', 'memory']), dataFolder);
  const sql = sqlPlaceOf(text('sql'), environment, dataFolder);
  if (log.kind === 'memory' && sql !== null && text('sql') !== undefined) {
    throw new UserError(
      '--sql (HOLDFAST_SQL) needs --log file: another process follows the log, and cannot see this memory',
    );
  }
  const trim = truth('trim') ?? false;
  if (trim && log.kind === 'memory')
    throw new UserError('--trim (HOLDFAST_TRIM) and --log memory: a log in memory is not trimmed; pass one of them');
  return {
    port,
    dropsPort,
    host,
    log,
    sql: log.kind === 'memory' ? null : sql,
    snapshotEvery: snapshotEveryOf(text('snapshot-every')),
    trim,
    doors,
    currency: currencyOf(text('currency')),
    open,
    demo: demo === undefined ? 'fresh' : demo ? 'yes' : 'no',
    maxKeys: wholeNumber('--max-keys (HOLDFAST_MAX_KEYS)', text('max-keys') ?? String(defaultMaxKeys), 1, 100_000_000),
    acceptClock: truth('accept-clock') ?? false,
    freeCalls: {
      perSecond: wholeNumber('--free-rate (HOLDFAST_FREE_RATE)', text('free-rate') ?? freeRate, 1, 1_000_000),
      burst: wholeNumber('--free-burst (HOLDFAST_FREE_BURST)', text('free-burst') ?? freeBurst, 1, 1_000_000_000),
    },
    holdShares: {
      ofCustomer: shareOf('--held-by-customer (HOLDFAST_HELD_BY_CUSTOMER)', text('held-by-customer')),
      ofAddress: shareOf('--held-by-address (HOLDFAST_HELD_BY_ADDRESS)', text('held-by-address')),
    },
    logLevel: oneOf('--log-level (LOG_LEVEL)', text('log-level') ?? 'info', logLevels),
    operatorKey,
    secret: secretOf(environment, 'HOLDFAST_SECRET', 32),
    previousSecret: secretOf(environment, 'HOLDFAST_SECRET_PREVIOUS', 32),
    corsOrigins: originsOf(environment),
    trustedProxies: proxiesOf(environment),
    publicHosts: publicHostsOf(environment),
    idleSeconds: wholeNumber('--idle-seconds (HOLDFAST_IDLE_SECONDS)', text('idle-seconds') ?? '75', 5, 250),
  };
}

function placeOf(kind: LogPlace['kind'], folder: string): LogPlace {
  return kind === 'memory' ? { kind } : { kind, folder };
}

/** Percent of a sale; null for no limit. @throws UserError */
function shareOf(name: string, text: string | undefined): number | null {
  return text === undefined ? null : wholeNumber(name, text.replace(/%$/, ''), 1, 100);
}

/** A setting that is on or off; undefined where it is not set. @throws UserError */
export function truthOf(environment: Environment, name: string): boolean | undefined {
  const value = environment[name];
  if (value === undefined || value === '') return undefined;
  if (['1', 'true', 'yes'].includes(value.toLowerCase())) return true;
  if (['0', 'false', 'no'].includes(value.toLowerCase())) return false;
  throw new UserError(`${name} is "${value}"; it may be 1 or 0`);
}

/** The settings of the commands that work on the SQL views. */
export interface SqlSettings {
  readonly dataFolder: string;
  readonly sql: SqlPlace;
  readonly logLevel: LogLevel;
  /** The command's own boolean flags. */
  readonly flags: Readonly<Record<string, boolean>>;
  /** The command's own flags with a value, those that are given. */
  readonly texts: Readonly<Record<string, string>>;
}

/** @throws UserError, also when the place is `none` */
export function readSqlSettings(
  args: readonly string[],
  environment: Environment,
  ownFlags: readonly string[] = [],
  ownTexts: readonly string[] = [],
): SqlSettings {
  const { sql, ...rest } = readFollowing(args, environment, { ownFlags, ownTexts, writesSnapshots: false });
  if (sql === null) throw new UserError('--sql (HOLDFAST_SQL) is none: name the database, such as sqlite');
  return { ...rest, sql };
}

/** The settings of a follower. */
export interface FollowSettings extends Omit<SqlSettings, 'sql'> {
  /** Null: no database, only snapshots. */
  readonly sql: SqlPlace | null;
  readonly snapshotEvery: number;
}

/** @throws UserError */
export function readFollowSettings(args: readonly string[], environment: Environment): FollowSettings {
  return readFollowing(args, environment, { ownFlags: ['until-stdin-ends'], ownTexts: [], writesSnapshots: true });
}

interface OwnFlags {
  readonly ownFlags: readonly string[];
  readonly ownTexts: readonly string[];
  readonly writesSnapshots: boolean;
}

function readFollowing(
  args: readonly string[],
  environment: Environment,
  { ownFlags, ownTexts, writesSnapshots }: OwnFlags,
): FollowSettings {
  const names = ['data', 'sql', 'log-level', ...(writesSnapshots ? (['snapshot-every'] as const) : [])] as const;
  const known: Record<string, 'string' | 'boolean'> = {};
  for (const name of names) known[name] = flags[name];
  for (const flag of ownFlags) known[flag] = 'boolean';
  for (const flag of ownTexts) known[flag] = 'string';
  const { values: given } = parseFlags(args, known, { negated: [] });
  const text = (name: (typeof names)[number]): string | undefined =>
    String(given[name] ?? environment[environmentNames[name]] ?? '') || undefined;
  const dataFolder = path.resolve(text('data') ?? './data');
  return {
    dataFolder,
    sql: sqlPlaceOf(text('sql'), environment, dataFolder),
    snapshotEvery: snapshotEveryOf(text('snapshot-every')),
    logLevel: oneOf('--log-level (LOG_LEVEL)', text('log-level') ?? 'info', logLevels),
    flags: Object.fromEntries(ownFlags.map((flag) => [flag, given[flag] === true])),
    texts: Object.fromEntries(
      ownTexts.flatMap((flag) => (given[flag] === undefined ? [] : [[flag, String(given[flag])]])),
    ),
  };
}

function snapshotEveryOf(text: string | undefined): number {
  const most = 1_000_000_000;
  return wholeNumber('--snapshot-every (HOLDFAST_SNAPSHOT_EVERY)', text ?? String(defaultSnapshotEvery), 1, most);
}

/** The database that `--sql` or the environment names; null where none is, or none is wanted. */
export function namedSqlPlace(
  given: string | undefined,
  environment: Environment,
  dataFolder: string,
): SqlPlace | null {
  const text = given ?? (environment[environmentNames.sql] || undefined);
  if (text === undefined && !environment['DATABASE_URL']) return null;
  return sqlPlaceOf(text, environment, dataFolder);
}

function sqlPlaceOf(given: string | undefined, environment: Environment, dataFolder: string): SqlPlace | null {
  const databaseUrl = environment['DATABASE_URL'] || undefined;
  const sslMode = environment['PGSSLMODE'] || null;
  const name = given !== undefined || databaseUrl === undefined ? '--sql (HOLDFAST_SQL)' : 'DATABASE_URL';
  const text = given ?? databaseUrl ?? 'sqlite';
  if (text === 'none') return null;
  if (text === 'sqlite') return { kind: 'sqlite', file: ownSqliteFile(dataFolder) };
  const file = sqliteFileOf(text);
  if (file !== null) return { kind: 'sqlite', file: path.resolve(file) };
  if (/^postgres(ql)?:\/\//.test(text)) {
    try {
      readPostgresAddress(text, sslMode);
    } catch (error) {
      throw new UserError(`${name}: ${reasonOf(error)}`);
    }
    return { kind: 'postgres', url: text, sslMode };
  }
  // It may hold a password in any case.
  const shown = text.replace(/:\/\/.*/, '://…');
  throw new UserError(`${name} is "${shown}"; it may be sqlite, none, file:PATH, or postgres://…`);
}

/**
 * The path in `file:PATH`, taken literally, or in the address `file:///PATH`, where `%20` is a
 * blank. The part after `?` is for other programs and ignored. Null for anything else.
 */
function sqliteFileOf(text: string): string | null {
  const [, address, file] = /^file:(\/\/(?=\/))?([^?]+)/.exec(text) ?? [];
  if (file === undefined) return null;
  if (address === undefined) return file;
  try {
    return decodeURIComponent(file);
  } catch {
    return file; // a per cent sign that is a per cent sign
  }
}

/** @throws UserError */
export function currencyOf(code = 'USD'): string {
  if (isCurrency(code)) return code;
  throw new UserError(
    `--currency (HOLDFAST_CURRENCY) is "${code}"; it may be a code of ISO 4217 in capital letters, such as EUR`,
  );
}

/**
 * Where the drops dialect answers: on a port of its own, on the main port if no other door is open,
 * or nowhere.
 */
export function dropsPlace({ doors, dropsPort }: Pick<Settings, 'doors' | 'dropsPort'>): 'own' | 'main' | 'closed' {
  if (!doors.includes('drops')) return 'closed';
  if (doors.every((door) => door === 'drops')) return 'main';
  return dropsPort === 0 ? 'closed' : 'own';
}

function oneOf<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new UserError(`${name} is "${text}"; it may be ${choices.join(', ')}`);
  return found;
}

function listOf<Choice extends string>(name: string, text: string | undefined, choices: readonly Choice[]): Choice[] {
  if (text === undefined || text === 'all') return [...choices];
  return text.split(',').map((part) => oneOf(name, part.trim(), choices));
}

function secretOf(environment: Environment, name: string, minCharacters: number): string | null {
  const value = environment[name];
  if (value === undefined || value === '') return null;
  if (value.length < minCharacters) {
    throw new UserError(`${name} has ${value.length} characters; it must have at least ${minCharacters}`);
  }
  if (/\s/.test(value)) throw new UserError(`${name} has a space in it; it may be any characters but spaces`);
  return value;
}

function originsOf(environment: Environment): string[] {
  const text = environment['CORS_ORIGIN'] || environment['FRONTEND_URL'] || '';
  const origins = text.split(',').map((origin) => origin.trim().replace(/\/$/, ''));
  for (const origin of origins) {
    if (origin === '' || origin === '*') continue;
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new UserError(
        `CORS_ORIGIN (FRONTEND_URL) has "${origin}"; it may be * or origins such as https://shop.example, with commas between`,
      );
    }
  }
  return origins.filter((origin) => origin !== '');
}

function proxiesOf(environment: Environment): IpNetwork[] {
  const parts = (environment['HOLDFAST_TRUSTED_PROXIES'] ?? '').split(',').map((part) => part.trim());
  return parts
    .filter((part) => part !== '')
    .map((part) => {
      const network = parseNetwork(part);
      if (network === null) {
        throw new UserError(
          `HOLDFAST_TRUSTED_PROXIES has "${part}"; it may be addresses and networks such as 127.0.0.1, 10.0.0.0/8 or fd00::/8, with commas between`,
        );
      }
      return network;
    });
}

function publicHostsOf(environment: Environment): string[] {
  const hosts = (environment['HOLDFAST_PUBLIC_HOSTS'] ?? '').split(',').map((host) => host.trim());
  return hosts
    .filter((host) => host !== '')
    .map((host) => {
      const url = URL.parse(`http://${host}`);
      // A name beyond ASCII is compared in the form that browsers send.
      if (url === null || !isOneHost(url.host) || /[\s/?#@]/.test(host)) {
        throw new UserError(
          `HOLDFAST_PUBLIC_HOSTS has "${host}"; it may be hosts such as shop.example, 192.168.1.5 or [fd00::5]:3000, with commas between`,
        );
      }
      return url.host;
    });
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
