/**
 * The real launcher: a copy of bin/ in a folder of its own, with a small program in place of the
 * server.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../support/sources.ts';
import { checkoutIn, folderOfCheckouts, here, installedHere, node, withoutNpm } from './support/checkout.ts';

const folder = folderOfCheckouts();

const server = `
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => { console.log(signal); process.exit(signal === 'SIGINT' ? 3 : 0); });
  }
  if (process.argv[2] === 'exit') process.exit(Number(process.argv[3]));
  if (process.argv[2] === 'die') process.kill(process.pid, 'SIGKILL');
  if (process.argv[2] === 'show') console.log(JSON.stringify([process.argv.slice(3), process.cwd(), process.env.FROM_FILE ?? null]));
  else { console.log('ready'); setInterval(() => {}, 1000); }
`;

/** Installed by links to the modules of this repository, unless `installed` is false. */
function checkout(installed = true): string {
  return checkoutIn(folder, server, installed ? installedHere() : []);
}

/** Changes to the Node that runs the launcher, made before it loads. */
const asBefore22 = 'delete process.execve;';
const asNode18 = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });";
const asUnknownMachine = "Object.defineProperty(process, 'arch', { value: 'sparc' });";

function launch(place: string, args: string[], given: { with?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const change = join(place, 'change.cjs');
  writeFileSync(change, given.with ?? '');
  const options = { cwd: given.cwd ?? place, env: { ...withoutNpm(), ...given.env } };
  return { command: ['-r', change, join(place, 'bin/holdfast'), ...args], options };
}

function run(...of: Parameters<typeof launch>) {
  const { command, options } = launch(...of);
  return spawnSync(node, command, { ...options, encoding: 'utf8' });
}

describe('the launcher', () => {
  for (const [how, change] of [
    ['as this Node does it', ''],
    ['as the parent of Bun', asBefore22],
  ] as const) {
    test(`the launcher passes on arguments, folder and exit code, ${how}`, here, () => {
      const place = checkout();
      writeFileSync(join(folder, '.env'), 'FROM_FILE=1');
      writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./missing.ts"]');
      const shown = run(place, ['show', 'a b', '--port', '1'], { with: change, cwd: folder });
      assert.equal(shown.stdout, `${JSON.stringify([['a b', '--port', '1'], folder, null])}\n`, shown.stderr);
      assert.equal(run(place, ['exit', '7'], { with: change }).status, 7);
    });

    test(`the launcher ends as the program ends at a signal, ${how}`, here, async () => {
      const place = checkout();
      for (const [signal, code] of [['SIGINT', 3] as const, ['SIGTERM', 0] as const, ['SIGHUP', 0] as const]) {
        const { command, options } = launch(place, ['serve'], { with: change });
        const child = spawn(node, command, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
        let out = '';
        child.stdout.on('data', (bytes: Buffer) => {
          out += bytes.toString();
          if (out === 'ready\n') child.kill(signal);
        });
        const [exitCode] = (await once(child, 'close')) as [number | null];
        assert.deepEqual([exitCode, out], [code, `ready\n${signal}\n`]);
      }
      const died = run(place, ['die'], { with: change });
      // Where Node became Bun, Bun's own end is seen.
      assert.ok(died.signal === 'SIGKILL' || died.status === 137);
    });
  }

  test('the launcher takes over what npm installed by hand, and remembers it', here, () => {
    const place = checkout();
    assert.equal(run(place, ['exit', '0']).stderr, '');
    const stamp = JSON.parse(readFileSync(join(place, 'node_modules/.holdfast.json'), 'utf8')) as { platform: string };
    assert.equal(stamp.platform, `${process.platform}-${process.arch}`);
  });

  test('the launcher falls through to the next Bun where one does not run', here, () => {
    const place = checkout();
    const modules = join(place, 'node_modules');
    run(place, ['exit', '0']);
    const stamp = JSON.parse(readFileSync(join(modules, '.holdfast.json'), 'utf8')) as { bun: string };
    const works = realpathSync(join(modules, stamp.bun));
    rmSync(join(modules, 'bun'));
    rmSync(join(modules, '@oven'));
    rmSync(join(modules, '.holdfast.json'));
    cpSync(join(root, 'node_modules/bun/package.json'), join(modules, 'bun/package.json'));
    mkdirSync(join(modules, 'bun/bin'));
    writeFileSync(join(modules, 'bun/bin/bun.exe'), `#!/bin/sh\nkill -ILL $$\n${'#'.repeat(1_100_000)}`, {
      mode: 0o755,
    });
    const other = `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}-baseline`;
    cpSync(join(root, 'node_modules/@oven'), join(modules, '@oven'), { recursive: true });
    mkdirSync(join(modules, other, 'bin'), { recursive: true });
    symlinkSync(works, join(modules, other, 'bin/bun'));
    assert.equal(run(place, ['exit', '5']).status, 5);
  });

  test('the launcher says in one sentence why it cannot start', here, () => {
    const asked = join(folder, 'what?');
    mkdirSync(asked);
    assert.match(
      run(checkoutIn(asked, server, installedHere()), ['show']).stderr,
      /^holdfast: a folder's name with "\?" in it is not read by Bun: rename .*what\?.*\.\n$/,
    );

    const place = checkout(false);
    const onlyNode = mkdtempSync(join(folder, 'path-'));
    symlinkSync(realpathSync(node), join(onlyNode, 'node'));
    const reasons = [
      [{ with: asNode18 }, /^holdfast: this is Node 18\.20\.0, and Holdfast needs Node 20 or newer to start\.\n$/],
      [
        { with: asUnknownMachine },
        /^holdfast: Bun, which runs Holdfast, has no build for this machine \(\w+ on sparc\); there are /,
      ],
      [{ env: { PATH: onlyNode } }, /\nholdfast: npm was not found on the PATH; it comes with Node, /],
    ] as const;
    for (const [given, sentence] of reasons) {
      const { status, stderr, stdout } = run(place, ['serve'], given);
      assert.match(stderr, sentence);
      assert.deepEqual([status, stdout], [1, '']);
    }
  });
});
