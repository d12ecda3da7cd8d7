/**
 * What browsers are told about pages of other origins (CORS). An answer that any page may read says
 * so to everybody, since a cache in front gives to a page what it got for somebody else; where it
 * depends on the origin, it says that instead.
 */
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';

/** What is told depends on this much of the access rules. */
export interface CrossOrigin {
  /** Whether pages of all origins may read. */
  readonly anyMayRead: boolean;
  /** Whether some origins are listed by name, so that answers differ by origin. */
  readonly listsOrigins: boolean;
  isListed(origin: string): boolean;
  /**
   * Whether an origin is no foreign one: listed, of loopback, of a public host, or the page's own.
   */
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

/** What a page may send without a word about it in the API's description. */
const usualHeaders = 'Content-Type, Idempotency-Key, Authorization, Holdfast-Token, Holdfast-Pass, Last-Event-ID';
const headerNames = /^[!#$%&'*+.^_`|~0-9a-z-]+(?: *, *[!#$%&'*+.^_`|~0-9a-z-]+)*$/i;
const maxAskedCharacters = 2048;
/** How long a browser may go by the answer to a preflight, s. */
const preflightSeconds = '600';

/** Headers that let a page read an answer. */
export function corsHeaders(access: CrossOrigin, call: Call): HeaderList {
  const { origin } = call;
  if (!access.listsOrigins) {
    // No cache keeps the answer to a write: there, whoever is no page is spared the headers.
    const { method } = call.request;
    return origin !== null || method === 'GET' || method === 'HEAD' ? forAll : none;
  }
  if (origin === null || !access.isOurs(call, origin)) return access.anyMayRead ? varyingForAll : varying;
  const own: HeaderList = [['Access-Control-Allow-Origin', origin], exposed, ...varying];
  return access.isListed(origin) ? [...own, ['Access-Control-Allow-Credentials', 'true']] : own;
}

/** What a page is told that asks before it sends; `allow`: the methods of the path. */
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
 * Whoever may read may send any header: what is not known here is not looked at. (Who may not is
 * given no origin, and gets nowhere.)
 */
function allowedHeaders(asked: string | null): string {
  if (asked === null || asked.length > maxAskedCharacters || !headerNames.test(asked)) return usualHeaders;
  return `${usualHeaders}, ${asked}`;
}
