/**
 * /v1/taps/stream: batches of taps over a WebSocket, several in flight, each answered once it is
 * durable.
 *
 *     received -> checked -> in flight -> answered -> sent, in the order received
 *                    |                       |
 *                    +-------- problem ------+
 *
 *     client: u32 number of the batch, taps
 *     server: the same number, u32 status (0: taken), outcomes or a problem in JSON
 */
import { Command } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { Bytes } from '../../http/answer.ts';
import type { BatchReader, BatchSocket } from '../../http/batch-sockets.ts';
import { BatchSockets } from '../../http/batch-sockets.ts';
import { failureOf } from '../../http/failures.ts';
import type { Logger } from '../../http/logging.ts';
import { describe } from '../../http/logging.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Node } from '../../node/node.ts';
import { problemText } from '../kit/native-errors.ts';
import type { SlowReader } from '../kit/unsent.ts';
import { unsentBytes } from '../kit/unsent.ts';
import { BinaryTaps, maxBinaryBytes } from './binary.ts';
import { outcomeBytes } from './outcomes.ts';
import type { TapsFiller } from './taps-fill.ts';

/** Of one connection, from receipt until the client has taken the answer. */
const maxBatchesInFlight = 64;
const maxBytesInFlight = 16 * 1024 * 1024;
/** Of all connections together, until they are answered. */
const maxBytesOfAll = 128 * 1024 * 1024;
const maxConnections = 10_000;
/** Number and status. */
const headBytes = 8;
const numberBytes = 4;

export class TapStreams {
  readonly sockets: BatchSockets;
  readonly node: Node;
  readonly filler: TapsFiller;
  readonly logger: Pick<Logger, 'error'>;
  /** All connections fill and submit one command, each in one turn. */
  readonly command = new Command();
  /** Bytes that came and are not answered, over all connections. */
  bytes = 0;

  constructor(node: Node, filler: TapsFiller, logger: Pick<Logger, 'error'>) {
    this.node = node;
    this.filler = filler;
    this.logger = logger;
    this.sockets = new BatchSockets({
      path: '/v1/taps/stream',
      protocol: 'holdfast.taps',
      keyPrefix: 'holdfast.key.',
      needs: 'tap',
      // One that is a little too long is answered; one that is far too long closes the connection.
      maxMessageBytes: 2 * maxBinaryBytes,
      maxUnsentBytes: maxBytesInFlight,
      maxConnections,
      open: (call, socket) => {
        // Asked for the right to tap before, so the key's row is known.
        return new TapStream(this, socket, call.keyRow);
      },
    });
  }
}

class Batch {
  readonly stream: TapStream;
  readonly number: number;
  readonly bytes: number;
  sent: BinaryTaps | null = null;
  answer: Bytes | null = null;

  constructor(stream: TapStream, number: number, bytes: number) {
    this.stream = stream;
    this.number = number;
    this.bytes = bytes;
  }

  resolve(answer: Bytes): void {
    this.answer = answer;
    this.sent = null;
    this.stream.flush();
  }

  reject(error: unknown): void {
    this.resolve(this.stream.refusal(this.number, error));
  }
}

class TapStream implements BatchReader, SlowReader {
  private readonly streams: TapStreams;
  private readonly socket: BatchSocket;
  private readonly key: number;
  /** In the order received, the oldest first. */
  private readonly batches: Batch[] = [];
  private bytes = 0;
  private state: 'open' | 'finishing' | 'closed' = 'open';

  constructor(streams: TapStreams, socket: BatchSocket, key: number) {
    this.streams = streams;
    this.socket = socket;
    this.key = key;
  }

  received(message: Uint8Array): void {
    if (this.state !== 'open') return;
    const { streams, socket, key } = this;
    const { state } = streams.node.engine;
    if (key >= 0 && state.accessKeys.isRemoved(key)) {
      this.end('the key was removed');
      return;
    }
    const bytes = message.length;
    if (this.batches.length >= maxBatchesInFlight || this.bytes + socket.unsentBytes + bytes > maxBytesInFlight) {
      this.end(`more than ${maxBatchesInFlight} batches or ${maxBytesInFlight} bytes in flight: wait for answers`);
      return;
    }
    const view = new DataView(message.buffer, message.byteOffset, bytes);
    const batch = new Batch(this, bytes < numberBytes ? 0 : view.getUint32(0, true), bytes);
    this.batches.push(batch);
    this.bytes += bytes;
    streams.bytes += bytes;
    try {
      this.submit(batch, message);
    } catch (error) {
      batch.reject(error);
    }
  }

  drained(): void {
    unsentBytes.leave(this);
  }

  closed(): void {
    this.state = 'closed';
    unsentBytes.leave(this);
    // What is in flight is applied, and told to the client that sends it again.
    this.streams.bytes -= this.bytes;
    this.bytes = 0;
    this.batches.length = 0;
  }

  cut(): void {
    this.socket.cut();
  }

  finish(): void {
    if (this.state === 'closed') return;
    this.state = 'finishing';
    if (this.batches.length === 0) this.socket.leave();
  }

  /** Sends what is answered, up to the first batch that is not. */
  flush(): void {
    const { batches, socket, streams } = this;
    if (this.state === 'closed') return;
    let sent = 0;
    while (sent < batches.length && batches[sent]!.answer !== null) {
      const { answer, bytes } = batches[sent]!;
      socket.send(answer!);
      this.bytes -= bytes;
      streams.bytes -= bytes;
      sent += 1;
    }
    batches.splice(0, sent);
    const { unsentBytes: waiting } = socket;
    if (waiting > 0) unsentBytes.enter(this, waiting);
    if (this.state === 'finishing' && batches.length === 0) socket.leave();
  }

  refusal(number: number, error: unknown): Bytes {
    const known = failureOf(error);
    if (known === null) this.streams.logger.error({ error: describe(error) }, 'a batch of taps failed');
    const { row, detail, errors } = known ?? new HttpFailure(problems.INTERNAL);
    return refusalOf(number, row.status, problemText(row, detail, errors));
  }

  private submit(batch: Batch, message: Uint8Array): void {
    const { node, filler, command, bytes } = this.streams;
    if (bytes > maxBytesOfAll) throw new HttpFailure(problems.NOT_TAKEN);
    if (message.length < numberBytes) {
      throw new HttpFailure(problems.INVALID_REQUEST, 'A message begins with the number of its batch, 4 bytes.');
    }
    batch.sent = new BinaryTaps(message, numberBytes);
    filler.fill(command, batch.sent, this.key);
    node.submitTo(command, this.render, batch);
  }

  private readonly render = (outcome: Outcome, { number, sent }: Batch): Bytes => {
    const { row } = outcome;
    if (!outcome.ok || sent === null) return refusalOf(number, row.status, problemText(row));
    const message = outcomeBytes(this.streams.node.engine.state, sent, outcome, headBytes);
    new DataView(message.buffer).setUint32(0, number, true);
    return message;
  };

  private end(reason: string): void {
    this.state = 'finishing';
    this.socket.refuse(reason);
  }
}

const encoder = new TextEncoder();

function refusalOf(number: number, status: number, problem: string): Bytes {
  const text = encoder.encode(problem);
  const message = new Uint8Array(headBytes + text.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, number, true);
  view.setUint32(4, status, true);
  message.set(text, headBytes);
  return message;
}
