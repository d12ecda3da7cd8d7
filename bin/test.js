// `npm test [-- PATH…] [-t NAME]`: all tests on the pinned Bun, then those of the rooms that also run embedded in Node,
// on the pinned Node. The last line is the sum. A PATH is a file, a folder, or a part of a file's path.
'use strict';
require('./node-version.js');
const childProcess = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const launcher = require('./launcher.js');

/** Where tests are; `bench/` measures, and has none. */
const testRoots = ['test', 'sdk'];
/** What has to work in Node too, since it is published for embedding. */
const alsoOnNode = ['test/engine/', 'test/log/', 'test/sdk/', 'sdk/'];
/** Generous, since a test that hangs should still be named: crash tests restart a server many times. */
const timeoutMs = 120_000;
const { only, named } = readArguments(process.argv.slice(2));

/** Splits the arguments into the paths to select and the pattern of test names. */
function readArguments(args) {
  const rest = args.map((arg) => arg.replace(/^\.\//, ''));
  const at = rest.findIndex((arg) => arg === '-t' || arg === '--test-name-pattern');
  const [, pattern] = at === -1 ? [] : rest.splice(at, 2);
  const unknown = rest.find((arg) => arg.startsWith('-'));
  if (unknown !== undefined || (at !== -1 && pattern === undefined)) {
    launcher.fail('usage: npm test [-- PATH… [-t NAME-PATTERN]]');
  }
  return { only: rest, named: pattern };
}

function selectedFiles() {
  const files = testRoots.flatMap((folder) => {
    const under = path.join(launcher.root, folder);
    if (!fs.existsSync(under)) return [];
    const names = fs
      .readdirSync(under, { recursive: true })
      .map((name) => `${folder}/${name.split(path.sep).join('/')}`);
    return names.filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules/'));
  });
  return files
    .filter((file) => only.length === 0 || only.some((part) => file.includes(part)))
    .toSorted((a, b) => a.localeCompare(b));
}

/** Runs a test runner with its output live; resolves to its exit code. */
function run(file, args, env) {
  return new Promise((resolve) => {
    const child = childProcess.spawn(file, args, {
      cwd: launcher.root,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    const stop = () => child.kill('SIGTERM');
    process.on('SIGTERM', stop);
    child.on('error', (error) => launcher.fail(`${file} could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', stop);
      if (signal !== null) launcher.say(`the test runner was ended by ${signal}.`);
      resolve(code ?? 128 + os.constants.signals[signal]);
    });
  });
}

/** A runner that fails without naming a test (a file that does not load, a crash, an exit) counts as one failure. */
function judged(runner, exitCode, report, { passed, failed, skipped }) {
  if (report === '') launcher.say(`${runner} ended without its report: no test in it, or one that ended the process.`);
  const unnamed = failed === 0 && (exitCode !== 0 || report === '');
  return { runner, passed, failed: unnamed ? 1 : failed, skipped };
}

function reportIn(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

async function onBun(bun, files, folder, env) {
  const report = path.join(folder, 'bun.xml');
  const pattern = named === undefined ? [] : ['--test-name-pattern', named];
  const options = [`--timeout=${timeoutMs}`, '--reporter=junit', `--reporter-outfile=${report}`, ...pattern];
  const exitCode = await run(bun.file, [...bun.flags, 'test', ...options, ...files.map((file) => `./${file}`)], env);
  const text = reportIn(report);
  const head = /<testsuites [^>]*>/.exec(text)?.[0] ?? '';
  const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const [failed, skipped] = [count('failures'), count('skipped')];
  return judged('Bun', exitCode, text, { passed: count('tests') - failed - skipped, failed, skipped });
}

async function onNode(node, files, folder, env) {
  const report = path.join(folder, 'node.xml');
  const reporters = ['spec', 'stdout', 'junit', report].map(
    (value, i) => `--test-reporter${i % 2 ? '-destination' : ''}=${value}`,
  );
  const pattern = named === undefined ? [] : [`--test-name-pattern=${named}`];
  const exitCode = await run(node, ['--test', `--test-timeout=${timeoutMs}`, ...reporters, ...pattern, ...files], env);
  const text = reportIn(report);
  const count = (name) => Number(new RegExp(`<!-- ${name} (\\d+) -->`).exec(text)?.[1] ?? 0);
  const skipped = count('skipped') + count('todo');
  return judged('Node', exitCode, text, { passed: count('pass'), failed: count('fail') + count('cancelled'), skipped });
}

/** The Node for the second run: the pinned one, else the one we run on, where that can read TypeScript. */
function nodeForTests() {
  const own = Number.parseInt(process.versions.node, 10) >= 24 ? process.execPath : undefined;
  return launcher.findNode() ?? own;
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

async function main() {
  const bun = launcher.ensureInstalled({ tools: true });
  const files = selectedFiles();
  if (files.length === 0) launcher.fail(`no test file matches ${only.join(', ') || 'test/**/*.test.ts'}.`);

  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-test-'));
  const notRunFile = path.join(folder, 'not-run.txt');
  const env = { HOLDFAST_NOT_RUN: notRunFile };
  const results = [await onBun(bun, files, folder, env)];

  const forNode = files.filter((file) => alsoOnNode.some((start) => file.startsWith(start)));
  const node = nodeForTests();
  if (forNode.length > 0 && node !== undefined) {
    console.log('\nThe same on Node:');
    results.push(await onNode(node, forNode, folder, env));
  } else if (forNode.length > 0) {
    fs.appendFileSync(
      notRunFile,
      `${forNode.length} files on Node: there is no Node 24 for ${os.type()} on ${process.arch}\n`,
    );
    if (process.env.CI) results.push({ runner: 'Node', passed: 0, failed: 1, skipped: 0 });
  }

  console.log('');
  for (const result of results) console.log(`on ${result.runner}: ${summary(result)}`);
  for (const line of new Set(reportIn(notRunFile).split('\n').filter(Boolean))) console.log(`NOT RUN: ${line}`);
  fs.rmSync(folder, { recursive: true });

  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  const ran = total.passed + total.failed > 0;
  if (!ran) console.log('no test ran');
  console.log(summary(total));
  process.exitCode = ran && total.failed === 0 ? 0 : 1;
}

void main();
