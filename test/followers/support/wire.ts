/**
 * A wire between a client and a server on this machine, which a test cuts, or lets go dead, at the
 * moment it chooses.
 */
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/**
 * What happens to a client's bytes. `cut`: they do not arrive, and the connection is gone.
 * `pass and cut`: they arrive, the client is gone, and the server does not hear of that. `swallow`:
 * they do not arrive, and neither side hears of it.
 */
export type Fate = 'pass' | 'cut' | 'pass and cut' | 'swallow';

export class Wire {
  readonly port: number;
  /** Decides about each piece that a client sends. */
  onSent: (bytes: Buffer) => Fate = () => 'pass';
  /**
   * Nothing comes through any more in either direction, and neither end hears that the other one is
   * gone.
   */
  dead = false;
  /** Connections that were made over it so far. */
  connections = 0;
  private readonly server: Server;
  private readonly ends = new Set<Socket>();

  private constructor(server: Server, port: number, target: number) {
    this.server = server;
    this.port = port;
    server.on('connection', (client) => this.join(client, connect(target, '127.0.0.1')));
  }

  static async to(target: number): Promise<Wire> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('it listens nowhere');
    return new Wire(server, address.port, target);
  }

  /** Cuts every connection, from the next piece on. */
  cut(): void {
    for (const end of this.ends) end.destroy();
  }

  async close(): Promise<void> {
    this.dead = false;
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, server: Socket): void {
    this.connections += 1;
    /** The client is gone, and the server does not hear of it. */
    let leaves = false;
    const cut = (): void => {
      if (this.dead) return;
      client.destroy();
      if (!leaves) server.destroy();
    };
    for (const end of [client, server]) {
      this.ends.add(end);
      end.on('error', cut);
      end.on('close', () => {
        this.ends.delete(end);
        cut();
      });
    }
    server.on('data', (bytes: Buffer) => {
      if (!this.dead) client.write(bytes);
    });
    client.on('data', (bytes: Buffer) => {
      if (this.dead) return;
      const fate = this.onSent(bytes);
      if (fate === 'pass') server.write(bytes);
      else if (fate === 'cut') cut();
      else if (fate === 'pass and cut') {
        server.write(bytes);
        leaves = true;
        client.destroy();
      }
    });
  }
}

/**
 * For `onSent`: something happens to the first piece that holds a text, and nothing to the others.
 */
export function once(text: string, fate: Fate): (bytes: Buffer) => Fate {
  let met = false;
  return (bytes) => {
    if (met || !bytes.includes(text)) return 'pass';
    met = true;
    return fate;
  };
}
