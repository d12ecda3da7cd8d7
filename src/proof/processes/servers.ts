/**
 * The servers under load, each a process of its own: ours, started as a user starts it, and the
 * bare one.
 */
import { randomBytes } from 'node:crypto';
import type { Subprocess } from 'bun';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../store/user-error.ts';
import type { Address } from '../load/http-client.ts';
import { call } from '../load/http-client.ts';
import type { Json } from '../load/json.ts';
import { parseObject } from '../load/json.ts';
import { freshKey } from '../load/keys.ts';
import { kill, linesOf, removeFolder, spawnBun, stop, temporaryFolder } from './children.ts';
import { processTree } from './process-stats.ts';
import { launched, ServerProcess } from './server-process.ts';

/** The target of a load. */
export interface Endpoint extends Address {
  /** The server's processes, for their CPU time; none where we cannot see them. */
  readonly pids: readonly number[];
}

export interface Server extends Endpoint {
  /** The folder of its log, where it is ours. */
  readonly folder: string | null;
  /** Stops it as an operator does; its folder stays until `close`. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const bareProgram = fileURLToPath(new URL('./bare-server.ts', import.meta.url));
const readyWithinMs = 120_000;

export interface HoldfastOptions {
  /** By default an empty one, removed when the server is closed. */
  readonly folder?: string;
  readonly operatorKey?: string | null;
  /** Port of the drops dialect; 0, the default, for none. */
  readonly dropsPort?: number;
  /** The database of its follower; none by default. */
  readonly sql?: 'none' | 'sqlite';
}

/** A running `holdfast serve`. */
export class HoldfastServer implements Server {
  readonly url: string;
  readonly operatorKey: string | null;
  readonly folder: string;
  /** From the start of the process to its ready line, ms. */
  readonly readyMs: number;
  private readonly process: ServerProcess;

  private constructor(
    started: ServerProcess,
    url: string,
    operatorKey: string | null,
    folder: string,
    readyMs: number,
  ) {
    this.process = started;
    this.url = url;
    this.operatorKey = operatorKey;
    this.folder = folder;
    this.readyMs = readyMs;
  }

  /** @throws NotReadyError */
  static async start(options: HoldfastOptions = {}): Promise<HoldfastServer> {
    const { folder = temporaryFolder(), operatorKey = null, ...rest } = options;
    const beganMs = performance.now();
    const started = new ServerProcess({ command: launched, dataFolder: folder, operatorKey, ...rest });
    try {
      const url = await started.ready();
      return new HoldfastServer(started, url, operatorKey, folder, performance.now() - beganMs);
    } catch (error) {
      await started.kill();
      throw error;
    }
  }

  get pids(): readonly number[] {
    return processTree(this.process.pid);
  }

  async stop(): Promise<void> {
    if (this.process.end === null) await this.process.stop();
  }

  /** SIGKILL, like a power cut for the process. The folder stays. */
  async kill(): Promise<void> {
    await this.process.kill();
  }

  async close(): Promise<void> {
    await this.stop();
    removeFolder(this.folder);
  }
}

export function newOperatorKey(): string {
  return randomBytes(24).toString('base64url');
}

/** The server at a given address, whose processes we neither see nor stop. */
function serverAt(url: string, operatorKey: string | null): Server {
  return {
    url,
    operatorKey,
    pids: [],
    folder: null,
    stop: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** The server at the given address, or one of our own on an empty folder. */
export async function serverFor(given: GivenServer): Promise<Server> {
  return given.url === null ? HoldfastServer.start() : serverAt(given.url, given.operatorKey);
}

/** A running server, as the user names it. */
export interface GivenServer {
  readonly url: string | null;
  readonly operatorKey: string | null;
}

/** A server of one kind or the other, and the port of its drops dialect. */
export interface DropsServer<Kind extends Server = Server> {
  readonly server: Kind;
  readonly drops: Endpoint;
}

/** One of our own on an empty folder, with the drops dialect open. */
export async function startWithDrops(operatorKey: string | null = null): Promise<DropsServer<HoldfastServer>> {
  const dropsPort = await freePort();
  const server = await HoldfastServer.start({ dropsPort, operatorKey });
  return { server, drops: endpointBeside(server, dropsPort) };
}

/** The server of a given address, whose drops dialect listens on that port. */
export function givenWithDrops(url: string, operatorKey: string | null, dropsPort: number): DropsServer {
  const server = serverAt(url, operatorKey);
  return { server, drops: endpointBeside(server, dropsPort) };
}

/** Another port of the same server. */
function endpointBeside(server: Server, port: number): Endpoint {
  const url = new URL(server.url);
  url.port = String(port);
  return {
    url: url.origin,
    operatorKey: server.operatorKey,
    get pids() {
      return server.pids;
    },
  };
}

/** A route of the bare server: a path pattern, and one of our answers as an example of the size. */
export interface BareRoute {
  readonly path: string;
  readonly status: number;
  readonly answer: Json;
}

/** A request that is sent to our server once, to learn the bare server's answer. */
export interface BareQuestion {
  readonly path: string;
  /** The path as a pattern of the bare server. */
  readonly pattern: string;
  readonly body: string;
  readonly token?: string | null;
}

/** Asks our server once, as a buyer does, and makes the bare route that answers the same. */
export async function bareRouteLike(address: Address, asked: BareQuestion): Promise<BareRoute> {
  const { path, pattern, body, token = null } = asked;
  const { status, body: answer } = await call(address, { method: 'POST', path, body, token, key: freshKey() });
  return { path: pattern, status, answer: parseObject(answer) };
}

export async function startBare(routes: readonly BareRoute[]): Promise<Server> {
  const child = spawnBun([bareProgram, JSON.stringify(routes)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = addressIn(await lineOf(child, 'bare ready'));
  const end = (): Promise<void> => stop(child);
  return { url, operatorKey: null, pids: [child.pid], folder: null, stop: end, close: end };
}

/** Waits for a line with this beginning on the process's stdout, and drains the rest. */
export async function lineOf(child: Subprocess, beginning: string): Promise<string> {
  const found = Promise.withResolvers<string>();
  const late = setTimeout(
    () => found.reject(new UserError(`a server said no "${beginning}" within ${readyWithinMs} ms`)),
    readyWithinMs,
  );
  void linesOf(child, (line) => line.startsWith(beginning) && found.resolve(line)).then(() =>
    found.reject(
      new UserError(`a server that was to be measured ended without "${beginning}"; its own words are above`),
    ),
  );
  try {
    return await found.promise;
  } catch (error) {
    await kill(child);
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** A port that is free just now. */
export async function freePort(): Promise<number> {
  const probe = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() });
  const { port = 0 } = probe;
  await probe.stop(true);
  return port;
}

function addressIn(line: string): string {
  const address = /http:\/\/[^\s,/]+/.exec(line)?.[0];
  if (address === undefined) throw new Error(`no address in: ${line}`);
  return address;
}
