/**
 * What the tests of imports share: commands as processes of their own, files, and what a folder
 * holds afterwards.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { KnownEvent, SaleView, StandingSeat, Target } from '../../../src/cli/import/target.ts';
import { withTarget } from '../../../src/cli/import/run.ts';
import { labelOf } from '../../../src/engine/tables/seats.ts';
import { contentOf } from '../../crash/support/folders.ts';
import type { Finished } from '../../crash/support/servers.ts';
import { program } from '../../crash/support/servers.ts';

export interface Ran extends Finished {
  /** Most memory that it had, bytes. */
  readonly memoryBytes: number;
}

export interface RunOptions {
  readonly operatorKey?: string;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a command of ours. */
export function start(args: readonly string[], { operatorKey = '', folder, environment }: RunOptions = {}) {
  return Bun.spawn([process.execPath, '--no-env-file', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { ...process.env, HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_DATA: '', PORT: '', ...environment },
  });
}

/** Runs a command of ours to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options);
  let memoryBytes = 0;
  const look = setInterval(() => (memoryBytes = Math.max(memoryBytes, mostMemoryOf(child.pid))), 20);
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  const code = await child.exited;
  clearInterval(look);
  return { code, stdout, stderr, memoryBytes };
}

/**
 * Most memory that a process has had, bytes; 0 once it has ended. Its usage of resources would
 * count what the process that started it had then.
 */
function mostMemoryOf(pid: number): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return 1024 * Number(kibibytes ?? 0);
  } catch {
    return 0;
  }
}

/** Runs a command that must succeed; returns its output. */
export async function runSound(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(args, options);
  assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Runs a command that must be refused, with nothing on stdout; returns the lines of stderr. */
export async function runRefused(args: readonly string[], options: RunOptions = {}): Promise<string[]> {
  const { code, stdout, stderr } = await run(args, options);
  assert.deepEqual([code, stdout], [1, ''], stderr);
  assert.ok(!/^\s+at /m.test(stderr), `no stack: ${stderr}`);
  return stderr.trimEnd().split('\n');
}

/** Writes a file, its lines joined; returns its path. */
export function written(folder: string, name: string, lines: string | readonly string[]): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, typeof lines === 'string' ? lines : `${lines.join('\n')}\n`);
  return file;
}

/** A file of seats: rows of so many each, of one event. */
export function seatLines(event: string, rows: number, seats: number, section = ''): string[] {
  const lines = ['event,section,row_number,seat_number'];
  for (let row = 1; row <= rows; row += 1)
    for (let seat = 1; seat <= seats; seat += 1) lines.push(`${event},${section},${row},${seat}`);
  return lines;
}

export interface Found {
  /** The oldest first. */
  readonly sales: readonly SaleView[];
  readonly events: readonly KnownEvent[];
  /** By the sale's id, in the order of the hall. */
  readonly seats: Readonly<Record<string, readonly StandingSeat[]>>;
}

/** The content of a stopped store. */
export function foundIn(folder: string): Promise<Found> {
  return withTarget({ kind: 'folder', folder }, false, found);
}

export async function found(target: Target): Promise<Found> {
  const sales = (await target.sales()).reverse();
  const seats: Record<string, readonly StandingSeat[]> = {};
  for (const { id, kind } of sales) if (kind === 'seated') seats[id] = (await target.seats(id)).map(placed);
  return { sales, events: await target.events(), seats };
}

/** Without what becomes of it. */
function placed({ section, row, number, place, rank, accessible }: StandingSeat): StandingSeat {
  return { section, row, number, place, rank, accessible };
}

/** Labels of the seats of an event by its name. */
export function labelsOf({ events, seats }: Found, name: string): string[] {
  const event = events.find((each) => each.name === name);
  assert.ok(event !== undefined, `there is no event ${name}`);
  return (seats[event.sale] ?? []).map(({ section, row, number }) => labelOf(section, row, number));
}

/** That every one of so many seats in rows is there, once. */
export function assertSeats(labels: readonly string[], rows: number, seats: number, section = 'Hall'): void {
  assert.equal(labels.length, rows * seats);
  const distinct = new Set(labels);
  for (let row = 1; row <= rows; row += 1)
    for (let seat = 1; seat <= seats; seat += 1) assert.ok(distinct.has(labelOf(section, String(row), String(seat))));
}

/**
 * Every file of a stopped store except the note of its last opening. They stay unchanged if nothing
 * is imported.
 */
export function storeIn(folder: string): Record<string, string> {
  const { watermark: _, ...others } = contentOf(folder);
  return others;
}
