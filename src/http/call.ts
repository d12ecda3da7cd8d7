/** One request on its way through a door. */
import type { Server } from 'bun';
import type { Answer } from './answer.ts';
import { maxBodyBytes, tooLarge } from './body.ts';
import type { BodyDeadlines, BodyWait } from './body-deadlines.ts';
import { ArrivingBody, codingOf, decoded, freeBodyBytes } from './body-reading.ts';
import type { ClientAddress } from './client-address.ts';
import { isForwarded } from './client-address.ts';
import { HttpFailure, problems } from './problems.ts';
import type { Right } from './rights.ts';
import { ofEverybody, ofOperators, rights } from './rights.ts';
import type { RouteTerms } from './route.ts';

/** This much of an unread body may follow its refusal. */
const maxReadOverBytes = 1 << 20;

/** What Bun's router adds to a request. */
export type RoutedRequest = Request & { readonly params: Readonly<Record<string, string>> };

/** What a call needs from its listener: the caller's identity, and a way to send its answer. */
export interface CallDesk {
  /** What the caller may do (`rights.ts`). */
  rightsOf(call: Call): number;
  /** The caller's address, as far as trusted proxies report it. */
  clientOf(call: Call): ClientAddress;
  /** Counts a call against its client's allowance of free calls. @throws HttpFailure 429 */
  chargeFree(call: Call): void;
  /** Sends a deferred answer. */
  finishFor(call: Call, answer: Answer, send: (response: Response) => void): void;
  /** The answer to a failure, in the words of the door. */
  failed(call: Call, error: unknown): Answer;
}

/** Handles a body that has arrived; returning nothing defers the answer. */
type UseOfBody = (bytes: Uint8Array, call: Call) => Answer | undefined;

/**
 * States of a deferred answer: waiting for the body -> handled by the door -> answered. The first
 * to answer, the door or the time limit, wins; the second is ignored.
 */
export class Call implements BodyWait {
  readonly request: RoutedRequest;
  readonly server: Server<undefined>;
  readonly route: RouteTerms | null;
  private readonly bodies: BodyDeadlines;
  private readonly desk: CallDesk;
  /** Code of the answer's outcome or failure. */
  outcome = 'OK';
  /** performance.now() at arrival; 0 when nothing needs it. */
  startedMs = 0;
  /** Whether the body is a form that its route takes. */
  isForm = false;
  /** Whether the body is of the other type that its route takes. */
  isOfTakenType = false;
  /** A key that came otherwise than in `Authorization`, as a browser's WebSocket must send it. */
  offeredKey: string | null = null;
  /**
   * Row of the gate's key that the caller presents, once its rights were asked for; -1 for none.
   */
  keyRow = -1;
  bodyDueMs = 0;
  earlierBody: BodyWait | null = null;
  laterBody: BodyWait | null = null;
  /** The answer, if it comes through `resolve` or `reject`. */
  later: Promise<Response> | null = null;
  /** Its idempotency key, once the door has read it. */
  key: string | null = null;
  /** What the door has read of it, kept until its outcome is known. */
  ask: unknown = undefined;
  private hasWhole = false;
  private settle: ((response: Response) => void) | null = null;
  private use: UseOfBody | null = null;
  private resolveBody: ((bytes: Uint8Array) => void) | null = null;
  private rejectBody: ((failure: HttpFailure) => void) | null = null;
  private arriving: ArrivingBody | null = null;
  private parsedUrl: URL | null = null;
  private givenId: string | null = null;
  private knownClient: ClientAddress | null = null;
  private knownHost: string | null | undefined;
  private knownOrigin: string | null | undefined;
  private knownLength: number | null | undefined;
  private knownRights = 0;

  constructor(
    request: RoutedRequest,
    server: Server<undefined>,
    route: RouteTerms | null,
    bodies: BodyDeadlines,
    desk: CallDesk,
  ) {
    this.request = request;
    this.server = server;
    this.route = route;
    this.bodies = bodies;
    this.desk = desk;
  }

  get url(): URL {
    this.parsedUrl ??= urlOf(this.request);
    return this.parsedUrl;
  }

  /** Made on first use: only errors and debug lines carry it. */
  get id(): string {
    this.givenId ??= crypto.randomUUID();
    return this.givenId;
  }

  /** True for the operator: by key, or by being on this machine when there is no key. */
  get isOperator(): boolean {
    return this.rights === ofOperators;
  }

  /** Whether the caller has a right. Public rights need no look-up. */
  may(right: Right): boolean {
    const asked = rights[right];
    return (ofEverybody & asked) !== 0 || (this.rights & asked) !== 0;
  }

  private get rights(): number {
    if (this.knownRights === 0) this.knownRights = this.desk.rightsOf(this);
    return this.knownRights;
  }

  /** The Host header; null when there is none. */
  get host(): string | null {
    if (this.knownHost === undefined) this.knownHost = this.request.headers.get('host');
    return this.knownHost;
  }

  /** The origin of the page that sent it; null without one. */
  get origin(): string | null {
    if (this.knownOrigin === undefined) this.knownOrigin = this.request.headers.get('origin');
    return this.knownOrigin;
  }

  /**
   * The Content-Length; null when there is none.
   * @throws HttpFailure 400 when it is not a plain
   * number
   */
  announcedBytes(): number | null {
    if (this.knownLength === undefined) {
      const text = this.request.headers.get('content-length');
      const length = text === null ? null : Number(text);
      if (length !== null && String(length) !== text) {
        throw new HttpFailure(problems.INVALID_REQUEST, 'The Content-Length must be one number, of digits alone.');
      }
      this.knownLength = length;
    }
    return this.knownLength;
  }

  /** Whether a body comes. @throws HttpFailure 400 when its length is not a plain number */
  hasBody(): boolean {
    const announced = this.announcedBytes();
    return announced === null ? this.request.headers.has('transfer-encoding') : announced > 0;
  }

  /**
   * Whether more of a body may come than is worth reading and discarding, so the connection must
   * close after the answer.
   */
  get leavesBody(): boolean {
    if (this.hasWhole) return false;
    const { headers } = this.request;
    return headers.has('transfer-encoding') || Number(headers.get('content-length')) > maxReadOverBytes;
  }

  /**
   * Invalid UTF-8 in the target arrives as U+FFFD, which no client means.
   * @throws HttpFailure
   * 400
   */
  checkTarget(): void {
    if (strayInTarget.test(this.request.url)) throw strangeTarget();
  }

  /** Whether it carries headers that only a proxy adds. */
  get isForwarded(): boolean {
    return this.knownClient?.forwarded ?? isForwarded(this.request.headers);
  }

  /**
   * The caller's address. Costs more than a microsecond, once. Ask before the body is read: a
   * closed connection has no address.
   */
  get client(): ClientAddress {
    this.knownClient ??= this.desk.clientOf(this);
    return this.knownClient;
  }

  /** Counts it against its client's allowance of free calls. @throws HttpFailure 429 */
  chargeFree(): void {
    this.desk.chargeFree(this);
  }

  /** The connection's peer; null once it is closed. */
  get peer(): string | null {
    return this.server.requestIP(this.request)?.address ?? null;
  }

  header(name: string): string | null {
    return this.request.headers.get(name);
  }

  param(name: string): string {
    const value = this.request.params[name];
    if (value === undefined) throw new Error(`the route has no parameter ${name}`);
    if (value.includes('\ufffd')) throw strangeTarget();
    return value;
  }

  /**
   * Reads the body and hands it on. What `use` returns or throws is the answer. When it returns
   * nothing, `resolve` or `reject` will answer. This costs one promise a request: the hot routes
   * are answered this way.
   */
  withBody(use: UseOfBody): undefined {
    this.later = new Promise<Response>((resolve) => {
      this.settle = resolve;
    });
    this.use = use;
    this.read(this.bodyLimit);
    return undefined;
  }

  resolve(answer: Answer | Promise<Answer>): void {
    if (answer instanceof Promise) {
      answer.then(
        (given) => this.resolve(given),
        (error: unknown) => this.reject(error),
      );
      return;
    }
    const { settle } = this;
    this.settle = null;
    if (settle !== null) this.desk.finishFor(this, answer, settle);
  }

  reject(error: unknown): void {
    const { settle } = this;
    this.settle = null;
    if (settle !== null) this.desk.finishFor(this, this.desk.failed(this, error), settle);
  }

  /**
   * The body, at most `limit` bytes, for handlers that are not operations of a door.
   * @throws HttpFailure 400,
   * 408, 413
   */
  readBytes(limit: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.resolveBody = resolve;
      this.rejectBody = reject;
      this.read(limit);
    });
  }

  bodyLate(failure: HttpFailure): void {
    this.arriving?.cancel();
    if (this.rejectBody === null) this.reject(failure);
    else this.rejectBody(failure);
  }

  /** Its route's limit of bodies, bytes. */
  get bodyLimit(): number {
    return this.route?.maxBodyBytes ?? maxBodyBytes;
  }

  private read(limit: number): void {
    const announced = this.announcedBytes();
    if (announced !== null && announced > limit) {
      this.bodyLate(tooLarge(limit));
      return;
    }
    let coding: ReturnType<typeof codingOf>;
    try {
      coding = announced === 0 ? null : codingOf(this.request.headers.get('content-encoding'));
    } catch (error) {
      this.bodyLate(error as HttpFailure);
      return;
    }
    this.bodies.add(this);
    this.whole(announced, limit).then(
      (bytes) => {
        this.bodies.remove(this);
        this.hasWhole = true;
        try {
          if (bytes.length > limit) throw tooLarge(limit);
          this.handOn(coding === null || bytes.length === 0 ? bytes : decoded(bytes, coding, limit));
        } catch (error) {
          if (this.rejectBody === null) this.reject(error);
          else this.rejectBody(error as HttpFailure);
        }
      },
      (error: unknown) => {
        this.bodies.remove(this);
        const broken = new HttpFailure(problems.INVALID_REQUEST, 'The body did not arrive whole.');
        this.bodyLate(error instanceof HttpFailure ? error : broken);
      },
    );
  }

  private handOn(bytes: Uint8Array): void {
    if (this.use === null) {
      this.resolveBody?.(bytes);
      return;
    }
    const answer = this.use(bytes, this);
    if (answer !== undefined) this.resolve(answer);
  }

  /**
   * The runtime itself collects short bodies, as nearly all are; others are watched while they
   * arrive.
   */
  private whole(announced: number | null, limit: number): Promise<Uint8Array> {
    const { request } = this;
    if (announced === null ? request.headers.has('transfer-encoding') : announced > freeBodyBytes) {
      const { body } = request;
      if (body !== null) {
        this.arriving = new ArrivingBody(body, limit, this.bodies.budget, this.isOperator);
        return this.arriving.bytes();
      }
    }
    return request.bytes();
  }
}

export function urlOf(request: Request): URL {
  return URL.parse(request.url) ?? withoutHost(request.url);
}

/**
 * Characters that no client sends raw, and what the runtime makes of such bytes in a URL: U+FFFD,
 * and encoded DEL.
 */
const strayInTarget = /[^\x21-\x7e]|%EF%BF%BD|%7F/;

function strangeTarget(): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, 'The target must be visible ASCII, with UTF-8 percent-encoded.');
}

/**
 * The host in a URL comes from the client and may be missing, as HTTP/1.0 allows; nonsense is
 * refused later.
 */
function withoutHost(url: string): URL {
  const target = url.replace(/^\w+:\/\/[^/?#]*/, '');
  // A target without a leading slash is a host and a port, which only a tunnel names.
  return new URL(target.startsWith('/') ? `http://localhost${target}` : 'http://localhost/');
}
