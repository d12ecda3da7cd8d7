/** `holdfast serve`: the store itself. */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { dropsDoor } from '../doors/drops/door.ts';
import { gatesDoor } from '../doors/gates/door.ts';
import { seatsDoor } from '../doors/seats/door.ts';
import { v1Door } from '../doors/v1/door.ts';
import type { KeyIndex } from '../doors/tickets/purchase-keys.ts';
import type { CardLists } from '../doors/gates/lists.ts';
import type { Lists } from '../doors/v1/lists.ts';
import { followerNameOf, openListings } from '../followers/sql/open.ts';
import { ticketsDoor } from '../doors/tickets/door.ts';
import { AccessControl } from '../http/access.ts';
import { BodyBudget } from '../http/body-reading.ts';
import { Connections } from '../http/connections.ts';
import { ClientAddresses } from '../http/client-address.ts';
import { FreeCalls } from '../http/free-calls.ts';
import type { ListenerOptions } from '../http/listener.ts';
import { Listener } from '../http/listener.ts';
import type { Logger } from '../http/logging.ts';
import { createLogger, describe } from '../http/logging.ts';
import type { ApiDescription } from '../http/openapi.ts';
import { descriptionRoute } from '../http/openapi.ts';
import type { Door } from '../http/door.ts';
import { Pages } from '../doors/system/pages.ts';
import { systemDoor } from '../doors/system/door.ts';
import { Tokens } from '../doors/kit/tokens.ts';
import { historyOf } from '../doors/kit/owners.ts';
import { sharesOf } from '../doors/kit/shares.ts';
import type { Node } from '../node/node.ts';
import packageJson from '../../package.json' with { type: 'json' };
import type { CliCommand } from './command.ts';
import { FollowerDetails } from './follower-details.ts';
import { FollowerProcess } from './follower-process.ts';
import { programFolder } from './command.ts';
import { UserError } from '../store/user-error.ts';
import { deploymentSecret, readSecret } from '../store/secret.ts';
import type { Settings } from './settings.ts';
import { dropsPlace, environmentOf, isLoopback, readSettings } from './settings.ts';
import type { Store, StoreOptions } from '../store/open.ts';
import { folderOf } from '../store/log-place.ts';
import { reasonOf } from '../reason.ts';
import { openServed } from './opened.ts';
import { Settler } from './settler.ts';
import { Trimming } from '../store/trimming.ts';
import { trimWords } from './trim-words.ts';
import { VouchedLists } from './vouched-lists.ts';

/** How long requests in flight may take to finish when the store shuts down, ms. */
const graceMs = 5000;

export const serve: CliCommand = {
  summary: 'Run the store',
  usage: `holdfast serve [flags]      each flag is also an environment variable, see .env.example

  --port 3000         where to listen; 0 takes any free port, the ready line names it
  --drops-port 4000   where the drops dialect listens, with its live events; 0 closes it
  --host 127.0.0.1    another address needs HOLDFAST_OPERATOR_KEY, or --open
  --data ./data       the folder that holds everything
  --log file          file | memory (nothing outlives the process)
  --sql sqlite        where the log is followed into tables: sqlite (views.sqlite in the data folder), file:PATH, postgres://…, none
  --snapshot-every 1000000
                      what follows the log writes a snapshot after so many records, or after five minutes and 10000
  --trim              drop the beginning of the log that two snapshots stand for and no follower needs; off by default
  --doors all         v1, tickets, drops, seats, gates; with drops alone, that door is on --port
  --currency USD      of prices in the drops dialect, which names none
  --demo, --no-demo   stock a demonstration; by default when the folder is empty
  --open              operators need no key on any address: for containers published on loopback only
  --free-rate 200, --free-burst 2000
                      registrations and places in line that one address may have: so many a second, and at once
  --held-by-customer PERCENT, --held-by-address PERCENT
                      what share of a sale one customer, or one address, may hold at a time; any by default
  --max-keys 50000000 most idempotency keys kept at a time
  --accept-clock      the clock is right, though the store ran last more than 7 days before: for one start
  --idle-seconds 75   how long a connection without a request is kept; longer than a proxy in front keeps its own
  --log-level info    trace | debug | info | warn | error | fatal | silent`,
  run: async (args) => runServer(readSettings(args, environmentOf(programFolder))),
};

/**
 * Serves until a signal or a failure; resolves to the exit code. `parts` lets tests wrap the real
 * parts.
 */
export async function runServer(settings: Settings, parts: Partial<StoreOptions> = {}): Promise<number> {
  const logger = createLogger(settings.logLevel);
  await checkPorts(settings);
  checkFolder(settings);
  let fail!: (error: Error) => void;
  const failed = new Promise<Error>((resolve) => (fail = resolve));
  const progress = setInterval(() => logger.info({}, 'still recovering'), 1000);
  let store: Store;
  try {
    store = await openServed(settings, {
      onNotice: (message) => logger.warn({}, message),
      onFailure: (error) => fail(error),
      ...parts,
    });
  } finally {
    clearInterval(progress);
  }
  sayMissingSecret(settings, store.node, logger);
  const lists = await listsOf(settings, store.node);
  // Shared by all listeners: a warning is logged once, and limits hold for both together.
  const shared = {
    access: accessOf(settings, store.node, logger),
    bodyBudget: new BodyBudget(),
    freeCalls: new FreeCalls(settings.freeCalls),
  };
  const listener = listen(settings, store.node, logger, shared, lists);
  const drops = listenDrops(settings, store.node, logger, shared);
  const connections = new Connections(logger);
  connections.watch(drops === null ? [listener] : [listener, drops]);
  const closeDoors = async (ms: number): Promise<void> => {
    connections.stop();
    await Promise.all([listener.close(ms), drops?.close(ms)]);
  };
  if (settings.open && !isLoopback(settings.host)) {
    logger.warn({ host: settings.host }, 'open: whoever reaches this address is an operator');
  }
  if (settings.corsOrigins.includes('*') && settings.operatorKey === null && !settings.open) {
    logger.warn({}, 'CORS_ORIGIN=* lets pages of any origin buy, and makes none an operator; HOLDFAST_OPEN=1 would');
  }
  const folder = folderOf(settings.log);
  console.log(
    `holdfast ready ${listener.url} ${drops === null ? '' : `drops=${drops.url} `}data=${folder ?? 'memory'}`,
  );
  const { snapshot } = store;
  const { position } = store.node.engine;
  const places = { url: listener.url, drops: drops?.url ?? null, connections: connections.limit };
  logger.info({ ...places, position, snapshot, doors: settings.doors }, 'ready');
  // After the ready line, since buyers come first.
  const follower = follow(settings, logger);
  // Days of a log in memory are not settled: it is gone before they close.
  const settler = folder === null ? null : new Settler({ node: store.node, dataFolder: folder, logger });
  const trimming = settings.trim && folder !== null ? new Trimming(store, folder, trimWords(logger)) : null;
  const ended = await Promise.race([signalled(), failed]);
  trimming?.stop();
  settler?.stop();
  if (ended instanceof Error) {
    logger.fatal({ error: describe(ended) }, 'the store cannot go on; the next start tells what is on disk');
    // Requests in flight were answered 503 just now: let the answers reach their clients.
    await Promise.all([closeDoors(500), follower?.stop()]);
    await lists?.close();
    return 1;
  }
  logger.info({ signal: ended }, 'shutting down');
  await Promise.all([closeDoors(graceMs), follower?.stop()]);
  await lists?.close();
  await store.close();
  return 0;
}

/**
 * Starts the follower, a process that follows the log into SQL and writes snapshots; null without
 * one.
 */
function follow(settings: Settings, logger: Logger): FollowerProcess | null {
  const { sql, snapshotEvery, logLevel } = settings;
  const dataFolder = folderOf(settings.log);
  if (dataFolder === null || sql === null) return null;
  return new FollowerProcess({ dataFolder, sql, snapshotEvery, logLevel, logger });
}

/** The parts of the SQL views that doors read. */
export interface ServedLists extends Lists, KeyIndex, CardLists {}

/** Null without a follower into SQL. */
async function listsOf({ log, sql }: Settings, { engine }: Node): Promise<VouchedLists | null> {
  const dataFolder = folderOf(log);
  if (dataFolder === null || sql === null) return null;
  const keeper = followerNameOf(sql, dataFolder);
  return new VouchedLists({ listings: await openListings(sql), engine, dataFolder, keeper });
}

/** Opens the configured doors on the main port. `parts` lets tests replace a part. */
export function listen(
  settings: Settings,
  node: Node,
  logger: Logger,
  parts: Partial<ListenerOptions> = {},
  lists: ServedLists | null = null,
): Listener {
  const tokens = tokensOf(settings, node);
  const shares = sharesOf(node, tokens, settings.holdShares);
  const doors: Door[] = [];
  if (settings.doors.includes('v1')) doors.push(v1Door(node, tokens, {}, lists, shares));
  if (settings.doors.includes('tickets')) doors.push(ticketsDoor(node, lists));
  if (settings.doors.includes('seats')) doors.push(seatsDoor(node, shares));
  if (settings.doors.includes('gates')) doors.push(gatesDoor(node, logger, lists));
  if (dropsPlace(settings) === 'main') doors.push(dropsDoor(node, settings.currency, tokens, shares));
  const pages = Pages.load(path.join(programFolder, 'dist', 'web'));
  const elsewhere =
    dropsPlace(settings) === 'own' ? ' The drops dialect has a port of its own and is described there.' : '';
  const description = `Sells what runs out. Every yes is on disk before it is said; nothing is sold twice.${elsewhere}`;
  const system = systemDoor({
    node,
    doors,
    pages,
    api: describedAs('Holdfast', description),
    ...followersOf(settings, node),
  });
  const access = accessOf(settings, node, logger);
  const shown = pages === null ? [] : [pages.doorWith((failure, call) => system.failed(failure, call))];
  const { port, host, idleSeconds } = settings;
  return new Listener({
    port,
    host,
    doors: [system, ...shown, ...doors],
    access,
    freeCalls: new FreeCalls(settings.freeCalls),
    logger,
    idleSeconds,
    ...parts,
  });
}

/** What readiness says of followers; empty where there can be none. */
function followersOf({ log, sql }: Settings, node: Node): Pick<Parameters<typeof systemDoor>[0], 'followers'> {
  const dataFolder = folderOf(log);
  if (dataFolder === null) return {};
  const expected = sql === null ? null : followerNameOf(sql, dataFolder);
  const details = new FollowerDetails({ dataFolder, node, expected });
  return { followers: () => details.all() };
}

const tokensOfNodes = new WeakMap<Node, Tokens>();

/**
 * The tokens of a store. Both its ports share them, also when the secret is made for this process
 * alone.
 */
function tokensOf(settings: Settings, node: Node): Tokens {
  const made = tokensOfNodes.get(node);
  if (made !== undefined) return made;
  const secret = deploymentSecret(settings.secret, folderOf(settings.log));
  const tokens = new Tokens(historyOf(node), secret, settings.previousSecret);
  tokensOfNodes.set(node, tokens);
  return tokens;
}

/** Opens the drops door on its own port; null if it has none. */
export function listenDrops(
  settings: Settings,
  node: Node,
  logger: Logger,
  parts: Partial<ListenerOptions> = {},
): Listener | null {
  if (dropsPlace(settings) !== 'own') return null;
  const { dropsPort: port, host, idleSeconds } = settings;
  const tokens = tokensOf(settings, node);
  const door = dropsDoor(node, settings.currency, tokens, sharesOf(node, tokens, settings.holdShares));
  const api = describedAs(
    'Holdfast, the drops dialect',
    'Limited drops: reserved for a minute, bought by who reserved.',
  );
  const described: Door = { ...door, routes: [...door.routes, descriptionRoute(() => [described], api)] };
  return new Listener({
    port,
    host,
    doors: [described],
    access: accessOf(settings, node, logger),
    freeCalls: new FreeCalls(settings.freeCalls),
    logger,
    idleSeconds,
    ...parts,
  });
}

function describedAs(title: string, description: string): ApiDescription {
  return { title, version: packageJson.version, description };
}

function accessOf(settings: Settings, { engine }: Node, logger: Logger): AccessControl {
  const { operatorKey, open, corsOrigins: origins, trustedProxies, publicHosts } = settings;
  const clients = new ClientAddresses({ trusted: trustedProxies, warn: (message) => logger.warn({}, message) });
  const gateKeys = () => engine.state.accessKeys;
  return new AccessControl({ operatorKey, open, origins, publicHosts, clients, gateKeys });
}

/** Checks that the ports are free, before anything is touched. @throws UserError */
async function checkPorts(settings: Settings): Promise<void> {
  const { host, port, dropsPort } = settings;
  await checkPort(host, port, '--port (0 takes any)');
  if (dropsPlace(settings) === 'own') await checkPort(host, dropsPort, '--drops-port (0 closes that door)');
}

async function checkPort(host: string, port: number, flag: string): Promise<void> {
  const probe = net.createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, host, port, flag)));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function portError(error: NodeJS.ErrnoException, host: string, port: number, flag: string): UserError {
  if (error.code === 'EADDRINUSE') {
    return new UserError(`port ${port} on ${host} is in use: stop what listens there, or choose another with ${flag}`);
  }
  if (error.code === 'EACCES')
    return new UserError(`port ${port} on ${host} is not allowed to you: choose one above 1023 with ${flag}`);
  return new UserError(`cannot listen on ${host} port ${port}: ${error.message}`);
}

/** @throws UserError when the data folder cannot be made or written */
function checkFolder(settings: Settings): void {
  const dataFolder = folderOf(settings.log);
  if (dataFolder === null) return;
  try {
    fs.mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    fs.accessSync(dataFolder, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    if (!fs.statSync(dataFolder).isDirectory()) throw new Error('it is no folder');
  } catch (error) {
    const reason = reasonOf(error);
    throw new UserError(`the data folder ${dataFolder} cannot be used: ${reason}; choose another with --data`);
  }
  // Before a log is opened: without a readable secret no token can be signed, so nothing may be
  // sold.
  if (settings.secret === null) readSecret(dataFolder);
}

/**
 * Warns that a missing secret is replaced by a new one. Owners of earlier tokens could not know why
 * these stop working.
 */
function sayMissingSecret(settings: Settings, { engine }: Node, logger: Logger): void {
  const folder = folderOf(settings.log);
  if (settings.secret !== null || folder === null || readSecret(folder) !== null) return;
  const { orders, holds } = engine.state;
  if (orders.count + holds.count === 0) return;
  logger.warn(
    { folder },
    'the folder has no secret any more: a new one is made, and tokens of the orders and holds that are there open nothing, unless HOLDFAST_SECRET or HOLDFAST_SECRET_PREVIOUS gives the old one',
  );
}

/** Resolves at the first signal that asks the process to end; later ones are ignored. */
function signalled(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
}
