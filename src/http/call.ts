/** One request on its way through a door. */
import type { Server } from 'bun';
import type { BodyDeadlines, BodyWait } from './body.ts';
import { maxBodyBytes, parseJson, tooLarge } from './body.ts';
import type { ClientAddress, ClientAddresses } from './client-address.ts';
import { isForwarded } from './client-address.ts';
import { HttpFailure, problems } from './problems.ts';
import type { Door, Route } from './route.ts';

/** What Bun's router adds to a request. */
export type RoutedRequest = Request & { readonly params: Readonly<Record<string, string>> };

/** What a call needs of the listener, most of it once it has an answer. */
export interface Finisher {
  readonly clients: ClientAddresses;
  /** What every answer gets on its way out. */
  finish(call: Call, response: Response): Response;
  /** The answer to a failure, in the words of the call's door. */
  failed(call: Call, error: unknown): Response;
}

/**
 * States of an answer that comes later: waiting for the body -> in the door's hands -> answered. Whoever comes second, a door or
 * the time limit, is not heard.
 */
export class Call implements BodyWait {
  readonly request: RoutedRequest;
  readonly server: Server<undefined>;
  readonly door: Door;
  readonly route: Route | null;
  private readonly bodies: BodyDeadlines;
  private readonly finisher: Finisher;
  /** True for the operator: by key, or by being on this machine when there is no key. */
  isOperator = false;
  /** Code of the outcome or failure that the answer tells. */
  outcome = 'OK';
  /** performance.now() at arrival; 0 when nobody asks for it. */
  startedMs = 0;
  bodyDueMs = 0;
  earlierBody: BodyWait | null = null;
  laterBody: BodyWait | null = null;
  private later = false;
  private settle: ((response: Response) => void) | null = null;
  private rejectBody: ((failure: HttpFailure) => void) | null = null;
  private parsedUrl: URL | null = null;
  private givenId: string | null = null;
  private knownClient: ClientAddress | null = null;

  constructor(
    request: RoutedRequest,
    server: Server<undefined>,
    door: Door,
    route: Route | null,
    bodies: BodyDeadlines,
    finisher: Finisher,
  ) {
    this.request = request;
    this.server = server;
    this.door = door;
    this.route = route;
    this.bodies = bodies;
    this.finisher = finisher;
  }

  /** Whether the answer comes through `resolve` or `reject`. */
  get isLater(): boolean {
    return this.later;
  }

  get url(): URL {
    this.parsedUrl ??= urlOf(this.request);
    return this.parsedUrl;
  }

  /** Made when first asked for: only errors and debug lines carry it. */
  get id(): string {
    this.givenId ??= crypto.randomUUID();
    return this.givenId;
  }

  /** Whether it carries what only a proxy adds. */
  get isForwarded(): boolean {
    return this.knownClient?.forwarded ?? isForwarded(this.request.headers);
  }

  /** Who asks, by address. Costs more than a microsecond, once; ask before the body is read (see `clientOf`). */
  get client(): ClientAddress {
    this.knownClient ??= this.finisher.clients.of(this.request.headers, this.peer);
    return this.knownClient;
  }

  /** The other end of the connection; null once that is gone. */
  get peer(): string | null {
    return this.server.requestIP(this.request)?.address ?? null;
  }

  header(name: string): string | null {
    return this.request.headers.get(name);
  }

  param(name: string): string {
    const value = this.request.params[name];
    if (value === undefined) throw new Error(`the route has no parameter ${name}`);
    return value;
  }

  /**
   * Reads the body and hands it on. What `use` returns or throws is the answer; when it returns nothing, it has left the answer to
   * whoever calls `resolve` or `reject`. One promise for the whole request: this is how the hot routes are answered.
   */
  withBody(use: (bytes: Uint8Array) => Response | undefined): Promise<Response> {
    this.later = true;
    const answer = new Promise<Response>((resolve) => {
      this.settle = resolve;
    });
    this.read((bytes) => {
      const response = use(bytes);
      if (response !== undefined) this.resolve(response);
    }, maxBodyBytes);
    return answer;
  }

  resolve(response: Response): void {
    const { settle } = this;
    this.settle = null;
    settle?.(this.finisher.finish(this, response));
  }

  reject(error: unknown): void {
    const { settle } = this;
    this.settle = null;
    settle?.(this.finisher.finish(this, this.finisher.failed(this, error)));
  }

  /** The body, at most `limit` bytes (what the route takes) and within the time limit. @throws HttpFailure 400, 408, 413 */
  readBytes(limit: number = this.bodyLimit): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.rejectBody = reject;
      this.read(resolve, limit);
    });
  }

  /** The body as JSON. @throws HttpFailure 400, 408, 413 */
  async readJson(): Promise<unknown> {
    return parseJson(await this.readBytes(), this.bodyLimit);
  }

  bodyLate(failure: HttpFailure): void {
    if (this.rejectBody === null) this.reject(failure);
    else this.rejectBody(failure);
  }

  private get bodyLimit(): number {
    return this.route?.maxBodyBytes ?? maxBodyBytes;
  }

  private read(use: (bytes: Uint8Array) => void, limit: number): void {
    const announced = this.request.headers.get('content-length');
    if (announced !== null && Number(announced) > limit) {
      this.bodyLate(tooLarge(limit));
      return;
    }
    this.bodies.add(this);
    this.request.bytes().then(
      (bytes) => {
        this.bodies.remove(this);
        try {
          if (bytes.length > limit) throw tooLarge(limit);
          use(bytes);
        } catch (error) {
          if (this.rejectBody === null) this.reject(error);
          else this.rejectBody(error as HttpFailure);
        }
      },
      () => {
        this.bodies.remove(this);
        this.bodyLate(new HttpFailure(problems.INVALID_REQUEST, 'The body did not arrive whole.'));
      },
    );
  }
}

export function urlOf(request: Request): URL {
  return URL.parse(request.url) ?? withoutHost(request.url);
}

/** The host in a URL is what the client sent, and may be none: HTTP/1.0 has no need of it, and nonsense is refused later. */
function withoutHost(url: string): URL {
  return new URL(`http://localhost${url.replace(/^\w+:\/\/[^/?#]*/, '')}`);
}
