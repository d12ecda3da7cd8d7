/** Buyers that buy seat after seat until the server is gone, and remember each yes. */
import http from 'node:http';
import { purchase } from './http.ts';
import type { Reply } from './http.ts';

export interface Load {
  /** The answer of each answered key. */
  readonly answered: ReadonlyMap<string, Reply>;
  /** Keys that were sent and not answered. */
  readonly unknown: ReadonlySet<string>;
  /** Resolves when every buyer has seen its connection end, or has been stopped. */
  readonly ended: Promise<void>;
  stop(): void;
}

let loads = 0;

export function startLoad(url: string, buyers: number): Load {
  loads += 1;
  const answered = new Map<string, Reply>();
  const unknown = new Set<string>();
  const agent = new http.Agent({ keepAlive: true, maxSockets: buyers });
  let stopped = false;
  const buyer = async (name: string): Promise<void> => {
    for (let i = 0; !stopped; i += 1) {
      const key = `${name}-${i}`;
      try {
        answered.set(key, await purchase(url, key, 1, agent));
      } catch {
        unknown.add(key);
        return;
      }
    }
  };
  const all = Array.from({ length: buyers }, (_, number) => buyer(`load-${loads}-${number}`));
  const ended = Promise.all(all).then(() => agent.destroy());
  return { answered, unknown, ended, stop: () => (stopped = true) };
}

/** Resolves when `count` purchases have been answered. */
export async function answeredAtLeast(load: Load, count: number): Promise<void> {
  while (load.answered.size < count) await new Promise((resolve) => setTimeout(resolve, 2));
}
