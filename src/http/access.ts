/**
 * Who may do what, before any door looks at a request.
 *
 * With an operator key: operators are those who present it. Without one, the store is for this machine: the Host must be a
 * loopback name (so that no web page reaches it by DNS rebinding), and callers are operators. Writes by pages of foreign
 * origins are refused either way, and so are bodies that are not JSON: those are what a page can send without asking.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Call } from './call.ts';
import { ClientAddresses } from './client-address.ts';
import { HttpFailure, problems } from './problems.ts';

export interface AccessOptions {
  /** Null: loopback only, callers are operators. */
  readonly operatorKey: string | null;
  /** Lifts the operator key and the Host check: for containers published on loopback only. */
  readonly open: boolean;
  /** Origins whose pages may write, besides those of loopback; `*` for all. */
  readonly origins: readonly string[];
  /** Who asks, and which proxies are believed about it; none by default. */
  readonly clients?: ClientAddresses;
}

const loopbackName = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

const exposing = {
  'Access-Control-Expose-Headers': 'Holdfast-Position, Idempotency-Replayed, Location, Retry-After, Request-Id, Allow',
};

export class AccessControl {
  readonly clients: ClientAddresses;
  private readonly keyDigest: Buffer | null;
  private readonly open: boolean;
  private readonly origins: readonly string[];
  private lastLoopback = 'localhost';

  constructor(options: AccessOptions) {
    this.keyDigest = options.operatorKey === null ? null : digest(options.operatorKey);
    this.open = options.open;
    this.origins = options.origins;
    this.clients = options.clients ?? new ClientAddresses({ trusted: [], warn: () => undefined });
  }

  /** Admits a call or throws; sets `call.isOperator`. @throws HttpFailure 401, 403, 415 */
  admit(call: Call): void {
    const { headers, method } = call.request;
    const origin = headers.get('origin');
    this.checkHost(headers);
    // A page of a foreign origin is not whoever sits at this machine: without the key it reads what anybody may.
    const trusted = this.keyDigest === null || this.open;
    call.isOperator =
      (trusted && (origin === null || this.mayWrite(origin))) || this.presentsKey(headers.get('authorization'));
    if (method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS') {
      if (origin !== null && !this.mayWrite(origin)) throw new HttpFailure(problems.FOREIGN_ORIGIN);
      const type = headers.get('content-type');
      if (
        type !== null ? !isJson(type) : origin !== null && headers.get('content-length') !== '0' && method !== 'DELETE'
      ) {
        throw new HttpFailure(problems.UNSUPPORTED_TYPE);
      }
    }
    if (call.route?.access === 'operator' && !call.isOperator) throw new HttpFailure(problems.UNAUTHORIZED);
  }

  /** Admits who only listens: where the origins that may read are named, pages of others may not. @throws HttpFailure 403 */
  admitListener(call: Call): void {
    const { headers } = call.request;
    this.checkHost(headers);
    const origin = headers.get('origin');
    if (origin !== null && this.origins.length > 0 && !this.mayWrite(origin)) {
      throw new HttpFailure(problems.FOREIGN_ORIGIN);
    }
  }

  /** Headers that let a page read the answer; null when nothing of the answer depends on it. */
  corsHeaders(call: Call): Record<string, string> | null {
    const origin = call.request.headers.get('origin');
    if (this.origins.length === 0) return origin === null ? null : { 'Access-Control-Allow-Origin': '*', ...exposing };
    if (origin === null || !this.mayWrite(origin)) return { Vary: 'Origin' };
    return { 'Access-Control-Allow-Origin': origin, ...exposing, Vary: 'Origin' };
  }

  mayWrite(origin: string): boolean {
    if (this.origins.includes('*') || this.origins.includes(origin)) return true;
    return URL.canParse(origin) && loopbackName.test(new URL(origin).host);
  }

  private checkHost(headers: Headers): void {
    if (this.keyDigest !== null || this.open) return;
    const host = headers.get('host');
    // Nearly every request names the host that the last one named.
    if (host === this.lastLoopback) return;
    if (host === null || !loopbackName.test(host)) throw new HttpFailure(problems.FOREIGN_HOST);
    this.lastLoopback = host;
  }

  private presentsKey(authorization: string | null): boolean {
    if (this.keyDigest === null || authorization === null) return false;
    const presented = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return presented !== undefined && timingSafeEqual(digest(presented), this.keyDigest);
  }
}

/** Digests have one length, so comparing them takes one time whatever was presented. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function isJson(type: string): boolean {
  if (type === 'application/json') return true;
  const essence = type.split(';', 1)[0]!.trim().toLowerCase();
  return essence === 'application/json' || (essence.startsWith('application/') && essence.endsWith('+json'));
}
