/** The servers under load, each a process of its own: ours, started as a user starts it, and the bare one. */
import type { Subprocess } from 'bun';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../store/user-error.ts';
import { call, parseObject } from '../load/client.ts';
import { kill, removeFolder, root, spawnBun, spawnChild, stop, temporaryFolder } from './children.ts';
import { processTree } from './process-stats.ts';

/** What a load is sent to. */
export interface Listener {
  /** Without a slash at the end. */
  readonly url: string;
  /** The server's processes, for their CPU time; none when it is not ours to see. */
  readonly pids: readonly number[];
}

export interface Server extends Listener {
  /** Where its log is, when it is ours. */
  readonly folder: string | null;
  /** Ends it as an operator does; its folder stays until `close`. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

const launcher = join(root, 'bin', 'holdfast');
const bareProgram = fileURLToPath(new URL('./bare-server.ts', import.meta.url));
const readyWithinMs = 120_000;

/** A running `holdfast serve`. */
export class HoldfastServer implements Server {
  readonly url: string;
  readonly folder: string;
  /** From the start of the process to its ready line, ms. */
  readonly readyMs: number;
  private readonly child: Subprocess;

  private constructor(child: Subprocess, url: string, folder: string, readyMs: number) {
    this.child = child;
    this.url = url;
    this.folder = folder;
    this.readyMs = readyMs;
  }

  /** `dropsPort`: where the drops dialect listens; 0 for nowhere. `sql`: what its follower writes into. */
  static async start(folder: string, dropsPort = 0, sql: 'none' | 'sqlite' = 'none'): Promise<HoldfastServer> {
    const beganMs = performance.now();
    const ports = ['--port', '0', '--drops-port', String(dropsPort)];
    const flags = [...ports, '--no-demo', '--log-level', 'warn', '--data', folder, '--sql', sql];
    const child = spawnChild([launcher, 'serve', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: plainEnvironment(),
    });
    const line = await lineOf(child, 'holdfast ready');
    return new HoldfastServer(child, addressIn(line), folder, performance.now() - beganMs);
  }

  get pids(): readonly number[] {
    return processTree(this.child.pid);
  }

  async stop(): Promise<void> {
    await stop(this.child);
  }

  /** As a power cut of the process: SIGKILL. The folder stays. */
  async kill(): Promise<void> {
    await kill(this.child);
  }

  async close(): Promise<void> {
    await this.stop();
    removeFolder(this.folder);
  }
}

/** Ours without any setting of Holdfast's: an operator's key or a limit meant for another server would change what is measured. */
function plainEnvironment(): Record<string, string | undefined> {
  const own = Object.keys(process.env).filter((name) => name.startsWith('HOLDFAST_'));
  // Set to nothing rather than left out, since what is set wins over a .env file.
  const none = ['HOLDFAST_OPERATOR_KEY', 'HOLDFAST_LOG', 'HOLDFAST_DOORS', 'HOLDFAST_MAX_KEYS', ...own];
  return { ...process.env, ...Object.fromEntries(none.map((name) => [name, ''])) };
}

/** The server at the address that was given, or one of our own on an empty folder. */
export async function serverFor(url: string | null): Promise<Server> {
  if (url === null) return HoldfastServer.start(temporaryFolder());
  return { url, pids: [], folder: null, stop: () => Promise.resolve(), close: () => Promise.resolve() };
}

/** A server of one kind or the other, and the port of its drops dialect. */
export interface DropsServer<Kind extends Server = Server> {
  readonly server: Kind;
  readonly drops: Listener;
}

/** One of our own on an empty folder, with the drops dialect open. */
export async function startWithDrops(): Promise<DropsServer<HoldfastServer>> {
  const port = await freePort();
  const server = await HoldfastServer.start(temporaryFolder(), port);
  return { server, drops: listenerBeside(server, port) };
}

/** The server at the address that was given, whose drops dialect listens on that port, or one of our own. */
export async function serverWithDropsFor(url: string | null, dropsPort: number): Promise<DropsServer> {
  if (url === null) return startWithDrops();
  const server = await serverFor(url);
  return { server, drops: listenerBeside(server, dropsPort) };
}

/** Another port of a server's host, of the same processes. */
function listenerBeside(server: Server, port: number): Listener {
  const url = new URL(server.url);
  url.port = String(port);
  return {
    url: url.origin,
    get pids() {
      return server.pids;
    },
  };
}

/** A route of the bare server: a path pattern, and an answer like ours to learn the size from. */
export interface BareRoute {
  readonly path: string;
  readonly status: number;
  readonly answer: Record<string, unknown>;
}

/** Asks our server once, and makes the bare route that answers the same. */
export async function bareRouteLike(url: string, path: string, pattern: string, body: string): Promise<BareRoute> {
  const { status, text } = await call('POST', `${url}${path}`, body, crypto.randomUUID());
  return { path: pattern, status, answer: parseObject(text, path) };
}

export async function startBare(routes: readonly BareRoute[]): Promise<Server> {
  const child = spawnBun([bareProgram, JSON.stringify(routes)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = addressIn(await lineOf(child, 'bare ready'));
  return { url, pids: [child.pid], folder: null, stop: () => stop(child), close: () => stop(child) };
}

/** Waits for the line that begins so on the process's stdout, and goes on reading what comes after it. */
export async function lineOf(child: Subprocess, beginning: string): Promise<string> {
  const { stdout } = child;
  if (!(stdout instanceof ReadableStream)) throw new Error('the process was started without a pipe for its output');
  const found = Promise.withResolvers<string>();
  const late = setTimeout(
    () => found.reject(new UserError(`a server said no "${beginning}" within ${readyWithinMs} ms`)),
    readyWithinMs,
  );
  void readLines(stdout, (line) => line.startsWith(beginning) && found.resolve(line)).then(() =>
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

async function readLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
}

/** A port that nobody listens on just now. */
async function freePort(): Promise<number> {
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
