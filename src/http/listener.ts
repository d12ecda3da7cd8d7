/**
 * The listener: Bun's server and its router, with what every door needs around it: method and path,
 * access, errors in the door's own shape, HEAD, OPTIONS, 405 with Allow, CORS, `Connection: close`,
 * one debug line a request.
 *
 *     request -> route of a door -> access -> handler -> answer
 *                    |                 |          |
 *                    +-- none: 404/405-+-- failure+-> the door's error
 *
 * Only this folder knows the runtime's server.
 */
import type { Server, WebSocketHandler } from 'bun';
import type { AccessControl } from './access.ts';
import { BodyDeadlines } from './body-deadlines.ts';
import { BodyBudget } from './body-reading.ts';
import type { Answer } from './answer.ts';
import type { RoutedRequest } from './call.ts';
import { Call, urlOf } from './call.ts';
import { preflight } from './cross-origin.ts';
import { FreeCalls } from './free-calls.ts';
import type { Logger } from './logging.ts';
import { describe } from './logging.ts';
import { LoosePaths, withParams } from './loose-paths.ts';
import { HttpFailure, problems } from './problems.ts';
import type { Sockets } from './sockets.ts';
import { webSocketsOf } from './sockets.ts';
import { Desk } from './desk.ts';
import type { Door, Route } from './door.ts';

/**
 * Bodies are limited here, in the door's words; the server's own refusal is bare, and no page could
 * read it.
 */
const serverBodyLimit = Number.MAX_SAFE_INTEGER;
/**
 * How long an idle connection is kept, s: longer than proxies keep one for another request, which
 * is 60 s.
 */
const idleSeconds = 75;
/** The runtime counts idle time in steps of this length, and may end one early, s. */
const idleStepSeconds = 4;
/** How long a body may take to arrive, ms. */
const bodyTimeoutMs = 15_000;

export interface ListenerOptions {
  readonly port: number;
  readonly host: string;
  /** The first door answers for paths that no door's prefix claims. */
  readonly doors: readonly Door[];
  readonly access: AccessControl;
  readonly logger: Logger;
  /** How long a body may take to arrive; 15 s by default. */
  readonly bodyTimeoutMs?: number;
  /** Budget of the bodies that are arriving; listeners of one process share it. */
  readonly bodyBudget?: BodyBudget;
  /** Allowance of free calls by address; listeners of one process share it. */
  readonly freeCalls?: FreeCalls;
  /** Minimum time that a silent connection is kept; 75 s by default, at most 250. */
  readonly idleSeconds?: number;
}

interface Entry {
  readonly desk: Desk;
  readonly route: Route;
}

type Handler = (request: RoutedRequest, server: Server<undefined>) => Response | Promise<Response | undefined>;

export class Listener {
  readonly port: number;
  private readonly server: Server<undefined>;
  private readonly options: ListenerOptions;
  /** In the order of the doors. */
  private readonly desks: readonly Desk[];
  private readonly bodies: BodyDeadlines;
  private readonly loosePaths = new LoosePaths<Handler>();

  /** Opens the port. @throws with `code` EADDRINUSE or EACCES */
  constructor(options: ListenerOptions) {
    this.options = options;
    this.bodies = new BodyDeadlines(options.bodyTimeoutMs ?? bodyTimeoutMs, options.bodyBudget ?? new BodyBudget());
    const keptSeconds = options.idleSeconds ?? idleSeconds;
    const { access, logger, freeCalls = new FreeCalls() } = options;
    const answering = { access, logger, freeCalls, keepAlive: `timeout=${keptSeconds}` };
    this.desks = options.doors.map((door) => new Desk(door, answering));
    const routes: Record<string, Handler> = {};
    for (const [path, methods] of this.byPath()) {
      const [first] = methods.values();
      routes[path] = this.handlerOf(methods);
      // A file is found by one name only.
      if (!/\.\w+$/.test(path)) this.loosePaths.add(path, first?.desk.door.anyCase ?? false, routes[path]);
    }
    for (const [path, handler] of Object.entries(routes)) routes[path] = this.unlessAWord(path, handler);
    const sockets: Sockets[] = [];
    for (const desk of this.desks) {
      if (desk.door.sockets === undefined) continue;
      sockets.push(desk.door.sockets);
      for (const path of desk.door.sockets.paths) {
        if (routes[path] !== undefined) throw new Error(`two doors claim ${path}`);
        routes[path] = this.socketsOf(desk, desk.door.sockets);
      }
    }
    const serving = {
      port: options.port,
      hostname: options.host,
      maxRequestBodySize: serverBodyLimit,
      idleTimeout: keptSeconds + idleStepSeconds,
      // An upgrade needs no answer, which the types of a server without WebSockets do not express.
      routes: routes as Record<string, (request: RoutedRequest, server: Server<undefined>) => Promise<Response>>,
      fetch: (request: Request, server: Server<undefined>) =>
        this.unrouted(request as RoutedRequest, server) as Promise<Response>,
      error: (error: unknown) => this.broken(error),
    };
    // A WebSocket's owner comes with its upgrade; other requests have none.
    const webSockets = webSocketsOf(sockets) as WebSocketHandler<undefined> | undefined;
    this.server = webSockets === undefined ? Bun.serve(serving) : Bun.serve({ ...serving, websocket: webSockets });
    this.port = this.server.port ?? options.port;
  }

  get access(): AccessControl {
    return this.options.access;
  }

  /** Closes connections without a request; returns how many. */
  closeIdle(): number {
    return this.server.closeIdleConnections();
  }

  get doors(): readonly Door[] {
    return this.options.doors;
  }

  get url(): string {
    const { host } = this.options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  /**
   * Takes no new connections and lets the requests in flight finish; after `graceMs` the rest is
   * cut.
   */
  async close(graceMs: number): Promise<void> {
    for (const door of this.options.doors) {
      door.close?.();
      door.sockets?.close();
    }
    const stopped = this.server.stop();
    const timer = setTimeout(() => void this.server.stop(true), graceMs);
    await stopped;
    clearTimeout(timer);
    this.bodies.close();
  }

  private byPath(): Map<string, Map<string, Entry>> {
    const paths = new Map<string, Map<string, Entry>>();
    for (const desk of this.desks) {
      for (const route of desk.door.routes) {
        const methods = paths.get(route.path) ?? new Map<string, Entry>();
        if (methods.has(route.method)) throw new Error(`two doors claim ${route.method} ${route.path}`);
        methods.set(route.method, { desk, route });
        paths.set(route.path, methods);
      }
    }
    return paths;
  }

  private handlerOf(methods: ReadonlyMap<string, Entry>): Handler {
    const allow = [...methods.keys(), ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    const get = methods.get('GET');
    const [first] = methods.values();
    if (first === undefined) throw new Error('a path without methods');
    return (request, server) => {
      const entry = methods.get(request.method) ?? (request.method === 'HEAD' ? get : undefined);
      if (entry !== undefined) return this.serve(entry, request, server);
      const call = this.callWithoutRoute(request, server, first.desk);
      return first.desk.finish(call, this.withoutRoute(call, first.desk, allow));
    };
  }

  /** The router may take a word in other letter case for a parameter. */
  private unlessAWord(path: string, handler: Handler): Handler {
    const words = this.loosePaths.wordsWithin(path);
    if (words.size === 0) return handler;
    return (request, server) => {
      const mayBe = Object.values(request.params).some((value) => words.has(value.toLowerCase()));
      const found = mayBe ? this.loosePaths.find(urlOf(request).pathname) : null;
      if (found === null || found.target === handler) return handler(request, server);
      return found.target(withParams(request, found.params), server);
    };
  }

  /** The answer to a method that the path does not have; `allow`: those that it has. */
  private withoutRoute(call: Call, desk: Desk, allow: string): Answer {
    try {
      this.access.checkForm(call);
      if (call.request.method === 'OPTIONS') return preflight(this.access, call, allow);
      throw new HttpFailure(problems.METHOD_NOT_ALLOWED, undefined, [], {
        Allow: allow,
        ...(call.request.method === 'CONNECT' ? { Connection: 'close' } : {}),
      });
    } catch (error) {
      return desk.failed(call, error);
    }
  }

  /** Any request to the paths of a door's sockets. */
  private socketsOf(desk: Desk, sockets: Sockets): Handler {
    return async (request, server) => {
      const call = this.callWithoutRoute(request, server, desk);
      if (request.method === 'OPTIONS') return desk.finish(call, this.withoutRoute(call, desk, 'GET, POST, OPTIONS'));
      try {
        if (sockets.writes === true) this.access.admitWriter(call);
        else this.access.admitListener(call);
        const response = await sockets.handle(call);
        return response === undefined ? undefined : desk.dress(call, response, {});
      } catch (error) {
        return desk.finish(call, desk.failed(call, error));
      }
    };
  }

  private serve(entry: Entry, request: RoutedRequest, server: Server<undefined>): Response | Promise<Response> {
    const { desk, route } = entry;
    const call = new Call(request, server, route, this.bodies, desk);
    if (desk.keepsTime) call.startedMs = performance.now();
    try {
      this.access.admit(call);
      // Read the client's address while its connection is open.
      if (route.free === true && !call.isOperator) void call.client;
      const answer = route.handle(call);
      if (answer === undefined) return call.later ?? desk.finish(call, desk.failed(call, new Error('no answer')));
      if (!(answer instanceof Promise)) return desk.finish(call, answer);
      return answer.then(
        (given) => desk.finish(call, given),
        (error: unknown) => desk.finish(call, desk.failed(call, error)),
      );
    } catch (error) {
      return desk.finish(call, desk.failed(call, error));
    }
  }

  private unrouted(request: RoutedRequest, server: Server<undefined>): ReturnType<Handler> {
    const [first] = this.desks;
    if (first === undefined) throw new Error('a listener without doors');
    // A CONNECT target is not a path.
    if (request.method === 'CONNECT') {
      const tunnel = this.callWithoutRoute(request, server, first);
      return first.finish(tunnel, this.withoutRoute(tunnel, first, 'GET, POST, OPTIONS'));
    }
    const { pathname } = urlOf(request);
    const found = this.loosePaths.find(pathname);
    if (found !== null) return found.target(withParams(request, found.params), server);
    const desk = this.deskOf(pathname, first);
    const call = this.callWithoutRoute(request, server, desk);
    let failure: unknown = new HttpFailure(problems.NOT_FOUND);
    try {
      this.access.admit(call);
    } catch (error) {
      failure = error;
    }
    return desk.finish(call, desk.failed(call, failure));
  }

  private callWithoutRoute(request: RoutedRequest, server: Server<undefined>, desk: Desk): Call {
    const call = new Call(request, server, null, this.bodies, desk);
    if (desk.keepsTime) call.startedMs = performance.now();
    return call;
  }

  /** The door of a path without a route: the one with the longest prefix of it, else the first. */
  private deskOf(pathname: string, first: Desk): Desk {
    const lowered = pathname.toLowerCase();
    let found = first;
    let longest = -1;
    for (const desk of this.desks) {
      const path = desk.door.anyCase === true ? lowered : pathname;
      for (const prefix of desk.door.prefixes) {
        if (prefix.length <= longest || !(path === prefix || path.startsWith(`${prefix}/`))) continue;
        found = desk;
        longest = prefix.length;
      }
    }
    return found;
  }

  private broken(error: unknown): Response {
    this.options.logger.error({ error: describe(error) }, 'the listener failed');
    return new Response(null, { status: 500 });
  }
}
