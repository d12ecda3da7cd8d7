/**
 * Reads what strace saw of a server: which write to the log carried which key, which syncs have
 * returned, and when each yes went to its socket. The lines are in the order in which calls began;
 * interrupted calls have a second line when they end.
 */

interface Written {
  readonly line: number;
  readonly file: string;
}

interface Synced {
  readonly file: string;
  readonly began: number;
  readonly ended: number;
}

export interface Trace {
  /** The process that was traced. */
  readonly pid: number;
  /** Writes to the log, by the keys in them. */
  readonly writes: ReadonlyMap<string, Written>;
  readonly syncs: readonly Synced[];
  /** Lines at which a yes began to be sent, by what remained after it. */
  readonly answers: ReadonlyMap<number, number>;
}

/** `keys`: matches each key of the load. */
export function readTrace(text: string, keys: RegExp): Trace {
  const writes = new Map<string, Written>();
  const syncs: Synced[] = [];
  const answers = new Map<number, number>();
  /** Syncs on their way, by thread. */
  const syncing = new Map<string, { file: string; began: number }>();
  const lines = text.split('\n');
  for (const [number, line] of lines.entries()) {
    const [, thread = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const write = /^pwrite(?:64|v2?)\((\d+), .*HFRM/.exec(call);
    if (write !== null) for (const [key] of call.matchAll(keys)) writes.set(key, { line: number, file: write[1]! });
    const sync = /^f(?:data)?sync\((\d+)/.exec(call);
    if (sync !== null && call.includes('<unfinished')) syncing.set(thread, { file: sync[1]!, began: number });
    else if (sync !== null && call.endsWith('= 0')) syncs.push({ file: sync[1]!, began: number, ended: number });
    const resumed = /^<\.\.\. f(?:data)?sync resumed>.*= 0$/.test(call) ? syncing.get(thread) : undefined;
    if (resumed !== undefined) syncs.push({ ...resumed, ended: number });
    const remaining = /HTTP\/1\.1 200 OK.*seatsRemaining\\":(\d+)\}/.exec(call)?.[1];
    if (remaining !== undefined && !answers.has(Number(remaining))) answers.set(Number(remaining), number);
  }
  return { pid: Number(/^\d+/.exec(text)?.[0]), writes, syncs, answers };
}

/**
 * Each yes that was sent too early: before the return of a sync that began after its key was
 * written. `remaining`: the answer of each key.
 */
export function answeredUnsynced(trace: Trace, remaining: ReadonlyMap<string, number>): string[] {
  return [...remaining].flatMap(([key, left]) => {
    const written = trace.writes.get(key);
    const answered = trace.answers.get(left);
    if (written === undefined) return [`${key} was answered and never written`];
    if (answered === undefined) return [`the answer to ${key} is not in the trace`];
    const synced = trace.syncs.some(
      ({ file, began, ended }) => file === written.file && began > written.line && ended < answered,
    );
    return synced
      ? []
      : [`${key}: written in line ${written.line}, answered in line ${answered}, and not synced in between`];
  });
}
