/** `holdfast serve`: the store itself. */
import fs from 'node:fs';
import net from 'node:net';
import { v1Door } from '../doors/v1/door.ts';
import { problem } from '../doors/v1/schemas.ts';
import { ticketsDoor } from '../doors/tickets/door.ts';
import { errorAnswer } from '../doors/tickets/schemas.ts';
import { AccessControl } from '../http/access.ts';
import type { ListenerOptions } from '../http/listener.ts';
import { describe, Listener } from '../http/listener.ts';
import type { Logger } from '../http/logging.ts';
import { createLogger } from '../http/logging.ts';
import type { Door } from '../http/route.ts';
import { systemDoor } from '../http/system.ts';
import { Tokens } from '../http/tokens.ts';
import type { Node } from '../node/node.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { CliCommand } from './command.ts';
import { programFolder, UserError } from './command.ts';
import type { Settings } from './settings.ts';
import { environmentOf, isLoopback, readSettings } from './settings.ts';
import type { Store, StoreOptions } from './store.ts';
import { deploymentSecret, openStore } from './store.ts';

/** How long requests in flight may take to finish when the store shuts down, ms. */
const graceMs = 5000;

export const serve: CliCommand = {
  summary: 'Run the store',
  usage: `holdfast serve [flags]      each flag is also an environment variable, see .env.example

  --port 3000         where to listen; 0 takes any free port, the ready line names it
  --host 127.0.0.1    another address needs HOLDFAST_OPERATOR_KEY, or --open
  --data ./data       the folder that holds everything
  --log file          file | memory (nothing outlives the process)
  --doors all         v1, tickets
  --demo, --no-demo   stock a demonstration; by default when the folder is empty
  --open              operators need no key on any address: for containers published on loopback only
  --max-keys 50000000 most idempotency keys kept at a time
  --log-level info    trace | debug | info | warn | error | fatal | silent`,
  run: async (args) => runServer(readSettings(args, environmentOf(programFolder))),
};

/** Serves until a signal or a failure; resolves with the exit code. `parts` lets tests put something around the real ones. */
export async function runServer(settings: Settings, parts: Partial<StoreOptions> = {}): Promise<number> {
  const logger = createLogger(settings.logLevel);
  await checkPort(settings);
  checkFolder(settings);
  let fail!: (error: Error) => void;
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  const progress = setInterval(() => logger.info({}, 'still recovering'), 1000);
  let store: Store;
  try {
    store = await openStore({
      ...settings,
      onNotice: (message) => logger.warn({}, message),
      onFailure: (error) => fail(error),
      ...parts,
    });
  } finally {
    clearInterval(progress);
  }
  const listener = listen(settings, store.node, logger);
  if (settings.open && !isLoopback(settings.host)) {
    logger.warn({ host: settings.host }, 'open: whoever reaches this address is an operator');
  }
  console.log(`holdfast ready ${listener.url} data=${settings.log === 'memory' ? 'memory' : settings.dataFolder}`);
  logger.info({ url: listener.url, position: store.node.engine.position, doors: settings.doors }, 'ready');
  const ended = await Promise.race([signalled(), failed]);
  if (ended instanceof Error) {
    logger.fatal(
      { error: describe(ended) },
      'the store cannot go on; what it answered is on disk, the next start tells the rest',
    );
    // Those in flight were told 503 just now: let it reach them.
    await listener.close(500);
    return 1;
  }
  logger.info({ signal: ended }, 'shutting down');
  await listener.close(graceMs);
  await store.close();
  return 0;
}

/** Opens the doors of the settings on their port. `parts` lets tests put something in the place of a part. */
export function listen(settings: Settings, node: Node, logger: Logger, parts: Partial<ListenerOptions> = {}): Listener {
  const secret = deploymentSecret(settings.secret, settings.log === 'memory' ? null : settings.dataFolder);
  const tokens = new Tokens(secret, settings.previousSecret);
  const doors: Door[] = [];
  if (settings.doors.includes('v1')) doors.push(v1Door(node, tokens));
  if (settings.doors.includes('tickets')) doors.push(ticketsDoor(node));
  const system = systemDoor({
    node,
    doors,
    version: packageJson.version,
    errors: (door) => {
      if (door.name === 'v1') return { contentType: 'application/problem+json', schema: problem };
      return door.name === 'tickets' ? { contentType: 'application/json', schema: errorAnswer } : null;
    },
  });
  const access = new AccessControl({
    operatorKey: settings.operatorKey,
    open: settings.open,
    origins: settings.corsOrigins,
  });
  const { port, host } = settings;
  return new Listener({ port, host, doors: [system, ...doors], access, logger, ...parts });
}

/** Before anything is touched: whether the port can be had. @throws UserError */
async function checkPort(settings: Settings): Promise<void> {
  const { port, host } = settings;
  const probe = net.createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, host, port)));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function portError(error: NodeJS.ErrnoException, host: string, port: number): UserError {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `port ${port} on ${host} is in use: stop what listens there, or choose another with --port (0 takes any)`,
    );
  }
  if (error.code === 'EACCES')
    return new UserError(`port ${port} on ${host} is not allowed to you: choose one above 1023 with --port`);
  return new UserError(`cannot listen on ${host} port ${port}: ${error.message}`);
}

/** @throws UserError when the data folder cannot be made or written */
function checkFolder(settings: Settings): void {
  if (settings.log === 'memory') return;
  const { dataFolder } = settings;
  try {
    fs.mkdirSync(dataFolder, { recursive: true });
    fs.accessSync(dataFolder, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    if (!fs.statSync(dataFolder).isDirectory()) throw new Error('it is no folder');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`the data folder ${dataFolder} cannot be used: ${reason}; choose another with --data`);
  }
}

/** The first signal that asks the process to end; later ones are the same wish. */
function signalled(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
}
