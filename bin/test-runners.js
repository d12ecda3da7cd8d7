// Bun's test runner and Node's, each over its files. Their output is passed on, or read for the
// progress.
'use strict';
const childProcess = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const { pathToFileURL } = require('node:url');
const launcher = require('./launcher.js');
const { BunOutput } = require('./test-progress.js');

/**
 * Generous, since crash tests restart a server many times; but a test that hangs is still named.
 */
const timeoutMs = 120_000;
/** The processes that run now. */
const running = new Set();

/** Ends all runners at once, with what they have started. */
function endAll() {
  for (const child of running) {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 1000).unref();
  }
}

/**
 * Runs a test runner; resolves to its exit code. `onLine` receives its output in place of the
 * terminal.
 */
function run(file, args, env, onLine) {
  return new Promise((resolve) => {
    // In one stream, a test's output keeps its place before its result.
    const isOneStream = onLine !== undefined && process.platform !== 'win32';
    const [program, ...rest] = isOneStream ? ['/bin/sh', '-c', 'exec "$0" "$@" 2>&1', file, ...args] : [file, ...args];
    const child = childProcess.spawn(program, rest, {
      cwd: launcher.root,
      env: { ...process.env, ...env },
      stdio: onLine === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    if (onLine !== undefined)
      for (const stream of [child.stdout, child.stderr]) readline.createInterface(stream).on('line', onLine);
    child.on('error', (error) => launcher.fail(`${file} could not be started: ${error.message}`));
    child.on('close', (code, signal) => {
      running.delete(child);
      if (signal !== null) launcher.say(`the test runner was ended by ${signal}.`);
      resolve(code ?? 128 + os.constants.signals[signal]);
    });
  });
}

/**
 * A runner that fails without naming a test (a file that does not load, a crash, an exit) counts as
 * one failure.
 */
function judged(runner, exitCode, report, { passed, failed, skipped }) {
  if (report === '') launcher.say(`${runner} ended without its report: no test in it, or one that ended the process.`);
  const unnamed = failed === 0 && (exitCode !== 0 || report === '');
  return { runner, passed, failed: unnamed ? 1 : failed, skipped };
}

function textIn(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** `progress` is told of each file; null prints all output. */
async function onBun({ bun, files, named, folder, env, progress }) {
  const report = path.join(folder, 'bun.xml');
  const pattern = named === undefined ? [] : ['--test-name-pattern', named];
  const options = [`--timeout=${timeoutMs}`, '--reporter=junit', `--reporter-outfile=${report}`, ...pattern];
  const args = ['--no-orphans', ...bun.flags, 'test', ...options, ...files.map((file) => `./${file}`)];
  const output = progress === null ? null : new BunOutput(files, progress);
  const exitCode = await run(bun.file, args, env, output === null ? undefined : (line) => output.line(line));
  output?.close();
  const text = textIn(report);
  const head = /<testsuites [^>]*>/.exec(text)?.[0] ?? '';
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const [failed, skipped] = [count('failures'), count('skipped')];
  return judged('Bun', exitCode, text, { passed: count('tests') - failed - skipped, failed, skipped });
}

/** `progress`: as for Bun. */
async function onNode({ node, files, named, folder, env, progress }) {
  const report = path.join(folder, 'node.xml');
  const shown = progress === null ? 'spec' : pathToFileURL(path.join(__dirname, 'test-on-node.js')).href;
  const reporters = [shown, 'stdout', 'junit', report].map(
    (value, i) => `--test-reporter${i % 2 ? '-destination' : ''}=${value}`,
  );
  const pattern = named === undefined ? [] : [`--test-name-pattern=${named}`];
  const args = ['--test', `--test-timeout=${timeoutMs}`, ...reporters, ...pattern, ...files];
  const exitCode = await run(node, args, env, progress === null ? undefined : (line) => tell(progress, line));
  const text = textIn(report);
  const count = (name) => Number(new RegExp(`<!-- ${name} (\\d+) -->`).exec(text)?.[1] ?? 0);
  const skipped = count('skipped') + count('todo');
  return judged('Node', exitCode, text, { passed: count('pass'), failed: count('fail') + count('cancelled'), skipped });
}

/** Passes on a line of our reporter for Node. Any other line is the runner's own message. */
function tell(progress, text) {
  let told;
  try {
    told = JSON.parse(text);
  } catch {
    return progress.print(text);
  }
  const shown = (file) => path.relative(launcher.root, file).split(path.sep).join('/');
  if (told.begun !== undefined) progress.begin('Node', shown(told.begun));
  if (told.failed !== undefined) progress.print(`(fail) ${told.failed} on Node\n${told.why}`);
  if (told.ended !== undefined) progress.end('Node', shown(told.ended), told.ms);
  return undefined;
}

module.exports = { endAll, onBun, onNode };
