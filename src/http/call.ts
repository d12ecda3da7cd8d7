/** One request on its way through a door. */
import type { Server } from 'bun';
import type { BodyReader } from './body.ts';
import { parseJson } from './body.ts';
import type { Route } from './route.ts';

/** What Bun's router adds to a request. */
export type RoutedRequest = Request & { readonly params: Readonly<Record<string, string>> };

export class Call {
  readonly request: RoutedRequest;
  readonly server: Server<undefined>;
  readonly route: Route | null;
  private readonly bodies: BodyReader;
  /** True for the operator: by key, or by being on this machine when there is no key. */
  isOperator = false;
  /** Code of the outcome or failure that the answer tells. */
  outcome = 'OK';
  /** performance.now() at arrival; 0 when nobody asks for it. */
  startedMs = 0;
  private parsedUrl: URL | null = null;
  private givenId: string | null = null;

  constructor(request: RoutedRequest, server: Server<undefined>, route: Route | null, bodies: BodyReader) {
    this.request = request;
    this.server = server;
    this.route = route;
    this.bodies = bodies;
  }

  get url(): URL {
    this.parsedUrl ??= URL.parse(this.request.url) ?? withoutHost(this.request.url);
    return this.parsedUrl;
  }

  /** Made when first asked for: only errors and debug lines carry it. */
  get id(): string {
    this.givenId ??= crypto.randomUUID();
    return this.givenId;
  }

  header(name: string): string | null {
    return this.request.headers.get(name);
  }

  param(name: string): string {
    const value = this.request.params[name];
    if (value === undefined) throw new Error(`the route has no parameter ${name}`);
    return value;
  }

  /** The body, at most `limit` bytes (`maxBodyBytes` by default) and within the time limit. @throws HttpFailure 400, 408, 413 */
  readBytes(limit?: number): Promise<Uint8Array> {
    return this.bodies.read(this.request, limit);
  }

  /** The body as JSON. @throws HttpFailure 400, 408, 413 */
  async readJson(): Promise<unknown> {
    return parseJson(await this.readBytes());
  }
}

/** The host in a URL is what the client sent, and may be none: HTTP/1.0 has no need of it, and nonsense is refused later. */
function withoutHost(url: string): URL {
  return new URL(`http://localhost${url.replace(/^\w+:\/\/[^/?#]*/, '')}`);
}
