/** A line between a client and a store that is cut at any byte. */
import type { AddressInfo, Socket } from 'node:net';
import net from 'node:net';
import type { Random } from '../../engine/random.ts';

/** A proxy to a store that cuts each connection after a random number of bytes, at any point. */
export async function withCuts(
  url: string,
  random: Random,
  use: (url: string, cuts: () => number) => Promise<void>,
): Promise<void> {
  let cuts = 0;
  const open = new Set<Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(new URL(url).port), '127.0.0.1');
    let left = 200 + random.below(4000);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (bytes: Buffer) => {
      if (left <= 0) return;
      const passed = bytes.subarray(0, left);
      left -= bytes.length;
      near.write(passed, () => {
        if (left > 0) return;
        cuts += 1;
        near.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => cuts);
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
