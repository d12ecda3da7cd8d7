/**
 * What each door answers, kept to the byte: status, headers and body of a fixed script of calls. A
 * change that no client may see leaves these files as they are; one that a client is meant to see
 * shows in their difference.
 *
 *     HOLDFAST_RECORD=1 node bin/run.js bun test ./test/conformance/transcripts.test.ts
 *
 * writes them anew. `transcripts/` has the scripts, and `substitutions.ts` in it all that is not
 * compared; what was answered is in `golden/`. Pages are left out, since they are there only once
 * they are built.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { outcomes } from '../../src/engine/outcomes.ts';
import { problems } from '../../src/http/problems.ts';
import type { Options } from '../http/support/store.ts';
import { withStore } from '../http/support/store.ts';
import { drops } from './transcripts/drops.ts';
import { gates } from './transcripts/gates.ts';
import type { Recorded } from './transcripts/player.ts';
import { play } from './transcripts/player.ts';
import type { Chapter } from './transcripts/script.ts';
import { seats } from './transcripts/seats.ts';
import { system } from './transcripts/system.ts';
import { tickets } from './transcripts/tickets.ts';
import { v1 } from './transcripts/v1.ts';

type Transcript = Readonly<Record<string, readonly Recorded[]>>;

const scripts: Readonly<Record<string, readonly Chapter[]>> = { tickets, drops, seats, v1, gates, system };
const isRecording = process.env['HOLDFAST_RECORD'] === '1';

function fileOf(door: string): string {
  return path.join(import.meta.dirname, 'golden', `${door}.json`);
}

function kept(door: string): Transcript {
  if (!fs.existsSync(fileOf(door))) return {};
  return JSON.parse(fs.readFileSync(fileOf(door), 'utf8')) as Transcript;
}

/** A short body is one line, so a difference shows whole answers. */
function written(transcript: Transcript): string {
  const line = (name: string, value: unknown): string => {
    const short = JSON.stringify(value);
    return `    ${JSON.stringify(name)}: ${short.length > 2000 ? JSON.stringify(value, null, 1) : short}`;
  };
  const answer = (one: Recorded): string => {
    const lines = Object.entries(one).map(([name, value]) => line(name, value));
    return `  {\n${lines.join(',\n')}\n  }`;
  };
  const chapters = Object.entries(transcript).map(
    ([name, answers]) => `${JSON.stringify(name)}: [\n${answers.map(answer).join(',\n')}\n]`,
  );
  return `{\n${chapters.join(',\n\n')}\n}\n`;
}

for (const [door, chapters] of Object.entries(scripts)) {
  describe(`the transcript of ${door}`, () => {
    const played: Record<string, readonly Recorded[]> = {};

    for (const chapter of chapters) {
      test(`has the same answers: ${chapter.name}`, async () => {
        const answers = await play(chapter);
        played[chapter.name] = answers;
        if (isRecording) return;
        const expected = kept(door)[chapter.name] ?? [];
        for (const [i, answer] of answers.entries()) {
          assert.deepEqual(answer, expected[i], `call ${i + 1} of "${chapter.name}": ${answer.ask}`);
        }
        assert.equal(answers.length, expected.length);
      });
    }

    test('has the chapters of its script and no others', () => {
      if (isRecording) return;
      assert.deepEqual(
        Object.keys(kept(door)),
        chapters.map(({ name }) => name),
      );
    });

    after(() => {
      if (!isRecording) return;
      const known = kept(door);
      const all = chapters.map(({ name }) => [name, played[name] ?? known[name] ?? []] as const);
      fs.writeFileSync(fileOf(door), written(Object.fromEntries(all)));
    });
  });
}

/**
 * The routes that a store describes, as `GET /v1/sales/{id}`, and the statuses that it names of
 * each.
 */
async function routesOf(options: Options): Promise<Map<string, number[]>> {
  type Described = Readonly<Record<string, Readonly<Record<string, { responses: object }>>>>;
  const routes = new Map<string, number[]>();
  await withStore(options, async (store) => {
    const { paths } = (await store.get('/openapi.json')).json as { paths: Described };
    for (const [at, methods] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(methods)) {
        const statuses = Object.keys(responses).map(Number).filter(Number.isInteger);
        routes.set(`${method.toUpperCase()} ${at}`, statuses);
      }
    }
  });
  return routes;
}

function isOf(route: string, ask: string): boolean {
  const form = route.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/?]+');
  return new RegExp(`^${form}(\\?.*)?$`).test(ask);
}

describe('the transcripts', () => {
  test('the transcripts have an answer of each status that a route describes', async () => {
    /** What one row of a table says of several routes, and is true of the others. */
    const elsewhere = ['DELETE /api/users/{id} 409', 'POST /api/events 409', 'PUT /api/events/{id} 409'];
    const own = await routesOf({ args: ['--doors', 'tickets'] });
    const common = new Set([...(await routesOf({ args: ['--doors', 'v1'] })).keys()].filter((route) => own.has(route)));
    const lacking: string[] = [];
    for (const door of Object.keys(scripts)) {
      const told = Object.values({ ...kept(door), ...(door === 'system' ? kept('tickets') : {}) }).flat();
      for (const [route, statuses] of await routesOf({ args: ['--doors', door === 'system' ? 'tickets' : door] })) {
        if (common.has(route) !== (door === 'system')) continue;
        const answers = told.filter(({ ask }) => isOf(route, ask));
        assert.ok(statuses.length > 0 && answers.length > 0, `${door}: ${route}`);
        for (const status of statuses) {
          if (!answers.some((answer) => answer.status === status)) lacking.push(`${route} ${status}`);
        }
      }
    }
    assert.deepEqual(lacking.sort(), elsewhere);
  });

  test('the transcripts have each refusal of the native API', () => {
    /**
     * What needs a fault or a wait that no script can have alike each time; tests of the listener
     * and the node have these.
     */
    const faults = ['TOO_LATE', 'BODY_TIMEOUT', 'INTERNAL', 'RESULT_UNKNOWN', 'LISTS_BEHIND'];
    /**
     * What the native API asks nothing for: its forms refuse it before, or other doors alone have
     * such things.
     */
    const elsewhere = [
      'INVALID_QUANTITY',
      'UNKNOWN_CUSTOMER',
      'EMAIL_TAKEN',
      'NOT_YOURS',
      'SALE_NOT_EMPTY',
      'INVALID_TARIFF',
      'INVALID_AMOUNT',
      'TARIFF_LIMIT',
    ];
    const others = [...faults, ...elsewhere];
    const told = new Set(
      Object.values({ ...kept('v1'), ...kept('gates') }).flatMap((answers) =>
        answers.map(({ json }) => (json as { code?: string } | null)?.code),
      ),
    );
    const codes = [...Object.keys(outcomes), ...Object.keys(problems)].filter((code) => !/^(OK|NO_EFFECT)$/.test(code));
    assert.deepEqual(
      codes.filter((code) => !told.has(code)),
      codes.filter((code) => others.includes(code)),
    );
  });
});
