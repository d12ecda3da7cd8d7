/**
 * Who may do what, before any door looks at a request.
 *
 * With an operator key: operators are those who present it; any Host will do, and a page under that
 * Host is our own. Without one, the store is for this machine: the Host must be a loopback name or
 * one that was named (so that no web page reaches it by DNS rebinding), and callers are operators
 * unless a proxy forwards them. Writes by pages of foreign origins are refused either way, and so
 * are bodies that are not JSON: those are what a page can send without asking.
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
  /** Origins whose pages may write, besides those of loopback; `*` for all. */
  readonly origins: readonly string[];
  /**
   * Names besides those of loopback under which a store without a key answers, and whose pages may
   * write.
   */
  readonly publicHosts?: readonly string[];
  /** Who asks, and which proxies are believed about it; none by default. */
  readonly clients?: ClientAddresses;
}

const forwardedIsNoOperator =
  'This came through a proxy, and the store has no operator key: it cannot tell the operator from anybody else. Set HOLDFAST_OPERATOR_KEY.';

/** What a browser says of a request by our own pages, or by nobody's. */
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
      // Without a body there is nothing that has a type, whatever a client says of it.
      if (odd && call.hasBody() && !this.takesForm(call, type)) throw new HttpFailure(problems.UNSUPPORTED_TYPE);
    }
    if (call.route !== null && !call.may(call.route.needs)) {
      const unkeyed = this.keyDigest === null && call.isForwarded;
      throw new HttpFailure(problems.UNAUTHORIZED, unkeyed ? forwardedIsNoOperator : undefined);
    }
  }

  /**
   * Admits who only listens: where the origins that may read are named, pages of others may not.
   * @throws HttpFailure 400, 403
   */
  admitListener(call: Call): void {
    this.checkHost(call);
    this.checkForm(call);
    const { origin } = call;
    if (origin !== null && !this.anyMayRead && !this.mayWrite(call, origin)) throw foreignOrigin(call);
  }

  /**
   * What a caller may do, by what it presents; asked for only where it makes a difference
   * (`call.may`).
   */
  rightsOf(call: Call): number {
    return this.isOperator(call) ? ofOperators : ofEverybody;
  }

  private isOperator(call: Call): boolean {
    if (this.presentsKey(call)) return true;
    const { origin } = call;
    // A page of a foreign origin is not whoever sits at this machine: without the key it reads what
    // anybody may.
    if (this.open) return origin === null || this.takesAll || this.isNamed(origin);
    if (this.keyDigest !== null || (origin !== null && !this.isNamed(origin))) return false;
    // A health check answers to any host, so a page may have got there by a name of its own.
    if (call.route?.anyHost === true && !this.answersTo(call.host)) return false;
    if (!call.isForwarded) return true;
    this.clients.warnOnce(
      'requests come through a proxy, and no operator key is set: who comes so is no operator. Set HOLDFAST_OPERATOR_KEY',
    );
    return false;
  }

  /**
   * Whether the body is a form and the route takes one. Any page can send a form without asking
   * first: whoever writes without a key must therefore not be a foreign page, by what the browser
   * says of it. An Origin has been looked at by then.
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
   * Refuses what two readers may take for two requests; nothing else has been looked at then.
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

  /** Whether an origin is ours by its name alone: of this machine, or named in a setting. */
  private isNamed(origin: string): boolean {
    if (this.listed.has(origin)) return true;
    const host = hostOfOrigin(origin);
    return host !== null && this.isPublic(host);
  }

  /**
   * Whether a page lies under the host that it asks. With a key that makes it our own, whatever the
   * scheme. Without one it could be any page that lets its name lead to this machine.
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
    // Nearly every request names the host that the last one named.
    if (host === this.lastGoodHost) return;
    if (!this.answersTo(host)) {
      if (call.route?.anyHost === true) return;
      throw new HttpFailure(problems.FOREIGN_HOST);
    }
    if (host !== null && isOneHost(host)) this.lastGoodHost = host;
  }

  /**
   * With a key, or open, to any host; otherwise to those that lead to this machine only, or were
   * named.
   */
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

/** Digests have one length, so comparing them takes one time whatever was presented. */
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
