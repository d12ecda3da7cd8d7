/** Thousands of idle readers in one process: connections that only receive, and note when. */
import { Delays, TimeFinder } from './delays.ts';
import type { KindReport } from './spec.ts';

const openAtOnce = 100;
const readyWithinMs = 30_000;

/** One subscriber: when the newest purchase that it knows of was made, ms since the epoch. */
interface Subscriber {
  knownMs: number;
  isReady: boolean;
}

export abstract class Crowd {
  private open = 0;
  private lost = 0;
  private ready = 0;
  private beganMs = nowMs();
  private wake: () => void = () => {};
  private readonly delays = new Delays();
  private readonly times: TimeFinder;

  constructor(nameOfTime: string) {
    this.times = new TimeFinder(nameOfTime);
  }

  /** Opens this many more. @throws when one is not ready in time */
  async add(url: string, path: string, count: number): Promise<void> {
    const wanted = this.ready + count;
    for (let from = 0; from < count; from += openAtOnce) {
      const some = Array.from({ length: Math.min(openAtOnce, count - from) }, () =>
        this.connect(url, path, { knownMs: NaN, isReady: false }),
      );
      await Promise.all(some);
    }
    const untilMs = performance.now() + readyWithinMs;
    while (this.ready < wanted) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) throw new Error(`${wanted - this.ready} of ${count} readers were not told the present`);
      await Promise.race([new Promise<void>((resolve) => (this.wake = resolve)), Bun.sleep(leftMs)]);
    }
  }

  begin(): void {
    this.beganMs = nowMs();
    this.delays.begin();
  }

  report(): KindReport {
    const { open, lost, delays } = this;
    return { open, lost, told: delays.told, delay: delays.result() };
  }

  /** Opens one connection, and calls `opened`, `received`, `present` and `ended` for it. */
  protected abstract connect(url: string, path: string, subscriber: Subscriber): Promise<void>;

  protected opened(): void {
    this.open += 1;
  }

  protected ended(): void {
    this.open -= 1;
    this.lost += 1;
  }

  /** The subscriber has received the present state. */
  protected present(subscriber: Subscriber): void {
    if (subscriber.isReady) return;
    subscriber.isReady = true;
    this.ready += 1;
    this.wake();
  }

  protected received(subscriber: Subscriber, bytes: Uint8Array): void {
    const madeMs = this.times.find(bytes);
    if (Number.isNaN(madeMs)) return;
    const { knownMs } = subscriber;
    subscriber.knownMs = madeMs;
    // Nothing changed in the pause before a run, so nothing was delayed.
    if (knownMs >= this.beganMs) this.delays.add(nowMs(), madeMs, knownMs);
  }
}

/** Ms since the epoch, with a fraction. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

const readyEvent = Buffer.from('event: ready\n');

/** Server-Sent Events over a plain socket. */
export class SseCrowd extends Crowd {
  constructor() {
    super('at');
  }

  protected override async connect(url: string, path: string, subscriber: Subscriber): Promise<void> {
    const { hostname, port, host } = new URL(url);
    const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\n\r\n`;
    await Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        open: (socket) => {
          this.opened();
          socket.write(request);
        },
        data: (_, bytes) => {
          if (!subscriber.isReady && bytes.includes(readyEvent)) this.present(subscriber);
          this.received(subscriber, bytes);
        },
        close: () => this.ended(),
        error: () => {},
      },
    });
  }
}

/** Socket.IO clients with the minimum for listening: WebSocket only, one namespace. */
export class SocketIoCrowd extends Crowd {
  private readonly encoder = new TextEncoder();

  constructor() {
    super('timestamp');
  }

  protected override connect(url: string, path: string, subscriber: Subscriber): Promise<void> {
    const opened = Promise.withResolvers<void>();
    const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`);
    socket.addEventListener('open', () => {
      this.opened();
      opened.resolve();
    });
    socket.addEventListener('error', () => opened.reject(new Error('a WebSocket could not be opened')));
    socket.addEventListener('close', () => this.ended());
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const text = String(data);
      if (text.startsWith('0')) socket.send('40');
      else if (text === '2') socket.send('3');
      else if (text.startsWith('42["connected"')) this.present(subscriber);
      else if (text.startsWith('42["newPurchase"')) this.received(subscriber, this.encoder.encode(text));
    });
    return opened.promise;
  }
}
