/**
 * Answers the calls of a door: adds the headers that every answer gets, and puts failures in the
 * door's words.
 */
import type { AccessControl } from './access.ts';
import { isRead } from './access.ts';
import type { Answer, Headers } from './answer.ts';
import { SignedText, withHeaders } from './answer.ts';
import type { Call, CallDesk } from './call.ts';
import type { ClientAddress } from './client-address.ts';
import { corsHeaders } from './cross-origin.ts';
import type { Door } from './door.ts';
import { failureOf } from './failures.ts';
import type { FreeCalls } from './free-calls.ts';
import type { Logger } from './logging.ts';
import { describe } from './logging.ts';
import { HttpFailure, problems, retryAfterSeconds } from './problems.ts';
import { responseOf } from './response.ts';

/**
 * Sent by a client that wants its connection closed. The server then closes it, but does not say
 * so.
 */
const closing = /(?:^|,)\s*close\s*(?:,|$)/i;

interface DeskOptions {
  readonly access: AccessControl;
  readonly freeCalls: FreeCalls;
  readonly logger: Logger;
  /** How long the connection is kept, as promised. */
  readonly keepAlive: string;
}

interface Unsigned {
  readonly call: Call;
  readonly answer: Answer;
  readonly send: (response: Response) => void;
}

export class Desk implements CallDesk {
  readonly door: Door;
  /** Whether calls note their arrival time. */
  readonly keepsTime: boolean;
  private readonly options: DeskOptions;
  private readonly debugs: boolean;
  /** Answers whose token must still be made. */
  private unsigned: Unsigned[] = [];

  constructor(door: Door, options: DeskOptions) {
    this.door = door;
    this.options = options;
    this.debugs = options.logger.isLevelEnabled('debug');
    this.keepsTime = this.debugs || door.answered !== undefined;
  }

  rightsOf(call: Call): number {
    return this.options.access.rightsOf(call);
  }

  clientOf(call: Call): ClientAddress {
    return this.options.access.clients.of(call.request.headers, call.peer);
  }

  chargeFree(call: Call): void {
    this.options.freeCalls.charge(call);
  }

  finish(call: Call, answer: Answer): Response {
    return this.dress(call, responseOf(this.signed(answer)), answer.headers);
  }

  /**
   * The same for an answer that may come while a batch is applied. Answers to sign wait until the
   * batch has been handed out, and leave in the same turn of the event loop.
   */
  finishFor(call: Call, answer: Answer, send: (response: Response) => void): void {
    if (!(answer.body instanceof SignedText)) {
      send(this.finish(call, answer));
      return;
    }
    if (this.unsigned.length === 0) queueMicrotask(() => this.sign());
    this.unsigned.push({ call, answer, send });
  }

  private sign(): void {
    const { unsigned } = this;
    this.unsigned = [];
    for (const { call, answer, send } of unsigned) {
      let response: Response;
      try {
        response = this.finish(call, answer);
      } catch (error) {
        response = this.finish(call, this.failed(call, error));
      }
      send(response);
    }
  }

  private signed(answer: Answer): Answer {
    const { body } = answer;
    if (!(body instanceof SignedText)) return answer;
    const { sign } = this.door;
    if (sign === undefined) throw new Error(`the door ${this.door.name} signs nothing`);
    return { ...answer, body: body.before + sign(body.signs) + body.after };
  }

  /** Adds the headers that every answer gets; `said`: those the door gave it. */
  dress(call: Call, response: Response, said: Headers): Response {
    const { headers } = call.request;
    const connection = headers.get('connection');
    const reads = isRead(call.request.method);
    if ((connection !== null && closing.test(connection)) || (reads && call.leavesBody)) {
      response.headers.set('Connection', 'close');
    } else if (connection !== null || (reads && call.host !== null)) {
      this.sayKept(response, said);
    }
    // Appended: an answer may vary by more than the origin.
    for (const [name, value] of corsHeaders(this.options.access, call)) response.headers.append(name, value);
    // An answer that depends on the caller must not be shared, and neither must a refusal.
    if (call.route?.shared !== true || response.status >= 400) {
      response.headers.set('Cache-Control', 'private, no-store');
    }
    response.headers.set('X-Content-Type-Options', 'nosniff');
    if (call.startedMs > 0) {
      const ms = performance.now() - call.startedMs;
      if (call.route !== null) this.door.answered?.(call, response.status, ms);
      if (this.debugs) this.debugLine(call, response.status, said, ms);
    }
    return response;
  }

  /** Sent on all reads, and to clients that send a Connection header, since those look at it. */
  private sayKept(response: Response, said: Headers): void {
    if (said['Connection'] === undefined) response.headers.set('Keep-Alive', this.options.keepAlive);
  }

  private debugLine(call: Call, status: number, said: Headers, ms: number): void {
    this.options.logger.debug(
      {
        request: call.id,
        method: call.request.method,
        route: call.route?.path ?? null,
        status,
        outcome: call.outcome,
        position: said['Holdfast-Position'] ?? null,
        ms: Math.round(ms * 1000) / 1000,
      },
      'request',
    );
  }

  /** The answer to a failure, in the words of the door. */
  failed(call: Call, error: unknown): Answer {
    const failure = this.asFailure(call, error);
    const { code, status } = failure.row;
    call.outcome = code;
    const more: Record<string, string> = { ...failure.headers };
    if (status === 503) more['Retry-After'] = String(retryAfterSeconds);
    if (status === 401) more['WWW-Authenticate'] = 'Bearer';
    more['Request-Id'] = call.id;
    if (call.leavesBody) more['Connection'] = 'close';
    return withHeaders(this.door.failed(failure, call), more);
  }

  private asFailure(call: Call, error: unknown): HttpFailure {
    const known = failureOf(error);
    if (known !== null) return known;
    // The stack goes to the log under the id that the client gets, never to the client.
    this.options.logger.error(
      { request: call.id, route: call.route?.path ?? null, error: describe(error) },
      'request failed',
    );
    return new HttpFailure(problems.INTERNAL);
  }
}
