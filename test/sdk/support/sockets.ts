/** The server's side of WebSockets, as far as binary messages go, for stores that misbehave. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const binary = 2;
const closing = 8;

export class Socket {
  private readonly duplex: Duplex;
  private rest: Buffer = Buffer.alloc(0);

  /** Takes an upgrade with its first subprotocol. */
  constructor(request: IncomingMessage, duplex: Duplex, onMessage: (bytes: Buffer, socket: Socket) => void) {
    this.duplex = duplex;
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key'] ?? ''}${guid}`)
      .digest('base64');
    const [protocol = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    head.push(`Sec-WebSocket-Accept: ${accept}`, `Sec-WebSocket-Protocol: ${protocol.trim()}`);
    duplex.write(`${head.join('\r\n')}\r\n\r\n`);
    duplex.on('error', () => {});
    duplex.on('data', (bytes: Buffer) => {
      this.rest = Buffer.concat([this.rest, bytes]);
      for (let message = this.next(); message !== null; message = this.next()) onMessage(message, this);
    });
  }

  send(bytes: Uint8Array, kind = binary): void {
    const long = bytes.byteLength > 125;
    const head = Buffer.alloc(long ? 4 : 2);
    head[0] = 0x80 | kind;
    head[1] = long ? 126 : bytes.byteLength;
    if (long) head.writeUInt16BE(bytes.byteLength, 2);
    this.duplex.write(Buffer.concat([head, bytes]));
  }

  cut(): void {
    this.duplex.destroy();
  }

  /** The next whole binary message, without its mask. */
  private next(): Buffer | null {
    const { rest } = this;
    if (rest.length < 6) return null;
    const [kind = 0, size = 0] = rest;
    const [length, at] = (size & 0x7f) === 126 ? [rest.readUInt16BE(2), 4] : [size & 0x7f, 2];
    if (rest.length < at + 4 + length) return null;
    const mask = rest.subarray(at, at + 4);
    const bytes = Buffer.from(rest.subarray(at + 4, at + 4 + length)).map((byte, index) => byte ^ mask[index % 4]!);
    this.rest = rest.subarray(at + 4 + length);
    if ((kind & 0xf) === closing) this.cut();
    return (kind & 0xf) === binary ? Buffer.from(bytes) : this.next();
  }
}
