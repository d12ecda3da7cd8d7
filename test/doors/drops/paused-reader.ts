/** A WebSocket made of bytes, whose reader can be paused and resumed, which no client offers. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { requestText } from '../../http/support/raw.ts';

export const upgrade = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
];

export class PausedReader {
  private readonly socket: net.Socket;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('error', () => {});
  }

  /** Connects, and reads nothing but the answer to the upgrade. */
  static async open(port: number): Promise<PausedReader> {
    const socket = net.connect(port, '127.0.0.1');
    const reader = new PausedReader(socket);
    socket.write(requestText('GET', '/socket.io/?EIO=4&transport=websocket', upgrade));
    const head = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.pause();
    const end = head.indexOf('\r\n\r\n') + 4;
    assert.match(head.subarray(0, end).toString(), /^HTTP\/1\.1 101 /);
    socket.unshift(head.subarray(end));
    return reader;
  }

  /** Short text, masked as clients must. */
  send(message: string): void {
    assert.ok(message.length < 126);
    const frame = Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0]);
    this.socket.write(Buffer.concat([frame, Buffer.from(message)]));
  }

  /** Reads on, and hands over each text message. */
  read(hear: (message: string) => void): void {
    let received: Buffer = Buffer.alloc(0);
    this.socket.on('data', (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      for (let frame = readFrame(received); frame !== null; frame = readFrame(received)) {
        hear(frame.text);
        received = received.subarray(frame.end);
      }
    });
    this.socket.resume();
  }

  end(): void {
    this.socket.destroy();
  }
}

/** The first whole frame, as a server sends it: not masked, and shorter than 64 KiB. */
function readFrame(bytes: Buffer): { text: string; end: number } | null {
  if (bytes.length < 2) return null;
  const isLong = bytes[1] === 126;
  if (isLong && bytes.length < 4) return null;
  const start = isLong ? 4 : 2;
  const end = start + (isLong ? bytes.readUInt16BE(2) : bytes[1]!);
  return bytes.length < end ? null : { text: bytes.subarray(start, end).toString(), end };
}
