/**
 * CORS: what browsers are told about pages of other origins. If any page may read an answer, it
 * says so to every client, since a cache may give one client's answer to another's page. If it
 * depends on the origin, it says that instead.
 */
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';

/** The access rules that CORS depends on. */
export interface CrossOrigin {
  /** Whether pages of all origins may read. */
  readonly anyMayRead: boolean;
  /** Whether some origins are listed by name, so that answers differ by origin. */
  readonly listsOrigins: boolean;
  isListed(origin: string): boolean;
  /** Whether an origin is not foreign: listed, loopback, a public host, or the page's own. */
  isOurs(call: Call, origin: string): boolean;
  mayWrite(call: Call, origin: string): boolean;
}

type HeaderList = readonly (readonly [name: string, value: string])[];

const exposed = [
  'Access-Control-Expose-Headers',
  'Holdfast-Position, Idempotency-Replayed, Location, Retry-After, Request-Id, Allow',
] as const;
const none: HeaderList = [];
const forAll: HeaderList = [['Access-Control-Allow-Origin', '*'], exposed];
const varying: HeaderList = [['Vary', 'Origin']];
const varyingForAll: HeaderList = [...forAll, ...varying];

/** Request headers that a page may send though the API's description does not name them. */
const usualHeaders = 'Content-Type, Idempotency-Key, Authorization, Holdfast-Token, Holdfast-Pass, Last-Event-ID';
const headerNames = /^[!#$%&'*+.^_`|~0-9a-z-]+(?: *, *[!#$%&'*+.^_`|~0-9a-z-]+)*$/i;
const maxAskedCharacters = 2048;
/** How long a browser may cache the answer to a preflight, s. */
const preflightSeconds = '600';

/** Headers that let a page read an answer. */
export function corsHeaders(access: CrossOrigin, call: Call): HeaderList {
  const { origin } = call;
  if (!access.listsOrigins) {
    // No cache keeps the answer to a write, so clients other than pages do not get these headers.
    const { method } = call.request;
    return origin !== null || method === 'GET' || method === 'HEAD' ? forAll : none;
  }
  if (origin === null || !access.isOurs(call, origin)) return access.anyMayRead ? varyingForAll : varying;
  const own: HeaderList = [['Access-Control-Allow-Origin', origin], exposed, ...varying];
  return access.isListed(origin) ? [...own, ['Access-Control-Allow-Credentials', 'true']] : own;
}

/** The answer to a preflight; `allow`: the methods of the path. */
export function preflight(access: CrossOrigin, call: Call, allow: string): Answer {
  const { origin } = call;
  const headers: Record<string, string> = { Allow: allow };
  if (origin !== null) {
    headers['Access-Control-Allow-Methods'] = access.mayWrite(call, origin) ? allow : 'GET, HEAD, OPTIONS';
    headers['Access-Control-Allow-Headers'] = allowedHeaders(call.header('access-control-request-headers'));
    headers['Access-Control-Max-Age'] = preflightSeconds;
    headers['Vary'] = 'Access-Control-Request-Headers';
  }
  return { status: 204, headers, body: null };
}

/**
 * A page that may read may send any header: unknown ones are ignored. (A page that may not gets no
 * origin, and is stopped there.)
 */
function allowedHeaders(asked: string | null): string {
  if (asked === null || asked.length > maxAskedCharacters || !headerNames.test(asked)) return usualHeaders;
  return `${usualHeaders}, ${asked}`;
}
