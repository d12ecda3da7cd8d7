/** Plays a chapter against a real store on a real port, and writes down what is answered. */
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ServedLists } from '../../../src/cli/serve.ts';
import { SqlFollower } from '../../../src/followers/sql/follower.ts';
import { openListings, openSqlDatabase } from '../../../src/followers/sql/open.ts';
import { FreeCalls } from '../../../src/http/free-calls.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { openFixed, secret } from './fixed-store.ts';
import type { Call, Chapter } from './script.ts';
import { operatorKey } from './script.ts';
import { substituted } from './substitutions.ts';

/** One answer as kept: `json` where the body is JSON in canonical form, so it can be read. */
export interface Recorded {
  readonly ask: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

interface Heard {
  readonly status: number;
  /** As they came: name, value, name, value. */
  readonly headers: readonly string[];
  readonly text: string;
}

type Saved = Map<string, string>;

/** What a store in this chapter answers to each of its calls. */
export async function play(chapter: Chapter): Promise<Recorded[]> {
  const answers: Recorded[] = [];
  const disk = new MemoryDisk();
  const use = async (store: TestStore, lists: ServedLists | null): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const saved: Saved = new Map();
    try {
      for (const step of chapter.steps) {
        if ('pass' in step) await store.advance(step.pass * 1000);
        else if ('disk' in step) fill(disk);
        else if ('views' in step) await readUp(store, lists);
        else if ('rest' in step) await new Promise((resolve) => setTimeout(resolve, step.rest));
        else answers.push(await answerTo(store, agent, step, saved));
      }
    } finally {
      agent.destroy();
      disk.onOperation = null;
    }
  };
  await (chapter.follows === true
    ? followed(chapter, use)
    : stocked(chapter, disk, [], null, (store) => use(store, null)));
  return answers;
}

/** Waits until the follower has come as far as the store. */
async function readUp(store: TestStore, lists: ServedLists | null): Promise<void> {
  assert.ok(lists !== null, 'nothing follows in this chapter');
  const { position } = store.node.engine;
  while ((await lists.ordersOfCustomer('', { before: null, limit: 1 })).position < position) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** From here on, nothing more fits. */
function fill(disk: MemoryDisk): void {
  disk.onOperation = ({ kind }) => (kind === 'write' ? { kind: 'error', code: 'ENOSPC' } : undefined);
}

function stocked(
  chapter: Chapter,
  disk: MemoryDisk,
  args: readonly string[],
  lists: ServedLists | null,
  use: (store: TestStore) => Promise<void>,
): Promise<void> {
  const { maxKeys, freeCalls } = chapter;
  return withStore(
    {
      args: [...(chapter.args ?? []), ...args],
      environment: { HOLDFAST_SECRET: secret, ...chapter.environment },
      settings: { dropsPort: 4000, ...(maxKeys === undefined ? {} : { maxKeys }) },
      manualTime: true,
      open: (settings, more) => openFixed(settings, more, disk),
      ...(lists === null ? {} : { lists }),
      ...(freeCalls === undefined
        ? {}
        : { listener: { freeCalls: new FreeCalls({ perSecond: 1, burst: freeCalls, nowMs: () => 0 }) } }),
    },
    use,
  );
}

/** A store on a folder, with the follower that writes what lists are read from. */
async function followed(chapter: Chapter, use: (store: TestStore, lists: ServedLists) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-transcript-'));
  const place = { kind: 'sqlite', file: path.join(folder, 'views.sqlite') } as const;
  const ending = new AbortController();
  try {
    const lists = await openListings(place);
    const args = ['--log', 'file', '--data', folder, '--sql', 'none'];
    await stocked(chapter, new MemoryDisk(), args, lists, async (store) => {
      const follower = await SqlFollower.start({
        folder,
        log: new FileLogReader({ folder }),
        openDatabase: () => openSqlDatabase(place),
        onNotice: () => {},
        onProgress: () => {},
        signal: ending.signal,
      });
      const running = follower.run();
      try {
        await use(store, lists);
      } finally {
        ending.abort();
        await running;
        await follower.close();
        await lists.close();
      }
    });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function answerTo(store: TestStore, agent: Agent, call: Call, saved: Saved): Promise<Recorded> {
  const port = call.on === 'drops' ? store.drops!.port : store.port;
  const said = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => saved.get(name) ?? whole);
  const [method = '', target = ''] = said(call.ask).split(' ');
  const body = bodyOf(call);
  const sent = body === undefined ? null : said(body);
  const headers = headersOf(call, said);
  let heard = await exchange(port, agent, { method, target, headers, body: sent, until: call.until ?? null });
  while (call.until !== undefined && !heard.text.includes(call.until)) {
    const more = await exchange(port, agent, { method, target, headers, body: sent, until: call.until });
    heard = { ...heard, text: `${heard.text}\u001e${more.text}` };
  }
  for (const [name, at] of Object.entries(call.save ?? {})) saved.set(name, found(heard, at));
  return recorded(call.ask, heard);
}

function bodyOf({ json, body, form }: Call): string | undefined {
  return json === undefined ? (body ?? form) : JSON.stringify(json);
}

function headersOf(call: Call, said: (text: string) => string): Record<string, string> {
  const isForm = call.form !== undefined;
  const hasBody = bodyOf(call) !== undefined;
  const given = Object.entries(call.headers ?? {}).map(([name, value]) => [name, said(value)] as const);
  return {
    ...(hasBody ? { 'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' } : {}),
    ...(call.as === 'operator' ? { Authorization: `Bearer ${operatorKey}` } : {}),
    ...(call.key === undefined ? {} : { 'Idempotency-Key': said(call.key) }),
    ...(call.token === undefined ? {} : { 'Holdfast-Token': said(call.token) }),
    ...Object.fromEntries(given),
  };
}

interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly until: string | null;
}

function exchange(port: number, agent: Agent, sent: Sent): Promise<Heard> {
  const { method, target, body, until } = sent;
  const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  // The port is any free one: no answer may depend on it.
  const headers = { Host: 'localhost', ...length, ...sent.headers };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, method, path: target, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      const done = (): void => resolve(heardOf(sent, response, Buffer.concat(chunks)));
      const isEndless = response.headers['content-type'] === 'text/event-stream' && until !== null;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (!isEndless || !Buffer.concat(chunks).toString().includes(until)) return;
        done();
        response.destroy();
      });
      response.on('error', reject);
      response.on('end', done);
    });
    asked.on('error', reject);
    asked.end(body ?? undefined);
  });
}

function heardOf({ method, target }: Sent, response: IncomingMessage, bytes: Buffer): Heard {
  const length = response.headers['content-length'];
  const isWhole = length === undefined || Number(length) === bytes.length || method === 'HEAD';
  assert.ok(isWhole, `${target} has ${bytes.length} bytes, and says ${length}`);
  return { status: response.statusCode ?? 0, headers: response.rawHeaders, text: bytes.toString() };
}

function found({ headers, text }: Heard, at: string): string {
  const header = /^header (.+)/.exec(at)?.[1];
  if (header !== undefined) {
    const name = headers.findIndex((one, i) => i % 2 === 0 && one.toLowerCase() === header.toLowerCase());
    assert.ok(name >= 0, `no header ${header}`);
    return headers[name + 1]!;
  }
  const json: unknown = JSON.parse(text.slice(text.indexOf('{')));
  const value = at.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], json);
  assert.ok(typeof value === 'string' || typeof value === 'number', `${at} in ${text}`);
  return String(value);
}

/**
 * Headers by name, in the order of their names: a client cannot mean anything by the order that
 * they come in.
 */
function recorded(ask: string, { status, headers, text }: Heard): Recorded {
  const named = new Map<string, string>();
  for (let i = 0; i < headers.length; i += 2) {
    const [name, value] = [headers[i]!, headers[i + 1]!];
    named.set(name, named.has(name) ? `${named.get(name)} | ${value}` : value);
  }
  const sorted = [...named].sort(([one], [other]) => (one < other ? -1 : 1));
  const kept = substituted(ask, { headers: sorted, text });
  return { ask, status, headers: Object.fromEntries(kept.headers), ...bodyKept(kept.text) };
}

function bodyKept(text: string): { json: unknown } | { text: string } | Record<string, never> {
  if (text === '') return {};
  try {
    const json: unknown = JSON.parse(text);
    if (JSON.stringify(json) === text) return { json };
  } catch {
    // No JSON.
  }
  return { text };
}
