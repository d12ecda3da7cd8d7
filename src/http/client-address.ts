/**
 * The client of a call, by address.
 *
 *     client ─► proxy ─► proxy ─► peer of the connection ─► store
 *
 * Anyone can write a header, so it counts only as far as trusted hops passed it on: from the peer
 * backwards, the first hop that is not a trusted proxy is the client. This is computed on demand:
 * the peer's address alone costs more than a microsecond.
 */
import type { IpBytes, IpNetwork } from './ip.ts';
import { clientKeyOf, isInside, isPrivateIp, parseIp } from './ip.ts';

export interface ClientAddress {
  /**
   * The unit of limits: an IPv4 address or the /64 of an IPv6 one. Null when it would stand for
   * everyone, so no limit can use it.
   */
  readonly address: string | null;
  /** The connection's peer, as the runtime reports it; empty when the connection is closed. */
  readonly peer: string;
  /** Whether the call carries headers that only a proxy adds. */
  readonly forwarded: boolean;
}

interface ClientAddressOptions {
  /** Only headers from these peers tell the client behind them. */
  readonly trusted: readonly IpNetwork[];
  /** Called once with advice on a setting. */
  readonly warn: (message: string) => void;
}

/** What trusted proxies report of the original request; null where they report nothing. */
interface Forwarding {
  readonly host: string | null;
  readonly proto: string | null;
}

const nothingSaid: Forwarding = { host: null, proto: null };
/** A closed connection has no address any more. Calls on such connections are counted together. */
const gone: ClientAddress = { address: 'gone', peer: '', forwarded: false };
/** A longer chain of hops is cut at the left, where the client wrote it. */
const maxHops = 32;

/**
 * Whether a request carries X-Forwarded-*, Forwarded, X-Real-IP or Via: headers that only a proxy
 * adds.
 */
export function isForwarded(headers: Headers): boolean {
  for (const name of headers.keys()) {
    if (name === 'via' || name === 'forwarded' || name === 'x-real-ip' || name.startsWith('x-forwarded')) return true;
  }
  return false;
}

export class ClientAddresses {
  private readonly trusted: readonly IpNetwork[];
  private readonly warn: (message: string) => void;
  private readonly warned = new Set<string>();

  constructor(options: ClientAddressOptions) {
    this.trusted = options.trusted;
    this.warn = options.warn;
  }

  /** `peer`: null when the connection is closed. */
  of(headers: Headers, peer: string | null): ClientAddress {
    const bytes = peer === null ? null : parseIp(peer);
    if (peer === null || bytes === null) return gone;
    const forwarded = isForwarded(headers);
    if (!this.isTrusted(bytes)) {
      if (forwarded) this.warnOfUntrusted(peer);
      const unknown = isPrivateIp(bytes) || (forwarded && this.trusted.length === 0);
      return { address: unknown ? null : clientKeyOf(bytes), peer, forwarded };
    }
    const own = isPrivateIp(bytes) ? null : clientKeyOf(bytes);
    if (!forwarded) return { address: own, peer, forwarded };
    const said = [hopsOf(headers.get('x-forwarded-for')), elementsOf(headers.get('forwarded')).map(forOf)]
      .map((hops) => this.clientAmong(hops))
      .filter((client) => client !== null);
    const [one, other] = said;
    if (one === undefined) {
      this.warnOnce(`the trusted proxy ${peer} does not say whom it forwards for: let it set X-Forwarded-For`);
      return { address: own, peer, forwarded };
    }
    // A proxy writes one of the two and passes the other on as the client sent it. With both,
    // neither can be trusted.
    const address = other === undefined || other === one ? one : clientKeyOf(bytes);
    return { address, peer, forwarded };
  }

  /**
   * What a trusted peer reports of the original request; `peer` is called only when there is
   * something to read.
   */
  forwardingOf(headers: Headers, peer: () => string | null): Forwarding {
    if (this.trusted.length === 0) return nothingSaid;
    const element = elementsOf(headers.get('forwarded')).at(-1) ?? '';
    const host = lastOf(headers.get('x-forwarded-host')) ?? parameterOf(element, 'host');
    const proto = lastOf(headers.get('x-forwarded-proto')) ?? parameterOf(element, 'proto');
    if (host === null && proto === null) return nothingSaid;
    const bytes = parseIp(peer() ?? '');
    return bytes !== null && this.isTrusted(bytes) ? { host, proto } : nothingSaid;
  }

  /** Once for a message, so strangers cannot fill the log. */
  warnOnce(message: string, kind: string = message): void {
    if (this.warned.has(kind)) return;
    this.warned.add(kind);
    this.warn(message);
  }

  private warnOfUntrusted(peer: string): void {
    const none = this.trusted.length === 0;
    this.warnOnce(
      none
        ? `requests come through a proxy at ${peer}, and no proxy is trusted: clients have no limits by address until it is named in HOLDFAST_TRUSTED_PROXIES`
        : `requests come through a proxy at ${peer}, which is not in HOLDFAST_TRUSTED_PROXIES: what it says of its clients is not read`,
      'untrusted',
    );
  }

  /**
   * The rightmost hop that is not a trusted proxy, as the unit of limits; null without one, or when
   * it gives no address.
   */
  private clientAmong(hops: readonly (string | null)[]): string | null {
    for (let i = hops.length - 1; i >= 0; i -= 1) {
      const bytes = parseIp(hops[i] ?? '');
      if (bytes === null) return null;
      if (!this.isTrusted(bytes)) return clientKeyOf(bytes);
    }
    return null;
  }

  private isTrusted(bytes: IpBytes): boolean {
    return this.trusted.some((network) => isInside(bytes, network));
  }
}

/** The hops of an X-Forwarded-For, the nearest last. Some proxies add the port. */
function hopsOf(header: string | null): string[] {
  if (header === null) return [];
  return header
    .split(',')
    .slice(-maxHops)
    .map((hop) => withoutPort(hop.trim()));
}

/** The elements of a Forwarded (RFC 7239), the nearest last. No address has a quoted comma. */
function elementsOf(header: string | null): string[] {
  return header === null ? [] : header.split(',').slice(-maxHops);
}

function forOf(element: string): string | null {
  const node = parameterOf(element, 'for');
  return node === null ? null : withoutPort(node);
}

function parameterOf(element: string, name: string): string | null {
  for (const pair of element.split(';')) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim().toLowerCase() !== name) continue;
    return pair
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1');
  }
  return null;
}

function lastOf(header: string | null): string | null {
  const last = header?.slice(header.lastIndexOf(',') + 1).trim();
  return last === undefined || last === '' ? null : last;
}

/** `192.0.2.1:80`, `[2001:db8::1]:80` and `[2001:db8::1]` without port and brackets. */
function withoutPort(node: string): string {
  if (node.startsWith('[')) {
    const end = node.indexOf(']');
    return end < 0 ? node : node.slice(1, end);
  }
  const colon = node.indexOf(':');
  return colon >= 0 && colon === node.lastIndexOf(':') ? node.slice(0, colon) : node;
}
