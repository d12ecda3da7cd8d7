/** What every store behind a peer needs: a readiness check and a version. */
import { connect } from 'node:net';
import { outputOf } from './machine.ts';

const startWithinMs = 20_000;

export function versionOf(command: readonly string[], pattern: RegExp): string {
  return pattern.exec(outputOf(command))?.[1] ?? 'of unknown version';
}

/** Resolves when a server listens on the port. */
export async function listening(port: number): Promise<void> {
  const untilMs = performance.now() + startWithinMs;
  while (!(await accepts(port))) {
    if (performance.now() > untilMs) throw new Error(`nothing listened on port ${port} within ${startWithinMs} ms`);
    await Bun.sleep(50);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
