/**
 * The listener: Bun's server and its router, with what every door needs around it. Method and path, access, errors in the
 * door's own shape, HEAD, OPTIONS, 405 with Allow, CORS, `Connection: close`, one debug line a request.
 *
 *     request -> route of a door -> access -> handler -> answer
 *                    |                 |          |
 *                    +-- none: 404/405-+-- failure+-> the door's error
 *
 * This is the only folder that knows the runtime's server.
 */
import type { Server, WebSocketHandler } from 'bun';
import { NotTakenError, UnknownResultError } from '../node/errors.ts';
import type { AccessControl } from './access.ts';
import { isRead } from './access.ts';
import { BodyDeadlines } from './body.ts';
import { BodyBudget } from './body-reading.ts';
import type { Finisher, RoutedRequest } from './call.ts';
import { Call, urlOf } from './call.ts';
import { corsHeaders, preflight } from './cross-origin.ts';
import { FreeCalls } from './free-calls.ts';
import type { Logger } from './logging.ts';
import { LoosePaths, withParams } from './loose-paths.ts';
import { HttpFailure, problems, retryAfterSeconds } from './problems.ts';
import type { Door, Route } from './route.ts';

/** Bodies are bounded here, in the words of the door; the server's own refusal would be bare, and no page could read it. */
const serverBodyLimit = Number.MAX_SAFE_INTEGER;
/** What a client that wants its connection closed sends; the server closes it then, but does not say so by itself. */
const closing = /(?:^|,)\s*close\s*(?:,|$)/i;
/** How long a connection without a request is kept, s: longer than proxies keep one for another request, which is 60 s. */
const idleSeconds = 75;
/** The runtime counts idle time in steps of so much, and may end one early, s. */
const idleStepSeconds = 4;
/** How long a body may take to arrive, ms. */
const bodyTimeoutMs = 15_000;

export interface ListenerOptions {
  readonly port: number;
  readonly host: string;
  /** The first one answers for paths that no door's prefix claims. */
  readonly doors: readonly Door[];
  readonly access: AccessControl;
  readonly logger: Logger;
  /** How long a body may take to arrive; 15 s by default. */
  readonly bodyTimeoutMs?: number;
  /** What bodies on their way may take together; listeners of one process share it. */
  readonly bodyBudget?: BodyBudget;
  /** What an address may do for nothing; listeners of one process share it. */
  readonly freeCalls?: FreeCalls;
  /** How long a silent connection is kept at least; 75 s by default, at most 250. */
  readonly idleSeconds?: number;
}

interface Entry {
  readonly door: Door;
  readonly route: Route;
}

type Handler = (request: RoutedRequest, server: Server<undefined>) => Response | Promise<Response | undefined>;

export class Listener implements Finisher {
  readonly port: number;
  private readonly server: Server<undefined>;
  private readonly options: ListenerOptions;
  private readonly debugs: boolean;
  /** What is said of how long the connection is kept. */
  private readonly keepAlive: string;
  readonly freeCalls: FreeCalls;
  private readonly bodies: BodyDeadlines;
  private readonly loosePaths = new LoosePaths<Handler>();

  /** Opens the port. @throws with `code` EADDRINUSE or EACCES */
  constructor(options: ListenerOptions) {
    this.options = options;
    this.bodies = new BodyDeadlines(options.bodyTimeoutMs ?? bodyTimeoutMs, options.bodyBudget ?? new BodyBudget());
    this.freeCalls = options.freeCalls ?? new FreeCalls();
    this.debugs = options.logger.isLevelEnabled('debug');
    const routes: Record<string, Handler> = {};
    for (const [path, methods] of this.byPath()) {
      const [first] = methods.values();
      routes[path] = this.handlerOf(methods);
      // A file has the one name that it has.
      if (!/\.\w+$/.test(path)) this.loosePaths.add(path, first?.door.anyCase ?? false, routes[path]);
    }
    for (const [path, handler] of Object.entries(routes)) routes[path] = this.unlessAWord(path, handler);
    const open = options.doors.find((door) => door.sockets !== undefined);
    for (const path of open?.sockets?.paths ?? []) routes[path] = this.socketsOf(open!);
    const keptSeconds = options.idleSeconds ?? idleSeconds;
    this.keepAlive = `timeout=${keptSeconds}`;
    const serving = {
      port: options.port,
      hostname: options.host,
      maxRequestBodySize: serverBodyLimit,
      idleTimeout: keptSeconds + idleStepSeconds,
      // After an upgrade there is nothing to answer, which the types of a server without WebSockets do not know.
      routes: routes as Record<string, (request: RoutedRequest, server: Server<undefined>) => Promise<Response>>,
      fetch: (request: Request, server: Server<undefined>) =>
        this.unrouted(request as RoutedRequest, server) as Promise<Response>,
      error: (error: unknown) => this.broken(error),
    };
    const webSockets = open?.sockets?.webSockets as WebSocketHandler<undefined> | undefined;
    this.server = webSockets === undefined ? Bun.serve(serving) : Bun.serve({ ...serving, websocket: webSockets });
    this.port = this.server.port ?? options.port;
  }

  get access(): AccessControl {
    return this.options.access;
  }

  /** Closes connections that have no request; returns how many. */
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

  /** Takes no more connections and lets the requests in flight finish; after `graceMs` the rest is cut. */
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
    for (const door of this.options.doors) {
      for (const route of door.routes) {
        const methods = paths.get(route.path) ?? new Map<string, Entry>();
        if (methods.has(route.method)) throw new Error(`two doors claim ${route.method} ${route.path}`);
        methods.set(route.method, { door, route });
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
      const call = this.callWithoutRoute(request, server, first.door);
      return this.finish(call, this.withoutRoute(call, allow));
    };
  }

  /** The router takes a word in other letter case for a parameter, where there may be one. */
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

  /** The answer to a method that no route of the path takes; `allow`: those that are taken. */
  private withoutRoute(call: Call, allow: string): Response {
    try {
      this.access.checkForm(call);
      if (call.request.method === 'OPTIONS') return preflight(this.access, call, allow);
      throw new HttpFailure(problems.METHOD_NOT_ALLOWED, undefined, [], {
        Allow: allow,
        ...(call.request.method === 'CONNECT' ? { Connection: 'close' } : {}),
      });
    } catch (error) {
      return this.failed(call, error);
    }
  }

  /** Whatever is asked of the paths of a door's sockets. */
  private socketsOf(door: Door): Handler {
    return async (request, server) => {
      const call = this.callWithoutRoute(request, server, door);
      if (request.method === 'OPTIONS') return this.finish(call, this.withoutRoute(call, 'GET, POST, OPTIONS'));
      try {
        this.access.admitListener(call);
        const answer = await door.sockets?.handle(call);
        return answer === undefined ? undefined : this.finish(call, answer);
      } catch (error) {
        return this.finish(call, this.failed(call, error));
      }
    };
  }

  private serve(entry: Entry, request: RoutedRequest, server: Server<undefined>): Response | Promise<Response> {
    const { door, route } = entry;
    const call = new Call(request, server, door, route, this.bodies, this);
    if (this.debugs || door.answered !== undefined) call.startedMs = performance.now();
    try {
      this.access.admit(call);
      // The client is asked for while its connection is there.
      if (route.free === true && !call.isOperator) void call.client;
      const answer = route.handle(call);
      // A call that is answered later goes through `finish` by itself.
      if (call.isLater) return answer;
      if (!(answer instanceof Promise)) return this.finish(call, answer);
      return answer.then(
        (response) => this.finish(call, response),
        (error: unknown) => this.finish(call, this.failed(call, error)),
      );
    } catch (error) {
      return this.finish(call, this.failed(call, error));
    }
  }

  private unrouted(request: RoutedRequest, server: Server<undefined>): ReturnType<Handler> {
    // A tunnel is no path, whatever it names.
    if (request.method === 'CONNECT') {
      const tunnel = this.callWithoutRoute(request, server, this.options.doors[0]!);
      return this.finish(tunnel, this.withoutRoute(tunnel, 'GET, POST, OPTIONS'));
    }
    const found = this.loosePaths.find(urlOf(request).pathname);
    if (found !== null) return found.target(withParams(request, found.params), server);
    const call = this.callWithoutRoute(request, server, this.options.doors[0]!);
    const door = this.doorOf(call.url.pathname);
    const atDoor = door === call.door ? call : this.callWithoutRoute(request, server, door);
    let failure: unknown = new HttpFailure(problems.NOT_FOUND);
    try {
      this.access.admit(atDoor);
    } catch (error) {
      failure = error;
    }
    return this.finish(atDoor, this.failed(atDoor, failure));
  }

  private callWithoutRoute(request: RoutedRequest, server: Server<undefined>, door: Door): Call {
    const call = new Call(request, server, door, null, this.bodies, this);
    if (this.debugs) call.startedMs = performance.now();
    return call;
  }

  private doorOf(pathname: string): Door {
    const lowered = pathname.toLowerCase();
    const { doors } = this.options;
    let found = doors[0]!;
    let longest = -1;
    for (const door of doors) {
      for (const prefix of door.prefixes) {
        const path = door.anyCase === true ? lowered : pathname;
        if (prefix.length <= longest || !(path === prefix || path.startsWith(`${prefix}/`))) continue;
        found = door;
        longest = prefix.length;
      }
    }
    return found;
  }

  /** What every answer gets on its way out. */
  finish(call: Call, response: Response): Response {
    const { headers } = call.request;
    const connection = headers.get('connection');
    const reads = isRead(call.request.method);
    if ((connection !== null && closing.test(connection)) || (reads && call.leavesBody)) {
      response.headers.set('Connection', 'close');
    } else if (connection !== null || (reads && call.host !== null)) {
      this.sayKept(response);
    }
    // Appended: an answer may vary by more than the origin.
    for (const [name, value] of corsHeaders(this.access, call)) response.headers.append(name, value);
    // What depends on who asks is for nobody else, and neither is a refusal.
    if (call.route?.shared !== true || response.status >= 400) {
      response.headers.set('Cache-Control', 'private, no-store');
    }
    response.headers.set('X-Content-Type-Options', 'nosniff');
    if (call.startedMs > 0) {
      const ms = performance.now() - call.startedMs;
      if (call.route !== null) call.door.answered?.(call, response.status, ms);
      if (this.debugs) this.debugLine(call, response, ms);
    }
    return response;
  }

  /** Said to clients that speak of their connection, which are those that listen, and on all reads. */
  private sayKept(response: Response): void {
    if (!response.headers.has('Connection')) response.headers.set('Keep-Alive', this.keepAlive);
  }

  private debugLine(call: Call, response: Response, ms: number): void {
    this.options.logger.debug(
      {
        request: call.id,
        method: call.request.method,
        route: call.route?.path ?? null,
        status: response.status,
        outcome: call.outcome,
        position: response.headers.get('Holdfast-Position'),
        ms: Math.round(ms * 1000) / 1000,
      },
      'request',
    );
  }

  /** The answer to a failure, in the words of the call's door. */
  failed(call: Call, error: unknown): Response {
    return this.refuse(call, this.asFailure(call, error));
  }

  private refuse(call: Call, failure: HttpFailure): Response {
    call.outcome = failure.row.code;
    const response = call.door.failed(failure, call);
    for (const [name, value] of Object.entries(failure.headers)) response.headers.set(name, value);
    if (failure.row.status === 503) response.headers.set('Retry-After', String(retryAfterSeconds));
    if (failure.row.status === 401) response.headers.set('WWW-Authenticate', 'Bearer');
    response.headers.set('Request-Id', call.id);
    if (call.leavesBody) response.headers.set('Connection', 'close');
    return response;
  }

  private asFailure(call: Call, error: unknown): HttpFailure {
    if (error instanceof HttpFailure) return error;
    if (error instanceof NotTakenError) return new HttpFailure(problems.NOT_TAKEN, sentence(error));
    if (error instanceof UnknownResultError) return new HttpFailure(problems.RESULT_UNKNOWN);
    // The stack goes to the log, under the id that the client gets; never to the client.
    this.options.logger.error(
      { request: call.id, route: call.route?.path ?? null, error: describe(error) },
      'request failed',
    );
    return new HttpFailure(problems.INTERNAL);
  }

  private broken(error: unknown): Response {
    this.options.logger.error({ error: describe(error) }, 'the listener failed');
    return new Response(null, { status: 500 });
  }
}

function sentence(error: Error): string {
  return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
}

export function describe(error: unknown): { name: string; message: string; stack: string | null } {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack ?? null };
  return { name: 'unknown', message: String(error), stack: null };
}
