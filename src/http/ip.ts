/** IP addresses and networks as bytes. An IPv4 address equals the IPv6 address that maps it. */
import net from 'node:net';

/** 16 bytes; IPv4 as ::ffff:a.b.c.d. */
export type IpBytes = Uint8Array;

/** A network: the addresses that share its first `bits` bits. */
export interface IpNetwork {
  readonly bytes: IpBytes;
  readonly bits: number;
}

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const longestAddress = 45;

/** The bytes of an address, or null for anything else. A zone (`fe80::1%eth0`) is ignored. */
export function parseIp(text: string): IpBytes | null {
  if (text.length > longestAddress) return null;
  const percent = text.indexOf('%');
  const plain = percent < 0 ? text : text.slice(0, percent);
  if (net.isIPv4(plain)) return Uint8Array.from([...mappedPrefix, ...plain.split('.').map(Number)]);
  return net.isIPv6(plain) ? fromIpv6(plain) : null;
}

/** An address, or one with a prefix length (`10.0.0.0/8`, `fd00::/8`); null for anything else. */
export function parseNetwork(text: string): IpNetwork | null {
  const [address = '', length, ...rest] = text.split('/');
  const bytes = parseIp(address);
  if (bytes === null || rest.length > 0 || address.includes('%')) return null;
  const most = address.includes(':') ? 128 : 32;
  if (length === undefined) return { bytes, bits: 128 };
  if (!/^\d{1,3}$/.test(length) || Number(length) > most) return null;
  return { bytes, bits: Number(length) + 128 - most };
}

export function isInside(bytes: IpBytes, { bytes: of, bits }: IpNetwork): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i += 1) if (bytes[i] !== of[i]) return false;
  const rest = bits & 7;
  return rest === 0 || ((bytes[whole]! ^ of[whole]!) & (0xff << (8 - rest))) === 0;
}

/**
 * Addresses that do not identify a client: this machine, private networks, link-local,
 * carrier-grade NAT.
 */
const privateNetworks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::/127',
  'fc00::/7',
  'fe80::/10',
].map((text) => parseNetwork(text)!);

export function isPrivateIp(bytes: IpBytes): boolean {
  return privateNetworks.some((network) => isInside(bytes, network));
}

/** The unit of one client, as text: an IPv4 address, or the /64 of an IPv6 one. */
export function clientKeyOf(bytes: IpBytes): string {
  if (mappedPrefix.every((byte, i) => bytes[i] === byte)) return bytes.subarray(12).join('.');
  const groups = [0, 2, 4, 6].map((i) => ((bytes[i]! << 8) | bytes[i + 1]!).toString(16));
  return `${groups.join(':')}::/64`;
}

/** From a text that `net.isIPv6` accepts. */
function fromIpv6(text: string): IpBytes {
  const dotted = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  let hex = text;
  if (dotted !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(1).map(Number);
    hex = `${text.slice(0, dotted.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  }
  const [front = '', back] = hex.split('::');
  const left = front === '' ? [] : front.split(':');
  const right = back === undefined || back === '' ? [] : back.split(':');
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const bytes = new Uint8Array(16);
  for (const [i, group] of [...left, ...zeros, ...right].entries()) {
    const value = Number.parseInt(group, 16);
    bytes[2 * i] = value >> 8;
    bytes[2 * i + 1] = value & 0xff;
  }
  return bytes;
}
