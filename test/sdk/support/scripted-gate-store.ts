/**
 * The store as a gate sees it, for what a real one does only now and then: it is late, silent,
 * forgets, refuses. It keeps marks and first outcomes as the real one does.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireTap } from '../../../sdk/src/gate/index.ts';
import { readTap, tapBytes, tapReasons } from '../../../sdk/src/gate/index.ts';
import { Socket } from './sockets.ts';

/** What it says of a live tap. */
export interface Said {
  readonly result: 'open' | 'deny';
  readonly reason?: (typeof tapReasons)[number];
  readonly fare?: number;
}

const results = { open: 0, deny: 1, gap: 2, unknown: 3 } as const;

interface Outcome {
  readonly result: keyof typeof results;
  readonly reason?: (typeof tapReasons)[number] | undefined;
  readonly fare?: number | undefined;
  readonly replayed?: boolean;
  readonly expected?: number;
}

export class ScriptedGateStore {
  url = '';
  /** Each batch that came, in order, over all connections. */
  readonly batches: WireTap[][] = [];
  /** Taps that were applied, in order. */
  readonly applied: WireTap[] = [];
  readonly skips: unknown[] = [];
  /** Subprotocols of each connection. */
  readonly offered: string[] = [];
  denyList: object = { items: [], whole: true, next: '1', more: false, position: '0.1' };
  /** What a live tap comes to. */
  says: (tap: WireTap) => Said = () => ({ result: 'open', fare: 100 });
  /** The status of each batch; 0 takes it. */
  status = 0;
  /** While it is on, answers are kept back. */
  isLate = false;
  /** Refuses HTTP calls and connections. */
  isDown = false;
  private readonly marks = new Map<number, number>();
  private readonly first = new Map<string, Outcome>();
  private readonly late: (() => void)[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server = http.createServer((request, response) => this.answer(request, response));

  async start(): Promise<void> {
    this.server.on('upgrade', (request, duplex) => {
      if (this.isDown) {
        duplex.destroy();
        return;
      }
      this.offered.push(request.headers['sec-websocket-protocol'] ?? '');
      const socket = new Socket(request, duplex, (bytes) => this.take(bytes, socket));
      this.sockets.add(socket);
      duplex.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends the answers that were kept back. */
  release(): void {
    this.isLate = false;
    for (const send of this.late.splice(0)) send();
  }

  cutAll(): void {
    for (const socket of this.sockets) socket.cut();
  }

  /** As if it were restored from a backup: it has forgotten what came after `mark`. */
  forget(epoch: number, mark: number): void {
    this.marks.set(epoch, mark);
    for (const name of this.first.keys()) {
      const [of = '', sequence = ''] = name.split('/');
      if (Number(of) === epoch && Number(sequence) > mark) this.first.delete(name);
    }
  }

  async end(): Promise<void> {
    this.cutAll();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (this.isDown) {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(this.bodyOf(request.url ?? '', text)));
    });
  }

  private bodyOf(url: string, text: string): object {
    if (url.startsWith('/v1/denylist')) return this.denyList;
    if (!url.endsWith('/skip')) return { id: 'north-1', number: 7, station: null };
    const skip = JSON.parse(text) as { epoch: number; to: number };
    this.skips.push(skip);
    this.marks.set(skip.epoch, skip.to);
    return skip;
  }

  private take(bytes: Buffer, socket: Socket): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const taps = Array.from({ length: (bytes.byteLength - 4) / tapBytes }, (_, tap) =>
      readTap(view, 4 + tap * tapBytes),
    );
    this.batches.push(taps);
    const { status } = this;
    const answer = status === 0 ? outcomesOf(taps, (tap) => this.apply(tap)) : Buffer.from('{"code":"REFUSED"}');
    const head = Buffer.alloc(8);
    head.writeUInt32LE(view.getUint32(0, true), 0);
    head.writeUInt32LE(status, 4);
    const send = (): void => socket.send(Buffer.concat([head, answer]));
    if (this.isLate) this.late.push(send);
    else send();
  }

  private apply(tap: WireTap): Outcome {
    const { epoch, sequence, decided } = tap;
    const mark = this.marks.get(epoch) ?? 0;
    const name = `${epoch}/${sequence}`;
    if (sequence <= mark) return { ...(this.first.get(name) ?? { result: 'unknown' }), replayed: true };
    if (sequence > mark + 1) return { result: 'gap', expected: mark + 1 };
    this.marks.set(epoch, sequence);
    const outcome = decided === 'none' ? this.says(tap) : ownDecision(decided);
    this.first.set(name, outcome);
    this.applied.push(tap);
    return outcome;
  }
}

function ownDecision(decided: 'opened' | 'denied'): Outcome {
  return decided === 'opened' ? { result: 'open', fare: 50 } : { result: 'deny', reason: 'DENIED_BY_GATE' };
}

function outcomesOf(taps: readonly WireTap[], apply: (tap: WireTap) => Outcome): Buffer {
  const bytes = Buffer.alloc(taps.length * tapBytes);
  for (const [index, tap] of taps.entries()) {
    const { result, reason, fare = 0, replayed = false, expected = 0 } = apply(tap);
    const at = index * tapBytes;
    bytes.writeUInt32LE(tap.gate, at);
    bytes.writeUInt32LE(tap.sequence, at + 4);
    bytes[at + 8] = results[result];
    bytes[at + 9] = reason === undefined ? 0 : tapReasons.indexOf(reason) + 1;
    bytes[at + 12] = replayed ? 1 : 0;
    bytes.writeInt32LE(result === 'open' ? fare : 0, at + 16);
    bytes.writeInt32LE(1000, at + 20);
    bytes.writeDoubleLE(result === 'open' ? tap.sequence : 0, at + 24);
    bytes.writeUInt32LE(expected, at + 32);
  }
  return bytes;
}

export async function withGateStore(use: (store: ScriptedGateStore) => Promise<void>): Promise<void> {
  const store = new ScriptedGateStore();
  await store.start();
  try {
    await use(store);
  } finally {
    await store.end();
  }
}
