/**
 * An HTTP server that follows a script, for what a real store never does: cut, silent, repeating,
 * refusing.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Respond = (asked: Asked, response: http.ServerResponse) => void | Promise<void>;

/**
 * Answers the n-th request with the n-th of `script`, and further ones with the last. `use` gets
 * the address and the requests.
 */
export async function withScript(
  script: readonly Respond[],
  use: (url: string, asked: readonly Asked[]) => Promise<void>,
): Promise<void> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const { method = '', headers } = request;
      asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const respond = script[Math.min(asked.length, script.length) - 1];
      void respond?.(asked[asked.length - 1]!, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Takes the request and cuts the connection. */
export const cut: Respond = (_, response) => {
  response.socket?.destroy();
};

/** Never answers. */
export const silence: Respond = () => {};

export function json(status: number, body: object, headers: Record<string, string> = {}): Respond {
  return (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function problem(
  status: number,
  code: string,
  retryable: boolean,
  headers: Record<string, string> = {},
): Respond {
  return json(status, { type: 'urn:x', title: code, status, code, detail: `it is ${code}`, retryable }, headers);
}

/** A stream of these bytes, which then stays open, unless `ends` says how it ends. */
export function stream(text: string, ends?: 'cut' | 'end'): Respond {
  return (_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(text);
    if (ends === 'end') response.end();
    // What was written has to leave before the connection is cut.
    if (ends === 'cut') setTimeout(() => response.socket?.destroy(), 20);
  };
}

/** 200 with something that is no JSON. */
export function text(body: string): Respond {
  return (_, response) => {
    response.end(body);
  };
}
