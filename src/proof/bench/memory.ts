/** Memory of keys, holds and a running server. */
import { Engine } from '../../engine/engine.ts';
import type { Command } from '../../engine/command.ts';
import { peakResidentBytes, residentBytes } from '../processes/process-stats.ts';
import { closeAndAudit, oneUnit, ticketsPath } from './purchase.ts';
import type { Figure, Report } from './report.ts';
import { single } from './report.ts';
import { sendRush } from './rush.ts';
import { bareRouteLike, HoldfastServer, startBare } from '../processes/servers.ts';
import type { Server } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createEvent, eventCounts, plenty } from './shop.ts';
import { Commands } from './commands.ts';

const rows = 1_000_000;
const timeMs = 1_700_000_000_000;
const megabyte = 1_000_000;

export async function memory(settings: BenchSettings): Promise<Report> {
  settings.progress('keys');
  const keys = measure(
    (commands) => commands.purchase(),
    (engine) => [engine.state.keys],
  );
  settings.progress('holds');
  const holds = measure(
    (commands) => commands.hold(),
    (engine) => [engine.state.holds, engine.state.deadlines],
  );
  const figures: Figure[] = [
    { id: 'memory/key', what: 'an idempotency key', unit: 'bytes', estimate: single(keys) },
    { id: 'memory/hold', what: 'a hold', unit: 'bytes', estimate: single(holds) },
  ];
  settings.progress('rush');
  const { figures: resident, complaints } = await afterRush(settings.users);
  return {
    bench: 'memory',
    figures: [...figures, ...resident],
    notes: [
      `keys and holds: the bytes of all their typed arrays with ${rows.toLocaleString('en-US')} of each, divided; unused room counted; ` +
        'a hold without its key',
      'resident memory is what the system counts for the process, shared pages of the runtime included',
    ],
    complaints,
  };
}

/** Bytes a row of each table in `parts`, after an engine applied a million commands. */
function measure(make: (commands: Commands) => Command, parts: (engine: Engine) => unknown[]): number {
  const engine = new Engine();
  const commands = new Commands();
  engine.apply(commands.genesis(), 1, timeMs);
  engine.apply(commands.sale(), 2, timeMs);
  for (let row = 0; row < rows; row += 1) engine.apply(make(commands), engine.position + 1, timeMs);
  return typedArrayBytes(parts(engine)) / rows;
}

/** The bytes of all typed arrays reachable from here, each buffer once. */
export function typedArrayBytes(from: unknown): number {
  const seen = new Set<object>();
  const open: unknown[] = [from];
  let bytes = 0;
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next)) {
      if (!seen.has(next.buffer)) bytes += next.buffer.byteLength;
      seen.add(next.buffer);
    } else {
      for (const value of Object.values(next)) if (typeof value === 'object') open.push(value);
    }
  }
  return bytes;
}

async function afterRush(users: number): Promise<{ figures: Figure[]; complaints: string[] }> {
  const ours = await HoldfastServer.start();
  await createEvent(ours, plenty);
  const bare = await startBare([await bareRouteLike(ours, { path: ticketsPath, pattern: ticketsPath, body: oneUnit })]);
  const resident = (server: Server, of: (pid: number) => number): number => Math.max(...server.pids.map(of)) / megabyte;
  const idle = resident(ours, residentBytes);
  await sendRush(ours.url, users);
  await sendRush(bare.url, users);
  const entries: readonly (readonly [string, string, number])[] = [
    ['memory/resident/idle', 'resident, ready and idle', idle],
    ['memory/resident/rush', 'resident after the rush', resident(ours, residentBytes)],
    ['memory/resident/peak', 'resident at most', resident(ours, peakResidentBytes)],
    ['memory/resident/bare', 'the bare server after the same rush', resident(bare, residentBytes)],
    ['memory/resident/bare-peak', 'the bare server at most', resident(bare, peakResidentBytes)],
  ];
  const figures = entries.map(([id, what, value]): Figure => ({ id, what, unit: 'MB', estimate: single(value) }));
  const { sold } = await eventCounts(ours);
  await bare.close();
  return { figures, complaints: await closeAndAudit(ours, sold) };
}
