/**
 * Connections that never got an answer, found and ended by system calls: the runtime's server
 * neither reports nor ends a connection before its first request is whole. The server closes a
 * shut-down socket as if its client had left. On Linux only; elsewhere none are found.
 */
import { dlopen } from 'bun:ffi';

const libraries = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];
const calls = {
  getsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'ptr'], returns: 'i32' },
  getsockname: { args: ['i32', 'ptr', 'ptr'], returns: 'i32' },
  shutdown: { args: ['i32', 'i32'], returns: 'i32' },
} as const;

type Calls = ReturnType<typeof dlopen<typeof calls>>['symbols'];

// From linux/tcp.h: the option, and offsets in its result.
const protocolTcp = 6;
const tcpInfo = 11;
const established = 1;
const atLastReceivedMs = 52;
const atSegmentsSent = 156;
const infoBytes = 256;
const shutBoth = 2;

interface Silent {
  readonly descriptor: number;
  /** Since the last byte came, or since it opened, ms. */
  readonly silentMs: number;
}

export class SilentSockets {
  private readonly calls: Calls | null;
  private readonly answer = new Uint8Array(infoBytes);
  private readonly view = new DataView(this.answer.buffer);
  private readonly length = new Uint32Array(1);

  constructor() {
    this.calls = process.platform === 'linux' ? loadCalls() : null;
  }

  /** Whether they can be found on this system. */
  get canEnd(): boolean {
    return this.calls !== null;
  }

  /**
   * Ends at most this many connections to these ports that never got an answer: the longest silent
   * first, and only after `minMs` of silence. `descriptors`: descriptor numbers below this one are
   * checked. Returns how many.
   */
  end(most: number, minMs: number, ports: ReadonlySet<number>, descriptors: number): number {
    const { calls: system } = this;
    if (system === null) return 0;
    const found: Silent[] = [];
    for (let descriptor = 3; descriptor < descriptors; descriptor += 1) {
      const silentMs = this.silentMs(system, descriptor);
      if (silentMs >= minMs && ports.has(this.portOf(system, descriptor))) found.push({ descriptor, silentMs });
    }
    found.sort((one, other) => other.silentMs - one.silentMs);
    let ended = 0;
    for (const { descriptor } of found.slice(0, most)) if (system.shutdown(descriptor, shutBoth) === 0) ended += 1;
    return ended;
  }

  /** -1 for a descriptor that is not a connection, or that got an answer. */
  private silentMs(system: Calls, descriptor: number): number {
    this.length[0] = infoBytes;
    if (system.getsockopt(descriptor, protocolTcp, tcpInfo, this.answer, this.length) !== 0) return -1;
    const [length = 0] = this.length;
    if (this.answer[0] !== established || length < atSegmentsSent + 4) return -1;
    return this.view.getUint32(atSegmentsSent, true) > 0 ? -1 : this.view.getUint32(atLastReceivedMs, true);
  }

  /** The local port; 0 without one. Both address families have it at the same offset. */
  private portOf(system: Calls, descriptor: number): number {
    this.length[0] = infoBytes;
    return system.getsockname(descriptor, this.answer, this.length) === 0 ? this.view.getUint16(2, false) : 0;
  }
}

function loadCalls(): Calls | null {
  for (const library of libraries) {
    try {
      return dlopen(library, calls).symbols;
    } catch {
      // Another C library, or none that can be called.
    }
  }
  return null;
}
