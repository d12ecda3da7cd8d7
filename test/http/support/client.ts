/** An ordinary HTTP client: node's own, with connections kept alive. */
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true });

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON with its type and length. */
  readonly json?: unknown;
  /** Sent as it is, with the type of JSON unless `headers` names another. */
  readonly body?: string | Uint8Array;
  readonly chunked?: boolean;
}

export class Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;

  constructor(status: number, headers: http.IncomingHttpHeaders, text: string) {
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  get json(): unknown {
    return JSON.parse(this.text) as unknown;
  }

  /** The body as an object whose fields a test looks at. */
  get body(): Readonly<Record<string, unknown>> {
    const { json } = this;
    if (typeof json !== 'object' || json === null) throw new Error(`not an object: ${this.text.slice(0, 200)}`);
    return json as Record<string, unknown>;
  }

  /** A field that must be text, such as an id. */
  string(name: string): string {
    const value = this.body[name];
    if (typeof value !== 'string') throw new Error(`${name} is no string in ${this.text.slice(0, 500)}`);
    return value;
  }

  /** A header that must be there. */
  header(name: string): string {
    const value = this.headers[name.toLowerCase()];
    if (typeof value !== 'string') throw new Error(`the answer has no header ${name}`);
    return value;
  }
}

/** Of a stream of events, which never ends, the first bytes are the answer. */
export function ask(port: number, method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const body = asked.body ?? (asked.json === undefined ? undefined : JSON.stringify(asked.json));
  const headers: Record<string, string | number> = { ...asked.headers };
  if (body !== undefined) {
    if (!Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
      headers['Content-Type'] = 'application/json';
    }
    if (asked.chunked === true) headers['Transfer-Encoding'] = 'chunked';
    else headers['Content-Length'] = Buffer.byteLength(body);
  }
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      const done = (): void =>
        resolve(new Answer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString()));
      const endless = response.headers['content-type'] === 'text/event-stream';
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (!endless) return;
        done();
        response.destroy();
      });
      response.on('error', reject);
      response.on('end', done);
    });
    request.on('error', reject);
    request.end(body);
  });
}
