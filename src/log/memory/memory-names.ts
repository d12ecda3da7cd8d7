/**
 * Which name means which file, and what a power cut may undo of that.
 *
 * Invariant: applying all of `unsynced` to `durable`, in order, gives `current`.
 */
import { basename, dirname } from 'node:path';
import type { Loss, MemoryFile } from './memory-file.ts';

type Change =
  | { readonly kind: 'link'; readonly path: string; readonly file: MemoryFile }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string; readonly file: MemoryFile };

type Names = Map<string, MemoryFile>;

export class MemoryNames {
  private current: Names = new Map();
  private durable: Names = new Map();
  private unsynced: Change[] = [];

  list(folder: string): string[] {
    return [...this.current.keys()].filter((path) => dirname(path) === folder).map((path) => basename(path));
  }

  has(path: string): boolean {
    return this.current.has(path);
  }

  get(path: string): MemoryFile {
    const file = this.current.get(path);
    if (file === undefined) throw Object.assign(new Error(`ENOENT: '${path}'`), { code: 'ENOENT' });
    return file;
  }

  contents(): Map<string, Uint8Array> {
    return new Map([...this.current].map(([path, file]) => [path, file.content]));
  }

  totalBytes(): number {
    let total = 0;
    for (const file of this.current.values()) total += file.size;
    return total;
  }

  link(path: string, file: MemoryFile): void {
    this.change({ kind: 'link', path, file });
  }

  unlink(path: string): void {
    if (this.current.has(path)) this.change({ kind: 'unlink', path });
  }

  rename(from: string, to: string): void {
    this.change({ kind: 'rename', path: from, to, file: this.get(from) });
  }

  sync(folder: string): void {
    const rest: Change[] = [];
    for (const change of this.unsynced) {
      if (dirname(change.path) === folder) apply(this.durable, change);
      else rest.push(change);
    }
    this.unsynced = rest;
  }

  crash(loss: Loss, random: () => number): void {
    if (loss === 'nothing') return;
    const linked = this.unsynced.flatMap((change) => (change.kind === 'unlink' ? [] : [change.file]));
    for (const file of new Set([...this.durable.values(), ...linked])) file.crash(loss, random);
    for (const change of this.unsynced) {
      if (loss === 'some' && random() < 0.5) apply(this.durable, change);
    }
    this.current = new Map(this.durable);
    this.unsynced = [];
  }

  copy(): MemoryNames {
    const files = new Map<MemoryFile, MemoryFile>();
    const twin = (file: MemoryFile): MemoryFile => {
      const known = files.get(file) ?? file.copy();
      files.set(file, known);
      return known;
    };
    const copy = new MemoryNames();
    copy.current = new Map([...this.current].map(([path, file]) => [path, twin(file)]));
    copy.durable = new Map([...this.durable].map(([path, file]) => [path, twin(file)]));
    copy.unsynced = this.unsynced.map((each) => (each.kind === 'unlink' ? each : { ...each, file: twin(each.file) }));
    return copy;
  }

  private change(change: Change): void {
    this.unsynced.push(change);
    apply(this.current, change);
  }
}

/** A rename moves its file even when the creation of that file's earlier name was lost. */
function apply(names: Names, change: Change): void {
  if (change.kind === 'link') names.set(change.path, change.file);
  else if (change.kind === 'unlink') names.delete(change.path);
  else {
    if (names.get(change.path) === change.file) names.delete(change.path);
    names.set(change.to, change.file);
  }
}
