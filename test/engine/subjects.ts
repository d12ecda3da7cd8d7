/**
 * The engines under test behind one interface: the fast one, the same restored before every record,
 * and the reference.
 */
import type { Command } from '../../src/engine/command.ts';
import { Command as DecodedCommand } from '../../src/engine/command.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import { dump } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { restoreSnapshot, writeSnapshot } from '../../src/engine/snapshot.ts';
import { RecordReader, RecordWriter } from '../../src/engine/record.ts';
import type { JournalRows } from './journal-rows.ts';
import { rowsOf } from './journal-rows.ts';
import { Reference } from './reference.ts';
import type { Answer } from './reference-model.ts';

export interface Subject {
  apply(command: Command, position: number, nowMs: number): Answer;
  dump(): StateDump;
  /** What the last record added to the journal. */
  rows(): JournalRows;
}

export const subjects: Readonly<Record<string, () => Subject>> = {
  engine: () => {
    const engine = new Engine();
    return {
      apply: (command, position, nowMs) => answerOf(engine.apply(command, position, nowMs)),
      dump: () => dump(engine),
      rows: () => rowsOf(engine.state.journal),
    };
  },
  'engine, restored from a snapshot before every record': () => {
    let engine = new Engine();
    const writer = new RecordWriter();
    const reader = new RecordReader();
    const decoded = new DecodedCommand();
    return {
      apply: (command, position, nowMs) => {
        if (!engine.isEmpty) engine = restored(snapshotOf(engine));
        writer.clear();
        writer.add(command);
        reader.reset(writer.bytes());
        reader.next(decoded);
        return answerOf(engine.apply(decoded, position, nowMs));
      },
      dump: () => dump(engine),
      rows: () => rowsOf(engine.state.journal),
    };
  },
  reference: () => new Reference(),
};

/** The compared part of an outcome: all that a client can see or a later record can depend on. */
export function answerOf({ row, replayed, thing, remaining, kind, position }: Engine['outcome']): Answer {
  return { number: row.number, replayed, thing, remaining, kind, position };
}

export function snapshotOf(engine: Engine): Uint8Array {
  const chunks = [...writeSnapshot(engine)];
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** A new engine with the state of a snapshot. All of its bytes must be asked for. */
export function restored(snapshot: Uint8Array): Engine {
  const engine = new Engine();
  let at = 0;
  restoreSnapshot(engine, (bytes) => {
    at += bytes;
    if (at > snapshot.length) throw new Error('the snapshot ran out');
    return snapshot.subarray(at - bytes, at);
  });
  if (at !== snapshot.length) throw new Error(`${snapshot.length - at} bytes of the snapshot were not read`);
  return engine;
}
