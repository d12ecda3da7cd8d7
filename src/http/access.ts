/**
 * Who may do what, decided before any door sees a request.
 *
 * With an operator key, operators are the callers that present it; any Host will do, and a page
 * under that Host is our own. Without a key the store is for this machine: the Host must be a
 * loopback name or a named one, which stops DNS rebinding, and callers are operators unless a proxy
 * forwards them. Either way, writes by pages of foreign origins are refused, and so are bodies
 * other than JSON, which a page can send without a preflight.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Call } from './call.ts';
import { ClientAddresses } from './client-address.ts';
import type { CrossOrigin } from './cross-origin.ts';
import { comparableHost, hostOfOrigin, isLoopbackHost, isOneHost, NamedHosts } from './hosts.ts';
import { HttpFailure, problems } from './problems.ts';
import { ofEverybody, ofOperators } from './rights.ts';

interface AccessOptions {
  /** Null: loopback only, callers are operators. */
  readonly operatorKey: string | null;
  /** Lifts the operator key and the Host check: for containers published on loopback only. */
  readonly open: boolean;
  /** Origins, besides loopback, whose pages may write; `*` for all. */
  readonly origins: readonly string[];
  /**
   * Names, besides loopback, under which a store without a key answers, and whose pages may write.
   */
  readonly publicHosts?: readonly string[];
  /** Finds the client's address, and says which proxies are trusted; none by default. */
  readonly clients?: ClientAddresses;
}

const forwardedIsNoOperator =
  'This came through a proxy, and the store has no operator key: it cannot tell the operator from anybody else. Set HOLDFAST_OPERATOR_KEY.';

/** `Sec-Fetch-Site` of requests by our own pages, or by no page. */
const ownSites: ReadonlySet<string> = new Set(['same-origin', 'none']);

export class AccessControl implements CrossOrigin {
  readonly clients: ClientAddresses;
  private readonly keyDigest: Buffer | null;
  private readonly open: boolean;
  private readonly listed: ReadonlySet<string>;
  private readonly takesAll: boolean;
  private readonly publicHosts: NamedHosts;
  private lastGoodHost = 'localhost';

  constructor(options: AccessOptions) {
    this.keyDigest = options.operatorKey === null ? null : digest(options.operatorKey);
    this.open = options.open;
    this.listed = new Set(options.origins.filter((origin) => origin !== '*'));
    this.takesAll = options.origins.includes('*');
    this.publicHosts = new NamedHosts(options.publicHosts ?? []);
    this.clients = options.clients ?? new ClientAddresses({ trusted: [], warn: () => undefined });
  }

  /** Admits a call or throws. @throws HttpFailure 400, 401, 403, 415 */
  admit(call: Call): void {
    const { headers, method } = call.request;
    const { origin } = call;
    this.checkHost(call);
    this.checkForm(call);
    if (!isRead(method)) {
      if (origin !== null && !this.mayWrite(call, origin)) throw foreignOrigin(call);
      const type = headers.get('content-type');
      const odd = type !== null ? !isJson(type) : origin !== null && method !== 'DELETE';
      // A request without a body has no content type, whatever its header says.
      if (odd && call.hasBody() && !this.takesForm(call, type)) throw new HttpFailure(problems.UNSUPPORTED_TYPE);
    }
    if (call.route !== null && !call.may(call.route.needs)) {
      const unkeyed = this.keyDigest === null && call.isForwarded;
      throw new HttpFailure(problems.UNAUTHORIZED, unkeyed ? forwardedIsNoOperator : undefined);
    }
  }

  /**
   * Admits a call that only listens. If the origins that may read are listed, pages of others may
   * not.
   * @throws HttpFailure 400, 403
   */
  admitListener(call: Call): void {
    this.checkHost(call);
    this.checkForm(call);
    const { origin } = call;
    if (origin !== null && !this.anyMayRead && !this.mayWrite(call, origin)) throw foreignOrigin(call);
  }

  /** The rights of a caller, by what it presents; computed only where it matters (`call.may`). */
  rightsOf(call: Call): number {
    return this.isOperator(call) ? ofOperators : ofEverybody;
  }

  private isOperator(call: Call): boolean {
    if (this.presentsKey(call)) return true;
    const { origin } = call;
    // A page of a foreign origin is not the person at this machine: without the key it reads only
    // what is public.
    if (this.open) return origin === null || this.takesAll || this.isNamed(origin);
    if (this.keyDigest !== null || (origin !== null && !this.isNamed(origin))) return false;
    // A health check answers any host, so a page may have reached it by a name of its own.
    if (call.route?.anyHost === true && !this.answersTo(call.host)) return false;
    if (!call.isForwarded) return true;
    this.clients.warnOnce(
      'requests come through a proxy, and no operator key is set: who comes so is no operator. Set HOLDFAST_OPERATOR_KEY',
    );
    return false;
  }

  /**
   * Whether the body is a form and the route takes one. Any page can send a form without a
   * preflight. So, in a store without a key, the browser must not mark the request as cross-site.
   * The Origin has been checked before.
   * @throws HttpFailure 403
   */
  private takesForm(call: Call, type: string | null): boolean {
    if (call.route?.takesForms !== true || type === null || !isForm(type)) return false;
    const site = call.header('sec-fetch-site');
    if (this.keyDigest === null && call.origin === null && site !== null && !ownSites.has(site)) {
      throw foreignOrigin(call);
    }
    call.isForm = true;
    return true;
  }

  get anyMayRead(): boolean {
    return this.takesAll || this.listed.size === 0;
  }

  get listsOrigins(): boolean {
    return this.listed.size > 0;
  }

  isListed(origin: string): boolean {
    return this.listed.has(origin);
  }

  isOurs(call: Call, origin: string): boolean {
    return this.isNamed(origin) || this.isOwn(call, origin);
  }

  mayWrite(call: Call, origin: string): boolean {
    return this.takesAll || this.isOurs(call, origin);
  }

  /**
   * Refuses requests that two readers may understand differently. Runs before all other checks.
   * @throws HttpFailure 400
   */
  checkForm(call: Call): void {
    const { host } = call;
    if (host !== null && host !== this.lastGoodHost && !isOneHost(host)) {
      throw new HttpFailure(problems.INVALID_REQUEST, 'The Host header must be one host, such as shop.example:3000.');
    }
    call.announcedBytes();
    if (isRead(call.request.method)) call.checkTarget();
  }

  /** Whether an origin is ours by its name alone: on this machine, or named in a setting. */
  private isNamed(origin: string): boolean {
    if (this.listed.has(origin)) return true;
    const host = hostOfOrigin(origin);
    return host !== null && this.isPublic(host);
  }

  /**
   * Whether a page's host is the host that it calls. With a key that makes it our own, whatever its
   * scheme. Without one it could be any page whose name resolves to this machine.
   */
  private isOwn(call: Call, origin: string): boolean {
    if (this.keyDigest === null) return false;
    const host = hostOfOrigin(origin);
    if (host === null) return false;
    const asked = call.host;
    if (asked !== null && comparableHost(asked) === host) return true;
    const { host: said } = this.clients.forwardingOf(call.request.headers, () => call.peer);
    return said !== null && isOneHost(said) && comparableHost(said) === host;
  }

  private checkHost(call: Call): void {
    const { host } = call;
    // Nearly every request has the same Host as the one before.
    if (host === this.lastGoodHost) return;
    if (!this.answersTo(host)) {
      if (call.route?.anyHost === true) return;
      throw new HttpFailure(problems.FOREIGN_HOST);
    }
    if (host !== null && isOneHost(host)) this.lastGoodHost = host;
  }

  /** With a key, or open: to any host. Otherwise only to names of this machine, or named ones. */
  private answersTo(host: string | null): boolean {
    if (this.keyDigest !== null || this.open) return true;
    return host !== null && this.isPublic(comparableHost(host));
  }

  private isPublic(comparable: string): boolean {
    return isLoopbackHost(comparable) || this.publicHosts.has(comparable);
  }

  private presentsKey(call: Call): boolean {
    if (this.keyDigest === null) return false;
    const authorization = call.header('authorization');
    if (authorization === null) return false;
    const presented = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return presented !== undefined && timingSafeEqual(digest(presented), this.keyDigest);
  }
}

function foreignOrigin(call: Call): HttpFailure {
  const { sentence } = problems.FOREIGN_ORIGIN;
  const more = ' A proxy in front must pass the Host header on, or be named in HOLDFAST_TRUSTED_PROXIES.';
  return new HttpFailure(problems.FOREIGN_ORIGIN, call.isForwarded ? sentence + more : sentence);
}

/** Digests have one length, so the comparison takes constant time. */
function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}

function isForm(type: string): boolean {
  return type.split(';', 1)[0]!.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

function isJson(type: string): boolean {
  if (type === 'application/json') return true;
  const essence = type.split(';', 1)[0]!.trim().toLowerCase();
  return essence === 'application/json' || (essence.startsWith('application/') && essence.endsWith('+json'));
}
