/** What can be chosen about a benchmark, and its defaults. */
import { parseArgs } from 'node:util';
import { UserError } from '../../store/user-error.ts';

export interface BenchSettings {
  /** A server that runs already, without a slash at the end; null starts one of our own. */
  readonly url: string | null;
  /** hold-confirm: where the drops dialect of the server at `url` listens. */
  readonly dropsPort: number;
  /** Interleaved rounds; fewer than six have no 95 % interval. */
  readonly rounds: number;
  /** Length of the measured part of a run, and of the warm-up before it, ms. */
  readonly measureMs: number;
  readonly warmupMs: number;
  /** Numbers of connections to measure at. */
  readonly connections: readonly number[];
  /** recovery: records in the log. */
  readonly records: number;
  /** rush: users at once. */
  readonly users: number;
  /** expiry: holds that end in one second. */
  readonly holds: number;
  /** streams: readers of Server-Sent Events, and Socket.IO clients. */
  readonly readers: number;
  readonly sockets: number;
  /** follow: a PostgreSQL to follow into as well, in databases of the benchmark's own; null for none. */
  readonly postgres: string | null;
  /** rush: against a server of our own and the bare one, in turn. */
  readonly compare: boolean;
  /** Takes a sentence about how far it is. */
  readonly progress: (sentence: string) => void;
}

export const defaults: BenchSettings = {
  url: null,
  dropsPort: 4000,
  rounds: 9,
  measureMs: 2000,
  warmupMs: 400,
  connections: [64, 256],
  records: 2_000_000,
  users: 1000,
  holds: 100_000,
  readers: 10_000,
  sockets: 2000,
  postgres: null,
  compare: false,
  progress: () => {},
};

export interface BenchRequest {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly settings: BenchSettings;
}

/** Reads the arguments behind `holdfast bench`. @throws UserError */
export function readArguments(args: readonly string[]): BenchRequest {
  const { values, positionals } = parse(args);
  return {
    names: positionals,
    json: values.json,
    settings: {
      ...defaults,
      url: values.url === undefined ? null : address(values.url),
      dropsPort: whole('drops-port', values['drops-port'], defaults.dropsPort, 1, 65_535),
      rounds: whole('rounds', values.rounds, defaults.rounds, 1, 1000),
      measureMs: seconds(values.seconds),
      connections:
        values.connections?.split(',').map((n) => whole('connections', n, 0, 1, 16_384)) ?? defaults.connections,
      records: whole('records', values.records, defaults.records, 1000, 50_000_000),
      users: whole('users', values.users, defaults.users, 1, 10_000),
      holds: whole('holds', values.holds, defaults.holds, 1000, 1_000_000),
      readers: whole('readers', values.readers, defaults.readers, 1, 15_000),
      sockets: whole('sockets', values.sockets, defaults.sockets, 0, 4000),
      postgres: values.postgres ?? null,
      compare: values.compare,
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        url: { type: 'string' },
        'drops-port': { type: 'string' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        connections: { type: 'string' },
        records: { type: 'string' },
        users: { type: 'string' },
        holds: { type: 'string' },
        readers: { type: 'string' },
        sockets: { type: 'string' },
        postgres: { type: 'string' },
        compare: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}

function address(text: string): string {
  if (!URL.canParse(text) || new URL(text).protocol !== 'http:') {
    throw new UserError(`--url must be an http:// address, not ${text}`);
  }
  return new URL(text).origin;
}

function whole(name: string, text: string | undefined, otherwise: number, from: number, to: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new UserError(`--${name} must be a whole number from ${from} to ${to}, not ${text}`);
  }
  return value;
}

function seconds(text: string | undefined): number {
  if (text === undefined) return defaults.measureMs;
  const value = Number(text);
  if (!(value >= 0.1 && value <= 600)) throw new UserError(`--seconds must be from 0.1 to 600, not ${text}`);
  return value * 1000;
}
