/**
 * Server-Sent Events to one reader. Chunks are shared between readers, so a reader costs its socket and little else. One that does not
 * keep up is closed, never buffered without bound: it comes back and resumes at its position.
 */

/** What a reader may be behind before it is closed, bytes. */
const mostBehindBytes = 256 * 1024;

const encoder = new TextEncoder();

export interface StreamEvent {
  readonly event: string;
  /** Where the reader is when it has this event; left out where a cut right behind it would lose something. */
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

export class EventStream {
  readonly response: Response;
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  private readonly onClose: () => void;

  /** `first` is sent at once; `onClose` is called once, whoever ends it. */
  constructor(first: Uint8Array, onClose: () => void) {
    this.onClose = onClose;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
          controller.enqueue(first);
        },
        cancel: () => this.close(),
      },
      { highWaterMark: mostBehindBytes, size: (chunk) => chunk?.length ?? 0 },
    );
    this.response = new Response(body, {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
    });
  }

  get isOpen(): boolean {
    return this.controller !== null;
  }

  send(chunk: Uint8Array): void {
    const { controller } = this;
    if (controller === null) return;
    if ((controller.desiredSize ?? 0) <= 0) {
      this.close();
      return;
    }
    controller.enqueue(chunk);
  }

  close(): void {
    const { controller } = this;
    if (controller === null) return;
    this.controller = null;
    try {
      controller.close();
    } catch {
      // The reader cancelled it already.
    }
    this.onClose();
  }
}
