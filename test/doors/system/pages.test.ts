/**
 * The pages over HTTP: what is cached, how it is compressed, what its policy permits, and that no
 * path leads elsewhere.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { AccessControl } from '../../../src/http/access.ts';
import { Listener } from '../../../src/http/listener.ts';
import { createLogger } from '../../../src/http/logging.ts';
import { problemAnswer } from '../../../src/doors/kit/native-errors.ts';
import { Pages } from '../../../src/doors/system/pages.ts';
import { ask } from '../../http/support/client.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-static-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const html = '<!doctype html><title>A page</title>'.repeat(20);
const script = 'console.log("once");'.repeat(50);

function write(name: string, text: string, compressed = true): void {
  const file = path.join(folder, 'web', name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  if (!compressed) return;
  fs.writeFileSync(`${file}.br`, brotliCompressSync(text));
  fs.writeFileSync(`${file}.gz`, gzipSync(text));
}
write('index.html', html);
write('assets/index-abc123.js', script);
write('assets/letters-def456.woff2', 'font', false);
write('favicon.svg', '<svg/>', false);
write('.stamp.json', '{"secret":1}', false);
fs.writeFileSync(path.join(folder, 'secret.txt'), 'not for the world');

async function withPages(use: (port: number) => Promise<void>): Promise<void> {
  const pages = Pages.load(path.join(folder, 'web'));
  assert.ok(pages !== null);
  const door = pages.doorWith((failure) => problemAnswer(failure.row, failure.detail));
  const access = new AccessControl({ operatorKey: null, open: false, origins: [] });
  const listener = new Listener({ port: 0, host: '127.0.0.1', doors: [door], access, logger: createLogger('silent') });
  try {
    await use(listener.port);
  } finally {
    await listener.close(0);
  }
}

const taking = (encodings: string) => ({ headers: { 'Accept-Encoding': encodings } });

describe('the pages', () => {
  test('the pages are compressed as the client accepts it, with the same content', () =>
    withPages(async (port) => {
      for (const [accepted, chosen] of [
        ['gzip, deflate, br', 'br'],
        ['gzip;q=1, br;q=0', 'gzip'],
        ['GZIP', 'gzip'],
        ['identity', undefined],
        ['', undefined],
        ['zstd;q=0.9, *;q=0', undefined],
      ] as const) {
        const answer = await ask(port, 'GET', '/assets/index-abc123.js', taking(accepted));
        assert.deepEqual([answer.status, answer.headers['content-encoding']], [200, chosen], accepted);
        assert.equal(answer.header('Vary'), 'Accept-Encoding');
        const read = await fetch(`http://127.0.0.1:${port}/assets/index-abc123.js`, taking(accepted));
        assert.equal(await read.text(), script);
      }
      // What does not shrink has one form.
      const font = await ask(port, 'GET', '/assets/letters-def456.woff2', taking('br'));
      assert.deepEqual([font.text, font.headers['content-encoding']], ['font', undefined]);
      assert.equal(font.header('Content-Type'), 'font/woff2');
    }));

  test('the pages are the same with a slash at the end of their address, and another with other letter case', () =>
    withPages(async (port) => {
      for (const at of ['/drops', '/box-office', '/box-office/sale_0_1']) {
        const [plain, slashed] = [await ask(port, 'GET', at), await ask(port, 'GET', `${at}/`)];
        assert.deepEqual([slashed.status, slashed.text], [200, plain.text], at);
        assert.equal(slashed.header('ETag'), plain.header('ETag'));
        assert.equal(
          (
            await ask(
              port,
              'GET',
              at.replace(/[a-z]/, (letter) => letter.toUpperCase()),
            )
          ).status,
          404,
        );
      }
    }));

  test('the pages are cached for ever if their name has a hash, and revalidated if not', () =>
    withPages(async (port) => {
      const hashed = await ask(port, 'GET', '/assets/index-abc123.js');
      assert.equal(hashed.header('Cache-Control'), 'public, max-age=31536000, immutable');
      for (const at of ['/drops', '/box-office', '/box-office/sale_0_1', '/favicon.svg']) {
        const answer = await ask(port, 'GET', at);
        assert.equal(answer.header('Cache-Control'), 'no-cache');
        const etag = answer.header('ETag');
        for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
          const again = await ask(port, 'GET', at, { headers: { 'If-None-Match': tag } });
          assert.deepEqual([again.status, again.text, again.header('ETag')], [304, '', etag]);
        }
        assert.equal((await ask(port, 'GET', at, { headers: { 'If-None-Match': '"other"' } })).status, 200);
      }
      const plain = await ask(port, 'GET', '/drops');
      const packed = await ask(port, 'GET', '/drops', taking('br'));
      assert.notEqual(plain.header('ETag'), packed.header('ETag'));
    }));

  test('the pages answer HEAD like GET without the body, and no other method', () =>
    withPages(async (port) => {
      const head = await ask(port, 'HEAD', '/assets/index-abc123.js');
      assert.deepEqual([head.status, head.text, head.header('Content-Length')], [200, '', String(script.length)]);
      const post = await ask(port, 'POST', '/assets/index-abc123.js', { json: {} });
      assert.deepEqual([post.status, post.header('Allow')], [405, 'GET, HEAD, OPTIONS']);
    }));

  test('the pages come with a policy that runs only their own files', () =>
    withPages(async (port) => {
      const answer = await ask(port, 'GET', '/drops');
      const policy = answer.header('Content-Security-Policy');
      assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
      assert.match(policy, /connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(answer.header('X-Content-Type-Options'), 'nosniff');
      assert.equal(answer.header('Referrer-Policy'), 'no-referrer');
    }));

  test('the pages are all there is: no path leads to another file', () =>
    withPages(async (port) => {
      for (const at of [
        '/../secret.txt',
        '/assets/../../secret.txt',
        '/assets/%2e%2e/%2e%2e/secret.txt',
        '/assets/..%2f..%2fsecret.txt',
        '/assets/..%5c..%5csecret.txt',
        '//secret.txt',
        '/.stamp.json',
        '/index.html.br',
        '/assets/',
        '/assets',
        '/assets/index-abc123.js/',
        '/assets/index-abc123.js%00.css',
      ]) {
        const answer = await ask(port, 'GET', at);
        assert.equal(answer.status, 404, at);
        assert.doesNotMatch(answer.text, /not for the world|sources/);
      }
    }));

  test('no pages are served where none are built', () => {
    assert.equal(Pages.load(path.join(folder, 'nowhere')), null);
    assert.equal(Pages.load(folder), null);
  });
});
