/**
 * The proxies of docs/proxies.md, each run with the documented configuration, but other ports and
 * files.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { findProgram } from '../../support/requires.ts';
import type { Certificate } from './certificate.ts';

export const proxies = ['nginx', 'haproxy', 'caddy'] as const;
export type ProxyName = (typeof proxies)[number];

const document = fs.readFileSync(new URL('../../../docs/proxies.md', import.meta.url), 'utf8');
const patienceMs = 20_000;

export interface Upstreams extends Certificate {
  readonly folder: string;
  readonly port: number;
  readonly dropsPort: number;
}

export interface RunningProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** The documented configuration of a proxy, with the test's store, certificate and port in it. */
function configurationOf(
  name: ProxyName,
  { port, dropsPort, certificate, key, folder }: Upstreams,
  own: number,
): string {
  const block = new RegExp(`\`\`\`${name}\n(.*?)\`\`\``, 's').exec(document)?.[1];
  assert.ok(block !== undefined, `docs/proxies.md has no block of ${name}`);
  const both = path.join(folder, 'both.pem');
  fs.writeFileSync(both, fs.readFileSync(certificate, 'utf8') + fs.readFileSync(key, 'utf8'));
  return replaced(block, [
    ['127.0.0.1:3000', `127.0.0.1:${port}`],
    ['127.0.0.1:4000', `127.0.0.1:${dropsPort}`],
    ...(name === 'nginx'
      ? ([
          ['listen 443', `listen 127.0.0.1:${own}`],
          ['/etc/ssl/shop.example.pem', certificate],
          ['/etc/ssl/shop.example.key', key],
        ] as const)
      : name === 'haproxy'
        ? ([
            ['bind :443', `bind 127.0.0.1:${own}`],
            ['/etc/haproxy/shop.example.pem', both],
          ] as const)
        : ([['shop.example {\n', `shop.example {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}\n`]] as const)),
  ]);
}

function replaced(text: string, pairs: readonly (readonly [string, string])[]): string {
  let result = text;
  for (const [from, to] of pairs) {
    assert.ok(result.includes(from), `the configuration has no ${from}`);
    result = result.replaceAll(from, to);
  }
  return result;
}

/** Files and arguments of each program around the configuration of the document. */
function commandOf(name: ProxyName, folder: string, configuration: string, own: number): readonly string[] {
  const file = path.join(folder, name === 'caddy' ? 'Caddyfile' : `${name}.conf`);
  if (name === 'haproxy') {
    fs.writeFileSync(file, configuration);
    return ['-db', '-f', file];
  }
  if (name === 'caddy') {
    const around = `{\n\tadmin off\n\tgrace_period 1s\n\thttps_port ${own}\n\tauto_https disable_redirects\n\tstorage file_system ${folder}/caddy\n}\n`;
    fs.writeFileSync(file, around + configuration);
    return ['run', '--config', file, '--adapter', 'caddyfile'];
  }
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const paths = kept.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
  const around = `daemon off; pid ${folder}/nginx.pid; error_log stderr; events { }\nhttp { access_log off; ${paths}\n`;
  // A master process of root runs its workers as the user nobody, who may not enter the folder.
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  fs.writeFileSync(file, `${user}${around}${configuration}}\n`);
  return ['-c', file, '-p', folder, '-e', 'stderr'];
}

export async function startProxy(name: ProxyName, upstreams: Upstreams): Promise<RunningProxy> {
  const port = await freePort();
  const { folder } = upstreams;
  const args = commandOf(name, folder, configurationOf(name, upstreams, port), port);
  const child = spawn(findProgram(name) ?? name, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  if (await listens(port, child)) return { port, stop };
  await stop();
  throw new Error(`${name} does not listen: ${said}`);
}

async function listens(port: number, child: ChildProcess): Promise<boolean> {
  const untilMs = performance.now() + patienceMs;
  while (performance.now() < untilMs && child.exitCode === null) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (connected) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
