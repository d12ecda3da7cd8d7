/**
 * One side of a comparison: a kind of request to one server, and the proof that its answers were
 * true.
 */
import type { LoadGenerator } from '../load/load-generator.ts';
import type { LoadResult, LoadSpec } from '../load/spec.ts';
import { prove } from '../audit/claim.ts';
import type { Claim } from '../audit/claim.ts';
import type { Endpoint } from '../processes/servers.ts';

export interface Side {
  readonly name: string;
  /** One run. @throws when what clients were told cannot be proved. */
  readonly run: (generator: LoadGenerator, shape: Shape) => Promise<LoadResult>;
}

/** What all sides of a round share. */
export interface Shape {
  readonly connections: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  readonly pacing: LoadSpec['pacing'];
}

export type Request = Pick<
  LoadSpec,
  'path' | 'body' | 'distinct' | 'keepAs' | 'keepTokens' | 'things' | 'sampleEvery' | 'maxRequests'
>;

/** One answer in this many is kept whole, and replayed with its key. */
export const sampleEvery = 200;

/** Runs one kind of request against a server. */
export function send(generator: LoadGenerator, server: Endpoint, request: Request, shape: Shape): Promise<LoadResult> {
  const { hostname, port } = new URL(server.url);
  return generator.run({ host: hostname, port: Number(port), cpuOf: server.pids, ...request, ...shape });
}

/**
 * A side whose runs are proved: the claims of the answers are compared with the counts before and
 * after.
 */
export function provenSide(
  name: string,
  server: Endpoint,
  request: Request,
  claim: Pick<Claim, 'counts' | 'yes' | 'no' | 'moves' | 'numbers' | 'hasTokens'>,
): Side {
  return {
    name,
    run: async (generator, shape) => {
      const before = await claim.counts();
      const result = await send(generator, server, request, shape);
      await prove({ address: server, body: request.body, result, before, ...claim });
      return result;
    },
  };
}

/** A side that is checked for status codes only. */
export function plainSide(name: string, server: Endpoint, request: Request, status: number): Side {
  return {
    name,
    run: async (generator, shape) => {
      const result = await send(generator, server, request, shape);
      const answered = result.statuses[status] ?? 0;
      const all = Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
      if (answered !== all || result.unanswered > 0) {
        throw new Error(`${name} answered ${JSON.stringify(result.statuses)}, ${result.unanswered} not at all`);
      }
      return result;
    },
  };
}
