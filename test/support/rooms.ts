/**
 * The rooms of the repository and the layers of the engine: what each is, and what it may import.
 * The documents' tables are made of this.
 */

/** Paths begin at the root. A room may always import itself. */
export type Room = {
  /** One sentence, which may hold markdown. */
  readonly is: string;
  /** Rooms that it may import. */
  readonly values: readonly string[];
  /** Rooms of which it may name types, and nothing more. */
  readonly types: readonly string[];
  /** Single files of other rooms that it may import. */
  readonly files?: readonly string[];
  /**
   * Of these rooms it may import the lower layers too, beside the types: what is below `rules/`.
   */
  readonly reads?: readonly string[];
};

/** The sentence of an error: a file of no room. Rooms that import any room may import it. */
export const reasonForAll = 'src/reason.ts';
/** What a minor unit of a currency is: one table for all, in the sdk, which imports nothing. */
export const moneyForAll = 'sdk/src/money.ts';
/** All that pages and commands see of the sdk. */
export const sdkEntry = 'sdk/src/index.ts';
/** What a gate sees of it. */
export const gateEntry = 'sdk/src/gate/index.ts';

export const rooms: Readonly<Record<string, Room>> = {
  'src/engine/': {
    is: 'The state machine: sales, holds, orders, seats, customers, keys. No I/O, no clock, no randomness, no `async`.',
    values: [],
    types: [],
  },
  'src/log/': {
    is: 'The ordered log of bytes: its interface and its frames. `file/` is the real one; `memory/` is a disk in memory that can fail on purpose.',
    values: [],
    types: [],
  },
  'src/replica/': {
    is: 'What every process does that replays the log: it applies batches and compares outcomes.',
    values: ['src/engine/'],
    types: ['src/log/'],
  },
  'src/node/': {
    is: 'The replica that sells: batches, keys in flight, duties, log time, recovery.',
    values: ['src/engine/', 'src/log/', 'src/replica/'],
    types: [],
  },
  'src/store/': {
    is: 'The data folder: opening it, its files, snapshots, records of followers, copies, trimming.',
    values: ['src/engine/', 'src/log/', 'src/replica/', 'src/node/'],
    types: [],
  },
  'src/http/': {
    is: "The listener: routing, limits of bodies, access, problems, OpenAPI. The only room that knows the runtime's server.",
    values: ['src/node/'],
    types: [],
  },
  'src/doors/': {
    is: 'A folder for each dialect of HTTP, each a table of operations: `v1/` is the native API with its streams, `gates/` its cards and taps; then `tickets/`, `drops/` with Socket.IO, `seats/`. `kit/` is what they share, `system/` the pages and health checks.',
    values: ['src/http/'],
    types: ['src/engine/', 'src/node/'],
    reads: ['src/engine/'],
    files: [moneyForAll],
  },
  'src/followers/': {
    is: 'What reads the log behind the sale, in a process of its own: `sql/` writes it as tables, `snapshots/` writes the state.',
    values: ['src/engine/', 'src/log/', 'src/replica/', 'src/store/'],
    types: [],
    files: [moneyForAll],
  },
  'src/rating/': {
    is: 'Fares of past days, computed again: what is due by the taps of the log, beside what was booked.',
    values: ['src/engine/', 'src/log/', 'src/replica/', 'src/store/'],
    types: [],
  },
  'src/proof/': {
    is: 'What measures the store, and what proves it by load and kill -9. `load/`, `readers/` and `processes/` make the traffic; `audit/` compares answers, state and log; `bench/` and `verify/` are the two proofs.',
    values: ['src/engine/', 'src/log/', 'src/replica/', 'src/store/', 'src/rating/', 'src/doors/', 'src/followers/'],
    types: [],
  },
  'src/cli/': {
    is: 'The commands, one file each. `settings.ts` checks every setting; `import/` reads events and seats, `gtfs/` the fares of a feed.',
    values: [
      'src/engine/',
      'src/log/',
      'src/replica/',
      'src/store/',
      'src/http/',
      'src/doors/',
      'src/followers/',
      'src/rating/',
      'src/proof/',
    ],
    types: ['src/node/'],
    files: [moneyForAll, sdkEntry, 'package.json'],
  },
  'sdk/': {
    is: 'The TypeScript client: typed calls, keys that are kept across retries, a stream that resumes.',
    values: [],
    types: [],
  },
  'web/': {
    is: 'The pages, in React. They know the store by HTTP and its stream only.',
    values: [],
    types: [],
    files: [sdkEntry, gateEntry],
  },
  'bench/': {
    is: 'Measurements beside other stacks. Its own package, since no other stack is a dependency of the product.',
    values: ['src/proof/'],
    types: [],
    files: ['src/cli/flags.ts', 'src/store/user-error.ts'],
  },
};

/**
 * A layer of the engine: its files without `.ts` (`*` is what else lies in the folder), and what
 * they are.
 */
export type Layer = { readonly files: readonly string[]; readonly is: string };

/** Lowest first. A file imports from its own layer and from those below it. */
export const engineLayers: readonly Layer[] = [
  { files: ['base/*'], is: 'Columns, arenas, hashes, indexes: nothing of sales.' },
  {
    files: ['command', 'outcomes', 'outcome', 'tap-outcomes', 'fingerprint', 'changes'],
    is: 'What goes in and what comes out: the head of every command, the table of outcomes, what changed.',
  },
  { files: ['commands/*'], is: 'A file a noun: what its commands say, and how that stands in a record.' },
  {
    files: ['tables/*'],
    is: 'A file a noun: its columns and states, how it is read, what a snapshot keeps of it.',
  },
  { files: ['state'], is: 'All tables together.' },
  { files: ['order-sums', 'rule-text'], is: 'What an order comes to; the rule of a fare in words.' },
  {
    files: ['rules/*'],
    is: 'A file a noun: what is refused and what is done, in the order in which it is decided. `kinds.ts` has a row a kind; `stock.ts` alone moves `sold` and `held`.',
  },
  { files: ['engine', 'record'], is: 'Applying a record; a command as bytes.' },
  { files: ['dump', 'dump-gates', 'snapshot'], is: 'The state as plain objects, and as bytes.' },
];

/** The layer of a file of the engine; -1 where it has none. */
export function layerOf(path: string): number {
  const name = path.slice('src/engine/'.length, -'.ts'.length);
  const folder = `${name.split('/', 1)[0]}/*`;
  return engineLayers.findIndex(({ files }) => files.includes(name) || (name.includes('/') && files.includes(folder)));
}

/** Whether a file of the engine lies below what changes the state. */
export const isBelowRules = (path: string): boolean => layerOf(path) < layerOf('src/engine/rules/stock.ts');

export const roomOf = (path: string): string | undefined =>
  Object.keys(rooms).find((folder) => path.startsWith(folder));
