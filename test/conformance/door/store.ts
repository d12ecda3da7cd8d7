/** What the suite asks a store of a door: in this process, or one of its own. */
import assert from 'node:assert/strict';
import type { Log } from '../../../src/log/log.ts';
import { LogFullError } from '../../../src/log/log.ts';
import type { Answer, Asked } from '../../http/support/client.ts';
import { ask } from '../../http/support/client.ts';
import { ChildStore } from '../../http/support/child.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';
import type { Ask, DoorTable, Refusal } from './table.ts';

/** Whatever answers. */
export interface Asker {
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
}

let keys = 0;

export function freshKey(): string {
  keys += 1;
  return `fresh ${keys}`;
}

/** In an environment: a caller without a key is no operator. */
export const guarded = { HOLDFAST_OPERATOR_KEY: operatorKey };

/** The same store, asked with the operator key. */
export function asOperator(store: Asker): Asker {
  const key = { Authorization: `Bearer ${operatorKey}` };
  return {
    ask: (method, path, asked = {}) => store.ask(method, path, { ...asked, headers: { ...asked.headers, ...key } }),
  };
}

/** Sends a request; with a key unless that is null. */
export function send(store: Asker, { method, path, json }: Ask, key: string | null = null): Promise<Answer> {
  return store.ask(method, path, {
    ...(json === undefined ? {} : { json }),
    ...(key === null ? {} : { headers: { 'Idempotency-Key': key } }),
  });
}

/** Makes this many units; each request must succeed. */
export async function stocked(store: Asker, table: DoorTable, units: number): Promise<void> {
  const operator = asOperator(store);
  for (const ask of table.stock(units)) await done(send(operator, ask));
}

/** The same in a store that has some. */
export async function restocked(store: Asker, table: DoorTable, units: number): Promise<void> {
  const { stock, restock = stock } = table;
  await stocked(store, { ...table, stock: restock }, units);
}

/** Who takes, and sees what is left. */
function takerAt(store: Asker, table: DoorTable): Asker {
  return table.forOperators === true ? asOperator(store) : store;
}

export async function done(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  assert.ok(answer.status < 300, answer.text);
  return answer;
}

export function take(store: Asker, table: DoorTable, buyer: number, key: string | null = freshKey()): Promise<Answer> {
  return send(takerAt(store, table), table.take(buyer), key);
}

/** Takes one, which must succeed. */
export async function taken(store: Asker, table: DoorTable, buyer: number, key?: string): Promise<Answer> {
  const answer = await take(store, table, buyer, key);
  assert.equal(answer.status, table.taken, answer.text);
  assert.equal(answer.headers['idempotency-replayed'], undefined);
  return answer;
}

export async function left(store: Asker, table: DoorTable): Promise<number> {
  const { ask, read } = table.left;
  return read(await done(send(takerAt(store, table), ask)));
}

/**
 * The answer is this refusal, in a form that the door's errors have, with nothing of the program in
 * it.
 */
export function assertRefused(table: DoorTable, answer: Answer, [status, body]: Refusal, about: string = ''): void {
  const told = `${about} ${answer.status} ${answer.text}`;
  assert.equal(answer.status, status, told);
  if (typeof body === 'string') assert.equal(answer.text, body, told);
  else assert.match(answer.text, body, told);
  const names = Object.keys(answer.body);
  assert.ok(
    table.errorForms.some((form) => form.join() === names.join()),
    told,
  );
  assert.doesNotMatch(answer.text, /\bat \S+:\d+|node_modules|\.ts\b/, told);
  assert.match(answer.header('Content-Type'), /^application\/(problem\+)?json/);
  if (status === 503) assert.equal(answer.header('Retry-After'), '1', told);
}

/** The answer is the first one again. */
export function assertRepeats(again: Answer, first: Answer, about: string = ''): void {
  assert.deepEqual([again.status, again.text], [first.status, first.text], about);
  assert.equal(again.header('Idempotency-Replayed'), 'true', about);
  for (const name of ['content-type', 'location', 'holdfast-position']) {
    assert.equal(again.headers[name], first.headers[name], about);
  }
}

export function isReplay(answer: Answer): boolean {
  return answer.headers['idempotency-replayed'] === 'true';
}

/** How many answers have each status. */
export function tally(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** A store with this many units, stopped in any case. Nothing that it logs may be an error. */
export async function withUnits(
  table: DoorTable,
  units: number,
  use: (store: TestStore) => Promise<void>,
  options: Options = {},
): Promise<void> {
  await withStore({ ...options, args: [...table.args, ...(options.args ?? [])] }, async (store) => {
    await stocked(store, table, units);
    await use(store);
    assert.deepEqual(
      store.logged.filter(({ level }) => level === 'error' || level === 'fatal'),
      [],
    );
  });
}

/** A store with the native API beside the door, which may have a port of its own there. */
export async function withBoth(table: DoorTable, use: (door: Asker, native: Asker) => Promise<void>): Promise<void> {
  const doors = table.args[table.args.indexOf('--doors') + 1]!;
  const options = { args: [...table.args, '--doors', `v1,${doors}`], settings: { dropsPort: 4000 } };
  await withStore(options, async (store) => {
    const { drops } = store;
    const own: Asker = { ask: (method, path, asked) => ask((drops ?? store).port, method, path, asked) };
    await use(own, store);
  });
}

/**
 * A store in a process of its own on a folder, ended in any case. Without the operator key its
 * caller is a stranger.
 */
export async function withChild<Result>(
  table: DoorTable,
  folder: string,
  use: (store: ChildStore) => Promise<Result>,
): Promise<Result> {
  const store = await ChildStore.start(folder, table.args, guarded);
  try {
    return await use(store);
  } finally {
    await store.kill('SIGKILL');
  }
}

/** A log with scripted behaviour. */
export class FaultyLog {
  isFull = false;
  /** What is appended waits for it. */
  gate: Promise<void> = Promise.resolve();

  readonly wrap = (log: Log): Log => {
    const append = log.append.bind(log);
    log.append = async (batch) => {
      if (this.isFull) throw new LogFullError('the disk is full');
      await this.gate;
      return append(batch);
    };
    return log;
  };
}
