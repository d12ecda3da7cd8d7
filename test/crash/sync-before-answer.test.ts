/**
 * No yes leaves before the sync of its record has returned: seen from outside by strace, and from
 * inside on a disk that is watched.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../../src/engine/engine.ts';
import { openFileLog } from '../../src/log/file/file-log.ts';
import { MemoryDisk } from '../../src/log/memory/memory-disk.ts';
import { UnknownResultError } from '../../src/node/errors.ts';
import { Node } from '../../src/node/node.ts';
import { requireProgram } from '../support/requires.ts';
import { createEvent, purchase, remainingIn } from './support/http.ts';
import { buy, genesis, makeSale } from './support/commands.ts';
import { temporaryFolder } from './support/servers.ts';
import { answeredUnsynced, readTrace } from './support/trace.ts';
import type { Trace } from './support/trace.ts';

const clients = 8;
const purchasesOfClient = 30;
const calls = 'trace=pwrite64,pwritev,pwritev2,fdatasync,fsync,write,writev,sendto,sendmsg';

/** Loads a server under strace; returns the trace and the answer of each key. */
async function traceOf(t: TestContext, server: string): Promise<{ trace: Trace; remaining: Map<string, number> }> {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'trace');
  const program = fileURLToPath(new URL(server, import.meta.url));
  const flags = ['--port', '0', '--data', path.join(folder, 'data'), '--no-demo', '--log-level', 'warn'];
  const strace = ['-f', '-o', file, '-s', '8192', '-e', calls, process.execPath, '--no-env-file', program, ...flags];
  const child = spawn('strace', strace, { stdio: ['ignore', 'pipe', 'inherit'] });
  const traced = (): number => Number(/^\d+/.exec(fs.readFileSync(file, 'utf8'))?.[0]);
  t.after(() => child.exitCode === null && process.kill(traced(), 'SIGKILL'));
  const remaining = new Map<string, number>();
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const url = /^holdfast ready (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    await createEvent(url, 10_000);
    const client = async (number: number): Promise<void> => {
      for (let i = 0; i < purchasesOfClient; i += 1) {
        const key = `sync-${number}-${i}-key`;
        const reply = await purchase(url, key, 1);
        assert.equal(reply.status, 200);
        remaining.set(key, remainingIn(reply));
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
    process.kill(traced(), 'SIGTERM');
    break;
  }
  if (child.exitCode === null) await once(child, 'exit');
  return { trace: readTrace(fs.readFileSync(file, 'utf8'), /sync-\d+-\d+-key/g), remaining };
}

describe('seen by strace, under load', () => {
  const needed = requireProgram('strace');

  test('no yes goes to a socket before the sync of its frame has returned', needed, async (t) => {
    const { trace, remaining } = await traceOf(t, './sabotage/honest.ts');
    assert.equal(remaining.size, clients * purchasesOfClient);
    assert.deepEqual(answeredUnsynced(trace, remaining), []);
    assert.ok(trace.syncs.length < trace.writes.size, 'several answers share a sync, else this was no load');
  });

  test('the trace exposes a server that never syncs', needed, async (t) => {
    const { trace, remaining } = await traceOf(t, './sabotage/never-syncs.ts');
    assert.equal(answeredUnsynced(trace, remaining).length, clients * purchasesOfClient);
  });
});

describe('on a disk that is watched', () => {
  /** A node on a memory disk, with the order of disk operations and answers. */
  async function watched(): Promise<{ node: Node; disk: MemoryDisk; seen: string[] }> {
    const disk = new MemoryDisk();
    const log = await openFileLog({ folder: '/data', disk });
    const node = await Node.start({ log });
    await node.begin(genesis);
    await makeSale(node, 100_000);
    const seen: string[] = [];
    disk.onOperation = ({ kind, path }) => {
      if (path.endsWith('.seg') && (kind === 'write' || kind === 'sync')) seen.push(kind);
      return undefined;
    };
    return { node, disk, seen };
  }

  test('no caller is answered between a write and the return of its sync', async () => {
    const { node, seen } = await watched();
    const answers: Promise<unknown>[] = [];
    for (let i = 0; i < 500; i += 1) {
      answers.push(Promise.resolve(buy(node, 0, `key ${i}`, 1)).then(() => seen.push('answer')));
      if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(answers);
    assert.equal(seen.filter((what) => what === 'answer').length, 500);
    for (const [at, what] of seen.entries()) {
      if (what === 'answer')
        assert.notEqual(
          seen.slice(0, at).findLast((earlier) => earlier !== 'answer'),
          'write',
        );
      if (what === 'write') assert.equal(seen[at + 1], 'sync', 'the sync follows its write');
    }
    await node.close();
  });

  test('a failed sync lets no yes out and stops the node', async () => {
    const { node, disk } = await watched();
    await buy(node, 0, 'before', 1);
    disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
    const results = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => buy(node, 0, `key ${i}`, 1)));
    for (const result of results) {
      assert.ok(result.status === 'rejected' && result.reason instanceof UnknownResultError, JSON.stringify(result));
    }
    assert.equal(node.isServing, false);
    assert.equal(soldOf(node.engine), 1, 'what is not known to be on the disk was not applied');
  });
});

function soldOf(engine: Engine): number {
  return engine.state.sales.sold.get(0);
}
