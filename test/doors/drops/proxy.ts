/**
 * A proxy between a client and a store that passes all of HTTP but some headers, as many do that
 * know nothing of upgrades.
 */
import net from 'node:net';
import type { AddressInfo } from 'node:net';

export class StrippingProxy {
  /** First lines of the requests that passed through. */
  readonly asked: string[] = [];
  private readonly server: net.Server;
  private readonly sockets = new Set<net.Socket>();

  private constructor(targetPort: number, dropped: readonly string[]) {
    const lines = new RegExp(`\\r\\n(?:${dropped.join('|')}):[^\\r\\n]*`, 'gi');
    this.server = net.createServer((client) => {
      const store = net.connect(targetPort, '127.0.0.1');
      for (const socket of [client, store]) {
        this.sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          this.sockets.delete(socket);
          (socket === client ? store : client).destroy();
        });
      }
      store.on('data', (bytes) => client.write(bytes));
      // Nothing that these clients send in a body looks like a header, and their heads come in one
      // piece.
      client.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (/^[A-Z]+ \//.test(text)) this.asked.push(text.slice(0, text.indexOf('\r\n')));
        store.write(text.replaceAll(lines, ''), 'latin1');
      });
    });
  }

  /** Listens before `targetPort`, and leaves out the headers that are named. */
  static async before(targetPort: number, ...dropped: readonly string[]): Promise<StrippingProxy> {
    const proxy = new StrippingProxy(targetPort, dropped);
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
