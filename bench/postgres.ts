/** A PostgreSQL server for the benchmarks, on a free loopback port and in a folder of its own. */
import type { Subprocess } from 'bun';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeFolder, spawnChild, stop, temporaryFolder } from '../src/proof/processes/children.ts';
import { outputOf } from './machine.ts';
import { freePort } from '../src/proof/processes/servers.ts';
import { listening, versionOf } from './stores.ts';

export interface Cluster {
  readonly port: number;
  readonly version: string;
  /** Address of its first database, for the superuser. */
  readonly url: string;
  readonly store: Subprocess;
  readonly files: string;
  close(): Promise<void>;
}

/** A running server that makes every commit durable, or why there is none. */
export async function startCluster(): Promise<Cluster | string> {
  const programs = postgresPrograms();
  if (programs === null) return 'PostgreSQL is not installed';
  const owner = serverUser();
  if (typeof owner === 'string') return owner;
  const files = temporaryFolder();
  if (owner.id !== null) chownSync(files, owner.id, owner.id);
  const port = await freePort();
  const cluster = join(files, 'cluster');
  const rules = ['-U', 'postgres', '--auth=trust', '--no-sync', '--no-locale', '-E', 'UTF8'];
  const made = spawnChild([...owner.prefix, join(programs, 'initdb'), '-D', cluster, ...rules], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: files,
  });
  if ((await made.exited) !== 0) throw new Error('initdb failed; its own words are above');
  const options = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    synchronous_commit: 'on',
    shared_buffers: '256MB',
    max_connections: '64',
    logging_collector: 'off',
    log_min_messages: 'fatal',
  };
  const set = Object.entries(options).flatMap(([option, value]) => ['-c', `${option}=${value}`]);
  const store = spawnChild([...owner.prefix, join(programs, 'postgres'), '-D', cluster, ...set], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: files,
  });
  await listening(port);
  return {
    port,
    version: versionOf([join(programs, 'postgres'), '--version'], /\) (\S+)/),
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    store,
    files,
    close: async () => {
      await stop(store);
      removeFolder(files);
    },
  };
}

/** Debian keeps them outside of the PATH. */
function postgresPrograms(): string | null {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(home, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  const onPath = Bun.which('initdb');
  return found ?? (onPath === null ? null : dirname(onPath));
}

/**
 * PostgreSQL refuses to run as root, and then runs as its package's user. A string says why that is
 * impossible.
 */
function serverUser(): { readonly id: number | null; readonly prefix: readonly string[] } | string {
  if (process.getuid?.() !== 0) return { id: null, prefix: [] };
  const id = Number(outputOf(['id', '-u', 'postgres']));
  if (!(id > 0)) return 'PostgreSQL does not run as root, and there is no user postgres';
  return { id, prefix: ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--'] };
}
