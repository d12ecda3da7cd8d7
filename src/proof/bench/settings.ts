/** The options of a benchmark, and their defaults. */

export interface BenchSettings {
  /** Address of a running server, without a slash at the end; null starts one of our own. */
  readonly url: string | null;
  /**
   * The operator key of the server at `url`, which we have and its buyers have not; null where it
   * has none.
   */
  readonly operatorKey: string | null;
  /** hold-confirm: where the drops dialect of the server at `url` listens. */
  readonly dropsPort: number;
  /** Interleaved rounds; fewer than six have no 95 % interval. */
  readonly rounds: number;
  /** Length of the measured part of a run, and of the warm-up before it, ms. */
  readonly measureMs: number;
  readonly warmupMs: number;
  /** Numbers of connections to measure at. */
  readonly connections: readonly number[];
  /** recovery: records in the log. */
  readonly records: number;
  /** cards, day: how many are issued; null for the benchmark's own number. */
  readonly cards: number | null;
  /** rush: users at once. */
  readonly users: number;
  /** expiry: holds that end in one second. */
  readonly holds: number;
  /** streams: readers of Server-Sent Events, and Socket.IO clients. */
  readonly readers: number;
  readonly sockets: number;
  /**
   * follow: address of a PostgreSQL to follow into as well, in databases of the benchmark's own;
   * null for none.
   */
  readonly postgres: string | null;
  /** rush: against a server of our own and the bare one, in turn. */
  readonly compare: boolean;
  /** day: taps, the gates that they come from, and how often the server is killed. */
  readonly taps: number;
  readonly gates: number;
  readonly kills: number;
  /** day: whether the SQL views catch up with it afterwards, timed apart. */
  readonly views: boolean;
  readonly seed: number;
  /** Takes a sentence about the progress. */
  readonly progress: (sentence: string) => void;
}

export const defaults: BenchSettings = {
  url: null,
  operatorKey: null,
  dropsPort: 4000,
  rounds: 9,
  measureMs: 2000,
  warmupMs: 400,
  connections: [64, 256],
  records: 2_000_000,
  cards: null,
  users: 1000,
  holds: 100_000,
  readers: 10_000,
  sockets: 2000,
  postgres: null,
  compare: false,
  taps: 24_000_000,
  gates: 1000,
  kills: 5,
  views: false,
  seed: 1,
  progress: () => {},
};
