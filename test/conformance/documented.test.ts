/**
 * The calls that the originals' documents show, and what those answer there, replayed one after the
 * other. What is answered here may differ only as the file says, and each difference it says is a
 * row of the table in the door's DESIGN.md.
 *
 * In an answer `<time>`, `<number>`, `<text>`, `<id>`, `<list>` and `<object>` stand for any of
 * their kind, and `{name}` for what an earlier answer was asked to `save`. A difference is `+field`
 * that is more, `-field` that is missing, `~field` that is another, `~status 409`; `*` is any place
 * in a list.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Answer } from '../http/support/client.ts';
import type { TestStore } from '../http/support/store.ts';
import { withStore } from '../http/support/store.ts';

interface DocumentedCall {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In the place of a body of JSON. */
  readonly text?: string;
  /** How often it is sent; `{n}` in it counts. */
  readonly times?: number;
  readonly status: number;
  readonly answer?: unknown;
  readonly differs?: Readonly<Record<string, readonly string[]>>;
  readonly save?: Readonly<Record<string, string>>;
}

interface Documented {
  readonly door: string;
  /** False for a door that there is not yet. */
  readonly served?: boolean;
  readonly calls: readonly DocumentedCall[];
}

const root = path.join(import.meta.dirname, '../..');
const folder = path.join(import.meta.dirname, 'documented');
const documents = fs
  .readdirSync(folder)
  .map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as Documented);

/** The names of what a door does otherwise than its original. */
function differencesOf(door: string): readonly string[] {
  const design = fs.readFileSync(path.join(root, 'src/doors', door, 'DESIGN.md'), 'utf8');
  const [, section] = design.split('## What differs from the original');
  assert.ok(section !== undefined);
  const rows = section.split('\n## ')[0]!.matchAll(/^\| ([^|]+?) \|/gm);
  return [...rows].map(([, name]) => name!).slice(1);
}

function filled(value: unknown, saved: ReadonlyMap<string, string>): unknown {
  const text = JSON.stringify(value).replaceAll(/\{(\w+)\}/g, (whole, name: string) => saved.get(name) ?? whole);
  return JSON.parse(text) as unknown;
}

const kinds: Readonly<Record<string, (value: unknown) => boolean>> = {
  '<time>': (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  '<number>': (value) => typeof value === 'number',
  '<text>': (value) => typeof value === 'string' && value !== '',
  '<id>': (value) => (typeof value === 'string' && value !== '') || Number.isInteger(value),
  '<list>': (value) => Array.isArray(value),
  '<object>': (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

function differences(there: unknown, here: unknown, at = ''): string[] {
  if (typeof there === 'string' && kinds[there] !== undefined) return kinds[there](here) ? [] : [`~${at}`];
  const isObject = typeof there === 'object' && there !== null && typeof here === 'object' && here !== null;
  if (!isObject) return Object.is(there, here) ? [] : [`~${at}`];
  if (Array.isArray(there) !== Array.isArray(here)) return [`~${at}`];
  const names = new Set([...Object.keys(there), ...Object.keys(here)]);
  return [...names].flatMap((name) => {
    const inner = `${at}${at === '' ? '' : '.'}${Array.isArray(there) ? '*' : name}`;
    if (!Object.hasOwn(there, name)) return [`+${inner}`];
    if (!Object.hasOwn(here, name)) return [`-${inner}`];
    return differences((there as Fields)[name], (here as Fields)[name], inner);
  });
}

type Fields = Readonly<Record<string, unknown>>;

function found(answer: Answer, at: string): string {
  const value = at.split('.').reduce<unknown>((inner, name) => (inner as Fields)[name], answer.json);
  assert.ok(typeof value === 'string' || typeof value === 'number', at);
  return String(value);
}

async function send(store: TestStore, call: DocumentedCall, saved: ReadonlyMap<string, string>): Promise<Answer> {
  const { method, path: at, headers = {}, body, text } = filled(call, saved) as DocumentedCall;
  const sent = text === undefined ? (body === undefined ? {} : { json: body }) : { body: text };
  return store.ask(method, at, { headers, ...sent });
}

async function replay(store: TestStore, call: DocumentedCall, saved: Map<string, string>): Promise<void> {
  for (let n = 1; n <= (call.times ?? 1); n += 1) {
    const answer = await send(store, call, saved.set('n', String(n)));
    assert.equal(answer.header('Content-Type'), 'application/json; charset=utf-8', call.name);
    const status = answer.status === call.status ? [] : [`~status ${answer.status}`];
    const there = call.answer === undefined ? answer.json : filled(call.answer, saved);
    const differing = new Set([...status, ...differences(there, answer.json)]);
    const named = new Set(Object.values(call.differs ?? {}).flat());
    assert.deepEqual([...differing].sort(), [...named].sort(), `${call.name}: ${answer.text}`);
    for (const [name, at] of Object.entries(call.save ?? {})) saved.set(name, found(answer, at));
  }
}

for (const { door, served, calls } of documents) {
  describe(`the documented calls of ${door}`, () => {
    if (served === false) {
      test('are not served yet', () =>
        withStore({}, async (store) => {
          for (const call of calls) assert.equal((await send(store, call, new Map())).status, 404, call.name);
        }));
      return;
    }

    test('get the documented answers, or others that the table of the door names', () =>
      withStore({ args: ['--doors', door] }, async (store) => {
        const saved = new Map<string, string>();
        for (const call of calls) await replay(store, call, saved);
      }));

    test('differ by nothing that is not in the table', () => {
      const names = differencesOf(door);
      assert.ok(names.length > 10 && new Set(names).size === names.length);
      for (const name of calls.flatMap(({ differs }) => Object.keys(differs ?? {}))) {
        assert.ok(names.includes(name), `${name} is no row of src/doors/${door}/DESIGN.md`);
      }
    });
  });
}
