/**
 * A client of its own process, on Node: sends many purchases at once through `node:http`, each with
 * a new key and on its own connection, and prints each answer. Run as
 * `node rush-client.ts URL COUNT`.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';

export interface Told {
  readonly key: string;
  readonly status: number;
  readonly body: string;
}

function buy(url: string, key: string): Promise<Told> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}/api/v1/purchase`, { method: 'POST', headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('error', reject);
      response.on('end', () => resolve({ key, status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
    request.end(JSON.stringify({ quantity: 1 }));
  });
}

const [url = '', count = '0'] = process.argv.slice(2);
const all = await Promise.all(Array.from({ length: Number(count) }, () => buy(url, randomUUID())));
process.stdout.write(JSON.stringify(all));
