/**
 * Server-Sent Events to one reader. Chunks are shared between readers, so a reader costs its
 * connection and little else.
 *
 *     opening --pulled by the server--> open <--drained / not taken at once--> behind
 *        |                               |                                        |
 *        +-------------------------------+----- close(), or the reader left ------+--> closed
 *
 * At most one chunk is in flight beside the system's buffers. While a reader is behind it is sent
 * nothing; once it is ready again, the sender sends it the latest state. The server cuts a reader
 * that takes nothing for as long as its idle limit. It is cut earlier if all waiting bytes together
 * pass their bound and it has waited longest.
 */
import type { Answer, AnswerSink, AnswerStream } from '../../http/answer.ts';
import type { SlowReader, UnsentBytes } from './unsent.ts';
import { unsentBytes } from './unsent.ts';

const encoder = new TextEncoder();

export interface StreamEvent {
  readonly event: string;
  /**
   * The position that the reader has reached with this event; absent if a cut right after it would
   * lose something.
   */
  readonly id?: string;
  /** JSON text, without line breaks. */
  readonly data: string;
}

export function encodeEvents(events: readonly StreamEvent[]): Uint8Array {
  let text = '';
  for (const { event, id, data } of events) {
    if (id !== undefined) text += `id: ${id}\n`;
    text += `event: ${event}\ndata: ${data}\n\n`;
  }
  return encoder.encode(text);
}

export interface StreamOwner {
  /** A chunk was refused before; now one would be accepted. */
  onReady(): void;
  /** Called once, no matter which side ends it. */
  onClose(): void;
}

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
} as const;

export class EventStream implements SlowReader, AnswerStream {
  readonly answer: Answer = { status: 200, headers, body: this };
  private state: 'opening' | 'open' | 'behind' | 'closed' = 'opening';
  private readonly owner: StreamOwner;
  private first: Uint8Array | null;
  private sink: AnswerSink | null = null;
  private finish: { resolve(): void; reject(): void } | null = null;
  private refused = false;
  private readonly unsent: UnsentBytes;

  /** `first` is sent at once. */
  constructor(first: Uint8Array, owner: StreamOwner, unsent: UnsentBytes = unsentBytes) {
    this.first = first;
    this.owner = owner;
    this.unsent = unsent;
  }

  /**
   * Sends a chunk. If the reader is behind or gone, the chunk is refused, and the owner is notified
   * once one would be accepted.
   */
  send(chunk: Uint8Array): boolean {
    if (this.state !== 'open') {
      this.refused = true;
      return false;
    }
    this.write(chunk);
    return true;
  }

  close(): void {
    if (this.state === 'closed') return;
    const { sink } = this;
    this.state = 'closed';
    this.first = null;
    this.sink = null;
    this.unsent.leave(this);
    sink?.close();
    this.finish?.resolve();
    this.owner.onClose();
  }

  cancel(): void {
    this.close();
  }

  /** Drops the pending bytes: the connection is reset, and the reader resumes where it was. */
  cut(): void {
    if (this.state === 'closed') return;
    // A reset frees what the sink keeps; an orderly end would not.
    this.finish?.reject();
    this.sink = null;
    this.close();
  }

  /** The server is ready for the body, which ends when the promise resolves. */
  begin(sink: AnswerSink): Promise<void> | undefined {
    if (this.first === null) {
      sink.close();
      return undefined;
    }
    this.sink = sink;
    const { first } = this;
    this.first = null;
    this.state = 'open';
    this.write(first);
    if (this.state === 'open') this.ready();
    return new Promise((resolve, reject) => {
      // Without a reason, which would be written to the terminal.
      // oxlint-disable-next-line prefer-promise-reject-errors
      this.finish = { resolve, reject: () => reject() };
      if (this.state === 'closed') this.finish.reject();
    });
  }

  private write(chunk: Uint8Array): void {
    const { sink } = this;
    if (sink === null) return;
    // A promise if the chunk exceeds the system's buffers: it is kept, and the promise resolves
    // once it is sent.
    const written: number | Promise<number> = sink.write(chunk);
    void sink.flush();
    if (typeof written === 'number') return;
    this.state = 'behind';
    this.unsent.enter(this, chunk.length);
    const drained = (): void => {
      if (this.state !== 'behind') return;
      this.unsent.leave(this);
      this.state = 'open';
      this.ready();
    };
    written.then(drained, drained);
  }

  private ready(): void {
    if (!this.refused) return;
    this.refused = false;
    this.owner.onReady();
  }
}
