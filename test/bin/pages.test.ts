/**
 * The launcher and the pages: built before serving when they are missing or stale, by a stand-in
 * for vite that leaves a trace.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import {
  checkoutIn,
  folderOfCheckouts,
  here,
  installedHere,
  modules,
  node,
  withoutNpm,
  write,
} from './support/checkout.ts';

const folder = folderOfCheckouts();

/** Builds as vite would be asked to, and counts how often. */
const vite = `
  const fs = require('node:fs');
  if (fs.existsSync('fail')) { console.error('no such plugin'); process.exit(3); }
  const out = process.env.HOLDFAST_PAGES_OUT;
  fs.mkdirSync(out + '/assets', { recursive: true });
  fs.writeFileSync(out + '/index.html', '<script type="module" src="/assets/a.js"></script>'.repeat(9));
  fs.writeFileSync(out + '/assets/a.js', fs.readFileSync('web/src/main.ts'));
  fs.appendFileSync('builds', 'one\\n');
  fs.writeFileSync('from', process.env.HOLDFAST_PAGES_FROM + '\\n' + fs.realpathSync(process.env.HOLDFAST_PAGES_FROM));
`;

/** Pages beside a program that only says it runs. */
function checkout(within = folder): string {
  const others = installedHere().filter((name) => name !== 'vite');
  const place = checkoutIn(within, "console.log('running');", others);
  write(place, 'web/index.html', '<html></html>');
  write(place, 'web/src/main.ts', `console.log('first');${' '.repeat(200)}`);
  cpSync(join(modules, 'vite/package.json'), join(place, 'node_modules/vite/package.json'));
  write(place, 'node_modules/vite/bin/vite.js', vite);
  return place;
}

function serve(place: string): { readonly stdout: string; readonly stderr: string } {
  return spawnSync(node, [join(place, 'bin/holdfast'), 'serve'], { cwd: place, encoding: 'utf8', env: withoutNpm() });
}

const buildsOf = (place: string): number =>
  existsSync(join(place, 'builds')) ? readFileSync(join(place, 'builds'), 'utf8').split('\n').length - 1 : 0;

describe('before it serves, the launcher', () => {
  test('before it serves, the launcher builds the pages once, and anew when their sources change', here, () => {
    const place = checkout();
    const { stdout, stderr } = serve(place);
    assert.equal(stdout, 'running\n');
    assert.match(stderr, /^holdfast: building the pages …\nholdfast: built the pages in \d+\.\d s\.\n$/);
    assert.deepEqual(readdirSync(join(place, 'dist')), ['web']);
    const packed = readFileSync(join(place, 'dist/web/assets/a.js.br'));
    assert.match(brotliDecompressSync(packed).toString(), /^console\.log\('first'\)/);

    assert.equal(serve(place).stderr, '');
    assert.equal(buildsOf(place), 1);
    write(place, 'web/src/main.ts', "console.log('second');");
    assert.match(serve(place).stderr, /built the pages/);
    write(place, 'sdk/src/client.ts', '');
    assert.match(serve(place).stderr, /built the pages/);
    assert.equal(buildsOf(place), 3);
    assert.match(readFileSync(join(place, 'dist/web/assets/a.js'), 'utf8'), /second/);
  });

  test(
    'before it serves, the launcher gives vite a path of plain characters, wherever the pages are, and clears it away',
    here,
    () => {
      const odd = join(folder, 'Käthe #1 50%');
      mkdirSync(odd);
      const place = checkout(odd);
      assert.match(serve(place).stderr, /built the pages/);
      const [from = '', really] = readFileSync(join(place, 'from'), 'utf8').split('\n');
      assert.match(from, /^[\w/.-]+$/);
      assert.equal(really, join(place, 'web'));
      assert.ok(!existsSync(from), 'the link is gone');
      assert.ok(existsSync(join(place, 'dist/web/index.html')));
      assert.equal(serve(place).stderr, '');
    },
  );

  test(
    'before it serves, the launcher goes on with the pages it has when they cannot be built, and says why',
    here,
    () => {
      const place = checkout();
      serve(place);
      write(place, 'fail', '');
      write(place, 'web/src/main.ts', "console.log('second');");
      const { stdout, stderr } = serve(place);
      assert.equal(stdout, 'running\n');
      assert.match(stderr, /no such plugin\n/);
      assert.match(
        stderr,
        /holdfast: the pages could not be built \(vite ended with exit code 3; .*\); the store runs /,
      );
      assert.match(readFileSync(join(place, 'dist/web/assets/a.js'), 'utf8'), /first/);
      assert.deepEqual(readdirSync(join(place, 'dist')), ['web']);
    },
  );
});
