/**
 * Requests as a Node client sends them: `node:http`, keep-alive, each answer's bytes as they came.
 */
import http from 'node:http';

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** @throws when no whole answer comes */
export function send(
  method: string,
  url: string,
  options: { readonly body?: string; readonly key?: string; readonly agent?: http.Agent } = {},
): Promise<Reply> {
  const headers: Record<string, string> = {};
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.key !== undefined) headers['idempotency-key'] = options.key;
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: options.agent ?? agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers });
      });
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

export function purchase(url: string, key: string, quantity: number, through = agent): Promise<Reply> {
  return send('POST', `${url}/api/v1/purchase`, { key, body: JSON.stringify({ quantity }), agent: through });
}

/** Makes a ticket event; it is the current one from now on. */
export async function createEvent(url: string, totalSeats: number): Promise<void> {
  const reply = await send('POST', `${url}/api/v1/events`, { body: JSON.stringify({ name: 'Concert', totalSeats }) });
  if (reply.status !== 201) throw new Error(`the event was not made: ${reply.status} ${reply.body}`);
}

export interface Counts {
  readonly totalSeats: number;
  readonly seatsSold: number;
  readonly seatsRemaining: number;
}

export async function currentEvent(url: string): Promise<Counts> {
  const { body } = await send('GET', `${url}/api/v1/event`);
  return JSON.parse(body) as Counts;
}

export function remainingIn(reply: Reply): number {
  return (JSON.parse(reply.body) as { seatsRemaining: number }).seatsRemaining;
}
