/**
 * The queue's file: appended to, and synced before a tap counts as stored. Many taps share a sync.
 * It is written anew when it is opened, and when most of it is acknowledged.
 *
 * What a crash leaves:
 *
 *     torn or damaged records     are left out; the store reports the gap, and is told to skip it
 *     taps that nobody decided    were not let through, or the store has them: denied by the gate
 *     no file, or no head         the counter is lost: a new random epoch begins
 */
import { FileLock } from './file-lock.ts';
import type { NodeFiles, NodeMachine } from './node-files.ts';
import { codeOf, nodeFiles, nodeMachine, replaceFile } from './node-files.ts';
import type { QueueHead, QueueRecord, TapNumber } from './queue-records.ts';
import { headBytes, readHead, readRecord, recordBytes, recordKinds, writeHead, writeRecord } from './queue-records.ts';
import type { QueuedTap, TapStore } from './tap-queue.ts';
import { recordOf } from './tap-queue.ts';

/** A file at least this large is written anew once less than a quarter of it is queued taps. */
const compactBytes = 4 << 20;

/** What a queue's file holds. */
export interface Loaded {
  /** Null: there is none, or its head is damaged. */
  readonly head: QueueHead | null;
  readonly taps: readonly QueuedTap[];
  /** Records that cannot be read, but for a torn one at the end. */
  readonly damaged: number;
}

/** What is queued now, to write the file anew. */
export type Present = () => { readonly head: QueueHead; readonly taps: Iterable<QueuedTap>; readonly count: number };

export class QueueFile implements TapStore {
  readonly loaded: Loaded;
  /** Where a file without a readable head was put; null for none. */
  readonly setAside: string | null = null;
  private readonly files: NodeFiles;
  private readonly machine: NodeMachine;
  private readonly path: string;
  private readonly lock: FileLock;
  private present: Present | null = null;
  private fd = -1;
  private size = 0;
  private added: Uint8Array = new Uint8Array(64 * recordBytes);
  private used = 0;
  /** The latest acknowledgement, which goes along with the next records. */
  private acknowledged: QueueRecord | null = null;
  private writing: Promise<void> | null = null;
  private waiting: Promise<void> | null = null;
  private failure: Error | null = null;

  /**
   * Opens and locks it. @throws Error when another process uses it, or the folder is not there
   */
  constructor(path: string, files: NodeFiles = nodeFiles(), machine: NodeMachine = nodeMachine()) {
    this.files = files;
    this.machine = machine;
    const folder = files.realpathSync(machine.folderOf(path));
    this.path = `${folder}/${machine.nameOf(path)}`;
    this.lock = new FileLock(files, machine, `${this.path}.lock`);
    try {
      const bytes = this.read();
      this.loaded = loadQueue(bytes);
      if (bytes.byteLength > 0 && this.loaded.head === null) {
        this.setAside = `${this.path}.damaged-${Date.now()}`;
        files.renameSync(this.path, this.setAside);
      }
    } catch (error) {
      this.lock.release();
      throw error;
    }
  }

  /** Writes it anew with what is queued, and from now on when it has grown. */
  begin(present: Present): void {
    this.present = present;
    this.rewrite();
  }

  add(record: QueueRecord): void {
    if (record.kind === recordKinds.acknowledged) {
      this.acknowledged = record;
      return;
    }
    this.put(record);
  }

  synced(): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    if (this.waiting !== null) return this.waiting;
    const before = this.writing ?? Promise.resolve();
    this.waiting = before.then(() => {
      this.writing = this.waiting;
      this.waiting = null;
      return this.write();
    });
    return this.waiting;
  }

  async close(): Promise<void> {
    try {
      if (this.failure === null) await this.synced();
    } finally {
      if (this.fd >= 0) this.files.closeSync(this.fd);
      this.fd = -1;
      this.failure ??= new Error('the queue is closed');
      this.lock.release();
    }
  }

  private read(): Uint8Array {
    try {
      return this.files.readFileSync(this.path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return new Uint8Array(0);
      throw error;
    }
  }

  private put(record: QueueRecord): void {
    if (this.used + recordBytes > this.added.byteLength) {
      const grown = new Uint8Array(2 * this.added.byteLength);
      grown.set(this.added);
      this.added = grown;
    }
    writeRecord(new DataView(this.added.buffer), this.used, record);
    this.used += recordBytes;
  }

  private async write(): Promise<void> {
    try {
      if (!this.lock.isMine()) throw new Error(`another process has taken the queue ${this.path}`);
      if (this.acknowledged !== null) this.put(this.acknowledged);
      this.acknowledged = null;
      if (this.isMostlyDone()) this.rewrite();
      else await this.append();
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      throw this.failure;
    }
  }

  private async append(): Promise<void> {
    const bytes = this.added.slice(0, this.used);
    this.used = 0;
    let written = 0;
    while (written < bytes.byteLength) written += await this.writeSome(bytes, written);
    this.size += bytes.byteLength;
    await new Promise<void>((resolve, reject) => {
      this.files.fdatasync(this.fd, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  private writeSome(bytes: Uint8Array, from: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.files.write(this.fd, bytes, from, bytes.byteLength - from, null, (error, written) =>
        error === null ? resolve(written) : reject(error),
      );
    });
  }

  private isMostlyDone(): boolean {
    const count = this.present?.().count ?? 0;
    return this.size >= compactBytes && 4 * count * recordBytes < this.size;
  }

  private rewrite(): void {
    if (this.present === null) throw new Error('the queue has not begun');
    const { head, taps, count } = this.present();
    const bytes = new Uint8Array(headBytes + count * recordBytes);
    const view = new DataView(bytes.buffer);
    writeHead(view, head);
    let at = headBytes;
    for (const tap of taps) {
      writeRecord(view, at, recordOf(tap));
      at += recordBytes;
    }
    replaceFile(this.files, this.path, bytes, this.machine.folderOf(this.path));
    if (this.fd >= 0) this.files.closeSync(this.fd);
    this.fd = this.files.openSync(this.path, 'a');
    this.size = bytes.byteLength;
    // All that was added is among what is queued, or is acknowledged.
    this.used = 0;
  }
}

/** What the bytes of a queue's file say. */
export function loadQueue(bytes: Uint8Array): Loaded {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = readHead(view);
  if (first === null) return { head: null, taps: [], damaged: 0 };
  let head = first;
  const queued = new Map<string, QueuedTap>();
  let damaged = 0;
  let unread = 0;
  for (let at = headBytes; at < bytes.byteLength; at += recordBytes) {
    const record = readRecord(view, at);
    if (record === null) {
      unread += 1;
      continue;
    }
    damaged += unread;
    unread = 0;
    if (record.kind === recordKinds.tap) head = headAfter(head, record.tap);
    apply(queued, record);
  }
  const taps = [...queued.values()];
  for (const tap of taps) if (tap.decided === 'none') tap.decided = 'denied';
  return { head, taps, damaged };
}

/** The counter after one more tap: it goes back only where a new epoch begins. */
function headAfter({ epoch, nextSequence }: QueueHead, tap: TapNumber): QueueHead {
  const next = tap.sequence + 1;
  return { epoch: tap.epoch, nextSequence: tap.epoch === epoch ? Math.max(nextSequence, next) : next };
}

function apply(queued: Map<string, QueuedTap>, { kind, tap, corrects }: QueueRecord): void {
  const { epoch, sequence, decided, card, direction, station, atMs } = tap;
  const name = `${epoch}/${sequence}`;
  if (kind === recordKinds.tap) {
    const passage = { card, direction, station, atMs };
    queued.set(name, {
      epoch,
      sequence,
      passage,
      decided,
      corrects,
      isStored: true,
      isFromFile: true,
      sends: 0,
      isCorrected: false,
      onOutcome: null,
    });
    const corrected = corrects === null ? undefined : queued.get(`${corrects.epoch}/${corrects.sequence}`);
    if (corrected !== undefined) corrected.isCorrected = true;
  } else if (kind === recordKinds.decision) {
    const found = queued.get(name);
    if (found !== undefined) found.decided = decided;
  } else {
    const isKnown = queued.has(name);
    for (const [key, one] of queued) {
      // Without the tap itself, which was damaged: those of its epoch up to its number.
      if (!isKnown && !(one.epoch === epoch && one.sequence <= sequence)) continue;
      queued.delete(key);
      if (key === name) return;
    }
  }
}
