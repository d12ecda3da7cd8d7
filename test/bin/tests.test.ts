/** The real `npm test` on tests of its own: its selection, its output, and its end at a signal. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkoutIn, folderOfCheckouts, here, installedHere, node, withoutNpm, write } from './support/checkout.ts';

const folder = folderOfCheckouts();
const head = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n";
const passing = `${head}test('adds', () => { console.log('a word of what passes'); assert.equal(1 + 1, 2); });\n`;
const failing = `${head}test('holds', () => {});\ntest('breaks', () => { console.log('a word of what fails'); assert.equal('left', 'right'); });\n`;

function checkout(tests: Readonly<Record<string, string>>): string {
  const place = checkoutIn(folder, '', installedHere());
  for (const [name, text] of Object.entries(tests)) write(place, name, text);
  return place;
}

function run(place: string, ...args: string[]): { code: number | null; lines: string[]; text: string } {
  const options = { cwd: place, env: { ...withoutNpm(), CI: '' }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(node, [join(place, 'bin/test.js'), ...args], options);
  return { code: status, lines: stdout.trimEnd().split('\n'), text: `${stdout}${stderr}` };
}

/** The files that were named, by their counts, and without their times. */
function files(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^\[ *\d+\/\d+\] \S+( on Node)?(?= \d+\.\d s$)/.exec(line)?.[0] ?? []);
}

describe('npm test', () => {
  test('npm test names each file with its time, says nothing of what passes, and leaves out what is long', here, () => {
    const place = checkout({
      'test/a.test.ts': passing,
      'test/b.long.test.ts': passing,
      'test/engine/c.test.ts': passing,
      'test/engine/support.ts': 'export const x = 1;',
    });
    const short = run(place);
    assert.equal(short.code, 0, short.text);
    const named = files(short.lines).map((line) => line.replace(/^\[\d/, '[n'));
    assert.deepEqual(named.toSorted(), [
      '[n/3] test/a.test.ts',
      '[n/3] test/engine/c.test.ts',
      '[n/3] test/engine/c.test.ts on Node',
    ]);
    assert.ok(!short.text.includes('a word'), short.text);
    assert.deepEqual(short.lines.slice(-3), [
      'on Bun: 2 passed, 0 failed',
      'on Node: 1 passed, 0 failed',
      '3 passed, 0 failed',
    ]);
    const long = run(place, '--long');
    assert.deepEqual(files(long.lines), ['[1/1] test/b.long.test.ts'], long.text);
    assert.equal(long.lines.at(-1), '1 passed, 0 failed');
    const all = run(place, '--all');
    assert.equal(all.lines.at(-1), '4 passed, 0 failed');
  });

  test('npm test shows a failure in full, on either runtime, and a file that does not load', here, () => {
    const place = checkout({
      'test/engine/a.test.ts': failing,
      'test/engine/b.test.ts': "import { x } from './nothing.ts';\nconsole.log(x);\n",
      'test/engine/c.test.ts': passing,
    });
    const { code, lines, text } = run(place);
    assert.equal(code, 1);
    assert.ok(text.includes('a word of what fails') && !text.includes('a word of what passes'), text);
    assert.match(text, /\(fail\) breaks \[/);
    assert.match(text, /\(fail\) breaks on Node\nAssertionError/);
    assert.ok(text.split("'left'").length > 2, text);
    assert.ok((text.match(/nothing\.ts/g) ?? []).length >= 2, text);
    assert.equal(files(lines).length, 6, text);
    assert.match(lines.at(-1)!, /^4 passed, [34] failed$/, text);
  });

  test('npm test with a path takes long files too, and shows all output', here, () => {
    const place = checkout({ 'test/a.test.ts': passing, 'test/b.long.test.ts': passing, 'test/c.test.ts': failing });
    const { code, lines, text } = run(place, 'test/a', 'test/b');
    assert.equal(code, 0, text);
    assert.equal(text.split('a word of what passes').length, 3);
    assert.equal(lines.at(-1), '2 passed, 0 failed');
    assert.match(run(place, 'test/c', '-t', 'holds').text, /^1 passed, 0 failed/m);
    assert.match(run(place, 'test/d').text, /no test file matches test\/d/);
    assert.match(run(place, '--fast').text, /usage: npm test/);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    test(`npm test ends at once at ${signal}, says where it was, and leaves no process behind`, here, async () => {
      const place = checkout({
        'test/a.test.ts': passing,
        'test/b.test.ts': `${head}import { spawn } from 'node:child_process';
          test('begins', () => {});
          test('hangs', async () => {
            const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
            process.stderr.write('child ' + child.pid + '\\n');
            require('node:fs').writeFileSync('child.pid', String(child.pid));
            await new Promise(() => {});
          });`,
      });
      const child = spawn(node, [join(place, 'bin/test.js')], {
        cwd: place,
        env: { ...withoutNpm(), CI: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (text += String(bytes)));
      const pidFile = join(place, 'child.pid');
      while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '' || !text.includes('[1/2]'))
        await new Promise((resolve) => setTimeout(resolve, 20));
      const beganMs = performance.now();
      child.kill(signal);
      const [code] = (await once(child, 'close')) as [number | null];
      assert.ok(performance.now() - beganMs < 5000, `it took ${performance.now() - beganMs} ms`);
      assert.equal(code, signal === 'SIGINT' ? 130 : 143, text);
      assert.match(text, /1 of 2 files were through; at test\/b\.test\.ts/);
      const pid = Number(readFileSync(pidFile, 'utf8'));
      for (let tries = 0; isAlive(pid) && tries < 100; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 20));
      assert.ok(!isAlive(pid), 'what a test had started is left behind');
    });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
