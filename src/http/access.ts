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
import type { Right } from './rights.ts';
import { ofEverybody, ofGates, ofOperators } from './rights.ts';

/** Keys of gates, by the SHA-256 of each in hexadecimal digits. */
export interface GateKeyRing {
  /** The row of a key that opens something; -1 for any other. */
  find(hash: string): number;
}

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
  /** Read each time: keys come and go while the store runs. */
  readonly gateKeys?: () => GateKeyRing;
}

const needsGateKey = "This call needs the key of a gate, or the operator's: Authorization: Bearer KEY.";
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
  private readonly gateKeys: (() => GateKeyRing) | null;
  private lastGoodHost = 'localhost';

  constructor(options: AccessOptions) {
    this.keyDigest = options.operatorKey === null ? null : digest(options.operatorKey);
    this.open = options.open;
    this.listed = new Set(options.origins.filter((origin) => origin !== '*'));
    this.takesAll = options.origins.includes('*');
    this.publicHosts = new NamedHosts(options.publicHosts ?? []);
    this.gateKeys = options.gateKeys ?? null;
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
      if (odd && call.hasBody() && !this.takesOther(call, type)) throw unsupportedType(call);
    }
    if (call.route !== null && !call.may(call.route.needs)) {
      const unkeyed = this.keyDigest === null && call.isForwarded;
      throw unkeyed ? new HttpFailure(problems.UNAUTHORIZED, forwardedIsNoOperator) : needsKey(call.route.needs);
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

  /**
   * Admits a call that begins to write: what holds of the origins of writes holds of it.
   * @throws HttpFailure 400, 403
   */
  admitWriter(call: Call): void {
    this.checkHost(call);
    this.checkForm(call);
    const { origin } = call;
    if (origin !== null && !this.mayWrite(call, origin)) throw foreignOrigin(call);
  }

  /**
   * The rights of a caller, by what it presents; computed only where it matters (`call.may`). Who
   * presents a gate's key is that gate, wherever it calls from. Notes the key's row on the call.
   */
  rightsOf(call: Call): number {
    const presented = presentedDigest(call);
    if (presented !== null) {
      if (this.keyDigest !== null && timingSafeEqual(presented, this.keyDigest)) return ofOperators;
      call.keyRow = this.gateKeys?.().find(presented.toString('hex')) ?? -1;
      if (call.keyRow >= 0) return ofGates;
    }
    return this.isUnkeyedOperator(call) ? ofOperators : ofEverybody;
  }

  /** Whether a caller without a key is the operator. */
  private isUnkeyedOperator(call: Call): boolean {
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
   * Whether the body is no JSON, and the route takes its type: a form, or one that it names. Any
   * page can send a form without a preflight, and some browsers have let it send other types so
   * too. So, in a store without a key, the browser must not mark the request as cross-site. The
   * Origin has been checked before.
   * @throws HttpFailure 403
   */
  private takesOther(call: Call, type: string | null): boolean {
    const { route } = call;
    if (route === null || type === null) return false;
    const essence = essenceOf(type);
    const form = route.takesForms === true && essence === formType;
    if (!form && route.takes !== essence) return false;
    const site = call.header('sec-fetch-site');
    if (this.keyDigest === null && call.origin === null && site !== null && !ownSites.has(site)) {
      throw foreignOrigin(call);
    }
    call.isForm = form;
    call.isOfTakenType = !form;
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
}

/** The digest of the key that a caller presents; null without one. */
function presentedDigest(call: Call): Buffer | null {
  const authorization = call.header('authorization');
  if (authorization === null) return call.offeredKey === null ? null : digest(call.offeredKey);
  const presented = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return presented === undefined ? null : digest(presented);
}

/** The failure of a caller who lacks a right. */
export function needsKey(right: Right): HttpFailure {
  return new HttpFailure(problems.UNAUTHORIZED, right === 'tap' ? needsGateKey : undefined);
}

function unsupportedType({ route }: Call): HttpFailure {
  const also = route?.takes === undefined ? undefined : `The body must be application/json or ${route.takes}.`;
  return new HttpFailure(problems.UNSUPPORTED_TYPE, also);
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

const formType = 'application/x-www-form-urlencoded';

/** A media type without its parameters. */
function essenceOf(type: string): string {
  return type.split(';', 1)[0]!.trim().toLowerCase();
}

function isJson(type: string): boolean {
  if (type === 'application/json') return true;
  const essence = essenceOf(type);
  return essence === 'application/json' || (essence.startsWith('application/') && essence.endsWith('+json'));
}
