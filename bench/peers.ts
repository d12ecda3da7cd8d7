/**
 * Starts the peers: each is a Fastify on Node with the store behind it, on free loopback ports and
 * in folders of their own.
 */
import type { Subprocess } from 'bun';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../src/reason.ts';
import { removeFolder, spawnChild, stop, temporaryFolder } from '../src/proof/processes/children.ts';
import { processTree } from '../src/proof/processes/process-stats.ts';
import { ticketsSide } from '../src/proof/bench/purchase.ts';
import { freePort, lineOf } from '../src/proof/processes/servers.ts';
import type { Server } from '../src/proof/processes/servers.ts';
import { createEvent, plenty } from '../src/proof/bench/shop.ts';
import type { Side } from '../src/proof/bench/sides.ts';
import { nodeProgram } from './machine.ts';
import { startCluster } from './postgres.ts';
import { listening, versionOf } from './stores.ts';

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
/**
 * PostgreSQL connections. More of them only wait for the same row and slow each other: 4 beat 8, 16
 * and 32 here.
 */
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
      notRun.push({ name, why: reasonOf(error) });
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
  const cluster = await startCluster();
  if (typeof cluster === 'string') return cluster;
  const about = `the event's row is locked by SELECT … FOR UPDATE; fsync on, each commit durable; a pool of ${poolSize} connections`;
  return peerOn(name, 'postgres', about, cluster.version, cluster.store, cluster.files, [
    'fastify-postgres.js',
    '127.0.0.1',
    String(cluster.port),
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
    operatorKey: null,
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
  await createEvent(server, plenty);
  return {
    id,
    name,
    about,
    versions: `${name.split(' + ')[1]} ${version}`,
    side: ticketsSide(name, server),
    close: () => server.close(),
  };
}
