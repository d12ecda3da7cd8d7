/**
 * A PostgreSQL of the tests' own: the system's programs, a folder and a free loopback port, `fsync`
 * on. It can be killed like a machine that loses power, and started again on what is left.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier, TypeOverrides } from 'pg';
import { findProgram, requireThat } from '../../support/requires.ts';
import type { Requirement } from '../../support/requires.ts';

/** For initdb, and for the first answer after a start; a machine under load takes its time. */
const patienceMs = 60_000;
/**
 * Who the cluster belongs to: everyone on this loopback port may log in as this user, without a
 * password.
 */
const superuser = 'holdfast';

/** PostgreSQL's numbers of the types bigint and numeric. */
const wide = [20, 1700];
const types = new TypeOverrides();
for (const type of wide) types.setTypeParser(type, Number);

export interface ServerOptions {
  /** Lines that come before `trust` in `pg_hba.conf`. */
  readonly access?: readonly string[];
  /** Settings besides those of every server here. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The user that the server runs as; null: the user of the tests. */
type Owner = { readonly uid: number; readonly gid: number } | null;

export class PostgresServer {
  readonly port: number;
  /** Belongs to the server's user: the cluster, its log, and what a test puts beside them. */
  readonly folder: string;
  private readonly owner: Owner;
  private readonly settings: Readonly<Record<string, string>>;
  private child: ChildProcess | null = null;
  private readonly atExit = (): void => {
    for (const pid of this.pids()) signal(pid, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };

  private constructor(folder: string, port: number, owner: Owner, settings: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.port = port;
    this.owner = owner;
    this.settings = settings;
    process.on('exit', this.atExit);
  }

  /** Makes a cluster and starts it; resolves when it answers. */
  static async start(options: ServerOptions = {}): Promise<PostgresServer> {
    const owner = serverOwner();
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-postgres-')));
    if (owner !== null) chownSync(folder, owner.uid, owner.gid);
    const server = new PostgresServer(folder, await freePort(), owner, options.settings ?? {});
    try {
      const choice = ['--auth=trust', '--no-locale', '--encoding=UTF8', `--username=${superuser}`];
      await server.finished('initdb', ['--pgdata', server.cluster, '--no-instructions', ...choice]);
      const access = join(server.cluster, 'pg_hba.conf');
      writeFileSync(access, [...(options.access ?? []), readFileSync(access, 'utf8')].join('\n'));
      await server.restart();
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** The address of a database, for a client. */
  url(database = 'postgres', user = superuser, password = ''): string {
    return `postgres://${user}${password === '' ? '' : `:${password}`}@127.0.0.1:${this.port}/${database}`;
  }

  /** A new and empty database; returns its address. */
  async createDatabase(): Promise<string> {
    const name = `test_${(databases += 1)}`;
    await this.query(this.url(), `CREATE DATABASE ${escapeIdentifier(name)}`);
    return this.url(name);
  }

  /** Removes a database, even with connections. */
  async dropDatabase(url: string): Promise<void> {
    await this.query(this.url(), `DROP DATABASE ${escapeIdentifier(new URL(url).pathname.slice(1))} WITH (FORCE)`);
  }

  /**
   * One statement on a connection of its own, as a bystander sees it. Wide integers and decimals
   * come as numbers.
   */
  async query(url: string, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url });
    // A server that is killed ends idle connections with an event; the query in flight tells the
    // caller.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>({ text, values: [...values], types })).rows;
    } finally {
      await client.end();
    }
  }

  get running(): boolean {
    return this.child !== null;
  }

  /** Ends the postmaster and all its processes at once with SIGKILL; resolves when none is left. */
  async kill(): Promise<void> {
    const pids = this.pids();
    for (const pid of pids) signal(pid, 'SIGKILL');
    await this.ended(pids);
  }

  /** Stops it as an operator would: connections are cut, what was committed is written. */
  async stop(): Promise<void> {
    const pids = this.pids();
    if (this.child !== null) signal(this.child.pid ?? 0, 'SIGINT');
    await this.ended(pids);
  }

  /** Starts it on what the cluster's folder holds; resolves when it answers. */
  async restart(): Promise<void> {
    if (this.child !== null) throw new Error('it runs already');
    const settings: Record<string, string> = {
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'on',
      synchronous_commit: 'on',
      shared_buffers: '64MB',
      max_connections: '32',
      logging_collector: 'off',
      ...this.settings,
    };
    const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = this.spawn('postgres', ['-D', this.cluster, ...set]);
    child.on('exit', () => {
      if (this.child === child) this.child = null;
    });
    this.child = child;
    const untilMs = performance.now() + patienceMs;
    for (;;) {
      const failure = await this.query(this.url(), 'SELECT 1').then(
        () => null,
        (error: unknown) => String(error),
      );
      if (failure === null) return;
      if (this.child === null) throw new Error(`postgres ended at its start; its log:\n${this.logged()}`);
      if (performance.now() > untilMs)
        throw new Error(`postgres did not answer: ${failure}; its log:\n${this.logged()}`);
      await sleep(50);
    }
  }

  /** Ends it without ceremony and removes its folder. */
  async close(): Promise<void> {
    process.off('exit', this.atExit);
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The end of what it has logged. */
  logged(): string {
    return readFileSync(this.logFile, 'utf8').split('\n').slice(-30).join('\n');
  }

  private get cluster(): string {
    return join(this.folder, 'cluster');
  }

  private get logFile(): string {
    return join(this.folder, 'log');
  }

  /** The postmaster and the processes that it has made. */
  private pids(): number[] {
    const pid = this.child?.pid;
    return pid === undefined ? [] : [pid, ...childrenOf(pid)];
  }

  private async ended(pids: readonly number[]): Promise<void> {
    const untilMs = performance.now() + patienceMs;
    while (this.child !== null || pids.some(alive)) {
      if (performance.now() > untilMs) throw new Error(`processes ${pids.filter(alive).join(', ')} do not end`);
      await sleep(5);
    }
  }

  /** Runs one of PostgreSQL's programs as the server's user. It ends with us, however we end. */
  private spawn(program: string, args: readonly string[]): ChildProcess {
    const file = join(programFolder(), program);
    const { owner } = this;
    const as = owner === null ? [] : [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
    const setpriv = findProgram('setpriv');
    const command = setpriv === undefined ? [file] : [setpriv, ...as, '--pdeathsig=KILL', '--', file];
    const log = openSync(this.logFile, 'a');
    try {
      return spawn(command[0] ?? file, [...command.slice(1), ...args], {
        cwd: this.folder,
        env: { PATH: process.env['PATH'], LC_ALL: 'C' },
        stdio: ['ignore', log, log],
      });
    } finally {
      closeSync(log);
    }
  }

  private async finished(program: string, args: readonly string[]): Promise<void> {
    const child = this.spawn(program, args);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (exitCode, ended) => resolve(exitCode ?? ended));
    });
    clearTimeout(timer);
    if (code !== 0) throw new Error(`${program} failed (${code}):\n${this.logged()}`);
  }
}

let databases = 0;

/** Whether the tests can have a server: its programs are here, and a user whom it accepts. */
export function requirePostgres(): Requirement {
  const reason = whyNone();
  return requireThat(reason === null, reason ?? '');
}

/**
 * The server that the tests of one file share; they are skipped by the file's own
 * `requirePostgres()`.
 */
export function sharedPostgres(options: ServerOptions = {}): () => PostgresServer {
  let server: PostgresServer | null = null;
  before(async () => {
    if (whyNone() === null) server = await PostgresServer.start(options);
  });
  after(async () => {
    await server?.close();
    server = null;
  });
  return () => {
    if (server === null) throw new Error('no PostgreSQL was started');
    return server;
  };
}

function whyNone(): string | null {
  if (findProgram('initdb') === undefined) return 'PostgreSQL (initdb, postgres) is not installed';
  if (process.getuid?.() !== 0) return null;
  if (findProgram('setpriv') === undefined) return 'PostgreSQL refuses root, and setpriv is not installed';
  return serverOwner() === null ? 'PostgreSQL refuses root, and there is no user postgres or nobody' : null;
}

/** Debian may keep several versions; the newest is taken. */
function programFolder(): string {
  const home = '/usr/lib/postgresql';
  const newest = numbersIn(home).sort((a, b) => b - a)[0];
  if (newest !== undefined) return join(home, String(newest), 'bin');
  return dirname(findProgram('initdb') ?? '');
}

/** The entries of a folder that are numbers; none where there is no such folder. */
function numbersIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map(Number)
    .filter((found) => found > 0);
}

function serverOwner(): Owner {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['postgres', 'nobody'].map((name) => users.find(([found]) => found === name)).find(Boolean);
  return user === undefined ? null : { uid: Number(user[2]), gid: Number(user[3]) };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process that has ended and was not yet waited for (a zombie) holds nothing any more. */
function alive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(statOf(pid)?.state ?? '');
}

function childrenOf(pid: number): number[] {
  return numbersIn('/proc').filter((found) => statOf(found)?.parent === pid);
}

function statOf(pid: number): { readonly state: string; readonly parent: number } | null {
  try {
    const [state = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => (port > 0 ? resolve(port) : reject(new Error('no free port'))));
    });
  });
}
