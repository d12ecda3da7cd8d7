/**
 * `holdfast bench rush` as a process: its words and its exit code, at servers that tell the truth
 * and at ones that do not.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const users = 60;

interface Till {
  /** What the event says was sold. */
  sold: number;
  left: number;
}

/** A ticket shop; `buy` answers a purchase and keeps, or cooks, the books. */
function shop(seats: number, buy: (till: Till, key: string) => Response): { url: string; stop: () => Promise<void> } {
  const till: Till = { sold: 0, left: seats };
  const first = new Map<string, string>();
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    routes: {
      '/api/v1/event': () => Response.json({ totalSeats: seats, seatsSold: till.sold, seatsRemaining: till.left }),
      '/api/v1/purchase': async (request) => {
        const key = request.headers.get('idempotency-key') ?? '';
        const seen = first.get(key);
        if (seen !== undefined) return new Response(seen);
        const answer = buy(till, key);
        if (answer.ok) first.set(key, await answer.clone().text());
        return answer;
      },
    },
  });
  return { url: server.url.origin, stop: () => server.stop(true) };
}

function honest(till: Till): Response {
  if (till.left === 0) return Response.json({ error: 'SOLD_OUT' }, { status: 409 });
  till.left -= 1;
  till.sold += 1;
  return Response.json({ success: true, seatsRemaining: till.left });
}

async function rush(url: string, ...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = [process.execPath, program, 'bench', 'rush', '--url', url, '--users', String(users), ...flags];
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'pipe' });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
}

describe('the rush', () => {
  test('the rush prints what was sold, what failed, how long it took and the status codes', async () => {
    const server = shop(5000, honest);
    const { code, out } = await rush(server.url);
    await server.stop();
    assert.match(out, new RegExp(`^Sold seats: ${users}/${users}$`, 'm'));
    assert.match(out, new RegExp(`^Failed requests: 0/${users}$`, 'm'));
    assert.match(out, /^Duration: \d+\.\d+ seconds$/m);
    assert.match(out, new RegExp(`^ +200: ${users}$`, 'm'));
    assert.equal(code, 0, out);
  });

  test('the rush accepts a shop that sells out correctly', async () => {
    const server = shop(users - 5, honest);
    const { code, out } = await rush(server.url);
    await server.stop();
    assert.match(out, new RegExp(`^Failed requests: 5/${users}$`, 'm'));
    assert.match(out, /^ +409: 5$/m);
    assert.equal(code, 0, out);
  });

  test('the rush exits with 1 when the event counts fewer sales than there were successes', async () => {
    let forgotten = false;
    const server = shop(5000, (till) => {
      const answer = honest(till);
      if (till.sold === 30 && !forgotten) till.sold -= 1;
      forgotten ||= till.left === 4970;
      return answer;
    });
    const { code, out } = await rush(server.url, '--json');
    await server.stop();
    assert.equal(code, 1);
    const { complaints } = JSON.parse(out) as { complaints: string[] };
    assert.match(complaints.join(), /the event counts 59 more seats sold, 60 buyers were told yes/);
  });

  test('the rush exits with 1 when two buyers were given the same seat', async () => {
    const server = shop(5000, (till) => {
      till.sold += 1;
      till.left = 5000 - Math.ceil(till.sold / 2);
      return Response.json({ success: true, seatsRemaining: till.left });
    });
    const { code, out } = await rush(server.url);
    await server.stop();
    assert.equal(code, 1);
    assert.match(out, /FAILED: 60 buyers were told yes, with only 30 different counts/);
  });

  test('the rush says in one sentence that no server answers', async () => {
    const { code, out, err } = await rush('http://127.0.0.1:9');
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /^holdfast: .*was not answered.*\n$/);
  });
});
