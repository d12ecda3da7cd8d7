/**
 * The buyers of a rush, sent as a real client would: Node's own http, one process, all requests at
 * once, a fresh key each. Node runs this file with its types erased, so it imports only Node's own
 * modules.
 *
 * Arguments: address, number of requests. Prints one JSON object.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

interface Reply {
  readonly key: string;
  /** 0 when no answer came. */
  readonly status: number;
  readonly body: string;
}

const [url = '', count = '1000'] = process.argv.slice(2);
const body = '{"quantity":1}';
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
const timeoutMs = 60_000;

function buy(): Promise<Reply> {
  const key = randomUUID();
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, 'idempotency-key': key };
    const sent = request(`${url}/api/v1/purchase`, { method: 'POST', agent, headers, timeout: timeoutMs }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ key, status: answer.statusCode ?? 0, body: text }));
      answer.on('error', (error: Error) => resolve({ key, status: 0, body: error.message }));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', (error: Error) => resolve({ key, status: 0, body: error.message }));
    sent.end(body);
  });
}

const beganMs = performance.now();
const replies = await Promise.all(Array.from({ length: Number(count) }, buy));
const seconds = (performance.now() - beganMs) / 1000;
agent.destroy();
process.stdout.write(JSON.stringify({ seconds, replies, version: process.version }));
