/** Names under which the store is asked: the Host header, and the host in an Origin. */

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{0,5})?$/;
/**
 * A name or an address, and a port. No user, no path, no list: two readers of such a Host may see
 * two hosts.
 */
const oneHost = /^(?:[a-z0-9._-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::\d{0,5})?$/i;
const defaultPort = /:(?:80|443)?$/;

/** Whether a Host header is one host. */
export function isOneHost(header: string): boolean {
  return oneHost.test(header);
}

export function isLoopbackHost(host: string): boolean {
  return loopbackHost.test(host.toLowerCase());
}

/**
 * The host and port of an origin, in the form that `comparableHost` gives; null for what is not the
 * origin of a page.
 */
export function hostOfOrigin(origin: string): string | null {
  const url = URL.parse(origin);
  return url === null || url.host === '' ? null : comparableHost(url.host);
}

/**
 * In small letters, and without the port that `http` or `https` has anyway: a proxy that ends TLS
 * changes the scheme.
 */
export function comparableHost(host: string): string {
  return host.toLowerCase().replace(defaultPort, '');
}

/** Hosts that an operator named. One without a port stands for all its ports. */
export class NamedHosts {
  private readonly hosts: ReadonlySet<string>;

  constructor(hosts: readonly string[]) {
    this.hosts = new Set(hosts.map((host) => comparableHost(host)));
  }

  /** `host`: as `comparableHost` gives it. */
  has(host: string): boolean {
    return this.hosts.has(host) || this.hosts.has(host.replace(/:\d+$/, ''));
  }
}
