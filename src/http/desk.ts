/** Where a door's calls are answered: what every answer gets on its way out, and failures in the words of the door. */
import { NotTakenError, UnknownResultError } from '../node/errors.ts';
import type { AccessControl } from './access.ts';
import { isRead } from './access.ts';
import type { Call, CallDesk } from './call.ts';
import type { ClientAddress } from './client-address.ts';
import { corsHeaders } from './cross-origin.ts';
import type { Door } from './door.ts';
import type { FreeCalls } from './free-calls.ts';
import type { Logger } from './logging.ts';
import { describe } from './logging.ts';
import { HttpFailure, problems, retryAfterSeconds } from './problems.ts';

/** What a client that wants its connection closed sends; the server closes it then, but does not say so by itself. */
const closing = /(?:^|,)\s*close\s*(?:,|$)/i;

export interface DeskOptions {
  readonly access: AccessControl;
  readonly freeCalls: FreeCalls;
  readonly logger: Logger;
  /** What is said of how long the connection is kept. */
  readonly keepAlive: string;
}

export class Desk implements CallDesk {
  readonly door: Door;
  /** Whether calls note when they came. */
  readonly keepsTime: boolean;
  private readonly options: DeskOptions;
  private readonly debugs: boolean;

  constructor(door: Door, options: DeskOptions) {
    this.door = door;
    this.options = options;
    this.debugs = options.logger.isLevelEnabled('debug');
    this.keepsTime = this.debugs || door.answered !== undefined;
  }

  isOperator(call: Call): boolean {
    return this.options.access.isOperator(call);
  }

  clientOf(call: Call): ClientAddress {
    return this.options.access.clients.of(call.request.headers, call.peer);
  }

  chargeFree(call: Call): void {
    this.options.freeCalls.charge(call);
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
    for (const [name, value] of corsHeaders(this.options.access, call)) response.headers.append(name, value);
    // What depends on who asks is for nobody else, and neither is a refusal.
    if (call.route?.shared !== true || response.status >= 400) {
      response.headers.set('Cache-Control', 'private, no-store');
    }
    response.headers.set('X-Content-Type-Options', 'nosniff');
    if (call.startedMs > 0) {
      const ms = performance.now() - call.startedMs;
      if (call.route !== null) this.door.answered?.(call, response.status, ms);
      if (this.debugs) this.debugLine(call, response, ms);
    }
    return response;
  }

  /** Said to clients that speak of their connection, which are those that listen, and on all reads. */
  private sayKept(response: Response): void {
    if (!response.headers.has('Connection')) response.headers.set('Keep-Alive', this.options.keepAlive);
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
    const response = this.door.failed(failure, call);
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
}

function sentence(error: Error): string {
  return `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`;
}
