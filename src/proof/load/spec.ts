/**
 * The messages to and from the load process. One process serves many runs, one after the other: it
 * stays warm, and a run can use what an earlier one was told, such as the ids of holds.
 */

export interface LoadSpec {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** `{id}` in the path is replaced by the id of the next thing of `things`. */
  readonly path: string;
  /**
   * In it `{lane}` is the number of the connection, from 1; `{count}` that of the request on it;
   * and `{way}` is "in" and "out" in turn.
   */
  readonly body: string;
  readonly pacing: Pacing;
  /** Not counted in rates and latencies, but counted among the answers. */
  readonly warmupMs: number;
  readonly measureMs: number;
  /** The maximum number of requests, warm-up included. */
  readonly maxRequests?: number;
  /** How long the run waits for answers after the last request. Default 10 s. */
  readonly drainMs?: number;
  /** Processes whose CPU time is read at both ends of the measured part. */
  readonly cpuOf?: readonly number[];
  /** The member of each 2xx answer's body that differs in every answer: a number or a text. */
  readonly distinct?: string;
  /**
   * Keeps that member of every 2xx answer under this name, as the id of a thing for a later run.
   */
  readonly keepAs?: string;
  /** Keeps the member `token` of those answers too: the later run then sends it with the id. */
  readonly keepTokens?: boolean;
  /** Takes the things kept under this name, each once; the run ends with them. */
  readonly things?: string;
  /** Keeps one answer in this many whole, with its key. */
  readonly sampleEvery?: number;
}

export type Pacing =
  /**
   * Each connection sends when it has its answer. This gives the highest rate, but hides stalls.
   */
  | { readonly kind: 'closed' }
  /**
   * Requests are due at a constant rate, independent of the answers. Latency counts from when each
   * was due.
   */
  | { readonly kind: 'open'; readonly perSecond: number };

export interface Sample {
  readonly key: string;
  readonly path: string;
  /** The token that the request carried. */
  readonly token: string | null;
  readonly status: number;
  readonly body: string;
}

export interface LoadResult {
  /** Length of the measured part, and the answers in it. */
  readonly elapsedMs: number;
  readonly answeredInWindow: number;
  readonly perSecond: number;
  /** All answers of the run, warm-up and drain included, by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /**
   * Requests that were sent and got no answer: the connection was lost, or it was too late. Their
   * outcome is unknown.
   */
  readonly unanswered: number;
  /** Open loop: due, but never sent. */
  readonly unsent: number;
  readonly reconnects: number;
  /**
   * CPU seconds a second of the load process, and of the processes of `cpuOf`, in the measured
   * part.
   */
  readonly generatorCpu: number;
  readonly serverCpu: number;
  /**
   * The same of everything else on the machine, the kernel's own threads included; 0 where unknown.
   */
  readonly othersCpu: number;
  readonly distinct: DistinctResult | null;
  readonly samples: readonly Sample[];
  readonly latency: Latency | null;
}

/** Over all 2xx answers of the run. Texts count by a 53-bit hash, and have no lowest or highest. */
export interface DistinctResult {
  readonly answers: number;
  readonly different: number;
  readonly lowest: number | null;
  readonly highest: number | null;
}

/**
 * Milliseconds from the time a request was due to its answer; `lateSend*`: from due to sent while a
 * connection was free, which is the generator's own share.
 */
export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  readonly lateSendP50: number;
  readonly lateSendP99: number;
}
