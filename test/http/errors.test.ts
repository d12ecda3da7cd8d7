/** docs/errors.md lists exactly the codes that there are. HOLDFAST_REWRITE=1 writes it anew. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { asRefusal } from '../../src/doors/kit/answers.ts';
import { failed } from '../../src/doors/tickets/errors.ts';
import { outcomes } from '../../src/engine/outcomes.ts';
import type { OutcomeRow } from '../../src/engine/outcomes.ts';
import type { ProblemRow } from '../../src/http/problems.ts';
import { problemAnswer } from '../../src/doors/kit/native-errors.ts';
import { AccessControl } from '../../src/http/access.ts';
import { Listener } from '../../src/http/listener.ts';
import { HttpFailure, problems } from '../../src/http/problems.ts';
import { ask } from './support/client.ts';

const file = new URL('../../docs/errors.md', import.meta.url);

const refusals: readonly OutcomeRow[] = Object.values(outcomes).filter(({ number }) => number >= 10);
const failures: readonly ProblemRow[] = Object.values(problems);
const all: readonly ProblemRow[] = [...refusals, ...failures];

function table(rows: readonly ProblemRow[]): string {
  const lines = rows.map(
    ({ code, status, retryable, sentence }) => `| ${code} | ${status} | ${retryable ? 'yes' : 'no'} | ${sentence} |`,
  );
  return ['| code | status | retry helps | sentence |', '|---|---|---|---|', ...lines].join('\n');
}

/** What the tickets dialect calls an error, where that is not its code. */
function dialectTable(): string {
  const lines: string[] = [];
  for (const row of all) {
    const body = JSON.parse(failed(new HttpFailure(row)).body as string) as { error?: string };
    if (body.error === row.code) continue;
    lines.push(`| ${row.code} | ${body.error === undefined ? '`statusCode` 404, no `error`' : `\`${body.error}\``} |`);
  }
  return ['| code | in the tickets dialect |', '|---|---|', ...lines].join('\n');
}

function document(): string {
  return `# Errors

Every code that the store answers with. The native API (\`/v1\`) answers with
\`application/problem+json\` (RFC 9457): \`type\`, \`title\` (the sentence), \`status\`, \`code\`, \`detail\`,
\`retryable\`, and for \`INVALID_REQUEST\` often \`errors: [{path, message}]\`, one for each place.
Decide by \`code\`; sentences may be worded better one day.

*Retry helps*: the same request, sent again later, may succeed. Send it with the same idempotency
key: where it was done already, the key gets the first answer. Answers of 503 carry \`Retry-After\`,
answers of 405 \`Allow\`, and what the listener refuses a \`Request-Id\`: the log has under it what
there is to know.

## What the store decides

Of several that apply, the one that stands first is given.

${table(refusals)}

## What the listener refuses

${table(failures)}

## In the tickets dialect

\`{"success":false,"error":CODE,"message":SENTENCE}\` with the codes above, but for those that its
documents name otherwise:

${dialectTable()}

A purchase of more than is left is answered with exactly \`{"error":"SOLD_OUT"}\`.

What no HTTP server could read (two lengths, a broken chunk, headers without end) is refused by the
runtime itself: a bare 400, 413, 431 or 505, or the connection is closed. Nothing was done.
`;
}

describe('the errors', () => {
  test('the errors are documented, each with its status, sentence and whether a retry helps', async () => {
    const wanted = document();
    if (process.env['HOLDFAST_REWRITE'] === '1') {
      fs.writeFileSync(file, wanted);
      console.log('docs/errors.md was written anew');
    }
    assert.equal(fs.readFileSync(file, 'utf8'), wanted);
  });

  test('the errors have one code each, and sentences that end', () => {
    assert.equal(new Set(all.map(({ code }) => code)).size, all.length);
    for (const { code, status, sentence } of all) {
      assert.match(code, /^[A-Z]+(_[A-Z]+)*$/);
      assert.ok(status >= 400 && status < 600, code);
      assert.match(sentence, /^[A-Z].*[\w)]\.$/, code);
    }
  });

  test('the errors stand in order of precedence, numbered for good', () => {
    const numbers = refusals.map(({ number }) => number);
    assert.deepEqual(
      numbers,
      numbers.toSorted((one, other) => one - other),
    );
    assert.equal(new Set(numbers).size, numbers.length);
    for (const [name, { code }] of Object.entries({ ...outcomes, ...problems })) assert.equal(name, code);
  });

  test('the errors of 503 say when to come back, as a problem', async () => {
    for (const row of refusals) {
      const { status, headers, body } = asRefusal(problemAnswer(row), row.status, false);
      assertSaid(row, status, { again: headers['Retry-After'], type: headers['Content-Type'] }, body as string);
    }
    await failing(async (port) => {
      for (const row of all) {
        const { status, headers, text } = await ask(port, 'GET', `/failing/${row.code}`);
        assertSaid(row, status, { again: headers['retry-after'], type: headers['content-type'] }, text);
      }
    });
  });
});

function assertSaid(
  row: ProblemRow,
  status: number,
  { again, type }: { again: string | undefined; type: string | undefined },
  text: string,
): void {
  assert.equal(status, row.status);
  assert.equal(again, row.status === 503 ? '1' : undefined, row.code);
  assert.equal(type, 'application/problem+json');
  const { code, title } = JSON.parse(text) as Record<string, unknown>;
  assert.deepEqual([code, title], [row.code, row.sentence]);
}

/** A server that fails in each way that there is, by its code in the path. */
async function failing(use: (port: number) => Promise<void>): Promise<void> {
  const listener = new Listener({
    port: 0,
    host: '127.0.0.1',
    access: new AccessControl({ operatorKey: null, open: false, origins: [] }),
    logger: { isLevelEnabled: () => false, debug() {}, info() {}, warn() {}, error() {}, fatal() {} },
    doors: [
      {
        name: 'failing',
        prefixes: [],
        routes: [
          {
            method: 'GET',
            path: '/failing/:code',
            needs: 'buy',
            summary: 'Fails',
            answers: {},
            handle: (call) => {
              const row = all.find(({ code }) => code === call.param('code'));
              throw new HttpFailure(row ?? problems.NOT_FOUND);
            },
          },
        ],
        failed: ({ row }) => problemAnswer(row),
      },
    ],
  });
  try {
    await use(listener.port);
  } finally {
    await listener.close(1000);
  }
}
