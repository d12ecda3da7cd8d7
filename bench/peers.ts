/** Starts the peers: each a Fastify on Node, and the store behind it, on free ports of the loopback and folders of their own. */
import type { Subprocess } from 'bun';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder, spawnChild, stop, temporaryFolder } from '../src/cli/bench/children.ts';
import { processTree } from '../src/cli/bench/process-stats.ts';
import { ticketsSide } from '../src/cli/bench/purchase.ts';
import { lineOf, type Server } from '../src/cli/bench/servers.ts';
import { createEvent, plenty } from '../src/cli/bench/shop.ts';
import type { Side } from '../src/cli/bench/sides.ts';
import { nodeProgram, outputOf } from './machine.ts';

export interface Peer {
  readonly id: string;
  readonly name: string;
  /** What is measured, and what it promises. */
  readonly about: string;
  readonly versions: string;
  readonly side: Side;
  close(): Promise<void>;
}

export interface NotRun {
  readonly name: string;
  readonly why: string;
}

const folder = dirname(fileURLToPath(import.meta.url));
const startWithinMs = 20_000;
/** Of PostgreSQL's connections. More of them wait for the same row and make each other slower: 4 beat 8, 16 and 32 here. */
const poolSize = 4;

export async function startPeers(): Promise<{ peers: Peer[]; notRun: NotRun[] }> {
  const peers: Peer[] = [];
  const notRun: NotRun[] = [];
  for (const [name, start] of [
    ['Fastify + Redis Lua', startRedis],
    ['Fastify + PostgreSQL FOR UPDATE', startPostgres],
  ] as const) {
    try {
      const peer = await start(name);
      if (typeof peer === 'string') notRun.push({ name, why: peer });
      else peers.push(peer);
    } catch (error) {
      notRun.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { peers, notRun };
}

/** A peer, or why there is none. */
async function startRedis(name: string): Promise<Peer | string> {
  const program = Bun.which('redis-server');
  if (program === null) return 'redis-server is not installed';
  const files = temporaryFolder();
  const port = await freePort();
  const command = [
    program,
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    files,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const store = spawnChild(command, { stdio: ['ignore', 'ignore', 'inherit'] });
  await listening(port);
  const about = 'one Lua script decides; Redis keeps nothing on disk, so a yes is lost with its process';
  return peerOn(name, 'redis', about, versionOf([program, '--version'], /v=(\S+)/), store, files, [
    'fastify-redis.js',
    String(port),
  ]);
}

async function startPostgres(name: string): Promise<Peer | string> {
  const programs = postgresPrograms();
  if (programs === null) return 'PostgreSQL is not installed';
  const owner = serverUser();
  if (typeof owner === 'string') return owner;
  const files = temporaryFolder();
  if (owner.id !== null) chownSync(files, owner.id, owner.id);
  const port = await freePort();
  const cluster = join(files, 'cluster');
  const made = spawnChild(
    [
      ...owner.prefix,
      join(programs, 'initdb'),
      '-D',
      cluster,
      '-U',
      'postgres',
      '--auth=trust',
      '--no-sync',
      '--no-locale',
      '-E',
      'UTF8',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], cwd: files },
  );
  if ((await made.exited) !== 0) throw new Error('initdb failed; its own words are above');
  const options = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    synchronous_commit: 'on',
    shared_buffers: '256MB',
    max_connections: '64',
    logging_collector: 'off',
    log_min_messages: 'fatal',
  };
  const set = Object.entries(options).flatMap(([option, value]) => ['-c', `${option}=${value}`]);
  const store = spawnChild([...owner.prefix, join(programs, 'postgres'), '-D', cluster, ...set], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: files,
  });
  await listening(port);
  const about = `the event's row is locked by SELECT … FOR UPDATE; fsync on, each commit durable; a pool of ${poolSize} connections`;
  const version = versionOf([join(programs, 'postgres'), '--version'], /\) (\S+)/);
  return peerOn(name, 'postgres', about, version, store, files, [
    'fastify-postgres.js',
    '127.0.0.1',
    String(port),
    String(poolSize),
  ]);
}

/** Starts the Fastify of a store and puts an event into it. */
async function peerOn(
  name: string,
  id: string,
  about: string,
  version: string,
  store: Subprocess,
  files: string,
  [program = '', ...args]: readonly string[],
): Promise<Peer> {
  const app = spawnChild([nodeProgram(), join(folder, 'peers', program), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const line = await lineOf(app, 'peer ready');
  const server: Server = {
    url: line.slice(line.indexOf('http')),
    get pids() {
      return [...processTree(app.pid), ...processTree(store.pid)];
    },
    folder: null,
    stop: async () => {
      await stop(app);
      await stop(store);
    },
    close: async () => {
      await server.stop();
      removeFolder(files);
    },
  };
  await createEvent(server.url, plenty);
  return {
    id,
    name,
    about,
    versions: `${name.split(' + ')[1]} ${version}`,
    side: ticketsSide(name, server),
    close: () => server.close(),
  };
}

/** Debian keeps them beside the PATH. */
function postgresPrograms(): string | null {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(home, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  const onPath = Bun.which('initdb');
  return found ?? (onPath === null ? null : dirname(onPath));
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. Or why that cannot be. */
function serverUser(): { readonly id: number | null; readonly prefix: readonly string[] } | string {
  if (process.getuid?.() !== 0) return { id: null, prefix: [] };
  const id = Number(outputOf(['id', '-u', 'postgres']));
  if (!(id > 0)) return 'PostgreSQL does not run as root, and there is no user postgres';
  return { id, prefix: ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--'] };
}

function versionOf(command: readonly string[], pattern: RegExp): string {
  return pattern.exec(outputOf(command))?.[1] ?? 'of unknown version';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Resolves when somebody listens on the port. */
async function listening(port: number): Promise<void> {
  const untilMs = performance.now() + startWithinMs;
  while (!(await accepts(port))) {
    if (performance.now() > untilMs) throw new Error(`nothing listened on port ${port} within ${startWithinMs} ms`);
    await Bun.sleep(50);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
