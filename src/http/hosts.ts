/** Names under which the store is called: the Host header, and the host in an Origin. */

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{0,5})?$/;
/**
 * A name or an address, and a port. No user, path or list, in which two readers may see two hosts.
 */
const oneHost = /^(?:[a-z0-9._-]{1,255}|\[[0-9a-f:.]{2,45}\])(?::\d{0,5})?$/i;
const defaultPort = /:(?:80|443)?$/;

/** Whether a Host header is a single host. */
export function isOneHost(header: string): boolean {
  return oneHost.test(header);
}

export function isLoopbackHost(host: string): boolean {
  return loopbackHost.test(host.toLowerCase());
}

/** Host and port of an origin, in `comparableHost`'s form; null for what is not a page's origin. */
export function hostOfOrigin(origin: string): string | null {
  const url = URL.parse(origin);
  return url === null || url.host === '' ? null : comparableHost(url.host);
}

/**
 * In lower case and without the default port of `http` or `https`: a proxy that ends TLS changes
 * the scheme.
 */
export function comparableHost(host: string): string {
  return host.toLowerCase().replace(defaultPort, '');
}

/** Hosts that an operator named. One without a port matches all its ports. */
export class NamedHosts {
  private readonly hosts: ReadonlySet<string>;

  constructor(hosts: readonly string[]) {
    this.hosts = new Set(hosts.map((host) => comparableHost(host)));
  }

  /** `host`: in `comparableHost`'s form. */
  has(host: string): boolean {
    return this.hosts.has(host) || this.hosts.has(host.replace(/:\d+$/, ''));
  }
}
