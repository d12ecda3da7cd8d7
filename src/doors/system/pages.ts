/**
 * The built pages: hashed, pre-compressed files, read into memory when the store starts. A request
 * is a look-up by exact path, so no path from a client reaches the disk, and a rebuild beside a
 * running store cannot mix two builds.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { Door, Route } from '../../http/door.ts';

/**
 * Client routes: each serves the same page, which renders its address. `/` is the system door's, as
 * JSON for programs.
 */
const pagePaths = ['/drops', '/box-office', '/box-office/:sale', '/gates'];
const entry = 'index.html';
/** Files below this folder have a hash of their content in their name. */
const hashed = 'assets/';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Only our own files and our own API; pictures of sales may come from anywhere. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: http: https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const documentHeaders = {
  'Content-Security-Policy': policy,
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

/** Smallest first: the compressed forms that the build makes beside a file. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

type Encoding = (typeof encodings)[number][0] | 'identity';

interface StaticFile {
  readonly name: string;
  readonly bodies: ReadonlyMap<Encoding, Uint8Array<ArrayBuffer>>;
  /** Tag of the uncompressed content; each encoding appends its name. */
  readonly hash: string;
}

export class Pages {
  private readonly files: ReadonlyMap<string, StaticFile>;
  private readonly page: StaticFile;

  private constructor(files: ReadonlyMap<string, StaticFile>, page: StaticFile) {
    this.files = files;
    this.page = page;
  }

  /** The pages in a folder; null where none are built. */
  static load(folder: string): Pages | null {
    if (!fs.existsSync(path.join(folder, entry))) return null;
    const files = new Map<string, StaticFile>();
    for (const found of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const name = found.split(path.sep).join('/');
      if (types[path.extname(name)] === undefined || name.split('/').some((part) => part.startsWith('.'))) continue;
      files.set(name, readFile(folder, name));
    }
    const page = files.get(entry);
    return page === undefined ? null : new Pages(files, page);
  }

  /** The page, for any address meant for people. An error status is never answered by 304. */
  answerPage(call: Call, status: 200 | 404): Answer {
    return answer(this.page, call, status);
  }

  /**
   * Serves each address and file by its exact path. `failed` answers for methods that they do not
   * have.
   */
  doorWith(failed: Door['failed']): Door {
    return { name: 'pages', prefixes: [], routes: this.routes(), failed };
  }

  private routes(): Route[] {
    const route = (at: string, file: StaticFile): Route => ({
      method: 'GET',
      path: at,
      needs: 'buy',
      shared: true,
      summary: 'Get a file of the pages',
      answers: { 200: { description: 'The file.' } },
      handle: (call) => answer(file, call, 200),
    });
    const files = [...this.files.values()].filter((file) => file !== this.page);
    return [...pagePaths.map((at) => route(at, this.page)), ...files.map((file) => route(`/${file.name}`, file))];
  }
}

function readFile(folder: string, name: string): StaticFile {
  const read = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(fs.readFileSync(path.join(folder, file)));
  const plain = read(name);
  const bodies = new Map<Encoding, Uint8Array<ArrayBuffer>>([['identity', plain]]);
  for (const [encoding, extension] of encodings) {
    if (fs.existsSync(path.join(folder, name + extension))) bodies.set(encoding, read(name + extension));
  }
  return { name, bodies, hash: createHash('sha256').update(plain).digest('base64url').slice(0, 22) };
}

function answer(file: StaticFile, call: Call, status: 200 | 404): Answer {
  const encoding = chooseEncoding(call.header('accept-encoding'), file);
  const etag = `"${file.hash}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  const extension = path.extname(file.name);
  const isPage = extension === '.html';
  const headers: Record<string, string> = {
    'Content-Type': types[extension] ?? 'application/octet-stream',
    'Cache-Control': file.name.startsWith(hashed) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
    Vary: isPage ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff',
    ...(isPage ? documentHeaders : {}),
  };
  if (status === 200 && names(call.header('if-none-match'), etag)) return { status: 304, headers, body: null };
  if (encoding !== 'identity') headers['Content-Encoding'] = encoding;
  return { status, headers, body: file.bodies.get(encoding) ?? null };
}

/**
 * The smallest form that the client accepts. Its preferences (`q`) are ignored, since the forms
 * differ in size only.
 */
function chooseEncoding(accepted: string | null, file: StaticFile): Encoding {
  const refused = /;\s*q=0(\.0*)?\s*$/i;
  const taken = (accepted ?? '').split(',').filter((part) => !refused.test(part));
  const takes = new Set(taken.map((part) => part.split(';', 1)[0]!.trim().toLowerCase()));
  for (const [encoding] of encodings) {
    if (file.bodies.has(encoding) && takes.has(encoding)) return encoding;
  }
  return 'identity';
}

/** Whether an If-None-Match names the tag; by weak comparison, as this header requires. */
function names(header: string | null, etag: string): boolean {
  if (header === null) return false;
  return header.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '');
    return tag === etag || tag === '*';
  });
}
