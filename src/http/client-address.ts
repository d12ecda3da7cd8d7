/**
 * Who the client of a call is, by address.
 *
 *     client ─► proxy ─► proxy ─► peer of the connection ─► store
 *
 * A header can be written by anybody, so it counts only as far as those who passed it on are
 * trusted: from the peer backwards, the first hop that is not a trusted proxy is the client.
 * Nothing of this is computed unless asked for: the address of a peer alone costs more than a
 * microsecond.
 */
import type { IpBytes, IpNetwork } from './ip.ts';
import { clientKeyOf, isInside, isPrivateIp, parseIp } from './ip.ts';

export interface ClientAddress {
  /**
   * Whom limits count: an IPv4 address or the /64 of an IPv6 one. Null: it would be everybody, so
   * no limit can be set by it.
   */
  readonly address: string | null;
  /** The other end of the connection, as the runtime says it; empty when the connection is gone. */
  readonly peer: string;
  /** Whether the call carries what only a proxy adds. */
  readonly forwarded: boolean;
}

interface ClientAddressOptions {
  /** From these, and only these, is read who is behind them. */
  readonly trusted: readonly IpNetwork[];
  /** Told once of what a setting would mend. */
  readonly warn: (message: string) => void;
}

/** What trusted proxies say of the request that they took: each null when they say nothing. */
interface Forwarding {
  readonly host: string | null;
  readonly proto: string | null;
}

const nothingSaid: Forwarding = { host: null, proto: null };
/**
 * A connection that is gone has no address any more. What came on such connections is counted
 * together.
 */
const gone: ClientAddress = { address: 'gone', peer: '', forwarded: false };
/** A chain of hops beyond this is cut at the left, where the client wrote it. */
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

  /** `peer`: the other end of the connection; null when it is gone. */
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
    // The proxy writes one of the two and passes the other on as the client sent it: who sends both
    // is told by neither.
    const address = other === undefined || other === one ? one : clientKeyOf(bytes);
    return { address, peer, forwarded };
  }

  /**
   * What a trusted peer says of the request that it took; `peer` is asked for only when there is
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

  /** Once for a message, so that no stranger fills the log. */
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
   * The rightmost hop that is not a trusted proxy, as limits count it; null where there is none, or
   * it does not say.
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

/**
 * The elements of a Forwarded (RFC 7239), the nearest last. A comma within quotes is in no address.
 */
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
